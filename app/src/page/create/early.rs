//! What a person typed or chose on the server's page before its script ran. The script takes the page over with the
//! values that the server wrote, so they are read before that and written into the form after it.

/// Field and text of each control that no longer holds what the server wrote.
#[cfg(feature = "hydrate")]
pub(super) fn typed() -> Vec<(String, String)> {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    let takes_over = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    let controls = document().query_selector_all(".input[name^='form[']").ok().filter(|_| takes_over);
    let controls = controls.into_iter().flat_map(|all| (0..all.length()).filter_map(move |at| all.get(at)));
    let changed = controls.filter_map(|control| match control.dyn_into::<web_sys::HtmlInputElement>() {
        Ok(input) => (input.value() != input.default_value()).then(|| (input.name(), input.value())),
        Err(other) => {
            let select = other.dyn_into::<web_sys::HtmlSelectElement>().ok()?;
            let written = select.query_selector("option[selected]").ok()??.get_attribute("value")?;
            (select.value() != written).then(|| (select.name(), select.value()))
        }
    });
    changed.filter_map(|(name, text)| Some((crate::fields::named(&name)?, text))).collect()
}

#[cfg(not(feature = "hydrate"))]
pub(super) fn typed() -> Vec<(String, String)> {
    Vec::new()
}
