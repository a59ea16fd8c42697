//! Which page is at which address. What is written here is what the portal has.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::clock::Clock;
use crate::frame::Frame;
use crate::page;
use crate::part::provide_toasts;

/// The portal.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Clock::provide();
    provide_toasts();
    view! {
        <Title formatter=|page: String| if page.is_empty() { "Penstock".to_owned() } else { format!("{page} · Penstock") }/>
        <Router>
            <Routes fallback=page::NotFound>
                <Route path=path!("/sign-in") view=page::SignIn/>
                <ParentRoute path=path!("") view=Frame>
                    <Route path=path!("/") view=page::Home ssr=SsrMode::Async/>
                    <Route path=path!("/pools") view=page::Pools ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool") view=page::Pool ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/jobs") view=page::Jobs ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/new") view=page::NewCluster ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/new/:draft") view=page::Create ssr=SsrMode::Async/>
                    <Route path=path!("/operations/:operation") view=page::Deployment ssr=SsrMode::Async/>
                    <Route path=path!("/storage") view=page::Accounts ssr=SsrMode::Async/>
                    <Route path=path!("/storage/delete") view=page::DeleteFile ssr=SsrMode::Async/>
                    // The first one holds in a container's root too, so that the page stays, with its uploads, when a
                    // folder is left for it; the server needs the second for that address.
                    <Route path=path!("/storage/:account/:container/*path") view=page::Storage ssr=SsrMode::Async/>
                    <Route path=path!("/storage/:account/:container") view=page::Storage ssr=SsrMode::Async/>
                    <Route path=path!("/jobs") view=page::Jobs ssr=SsrMode::Async/>
                    <Route path=path!("/ask") view=page::Ask ssr=SsrMode::Async/>
                    <Route path=path!("/activity") view=page::Activity ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=page::Settings ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/clusters/:id") view=Outlet>
                        <Route path=path!("") view=page::Overview ssr=SsrMode::Async/>
                        <Route path=path!("/jobs") view=page::Jobs ssr=SsrMode::Async/>
                        <Route path=path!("/details") view=page::Details ssr=SsrMode::Async/>
                        <Route path=path!("/operations") view=page::Operations ssr=SsrMode::Async/>
                        <Route path=path!("/savepoints") view=page::Savepoints ssr=SsrMode::Async/>
                        <Route path=path!("/savepoints/delete") view=page::DeleteSnapshot ssr=SsrMode::Async/>
                        <Route path=path!("/logs") view=page::Logs ssr=SsrMode::Async/>
                        <Route path=path!("/configuration") view=page::Configuration ssr=SsrMode::Async/>
                        <Route path=path!("/activity") view=page::ClusterActivity ssr=SsrMode::Async/>
                        <Route path=path!("/update") view=page::Update ssr=SsrMode::Async/>
                        <Route path=path!("/again") view=page::Again ssr=SsrMode::Async/>
                        <Route path=path!("/view") view=page::JsonView ssr=SsrMode::Async/>
                    </ParentRoute>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// Goes on at another place of this portal: as an HTTP redirect on the server, by the router in the browser.
pub(crate) fn go(place: &str) {
    let place = crate::place::within(place);
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(place);
    #[cfg(not(feature = "ssr"))]
    leptos_router::hooks::use_navigate()(place, leptos_router::NavigateOptions::default());
}
