//! What is being deleted: nothing starts from it any more, and its files are still there.

use leptos::prelude::*;

/// The list; nothing where nothing is.
#[component]
pub(super) fn Leaving(
    /// The path of each, and why its files are still there, if that is known.
    leaving: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    move || {
        let leaving = leaving.get();
        (!leaving.is_empty()).then(|| {
            let lines = leaving.into_iter().map(|(path, why)| {
                view! { <li><span class="code">{path}</span>{(!why.is_empty()).then(|| view! { <small>{why}</small> })}</li> }
            });
            view! {
                <section class="card">
                    <header><h2>"Being deleted"</h2></header>
                    <ul class="rows">{lines.collect_view()}</ul>
                </section>
            }
        })
    }
}
