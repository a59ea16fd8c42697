//! `/clusters/{id}/update`: a new revision of a cluster's job: the form, what changes, which state is used, the checks.
//! Without script the address holds what was typed, and every button asks the same page again.

mod typed;

use domain::form::{ClusterForm, Tab};
use domain::id::ClusterId;
use domain::spec::{Change, changes};
use domain::state::State;
use domain::view::ClusterView;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::create::fields::Go;
use super::create::{Checks, Filling, Gives, JarLook, Job, settled};
use crate::api::{self, ApiError, UpdateView};
use crate::part::{Crumbs, Diff, Icon, Notice, PageHead, Trouble, Waiting};
use crate::{place, words};

/// The page.
#[component]
pub(crate) fn Update() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let id = params.read().get("id").unwrap_or_default();
        let mut typed = typed::form(&query.read());
        if let (Some(form), Some(go)) = (&mut typed, query.read().get("go")) {
            Go::named(&go).turn(form);
        }
        (id, typed)
    });
    let updating = Resource::new(
        move || asked.get(),
        |(id, typed)| async move {
            match id.parse::<ClusterId>() {
                Ok(id) => api::updating(id, typed).await,
                Err(_) => {
                    Err(domain::refusal::Refusal::NotFound("There is no such cluster.".to_owned()).into())
                }
            }
        },
    );
    let stateless =
        move || query.read().get("stateless").is_some_and(|value| value == "1" || value == "true");
    let content = move || {
        Suspend::new(async move {
            match updating.await {
                Ok(updating) => {
                    let looked = query.read_untracked().get("go").is_some();
                    view! { <Form updating=updating stateless=stateless() looked=looked/> }.into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }.into_any()
}

/// `/clusters/{id}/again`: a draft with everything that a cluster was created with.
#[component]
pub(crate) fn Again() -> impl IntoView {
    let params = use_params_map();
    let draft = Resource::new(
        move || params.read().get("id").unwrap_or_default(),
        |id| async move {
            match id.parse::<ClusterId>() {
                Ok(id) => api::draft_of(id).await,
                Err(_) => {
                    Err(domain::refusal::Refusal::NotFound("There is no such cluster.".to_owned()).into())
                }
            }
        },
    );
    let content = move || {
        Suspend::new(async move {
            match draft.await {
                Ok((pool, id)) => {
                    let tabs = "basics.configuration.tags";
                    view! { <Redirect path=place::draft(&pool, id, Tab::Configuration, tabs)/> }.into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }.into_any()
}

#[component]
fn Form(updating: UpdateView, stateless: bool, looked: bool) -> impl IntoView {
    let UpdateView { view, context, form, errors, jar, key } = updating;
    let (cluster, name, pool) = (view.row.cluster, view.row.name.clone(), view.row.pool_name.clone());
    let shown = Signal::derive(move || if looked { vec![Tab::Configuration] } else { Vec::new() });
    let filling = Filling::new(form.clone(), context, errors, shown);
    let look = JarLook::new(filling, Some(jar), Vec::new());
    let word = if stateless { "Stateless update" } else { "Update" };
    let lead = if stateless {
        "The present run ends, the new revision starts without state."
    } else {
        "The job is stopped with a savepoint, and the new revision starts from it."
    };

    // Checked when it was asked for, and in the browser when typing pauses.
    let checked = RwSignal::new(looked.then(|| form.clone()));
    settled(Signal::from(filling.form), 1000, move |form: ClusterForm| checked.set(Some(form)));
    Effect::new(move |_| {
        if checked.with_untracked(Option::is_none) {
            checked.set(Some(filling.form.get_untracked()));
        }
    });
    let report = Resource::new(
        move || checked.get(),
        move |form| {
            let pool = pool.clone();
            async move {
                match form {
                    Some(form) => Some(api::preflight(pool, form, Some(cluster)).await),
                    None => None,
                }
            }
        },
    );
    let checks = move || {
        Suspend::new(async move {
            let field = Callback::new(|field: String| format!("#{}", super::create::fields::id(&field)));
            match report.await {
                None => view! { <p class="quiet">"Not checked yet."</p> }.into_any(),
                Some(Ok(report)) => view! { <Checks report=report field=field/> }.into_any(),
                Some(Err(error)) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    let refused = RwSignal::new(None::<ApiError>);
    let posted = ServerAction::<api::Update>::new();
    let refusal = move || refused.get().or_else(|| posted.value().get().and_then(Result::err));
    let asking = RwSignal::new(false);
    let navigate = use_navigate();
    let (submitted_key, action) = (key.clone(), <api::Update as leptos::server_fn::ServerFn>::url());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let pressed = event.submitter().and_then(|button| button.get_attribute("value")).unwrap_or_default();
        if pressed != "update" {
            let go = Go::named(&pressed);
            if matches!(go, Go::Add(_) | Go::Remove(..)) {
                filling.form.update(|form| go.turn(form));
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
        leptos::task::spawn_local(async move {
            let form = filling.form.get_untracked();
            match api::update(cluster, stateless, form, key, String::new()).await {
                Ok(operation) => navigate(&place::operation(operation), Default::default()),
                Err(error) => refused.set(Some(error)),
            }
            asking.try_set(false);
        });
    };
    view! {
        <Crumbs above=vec![("Flink Jobs".into(), "/jobs".into()), (name.clone(), place::cluster(cluster, ""))] here=word/>
        <PageHead title=format!("{word} {name}")><p>{lead}</p></PageHead>
        {move || refusal().map(|error| view! {
            <Notice tone="bad" title="The update was not accepted"><p>{error.to_string()}</p></Notice>
        })}
        <form class="stack" method="get" on:submit=submit novalidate=true>
            <button class="sr-only" tabindex="-1" aria-hidden="true" name="go" value="check">"Check"</button>
            <input type="hidden" name="cluster" value=cluster.to_string()/>
            <input type="hidden" name="key" value=key/>
            {stateless.then(|| view! { <input type="hidden" name="stateless" value="true"/> })}
            <div class="columns form">
                <div class="form">
                    <Job filling=filling look=look new=false/>
                    <section class="form-section" aria-labelledby="s-changes">
                        <h2 id="s-changes">"What changes "<small>{format!("revision {} → {}", view.row.revision, view.row.revision + 1)}</small></h2>
                        <Changes filling=filling view=view.clone()/>
                        <Figures view=view stateless=stateless/>
                    </section>
                    <section class="form-section" aria-labelledby="s-checks">
                        <h2 id="s-checks">"Checks"</h2>
                        <Transition fallback=|| view! { <Waiting/> }>{checks}</Transition>
                    </section>
                    <footer class="form-foot">
                        <a class="button" href=place::cluster(cluster, "")>"Leave it as it is"</a>
                        <button class="button" name="go" value="check">"Check again"</button>
                        <button class="button primary" formmethod="post" formaction=action name="back" value="update"
                            aria-busy=move || asking.get().then_some("true")>
                            <Icon name="update"/>{word}
                        </button>
                    </footer>
                </div>
                <Gives filling=filling/>
            </div>
        </form>
    }
}

/// What differs from the present revision.
#[component]
fn Changes(filling: Filling, view: ClusterView) -> impl IntoView {
    let spec = StoredValue::new(view.spec);
    let found = Memo::new(move |_| {
        let options = filling.options.read();
        let new = filling.form.with(|form: &ClusterForm| {
            filling.context.with_value(|context| form.validate(context, &options))
        });
        new.ok().map(|new| spec.with_value(|old| changes(old, &new)))
    });
    move || {
        match found.get() {
        None => view! { <p class="quiet">"The form has errors; once they are mended, this shows what changes."</p> }.into_any(),
        Some(changes) if changes.is_empty() => {
            view! { <p class="quiet">"Nothing in the form. The jar is read again from its address."</p> }.into_any()
        }
        Some(changes) => {
            let lines = changes.into_iter().map(|Change { what, from, to }| {
                (what, from.unwrap_or_default(), to.unwrap_or_default())
            });
            let lines: Vec<_> = lines.collect();
            view! { <Diff changes=lines/> }.into_any()
        }
    }
    }
}

/// Which state is used, and how long no job is running.
#[component]
fn Figures(view: ClusterView, stateless: bool) -> impl IntoView {
    let about =
        view.checkpoint_size.map(|size| format!(", about {}", words::bytes(size))).unwrap_or_default();
    let state = match view.row.state {
        _ if stateless => "None, starts fresh".to_owned(),
        State::Stopped => "The last savepoint".to_owned(),
        _ => format!("New savepoint{about}"),
    };
    let downtime = match (view.downtimes.iter().min(), view.downtimes.iter().max()) {
        (Some(least), Some(most)) if words::millis(*least) == words::millis(*most) => words::millis(*most),
        (Some(least), Some(most)) => format!("{} to {}", words::millis(*least), words::millis(*most)),
        _ => "Not known yet".to_owned(),
    };
    let from = match view.downtimes.len() {
        0 => "no update so far".to_owned(),
        count => format!("from {}", words::count(count, "update", "updates")),
    };
    view! {
        <div class="figures">
            <div><span>"State"</span><b>{state}</b></div>
            <div><span>"Time without a running job"</span><b>{downtime}</b>" "<small>{from}</small></div>
        </div>
    }
}
