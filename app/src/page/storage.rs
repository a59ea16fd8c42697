//! The storage browser: accounts, containers, folders, files.

mod ask;
mod plain;
mod upload;

pub(crate) use ask::DeleteFile;
pub(crate) use upload::Upload;

use domain::name::ContainerName;
use domain::policy::Deed;
use domain::room::{self, Room};
use domain::view::{AccountView, Entry, EntryKind, Listing};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api;
use crate::frame::Me;
use crate::live::Live;
use crate::part::{
    Copy, Crumbs, Declined, Empty, Fact, Facts, Icon, Moment, Notice, PageHead, Say, Trouble, Waiting,
};
use crate::{place, words};
use plain::PlainUpload;

/// Account, container, and the folder in it.
pub(crate) type Path = (String, String, String);

/// `/storage`: every account with its containers.
#[component]
pub(crate) fn Accounts() -> impl IntoView {
    let accounts = Resource::new(|| (), |()| api::accounts());
    let content = move || {
        Suspend::new(async move {
            match accounts.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(accounts) => {
                    accounts.into_iter().map(|one| view! { <Account account=one/> }).collect_view().into_any()
                }
            }
        })
    };
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Storage"/>
        <PageHead title="Storage">
            <p>"Where jars, checkpoints and savepoints are kept."</p>
        </PageHead>
        <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
    }
    .into_any()
}

#[component]
fn Account(account: AccountView) -> impl IntoView {
    let name = account.name;
    let count = words::count(account.containers.len(), "container", "containers");
    let items = account.containers.into_iter().map(|container| {
        let href = place::storage(&name, &container, "");
        view! { <li><a class="file" href=href><Icon name="folder"/>{container}</a></li> }
    });
    let items = items.collect_view();
    let action = <api::NewContainer as leptos::server_fn::ServerFn>::url();
    let making = ServerAction::<api::NewContainer>::new();
    let refused = move || making.value().get().and_then(Result::err);
    let id = format!("new-{name}");
    view! {
        <section class="card">
            <header><h2>{name.clone()}</h2><small>{format!("{} account, {count}", account.kind)}</small></header>
            <Holds account=name.clone() room=account.room/>
            <ul class="rows">{items}</ul>
            {move || refused().map(|error| view! {
                <Declined what="the container" done="made" error=error/>
            })}
            <form method="post" action=action class="row">
                <input type="hidden" name="account" value=name.clone()/>
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
fn Holds(account: String, room: Room) -> impl IntoView {
    let quota = match room.quota {
        Some(quota) => format!("{} of {}", words::bytes(room.used), words::bytes(quota)),
        None => format!("{}; no quota", words::bytes(room.used)),
    };
    let disk = format!("{} of {}", words::bytes(room.free), words::bytes(room.disk));
    let full = room.too_little(&account);
    let action = <api::SetQuota as leptos::server_fn::ServerFn>::url();
    let setting = ServerAction::<api::SetQuota>::new();
    let refused = move || setting.value().get().and_then(Result::err);
    let id = format!("quota-{account}");
    let set = Me::here().may(Deed::Administer).then(|| view! {
        {move || refused().map(|error| view! { <Declined what="the quota" done="set" error=error/> })}
        <form method="post" action=action class="row">
            <input type="hidden" name="account" value=account/>
            <input type="hidden" name="back" value="/storage"/>
            <label class="sr-only" for=id.clone()>"Quota in GB; empty for none"</label>
            <input class="input" id=id name="quota" inputmode="decimal" placeholder="Quota in GB; empty for none"
                value=room::quota_text(room.quota) autocomplete="off"/>
            <button class="button">"Set quota"</button>
        </form>
    });
    view! {
        <Facts>
            <Fact name="Holds">{quota}</Fact>
            <Fact name="Free on the disk">{disk}</Fact>
        </Facts>
        {full.map(|why| view! { <Notice tone="bad" title="Nothing new finds room"><p>{why}</p></Notice> })}
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
    let listing = Resource::new(
        move || (here.get(), again.get(), changed.get()),
        |((account, container, path), ..)| api::list(account, container, path),
    );
    let query = use_query_map();
    let refused = Memo::new(move |_| query.read().get("refused"));
    let text = Memo::new(move |_| query.read().get("text").unwrap_or_default());
    let say = Say::here();
    let done = Callback::new(move |entry: Entry| {
        say.say(true, format!("{} is uploaded", entry.name), words::bytes(entry.size));
        again.update(|count| *count += 1);
    });
    let content = move || {
        Suspend::new(async move {
            match listing.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(listing) => view! { <Entries listing=listing text=text.get()/> }.into_any(),
            }
        })
    };
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
            above.push((name.to_owned(), place::storage(&account, &container, &at[1..].join("/"))));
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
                <Transition fallback=|| view! { <Waiting/> }>{content}</Transition>
            </div>
            <div class="stack">
                {move || refused.get().map(|why| view! {
                    <Notice tone="bad" title="Not everything was uploaded"><p>{why}</p></Notice>
                })}
                <Upload place=here on_done=done plain=move || view! { <PlainUpload place=here/> }/>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Entries(listing: Listing, text: String) -> impl IntoView {
    let Listing { account, container, path, entries, truncated } = listing;
    if entries.is_empty() {
        return view! {
            <Empty icon="folder" title="Nothing is here yet"
                text="Upload a jar, and name its address when you create a cluster."/>
        }
        .into_any();
    }
    let text = text.to_lowercase();
    let entries: Vec<Entry> =
        entries.into_iter().filter(|entry| entry.name.to_lowercase().contains(&text)).collect();
    let count = words::count(entries.len(), "entry", "entries");
    let count = if truncated { format!("the first {count}; filter or open a folder") } else { count };
    let place = (account, container, path);
    let rows =
        entries.into_iter().map(|entry| view! { <Row place=place.clone() entry=entry/> }).collect_view();
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
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <nav class="pager" aria-label="Entries"><span>{count}</span></nav>
    }
    .into_any()
}

#[component]
fn Row(place: Path, entry: Entry) -> impl IntoView {
    let (account, container, path) = place;
    let inside = if path.is_empty() { entry.name.clone() } else { format!("{path}/{}", entry.name) };
    let is_file = entry.kind == EntryKind::File;
    let (icon, note) = match entry.kind {
        EntryKind::Savepoint => ("savepoint", Some("a savepoint")),
        EntryKind::File if entry.name.ends_with(".jar") => ("jar", None),
        EntryKind::File => ("file", None),
        EntryKind::Folder => ("folder", None),
    };
    let file = place::file(&account, &container, &inside);
    let href = if is_file { file.clone() } else { place::storage(&account, &container, &inside) };
    let download = is_file.then(|| view! {
        <a class="icon-button" href=file download="" rel="external" aria-label=format!("Download {}", entry.name)>
            <Icon name="download"/>
        </a>
    });
    let ask = format!(
        "{}&back={}",
        place::delete_file(&account, &container, &inside),
        place::encode(&place::storage(&account, &container, &path))
    );
    view! {
        <tr role="row">
            <td role="gridcell" data-phone="name">
                <a class="name file" href=href rel=is_file.then_some("external") download=is_file.then_some("")>
                    <Icon name=icon/><span class="truncate">{entry.name.clone()}</span>
                </a>
                {note.map(|note| view! { <small>{note}</small> })}
            </td>
            <td role="gridcell" class="num" data-phone="plot">
                {if is_file { words::bytes(entry.size) } else { "–".to_owned() }}
            </td>
            <td role="gridcell" data-phone="state">
                {match entry.modified {
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
