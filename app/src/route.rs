//! Which page is at which address. What is written here is what the portal has.

mod later;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::clock::Clock;
use crate::frame::Frame;
use crate::page;
use crate::part::provide_toasts;

pub use later::LaterFile;
pub(crate) use later::{fetch as fetch_later, question};

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
                    <Route path=path!("/pools") view=later::Pools::route() ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool") view=later::Pool::route() ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/jobs") view=later::Jobs::route() ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/new") view=later::NewCluster::route() ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/new/:draft") view=later::Create::route() ssr=SsrMode::Async/>
                    <Route path=path!("/operations/:operation") view=later::Deployment::route() ssr=SsrMode::Async/>
                    <Route path=path!("/storage") view=later::Accounts::route() ssr=SsrMode::Async/>
                    <Route path=path!("/storage/delete") view=later::DeleteFile::route() ssr=SsrMode::Async/>
                    // The first one holds in a container's root too, so that the page stays, with its uploads, when a
                    // folder is left for it; the server needs the second for that address.
                    <Route path=path!("/storage/:account/:container/*path") view=later::Storage::route() ssr=SsrMode::Async/>
                    <Route path=path!("/storage/:account/:container") view=later::Storage::route() ssr=SsrMode::Async/>
                    <Route path=path!("/jobs") view=later::Jobs::route() ssr=SsrMode::Async/>
                    <Route path=path!("/ask") view=later::Ask::route() ssr=SsrMode::Async/>
                    <Route path=path!("/activity") view=later::Activity::route() ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view=later::Settings::route() ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/clusters/:id") view=Outlet>
                        <Route path=path!("") view=later::Overview::route() ssr=SsrMode::Async/>
                        <Route path=path!("/jobs") view=later::Jobs::route() ssr=SsrMode::Async/>
                        <Route path=path!("/details") view=later::Details::route() ssr=SsrMode::Async/>
                        <Route path=path!("/operations") view=later::Operations::route() ssr=SsrMode::Async/>
                        <Route path=path!("/savepoints") view=later::Savepoints::route() ssr=SsrMode::Async/>
                        <Route path=path!("/savepoints/delete") view=later::DeleteSnapshot::route() ssr=SsrMode::Async/>
                        <Route path=path!("/logs") view=later::Logs::route() ssr=SsrMode::Async/>
                        <Route path=path!("/configuration") view=later::Configuration::route() ssr=SsrMode::Async/>
                        <Route path=path!("/activity") view=later::ClusterActivity::route() ssr=SsrMode::Async/>
                        <Route path=path!("/update") view=later::Update::route() ssr=SsrMode::Async/>
                        <Route path=path!("/again") view=later::Again::route() ssr=SsrMode::Async/>
                        <Route path=path!("/view") view=later::JsonView::route() ssr=SsrMode::Async/>
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
