//! Roles by scope: what somebody sees in every list, count and search, what is said of the rest, and that a role counts from
//! the moment it is given until it is taken.

mod allowed;

use domain::action::Action;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::Restore;
use domain::policy::{Permission, Role};
use domain::pool::{PoolForm, PoolPath};
use domain::refusal::Refusal;
use domain::scope::Scope;
use domain::state::State;
use domain::view::{JobQuery, Scope as Jobs};
use uuid::Uuid;

use super::database::on_both;
use super::{Arguments, NewCluster, TestPortal, command, lab, spec};
use crate::Desk;
use crate::plane::Change;
use crate::store::{At, Target};

on_both!(
    a_reader_of_one_pool_sees_nothing_of_the_other,
    a_reader_of_one_cluster_sees_nothing_else,
    filters_offer_what_is_seen,
    who_has_no_role_sees_nothing,
    what_is_hidden_is_refused_as_what_is_not_there,
    a_role_counts_from_the_moment_it_is_given_until_it_is_taken,
    hints_are_of_what_is_seen,
    a_role_is_not_that_for_another_of_the_same_name,
    a_permit_serves_for_nothing_else,
    the_last_owner_stays,
    a_hidden_state_is_nobody_elses_to_start_from,
);

/// `/subscriptions/…/clusterPools/lab`, and more behind it.
pub(super) const LAB: &str =
    "/subscriptions/Penstock/resourceGroups/streaming/providers/Microsoft.HDInsight/clusterPools/lab";
pub(super) const FORGE: &str =
    "/subscriptions/Penstock/resourceGroups/batch/providers/Microsoft.HDInsight/clusterPools/forge";

/// Two clusters in each of two pools of two groups: `a1` and `a2` in the pool lab, `b1` and `b2` in the pool forge.
pub(super) struct World {
    pub(super) portal: TestPortal,
    pub(super) a1: ClusterId,
    pub(super) b1: ClusterId,
    pub(super) b2: ClusterId,
}

impl World {
    pub(super) async fn of(portal: TestPortal) -> Self {
        let desk = &portal.desk;
        desk.new_group("Penstock", "batch").await.expect("a second group");
        let form =
            PoolForm { name: "forge".to_owned(), ..desk.pool_edit(&pool("lab")).await.expect("a form").form };
        let forge = desk.new_pool("Penstock", "batch", &form).await.expect("a second pool");
        desk.new_network(&forge, "default", "127.7.0.0/16").await.expect("a network");
        desk.new_subnet(&forge, "default", "default", "127.7.0.0/24").await.expect("a subnet");
        let room = sqlx::query("update pool set cpu_milli = 1000000, memory_mb = 1000000");
        portal.plane.store().write(room).await.expect("room");
        let mut clusters = Vec::new();
        for (of, name) in [("lab", "a1"), ("lab", "a2"), ("forge", "b1"), ("forge", "b2")] {
            let id = create(&portal, &self::pool(of), name).await;
            portal.until(id, State::Running).await;
            clusters.push(id);
        }
        let [a1, _, b1, b2] = clusters[..] else { unreachable!() };
        Self { portal, a1, b1, b2 }
    }

    /// Whoever may only read in a scope.
    async fn reader(&self, scope: &str) -> Desk {
        self.portal.person_at("Rea", Role::Reader, scope).await
    }
}

/// The pool lab, or that one of the group batch.
pub(super) fn pool(name: &str) -> PoolPath {
    PoolPath::of("Penstock", if name == "lab" { "streaming" } else { "batch" }, name)
}

pub(super) async fn create(portal: &TestPortal, pool: &PoolPath, name: &str) -> ClusterId {
    let permit = portal.desk.authorize(Permission::Run, At::Pool(pool)).await.expect("an owner may");
    let row = portal.desk.pool_row(pool).await.expect("there");
    let spec = spec(name);
    let new = NewCluster { pool: &row, spec: &spec, from: Restore::Fresh, key: None };
    command::create(&portal.plane, &permit, &new).await.expect("created").0
}

