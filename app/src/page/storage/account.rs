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
use crate::part::{
    Act, Cell, Crumbs, Declined, Fact, Facts, Follow, Icon, Input, Kind, Notice, PageHead, PlainForm, Tab,
    Table, Tabs,
};
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
        let mut inputs = vec![Input::new("form[name]", "Name", name_hint(kind), Kind::Needed)];
        inputs.extend(reached(kind, &AccountForm::default(), true));
        let hint = "Its first one. It is made, or taken as it is, once all of the above has worked.";
        inputs.push(Input::new("container", "Container", hint, Kind::Needed));
        let hidden = vec![("back", "/storage".to_owned()), ("form[kind]", kind.name().to_owned())];
        view! {
            <PlainForm id="account" title=kind.title() action={<api::NewAccount as ServerFn>::url()} hidden=hidden
                inputs=inputs button="Create account"/>
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
        {move || view! { <Crumbs above=above() here=name.get()/> }}
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
    let line = move |container: &String, tested: Option<&Tested>| {
        let test = || Act {
            action: <api::TestAccount as ServerFn>::url(),
            fields: vec![("account", of.clone()), ("container", container.clone()), ("back", way.clone())],
            word: "Test",
            label: format!("Test {container}"),
        };
        vec![
            Cell::Link(paths::storage(&of, container, ""), container.clone()),
            Cell::Text(tested.map(outcome).unwrap_or_default()),
            Cell::At(tested.map(|tested| tested.at), "never"),
            Cell::Acts(uses.then(test).into_iter().collect()),
        ]
    };
    let containers = move || {
        account.with(|account| {
            let tested =
                |container: &String| account.tested.iter().find(|tested| tested.container == *container);
            account.containers.iter().map(|container| line(container, tested(container))).collect()
        })
    };
    let change = (owner && spec.kind.is_remote()).then(|| {
        let hidden = vec![("back", back), ("form[name]", name.clone())];
        let inputs = reached(spec.kind, &AccountForm::from(&spec), false);
        view! {
            <PlainForm id="account" title="How it is reached" action={<api::ChangeAccount as ServerFn>::url()}
                hidden=hidden inputs=inputs button="Change"/>
        }
    });
    let delete = owner.then(|| {
        view! {
            <Notice tone="warn" title="Delete this storage account">
                <p>"It is taken out of the portal; what is stored in it stays where it is. An account that a cluster uses stays."</p>
                <form method="post" action={<api::DeleteAccount as ServerFn>::url()}>
                    <input type="hidden" name="name" value=name.clone()/>
                    <input type="hidden" name="back" value="/storage"/>
                    <button class="button danger"><Icon name="trash"/>"Delete account"</button>
                </form>
            </Notice>
        }
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
                <section class="card">
                    <header><h2>"Containers"</h2></header>
                    {move || view! { <Table heads=&["Container", "Last test", "When", ""] rows=containers()/> }}
                </section>
            </div>
            <div class="stack">{change}{delete}</div>
        </div>
    }
}

/// What the last test of a container did.
fn outcome(tested: &Tested) -> String {
    let failed =
        tested.steps.iter().find_map(|step| Some(format!("{} failed: {}", step.step, step.failed.as_ref()?)));
    failed.unwrap_or_else(|| {
        let done: Vec<&str> = tested.steps.iter().map(|step| step.step.as_str()).collect();
        format!("{} worked", done.join(", "))
    })
}

/// The fields that say where an account answers and by what it is signed in to.
fn reached(kind: AccountKind, form: &AccountForm, new: bool) -> Vec<Input> {
    if !kind.is_remote() {
        return Vec::new();
    }
    let access = Access::named(&form.access).unwrap_or_else(|| usual(kind));
    let s3 = kind == AccountKind::S3;
    let accesses =
        kind.accesses().iter().map(|one| (one.name().to_owned(), one.title().to_owned())).collect();
    let styles =
        [("true", "in the path, as most servers beside Amazon's want it"), ("", "in the host's name")];
    let styles = styles.map(|(value, words)| (value.to_owned(), words.to_owned())).into();
    let style = if new { "true" } else { &form.path_style };
    let secret = match (new, access) {
        (_, Access::Identity) => "With the machine's own identity, none. It is not tried before a job does.",
        (true, _) => "Kept sealed; shown to nobody.",
        (false, _) => "Empty keeps the one that is there.",
    };
    let by_key =
        s3.then(|| Input::new("form[key_id]", "Access key", "Its id.", Kind::Optional).holding(&form.key_id));
    let mut inputs = vec![
        Input::new("form[endpoint]", "Endpoint", endpoint_hint(kind), Kind::Optional).holding(&form.endpoint),
    ];
    if s3 {
        inputs.push(
            Input::new("form[region]", "Region", "Empty is us-east-1.", Kind::Optional).holding(&form.region),
        );
        inputs.push(
            Input::new("form[path_style]", "A container's name stands", "", Kind::Choice(styles))
                .holding(style),
        );
    }
    inputs.push(
        Input::new("form[access]", "Signed in to by", "", Kind::Choice(accesses)).holding(access.name()),
    );
    inputs.extend(by_key);
    inputs.push(Input::new("form[secret]", "Secret", secret, Kind::Secret { needed: false }));
    inputs
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
