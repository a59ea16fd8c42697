//! The create form: its tabs, its draft, and the one HTML form that each tab is. With script nothing is posted:
//! what is typed is validated at once, kept on the server when typing pauses, and the tabs change in place.

mod basics;
mod browse;
mod configuration;
mod debounce;
mod form_state;
mod gives;
mod input;
mod jar;
mod keep;
mod program;
mod review;
mod rows;
mod script;
mod summary;

pub(crate) use configuration::Job;
pub(crate) use debounce::debounced;
pub(crate) use form_state::FormState;
pub(crate) use gives::Gives;
pub(crate) use jar::JarLook;
pub(crate) use review::{Checks, Validating};

use domain::form::Tab;
use domain::id::DraftId;
use domain::pool::PoolPath;
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use crate::api::{self, ApiError, CreationView};
use crate::fields::{Go, tabs_named, with_tab};
use crate::page::pool_here;
use crate::part::{Crumbs, Declined, Icon, Moment, PageHead, Tabs, Trouble, Waiting};
use crate::paths::{tab_name, tab_named};
use crate::{paths, words};
pub(crate) use basics::TagRows;
use basics::{Basics, Tags};
use configuration::Configuration;
use keep::Keep;
use review::Review;

/// `/pools/{subscription}/{group}/{pool}/new`: begins a draft and goes on with it.
#[component]
pub(crate) fn NewCluster() -> impl IntoView {
    let pool = pool_here();
    let draft = Resource::new(move || pool.get(), new_draft);
    let content = move || {
        Suspend::new(async move {
            match draft.await {
                Ok((pool, id)) => {
                    view! { <Redirect path=paths::draft(&pool, id, Tab::Basics, "")/> }.into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }.into_any()
}

async fn new_draft(pool: Option<PoolPath>) -> Result<(PoolPath, DraftId), ApiError> {
    let pool = pool.ok_or_else(|| Refusal::NotFound("There is no such pool.".to_owned()))?;
    let id = api::new_draft(pool.clone()).await?;
    Ok((pool, id))
}

/// `/pools/{subscription}/{group}/{pool}/new/{draft}`: the form.
#[component]
pub(crate) fn Create() -> impl IntoView {
    let params = use_params_map();
    let draft = Memo::new(move |_| params.read().get("draft").unwrap_or_default());
    let creation = Resource::new(
        move || draft.get(),
        |draft| async move {
            match draft.parse::<DraftId>() {
                Ok(id) => api::creation(id).await,
                Err(_) => Err(Refusal::NotFound("There is no such draft.".to_owned()).into()),
            }
        },
    );
    let content = move || {
        Suspend::new(async move {
            match creation.await {
                Ok(creation) => view! { <Form creation=creation/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }.into_any()
}

#[component]
fn Form(creation: CreationView) -> impl IntoView {
    let CreationView { context, draft, errors, jar, savepoints, others } = creation;
    let (id, pool) = (draft.id, StoredValue::new(draft.pool.clone()));
    let query = use_query_map();
    let tab =
        Memo::new(move |_| query.read().get("tab").and_then(|name| tab_named(&name)).unwrap_or(Tab::Basics));
    let shown = Memo::new(move |_| query.read().get("shown").unwrap_or_default());
    let tabs = Signal::derive(move || tabs_named(&shown.get()));
    let filling = FormState::new(draft.form, context, errors, tabs);
    filling.follow_name(draft.pool.clone());
    let look = JarLook::new(filling, jar, savepoints);
    let keep = Keep::new(id, filling, draft.saved);
    let creating = RwSignal::new(false);
    let refused = RwSignal::new(None::<ApiError>);
    let posted = ServerAction::<api::CreateStep>::new();
    let refusal = move || refused.get().or_else(|| posted.value().get().and_then(Result::err));

    let navigate = use_navigate();
    let lead = move |place: String| navigate(&place, Default::default());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let go = Go::named(&pressed(&event));
        match go {
            Go::Add(_) | Go::Remove(..) => filling.form.update(|form| go.apply(form)),
            Go::To(next) => {
                keep.now();
                let shown = with_tab(&shown.get_untracked(), tab.get_untracked(), next);
                lead(pool.with_value(|pool| paths::draft(pool, id, next, &shown)));
            }
            Go::Stay => keep.now(),
            Go::Create if creating.get_untracked() => {}
            Go::Create => {
                creating.set(true);
                refused.set(None);
                let (lead, form) = (lead.clone(), filling.form.get_untracked());
                leptos::task::spawn_local(async move {
                    match api::create(id, form).await {
                        Ok(operation) => lead(paths::operation(operation)),
                        Err(error) => {
                            refused.try_set(Some(error));
                        }
                    }
                    creating.try_set(false);
                });
            }
        }
    };
    let body = move || match tab.get() {
        Tab::Basics => view! { <Basics filling=filling/> }.into_any(),
        Tab::Configuration => view! { <Configuration filling=filling look=look/> }.into_any(),
        Tab::Tags => view! { <Tags filling=filling/> }.into_any(),
        Tab::Review => view! { <Review filling=filling id=id creating=creating/> }.into_any(),
    };
    let links = move || {
        Tab::ALL.map(|one| {
            let here = tab.get() == one;
            let shown = with_tab(&shown.get(), tab.get(), one);
            let href = pool.with_value(|pool| paths::draft(pool, id, one, &shown));
            view! {
                <a href=href aria-current=here.then_some("step")><Mark filling=filling tab=one/>{one.word()}</a>
            }
        })
    };
    let pool_name = draft.pool.name().to_owned();
    let action = <api::CreateStep as ServerFn>::url();
    let saved = move || match keep.trouble() {
        Some(error) => view! { <b>{format!("Not kept: {error}")}</b> }.into_any(),
        None => view! { "saved "<Moment at=keep.saved() seconds=true/>"." }.into_any(),
    };
    view! {
        <Crumbs above=vec![("Cluster pools".into(), "/pools".into()), (draft.pool.name().to_owned(), paths::pool(&draft.pool))]
            here="New cluster"/>
        <PageHead title="New cluster">
            <p>"In pool "<b>{pool_name}</b>". Your entries are kept as a draft; "{saved}</p>
        </PageHead>
        <Others drafts=others/>
        <Tabs label="Steps">{links}</Tabs>
        {move || refusal().map(|error| view! {
            <Declined what="the cluster" done="created" error=error/>
        })}
        <form class="stack" method="post" action=action on:submit=submit novalidate=true>
            <input type="hidden" name="draft" value=id.to_string()/>
            <input type="hidden" name="tab" value=move || tab_name(tab.get())/>
            <input type="hidden" name="shown" value=move || shown.get()/>
            // Enter in a field presses the first button of a form.
            <button class="sr-only" tabindex="-1" aria-hidden="true" name="go" value=move || onward(tab.get())>"Go on"</button>
            {body}
        </form>
    }
}

/// The value of the button that was pressed.
fn pressed(event: &leptos::ev::SubmitEvent) -> String {
    event.submitter().and_then(|button| button.get_attribute("value")).unwrap_or_default()
}

/// What Enter does: the next tab, but it never creates.
fn onward(tab: Tab) -> &'static str {
    match tab {
        Tab::Basics => "configuration",
        Tab::Configuration => "tags",
        Tab::Tags => "review",
        Tab::Review => "stay",
    }
}

/// A tab's mark: a tick, or how many errors it has.
#[component]
fn Mark(filling: FormState, tab: Tab) -> impl IntoView {
    move || match filling.mark(tab).filter(|_| tab != Tab::Review) {
        None => ().into_any(),
        Some(0) => view! { <Icon name="check" tone="good"/> }.into_any(),
        Some(count) => view! {
            <span class="status" data-state="failed">
                {count}<span class="sr-only">{if count == 1 { " error" } else { " errors" }}</span>
            </span>
        }
        .into_any(),
    }
}

/// Drafts that were begun before, to go on with or to drop.
#[component]
fn Others(drafts: Vec<domain::view::DraftView>) -> impl IntoView {
    if drafts.is_empty() {
        return ().into_any();
    }
    let many = words::count(drafts.len(), "other draft", "other drafts");
    let items = drafts.into_iter().map(|draft| {
        let name =
            if draft.form.name.is_empty() { "No name yet".to_owned() } else { draft.form.name.clone() };
        let drop = <api::DropDraft as ServerFn>::url();
        view! {
            <li>
                <a href=paths::draft(&draft.pool, draft.id, Tab::Basics, "") rel="external">{name.clone()}</a>
                <span class="quiet"><Moment at=draft.saved/></span>
                <form method="post" action=drop>
                    <input type="hidden" name="id" value=draft.id.to_string()/>
                    <input type="hidden" name="back" value=paths::create(&draft.pool)/>
                    <button class="button small" aria-label=format!("Drop the draft {name}")>"Drop"</button>
                </form>
            </li>
        }
    });
    view! {
        <details>
            <summary class="quiet">{many}</summary>
            <ul class="rows">{items.collect_view()}</ul>
        </details>
    }
    .into_any()
}
