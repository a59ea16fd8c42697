//! The grid: pages, filters, sorts, counts.

use domain::action::Action;
use domain::id::ClusterId;
use domain::pool::PoolPath;
use domain::state::State;
use domain::view::{JobQuery, Scope, Sort};

use super::database::on_both;
use super::{TestPortal, lab};
use crate::store::figure::Figures;
use crate::store::sample::Sample;

on_both!(
    pages_and_counts,
    filters_narrow,
    sorts_by_every_column,
    sparklines_of_the_page,
    a_rate_is_that_of_the_moment,
    home_and_pools,
    pages_ask_for_what_they_show,
    activity_is_searched_and_paged,
);

async fn names(portal: &TestPortal, query: JobQuery) -> Vec<String> {
    let page = portal.desk.jobs(&query).await.expect("a page");
    page.rows.into_iter().map(|row| row.name).collect()
}

async fn three(portal: &TestPortal) {
    portal.running("beta").await;
    portal.running("alpha").await;
    let gamma = portal.running("gamma").await;
    portal.act(gamma, Action::Cancel).await.expect("asked");
    portal.until(gamma, State::Canceled).await;
}

/// A round of the sampler that has measured one cluster.
async fn keep(portal: &TestPortal, id: ClusterId, sample: Sample, figures: Figures) {
    let round = [(id, sample, figures)];
    portal.plane.store().keep_round(&round, portal.plane.now()).await.expect("kept");
}

async fn pages_and_counts(portal: TestPortal) {
    three(&portal).await;
    let first = portal.desk.jobs(&JobQuery { size: 2, ..JobQuery::default() }).await.expect("a page");
    assert_eq!(first.total, 3);
    assert_eq!((first.counts.all, first.counts.running, first.counts.stopped), (3, 2, 1));
    assert_eq!(first.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["alpha", "beta"]);
    assert_eq!((first.flink_versions, first.owners), (vec!["1.20.5".to_owned()], vec!["Ada".to_owned()]));
    assert_eq!(first.tags, ["team:orders"]);
    assert_eq!(names(&portal, JobQuery { size: 2, page: 1, ..JobQuery::default() }).await, ["gamma"]);
    let unknown =
        JobQuery { scope: Scope::Pool(PoolPath::of("Penstock", "streaming", "none")), ..JobQuery::default() };
    assert!(portal.desk.jobs(&unknown).await.is_err());
}

async fn filters_narrow(portal: TestPortal) {
    three(&portal).await;
    let default = JobQuery::default;
    let text = |text: &str| JobQuery { text: text.to_owned(), ..default() };
    assert_eq!(names(&portal, text("LPH")).await, ["alpha"]);
    assert!(names(&portal, text("%")).await.is_empty(), "a sign of like is a letter");
    assert_eq!(names(&portal, JobQuery { state: "CANCELED".to_owned(), ..default() }).await, ["gamma"]);
    let group = JobQuery { group: "running".to_owned(), ..default() };
    assert_eq!(names(&portal, group).await, ["alpha", "beta"]);
    for tag in ["team", "team:orders"] {
        assert_eq!(names(&portal, JobQuery { tag: tag.to_owned(), ..default() }).await.len(), 3);
    }
    assert!(names(&portal, JobQuery { tag: "orders".to_owned(), ..default() }).await.is_empty());
    assert!(names(&portal, JobQuery { owner: "Bob".to_owned(), ..default() }).await.is_empty());
    assert!(names(&portal, JobQuery { flink: "2.3.0".to_owned(), ..default() }).await.is_empty());
    let lab = JobQuery { scope: Scope::Pool(lab()), text: "a".to_owned(), ..default() };
    assert_eq!(portal.desk.jobs(&lab).await.expect("a page").total, 3);
    assert_eq!(portal.desk.search("gam").await.expect("found").len(), 1);
}

async fn sorts_by_every_column(portal: TestPortal) {
    three(&portal).await;
    for (place, name) in ["alpha", "beta", "gamma"].into_iter().enumerate() {
        let id = portal.desk.cluster_named(&lab(), name).await.expect("there");
        let n = u32::try_from(place).expect("small") + 1;
        let figures = Figures {
            at: portal.plane.now(),
            run: 1,
            parallelism: n,
            checkpoint_at: Some(portal.plane.now()),
            ..Figures::default()
        };
        keep(&portal, id, Sample::default(), figures).await;
        portal.clock.advance(jiff::SignedDuration::from_secs(10));
        let ago = |second| portal.plane.now() - jiff::SignedDuration::from_secs(second);
        let restarts = (1..i64::from(3 - n) + 1).rev().map(ago).collect();
        portal.fake.with(id, |world| world.restarts = restarts);
    }
    portal.second().await;
    for (sort, expected) in [
        (Sort::Attention, ["alpha", "beta", "gamma"]),
        (Sort::Name, ["alpha", "beta", "gamma"]),
        (Sort::Since, ["gamma", "alpha", "beta"]),
        (Sort::Parallelism, ["alpha", "beta", "gamma"]),
        (Sort::Checkpoint, ["gamma", "beta", "alpha"]),
        (Sort::Restarts, ["gamma", "beta", "alpha"]),
    ] {
        assert_eq!(names(&portal, JobQuery { sort, ..JobQuery::default() }).await, expected, "{sort:?}");
        let mut backwards = names(&portal, JobQuery { sort, descending: true, ..JobQuery::default() }).await;
        backwards.reverse();
        assert_eq!(backwards, expected, "{sort:?} backwards");
    }
}

