//! Pools: a name is unique in its group, so two of the same name stand apart everywhere.

use domain::action::Action;
use domain::draft::ClusterDraft;
use domain::form::ClusterForm;
use domain::lifecycle::Restore;
use domain::policy::{Permission, Role};
use domain::pool::{PoolForm, PoolPath};
use domain::refusal::Refusal;
use domain::spec::{ClusterSpec, Network};
use domain::state::State;
use domain::view::{JobQuery, Scope as Jobs};

use super::database::on_both;
use super::roles::{LAB, World, create};
use super::{NewCluster, TestPortal, command, lab, spec};
use crate::store::At;

on_both!(
    two_pools_of_one_name_stand_apart,
    what_holds_something_is_kept_and_says_what_it_holds,
    names_are_free_again_and_taken_in_any_case,
    of_two_who_want_the_last_cluster_one_gets_it,
    pools_of_one_machine_share_it,
    a_size_and_a_version_stay_while_a_cluster_has_them,
    networks_never_share_an_address,
    a_cluster_listens_where_it_was_told_and_a_full_subnet_takes_no_more,
    only_accounts_that_a_pool_lends_are_offered,
);

/// The pool lab of the group batch.
fn other_lab() -> PoolPath {
    PoolPath::of("Penstock", "batch", "lab")
}

async fn two_pools_of_one_name_stand_apart(portal: TestPortal) {
    let world = World::of(portal).await;
    let (desk, store) = (&world.portal.desk, world.portal.plane.store());
    store.write(sqlx::query("update pool set name = 'lab' where name = 'forge'")).await.expect("written");
    assert_eq!(desk.pools_called("LAB").await.expect("pools"), [other_lab(), lab()]);
    for (path, names) in [(lab(), ["a1", "a2"]), (other_lab(), ["b1", "b2"])] {
        let query = JobQuery { scope: Jobs::Pool(path.clone()), ..JobQuery::default() };
        let page = desk.jobs(&query).await.expect("the grid");
        assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), names);
        assert_eq!((page.total, page.counts.all), (2, 2));
        assert!(page.rows.iter().all(|row| row.pool_path == path), "{:?}", page.rows);
        assert_eq!(desk.pool(&path).await.expect("the pool").counts.all, 2);
        for name in names {
            assert!(desk.cluster_named(&path, name).await.is_ok());
            assert!(desk.name_taken(&path, name).await.expect("asked").is_some());
        }
    }
    assert!(matches!(desk.cluster_named(&other_lab(), "a1").await, Err(Refusal::NotFound(_))));
    assert_eq!(desk.name_taken(&other_lab(), "a1").await, Ok(None));
    // A draft is of one of them.
    let draft = desk.new_draft(&other_lab()).await.expect("begun");
    assert_eq!(desk.draft(draft).await.expect("kept").pool, other_lab());
    assert!(desk.drafts(&lab()).await.expect("drafts").is_empty());
    // So is a cluster's name, and a role.
    create(&world.portal, &other_lab(), "a1").await;
    assert_eq!(desk.search("a1").await.expect("found").len(), 2);
    let reader = world.portal.person_at("Rea", Role::Reader, LAB).await;
    assert_eq!(reader.pools_called("lab").await.expect("pools"), [lab()]);
    assert_eq!(reader.search("").await.expect("found").len(), 2);
    assert!(matches!(reader.pool(&other_lab()).await, Err(Refusal::NotFound(_))));
    let hidden = JobQuery { scope: Jobs::Pool(other_lab()), ..JobQuery::default() };
    assert!(matches!(reader.jobs(&hidden).await, Err(Refusal::NotFound(_))));
}

/// The form of a pool that offers what lab offers.
async fn form(portal: &TestPortal, name: &str) -> PoolForm {
    PoolForm { name: name.to_owned(), ..portal.desk.pool_edit(&lab()).await.expect("a form").form }
}

/// A second pool beside lab, with a network.
async fn beside(portal: &TestPortal, form: &PoolForm) -> PoolPath {
    let path = portal.desk.new_pool("Penstock", "streaming", form).await.expect("made");
    portal.desk.new_network(&path, "net", "127.7.0.0/16").await.expect("made");
    portal.desk.new_subnet(&path, "net", "small", "127.7.0.0/24").await.expect("made");
    path
}

/// Asks for a cluster like that of all tests, with this said otherwise.
async fn ask(portal: &TestPortal, pool: &PoolPath, spec: &ClusterSpec) -> Result<(), Refusal> {
    let permit = portal.desk.authorize(Permission::Run, At::Pool(pool)).await?;
    let row = portal.desk.pool_row(pool).await?;
    let new = NewCluster { pool: &row, spec, from: Restore::Fresh, key: None };
    command::create(&portal.plane, &permit, &new).await.map(drop)
}

