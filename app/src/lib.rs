//! What people see: pages, parts and server functions.
use leptos::prelude::*;
/// The page around every page.
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    view! { <!DOCTYPE html> <html></html> }
}
/// The portal.
#[component]
pub fn App() -> impl IntoView {
    use leptos_router::components::*;
    view! { <Router><Routes fallback=|| "x"><Route path=leptos_router::path!("/") view=|| "home"/></Routes></Router> }
}
