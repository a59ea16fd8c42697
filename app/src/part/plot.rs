//! A plot: drawn on the server, read by mouse, keyboard and screen reader.

mod geometry;

use domain::view::Plot;
use leptos::prelude::*;

use crate::clock::Clock;
use crate::words::compact;
use geometry::{Frame, percent};

/// A word on a mark, as a share of the width: `Stateless update` on a narrow card.
const LABEL: f64 = 0.2;

const LOOK: [&str; 3] = ["line", "line second", "line third"];

/// A card with up to three lines over one time axis.
#[component]
pub(crate) fn PlotCard(
    /// What is plotted.
    plot: Plot,
) -> impl IntoView {
    let id = format!("plot-{}", plot.title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let frame = Frame::of(&plot);
    let Some(frame) = frame else {
        return view! {
            <figure class="card plot">
                <figcaption><h2 id=id>{plot.title}</h2><small>{plot.unit}</small></figcaption>
                <p class="plot-empty">"Nothing measured in this time yet."</p>
            </figure>
        }
        .into_any();
    };
    let plot = StoredValue::new(plot);
    let at = RwSignal::new(None::<usize>);
    let clock = Clock::here();
    // None rather than an empty text: the style sheet shows the unit while nothing is read out.
    let readout = move || at.get().map(|i| plot.with_value(|plot| sentence(clock, plot, i)));
    let (title, unit, count) =
        plot.with_value(|plot| (plot.title.clone(), plot.unit.clone(), plot.times.len()));
    let (lines, marks, ticks) = plot.with_value(|plot| {
        let mut lines: Vec<_> =
            plot.lines.iter().take(3).map(|(_, values)| frame.path(&plot.times, values)).collect();
        lines.reverse();
        let marks: Vec<_> = plot.marks.iter().map(|(when, what)| (frame.x(*when), what.clone())).collect();
        (lines, marks, frame.ticks())
    });
    let area = plot.with_value(|plot| plot.lines.first().map(|(_, values)| frame.area(&plot.times, values)));
    let behind = lines.len();
    let paths = lines.into_iter().enumerate().map(|(i, d)| {
        view! { <path class=LOOK[behind - 1 - i] d=d></path> }
    });
    let paths = paths.collect_view();
    // The newest keep their words; where lines stand closer than a word is long, the older ones go without.
    let mut free = f64::INFINITY;
    let marks = marks.into_iter().rev().map(|(x, what)| {
        // Towards the right edge a label stands before its line.
        let before = x > 0.8;
        let (class, dx) = if before { ("mark-label before", "-5") } else { ("mark-label", "5") };
        let (from, until) = if before { (x - LABEL, x) } else { (x, x + LABEL) };
        let label = (until <= free).then(|| {
            free = from;
            view! { <text class=class x=percent(x) dx=dx y="10">{what}</text> }
        });
        view! { <line class="mark" x1=percent(x) x2=percent(x) y1="0" y2="100%"></line>{label} }
    });
    let marks = marks.collect_view();
    let ticks = ticks.into_iter().map(|when| {
        let x = percent(frame.x(when));
        view! { <text x=x>{move || clock.tick(when)}</text> }
    });
    let ticks = ticks.collect_view();
    let cursor = move || {
        at.get().map(|i| {
            let x = percent(plot.with_value(|plot| frame.x(plot.times[i])));
            view! { <line class="cursor" x1=x.clone() x2=x y1="0" y2="100%"></line> }
        })
    };
    let hover = move |event: leptos::ev::PointerEvent| {
        let Some(area) = event_element(&event) else { return };
        let width = area.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - width.left()) / width.width().max(1.0);
        at.set(plot.with_value(|plot| frame.nearest(plot, share)));
    };
    let step = move |event: leptos::ev::KeyboardEvent| {
        let now = at.get_untracked().unwrap_or(count - 1);
        let next = match event.key().as_str() {
            "ArrowLeft" => now.saturating_sub(1),
            "ArrowRight" => (now + 1).min(count - 1),
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    view! {
        <figure class="card plot">
            <figcaption>
                <h2 id=id.clone()>{title}</h2>
                <small>{unit}</small>
                <output class="readout">{readout}</output>
            </figcaption>
            <div class="plot-frame">
                <div class="plot-y" aria-hidden="true">
                    <span>{compact(frame.top)}</span><span></span><span>"0"</span>
                </div>
                <svg class="plot-area" role="img" aria-labelledby=id tabindex="0" on:pointermove=hover
                    on:pointerleave=move |_| at.set(None) on:keydown=step on:blur=move |_| at.set(None)>
                    <line class="rule" x1="0" x2="100%" y1="0" y2="0"></line>
                    <line class="rule" x1="0" x2="100%" y1="50%" y2="50%"></line>
                    <line class="rule base" x1="0" x2="100%" y1="100%" y2="100%"></line>
                    <svg viewBox="0 0 1000 100" preserveAspectRatio="none">
                        {area.map(|d| view! { <path class="area" d=d></path> })}
                        {paths}
                    </svg>
                    {marks}
                    {cursor}
                </svg>
                <svg class="plot-x" aria-hidden="true">{ticks}</svg>
            </div>
            <PlotTable plot=plot/>
        </figure>
    }
    .into_any()
}

/// The same for those who do not see it.
#[component]
fn PlotTable(
    /// What is plotted.
    plot: StoredValue<Plot>,
) -> impl IntoView {
    let clock = Clock::here();
    plot.with_value(|plot| {
        let names = plot.lines.iter().map(|(name, _)| view! { <th scope="col">{name.clone()}</th> });
        let names = names.collect_view();
        let every = plot.times.len().div_ceil(12).max(1);
        let rows = plot.times.iter().enumerate().step_by(every).map(|(i, when)| {
            let when = *when;
            let cells = plot.lines.iter().map(|(_, values)| {
                let value = values.get(i).copied().flatten();
                view! { <td>{value.map_or_else(|| "not measured".to_owned(), compact)}</td> }
            });
            let cells = cells.collect_view();
            view! { <tr><th scope="row">{move || clock.tick(when)}</th>{cells}</tr> }
        });
        let rows = rows.collect_view();
        view! {
            <table class="sr-only">
                <caption>{plot.title.clone()}", "{plot.unit.clone()}</caption>
                <thead><tr><th scope="col">"Time"</th>{names}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
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
    let when = plot.times.get(i).map(|when| clock.tick(*when)).unwrap_or_default();
    format!("{when}  {}", if values.is_empty() { "not measured".to_owned() } else { values.join(", ") })
}

fn event_element(event: &leptos::ev::PointerEvent) -> Option<web_sys::Element> {
    use wasm_bindgen::JsCast;
    event.current_target()?.dyn_into().ok()
}
