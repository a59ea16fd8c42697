//! Content that follows the server: it is made once, with the first answer, and from then on reads the newest one.
//! Elements, handlers and what a person typed, opened, focused or selected in them stay.

use leptos::prelude::*;

use super::{Trouble, Waiting};
use crate::api::ApiError;
use crate::live::Hand;

/// What is answered, as the content's [`Signal`]. A failure to read it again stands above what was read before; where
/// the thing itself is gone, its refusal takes the content's place.
#[component]
pub(crate) fn Follow<T, N, V>(
    /// What is asked, again with every change.
    answer: Resource<Result<T, ApiError>>,
    /// Lines that stand in for it at first.
    #[prop(default = 4)]
    lines: usize,
    /// A refusal is said elsewhere on the page.
    #[prop(optional)]
    quiet: bool,
    /// What stands above a refusal that has taken the content's place.
    #[prop(optional, into)]
    refused: ViewFn,
    /// The content. What it takes out of the signal when it is made stays as it was.
    children: N,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    N: Fn(Signal<T>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let kept = StoredValue::new(None::<RwSignal<T>>);
    let anew = RwSignal::new(None::<Result<T, ApiError>>);
    let late = RwSignal::new(None::<ApiError>);
    let hand = Hand::here();
    Effect::new(move |_| {
        let Some(next) = answer.get() else { return };
        if hand.holds() {
            return;
        }
        match (kept.get_value(), next) {
            (Some(kept), Ok(next)) => {
                if kept.with_untracked(|now| *now != next) {
                    kept.set(next);
                }
                if late.with_untracked(Option::is_some) {
                    late.set(None);
                }
            }
            (Some(_), Err(error)) if !matches!(error, ApiError::Refused(_)) => late.set(Some(error)),
            (_, next) => {
                if anew.with_untracked(|before| before.as_ref() != Some(&next)) {
                    anew.set(Some(next));
                }
            }
        }
    });
    let made = move |answer: Result<T, ApiError>| match answer {
        Ok(first) => {
            let signal = RwSignal::new(first);
            kept.set_value(Some(signal));
            children(signal.into()).into_any()
        }
        Err(error) => {
            kept.set_value(None);
            if quiet {
                return ().into_any();
            }
            view! { {refused.run()}<Trouble error=error/> }.into_any()
        }
    };
    let content = move || {
        let (answered, made) = (anew.get(), made.clone());
        // Nothing that is read while the content is made makes it anew.
        untrack(move || match answered {
            Some(answered) => made(answered),
            None => {
                let first = answer.into_future();
                Suspend::new(async move {
                    let first = first.await;
                    untrack(|| made(first))
                })
                .into_any()
            }
        })
    };
    view! {
        {move || late.get().map(|error| view! { <Trouble error=error/> })}
        <Transition fallback=move || view! { <Waiting lines=lines/> }>{content}</Transition>
    }
}
