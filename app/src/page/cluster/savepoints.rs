//! Every state that the job can start from, by the lines of runs that go on from each other: start from, delete, copy
//! the path.

mod commands;
mod delete;
mod fits;
mod lead;
mod leaving;
mod state;

use domain::action::Action;
use domain::view::{ClusterView, FitsView, SnapshotView, StatesView};
use leptos::prelude::*;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::clock::Clock;
use crate::live::Live;
use crate::part::{Each, Empty, Follow};
use crate::words::{bytes, count};
use commands::Commands;
use delete::DeleteDialog;
use lead::{Lead, this_line};
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
        let fits = Resource::new(move || changed.get(), move |_| api::fits(id));
        let leaving = Resource::new(move || changed.get(), move |_| api::doomed_snapshots(id));
        let doomed = RwSignal::new(None::<SnapshotView>);
        let chosen = RwSignal::new(None::<String>);
        view! {
            <Follow answer=cluster let:cluster>
                <ClusterHead view=cluster page="Savepoints" bare=true/>
                <Follow answer=states let:states>
                    <Lead view=cluster states=states/>
                    <Commands view=cluster states=states chosen=chosen doomed=doomed/>
                    <Follow answer=fits let:fits>
                        <List view=cluster states=states fits=fits chosen=chosen doomed=doomed/>
                    </Follow>
                </Follow>
                <Follow answer=leaving lines=0 let:leaving><Leaving leaving=leaving/></Follow>
            </Follow>
            <DeleteDialog id=id doomed=doomed/>
        }
        .into_any()
    })
}

#[component]
fn List(
    view: Signal<ClusterView>,
    states: Signal<StatesView>,
    fits: Signal<FitsView>,
    chosen: RwSignal<Option<String>>,
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let clock = Clock::here();
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
    let fits_revision = move || format!("Fits revision {}", fits.with(|fits| fits.revision));
    move || {
        if none.get() {
            return view! {
                <Empty icon="savepoint" title="No state yet"
                    text="Stop and Update take a savepoint by themselves, Take savepoint takes one while the job runs on, and the checkpoints of a run stay when it ends."/>
            }
            .into_any();
        }
        view! {
            <div class="grid-frame">
                <table class="grid plain states" role="table" aria-label="States that the job can start from">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="pick"><span class="sr-only">"Chosen"</span></th>
                            <th role="columnheader" scope="col">"State"</th>
                            <th role="columnheader" scope="col">"Kind"</th>
                            <th role="columnheader" scope="col">"Run, revision"</th>
                            <th role="columnheader" scope="col">"Taken"</th>
                            <th role="columnheader" scope="col" class="num">"Size"</th>
                            <th role="columnheader" scope="col">{fits_revision}</th>
                            <th role="columnheader" scope="col"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="8">{move || this_line(&states.get(), clock)}</th></tr>
                        <Each of=mine key=row_of let:state>
                            <State view=view states=states fits=fits state=state may_start=may_start chosen=chosen doomed=doomed/>
                        </Each>
                    </tbody>
                    <tbody role="rowgroup" hidden=move || !any_earlier.get()>
                        <tr role="row" class="group"><th role="rowheader" scope="rowgroup" colspan="8">"Earlier lines: offered, never chosen by themselves"</th></tr>
                        <Each of=earlier key=row_of let:state>
                            <State view=view states=states fits=fits state=state may_start=may_start chosen=chosen doomed=doomed/>
                        </Each>
                    </tbody>
                </table>
            </div>
            <footer class="pager">
                <span>{total}</span>
                <span class="end">"Delete removes the files of a state for good; what a job needs, or would start from, stays."</span>
            </footer>
        }
        .into_any()
    }
}

/// What is written down is drawn anew: it can be deleted then, and says who asked for it.
fn row_of(state: &SnapshotView) -> String {
    format!("{} {}", state.id, state.path)
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
