//! Every state that the job can start from, by the lines of runs that go on from each other: start from, delete, copy
//! the path.

mod delete;
mod leaving;
mod state;

use std::collections::BTreeMap;

use domain::action::Action;
use domain::policy::Permission;
use domain::view::{ClusterView, Newest, SnapshotView, StatesView};
use leptos::prelude::*;

use super::{ClusterHead, cluster_of, page_of};
use crate::clock::Clock;
use crate::frame::Me;
use crate::live::Live;
use crate::part::{Each, Empty, Follow};
use crate::words::{self, bytes, count};
use crate::{api, paths};
use delete::DeleteDialog;
use leaving::Leaving;
use state::State;

pub(crate) use delete::DeleteSnapshot;

/// The page.
#[component]
pub(crate) fn Savepoints() -> impl IntoView {
    page_of(|id| {
        let changed = Live::here().of(id);
        let cluster = cluster_of(id);
        let states = Resource::new(move || changed.get(), move |_| api::states(id));
        let leaving = Resource::new(move || changed.get(), move |_| api::doomed_snapshots(id));
        let doomed = RwSignal::new(None::<SnapshotView>);
        view! {
            <Follow answer=cluster let:cluster>
                <ClusterHead view=cluster page="Savepoints" commands=true/>
                <Upload view=cluster/>
                <Follow answer=states let:states>
                    <List view=cluster states=states doomed=doomed/>
                </Follow>
                <Follow answer=leaving lines=0 let:leaving><Leaving leaving=leaving/></Follow>
            </Follow>
            <DeleteDialog id=id doomed=doomed/>
        }
        .into_any()
    })
}

/// Where a savepoint is uploaded: into the storage, for a job's own folder is the job's alone.
#[component]
fn Upload(view: Signal<ClusterView>) -> impl IntoView {
    let storage = view.with_untracked(|view| paths::storage(&view.spec.account, &view.spec.container, ""));
    Me::here().may(Permission::UseStorage).then(|| {
        view! {
            <p class="quiet">
                <a href=format!("{storage}#upload-savepoint")>"Upload a savepoint"</a>
                ", then start from it by “Another savepoint”."
            </p>
        }
    })
}

#[component]
fn List(
    view: Signal<ClusterView>,
    states: Signal<StatesView>,
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let none = Memo::new(move |_| states.with(|states| states.states.is_empty()));
    let may_start = Memo::new(move |_| {
        view.with(|view| {
            view.row.actions.iter().any(|offer| offer.action == Action::Start && offer.refused.is_none())
        })
    });
    let (mine, earlier) = (of(states, true), of(states, false));
    let any_earlier = Memo::new(move |_| earlier.with(|earlier| !earlier.is_empty()));
    let total = move || {
        states.with(|states| {
            let size: u64 = states.states.iter().filter_map(|state| state.size).sum();
            let size = if size > 0 { format!(", {}", bytes(size)) } else { String::new() };
            format!("{}{size}", count(states.states.len(), "state", "states"))
        })
    };
    move || {
        if none.get() {
            return view! {
                <Empty icon="savepoint" title="No state yet"
                    text="Stop and Update take a savepoint by themselves, Savepoint takes one while the job runs on, and the checkpoints of a run stay when it ends."/>
            }
            .into_any();
        }
        view! {
            <GoesOn states=states may_start=may_start/>
            <div class="grid-frame">
                <table class="grid plain" role="table" aria-label="States that the job can start from">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">"State"</th>
                            <th role="columnheader" scope="col">"Kind"</th>
                            <th role="columnheader" scope="col">"Run, revision"</th>
                            <th role="columnheader" scope="col">"Taken"</th>
                            <th role="columnheader" scope="col" class="num">"Size"</th>
                            <th role="columnheader" scope="col">"Usable"</th>
                            <th role="columnheader" scope="col"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="7">{move || this_line(&states.get())}</th></tr>
                        <Each of=mine key=|state: &SnapshotView| state.path.clone() let:state>
                            <State view=view state=state may_start=may_start doomed=doomed/>
                        </Each>
                    </tbody>
                    <tbody role="rowgroup" hidden=move || !any_earlier.get()>
                        <tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="7">"Earlier lines: offered, never chosen by themselves"</th></tr>
                        <Each of=earlier key=|state: &SnapshotView| state.path.clone() let:state>
                            <State view=view state=state may_start=may_start doomed=doomed/>
                        </Each>
                    </tbody>
                </table>
            </div>
            <p class="quiet">{total}</p>
        }
        .into_any()
    }
}

/// The states of the last line, or of the earlier ones.
fn of(states: Signal<StatesView>, last: bool) -> Signal<Vec<SnapshotView>> {
    Signal::derive(move || {
        states.with(|states| {
            let mine = |state: &&SnapshotView| (Some(state.line) == states.line) == last;
            states.states.iter().filter(mine).cloned().collect()
        })
    })
}

/// "This line: runs 12 to 18".
fn this_line(states: &StatesView) -> String {
    let runs: BTreeMap<u32, ()> = states.of_last_line().map(|state| (state.run, ())).collect();
    match (runs.first_key_value(), runs.last_key_value()) {
        (Some((first, ())), Some((last, ()))) if first != last => {
            format!("This line: runs {first} to {last}")
        }
        (Some((only, ())), _) => format!("This line: run {only}"),
        (None, _) => "This line has no state yet".to_owned(),
    }
}

/// What Start goes on from, in words.
#[component]
fn GoesOn(states: Signal<StatesView>, may_start: Memo<bool>) -> impl IntoView {
    let clock = Clock::here();
    let words = move || {
        states.with(|states| {
            let damaged =
                states.damaged().map(|(state, why)| format!("{} cannot be used: {why} ", state.name()));
            let next = match states.newest() {
                Newest::State(state) => {
                    format!("Start goes on from {}.", words::state(state, clock.now_untracked()))
                }
                Newest::Fresh => "Start begins without state: there never was one.".to_owned(),
                Newest::Undecided => {
                    "The last run left no state that can be used now; Start asks which.".to_owned()
                }
            };
            format!("{}{next}", damaged.unwrap_or_default())
        })
    };
    move || may_start.get().then(|| view! { <p>{words}</p> })
}
