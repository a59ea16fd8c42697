//! One storage account, and the form of a new one. Both are plain form posts.

use domain::account::{Access, AccountForm, AccountKind};
use domain::policy::Permission;
use domain::view::{AccountView, Tested};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api;
use crate::frame::Me;
use crate::live::Live;
use crate::part::{Crumbs, Declined, Fact, Facts, Field, Follow, Icon, Moment, Notice, PageHead, Tab, Tabs};
use crate::paths;

fn above() -> Vec<(String, String)> {
    vec![("Home".to_owned(), "/".to_owned()), ("Storage".to_owned(), "/storage".to_owned())]
}

/// `/accounts/new?kind=…`: each kind has its own fields.
#[component]
pub(crate) fn NewAccount() -> impl IntoView {
    let query = use_query_map();
    let kind = Memo::new(move |_| {
        query.read().get("kind").and_then(|kind| AccountKind::named(&kind)).unwrap_or(AccountKind::S3)
    });
    let making = ServerAction::<api::NewAccount>::new();
    let refused = move || making.value().get().and_then(Result::err);
    let tabs = AccountKind::ALL.map(|one| {
        view! {
            <Tab href=format!("/accounts/new?kind={}", one.name()) here=Memo::new(move |_| kind.get() == one)>
                {one.title()}
            </Tab>
        }
    });
    let form = move || {
        let kind = kind.get();
        view! {
            <form class="card stack" method="post" action=<api::NewAccount as ServerFn>::url()>
                <input type="hidden" name="back" value="/storage"/>
                <input type="hidden" name="form[kind]" value=kind.name()/>
                <Text id="account-name" name="form[name]" label="Name" value=String::new() required=true hint=name_hint(kind)/>
                <HowToReach kind=kind form=AccountForm::default() new=true/>
                <Text id="account-container" name="container" label="Container" value=String::new() required=true
                    hint="Its first one. It is made, or taken as it is, once all of the above has worked."/>
                <div class="button-row"><button class="button primary"><Icon name="plus"/>"Create account"</button></div>
            </form>
        }
    };
    view! {
        <Crumbs above=above() here="New account"/>
        <PageHead title="New storage account"/>
        {move || refused().map(|error| view! {
            <Declined what="the storage account" done="created" error=error/>
        })}
        <Tabs label="Kind">{tabs}</Tabs>
        {form}
    }
    .into_any()
}

/// `/accounts/{account}`.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.read().get("account").unwrap_or_default());
    let changed = Live::here().any();
    let account = Resource::new(move || (name.get(), changed.get()), |(name, _)| api::account(name));
    let changing = ServerAction::<api::ChangeAccount>::new();
    let deleting = ServerAction::<api::DeleteAccount>::new();
    let testing = ServerAction::<api::TestAccount>::new();
    let refused = move || {
        let not = |error, done| view! { <Declined what="the storage account" done=done error=error/> };
        [
            changing.value().get().and_then(Result::err).map(|error| not(error, "changed")),
            deleting.value().get().and_then(Result::err).map(|error| not(error, "deleted")),
            testing.value().get().and_then(Result::err).map(|error| not(error, "tested")),
        ]
    };
    view! {
        <Crumbs above=above() here=name/>
        <PageHead title=name/>
        {refused}
        <Follow answer=account let:account><Account account=account/></Follow>
    }
    .into_any()
}

#[component]
fn Account(account: Signal<AccountView>) -> impl IntoView {
    let spec = account.with_untracked(|account| account.spec.clone());
    let name = spec.name.to_string();
    let back = format!("/accounts/{name}");
    let owner = Me::here().may_everywhere(Permission::Administer);
    let uses = Me::here().may_somewhere(Permission::UseStorage);
    let users = move || {
        account.with(|account| match account.users.as_slice() {
            [] => "no cluster".to_owned(),
            users => users
                .iter()
                .map(|user| user.as_deref().unwrap_or("one that you do not see"))
                .collect::<Vec<_>>()
                .join(", "),
        })
    };
    let (of, way) = (name.clone(), back.clone());
    let containers = move || {
        account.with(|account| {
        let one = |container: &String| {
            let tested = account.tested.iter().find(|tested| tested.container == *container).cloned();
            let href = paths::storage(&of, container, "");
            let test = uses.then(|| view! {
                <form method="post" action=<api::TestAccount as ServerFn>::url()>
                    <input type="hidden" name="account" value=of.clone()/>
                    <input type="hidden" name="container" value=container.clone()/>
                    <input type="hidden" name="back" value=way.clone()/>
                    <button class="button small" aria-label=format!("Test {container}")>"Test"</button>
                </form>
            });
            view! {
                <li class="stack">
                    <div class="row"><a class="file" href=href><Icon name="folder"/>{container.clone()}</a>{test}</div>
                    {tested.map(|tested| view! { <Outcome tested=tested/> })}
                </li>
            }
        };
        account.containers.iter().map(one).collect_view()
    })
    };
    let change = (owner && spec.kind.is_remote()).then(|| {
        view! {
            <form class="card stack" method="post" action=<api::ChangeAccount as ServerFn>::url()>
                <h2>"How it is reached"</h2>
                <input type="hidden" name="back" value=back/>
                <input type="hidden" name="form[name]" value=name.clone()/>
                <HowToReach kind=spec.kind form=AccountForm::from(&spec) new=false/>
                <div class="button-row"><button class="button">"Change"</button></div>
            </form>
        }
    });
    let delete = owner.then(|| view! {
        <form class="card stack" method="post" action=<api::DeleteAccount as ServerFn>::url()>
            <h2>"Delete"</h2>
            <p>"It is taken out of the portal; what is stored in it stays where it is. An account that a cluster uses stays."</p>
            <input type="hidden" name="name" value=name.clone()/>
            <input type="hidden" name="back" value="/storage"/>
            <div class="button-row"><button class="button danger"><Icon name="trash"/>"Delete account"</button></div>
        </form>
    });
    let endpoint = spec.endpoint.clone().map(|endpoint| view! { <Fact name="Endpoint">{endpoint}</Fact> });
    let by = (spec.access != Access::None)
        .then(|| view! { <Fact name="Signed in to by">{spec.access.title()}</Fact> });
    view! {
        <div class="cards wide-narrow">
            <div class="stack">
                <section class="card">
                    <Facts>
                        <Fact name="Kind">{spec.kind.title()}</Fact>
                        {endpoint}
                        {by}
                        <Fact name="Used by">{users}</Fact>
                    </Facts>
                </section>
                <section class="card stack"><h2>"Containers"</h2><ul class="rows">{containers}</ul></section>
            </div>
            <div class="stack">{change}{delete}</div>
        </div>
    }
}

