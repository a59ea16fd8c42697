//! A table that is drawn from data: its heads, its cells, and forms of one button that work without script.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{Copy, Moment};

/// A cell.
pub(crate) enum Cell {
    /// Words.
    Text(String),
    /// Words for machines, with a button that copies them.
    Code(String),
    /// A link: address and words.
    Link(String, String),
    /// Several of them.
    Links(Vec<(String, String)>),
    /// A moment; none is said by the word.
    At(Option<Timestamp>, &'static str),
    /// Forms of one button each.
    Acts(Vec<Act>),
}

/// A form of one button.
pub(crate) struct Act {
    /// Where it is sent.
    pub(crate) action: &'static str,
    /// What is sent.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// The word on the button.
    pub(crate) word: &'static str,
    /// What it says to who does not see the row.
    pub(crate) label: String,
}

/// The table. On a phone the first three columns and the last one stay.
#[component]
pub(crate) fn Table(
    /// The heads; an empty one is of a column of buttons.
    heads: &'static [&'static str],
    /// A cell for each head.
    rows: Vec<Vec<Cell>>,
) -> impl IntoView {
    let heads_line = heads.iter().map(|head| match *head {
        "" => view! { <th role="columnheader"><span class="sr-only">"Actions"</span></th> }.into_any(),
        head => view! { <th role="columnheader">{head}</th> }.into_any(),
    });
    let last = heads.len() - 1;
    let lines = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().enumerate().map(|(at, cell)| {
            let phone = match at {
                0 => Some("name"),
                1 => Some("state"),
                at if at == last => Some("plot"),
                2 => Some("note"),
                _ => None,
            };
            let class = matches!(cell, Cell::Acts(_)).then_some("actions");
            view! { <td role="gridcell" data-phone=phone class=class>{drawn(cell)}</td> }
        });
        view! { <tr role="row">{cells.collect_view()}</tr> }
    });
    view! {
        <div class="grid-frame">
            <table class="grid plain" role="grid">
                <thead role="rowgroup"><tr role="row">{heads_line.collect_view()}</tr></thead>
                <tbody role="rowgroup">{lines.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn drawn(cell: Cell) -> AnyView {
    let link = |(href, words): (String, String)| view! { <a href=href>{words}</a>" " }.into_any();
    match cell {
        Cell::Text(words) => words.into_any(),
        Cell::Code(words) => {
            view! { <span class="code">{words.clone()}</span><Copy text=words what="it"/> }.into_any()
        }
        Cell::Link(href, words) => view! { <b>{link((href, words))}</b> }.into_any(),
        Cell::Links(links) if links.is_empty() => "–".into_any(),
        Cell::Links(links) => links.into_iter().map(link).collect_view().into_any(),
        Cell::At(Some(at), _) => view! { <Moment at=at/> }.into_any(),
        Cell::At(None, word) => word.into_any(),
        Cell::Acts(acts) => acts.into_iter().map(one_button).collect_view().into_any(),
    }
}

/// The form by itself.
pub(crate) fn one_button(Act { action, fields, word, label }: Act) -> AnyView {
    let hidden =
        fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form method="post" action=action class="row">
            {hidden.collect_view()}
            <button class="button small" aria-label=label>{word}</button>
        </form>
    }
    .into_any()
}
