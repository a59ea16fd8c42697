//! Which page is at which address. What is written here is what the portal has.

mod later;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{Lazy, SsrMode, path};

use crate::clock::Clock;
use crate::frame::Frame;
use crate::page;
use crate::part::provide_toasts;

pub(crate) use later::fetch as fetch_later;

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
                    <Route path=path!("/pools") view={Lazy::<later::Pools>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool") view={Lazy::<later::Pool>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/jobs") view={Lazy::<later::Jobs>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/new") view={Lazy::<later::NewCluster>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/pools/:pool/new/:draft") view={Lazy::<later::Create>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/operations/:operation") view={Lazy::<later::Deployment>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/storage") view={Lazy::<later::Accounts>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/storage/delete") view={Lazy::<later::DeleteFile>::new()} ssr=SsrMode::Async/>
                    // The first one holds in a container's root too, so that the page stays, with its uploads, when a
                    // folder is left for it; the server needs the second for that address.
                    <Route path=path!("/storage/:account/:container/*path") view={Lazy::<later::Storage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/storage/:account/:container") view={Lazy::<later::Storage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/jobs") view={Lazy::<later::Jobs>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/ask") view={Lazy::<later::Ask>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/activity") view={Lazy::<later::Activity>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/settings") view={Lazy::<later::Settings>::new()} ssr=SsrMode::Async/>
                    <ParentRoute path=path!("/clusters/:id") view=Outlet>
                        <Route path=path!("") view={Lazy::<later::Overview>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/jobs") view={Lazy::<later::Jobs>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/details") view={Lazy::<later::Details>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/operations") view={Lazy::<later::Operations>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/savepoints") view={Lazy::<later::Savepoints>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/savepoints/delete") view={Lazy::<later::DeleteSnapshot>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/logs") view={Lazy::<later::Logs>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/configuration") view={Lazy::<later::Configuration>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/activity") view={Lazy::<later::ClusterActivity>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/update") view={Lazy::<later::Update>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/again") view={Lazy::<later::Again>::new()} ssr=SsrMode::Async/>
                        <Route path=path!("/view") view={Lazy::<later::JsonView>::new()} ssr=SsrMode::Async/>
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