async fn sparklines_of_the_page(portal: TestPortal) {
    let id = portal.running("alpha").await;
    portal.running("beta").await;
    for minute in 0..3 {
        let sample = Sample { records_in: Some(100.0 * f64::from(minute)), ..Sample::default() };
        keep(&portal, id, sample, Figures::default()).await;
        portal.clock.advance(jiff::SignedDuration::from_mins(1));
    }
    let page = portal.desk.jobs(&JobQuery::default()).await.expect("a page");
    assert_eq!(page.rows[0].throughput.len(), 30);
    assert_eq!(page.rows[0].throughput[27..], [0.0, 100.0, 200.0]);
    assert!(page.rows[1].throughput.is_empty());
    let pool = portal.desk.pool(&lab()).await.expect("the pool");
    assert_eq!(pool.throughput[29], 200.0);
    let plots = portal.desk.plots(id, 60).await.expect("plots");
    assert_eq!(plots[0].lines[0].1, [Some(0.0), Some(100.0), Some(200.0)]);
    assert_eq!(plots[0].marks[0].1, "Create");

    // A young cluster's axis is its life.
    let span = async || {
        let plots = portal.desk.plots(id, 60).await.expect("plots");
        plots[0].until.duration_since(plots[0].from).as_mins()
    };
    assert_eq!(span().await, 10);
    portal.clock.advance(jiff::SignedDuration::from_mins(30));
    assert_eq!(span().await, 33);
    portal.clock.advance(jiff::SignedDuration::from_mins(30));
    assert_eq!(span().await, 60);
}

async fn a_rate_is_that_of_the_moment(portal: TestPortal) {
    let id = portal.running("alpha").await;
    let rate = async || portal.desk.cluster(id).await.expect("there").records_in;
    let measured = async |run| {
        let figures = Figures { at: portal.plane.now(), run, records_in: Some(100.0), ..Figures::default() };
        keep(&portal, id, Sample::default(), figures).await;
    };
    measured(1).await;
    assert_eq!(rate().await, Some(100.0));
    portal.clock.advance(jiff::SignedDuration::from_mins(1));
    assert_eq!(rate().await, None, "nobody measured for a minute");
    measured(2).await;
    assert_eq!(rate().await, None, "another run");
    measured(1).await;
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
    measured(1).await;
    assert_eq!(rate().await, None, "it does not run");
}

async fn home_and_pools(portal: TestPortal) {
    three(&portal).await;
    let home = portal.desk.home().await.expect("home");
    assert_eq!((home.counts.all, home.attention.len()), (3, 0));
    assert_eq!(home.operations[0].action, Action::Cancel);
    assert_eq!(
        home.recent.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["gamma", "alpha", "beta"]
    );
    let pool = &home.pools[0];
    assert_eq!(pool.path, lab());
    assert_eq!(pool.memory_used_mb, 2 * 3848, "a canceled cluster holds nothing");
    assert_eq!(pool.cpu_used, 6.0);
}

async fn activity_is_searched_and_paged(portal: TestPortal) {
    for n in 0..16 {
        let id = portal.running(&format!("c{n}")).await;
        portal.act(id, Action::Cancel).await.expect("asked");
        portal.until(id, State::Canceled).await;
    }
    let first = portal.desk.activity(&Default::default()).await.expect("a page");
    assert_eq!(first.events.len(), 50);
    let mut seen = first.events.len();
    let mut next = first.next;
    while next.is_some() {
        let query = domain::view::ActivityQuery { before: next, ..Default::default() };
        let page = portal.desk.activity(&query).await.expect("a page");
        seen += page.events.len();
        next = page.next;
    }
    let all: (i64,) = sqlx::query_as("select cast(count(*) as bigint) from event")
        .fetch_one(&mut *portal.plane.store().reading().await.expect("a connection"))
        .await
        .expect("a count");
    assert_eq!(i64::try_from(seen).expect("small"), all.0);
    let query = domain::view::ActivityQuery { text: "CANCEL ASK".to_owned(), ..Default::default() };
    assert_eq!(portal.desk.activity(&query).await.expect("a page").events.len(), 16);
}

async fn pages_ask_for_what_they_show(portal: TestPortal) {
    three(&portal).await;
    for name in ["beta", "alpha", "beta"] {
        let id = portal.desk.cluster_named(&lab(), name).await.expect("there");
        portal.act(id, Action::Savepoint).await.expect("asked");
        portal.until(id, State::Running).await;
    }
    let recent = portal.desk.home().await.expect("home").recent;
    let recent: Vec<&str> = recent.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(recent, ["beta", "alpha", "gamma"], "what something was asked of last comes first");
    let pools = portal.desk.pool_names().await.expect("pools");
    assert_eq!(pools.iter().map(|pool| (pool.path.name(), pool.clusters)).collect::<Vec<_>>(), [("lab", 3)]);
    let found = portal.desk.search("ALPH").await.expect("found");
    assert_eq!(found.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["alpha"]);
    let id = portal.desk.cluster_named(&lab(), "alpha").await.expect("there");
    assert_eq!(portal.desk.cluster_name(id).await.expect("its name"), "alpha");
    portal.act(id, Action::Delete).await.expect("asked");
    while portal.desk.cluster_name(id).await.is_ok() {
        portal.pass().await;
    }
    assert_eq!(portal.desk.pool_names().await.expect("pools")[0].clusters, 2);
}
