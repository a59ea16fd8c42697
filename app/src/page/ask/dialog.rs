//! The question in a dialog over the page.

use leptos::prelude::*;

use super::question::{QuestionForm, title};
use super::{OpenQuestion, Question};
use crate::part::Dialog;

/// The question's form in the dialog.
pub(crate) fn question_form(question: Question, open: RwSignal<bool>) -> AnyView {
    view! { <QuestionForm question=question in_dialog=open/> }.into_any()
}

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
        Signal::derive(move || question.with(|asked| asked.as_ref().map(title)).unwrap_or_default());
    view! {
        <Dialog open=open title=heading>
            <Suspense>
                {move || question.get().map(|asked| Suspend::new(crate::route::question(asked, open)))}
            </Suspense>
        </Dialog>
    }
}
