//! What a job starts with: a revision, and the state that it goes on from. What is shown is what is posted.

use domain::id::ClusterId;
use domain::view::{Newest, SnapshotView, StatesView};
use leptos::prelude::*;

use crate::api::{self, OTHER};
use crate::clock::Clock;
use crate::words::{self, bytes};

/// Choices; with one cluster, every state that it can start from is listed, the default first.
#[component]
pub(crate) fn StartChoices(
    /// The cluster, if it is one.
    cluster: Option<ClusterId>,
    /// Empty for the newest of the last line, `fresh`, or a path.
    from: RwSignal<String>,
    /// None for the one that ran well last.
    revision: RwSignal<Option<u32>>,
    /// To go back to an earlier revision.
    #[prop(optional)]
    back: bool,
    /// The job has not ended: what it has now is what it goes on from, or nothing.
    #[prop(optional)]
    runs: bool,
) -> impl IntoView {
    let states = Resource::new(
        move || cluster,
        |cluster| async move {
            match cluster {
                Some(id) => api::states(id).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let listed = move || {
        Suspend::new(async move {
            match states.await {
                Ok(Some(states)) => {
                    let choices = match runs {
                        true => view! { <Own from=from/> }.into_any(),
                        false => view! { <One states=states.clone() from=from/> }.into_any(),
                    };
                    view! { <Revisions states=states revision=revision back=back/>{choices} }.into_any()
                }
                Ok(None) | Err(_) => view! {
                    <fieldset class="choices">
                        <legend>"Start from"</legend>
                        {choice(from, String::new(), "The newest state of the last line".to_owned(),
                            "Each job goes on from its own. One that has none, and older ones, is not started.".to_owned(), None)}
                        {fresh(from)}
                    </fieldset>
                }
                .into_any(),
            }
        })
    };
    view! { <Suspense>{listed}</Suspense> }
}

/// The states of a job at rest alone, for the form of a new revision.
#[component]
pub(crate) fn States(
    /// The cluster.
    cluster: ClusterId,
    /// As for [`StartChoices`].
    from: RwSignal<String>,
) -> impl IntoView {
    let states = Resource::new(|| (), move |()| api::states(cluster));
    let listed = move || {
        Suspend::new(async move { states.await.ok().map(|states| view! { <One states=states from=from/> }) })
    };
    view! { <Suspense>{listed}</Suspense> }
}

/// Which revision.
#[component]
fn Revisions(states: StatesView, revision: RwSignal<Option<u32>>, back: bool) -> impl IntoView {
    if back && revision.get_untracked().is_none() {
        revision.set(states.before());
    }
    let present = revision.get_untracked().unwrap_or(states.revision);
    let options = states.revisions.into_iter().map(|number| {
        let note = match (states.held.contains(&number), number == states.revision) {
            (true, true) => ", ran well last",
            (true, false) => "",
            (false, _) => ", never held",
        };
        view! { <option value=number selected=number == present>{format!("Revision {number}{note}")}</option> }
    });
    view! {
        <div class="field">
            <label for="revision">"Revision"</label>
            <span class="select">
                <select class="input" id="revision" name="start[revision]"
                    on:change=move |event| revision.set(event_target_value(&event).parse().ok())>
                    {options.collect_view()}
                </select>
            </span>
        </div>
    }
}

/// The choices of a job that has not ended.
#[component]
fn Own(from: RwSignal<String>) -> impl IntoView {
    let note =
        "By a savepoint that it takes first, or its newest checkpoint where it cannot take one.".to_owned();
    view! {
        <fieldset class="choices">
            <legend>"Start from"</legend>
            {choice(from, String::new(), "The state that it has".to_owned(), note, None)}
            {fresh(from)}
        </fieldset>
        <p class="quiet">"To start from another state, cancel the job first."</p>
    }
}

#[component]
fn One(states: StatesView, from: RwSignal<String>) -> impl IntoView {
    let clock = Clock::here();
    let newest = match states.newest() {
        Newest::State(state) => Some(state.clone()),
        Newest::Fresh | Newest::Undecided => None,
    };
    let undecided = states.newest() == Newest::Undecided;
    let began = states.states.is_empty();
    let asked = from.get_untracked();
    if asked.is_empty() {
        // What the page shows is what is used, also if another state comes meanwhile.
        from.set(match &newest {
            Some(state) => state.path.clone(),
            None if began => "fresh".to_owned(),
            None => String::new(),
        });
    }
    let damaged = states.damaged().map(|(state, why)| format!("{} cannot be used: {why}", state.title()));
    let line = states.line;
    let note = move |state: &SnapshotView| {
        let size = state.size.map(|size| format!(", {}", bytes(size))).unwrap_or_default();
        let taken = Some(words::taken(state)).filter(|taken| !taken.is_empty());
        let taken = taken.map(|taken| format!(", {taken}")).unwrap_or_default();
        let SnapshotView { at, run, revision, .. } = state;
        // As the clock stands when it is asked: the question does not change under the hand.
        let at = untrack(|| clock.day_time(*at));
        format!("{at}, run {run}, revision {revision}{taken}{size}")
    };
    let item = move |state: &SnapshotView| {
        let word = state.title();
        choice(from, state.path.clone(), word, note(state), state.missing.clone())
    };
    let default = newest.as_ref().map(|state| {
        let word = format!("Goes on from {}", words::state(state, clock.now_untracked()));
        choice(from, state.path.clone(), word, note(state), None)
    });
    let is_default = |state: &&SnapshotView| newest.as_ref().is_none_or(|newest| newest.path != state.path);
    let (mine, earlier): (Vec<_>, Vec<_>) =
        states.states.iter().filter(is_default).partition(|state| Some(state.line) == line);
    // What is chosen is seen.
    let open = undecided || earlier.iter().any(|state| state.path == asked);
    let mine = mine.into_iter().map(item).collect_view();
    let earlier = earlier.into_iter().map(item).collect::<Vec<_>>();
    let earlier = (!earlier.is_empty()).then(|| {
        view! {
            <details open=open>
                <summary>"Earlier lines: offered, never chosen by themselves"</summary>
                {earlier}
            </details>
        }
    });
    let listed = ["", "fresh"].contains(&&*asked) || states.states.iter().any(|one| one.path == asked);
    let other = if listed { String::new() } else { asked };
    view! {
        <fieldset class="choices">
            <legend>"Start from"</legend>
            {damaged.map(|why| view! { <p class="warn">{why}</p> })}
            {undecided.then(|| view! { <p class="warn">"The last run left no state that can be used now. Choose."</p> })}
            {default}{mine}{earlier}
            {fresh(from)}
            <Other from=from path=other/>
        </fieldset>
    }
}

fn fresh(from: RwSignal<String>) -> AnyView {
    choice(
        from,
        "fresh".to_owned(),
        "Fresh".to_owned(),
        "Without any state, as on its first day: a new line.".to_owned(),
        None,
    )
}

/// A state of another cluster, or one that was uploaded: its path, as a person pastes it.
#[component]
fn Other(from: RwSignal<String>, path: String) -> impl IntoView {
    let typed = RwSignal::new(path.clone());
    // Until something is typed it is the word for it, which the portal refuses: never the newest state instead.
    let chosen = move || match typed.with_untracked(|typed| typed.trim().to_owned()) {
        path if path.is_empty() => OTHER.to_owned(),
        path => path,
    };
    let picked = RwSignal::new(!path.is_empty());
    let choose = move || {
        picked.set(true);
        from.set(chosen());
    };
    view! {
        <label class="choice">
            <input type="radio" name=NAME value=OTHER checked=!path.is_empty() prop:checked=move || {
                from.with(|from| picked.get() && *from == chosen())
            } on:change=move |_| choose()/>
            <span>"Another savepoint"<small>"Of another cluster, or one that was uploaded under Storage."</small></span>
        </label>
        <input class="input code" name="start[path]" value=path aria-label="Where the savepoint lies" autocomplete="off"
            spellcheck="false" placeholder="account/container/dir/savepoint, or any address of it"
            on:input=move |event| {
                typed.set(event_target_value(&event));
                choose();
            }/>
    }
}

/// The field, as a form posts it.
const NAME: &str = "start[from]";

/// One state to choose; `missing`: why it cannot be chosen now.
fn choice(
    from: RwSignal<String>,
    value: String,
    word: String,
    note: String,
    missing: Option<String>,
) -> AnyView {
    let (chosen, picked) = (value.clone(), value.clone());
    let note = missing.clone().unwrap_or(note);
    view! {
        <label class="choice">
            <input type="radio" name=NAME value=value checked=from.with_untracked(|from| *from == chosen)
                disabled=missing.is_some() on:change=move |_| from.set(picked.clone())/>
            <span>{word}<small>{note}</small></span>
        </label>
    }
    .into_any()
}
