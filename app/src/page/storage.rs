//! The storage browser: accounts, containers, folders, files.

mod account;
mod ask;
mod plain;
mod upload;

pub(crate) use account::{AccountPage, NewAccount};
pub(crate) use ask::DeleteFile;
pub(crate) use upload::Upload;

use domain::account::AccountKind;
use domain::free_space::{self, FreeSpace};
use domain::name::ContainerName;
use domain::offer::StorageAccount;
use domain::policy::Permission;
use domain::view::{Entry, EntryKind, Listing};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api;
use crate::frame::Me;
use crate::live::Live;
use crate::part::{
    Copy, Crumbs, Declined, Each, Empty, Fact, Facts, Follow, Icon, Moment, Notice, PageHead, Say,
};
use crate::{paths, words};
use plain::{PlainUpload, UploadSavepoint};

/// Account, container, and the folder in it.
pub(crate) type Path = (String, String, String);

/// `/storage`: every account with its containers.
#[component]
pub(crate) fn Accounts() -> impl IntoView {
    let changed = Live::here().any();
    let accounts = Resource::new(move || changed.get(), |_| api::accounts());
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Storage"/>
        <PageHead title="Storage">
            <p>"Where jars, checkpoints and savepoints are kept."</p>
        </PageHead>
        {Me::here().may_everywhere(Permission::Administer).then(|| view! {
            <p class="ways"><a class="button" href="/accounts/new"><Icon name="plus"/>"New account"</a></p>
        })}
        <Follow answer=accounts let:accounts>
            <Each of=accounts key=|account: &StorageAccount| account.name.clone() let:account>
                <Account account=account/>
            </Each>
        </Follow>
    }
    .into_any()
}

#[component]
fn Account(account: Signal<StorageAccount>) -> impl IntoView {
    let name = account.with_untracked(|account| account.name.clone());
    let about = move || {
        account.with(|account| {
            let count = words::count(account.containers.len(), "container", "containers");
            format!("{} account, {count}", account.kind)
        })
    };
    // Nobody counts what lies behind a network, nor holds it to a quota.
    let local = account.with_untracked(|account| account.kind == AccountKind::Local.name());
    let room = Signal::derive(move || account.with(|account| account.free_space));
    let containers = Signal::derive(move || account.with(|account| account.containers.clone()));
    let own = name.clone();
    let item = move |container: Signal<String>| {
        let container = container.get_untracked();
        let href = paths::storage(&own, &container, "");
        view! { <li><a class="file" href=href><Icon name="folder"/>{container}</a></li> }
    };
    let action = <api::NewContainer as leptos::server_fn::ServerFn>::url();
    let making = ServerAction::<api::NewContainer>::new();
    let refused = move || making.value().get().and_then(Result::err);
    let id = format!("new-{name}");
    view! {
        <section class="card">
            <header>
                <h2><a href=paths::account(&name)>{name.clone()}</a></h2>
                <small>{about}</small>
            </header>
            {local.then(|| view! { <Holds account=name.clone() room=room/> })}
            <ul class="rows"><Each of=containers key=String::clone children=item/></ul>
            {move || refused().map(|error| view! {
                <Declined what="the container" done="made" error=error/>
            })}
            <form method="post" action=action class="row">
                <input type="hidden" name="account" value=name/>
                <input type="hidden" name="back" value="/storage"/>
                <label class="sr-only" for=id.clone()>"Name of a new container"</label>
                <input class="input" id=id name="container" placeholder="Name of a new container" autocomplete="off" required=true/>
                <button class="button"><Icon name="plus"/>"New container"</button>
            </form>
        </section>
    }
}