/// Everything that lists say, by the names of clusters and pools in it.
async fn seen(desk: &Desk) -> Vec<(&'static str, Vec<String>)> {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names.dedup();
        names
    };
    let names = |rows: Vec<domain::view::JobRow>| sorted(rows.into_iter().map(|row| row.name).collect());
    let page = desk.jobs(&JobQuery::default()).await.expect("the grid");
    assert_eq!((page.total as usize, page.counts.all as usize), (page.rows.len(), page.rows.len()));
    let filtered = JobQuery { tag: "team".to_owned(), ..JobQuery::default() };
    let filtered = desk.jobs(&filtered).await.expect("the grid");
    assert_eq!(filtered.total, page.total);
    // A page that is too small for all of them has only of them.
    let first =
        desk.jobs(&JobQuery { size: 1, descending: true, ..JobQuery::default() }).await.expect("a page");
    assert_eq!((first.rows.len(), first.total), (page.rows.len().min(1), page.total));
    let home = desk.home().await.expect("home");
    assert_eq!(home.counts, page.counts);
    let notices = desk.notices().await.expect("the bell");
    assert_eq!(notices.failing, page.counts.failing);
    let activity = desk.activity(&Default::default()).await.expect("a history");
    let of_operations = |operations: Vec<domain::view::OperationView>| {
        sorted(operations.into_iter().map(|one| one.cluster_name).collect())
    };
    vec![
        ("the grid", names(page.rows)),
        ("a search", names(desk.search("").await.expect("found"))),
        ("what is recent", names(home.recent)),
        ("operations", of_operations(home.operations)),
        ("the bell", of_operations(notices.operations)),
        ("the history", sorted(activity.events.into_iter().map(|event| event.cluster_name).collect())),
    ]
}

async fn pools(desk: &Desk) -> (Vec<String>, Vec<String>, Vec<String>) {
    let home =
        desk.home().await.expect("home").pools.into_iter().map(|pool| pool.path.name().to_owned()).collect();
    let pools =
        desk.pools().await.expect("pools").into_iter().map(|pool| pool.path.name().to_owned()).collect();
    let names =
        desk.pool_names().await.expect("names").into_iter().map(|pool| pool.path.name().to_owned()).collect();
    (home, pools, names)
}

async fn a_reader_of_one_pool_sees_nothing_of_the_other(portal: TestPortal) {
    let world = World::of(portal).await;
    for (scope, clusters, pool) in [(LAB, ["a1", "a2"], "lab"), (FORGE, ["b1", "b2"], "forge")] {
        let desk = world.reader(scope).await;
        for (list, names) in seen(&desk).await {
            assert_eq!(names, clusters, "{list}");
        }
        let pool = vec![pool.to_owned()];
        assert_eq!(pools(&desk).await, (pool.clone(), pool.clone(), pool));
    }
    // A group and a subscription hold what lies in them.
    let group = world.reader("/subscriptions/PENSTOCK/resourcegroups/BATCH").await;
    assert_eq!(seen(&group).await[0].1, ["b1", "b2"]);
    let all = world.reader("/subscriptions/Penstock").await;
    assert_eq!(seen(&all).await[0].1, ["a1", "a2", "b1", "b2"]);
    assert_eq!(seen(&world.portal.desk).await[0].1, ["a1", "a2", "b1", "b2"]);
}

async fn a_reader_of_one_cluster_sees_nothing_else(portal: TestPortal) {
    let world = World::of(portal).await;
    let desk = world.reader(&format!("{FORGE}/clusters/b1")).await;
    for (list, names) in seen(&desk).await {
        assert_eq!(names, ["b1"], "{list}");
    }
    assert_eq!(pools(&desk).await, Default::default());
    let row = desk.cluster(world.b1).await.expect("seen").row;
    assert_eq!(row.role, Role::Reader);
    // What may not be done is offered with the reason.
    let lacks = "Your role for the cluster b1 is Reader, and this takes Contributor. Ask an owner of the cluster b1 for it.";
    assert!(row.actions.iter().all(|offer| offer.refused.as_deref() == Some(lacks)), "{:?}", row.actions);
    let refused = desk.act(world.b1, Action::Stop, Arguments::default()).await;
    assert_eq!(refused, Err(Refusal::Forbidden(lacks.to_owned())));
    // When it is gone, what is left of it is its pool's.
    world.portal.act(world.b1, Action::Delete).await.expect("asked");
    while world.portal.desk.cluster(world.b1).await.is_ok() {
        world.portal.pass().await;
    }
    assert!(matches!(desk.operations(world.b1).await, Err(Refusal::NotFound(_))));
    assert!(seen(&desk).await.iter().all(|(_, names)| names.is_empty()), "{:?}", seen(&desk).await);
    let pool = world.reader(FORGE).await;
    assert!(!pool.operations(world.b1).await.expect("histories outlive clusters").is_empty());
    assert_eq!(seen(&pool).await.last().expect("the history").1, ["b1", "b2"]);
}

