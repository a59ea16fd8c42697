//! What a person holds on to while elements move: the focus, and the text that is selected. A browser takes both from an
//! element that it puts in another place.

/// What has the focus and what is selected.
pub(super) struct Grip;

impl Grip {
    /// Gives both back when what happens now has happened.
    #[cfg(feature = "hydrate")]
    pub(super) fn keep() {
        use leptos::prelude::*;
        use wasm_bindgen::JsCast;

        let focus = document().active_element().and_then(|one| one.dyn_into::<web_sys::HtmlElement>().ok());
        let selection = window().get_selection().ok().flatten().filter(|selection| !selection.is_collapsed());
        let range = selection.and_then(|selection| {
            let (anchor, focus) = (selection.anchor_node()?, selection.focus_node()?);
            Some((selection.clone(), anchor, selection.anchor_offset(), focus, selection.focus_offset()))
        });
        queue_microtask(move || {
            // What has left the page can hold neither.
            if let Some(focus) =
                focus.filter(|one| one.is_connected() && document().active_element().as_ref() != Some(one))
            {
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = focus.focus_with_options(&options);
            }
            if let Some((selection, anchor, from, focus, to)) = range
                && anchor.is_connected()
                && focus.is_connected()
            {
                let _ = selection.set_base_and_extent(&anchor, from, &focus, to);
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    pub(super) fn keep() {}
}
