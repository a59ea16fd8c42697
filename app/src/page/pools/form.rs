//! The form of a pool: a new one, or one that is changed.

use domain::pool::{PoolForm, PoolPath, SizeRow};
use domain::refusal::Finding;
use domain::view::PoolEdit;
use leptos::form::ActionForm;
use leptos::prelude::*;

use crate::api::{self, ApiError};
use crate::page::{NotFound, pool_here};
use crate::part::{Crumbs, Declined, Field, PageHead, Trouble, Waiting};
use crate::paths;

/// Rows for sizes that are not there yet.
const MORE_SIZES: usize = 2;

/// `/pools/new`.
#[component]
pub(crate) fn NewPool() -> impl IntoView {
    view! {
        <Crumbs above=vec![("Cluster pools".into(), "/pools".into())] here="New pool"/>
        <PageHead title="New pool"/>
        <Edited pool=None/>
    }
    .into_any()
}

/// `/pools/{subscription}/{group}/{pool}/change`.
#[component]
pub(crate) fn ChangePool() -> impl IntoView {
    let path = pool_here();
    move || {
        let Some(pool) = path.get() else { return view! { <NotFound/> }.into_any() };
        let name = pool.name().to_owned();
        view! {
            <Crumbs above=vec![("Cluster pools".into(), "/pools".into()), (name.clone(), paths::pool(&pool))] here="Change"/>
            <PageHead title=format!("Change {name}")/>
            <Edited pool=Some(pool)/>
        }
        .into_any()
    }
}

#[component]
fn Edited(pool: Option<PoolPath>) -> impl IntoView {
    let asked = pool.clone();
    let found = Resource::new(|| (), move |()| api::pool_edit(asked.clone()));
    let content = move || {
        let pool = pool.clone();
        Suspend::new(async move {
            match found.await {
                Ok(edit) => view! { <Form pool=pool edit=edit/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }
}

#[component]
fn Form(pool: Option<PoolPath>, edit: PoolEdit) -> impl IntoView {
    let PoolEdit { groups, form, versions, accounts } = edit;
    let saving = ServerAction::<api::SavePool>::new();
    let refused = move || saving.value().get().and_then(Result::err);
    let wrong = Signal::derive(move || match refused() {
        Some(ApiError::Refused(refusal)) => refusal.findings(),
        _ => Vec::new(),
    });
    let done = if pool.is_some() { "changed" } else { "made" };
    let PoolForm {
        name,
        region,
        cpu,
        memory,
        clusters,
        currency,
        versions: offered,
        accounts: lent,
        mut sizes,
    } = form;
    sizes.extend(std::iter::repeat_n(SizeRow::default(), MORE_SIZES));
    let place = match &pool {
        Some(pool) => view! { <input type="hidden" name="pool" value=pool.to_string()/> }.into_any(),
        None => {
            let groups = groups.into_iter().map(|(subscription, group)| {
                view! { <option value=format!("{subscription}/{group}")>{format!("{subscription} / {group}")}</option> }
            });
            let groups = groups.collect_view();
            view! {
                <Field id="group" label="Resource group">
                    <span class="select">
                        <select class="input" id="group" name="group" aria-describedby="group-hint group-error">{groups}</select>
                    </span>
                </Field>
                <Line field="name" label="Name" value=name wrong=wrong
                    hint="Up to 26 letters, digits and hyphens. It cannot be changed later."/>
            }
            .into_any()
        }
    };
    let versions = format!("Separated by commas. There is: {}.", versions.join(", "));
    let accounts = format!("Separated by commas; empty for all. There is: {}.", accounts.join(", "));
    let rows = sizes.into_iter().enumerate().map(|(at, row)| view! { <Size at=at row=row wrong=wrong/> });
    let rows = rows.collect_view();
    view! {
        {move || refused().map(|error| view! { <Declined what="the pool" done=done error=error/> })}
        <ActionForm action=saving attr:class="stack" attr:novalidate=true>
            <section class="card">
                <header><h2>"Place"</h2></header>
                <div class="stack">
                    {place}
                    <Line field="region" label="Region" value=region wrong=wrong hint="In words: where its clusters run."/>
                </div>
            </section>
            <section class="card">
                <header><h2>"Quota"</h2><small>"empty: as much as there is"</small></header>
                <div class="field-row">
                    <Line field="cpu" label="vCPU" value=cpu wrong=wrong/>
                    <Line field="memory" label="Memory, GB" value=memory wrong=wrong/>
                    <Line field="clusters" label="Clusters" value=clusters wrong=wrong/>
                </div>
            </section>
            <section class="card">
                <header><h2>"Offers"</h2></header>
                <div class="stack">
                    <Line field="versions" label="Cluster versions" value=offered wrong=wrong hint=versions/>
                    <Line field="accounts" label="Storage accounts" value=lent wrong=wrong hint=accounts/>
                    <Line field="currency" label="Currency" value=currency wrong=wrong
                        hint="Three letters, such as EUR: what the prices are in."/>
                </div>
            </section>
            <section class="card">
                <header><h2>"Node sizes"</h2><small>"a row without a name is none"</small></header>
                <div class="stack">{rows}</div>
            </section>
            <div class="button-row"><button class="button primary">"Save the pool"</button></div>
        </ActionForm>
    }
}

/// A size: its fields beside each other.
#[component]
fn Size(at: usize, row: SizeRow, wrong: Signal<Vec<Finding>>) -> impl IntoView {
    let field = |side: &str| format!("sizes[{at}].{side}");
    let number = at + 1;
    view! {
        <div class="field-row">
            <Line field=field("name") label=format!("Size {number}") value=row.name wrong=wrong/>
            <Line field=field("cpu") label=format!("vCPU of size {number}") value=row.cpu wrong=wrong/>
            <Line field=field("memory") label=format!("Memory of size {number}, MB") value=row.memory wrong=wrong/>
            <Line field=field("price") label=format!("Price of size {number}") value=row.price wrong=wrong/>
        </div>
    }
}

/// A field with its label, and what is wrong with it.
#[component]
fn Line(
    #[prop(into)] field: String,
    #[prop(into)] label: String,
    value: String,
    #[prop(optional, into)] hint: MaybeProp<String>,
    wrong: Signal<Vec<Finding>>,
) -> impl IntoView {
    let (id, name) = (crate::fields::id(&field), crate::fields::input_name(&field));
    let error = Signal::derive(move || {
        wrong.with(|wrong| wrong.iter().find(|one| one.field == field).map(|one| one.message.clone()))
    });
    view! {
        <Field id=id.clone() label=label hint=hint error=error>
            <input class="input" id=id.clone() name=name value=value autocomplete="off" spellcheck="false"
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=format!("{id}-hint {id}-error")/>
        </Field>
    }
}