async fn filters_offer_what_is_seen(portal: TestPortal) {
    let world = World::of(portal).await;
    for sql in [
        "update status set tags = '{\"team\":\"hidden\"}', flink = '9.9' where cluster = $1",
        "update cluster set owner_name = 'Bea' where id = $1",
    ] {
        let row = sqlx::query(sql).bind(world.b1.to_string());
        world.portal.plane.store().write(row).await.expect("written");
    }
    let offered = async |desk: &Desk| {
        let page = desk.jobs(&JobQuery::default()).await.expect("the grid");
        (page.tags, page.flink_versions, page.owners)
    };
    let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let (tags, flink, owners) = offered(&world.portal.desk).await;
    assert_eq!((tags.len(), flink.len(), owners), (2, 2, text(&["Ada", "Bea"])));
    let flink: Vec<String> = flink.into_iter().filter(|version| version != "9.9").collect();
    let seen = offered(&world.reader(LAB).await).await;
    assert_eq!(seen, (text(&["team:orders"]), flink, text(&["Ada"])));
    let b1 = offered(&world.reader(&format!("{FORGE}/clusters/b1")).await).await;
    assert_eq!(b1, (text(&["team:hidden"]), text(&["9.9"]), text(&["Bea"])));
}

async fn who_has_no_role_sees_nothing(portal: TestPortal) {
    let world = World::of(portal).await;
    let nobody = world.portal.nobody("Ann").await;
    assert!(seen(&nobody).await.iter().all(|(_, names)| names.is_empty()));
    assert_eq!(pools(&nobody).await, Default::default());
    assert!(nobody.accounts().await.expect("a list").is_empty());
    assert!(matches!(nobody.list("lake", "flink", "").await, Err(Refusal::NotFound(_))));
    assert!(matches!(nobody.options("1.2.1").await, Err(Refusal::NotFound(_))));
}

async fn what_is_hidden_is_refused_as_what_is_not_there(portal: TestPortal) {
    let world = World::of(portal).await;
    let desk = world.reader(LAB).await;
    let none = ClusterId(Uuid::new_v4());
    assert_eq!(desk.cluster(world.b1).await.map(drop), desk.cluster(none).await.map(drop));
    assert_eq!(desk.runs(world.b1).await.map(drop), desk.runs(none).await.map(drop));
    let stop = async |id| desk.act(id, Action::Stop, Arguments::default()).await.map(drop);
    assert_eq!(stop(world.b1).await, stop(none).await);
    let operation = world.portal.desk.operations(world.b1).await.expect("seen").remove(0).id;
    let no_operation = OperationId(Uuid::new_v4());
    assert_eq!(desk.operation(operation).await.map(drop), desk.operation(no_operation).await.map(drop));
    let told = async |of: &str, name: &str| {
        let told = desk.cluster_named(&pool(of), name).await.expect_err("hidden or not there").to_string();
        told.replace(of, "P").replace(name, "N")
    };
    assert_eq!(told("forge", "b1").await, told("forge", "b9").await);
    assert_eq!(told("forge", "b1").await, told("smithy", "b1").await);
    let whole = async |name: &str| {
        desk.pool(&pool(name)).await.expect_err("hidden or not there").to_string().replace(name, "P")
    };
    assert_eq!(whole("forge").await, whole("smithy").await);
    let jobs = async |name: &str| {
        let query = JobQuery { scope: Jobs::Pool(pool(name)), ..JobQuery::default() };
        desk.jobs(&query).await.expect_err("hidden or not there").to_string().replace(name, "P")
    };
    assert_eq!(jobs("forge").await, jobs("smithy").await);
    // So is the folder of a hidden cluster's state, whether it is there or not.
    let lake = world.portal.folder.path().join("data/storage/lake/flink");
    let (hidden, own) = (world.b1.0.simple().to_string(), world.a1.0.simple().to_string());
    for folder in [&hidden, &own] {
        std::fs::create_dir_all(lake.join(folder).join("savepoints/savepoint-1")).expect("made");
        std::fs::write(lake.join(folder).join("savepoints/savepoint-1/_metadata"), "x").expect("written");
    }
    let nothing = "0".repeat(32);
    let listed = async |folder: &str| {
        desk.list("lake", "flink", folder)
            .await
            .expect_err("hidden or not there")
            .to_string()
            .replace(folder, "F")
    };
    assert_eq!(listed(&hidden).await, listed(&nothing).await);
    let inside = format!("{hidden}/savepoints");
    assert!(matches!(desk.list("lake", "flink", &inside).await, Err(Refusal::NotFound(_))));
    let entries = desk.list("lake", "flink", "").await.expect("the rest is seen").entries;
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert!(names.contains(&&*own) && names.contains(&"jars") && !names.contains(&&*hidden), "{names:?}");
    let found = desk.savepoints_in("lake", "flink").await.expect("found");
    assert!(found.len() == 1 && found[0].address.contains(&own), "{found:?}");
}

