//! Going on to another page.

use domain::inside::Inside;

/// Goes on at another place of this portal: as an HTTP redirect on the server, by the router in the browser.
pub(crate) fn go(place: &str) {
    let place = Inside::or_jobs(place);
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(place.as_str());
    #[cfg(not(feature = "ssr"))]
    leptos_router::hooks::use_navigate()(place.as_str(), leptos_router::NavigateOptions::default());
}

/// Goes on where a plain form post says; a page with script says nothing and stays.
#[cfg(feature = "ssr")]
pub(crate) fn go_on(back: &str) {
    if !back.is_empty() {
        go(back);
    }
}