fn in_use(result: Result<(), Refusal>) -> String {
    match result {
        Err(Refusal::InUse(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// The one field that is wrong, and why.
fn field(result: Result<(), Refusal>) -> (String, String) {
    let findings = result.expect_err("refused").findings();
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    (finding.field.clone(), finding.message.clone())
}

async fn what_holds_something_is_kept_and_says_what_it_holds(portal: TestPortal) {
    let (desk, (id, _)) = (&portal.desk, portal.create("orders").await);
    assert!(in_use(desk.delete_pool(&lab()).await).contains("orders"));
    assert!(in_use(desk.delete_scope("Penstock", Some("streaming")).await).contains("lab"));
    assert!(in_use(desk.delete_scope("Penstock", None).await).contains("streaming"));
    assert!(in_use(desk.delete_network(&lab(), "default", Some("default")).await).contains("orders"));
    assert!(in_use(desk.delete_network(&lab(), "default", None).await).contains("orders"));
    portal.act(id, Action::Delete).await.expect("asked");
    while desk.cluster(id).await.is_ok() {
        portal.pass().await;
    }
    let draft = desk.new_draft(&lab()).await.expect("begun");
    desk.delete_pool(&lab()).await.expect("nothing is in it");
    assert!(matches!(desk.pool(&lab()).await, Err(Refusal::NotFound(_))));
    assert!(matches!(desk.draft(draft).await, Err(Refusal::NotFound(_))));
    assert!(desk.pool_names().await.expect("pools").is_empty());
    assert!(!desk.operations(id).await.expect("histories outlive pools").is_empty());
    desk.delete_scope("Penstock", Some("streaming")).await.expect("nothing is in it");
    assert!(in_use(desk.delete_scope("Penstock", None).await).contains("last subscription"));
    desk.new_subscription("Other").await.expect("made");
    desk.delete_scope("Penstock", None).await.expect("nothing is in it");
    let told = desk.activity(&Default::default()).await.expect("a history").events;
    let titles: Vec<&str> = told.iter().map(|event| event.title.as_str()).collect();
    assert_eq!(titles[0], "The subscription Penstock was deleted");
    // The portal does not begin anew.
    let portal = portal.reopened().await;
    assert_eq!(portal.desk.scopes().await.expect("scopes").len(), 1);
    assert!(portal.desk.pools().await.expect("pools").is_empty());
}

async fn names_are_free_again_and_taken_in_any_case(portal: TestPortal) {
    let desk = &portal.desk;
    desk.new_group("Penstock", "batch").await.expect("made");
    assert!(matches!(desk.new_group("penstock", "BATCH").await, Err(Refusal::Exists(_))));
    assert!(matches!(desk.new_subscription("PENSTOCK").await, Err(Refusal::Exists(_))));
    let form = form(&portal, "Lab").await;
    assert!(matches!(desk.new_pool("Penstock", "streaming", &form).await, Err(Refusal::Exists(_))));
    let path = desk.new_pool("Penstock", "batch", &form).await.expect("another group");
    // Made by the id of its subscription too, and a role is not that for its successor.
    let before = desk.pool(&path).await.expect("there").id;
    desk.delete_pool(&path).await.expect("empty");
    let id = desk.scopes().await.expect("scopes")[0].id.clone();
    desk.new_pool(&id, "batch", &form).await.expect("its name is free");
    assert_ne!(desk.pool(&path).await.expect("there").id, before);
    desk.rename_subscription("Penstock", "Team A").await.expect("renamed");
    let moved = PoolPath::of("Team A", "batch", "lab");
    assert_eq!(desk.pool(&moved).await.expect("there").path, PoolPath::of("Team A", "batch", "Lab"));
    assert!(matches!(desk.pool(&path).await, Err(Refusal::NotFound(_))));
    assert_eq!(field(desk.new_group("Team A", "a/b").await).0, "group");
    assert!(matches!(desk.new_group("Nowhere", "a").await, Err(Refusal::NotFound(_))));
}

async fn of_two_who_want_the_last_cluster_one_gets_it(portal: TestPortal) {
    let form = PoolForm { clusters: "1".to_owned(), ..form(&portal, "one").await };
    let path = beside(&portal, &form).await;
    let (a, b) = (spec("a"), spec("b"));
    let (a, b) = tokio::join!(ask(&portal, &path, &a), ask(&portal, &path, &b));
    let refused = [a, b].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    let [Refusal::OverQuota(why)] = &refused[..] else { panic!("{refused:?}") };
    assert!(why.contains("may have 1 cluster, and has 1"), "{why}");
    assert_eq!(portal.desk.pool(&path).await.expect("the pool").counts.all, 1);
    // A larger quota lets the next one in.
    let more =
        PoolForm { clusters: "2".to_owned(), ..portal.desk.pool_edit(&path).await.expect("a form").form };
    portal.desk.change_pool(&path, &more).await.expect("changed");
    ask(&portal, &path, &spec("c")).await.expect("there is room");
}

async fn pools_of_one_machine_share_it(portal: TestPortal) {
    let store = portal.plane.store();
    let path = beside(&portal, &form(&portal, "other").await).await;
    portal.create("first").await;
    let held = store.allocated(portal.desk.pool_row(&lab()).await.expect("there").id).await.expect("counted");
    // Room for one of both pools together, though each has a quota of all of it.
    let room = sqlx::query("update pool set memory_mb = $1, cpu_milli = 100000");
    store.write(room.bind(i64::try_from(held.memory_mb + 100).expect("small"))).await.expect("written");
    let Err(Refusal::OverQuota(why)) = ask(&portal, &path, &spec("second")).await else {
        panic!("it is full")
    };
    assert!(why.contains("share"), "{why}");
    let left = portal.desk.create_context(&path).await.expect("a context").offer.memory_left_mb;
    assert_eq!(left, 100);
    // A quota below that refuses for its own sake.
    let form =
        PoolForm { memory: "1".to_owned(), ..portal.desk.pool_edit(&path).await.expect("a form").form };
    portal.desk.change_pool(&path, &form).await.expect("changed");
    let Err(Refusal::OverQuota(why)) = ask(&portal, &path, &spec("second")).await else {
        panic!("it is full")
    };
    assert!(why.contains("Pool other has 1024 MB"), "{why}");
}

async fn a_size_and_a_version_stay_while_a_cluster_has_them(portal: TestPortal) {
    let (desk, _) = (&portal.desk, portal.create("orders").await);
    let form = desk.pool_edit(&lab()).await.expect("a form").form;
    let size = spec("orders").node_size;
    let mut less = form.clone();
    less.sizes.retain(|row| row.name != size);
    let (at, why) = field(desk.change_pool(&lab(), &less).await);
    assert!(at.starts_with("sizes") && why.contains("orders"), "{at}: {why}");
    let mut smaller = form.clone();
    smaller.sizes.iter_mut().for_each(|row| row.memory = "4096".to_owned());
    assert!(field(desk.change_pool(&lab(), &smaller).await).1.contains("orders"));
    let mut dear = form.clone();
    dear.currency = "EUR".to_owned();
    dear.sizes.iter_mut().for_each(|row| row.price = "0.19".to_owned());
    desk.change_pool(&lab(), &dear).await.expect("a price may change");
    let details = desk.pool_details(&lab()).await.expect("the pool");
    let (used, clusters) = details.sizes.iter().find(|(one, _)| one.name == size).expect("there");
    assert_eq!((used.price, *clusters, details.currency.as_str()), (Some(0.19), 1, "EUR"));
    assert_eq!(details.versions[0].1, 1);
    // What nobody has can be withdrawn, a version too.
    let version =
        sqlx::query("insert into cluster_version select pool, '9.9.9', flink, java from cluster_version");
    portal.plane.store().write(version).await.expect("written");
    desk.change_pool(&lab(), &dear).await.expect("withdrawn");
    assert_eq!(desk.pool_details(&lab()).await.expect("the pool").versions.len(), 1);
    let other = PoolForm { versions: "9.9.9".to_owned(), ..dear };
    assert!(desk.change_pool(&lab(), &other).await.is_err());
}

async fn networks_never_share_an_address(portal: TestPortal) {
    let desk = &portal.desk;
    let path = beside(&portal, &form(&portal, "other").await).await;
    for (pool, range) in [(&path, "127.7.9.0/24"), (&lab(), "127.7.0.0/16"), (&path, "127.99.200.0/24")] {
        let (at, why) = field(desk.new_network(pool, "more", range).await);
        assert!(at == "range" && why.contains("shares addresses"), "{why}");
    }
    let subnet = async |name: &str, range: &str| desk.new_subnet(&path, "net", name, range).await;
    assert!(field(subnet("b", "127.8.0.0/24").await).1.contains("does not lie in the network net"));
    assert!(field(subnet("b", "127.7.0.0/20").await).1.contains("The subnet small has 127.7.0.0/24"));
    assert!(matches!(subnet("SMALL", "127.7.1.0/24").await, Err(Refusal::Exists(_))));
    let wrong = subnet("-", "10.0.0.0/8").await.expect_err("both are wrong").findings();
    assert_eq!(wrong.iter().map(|finding| finding.field.as_str()).collect::<Vec<_>>(), ["name", "range"]);
    subnet("b", "127.7.1.0/24").await.expect("free");
    desk.change_subnet(&path, "net", "b", "127.7.2.0/23").await.expect("nobody uses it");
    ask(&portal, &path, &spec("one")).await.expect("created");
    let moved = desk.change_subnet(&path, "net", "small", "127.7.9.0/24").await;
    assert!(in_use(moved).contains("one"));
    desk.change_subnet(&path, "net", "small", "127.7.0.0/23").await.expect("it grows");
    desk.delete_network(&path, "net", Some("b")).await.expect("nobody uses it");
    let subnets = desk.networks(&path).await.expect("networks").remove(0).subnets;
    let told: Vec<_> = subnets.iter().map(|one| (one.range.to_string(), one.used, one.total)).collect();
    assert_eq!(told, [("127.7.0.0/23".to_owned(), 1, 509)]);
}

async fn a_cluster_listens_where_it_was_told_and_a_full_subnet_takes_no_more(portal: TestPortal) {
    let desk = &portal.desk;
    desk.new_subnet(&lab(), "default", "b", "127.99.64.0/24").await.expect("made");
    let place = |subnet: &str| Network { network: "default".to_owned(), subnet: subnet.to_owned() };
    let told = |name: &str, subnet: &str| {
        let mut spec = spec(name);
        spec.integration.network = Some(place(subnet));
        spec
    };
    ask(&portal, &lab(), &told("placed", "b")).await.expect("created");
    portal.create("first").await;
    for (name, range) in [("placed", "127.99.64.0/24"), ("first", "127.99.0.0/18")] {
        let id = desk.cluster_named(&lab(), name).await.expect("there");
        portal.until(id, State::Running).await;
        assert_eq!(portal.fake.with(id, |cluster| cluster.subnet.clone()), range);
    }
    // Its addresses are used up.
    let full = sqlx::query("update subnet set addresses = '127.99.64.0/30' where name = 'b'");
    portal.plane.store().write(full).await.expect("written");
    let (at, why) = field(ask(&portal, &lab(), &told("second", "b")).await);
    assert!(at == "subnet" && why.contains("has 1 addresses"), "{why}");
    assert_eq!(field(ask(&portal, &lab(), &told("second", "none")).await).0, "subnet");
    let context = desk.create_context(&lab()).await.expect("a context");
    let form =
        ClusterForm { network: "default".to_owned(), subnet: "b".to_owned(), ..context.defaults.clone() };
    let wrong = form.validate(&context.offer, &[]).expect_err("it is full");
    assert!(
        wrong
            .iter()
            .any(|finding| finding.field == "subnet" && finding.message.contains("all of its 1 addresses"))
    );
    let other = ClusterForm { subnet: "default".to_owned(), ..form };
    let wrong = other.validate(&context.offer, &[]).expect_err("it has no name");
    assert!(wrong.iter().all(|finding| finding.field != "subnet"), "{wrong:?}");
    // Who has an address keeps it.
    let placed = desk.cluster_named(&lab(), "placed").await.expect("there");
    let context = desk.update_context(placed).await.expect("a context");
    let form = ClusterForm::from(&desk.cluster(placed).await.expect("there").spec);
    assert_eq!((form.network.as_str(), form.subnet.as_str()), ("default", "b"));
    assert!(form.validate(&context.offer, &[]).is_ok());
}

async fn only_accounts_that_a_pool_lends_are_offered(portal: TestPortal) {
    let desk = &portal.desk;
    let account =
        sqlx::query("insert into account (id, name, kind, created) values ('x', 'pond', 'local', 0)");
    portal.plane.store().write(account).await.expect("written");
    let names = async || {
        let offer = desk.create_context(&lab()).await.expect("a context").offer;
        offer.accounts.into_iter().map(|account| account.name).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["lake", "pond"]);
    let form = PoolForm { accounts: "pond".to_owned(), ..desk.pool_edit(&lab()).await.expect("a form").form };
    desk.change_pool(&lab(), &form).await.expect("changed");
    assert_eq!(names().await, ["pond"]);
    let draft = ClusterDraft::from(&spec("a"));
    let Err(Refusal::InvalidSpec(wrong)) = desk.create_asked(&lab(), &draft, None).await else {
        panic!("refused")
    };
    assert!(wrong.iter().any(|finding| finding.field == "account"), "{wrong:?}");
}