async fn a_role_counts_from_the_moment_it_is_given_until_it_is_taken(portal: TestPortal) {
    let world = World::of(portal).await;
    let ada = &world.portal.desk;
    let desk = world.portal.nobody("Ben").await;
    let stop = async || desk.act(world.b1, Action::Savepoint, Arguments::default()).await;
    assert!(matches!(stop().await, Err(Refusal::NotFound(_))));
    let forge: Scope = FORGE.parse().expect("a scope");
    let reads = ada.give_role(desk.actor().id, Role::Reader, &forge).await.expect("given");
    assert!(matches!(stop().await, Err(Refusal::Forbidden(_))));
    let runs = ada.give_role(desk.actor().id, Role::Contributor, &forge).await.expect("given");
    stop().await.expect("asked");
    let twice = ada.give_role(desk.actor().id, Role::Contributor, &forge).await;
    assert!(twice.is_err_and(|refusal| {
        refusal.to_string().contains("Ben has the role Contributor for the pool forge")
    }));
    // A contributor gives nobody a role.
    assert!(matches!(desk.give_role(desk.actor().id, Role::Owner, &forge).await, Err(Refusal::Forbidden(_))));
    assert!(matches!(desk.take_role(reads).await, Err(Refusal::Forbidden(_))));
    ada.take_role(runs).await.expect("taken");
    assert!(matches!(stop().await, Err(Refusal::Forbidden(_))));
    ada.take_role(reads).await.expect("taken");
    assert!(matches!(stop().await, Err(Refusal::NotFound(_))));
    assert!(matches!(ada.take_role(reads).await, Err(Refusal::NotFound(_))));
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select action, actor_name, target from audit where action like 'role/%' order by id")
            .fetch_all(&mut *world.portal.plane.store().reading().await.expect("a connection"))
            .await
            .expect("an audit");
    let told: Vec<&str> = rows.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(told, ["role/GIVE", "role/GIVE", "role/TAKE", "role/TAKE"]);
    assert!(
        rows.iter().all(|(_, who, scope)| who == "Ada"
            && scope.ends_with("/resourceGroups/batch/providers/Microsoft.HDInsight/clusterPools/forge")),
        "{rows:?}"
    );
}

async fn hints_are_of_what_is_seen(portal: TestPortal) {
    let world = World::of(portal).await;
    let desk = world.reader(LAB).await;
    let mut changes = desk.changes();
    let mut next = async || changes.next().await.expect("it goes on").cluster;
    let tell = |cluster| drop(world.portal.plane.inner.changes.send(Change { event: None, cluster }));
    // What is hidden is not told, so what comes next is of what is seen.
    for cluster in [Some(world.b1), Some(world.a1), Some(world.b2), None] {
        tell(cluster);
    }
    assert_eq!((next().await, next().await), (Some(world.a1), None));
    let forge = FORGE.parse().expect("a scope");
    let given = world.portal.desk.give_role(desk.actor().id, Role::Reader, &forge).await.expect("given");
    assert_eq!(next().await, None, "everything may have changed");
    tell(Some(world.b1));
    assert_eq!(next().await, Some(world.b1));
    world.portal.desk.take_role(given).await.expect("taken");
    tell(Some(world.b1));
    tell(Some(world.a1));
    assert_eq!((next().await, next().await), (None, Some(world.a1)), "not of b1 any more");
}

async fn a_role_is_not_that_for_another_of_the_same_name(portal: TestPortal) {
    let world = World::of(portal).await;
    let desk = world.reader(&format!("{FORGE}/clusters/b1")).await;
    world.portal.act(world.b1, Action::Delete).await.expect("asked");
    while world.portal.desk.cluster(world.b1).await.is_ok() {
        world.portal.pass().await;
    }
    let anew = create(&world.portal, &pool("forge"), "b1").await;
    assert!(matches!(desk.cluster(anew).await, Err(Refusal::NotFound(_))));
    // And who has a role for the new one sees nothing of the old one.
    let other = world.reader(&format!("{FORGE}/clusters/b1")).await;
    assert!(other.cluster(anew).await.is_ok());
    assert!(matches!(other.operations(world.b1).await, Err(Refusal::NotFound(_))));
}

