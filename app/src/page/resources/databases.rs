//! SQL databases: the list, and one with its place, and a test that really connects.

use domain::database::{SqlDatabase, Tls};
use domain::policy::Permission;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api;
use crate::frame::Me;
use crate::part::{
    Cell, Crumbs, Declined, Fact, Facts, Field, Input, Kind, Notice, PageHead, PlainForm, Table, Trouble,
    Waiting,
};
use crate::paths;

/// The list, and the form of a new one.
#[component]
pub(super) fn Databases() -> impl IntoView {
    let databases = Resource::new(|| (), |()| api::databases());
    let making = ServerAction::<api::NewDatabase>::new();
    let refused = move || making.value().get().and_then(Result::err);
    let content = move || {
        Suspend::new(async move {
            match databases.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(databases) if databases.is_empty() => {
                    view! { <p>"None. A Hive catalog keeps its tables' names in a PostgreSQL database."</p> }
                        .into_any()
                }
                Ok(databases) => {
                    let line = |one: SqlDatabase| {
                        let href = paths::database(&one.name);
                        vec![
                            Cell::Link(href, one.name),
                            Cell::Text(one.database),
                            Cell::Text(format!("{}:{}", one.host, one.port)),
                            Cell::Text(one.tls.name().to_owned()),
                        ]
                    };
                    let rows = databases.into_iter().map(line).collect();
                    view! { <Table heads=&["Name", "Database", "Server", "TLS"] rows=rows/> }.into_any()
                }
            }
        })
    };
    let form = Me::here().may_everywhere(Permission::Administer).then(|| {
        let hint = "As clusters name it: small letters, digits and hyphens.";
        let name = Input::new("name", "Name", hint, Kind::Needed);
        let inputs = std::iter::once(name).chain(place(None)).collect();
        view! {
            <PlainForm id="new-database" title="New SQL database" about="PostgreSQL"
                action={<api::NewDatabase as ServerFn>::url()}
                hidden=vec![("back", paths::RESOURCES.to_owned())] inputs=inputs button="Name the database"/>
        }
    });
    view! {
        <section class="stack" aria-labelledby="s-databases">
            <h2 id="s-databases">"SQL databases"</h2>
            {move || refused().map(|error| view! { <Declined what="the SQL database" done="made" error=error/> })}
            <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
            {form}
        </section>
    }
}

/// The fields of where it is.
fn place(now: Option<&SqlDatabase>) -> [Input; 4] {
    let tls =
        Tls::ALL.map(|tls| (tls.name().to_owned(), format!("{}, {}", tls.name(), tls.words()))).to_vec();
    let (host, database) = now.map_or(("", ""), |now| (&now.host, &now.database));
    let port = now.map_or_else(|| "5432".to_owned(), |now| now.port.to_string());
    let mode = now.map_or(Tls::VerifyFull, |now| now.tls).name();
    [
        Input::new("host", "Host", "", Kind::Needed).holding(host),
        Input::new("port", "Port", "", Kind::Needed).holding(&port),
        Input::new("database", "Database", "Its name on that server.", Kind::Needed).holding(database),
        Input::new("tls", "TLS", "", Kind::Choice(tls)).holding(mode),
    ]
}

/// `/databases/:database`; with `?user=…&secret=…` it is tested.
#[component]
pub(crate) fn Database() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("database").unwrap_or_default()));
    let found = Resource::new(move || name.get(), api::database);
    let changing = ServerAction::<api::ChangeDatabase>::new();
    let deleting = ServerAction::<api::DeleteDatabase>::new();
    let changed = move || changing.value().get().and_then(Result::err);
    let deleted = move || deleting.value().get().and_then(Result::err);
    let content = move || {
        Suspend::new(async move {
            match found.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(database) => view! { <Content database=database/> }.into_any(),
            }
        })
    };
    view! {
        {move || changed().map(|error| view! { <Declined what="the SQL database" done="changed" error=error/> })}
        {move || deleted().map(|error| view! { <Declined what="the SQL database" done="deleted" error=error/> })}
        <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
        <Tested name=name/>
    }
    .into_any()
}

#[component]
fn Content(database: SqlDatabase) -> impl IntoView {
    let name = database.name.clone();
    let back = paths::database(&name);
    let own = name.clone();
    let forms = Me::here().may_everywhere(Permission::Administer).then(|| {
        let hidden = vec![("name", own.clone()), ("back", back)];
        view! {
            <PlainForm id="change-database" title="Change" action={<api::ChangeDatabase as ServerFn>::url()}
                hidden=hidden inputs=place(Some(&database)).into() button="Save"/>
            <Notice tone="warn" title="Delete this SQL database">
                <p>"The portal forgets where it is. What lies in it stays there."</p>
                <form method="post" action={<api::DeleteDatabase as ServerFn>::url()}>
                    <input type="hidden" name="name" value=own/>
                    <input type="hidden" name="back" value=paths::RESOURCES/>
                    <button class="button">"Delete the SQL database"</button>
                </form>
            </Notice>
        }
    });
    view! {
        <Crumbs above=vec![("Resources".to_owned(), paths::RESOURCES.to_owned())] here=name.clone()/>
        <PageHead title=name>
            <p>"SQL database. User and password are given where it is used."</p>
        </PageHead>
        <Facts>
            <Fact name="Server">{format!("PostgreSQL at {}:{}", database.host, database.port)}</Fact>
            <Fact name="Database">{database.database.clone()}</Fact>
            <Fact name="TLS">{format!("{}, {}", database.tls.name(), database.tls.words())}</Fact>
        </Facts>
        {forms}
    }
}

/// The form of a test, which its own address asks, and what came of it.
#[component]
fn Tested(name: Memo<String>) -> impl IntoView {
    if !Me::here().may_everywhere(Permission::Administer) {
        return ().into_any();
    }
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let part = |name| query.read().get(name).unwrap_or_default();
        (name.get(), part("user"), part("secret"))
    });
    let found = Resource::new(
        move || asked.get(),
        |(name, user, secret)| async move {
            if user.is_empty() && secret.is_empty() {
                return None;
            }
            Some(api::test_database(name, user, secret).await)
        },
    );
    let content = move || {
        Suspend::new(async move {
            let report = match found.await? {
                Err(error) => {
                    return Some(
                        view! { <Declined what="the SQL database" done="reached" error=error/> }.into_any(),
                    );
                }
                Ok(report) => report,
            };
            let (tone, title) = match report.wrong() {
                None => ("good", "A metastore can work there"),
                Some(_) => ("bad", "A metastore cannot work there"),
            };
            let (words, wrong) = (report.words(), report.wrong());
            Some(view! { <Notice tone=tone title=title><p>{words}" "{wrong}</p></Notice> }.into_any())
        })
    };
    let (_, user, secret) = asked.get_untracked();
    view! {
        <form class="card" method="get">
            <header><h2>"Test"</h2><small>"connects for real, within 10 seconds"</small></header>
            <div class="stack">
                <Field id="test-user" label="User">
                    <input class="input code" id="test-user" name="user" value=user required autocomplete="off"
                        aria-describedby="test-user-hint test-user-error"/>
                </Field>
                <Field id="test-secret" label="Password" hint="The secret of a key vault that holds it: vault/secret.">
                    <input class="input code" id="test-secret" name="secret" value=secret required autocomplete="off"
                        spellcheck="false" aria-describedby="test-secret-hint test-secret-error"/>
                </Field>
                <div class="button-row"><button class="button">"Test"</button></div>
                <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
            </div>
        </form>
    }
    .into_any()
}
