//! What may be done with the states of the list: with the newest, or with the one that is chosen in it. The form of the
//! list goes to the same questions without script.

use domain::action::Action;
use domain::policy::Permission;
use domain::view::{ClusterView, Newest, SnapshotView, StatesView};
use leptos::prelude::*;

use crate::frame::Me;
use crate::page::ask::Begin;
use crate::part::{Command, Icon};
use crate::paths;

/// The form that the list's choices belong to.
pub(super) const FORM: &str = "chosen";
/// The form of an action on the cluster itself.
const ACT: &str = "act";

/// The bar.
#[component]
pub(super) fn Commands(
    /// The cluster.
    view: Signal<ClusterView>,
    /// Its states; none while they are read.
    states: Signal<StatesView>,
    /// The path of the one that is chosen.
    chosen: RwSignal<Option<String>>,
    /// The one that is to be deleted, asked in a dialog.
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let row = move || view.with_untracked(|view| view.row.clone());
    let id = row().cluster;
    let begin = Begin::here();
    let refused = move |action: Action| {
        view.with(|view| {
            let offer = view.row.actions.iter().find(|offer| offer.action == action);
            offer.and_then(|offer| offer.refused.clone())
        })
    };
    let newest = Memo::new(move |_| {
        states.with(|states| match states.newest() {
            Newest::State(state) => Some(state.path.clone()),
            Newest::Fresh | Newest::Undecided => None,
        })
    });
    let none = "There is no state that it can start from.";
    let no_newest = Signal::derive(move || {
        refused(Action::Start).or_else(|| newest.with(Option::is_none).then(|| none.to_owned()))
    });
    let the_chosen = move || {
        let chosen = chosen.get().or_else(|| newest.get());
        states.with(|states| states.states.iter().find(|state| Some(&state.path) == chosen.as_ref()).cloned())
    };
    let no_chosen = Signal::derive(move || match refused(Action::Start) {
        Some(refused) => Some(refused),
        None if the_chosen().is_none() => Some(none.to_owned()),
        None => None,
    });
    let kept = Signal::derive(move || match the_chosen() {
        None => Some("Choose a state in the list.".to_owned()),
        Some(state) if state.id.0.is_nil() => Some(
            "A checkpoint of a job that runs is Flink’s to delete; what lies elsewhere is deleted there."
                .to_owned(),
        ),
        Some(_) => None,
    });
    let start = move |path: Option<String>| {
        if let Some(path) = path {
            begin.start_from(row(), path);
        }
    };
    let take = Callback::new(move |_| begin.take_savepoint(row()));
    let no_savepoint = Signal::derive(move || refused(Action::Savepoint));
    let from_newest = Callback::new(move |()| start(newest.get_untracked()));
    let from_chosen = Callback::new(move |()| start(untrack(the_chosen).map(|state| state.path)));
    let delete = Callback::new(move |()| doomed.set(untrack(the_chosen)));
    let storage = view.with_untracked(|view| paths::storage(&view.spec.account, &view.spec.container, ""));
    let back = paths::cluster(id, "savepoints");
    view! {
        <form id=ACT method="get" action="/ask">
            <input type="hidden" name="cluster" value=id.to_string()/>
            <input type="hidden" name="back" value=back.clone()/>
        </form>
        <form id=FORM method="get" action="/ask">
            <input type="hidden" name="action" value=Action::Start.name()/>
            <input type="hidden" name="cluster" value=id.to_string()/>
            <input type="hidden" name="back" value=back/>
        </form>
        <div class="command-bar" role="toolbar" aria-label="Actions">
            <OfState form=ACT name="action" value=Action::Start.name() icon="play" look="button primary" id="why-newest"
                refused=no_newest on_press=from_newest>"Start from the newest"</OfState>
            <OfState form=FORM icon="play" look="button" id="why-chosen" refused=no_chosen on_press=from_chosen>
                "Start from the chosen…"
            </OfState>
            <Command action=Action::Savepoint form=ACT refused=no_savepoint word="Take savepoint…" on_press=take/>
            {Me::here().may_somewhere(Permission::UseStorage).then(|| view! {
                <a class="button quiet" href=format!("{storage}#upload-savepoint")
                    title="Into the storage; then start from it by “Another savepoint”."><Icon name="upload"/>"Upload"</a>
            })}
            <OfState form=FORM to=paths::delete_snapshot(id) icon="trash" look="button quiet danger" id="why-delete"
                refused=kept on_press=delete>"Delete the chosen…"</OfState>
        </div>
    }
}

/// A verb on one of the states. With script, `on_press` is run; without, its form is sent.
#[component]
fn OfState(
    /// The form.
    form: &'static str,
    /// What it sends of its own.
    #[prop(optional)]
    name: &'static str,
    /// And its value.
    #[prop(optional)]
    value: &'static str,
    /// Where the form goes, if elsewhere.
    #[prop(optional)]
    to: Option<String>,
    /// Its icon.
    icon: &'static str,
    /// Its classes.
    look: &'static str,
    /// The id of its tip.
    id: &'static str,
    /// Why not, if not.
    refused: Signal<Option<String>>,
    /// What a page with script does.
    on_press: Callback<()>,
    /// Its words.
    children: Children,
) -> impl IntoView {
    let is_refused = move || refused.with(Option::is_some);
    let press = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if refused.with_untracked(Option::is_none) {
            on_press.run(());
        }
    };
    view! {
        <span class="has-tip">
            <button class=look type="submit" form=form name=(!name.is_empty()).then_some(name)
                value=(!name.is_empty()).then_some(value) formaction=to on:click=press
                aria-disabled=move || is_refused().then_some("true")
                aria-describedby=move || is_refused().then_some(id)>
                <Icon name=icon/>
                {children()}
            </button>
            <span class="tip" role="tooltip" id=id hidden=move || !is_refused()>
                {move || refused.get().unwrap_or_default()}
            </span>
        </span>
    }
}
