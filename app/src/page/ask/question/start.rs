//! From which state a job starts: the last savepoint, a listed one, or fresh.

use domain::id::ClusterId;
use domain::view::SnapshotView;
use leptos::prelude::*;

use crate::api;
use crate::clock::Clock;
use crate::words::bytes;

/// Choices; with one cluster, its savepoints and checkpoints are listed.
#[component]
pub(super) fn StartChoices(
    /// The cluster, if it is one.
    cluster: Option<ClusterId>,
    /// Empty for the last savepoint, `fresh`, or a path.
    from: RwSignal<String>,
) -> impl IntoView {
    let clock = Clock::here();
    let snapshots = Resource::new(
        move || cluster,
        |cluster| async move {
            match cluster {
                Some(id) => api::snapshots(id).await.unwrap_or_default(),
                None => Vec::new(),
            }
        },
    );
    let choice = move |value: String, word: String, note: String| {
        let chosen = value.clone();
        let picked = value.clone();
        view! {
            <label class="choice">
                <input type="radio" name="from" value=value checked=from.with_untracked(|from| *from == chosen)
                    on:change=move |_| from.set(picked.clone())/>
                <span>{word}<small>{note}</small></span>
            </label>
        }
    };
    let listed = move || {
        Suspend::new(async move {
            let snapshots = snapshots.await;
            let last = match snapshots.iter().find(|snapshot| snapshot.kind == "savepoint") {
                Some(last) => format!("{}, of run {}.", clock.day_time(last.at), last.run),
                None => {
                    "If there is none: the newest state that a failed run left, or else fresh.".to_owned()
                }
            };
            let asked = from.get_untracked();
            let elsewhere =
                !["", "fresh"].contains(&&*asked) && snapshots.iter().all(|one| state_of(one) != asked);
            let elsewhere = elsewhere.then(|| {
                let path = asked.trim_start_matches("checkpoint:").to_owned();
                choice(asked, "A state that is not in this list".to_owned(), path)
            });
            let items = snapshots.into_iter().map(|snapshot| {
                let kind = if snapshot.kind == "checkpoint" { "Checkpoint" } else { "Savepoint" };
                let size = snapshot.size.map(|size| format!(", {}", bytes(size))).unwrap_or_default();
                let note = format!("run {}{size}, {}", snapshot.run, snapshot.why);
                choice(state_of(&snapshot), format!("{kind}, {}", clock.day_time(snapshot.at)), note)
            });
            let items = items.collect_view();
            view! { {choice(String::new(), "The last savepoint".to_owned(), last)}{elsewhere}{items} }
        })
    };
    view! {
        <fieldset class="choices">
            <legend>"Start from"</legend>
            <Suspense>{listed}</Suspense>
            {choice("fresh".to_owned(), "Fresh".to_owned(), "Without any state, as on its first day.".to_owned())}
        </fieldset>
    }
}

/// A savepoint or checkpoint as the form posts it.
pub(crate) fn state_of(snapshot: &SnapshotView) -> String {
    if snapshot.kind == "checkpoint" {
        format!("checkpoint:{}", snapshot.path)
    } else {
        snapshot.path.clone()
    }
}
