//! `/clusters/{id}/update`: a new revision of a cluster's job: the form, what changes, which state is used, the checks.
//! Without script every button posts the form: a draft keeps what was typed, and the page is asked for again with it.

mod again;
mod changes;
mod press;
mod unclaimed;

use domain::action::Action;
use domain::form::Tab;
use domain::id::{ClusterId, DraftId};
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::create::{Checks, FormState, Gives, JarLook, Job, TagRows, Validating};
use crate::api::{self, ApiError, UpdateView};
use crate::fields::Go;
use crate::page::ask::States;
use crate::part::{Check, Crumbs, Declined, PageHead, Trouble, Waiting};
use crate::paths;
use changes::{Changes, Figures};
use press::{Press, why_not};
use unclaimed::Unclaimed;

pub(crate) use again::Again;

/// The page.
#[component]
pub(crate) fn Update() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let id = params.read().get("id").unwrap_or_default();
        let read = |name: &str| query.read().get(name);
        let draft = read("draft").and_then(|draft| draft.parse::<DraftId>().ok());
        (id, draft, read("like").and_then(|revision| revision.parse::<u32>().ok()))
    });
    let updating = Resource::new(
        move || asked.get(),
        |(id, draft, like)| async move {
            match id.parse::<ClusterId>() {
                Ok(id) => api::updating(id, draft, like).await,
                Err(_) => Err(Refusal::NotFound("There is no such cluster.".to_owned()).into()),
            }
        },
    );
    let action = move || {
        let named = query.read().get("action").and_then(|name| Action::named(&name));
        named.filter(|action| action.updates()).unwrap_or(Action::Update)
    };
    let probation_off =
        move || query.read_untracked().get("probation").is_some_and(|probation| probation == "off");
    // What was typed was typed into the form of that revision, whatever is the present one now.
    let base =
        move || query.read_untracked().get("revision").and_then(|revision| revision.parse::<u32>().ok());
    let content = move || {
        Suspend::new(async move {
            match updating.await {
                Ok(updating) => {
                    let go = query.read_untracked().get("go");
                    let (looked, check) = (go.is_some(), go.is_some_and(|go| go == "check"));
                    let base = base().unwrap_or(updating.view.row.revision);
                    view! { <Form updating=updating base=base action=action() looked=looked check=check off=probation_off()/> }
                        .into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }.into_any()
}

/// What becomes of the job, in a sentence.
fn lead(action: Action, rests: bool) -> &'static str {
    match (action, rests) {
        (Action::StatelessUpdate, true) => "The new revision starts without state.",
        (Action::StatelessUpdate, false) => "The present run ends, the new revision starts without state.",
        (_, true) => "The new revision starts from the state that is chosen here.",
        (Action::LastStateUpdate, false) => {
            "The present run ends without a savepoint, and the new revision starts from its newest checkpoint."
        }
        (_, false) => {
            "The job is stopped with a savepoint, and the new revision starts from it; one that does not hold goes back."
        }
    }
}

#[component]
fn Form(
    updating: UpdateView,
    base: u32,
    action: Action,
    /// A button was pressed, without script.
    looked: bool,
    /// It was the one that checks.
    check: bool,
    /// Its probation is off at first.
    off: bool,
) -> impl IntoView {
    let UpdateView { view, context, form, errors, jar, key, draft, from, refused } = updating;
    let (cluster, name, pool) = (view.row.cluster, view.row.name.clone(), view.row.pool_path.clone());
    let shown = Signal::derive(move || if looked { vec![Tab::Configuration, Tab::Tags] } else { Vec::new() });
    let filling = FormState::new(form.clone(), context, errors, shown);
    let look = JarLook::new(filling, Some(jar), Vec::new());
    let (word, stateless) = (action.word(), action == Action::StatelessUpdate);
    let title = if action == Action::Update { format!("Update {name}") } else { format!("{word} of {name}") };
    let rests = view.row.state.at_rest();
    let from = RwSignal::new(from);
    let off = RwSignal::new(off);
    let lead = lead(action, rests);

    let asking = RwSignal::new(false);
    // Checked when somebody asks for it: the job's main runs then, and not whenever typing pauses.
    let checked = RwSignal::new(check.then(|| form.clone()));
    let report = Resource::new(
        move || checked.get(),
        move |form| {
            let pool = pool.clone();
            async move {
                let form = form?;
                let report = api::preflight(pool, form.clone(), draft, Some(cluster), stateless).await;
                Some((form, report))
            }
        },
    );
    let checks = move || {
        Suspend::new(async move {
            let field = Callback::new(|field: String| format!("#{}", crate::fields::id(&field)));
            match report.await {
                None => (move || match checked.get() {
                    None => view! { <NotChecked/> }.into_any(),
                    Some(_) => view! { <Validating/> }.into_any(),
                })
                .into_any(),
                Some((then, Ok(report))) => {
                    let changed = Memo::new(move |_| *filling.form.read() != then);
                    let stale = move || changed.get().then(|| view! { <Changed/> });
                    view! {
                        {stale}
                        <div hidden=move || changed.get()><Checks report=report field=field/></div>
                    }
                    .into_any()
                }
                Some((_, Err(error))) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    let press = move || {
        Suspend::new(async move {
            let found = report.await;
            let going = move || checked.with(Option::is_some);
            let refused = Memo::new(move |_| why_not(&found, going(), &filling.form.read()));
            view! { <Press word=word refused=refused asking=asking/> }
        })
    };
    let pressing = move || view! { <Press word=word refused=why_not(&None, true, &form) asking=asking/> };
    let checking = RwSignal::new(false);
    let refused = (!refused.is_empty()).then_some(ApiError::Refused(Refusal::InvalidSpec(refused)));
    let refused = RwSignal::new(refused);
    let posted = ServerAction::<api::UpdateStep>::new();
    let refusal = move || refused.get().or_else(|| posted.value().get().and_then(Result::err));
    let step = <api::UpdateStep as ServerFn>::url();
    let navigate = use_navigate();
    let submitted_key = key.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let pressed = event.submitter().and_then(|button| button.get_attribute("value")).unwrap_or_default();
        if pressed != "update" {
            let go = Go::named(&pressed);
            if matches!(go, Go::Add(_) | Go::Remove(..)) {
                filling.form.update(|form| go.apply(form));
            } else if checked
                .with_untracked(|checked| checked.as_ref() == Some(&*filling.form.read_untracked()))
            {
                report.refetch(); // what the form names may have changed
            } else {
                checked.set(Some(filling.form.get_untracked()));
            }
            return;
        }
        if asking.get_untracked() {
            return;
        }
        asking.set(true);
        refused.set(None);
        let (navigate, key) = (navigate.clone(), submitted_key.clone());
        let (form, from) = (filling.form.get_untracked(), from.get_untracked());
        let probation_off = off.get_untracked() && !rests;
        leptos::task::spawn_local(async move {
            let start = api::UpdateStart { from, probation_off, ..Default::default() };
            match api::update(cluster, base, action, start, form, key, draft).await {
                Ok(operation) => navigate(&paths::operation(operation), Default::default()),
                Err(error) => {
                    refused.try_set(Some(error));
                }
            }
            asking.try_set(false);
        });
    };
    view! {
        <Crumbs above=vec![("Flink Jobs".into(), "/jobs".into()), (name, paths::cluster(cluster, ""))] here=word/>
        <PageHead title=title><p>{lead}</p></PageHead>
        {move || refusal().map(|error| view! {
            <Declined what="the update" done="accepted" error=error>
                <a href=paths::update(cluster, action) rel="external">"Begin again"</a>
            </Declined>
        })}
        <form class="stack" method="post" action=step on:submit=submit novalidate=true>
            <button class="sr-only" tabindex="-1" aria-hidden="true" name="go" value="check">"Check"</button>
            <input type="hidden" name="cluster" value=cluster.to_string()/>
            <input type="hidden" name="base[revision]" value=base/>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name="base[draft]" value=draft.map(|draft| draft.to_string()).unwrap_or_default()/>
            <input type="hidden" name="action" value=action.name()/>
            <div class="columns form">
                <div class="form">
                    <Job filling=filling look=look new=false/>
                    <TagRows filling=filling/>
                    <section class="form-section" aria-labelledby="s-changes">
                        <h2 id="s-changes">"What changes "<small>{format!("revision {} → {}", view.row.revision, view.row.revision + 1)}</small></h2>
                        <Changes filling=filling look=look view=view.clone()/>
                        <Figures view=view action=action/>
                        {(rests && !stateless).then(|| view! { <States cluster=cluster from=from/> })}
                        {(!rests).then(|| view! { <ProbationOff off=off/> })}
                    </section>
                    <section class="form-section" aria-labelledby="s-checks">
                        <h2 id="s-checks">"Checks"</h2>
                        <Transition fallback=|| view! { <Waiting/> } set_pending=checking>{checks}</Transition>
                        {(!stateless).then(|| view! { <Unclaimed filling=filling/> })}
                    </section>
                    <footer class="form-foot">
                        <a class="button" href=paths::cluster(cluster, "")>"Leave it as it is"</a>
                        <button class="button" name="go" value="check" aria-busy=move || checking.get().then_some("true")>
                            {move || if checked.with(Option::is_some) { "Check again" } else { "Check" }}
                        </button>
                        <Transition fallback=pressing>{press}</Transition>
                    </footer>
                </div>
                <Gives filling=filling/>
            </div>
        </form>
    }
}

/// Whether the new revision has to hold first. At rest nothing runs that could run again.
#[component]
fn ProbationOff(off: RwSignal<bool>) -> impl IntoView {
    view! {
        <Check name="start[probation_off]" label="With its probation off" ticked=off
            hint="It has succeeded as soon as its job has come up, and does not go back by itself when it fails after that."/>
    }
}

/// Before the first check.
#[component]
fn NotChecked() -> impl IntoView {
    view! {
        <p class="quiet">
            "Not checked yet. Check runs the job's main as far as its job graph; the update itself does so too, and is \
             refused if it is certain to fail."
        </p>
    }
}

/// What was checked is not what stands in the form any more.
#[component]
fn Changed() -> impl IntoView {
    view! { <p class="quiet" role="status">"Changed since the last check. Check again to see whether it still holds."</p> }
}
