//! A plot: drawn on the server, read by mouse, keyboard and screen reader. It stays while its lines move.

mod drawing;
mod geometry;

use domain::view::Plot;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::clock::Clock;
use crate::words::compact;
use drawing::Drawing;
use geometry::{Frame, percent};

const LOOK: [&str; 3] = ["line", "line second", "line third"];

/// A card with up to three lines over one time axis.
#[component]
pub(crate) fn PlotCard(
    /// What is plotted.
    plot: Signal<Plot>,
) -> impl IntoView {
    let (title, unit) = plot.with_untracked(|plot| (plot.title.clone(), plot.unit.clone()));
    let id = format!("plot-{}", title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let drawing = Memo::new(move |_| plot.with(Drawing::of));
    let nothing = Memo::new(move |_| drawing.with(Option::is_none));
    // What is read out stays at its time while later ones come.
    let at = RwSignal::new(None::<Timestamp>);
    let clock = Clock::here();
    let number = move || at.get().and_then(|when| plot.with(|plot| nearest(plot, when)));
    // None rather than an empty text: the style sheet shows the unit while nothing is read out.
    let readout = move || number().map(|i| plot.with(|plot| sentence(clock, plot, i)));
    let label = id.clone();
    let frame = move || {
        if nothing.get() {
            view! { <p class="plot-empty">"Nothing measured in this time yet."</p> }.into_any()
        } else {
            view! {
                <Area plot=plot drawing=drawing at=at label=label.clone()/>
                <PlotTable plot=plot/>
            }
            .into_any()
        }
    };
    view! {
        <figure class="card plot">
            <figcaption>
                <h2 id=id>{title}</h2>
                <small>{unit}</small>
                <output class="readout">{readout}</output>
            </figcaption>
            {frame}
        </figure>
    }
}

/// Axes, lines, marks, and the cursor that reads them out.
#[component]
fn Area(
    plot: Signal<Plot>,
    drawing: Memo<Option<Drawing>>,
    at: RwSignal<Option<Timestamp>>,
    label: String,
) -> impl IntoView {
    let clock = Clock::here();
    let drawn = move |part: fn(Drawing) -> AnyView| move || drawing.get().map(part);
    let top = move || drawing.with(|drawing| drawing.as_ref().map(|drawing| compact(drawing.top)));
    let area = drawn(|drawing| drawing.area.map(|d| view! { <path class="area" d=d></path> }).into_any());
    let lines = drawn(|drawing| {
        let behind = drawing.lines.len();
        let paths = drawing.lines.into_iter().rev().enumerate();
        let paths = paths.map(|(i, d)| view! { <path class=LOOK[behind - 1 - i] d=d></path> });
        paths.collect_view().into_any()
    });
    let marks = drawn(|drawing| {
        let marks = drawing.marks.into_iter().map(|mark| {
            // Towards the right edge a label stands before its line.
            let (class, dx) = if mark.before() { ("mark-label before", "-5") } else { ("mark-label", "5") };
            let x = percent(mark.x);
            let label =
                mark.word.map(|word| view! { <text class=class x=x.clone() dx=dx y="10">{word}</text> });
            view! { <line class="mark" x1=x.clone() x2=x y1="0" y2="100%"></line>{label} }
        });
        marks.collect_view().into_any()
    });
    let ticks = move || {
        let ticks = drawing.with(|drawing| drawing.as_ref().map(|drawing| drawing.ticks.clone()));
        let ticks = ticks.unwrap_or_default();
        let apart = ticks.first().zip(ticks.get(1)).map(|(one, two)| two.1.duration_since(one.1));
        let apart = apart.unwrap_or_default();
        let tick = |(x, when): (f64, Timestamp)| {
            view! { <text x=percent(x)>{move || clock.tick(when, apart)}</text> }
        };
        ticks.into_iter().map(tick).collect_view()
    };
    let cursor = move || {
        let when = at.get()?;
        let x = plot.with(|plot| Some(percent(Frame::of(plot)?.x(plot.times[nearest(plot, when)?]))))?;
        Some(view! { <line class="cursor" x1=x.clone() x2=x y1="0" y2="100%"></line> })
    };
    let hover = move |event: leptos::ev::PointerEvent| {
        let Some(area) = event_element(&event) else { return };
        let width = area.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - width.left()) / width.width().max(1.0);
        at.set(plot.with_untracked(|plot| Some(plot.times[Frame::of(plot)?.nearest(plot, share)?])));
    };
    let step = move |event: leptos::ev::KeyboardEvent| {
        let moved = plot.with_untracked(|plot| {
            let last = plot.times.len().checked_sub(1)?;
            let now = at.get_untracked().and_then(|when| nearest(plot, when)).unwrap_or(last);
            let next = match event.key().as_str() {
                "ArrowLeft" => now.saturating_sub(1),
                "ArrowRight" => (now + 1).min(last),
                "Home" => 0,
                "End" => last,
                _ => return None,
            };
            Some(plot.times[next])
        });
        if moved.is_some() {
            event.prevent_default();
            at.set(moved);
        }
    };
    view! {
        <div class="plot-frame">
            <div class="plot-y" aria-hidden="true">
                <span>{top}</span><span></span><span>"0"</span>
            </div>
            <svg class="plot-area" role="img" aria-labelledby=label tabindex="0" on:pointermove=hover
                on:pointerleave=move |_| at.set(None) on:keydown=step on:blur=move |_| at.set(None)>
                <line class="rule" x1="0" x2="100%" y1="0" y2="0"></line>
                <line class="rule" x1="0" x2="100%" y1="50%" y2="50%"></line>
                <line class="rule base" x1="0" x2="100%" y1="100%" y2="100%"></line>
                <svg viewBox="0 0 1000 100" preserveAspectRatio="none">
                    {area}
                    {lines}
                </svg>
                {marks}
                {cursor}
            </svg>
            <svg class="plot-x" aria-hidden="true">{ticks}</svg>
        </div>
    }
}