async fn a_permit_serves_for_nothing_else(portal: TestPortal) {
    let world = World::of(portal).await;
    let (desk, store, now) = (&world.portal.desk, world.portal.plane.store(), world.portal.plane.now());
    let of_lab = desk.authorize(Permission::Run, At::Pool(&lab())).await.expect("an owner may");
    let of_b1 = desk.authorize(Permission::Run, At::Cluster(world.b1)).await.expect("an owner may");
    let looks = desk.authorize(Permission::See, At::Cluster(world.a1)).await.expect("an owner may");
    let standing = world.portal.plane.cluster_record(world.a1).await.expect("it stands");
    let none = domain::id::SnapshotId(Uuid::nil());
    for permit in [&of_lab, &of_b1, &looks] {
        let refused = store.doom_snapshot(permit, (world.a1, "a1"), none, now).await;
        assert!(matches!(refused, Err(crate::store::StoreError::Unpermitted)), "{permit:?}");
        let refused =
            command::act(&world.portal.plane, permit, world.a1, Action::Stop, &Arguments::default(), None)
                .await;
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{permit:?}");
        let forge = desk.pool_row(&pool("forge")).await.expect("there");
        let refused = store.let_read(permit, &forge, &[], now).await;
        assert!(refused.is_err());
    }
    let after = world.portal.plane.cluster_record(world.a1).await.expect("it stands");
    assert_eq!(after.cluster.generation, standing.cluster.generation);
    assert_eq!(of_b1.target().cluster(), Some(world.b1));
    assert!(matches!(of_lab.target(), Target::Pool(_)));
}

async fn the_last_owner_stays(portal: TestPortal) {
    let (ona, oskar) = (portal.person("Ona", Role::Owner).await, portal.person("Oskar", Role::Owner).await);
    let of = async |desk: &Desk| desk.rights().await.expect("rights").own.remove(0).id;
    let (first, second) = (of(&ona).await, of(&oskar).await);
    // Two who take each other's role at once: one stays.
    let (a, b) = tokio::join!(ona.take_role(second), oskar.take_role(first));
    assert_eq!([&a, &b].iter().filter(|taken| taken.is_ok()).count(), 1, "{a:?} {b:?}");
    let left = if a.is_ok() { first } else { second };
    let refused = portal.desk.take_role(left).await;
    assert!(matches!(&refused, Err(Refusal::InUse(why)) if why.contains("last owner")), "{refused:?}");
}

async fn a_hidden_state_is_nobody_elses_to_start_from(portal: TestPortal) {
    let world = World::of(portal).await;
    let cid = world.portal.person_at("Cid", Role::Contributor, LAB).await;
    let lake = world.portal.folder.path().join("data/storage/lake/flink");
    let folder = world.b1.0.simple().to_string();
    std::fs::create_dir_all(lake.join(&folder).join("savepoints/s")).expect("made");
    std::fs::write(lake.join(&folder).join("savepoints/s/_metadata"), "x").expect("written");
    cid.act(world.a1, Action::Cancel, Arguments::default()).await.expect("asked");
    world.portal.until(world.a1, State::Canceled).await;
    let path = format!("abfs://flink@lake.dfs.core.windows.net/{folder}/savepoints/s");
    let from = Arguments { from: Some(Restore::at(&path)), ..Arguments::default() };
    let refused = cid.act(world.a1, Action::Start, from.clone()).await;
    let Err(Refusal::InvalidArgument(wrong)) = refused else { panic!("{refused:?}") };
    assert_eq!((wrong.field.as_str(), wrong.message.contains("There is nothing at")), ("from", true));
    // With a role there it is one like any other.
    let b1 = format!("{FORGE}/clusters/b1").parse().expect("a scope");
    world.portal.desk.give_role(cid.actor().id, Role::Reader, &b1).await.expect("given");
    let refused = cid.act(world.a1, Action::Start, from).await;
    assert!(
        !refused.as_ref().is_err_and(|refusal| refusal.to_string().contains("There is nothing at")),
        "{refused:?}"
    );
}
