//! Key vaults: the list, and one vault with its secrets, who uses them and who read them.

use domain::policy::Permission;
use domain::vault::{SecretReading, SecretVersion, SecretView, VaultLine, VaultView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use crate::api;
use crate::clock::Clock;
use crate::frame::Me;
use crate::part::{
    Act, Cell, Crumbs, Declined, Fact, Facts, Input, Kind, Moment, Notice, PageHead, PlainForm, Table,
    Trouble, Waiting,
};
use crate::paths;
use crate::words::count;

/// What a vault does not keep.
const ONLY_SECRETS: &str = "A key vault keeps secrets. Keys and certificates are not kept in it.";

/// The list, and the form of a new one.
#[component]
pub(super) fn Vaults() -> impl IntoView {
    let vaults = Resource::new(|| (), |()| api::vaults());
    let making = ServerAction::<api::NewVault>::new();
    let refused = move || making.value().get().and_then(Result::err);
    let content = move || {
        Suspend::new(async move {
            match vaults.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(vaults) if vaults.is_empty() => {
                    view! { <p>"None. "{ONLY_SECRETS}" A job names one as "<code>"${vault/secret}"</code>"."</p> }.into_any()
                }
                Ok(vaults) => {
                    let rows = vaults.into_iter().map(line).collect();
                    view! { <Table heads=&["Name", "Holds", "Used by", "Made", "By"] rows=rows/> }.into_any()
                }
            }
        })
    };
    let form = Me::here().may_everywhere(Permission::Administer).then(|| {
        let name = Input::new("name", "Name", "Small letters, digits and hyphens, up to 24.", Kind::Needed);
        view! {
            <PlainForm id="new-vault" title="New key vault" action={<api::NewVault as ServerFn>::url()}
                hidden=vec![("back", paths::RESOURCES.to_owned())] inputs=vec![name] button="Make the key vault"/>
        }
    });
    view! {
        <section class="stack" aria-labelledby="s-vaults">
            <h2 id="s-vaults">"Key vaults"</h2>
            {move || refused().map(|error| view! { <Declined what="the key vault" done="made" error=error/> })}
            <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
            {form}
        </section>
    }
}

fn line(vault: VaultLine) -> Vec<Cell> {
    vec![
        Cell::Link(paths::vault(&vault.name), vault.name),
        Cell::Text(count(vault.secrets as usize, "secret", "secrets")),
        Cell::Text(count(vault.clusters as usize, "cluster", "clusters")),
        Cell::At(Some(vault.made), ""),
        Cell::Text(vault.made_by),
    ]
}

/// `/vaults/:vault`.
#[component]
pub(crate) fn Vault() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("vault").unwrap_or_default()));
    let found = Resource::new(move || name.get(), api::vault);
    let content = move || {
        Suspend::new(async move {
            match found.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(vault) => view! { <Content vault=vault/> }.into_any(),
            }
        })
    };
    view! { <Refused/><Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }.into_any()
}

/// What a form without script was refused for.
#[component]
fn Refused() -> impl IntoView {
    let writing = ServerAction::<api::WriteSecret>::new();
    let changing = ServerAction::<api::ChangeSecret>::new();
    let deleting = ServerAction::<api::DeleteSecret>::new();
    let whole = ServerAction::<api::DeleteVault>::new();
    let written = move || writing.value().get().and_then(Result::err);
    let changed = move || changing.value().get().and_then(Result::err);
    let deleted = move || deleting.value().get().and_then(Result::err);
    let gone = move || whole.value().get().and_then(Result::err);
    view! {
        {move || written().map(|error| view! { <Declined what="the secret" done="written" error=error/> })}
        {move || changed().map(|error| view! { <Declined what="the secret" done="changed" error=error/> })}
        {move || deleted().map(|error| view! { <Declined what="the secret" done="deleted" error=error/> })}
        {move || gone().map(|error| view! { <Declined what="the key vault" done="deleted" error=error/> })}
    }
}

#[component]
fn Content(vault: VaultView) -> impl IntoView {
    let rows: Vec<_> = vault.secrets.iter().flat_map(|secret| lines(&vault, secret)).collect();
    let rows = if rows.is_empty() {
        view! { <p>"No secret yet."</p> }.into_any()
    } else {
        view! {
            <Table heads=&["Secret", "State", "Expires", "Written as", "Written", "Used by", ""] rows=rows/>
        }
        .into_any()
    };
    let VaultView { name, made, made_by, readings, administers, secrets } = vault;
    let names = secrets.into_iter().map(|secret| (secret.name.clone(), secret.name)).collect::<Vec<_>>();
    let read = administers.then(|| view! { <Readings readings=readings/> });
    let forms = administers.then(|| view! { <Forms vault=name.clone() names=names/> });
    view! {
        <Crumbs above=vec![("Resources".to_owned(), paths::RESOURCES.to_owned())] here=name.clone()/>
        <PageHead title=name>
            <p>"Key vault. "{ONLY_SECRETS}</p>
        </PageHead>
        <Facts>
            <Fact name="Made"><Moment at=made/>" by "{made_by}</Fact>
        </Facts>
        <section class="stack" aria-labelledby="s-secrets">
            <h2 id="s-secrets">"Secrets"</h2>
            <p class="hint">
                "A value is shown to nobody. A job that names a secret in its options or arguments is given it by its next \
                 launch; without a version it is the newest enabled one."
            </p>
            {rows}
        </section>
        {forms}
        {read}
    }
}

