//! What changes: before and after, line by line.

use leptos::prelude::*;

/// One row for each thing that changes.
#[component]
pub(crate) fn Diff(
    /// Name, before, after. Empty before: it is added; empty after: it goes.
    changes: Vec<(String, String, String)>,
) -> impl IntoView {
    let rows = changes.into_iter().map(|(name, before, after)| {
        let both = !before.is_empty() && !after.is_empty();
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    {(!before.is_empty()).then(|| view! { <del>{before}</del> })}
                    {both.then(|| view! { <span aria-hidden="true">"→"</span> })}
                    {(!after.is_empty()).then(|| view! { <ins>{after}</ins> })}
                </dd>
            </div>
        }
    });
    view! { <dl class="diff">{rows.collect_view()}</dl> }
}
