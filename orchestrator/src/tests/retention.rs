//! What is old is kept coarser, and then forgotten; plots read what is there.

use domain::action::Action;
use domain::id::ClusterId;
use domain::state::State;
use jiff::SignedDuration;

use super::TestPortal;
use super::database::on_both;
use crate::retention;
use crate::store::figure::Figures;
use crate::store::sample::Sample;

on_both!(
    measurements_become_coarser_and_go,
    a_round_is_written_whole,
    a_year_of_history_stays,
    logs_of_old_runs_go_but_not_the_last_ones,
);

async fn measured(portal: &TestPortal, id: ClusterId, rate: f64, restarts: u64) {
    let sample = Sample { records_in: Some(rate), restarts: Some(restarts), ..Sample::default() };
    let round = [(id, sample, Figures::default())];
    portal.plane.store().keep_round(&round, portal.plane.now()).await.expect("kept");
}

/// The line of records that come in, over the last minutes.
async fn line(portal: &TestPortal, id: ClusterId, minutes: u32) -> Vec<f64> {
    let plots = portal.desk.plots(id, minutes).await.expect("plots");
    plots[0].lines[0].1.iter().map(|point| point.expect("measured")).collect()
}

async fn keep(portal: &TestPortal) {
    retention::keep(&portal.plane.inner).await.expect("kept");
}

async fn rows(portal: &TestPortal, sql: &'static str) -> i64 {
    let mut reading = portal.plane.store().reading().await.expect("a connection");
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&mut *reading).await.expect("a count");
    count
}

async fn measurements_become_coarser_and_go(portal: TestPortal) {
    let id = portal.running("orders").await;
    let into = portal.plane.now().as_millisecond() % 60_000;
    portal.clock.advance(SignedDuration::from_millis(60_000 - into)); // A minute begins.
    // Three hours, two measurements each minute: the average of a minute is its number.
    for minute in 0..180 {
        measured(&portal, id, f64::from(minute) - 1.0, 1).await;
        portal.clock.advance(SignedDuration::from_secs(30));
        measured(&portal, id, f64::from(minute) + 1.0, 2).await;
        portal.clock.advance(SignedDuration::from_secs(30));
    }
    assert_eq!(line(&portal, id, 60).await.len(), 120);
    keep(&portal).await;
    keep(&portal).await; // What is folded is folded once.
    assert_eq!(rows(&portal, "select count(*) from sample").await, 120, "an hour of measurements stays");
    let minutes = line(&portal, id, 120).await;
    assert_eq!(minutes[..3], [60.0, 61.0, 62.0]);
    assert_eq!(minutes[minutes.len() - 2..], [178.0, 180.0], "the newest minutes are told by measurements");
    assert_eq!(rows(&portal, "select min(restarts) from sample_folded").await, 2, "the highest of a minute");

    portal.clock.advance(SignedDuration::from_hours(24 * 8));
    keep(&portal).await;
    assert_eq!(rows(&portal, "select count(*) from sample").await, 0);
    assert_eq!(rows(&portal, "select count(*) from sample_folded where span = 60000000").await, 0);
    let hours = line(&portal, id, 24 * 60 * 365).await;
    let folded = rows(&portal, "select count(*) from sample_folded").await;
    assert_eq!(usize::try_from(folded), Ok(hours.len()));
    assert!((3..=4).contains(&hours.len()), "{hours:?}");
    assert!(hours.is_sorted(), "{hours:?}");

    portal.clock.advance(SignedDuration::from_hours(24 * 365));
    keep(&portal).await;
    assert_eq!(rows(&portal, "select count(*) from sample_folded").await, 0);
}

async fn a_round_is_written_whole(portal: TestPortal) {
    let (one, two) = (portal.running("one").await, portal.running("two").await);
    for id in [one, two] {
        let figures = crate::sampler::Sample { parallelism: 3, records_in: Some(7.0), ..Default::default() };
        portal.fake.with(id, |world| world.figures = Some(figures));
    }
    crate::measure::measure(&portal.plane.inner).await.expect("measured");
    assert_eq!(rows(&portal, "select count(distinct at) from sample").await, 1, "at one time");
    assert_eq!(rows(&portal, "select count(*) from sample").await, 2);
    for id in [one, two] {
        assert_eq!(portal.view(id).await.row.parallelism, 3);
    }
    // A cluster that there is not spoils the whole round: nothing of it is half there.
    let stranger = ClusterId(uuid::Uuid::from_u128(1));
    let row = |id| (id, Sample::default(), Figures::default());
    portal.clock.advance(SignedDuration::from_secs(5));
    let round = [row(one), row(stranger)];
    assert!(portal.plane.store().keep_round(&round, portal.plane.now()).await.is_err());
    assert_eq!(rows(&portal, "select count(*) from sample").await, 2);
}

async fn a_year_of_history_stays(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.clock.advance(SignedDuration::from_hours(24 * 364));
    keep(&portal).await;
    assert_eq!(portal.history(id).await.len(), 4);
    portal.act(id, Action::Savepoint).await.expect("asked");
    portal.clock.advance(SignedDuration::from_hours(24 * 2));
    keep(&portal).await;
    assert_eq!(portal.history(id).await, ["Savepoint asked"]);
    assert_eq!(portal.desk.operations(id).await.expect("operations").len(), 2, "operations stay");
    assert_eq!(portal.desk.runs(id).await.expect("runs").len(), 1, "and runs");
    assert!(rows(&portal, "select count(*) from audit").await >= 2, "and the audit");
    portal.until(id, State::Running).await;
    let events = portal.desk.activity_of(id).await.expect("a history").events;
    assert!(events[0].id.0 > 5, "numbers go on");
}

async fn logs_of_old_runs_go_but_not_the_last_ones(portal: TestPortal) {
    let id = portal.running("orders").await;
    for _ in 0..2 {
        portal.act(id, Action::StatelessUpdate).await.expect("asked");
        portal.until(id, State::Running).await;
    }
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
    let removed = || portal.fake.with(id, |world| world.logs_removed.clone());
    portal.clock.advance(SignedDuration::from_hours(24 * 29));
    keep(&portal).await;
    assert!(removed().is_empty());
    portal.clock.advance(SignedDuration::from_hours(24 * 2));
    keep(&portal).await;
    keep(&portal).await;
    assert_eq!(removed(), [1, 2], "each once; the last one says why it rests");
    assert_eq!(portal.desk.runs(id).await.expect("runs").len(), 3);
}
