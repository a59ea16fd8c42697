//! A state: shape, word, since. Never colour alone.

use domain::state::State;
use jiff::Timestamp;
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

/// A job's state with the time since when.
#[component]
pub(crate) fn JobStatus(
    /// The state.
    state: State,
    /// Since when.
    since: Timestamp,
    /// For page heads.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    view! {
        <Status shape=words::shape(state) word=state.word() large=large>
            <Ago at=since/>
        </Status>
    }
}
