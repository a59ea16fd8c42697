//! A button that copies a text and says so.

use leptos::prelude::*;

use super::Icon;

/// Copies `text` to the clipboard; a tick shows that it did.
#[component]
pub(crate) fn Copy(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is: "the job id".
    what: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let writing = text.with_untracked(|text| window().navigator().clipboard().write_text(text));
        leptos::task::spawn_local(async move {
            if wasm_bindgen_futures::JsFuture::from(writing).await.is_ok() {
                copied.try_set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    std::time::Duration::from_millis(1500),
                );
            }
        });
    };
    let label = move || if copied.get() { format!("Copied {what}") } else { format!("Copy {what}") };
    view! {
        <button class="copy" type="button" aria-label=label
            data-copied=move || copied.get().then_some("") on:click=copy>
            <Icon name="copy"/>
        </button>
    }
}
