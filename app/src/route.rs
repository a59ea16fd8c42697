//! Which page is at which address. What is written here is what the portal has.

mod dialog;
mod later;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::view::iterators::StaticVec;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{NestedRoute, PossibleRouteMatch, SsrMode, path};

use crate::clock::Clock;
use crate::frame::Frame;
use crate::page::{self, OpenQuestion};
use crate::part::provide_toasts;
use dialog::AskDialog;

pub use later::{LaterFiles, ready};

/// The tab's title of a page. Every title passes here, and on the server leptos_meta writes what comes out into the head
/// as it is.
fn title(page: String) -> String {
    let title = if page.is_empty() { "Penstock".to_owned() } else { format!("{page} · Penstock") };
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}

/// The portal.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Clock::provide();
    provide_toasts();
    view! {
        <Title formatter=title/>
        <Router>
            <Routes fallback=page::NotFound>
                <Route path=path!("/sign-in") view=page::SignIn/>
                <Route path=path!("/sign-in/:token") view=page::SignInLink/>
                <ParentRoute path=path!("") view=Framed>
                    <Route path=path!("/") view=page::Home ssr=SsrMode::Async/>
                    <LaterPages/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The frame, with what stands over every page.
#[component]
fn Framed() -> impl IntoView {
    provide_context(OpenQuestion(RwSignal::new(None)));
    view! {
        <Frame>
            <AskDialog/>
        </Frame>
    }
}

/// The pages behind the first one, each with its address.
#[component(transparent)]
fn LaterPages() -> StaticVec<LaterRoute> {
    use later::around::Pages::*;
    use later::create::Pages::*;
    use later::jobs::Pages::*;
    use later::settings::Pages::*;
    vec![
        at(path!("/pools"), Pools),
        at(path!("/pools/new"), NewPool),
        at(path!("/subscriptions"), Subscriptions),
        at(path!("/pools/:subscription/:group/:pool"), Pool),
        at(path!("/pools/:subscription/:group/:pool/jobs"), Jobs),
        at(path!("/pools/:subscription/:group/:pool/change"), ChangePool),
        at(path!("/pools/:subscription/:group/:pool/delete"), DeletePool),
        at(path!("/pools/:subscription/:group/:pool/networks"), Networks),
        at(path!("/pools/:subscription/:group/:pool/new"), NewCluster),
        at(path!("/pools/:subscription/:group/:pool/new/:draft"), Create),
        at(path!("/operations/:operation"), Deployment),
        at(path!("/storage"), Accounts),
        at(path!("/accounts/new"), NewAccount),
        at(path!("/accounts/:account"), AccountPage),
        at(path!("/storage/delete"), DeleteFile),
        // The first one holds in a container's root too, so that the page stays, with its uploads, when a
        // folder is left for it; the server needs the second for that address.
        at(path!("/storage/:account/:container/*path"), Storage),
        at(path!("/storage/:account/:container"), Storage),
        at(path!("/jobs"), Jobs),
        at(path!("/ask"), Ask),
        at(path!("/activity"), Activity),
        at(path!("/resources"), Resources),
        at(path!("/vaults/:vault"), Vault),
        at(path!("/databases/:database"), Database),
        at(path!("/settings"), Settings),
        at(path!("/clusters/:id"), Overview),
        at(path!("/clusters/:id/jobs"), Jobs),
        at(path!("/clusters/:id/details"), Details),
        at(path!("/clusters/:id/operations"), Operations),
        at(path!("/clusters/:id/savepoints"), Savepoints),
        at(path!("/clusters/:id/savepoints/delete"), DeleteSnapshot),
        at(path!("/clusters/:id/logs"), Logs),
        at(path!("/clusters/:id/configuration"), Configuration),
        at(path!("/clusters/:id/compare"), Compare),
        at(path!("/clusters/:id/activity"), ClusterActivity),
        at(path!("/clusters/:id/update"), Update),
        at(path!("/clusters/:id/again"), Again),
        at(path!("/clusters/:id/view"), JsonView),
    ]
    .into()
}

/// All pages are of one type, so that the router's code is there once and not once for each.
type LaterRoute = NestedRoute<Arc<dyn PossibleRouteMatch + Send + Sync>, (), (), later::Page>;

fn at(path: impl PossibleRouteMatch + Send + Sync + 'static, page: impl Into<later::Page>) -> LaterRoute {
    let path: Arc<dyn PossibleRouteMatch + Send + Sync> = Arc::new(path);
    NestedRoute::new(path, page.into()).ssr_mode(SsrMode::Async)
}
