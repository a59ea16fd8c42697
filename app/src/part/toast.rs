//! Short messages about what was just done; a live region reads them out.

use leptos::prelude::*;

use super::Icon;

/// A message.
#[derive(Clone, Debug)]
struct Toast {
    number: u64,
    good: bool,
    title: String,
    text: String,
}

/// The messages of this page, from context.
#[derive(Clone, Copy)]
struct Shown(RwSignal<Vec<Toast>>, StoredValue<u64>);

/// Says something; from context, so take it while a component is made and call it later.
#[derive(Clone, Copy)]
pub(crate) struct Say(Shown);

impl Say {
    /// From context.
    pub(crate) fn here() -> Self {
        Self(expect_context::<Shown>())
    }

    /// Shows a message; a good one goes by itself after six seconds, a bad one stays.
    pub(crate) fn say(self, good: bool, title: impl Into<String>, text: impl Into<String>) {
        let Shown(list, numbers) = self.0;
        let Some(number) = numbers.try_update_value(|last| {
            *last += 1;
            *last
        }) else {
            return;
        };
        let toast = Toast { number, good, title: title.into(), text: text.into() };
        list.try_update(|list| list.push(toast));
        if good {
            set_timeout(move || drop_one(list, number), std::time::Duration::from_secs(6));
        }
    }
}

fn drop_one(list: RwSignal<Vec<Toast>>, number: u64) {
    list.try_update(|list| list.retain(|toast| toast.number != number));
}

/// Provides the messages to everything below.
pub(crate) fn provide_toasts() {
    provide_context(Shown(RwSignal::new(Vec::new()), StoredValue::new(0)));
}

/// Where messages appear.
#[component]
pub(crate) fn Toasts() -> impl IntoView {
    let Shown(list, _) = expect_context::<Shown>();
    view! {
        <div class="toasts" aria-live="polite" role="status">
            <For each=move || list.get() key=|toast| toast.number let:toast>
                <div class=if toast.good { "toast good" } else { "toast bad" }>
                    <Icon name=if toast.good { "check" } else { "warn" }/>
                    <div><b>{toast.title.clone()}</b><p>{toast.text.clone()}</p></div>
                    <button class="icon-button" type="button" aria-label="Dismiss"
                        on:click=move |_| drop_one(list, toast.number)>
                        <Icon name="cross"/>
                    </button>
                </div>
            </For>
        </div>
    }
}
