//! A modal question. The browser keeps the focus inside, Escape closes, and the focus goes back.

use leptos::html;
use leptos::prelude::*;

/// A dialog that is shown while `open`.
#[component]
pub(crate) fn Dialog(
    /// Shown.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// 760 px instead of 520.
    #[prop(optional)]
    wide: bool,
    /// Body and footer.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // It can only refuse while it is open already.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" class:wide=wide node_ref=node aria-label=move || title.get()
            on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <header><h2>{move || title.get()}</h2></header>
                {children()}
            </Show>
        </dialog>
    }
}
