//! Choices that a browser keeps and a server must know before it writes the page: theme and zone.

/// The value of a cookie, on both faces.
#[cfg(feature = "ssr")]
pub(crate) fn cookie(name: &str) -> Option<String> {
    let parts = leptos::prelude::use_context::<axum::http::request::Parts>()?;
    parts
        .headers
        .get_all(axum::http::header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .find_map(|header| pick(header, name))
}

/// The value of a cookie, on both faces.
#[cfg(not(feature = "ssr"))]
pub(crate) fn cookie(name: &str) -> Option<String> {
    use wasm_bindgen::JsCast;
    let document = leptos::prelude::document().dyn_into::<web_sys::HtmlDocument>().ok()?;
    pick(&document.cookie().ok()?, name)
}

/// Keeps a choice for a year.
pub(crate) fn set_cookie(name: &str, value: &str) {
    use wasm_bindgen::JsCast;
    if let Ok(document) = leptos::prelude::document().dyn_into::<web_sys::HtmlDocument>() {
        // A browser that refuses cookies keeps the choice until the page is left; there is nobody to tell.
        let _ = document.set_cookie(&format!("{name}={value}; path=/; max-age=31536000; samesite=lax"));
    }
}

fn pick(header: &str, name: &str) -> Option<String> {
    header.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}
