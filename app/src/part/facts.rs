//! Names and values.

use leptos::prelude::*;

use super::Copy;

/// A list of names and values.
#[component]
pub(crate) fn Facts(
    /// [`Fact`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// A name with its value. With `copy`, the value is shown as code with a copy button.
#[component]
pub(crate) fn Fact(
    /// The name.
    #[prop(into)]
    name: String,
    /// The value, to be copied whole; ids are shown shortened in the middle.
    #[prop(optional, into)]
    copy: Option<Signal<String>>,
    /// The value otherwise.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = if copy.is_none() { "" } else { "code" };
    let value = match copy {
        None => children.map(|children| children()).into_any(),
        Some(copy) => view! {
            <span title=move || copy.get()>{move || copy.with(|copy| shortened(copy))}</span>
            " "
            <Copy text=copy what="this value"/>
        }
        .into_any(),
    };
    view! { <dt>{name}</dt><dd class=class>{value}</dd> }
}

/// `5d2c…91af` for what is long and has no meaning to a reader.
fn shortened(text: &str) -> String {
    let id = matches!(text.len(), 32 | 36 | 64)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if id { format!("{}…{}", &text[..4], &text[text.len() - 4..]) } else { text.to_owned() }
}
