//! The browser's entry: takes over the page that the server wrote.

use leptos::prelude::{document, window};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        let Some(body) = document().body() else { return };
        if !app::ready().await {
            return; // the page works as the server wrote it, by links and forms
        }
        Box::pin(leptos::mount::hydrate_from_async(body, app::App)).await.forget();
        // From here on the page answers: for whoever measures it, and for tests.
        if let Some(performance) = window().performance() {
            let _ = performance.mark("hydrated");
        }
    });
}
