//! The head of a cluster's pages: where it is, its state, what may be done.

use domain::action::Action;
use domain::policy::{Permission, may};
use domain::view::ClusterView;
use leptos::prelude::*;

use crate::page::ask::Begin;
use crate::part::{Command, Crumbs, Icon, PageHead, StatusSize, job_status};
use crate::paths;

/// The form that a page without script sends.
const FORM: &str = "act";

/// Breadcrumbs, name, state, headline and, where asked for, the command bar.
#[component]
pub(crate) fn ClusterHead(
    /// The cluster. Its name and its pool stay.
    view: Signal<ClusterView>,
    /// The page's word; empty on the overview.
    page: &'static str,
    /// With the command bar.
    #[prop(optional)]
    commands: bool,
    /// Without the headline: the page says something else there.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let row = view.with_untracked(|view| view.row.clone());
    let mut above = vec![
        ("Cluster pools".to_owned(), "/pools".to_owned()),
        (row.pool_path.name().to_owned(), paths::pool(&row.pool_path)),
    ];
    let here = if page.is_empty() {
        row.name.clone()
    } else {
        above.push((row.name.clone(), paths::cluster(row.cluster, "")));
        page.to_owned()
    };
    let tab = if page.is_empty() { row.name.clone() } else { format!("{page} of {}", row.name) };
    let title = if page.is_empty() { row.name } else { page.to_owned() };
    let status = move || view.with(|view| job_status(&view.row, StatusSize::Head));
    let headline = move || {
        let headline = view.with(|view| view.headline.clone());
        (!bare && !headline.is_empty()).then(|| view! { <p>{headline}</p> })
    };
    view! {
        <Crumbs above=above here=here/>
        <PageHead title=title tab=tab>
            {status}
            {headline}
        </PageHead>
        {commands.then(|| view! { <Commands view=view/> })}
    }
}

#[component]
fn Commands(view: Signal<ClusterView>) -> impl IntoView {
    let row = move || view.with_untracked(|view| view.row.clone());
    let id = row().cluster;
    let begin = Begin::here();
    let press = Callback::new(move |action| begin.begin(action, vec![row()]));
    let commands = Action::OFFERED.map(|action| {
        let refused = Signal::derive(move || {
            view.with(|view| {
                let offer = view.row.actions.iter().find(|offer| offer.action == action);
                offer.and_then(|offer| offer.refused.clone())
            })
        });
        view! { <Command action=action form=FORM refused=refused on_press=press/> }
    });
    view! {
        <form id=FORM method="get" action="/ask">
            <input type="hidden" name="cluster" value=id.to_string()/>
            <input type="hidden" name="back" value=paths::cluster(id, "")/>
        </form>
        <div class="command-bar" role="toolbar" aria-label="Actions">
            {commands}
            {may(view.with_untracked(|view| view.row.role), Permission::Run).then(|| view! {
                <hr/>
                <a class="button quiet" href=paths::again(id)><Icon name="plus"/>"Create another like this"</a>
            })}
        </div>
    }
}