/// What the last test of a container did.
#[component]
fn Outcome(tested: Tested) -> impl IntoView {
    let failed = tested.steps.iter().find_map(|step| Some((step.step.clone(), step.failed.clone()?)));
    let done: Vec<&str> =
        tested.steps.iter().filter(|step| step.failed.is_none()).map(|step| step.step.as_str()).collect();
    match failed {
        None => view! { <p class="hint">{format!("{} worked, ", done.join(", "))}<Moment at=tested.at/></p> }.into_any(),
        Some((step, why)) => view! {
            <Notice tone="bad" title=format!("{step} failed")><p>{why}</p><p><Moment at=tested.at/></p></Notice>
        }
        .into_any(),
    }
}

/// The fields that say where an account answers and by what it is signed in to.
#[component]
fn HowToReach(kind: AccountKind, form: AccountForm, new: bool) -> impl IntoView {
    let access = Access::named(&form.access).unwrap_or_else(|| usual(kind));
    if !kind.is_remote() {
        return ().into_any();
    }
    let s3 = kind == AccountKind::S3;
    let options = kind.accesses().iter().map(|&one| {
        view! {
            <option value=one.name() selected=one == access>{one.title()}</option>
        }
    });
    let options = options.collect_view();
    let region = s3.then(|| view! {
        <Text id="account-region" name="form[region]" label="Region" value=form.region hint="Empty is us-east-1."/>
        <label class="check">
            <input type="checkbox" name="form[path_style]" value="true" checked=new || !form.path_style.is_empty()/>
            <span>"Containers stand in the path"<small>"As most servers beside Amazon's want it."</small></span>
        </label>
    });
    let key_id = s3.then(|| view! {
        <Text id="account-key-id" name="form[key_id]" label="Access key" value=form.key_id hint="Its id."/>
    });
    let hint = match (new, access) {
        (_, Access::Identity) => "With the machine's own identity, none. It is not tried before a job does.",
        (true, _) => "Kept sealed; shown to nobody.",
        (false, _) => "Empty keeps the one that is there.",
    };
    view! {
        <Text id="account-endpoint" name="form[endpoint]" label="Endpoint" value=form.endpoint
            hint=endpoint_hint(kind)/>
        {region}
        <Field id="account-access" label="Signed in to by">
            <span class="select">
                <select class="input" id="account-access" name="form[access]"
                    aria-describedby="account-access-hint account-access-error">{options}</select>
            </span>
        </Field>
        {key_id}
        <Field id="account-secret" label="Secret" hint=hint>
            <input class="input code" id="account-secret" type="password" name="form[secret]" autocomplete="new-password"
                aria-describedby="account-secret-hint account-secret-error"/>
        </Field>
    }
    .into_any()
}

/// A field with one line of text.
#[component]
fn Text(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    value: String,
    hint: &'static str,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    view! {
        <Field id=id label=label optional=!required hint=hint>
            <input class="input" id=id name=name value=value required=required autocomplete="off" spellcheck="false"
                aria-describedby=format!("{id}-hint {id}-error")/>
        </Field>
    }
}

fn usual(kind: AccountKind) -> Access {
    kind.accesses().first().copied().unwrap_or_default()
}

fn name_hint(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Abfs | AccountKind::Wasb => "The account's own name at Azure.",
        AccountKind::Local => "A folder of that name beside the others of this portal.",
        AccountKind::S3 | AccountKind::Gs => "What it is called here.",
    }
}

fn endpoint_hint(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::S3 => "Where it answers, such as http://127.0.0.1:9000. Empty is Amazon's.",
        AccountKind::Gs => {
            "Empty is Google's. With one of its own nobody is asked who he is, as stand-ins in tests do."
        }
        _ => "Empty is Azure's own. Azurite: http://127.0.0.1:10000/devstoreaccount1.",
    }
}