/// A line for each version, the newest first; the first one has the secret's own facts.
fn lines(vault: &VaultView, secret: &SecretView) -> Vec<Vec<Cell>> {
    let own = secret.versions.iter().enumerate();
    own.map(|(at, version)| line_of(vault, secret, version, at == 0)).collect()
}

fn line_of(vault: &VaultView, secret: &SecretView, version: &SecretVersion, first: bool) -> Vec<Cell> {
    let number = version.number;
    let text = if first {
        format!("${{{}/{}}}", vault.name, secret.name)
    } else {
        format!("${{{}/{}/{number}}}", vault.name, secret.name)
    };
    let state = match (version.enabled, secret.meant(Some(number), Clock::here().now_untracked()).is_ok()) {
        (false, _) => "Disabled",
        (true, true) => "Enabled",
        (true, false) => "Expired",
    };
    let used = secret.used_by.iter().map(|(id, name)| (paths::cluster(*id, ""), name.clone())).collect();
    let word = if version.enabled { "Disable" } else { "Enable" };
    let change = Act {
        action: <api::ChangeSecret as ServerFn>::url(),
        fields: vec![
            ("vault", vault.name.clone()),
            ("secret", secret.name.clone()),
            ("version", number.to_string()),
            ("enabled", (!version.enabled).to_string()),
            ("expires", version.expires.map(|at| at.to_string()).unwrap_or_default()),
            ("back", paths::vault(&vault.name)),
        ],
        word,
        label: format!("{word} {} version {number}", secret.name),
    };
    let acts = if vault.administers { vec![change] } else { Vec::new() };
    vec![
        Cell::Code(text),
        Cell::Text(state.to_owned()),
        Cell::At(version.expires, "never"),
        Cell::Text(format!("version {number} by {}", version.made_by)),
        Cell::At(Some(version.made), ""),
        if first { Cell::Links(used) } else { Cell::Text(String::new()) },
        Cell::Acts(acts),
    ]
}

#[component]
fn Forms(vault: String, names: Vec<(String, String)>) -> impl IntoView {
    let inputs = vec![
        Input::new(
            "secret",
            "Secret",
            "Letters, digits and hyphens. One that is there gets a new version.",
            Kind::Needed,
        ),
        Input::new(
            "value",
            "Value",
            "Kept sealed, given to the jobs that name it, and shown to nobody.",
            Kind::Secret { needed: true },
        ),
        Input::new("expires", "Expires", "A day such as 2027-01-31; empty for never.", Kind::Optional),
    ];
    let back = paths::vault(&vault);
    let delete = <api::DeleteVault as ServerFn>::url();
    let hidden = vec![("vault", vault.clone()), ("back", back.clone())];
    let there = (!names.is_empty()).then(|| {
        let states = [("true", "Enabled"), ("false", "Disabled")];
        let states = states.map(|(value, word)| (value.to_owned(), word.to_owned())).to_vec();
        let version = Input::new("version", "Version", "", Kind::Needed).holding("1");
        let change = vec![
            Input::new("secret", "Secret", "", Kind::Choice(names.clone())),
            version,
            Input::new("enabled", "State", "", Kind::Choice(states)),
            Input::new("expires", "Expires", "A day such as 2027-01-31; empty for never.", Kind::Optional),
        ];
        let delete = vec![Input::new("secret", "Secret", "It goes with all its versions.", Kind::Choice(names))];
        view! {
            <PlainForm id="change-secret" title="Change a version" action={<api::ChangeSecret as ServerFn>::url()}
                hidden=hidden.clone() inputs=change button="Change it"/>
            <PlainForm id="delete-secret" title="Delete a secret" action={<api::DeleteSecret as ServerFn>::url()}
                hidden=hidden inputs=delete button="Delete it"/>
        }
    });
    view! {
        <PlainForm id="write-secret" title="Write a secret" action={<api::WriteSecret as ServerFn>::url()}
            hidden=vec![("vault", vault.clone()), ("back", back)] inputs=inputs button="Write it"/>
        {there}
        <Notice tone="warn" title="Delete this key vault">
            <p>"It goes with all its secrets, unless a cluster names one of them."</p>
            <form method="post" action=delete>
                <input type="hidden" name="name" value=vault/>
                <input type="hidden" name="back" value=paths::RESOURCES/>
                <button class="button">"Delete the key vault"</button>
            </form>
        </Notice>
    }
}

#[component]
fn Readings(readings: Vec<SecretReading>) -> impl IntoView {
    let content = if readings.is_empty() {
        view! { <p>"Nobody has read a secret of it yet."</p> }.into_any()
    } else {
        let line = |one: SecretReading| {
            vec![
                Cell::Text(one.what),
                Cell::Text(one.purpose),
                Cell::At(Some(one.at), ""),
                Cell::Text(one.by),
            ]
        };
        let rows = readings.into_iter().map(line).collect();
        view! { <Table heads=&["Secret", "For", "First read for it", "By"] rows=rows/> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="s-readings">
            <h2 id="s-readings">"Last readings"</h2>
            {content}
        </section>
    }
}