/// How much an account holds and may hold; an owner sets it.
#[component]
fn Holds(account: String, room: Signal<FreeSpace>) -> impl IntoView {
    let quota = move || match room.get() {
        FreeSpace { used, quota: Some(quota), .. } => {
            format!("{} of {}", words::bytes(used), words::bytes(quota))
        }
        FreeSpace { used, .. } => format!("{}; no quota", words::bytes(used)),
    };
    let disk =
        move || room.with(|room| format!("{} of {}", words::bytes(room.free), words::bytes(room.disk)));
    let name = account.clone();
    let full = move || {
        let why = room.with(|room| room.too_little(&name))?;
        Some(view! { <Notice tone="bad" title="Nothing new finds room"><p>{why}</p></Notice> })
    };
    let action = <api::SetQuota as leptos::server_fn::ServerFn>::url();
    let setting = ServerAction::<api::SetQuota>::new();
    let refused = move || setting.value().get().and_then(Result::err);
    let id = format!("quota-{account}");
    let set = Me::here().may_everywhere(Permission::Administer).then(|| view! {
        {move || refused().map(|error| view! { <Declined what="the quota" done="set" error=error/> })}
        <form method="post" action=action class="row">
            <input type="hidden" name="account" value=account/>
            <input type="hidden" name="back" value="/storage"/>
            <label class="sr-only" for=id.clone()>"Quota in GB; empty for none"</label>
            <input class="input" id=id name="quota" inputmode="decimal" placeholder="Quota in GB; empty for none"
                value=free_space::quota_text(room.get_untracked().quota) autocomplete="off"/>
            <button class="button">"Set quota"</button>
        </form>
    });
    view! {
        <Facts>
            <Fact name="Holds">{quota}</Fact>
            <Fact name="Free on the disk">{disk}</Fact>
        </Facts>
        {full}
        {set}
    }
}

