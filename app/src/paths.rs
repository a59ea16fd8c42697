//! Where every page is: the one place that writes addresses.

use domain::action::Action;
use domain::address::Path;
use domain::form::Tab;
use domain::id::{ClusterId, DraftId, OperationId};
use domain::pool::PoolPath;
use domain::view::{JobQuery, Scope, Sort};

/// Where the form of a new access token is sent.
pub const TOKENS: &str = "/tokens";

/// What stands around clusters.
pub(crate) const RESOURCES: &str = "/resources";

/// A key vault's page.
pub(crate) fn vault(name: &str) -> String {
    format!("/vaults/{}", encode(name))
}

/// A SQL database's page.
pub(crate) fn database(name: &str) -> String {
    format!("/databases/{}", encode(name))
}

/// A one-time link.
pub(crate) fn sign_in(token: &str) -> String {
    format!("/sign-in/{}", encode(token))
}

/// A pool's page: a pool's name is unique in its group, so an address names subscription and group too.
pub fn pool(path: &PoolPath) -> String {
    format!("/pools/{}/{}/{}", encode(path.subscription()), encode(path.group()), encode(path.name()))
}

/// The form of a new pool.
pub(crate) const NEW_POOL: &str = "/pools/new";

/// Subscriptions and resource groups.
pub(crate) const SUBSCRIPTIONS: &str = "/subscriptions";

/// A page of a pool: `change`, `delete`, `networks`.
pub(crate) fn of_pool(path: &PoolPath, page: &str) -> String {
    format!("{}/{page}", pool(path))
}

/// The create form of a pool.
pub(crate) fn create(path: &PoolPath) -> String {
    format!("{}/new", pool(path))
}

/// A tab of a draft. `shown`: the tabs whose errors are shown.
pub(crate) fn draft(of: &PoolPath, id: DraftId, tab: Tab, shown: &str) -> String {
    let shown = if shown.is_empty() { String::new() } else { format!("&shown={shown}") };
    format!("{}/{id}?tab={}{shown}", create(of), tab_name(tab))
}

/// A new draft with everything that a cluster was created with.
pub(crate) fn again(id: ClusterId) -> String {
    format!("/clusters/{id}/again")
}

/// An operation while it goes on and afterwards.
pub(crate) fn operation(id: OperationId) -> String {
    format!("/operations/{id}")
}

/// A folder of a container.
pub(crate) fn account(name: &str) -> String {
    format!("/accounts/{}", encode(name))
}

/// Containers and folders.
pub(crate) fn storage(account: &str, container: &str, path: &str) -> String {
    format!("/storage/{}/{}{}", encode(account), encode(container), below(path))
}

/// The folder that a form without script uploaded to, with what was refused; its container if that is no folder.
pub fn uploaded(account: &str, container: &str, path: &str, refused: Option<&str>) -> String {
    let refused = refused.map(|why| format!("?refused={}", encode(why))).unwrap_or_default();
    let folder = Path::parse(path).map(|_| path).unwrap_or_default();
    format!("{}{refused}", storage(account, container, folder))
}

/// A file's own bytes: to download, and to upload to.
pub(crate) fn file(account: &str, container: &str, path: &str) -> String {
    format!("/files/{}/{}{}", encode(account), encode(container), below(path))
}

/// A savepoint as one archive to download.
pub(crate) fn archive(account: &str, container: &str, path: &str) -> String {
    format!("/archives/{}/{}{}", encode(account), encode(container), below(path))
}

/// The page that asks before something in storage is deleted.
pub(crate) fn delete_file(account: &str, container: &str, path: &str) -> String {
    let (account, container, path) = (encode(account), encode(container), encode(path));
    format!("/storage/delete?account={account}&container={container}&path={path}")
}

/// A path with its slashes kept.
fn below(path: &str) -> String {
    path.split('/').filter(|name| !name.is_empty()).map(|name| format!("/{}", encode(name))).collect()
}

/// A pool's jobs.
pub(crate) fn pool_jobs(path: &PoolPath) -> String {
    format!("{}/jobs", pool(path))
}

/// A page of a cluster: `""` is the overview.
pub(crate) fn cluster(id: ClusterId, page: &str) -> String {
    if page.is_empty() { format!("/clusters/{id}") } else { format!("/clusters/{id}/{page}") }
}

/// The form of an update: with a savepoint, without state, or from the newest checkpoint.
pub(crate) fn update(id: ClusterId, action: Action) -> String {
    let how = if action == Action::Update { String::new() } else { format!("?action={}", action.name()) };
    format!("/clusters/{id}/update{how}")
}

/// The form of an update with what an earlier revision says.
pub(crate) fn update_like(id: ClusterId, action: Action, revision: u32) -> String {
    format!("/clusters/{id}/update?action={}&like={revision}", action.name())
}

/// The same with its probation off.
pub(crate) fn update_with_probation_off(id: ClusterId, action: Action, revision: u32) -> String {
    format!("{}&probation=off", update_like(id, action, revision))
}

/// What differs between two revisions.
pub(crate) fn compare(id: ClusterId, from: u32, to: u32) -> String {
    format!("/clusters/{id}/compare?from={from}&to={to}")
}

