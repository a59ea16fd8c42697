//! A state: shape, word, since. Never colour alone.

use domain::state::Group;
use domain::view::JobRow;
use leptos::prelude::*;

use super::Ago;
use crate::words;

/// Shape and word; children follow as a small note.
#[component]
pub(crate) fn Status(
    /// One of the seven shapes of the style sheet.
    #[prop(into)]
    shape: String,
    /// The word.
    #[prop(into)]
    word: String,
    /// For page heads.
    #[prop(optional)]
    large: bool,
    /// Only for screen readers.
    #[prop(optional)]
    silent: bool,
    /// What stands small behind the word.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let word =
        if silent { view! { <span class="sr-only">{word}</span> }.into_any() } else { word.into_any() };
    view! {
        <span class="status" class:large=large data-state=shape>
            {word}
            {children.map(|children| view! { " "<small>{children()}</small> })}
        </span>
    }
}

/// How much of a job's state is written out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusSize {
    /// A cell.
    Cell,
    /// The head of a page.
    Head,
    /// Somebody else says since when.
    Brief,
}

/// A job's state with the time since when; and of when it is, if nobody could look since.
pub(crate) fn job_status(row: &JobRow, size: StatusSize) -> impl IntoView + use<> {
    let since = row.since;
    // What is restarted again and again is called so, whichever it is just now.
    let loops = row.group == Group::Failing && row.state.group() != Group::Failing;
    let (shape, word, now) = match loops {
        true => ("failed", "Failing", format!("{} ", row.state.word().to_lowercase())),
        false => (words::shape(row.state), row.state.word(), String::new()),
    };
    let as_of = row.as_of.map(|at| view! { <small class="as-of">"as of "<Ago at=at/>" ago"</small> });
    let large = size == StatusSize::Head;
    let status = match (size, now.as_str()) {
        (StatusSize::Brief, "") => view! { <Status shape=shape word=word/> }.into_any(),
        (StatusSize::Brief, _) => view! { <Status shape=shape word=word>{now}</Status> }.into_any(),
        (StatusSize::Cell | StatusSize::Head, _) => {
            view! { <Status shape=shape word=word large=large>{now}<Ago at=since/></Status> }.into_any()
        }
    };
    view! { {status}{as_of} }
}