/// `/storage/{account}/{container}/…`: what stands at a path.
#[component]
pub(crate) fn Storage() -> impl IntoView {
    let params = use_params_map();
    let here = Memo::new(move |_| {
        let part = |name| params.read().get(name).unwrap_or_default();
        (part("account"), part("container"), part("path").trim_matches('/').to_owned())
    });
    let again = RwSignal::new(0_u32);
    let changed = Live::here().any();
    let query = use_query_map();
    let after = Memo::new(move |_| query.read().get("after").unwrap_or_default());
    let listing = Resource::new(
        move || (here.get(), after.get(), again.get(), changed.get()),
        |((account, container, path), after, ..)| api::list(account, container, path, after),
    );
    let refused = Memo::new(move |_| query.read().get("refused"));
    let text = Memo::new(move |_| query.read().get("text").unwrap_or_default());
    let say = Say::here();
    let done = Callback::new(move |entry: Entry| {
        let hint = entry.hint().map(|hint| format!(". {hint}")).unwrap_or_default();
        say.say(true, format!("{} is uploaded", entry.name), words::bytes(entry.size) + &hint);
        again.try_update(|count| *count += 1);
    });
    let head = move || {
        let (account, container, path) = here.get();
        if ContainerName::try_from(container.as_str()).is_err() {
            let storage = ("Storage".to_owned(), "/storage".to_owned());
            return view! { <Crumbs above=vec![storage] here="Not here"/><PageHead title="Not here"/> }
                .into_any();
        }
        let title = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&container).to_owned();
        let mut above = vec![("Storage".to_owned(), "/storage".to_owned())];
        let mut at = Vec::new();
        for name in std::iter::once(container.as_str()).chain(path.split('/').filter(|name| !name.is_empty()))
        {
            at.push(name.to_owned());
            above.push((name.to_owned(), paths::storage(&account, &container, &at[1..].join("/"))));
        }
        above.pop();
        let address = format!("abfs://{container}@{account}.dfs.core.windows.net/{path}");
        view! {
            <Crumbs above=above here=title.clone()/>
            <PageHead title=title>
                <p class="code">{address.clone()}" "<Copy text=address what="the address"/></p>
            </PageHead>
        }
        .into_any()
    };
    view! {
        {head}
        <div class="cards wide-narrow">
            <div class="stack">
                <form class="control filter" method="get" role="search">
                    <Icon name="search"/>
                    <input class="input" type="search" name="text" value=move || text.get() aria-label="Filter by name"
                        placeholder="Filter by name" autocomplete="off"/>
                </form>
                <Follow answer=listing let:listing><Entries listing=listing text=text/></Follow>
            </div>
            <div class="stack">
                {move || refused.get().map(|why| view! {
                    <Notice tone="bad" title="Not everything was uploaded"><p>{why}</p></Notice>
                })}
                <Upload place=here on_done=done plain=move || view! { <PlainUpload place=here/> }/>
                {Me::here().may_somewhere(Permission::UseStorage).then(|| view! { <UploadSavepoint place=here/> })}
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Entries(listing: Signal<Listing>, text: Memo<String>) -> impl IntoView {
    let none = Memo::new(move |_| listing.with(|listing| listing.entries.is_empty()));
    // Each with its folder: of the same name in another one, it is another entry.
    let entries = Memo::new(move |_| {
        let text = text.with(|text| text.to_lowercase());
        listing.with(|listing| {
            let place = (listing.account.clone(), listing.container.clone(), listing.path.clone());
            let found = listing.entries.iter().filter(|entry| entry.name.to_lowercase().contains(&text));
            found.map(|entry| (place.clone(), entry.clone())).collect::<Vec<_>>()
        })
    });
    let count = move || {
        let count = words::count(entries.with(Vec::len), "entry", "entries");
        let truncated = listing.with(|listing| listing.truncated);
        if truncated { format!("the first {count}; filter or open a folder") } else { count }
    };
    let next = move || {
        let address = listing.with(|listing| {
            let here = paths::storage(&listing.account, &listing.container, &listing.path);
            listing.next.as_ref().map(|next| format!("{here}?after={}", paths::encode(next)))
        })?;
        Some(view! { <a class="button small" href=address>"Next page"</a> })
    };
    move || {
        if none.get() {
            return view! {
                <Empty icon="folder" title="Nothing is here yet"
                    text="Upload a jar, and name its address when you create a cluster."/>
            }
            .into_any();
        }
        view! {
            <div class="grid-frame">
                <table class="grid plain" role="grid">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader">"Name"</th>
                            <th role="columnheader" class="num">"Size"</th>
                            <th role="columnheader">"Changed"</th>
                            <th role="columnheader"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <Each of=entries key=|one: &(Path, Entry)| one.1.address.clone() let:one><Row one=one/></Each>
                    </tbody>
                </table>
            </div>
            <nav class="pager" aria-label="Entries"><span>{count}</span>{next}</nav>
        }
        .into_any()
    }
}

#[component]
fn Row(one: Signal<(Path, Entry)>) -> impl IntoView {
    let ((account, container, path), entry) = one.get_untracked();
    let inside = if path.is_empty() { entry.name.clone() } else { format!("{path}/{}", entry.name) };
    let is_file = entry.kind == EntryKind::File;
    let (icon, note) = match entry.kind {
        EntryKind::Savepoint => ("savepoint", Some("a savepoint")),
        EntryKind::File if entry.name.ends_with(".jar") => ("jar", None),
        EntryKind::File => ("file", None),
        EntryKind::Folder => ("folder", None),
    };
    let file = paths::file(&account, &container, &inside);
    let href = if is_file { file.clone() } else { paths::storage(&account, &container, &inside) };
    let whole = match entry.kind {
        EntryKind::File => Some(file),
        EntryKind::Savepoint if !entry.name.starts_with("chk-") => {
            Some(paths::archive(&account, &container, &inside))
        }
        EntryKind::Savepoint | EntryKind::Folder => None,
    };
    let download = whole.map(|href| view! {
        <a class="icon-button" href=href download="" rel="external" aria-label=format!("Download {}", entry.name)>
            <Icon name="download"/>
        </a>
    });
    let ask = format!(
        "{}&back={}",
        paths::delete_file(&account, &container, &inside),
        paths::encode(&paths::storage(&account, &container, &path))
    );
    view! {
        <tr role="row">
            <td role="gridcell" data-phone="name">
                <a class="name file" href=href rel=is_file.then_some("external") download=is_file.then_some("")>
                    <Icon name=icon/><span class="truncate">{entry.name.clone()}</span>
                </a>
                {note.map(|note| view! { <small>{note}</small> })}
                {move || one.with(|one| one.1.hint()).filter(|_| is_file).map(|hint| view! { <small>{hint}</small> })}
            </td>
            <td role="gridcell" class="num" data-phone="plot">
                {move || if is_file { words::bytes(one.with(|one| one.1.size)) } else { "–".to_owned() }}
            </td>
            <td role="gridcell" data-phone="state">
                {move || match one.with(|one| one.1.modified) {
                    Some(at) => view! { <Moment at=at/> }.into_any(),
                    None => "–".into_any(),
                }}
            </td>
            <td role="gridcell" class="actions" data-phone="note">
                <Copy text=entry.address what="the address"/>
                {download}
                <a class="icon-button" href=ask aria-label=format!("Delete {}", entry.name)><Icon name="trash"/></a>
            </td>
        </tr>
    }
}
