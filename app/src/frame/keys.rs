//! Keys that work everywhere, and the dialog that lists all keys.

use leptos::ev;
use leptos::prelude::*;

use crate::part::Dialog;

const KEYS: [(&[&str], &str); 8] = [
    (&["/"], "Jump to a cluster, page or action"),
    (&["Ctrl", "K"], "The same, also while typing"),
    (&["?"], "This list"),
    (&["↑", "↓"], "In a grid: another row"),
    (&["Space"], "In a grid: select the row"),
    (&["Shift", "↓"], "In a grid: select on"),
    (&["Enter"], "In a grid: details of the row"),
    (&["Esc"], "Close what is open"),
];

/// Listens, and shows the list.
#[component]
pub(crate) fn Keys(
    /// Opens the palette.
    jumping: RwSignal<bool>,
) -> impl IntoView {
    let listed = RwSignal::new(false);
    let handle = window_event_listener(ev::keydown, move |event| {
        let palette = event.key().eq_ignore_ascii_case("k") && (event.ctrl_key() || event.meta_key());
        if palette || (!typing(&event) && event.key() == "/") {
            event.prevent_default();
            jumping.set(true);
        } else if !typing(&event) && event.key() == "?" {
            event.prevent_default();
            listed.set(true);
        }
    });
    on_cleanup(move || handle.remove());
    view! {
        <Dialog open=listed title="Keys" wide=true>
            <div class="dialog-body">
                <dl class="keys">
                    {KEYS.map(|(keys, what)| view! {
                        <div>
                            <dt>{keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view()}</dt>
                            <dd>{what}</dd>
                        </div>
                    })}
                </dl>
            </div>
            <footer>
                <button class="button quiet end" type="button" on:click=move |_| listed.set(false)>"Close"</button>
            </footer>
        </Dialog>
    }
}

/// The key goes into a field.
fn typing(event: &ev::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT")
            || (element.tag_name() == "INPUT" && element.get_attribute("type").as_deref() != Some("checkbox"))
    })
}
