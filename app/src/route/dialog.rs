//! A question in a dialog over the page. It stands here and not with the pages, because its form lies in the file of jobs and clusters.

use leptos::prelude::*;

use super::later;
use crate::page::{OpenQuestion, question_title};
use crate::part::Dialog;

/// Shows the question while there is one.
#[component]
pub(crate) fn AskDialog() -> impl IntoView {
    let OpenQuestion(question) = expect_context();
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
        Signal::derive(move || question.with(|asked| asked.as_ref().map(question_title)).unwrap_or_default());
    view! {
        <Dialog open=open title=heading>
            <Suspense>
                {move || question.get().map(|asked| Suspend::new(later::question(asked, open)))}
            </Suspense>
        </Dialog>
    }
}