/// The form of an update with what a draft holds of it, made from a revision; with its checks, if they were asked for.
#[cfg(feature = "ssr")]
pub(crate) fn update_draft(
    id: ClusterId,
    action: Action,
    revision: u32,
    draft: DraftId,
    (check, probation_off): (bool, bool),
) -> String {
    let go = if check { "check" } else { "look" };
    let off = if probation_off { "&probation=off" } else { "" };
    format!("/clusters/{id}/update?action={}&revision={revision}&draft={draft}&go={go}{off}", action.name())
}

/// The page that asks before an earlier revision runs again.
pub(crate) fn roll_back(id: ClusterId, revision: u32, back: &str) -> String {
    format!("{}&revision={revision}", ask(Action::Rollback, &[id], back))
}

/// The page that asks before an action is taken.
pub(crate) fn ask(action: Action, clusters: &[ClusterId], back: &str) -> String {
    let ids: String = clusters.iter().map(|id| format!("&cluster={id}")).collect();
    format!("/ask?action={}{ids}&back={}", action.name(), encode(back))
}

/// The same with a state already chosen, for a start; empty is the last savepoint.
pub(crate) fn ask_from(action: Action, clusters: &[ClusterId], from: &str, back: &str) -> String {
    format!("{}&from={}", ask(action, clusters, back), encode(from))
}

/// The page that asks before a savepoint or checkpoint is deleted.
pub(crate) fn delete_snapshot(cluster: ClusterId) -> String {
    format!("/clusters/{cluster}/savepoints/delete")
}

/// Where an action on one cluster begins: its form for an update, the question otherwise.
pub(crate) fn of_action(action: Action, id: ClusterId) -> String {
    match action {
        Action::Update | Action::StatelessUpdate | Action::LastStateUpdate => update(id, action),
        Action::Create
        | Action::Stop
        | Action::Start
        | Action::Relaunch
        | Action::Rollback
        | Action::Savepoint
        | Action::Cancel
        | Action::Delete => ask(action, &[id], &cluster(id, "")),
    }
}

/// The grid with everything that it asks.
pub(crate) fn jobs(query: &JobQuery, open: Option<ClusterId>) -> String {
    let base = match &query.scope {
        Scope::All => "/jobs".to_owned(),
        Scope::Pool(path) => pool_jobs(path),
        Scope::Cluster(id) => cluster(*id, "jobs"),
    };
    let sort = if query.sort == Sort::Attention { "" } else { sort_name(query.sort) };
    let number = |value: u32| if value == 0 { String::new() } else { value.to_string() };
    let pairs = [
        ("text", query.text.clone()),
        ("state", query.state.clone()),
        ("group", query.group.clone()),
        ("flink", query.flink.clone()),
        ("owner", query.owner.clone()),
        ("tag", query.tag.clone()),
        ("sort", sort.to_owned()),
        ("down", if query.descending { "1".to_owned() } else { String::new() }),
        ("page", number(query.page)),
        ("size", number(query.size)),
        ("open", open.map(|id| id.to_string()).unwrap_or_default()),
    ];
    let asked: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key}={}", encode(value)))
        .collect();
    if asked.is_empty() { base } else { format!("{base}?{}", asked.join("&")) }
}

/// A column's name in addresses.
pub(crate) fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Attention => "attention",
        Sort::Name => "name",
        Sort::Since => "since",
        Sort::Parallelism => "parallelism",
        Sort::Checkpoint => "checkpoint",
        Sort::Restarts => "restarts",
    }
}

/// The column of that name.
pub(crate) fn sort_named(name: &str) -> Sort {
    [Sort::Name, Sort::Since, Sort::Parallelism, Sort::Checkpoint, Sort::Restarts]
        .into_iter()
        .find(|sort| sort_name(*sort) == name)
        .unwrap_or_default()
}

/// A tab's name in addresses and buttons.
pub(crate) fn tab_name(tab: Tab) -> &'static str {
    match tab {
        Tab::Basics => "basics",
        Tab::Configuration => "configuration",
        Tab::Tags => "tags",
        Tab::Review => "review",
    }
}

/// The tab of that name.
pub(crate) fn tab_named(name: &str) -> Option<Tab> {
    Tab::ALL.into_iter().find(|tab| tab_name(*tab) == name)
}

/// Text as a part of an address: everything but letters, digits and `-._~` becomes `%XX`.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::inside::Inside;

    use super::*;

    /// What is written here can be gone back to, whatever names it is made of.
    #[test]
    fn every_place_is_within_the_portal() {
        let odd = "a b/c?d=e&f#g\"<ü>%2F'";
        let id = ClusterId(uuid::Uuid::nil());
        let query = JobQuery { text: odd.to_owned(), ..JobQuery::default() };
        for place in [
            pool(&PoolPath::of("a b", "c?d=e&f#g", "<ü>%2E'")),
            storage("lake", "flink", "a b/ü/%41.jar"),
            archive("lake", "flink", odd),
            delete_file("lake", "flink", odd),
            jobs(&query, Some(id)),
            ask(Action::Stop, &[id], &jobs(&query, None)),
            ask_from(Action::Start, &[id], odd, "/jobs"),
            update(id, Action::StatelessUpdate),
            again(id),
        ] {
            assert!(Inside::parse(&place).is_some(), "{place}");
        }
    }

    #[test]
    fn a_grid_keeps_what_it_asks_in_its_address() {
        let query = JobQuery { text: "a b&c".into(), page: 2, ..JobQuery::default() };
        assert_eq!(jobs(&query, None), "/jobs?text=a%20b%26c&page=2");
        assert_eq!(jobs(&JobQuery::default(), None), "/jobs");
    }
}