/// The same for those who do not see it.
#[component]
fn PlotTable(
    /// What is plotted.
    plot: Signal<Plot>,
) -> impl IntoView {
    let clock = Clock::here();
    let names = move || {
        let names = plot.with(|plot| plot.lines.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
        names.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()
    };
    let rows = move || {
        plot.with(|plot| {
            let every = plot.times.len().div_ceil(12).max(1);
            let span = plot.until.duration_since(plot.from);
            let rows = plot.times.iter().enumerate().step_by(every).map(|(i, when)| {
                let when = *when;
                let cells = plot.lines.iter().map(|(_, values)| {
                    let value = values.get(i).copied().flatten();
                    view! { <td>{value.map_or_else(|| "not measured".to_owned(), compact)}</td> }
                });
                let cells = cells.collect_view();
                view! { <tr><th scope="row">{move || clock.moment(when, span)}</th>{cells}</tr> }
            });
            rows.collect_view()
        })
    };
    view! {
        <table class="sr-only">
            <caption>{move || plot.with(|plot| format!("{}, {}", plot.title, plot.unit))}</caption>
            <thead><tr><th scope="col">"Time"</th>{names}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The sample at this time, or the next one; none if there is no sample.
fn nearest(plot: &Plot, when: Timestamp) -> Option<usize> {
    let last = plot.times.len().checked_sub(1)?;
    Some(plot.times.partition_point(|time| *time < when).min(last))
}

/// `13:12 31.4 k in, 14.0 k out`.
fn sentence(clock: Clock, plot: &Plot, i: usize) -> String {
    let values: Vec<_> = plot
        .lines
        .iter()
        .filter_map(|(name, values)| {
            let value = values.get(i).copied().flatten()?;
            Some(if plot.lines.len() == 1 { compact(value) } else { format!("{} {name}", compact(value)) })
        })
        .collect();
    let span = plot.until.duration_since(plot.from);
    let when = plot.times.get(i).map(|when| clock.moment(*when, span)).unwrap_or_default();
    format!("{when}  {}", if values.is_empty() { "not measured".to_owned() } else { values.join(", ") })
}

fn event_element(event: &leptos::ev::PointerEvent) -> Option<web_sys::Element> {
    use wasm_bindgen::JsCast;
    event.current_target()?.dyn_into().ok()
}
