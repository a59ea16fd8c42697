//! The question in a dialog over the page.

use leptos::prelude::*;

use super::Asking;
use super::question::{QuestionForm, title};
use crate::part::Dialog;

/// Shows the question while there is one.
#[component]
pub(crate) fn AskDialog() -> impl IntoView {
    let Asking(question) = expect_context();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(question.with(Option::is_some)));
    Effect::new(move |shown: Option<bool>| {
        let now = open.get();
        if shown == Some(true) && !now {
            question.set(None);
        }
        now
    });
    let heading =
        Signal::derive(move || question.with(|asked| asked.as_ref().map(title)).unwrap_or_default());
    view! {
        <Dialog open=open title=heading>
            {move || question.get().map(|asked| view! {
                <QuestionForm question=asked in_dialog=open/>
            })}
        </Dialog>
    }
}
