//! An update that has to hold, as its operation tells of it; and one that need not.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId};
use domain::operation::OperationEnd;
use domain::reason::Reason;
use domain::state::State;
use jiff::SignedDuration;

use super::database::Database;
use super::{Arguments, TestPortal, spec};

/// A portal with a probation, a job that runs, and an update of it that is asked.
async fn updated(probation_off: bool) -> (TestPortal, ClusterId, OperationId) {
    let portal = TestPortal::with(Database::Sqlite, |config| {
        config.limits.probation = SignedDuration::from_secs(60);
    })
    .await;
    let id = portal.running("orders").await;
    let form = ClusterForm { args: "--other".to_owned(), ..ClusterForm::from(&spec("orders")) };
    let arguments = Arguments { form: Some(form), probation_off, ..Arguments::default() };
    let operation = portal.desk.act(id, Action::Update, arguments).await.expect("asked");
    for _ in 0..40 {
        if portal.view(id).await.row.revision == 2 {
            return (portal, id, operation);
        }
        portal.pass().await;
    }
    panic!("{:?}", portal.view(id).await.row);
}

#[tokio::test]
async fn the_step_that_failed_counts_the_last_restart_too_and_the_times_are_told() {
    let (portal, id, operation) = updated(false).await;
    for restart in 1..=3 {
        for _ in 0..3 {
            portal.second().await;
        }
        let at = portal.plane.now();
        portal.fake.with(id, |world| {
            world.failure = Some(Reason::new("JOB", "It threw."));
            world.restarts.push(at);
        });
        if restart == 2 {
            portal.second().await;
            let steps = portal.operation(operation).await.steps;
            let step = steps.iter().find(|step| step.started.is_some() && step.ended.is_none());
            let detail = &step.expect("it goes on").detail;
            assert_eq!(detail, "revision 2 on probation, 0 of 2 checkpoints, restarted 2 of 3 times");
        }
    }
    portal.until(id, State::Running).await;
    let ended = portal.operation(operation).await;
    let failed: Vec<_> = ended.steps.iter().filter(|step| step.failed).collect();
    let [step] = failed.as_slice() else { panic!("{:?}", ended.steps) };
    assert_eq!(step.detail, "revision 2 was restarted 3 times");
    let Some(OperationEnd::WentBack { back_ms: Some(back), ran: Some(_), .. }) = ended.end else {
        panic!("{:?}", ended.end)
    };
    assert!(ended.downtime_ms.is_some_and(|there| there > 0) && back > 0, "{ended:?}");
}

#[tokio::test]
async fn with_its_probation_off_an_update_succeeds_when_it_has_come_up_and_is_not_taken_back() {
    let (portal, id, operation) = updated(true).await;
    portal.until(id, State::Running).await;
    let ended = portal.operation(operation).await;
    assert_eq!((ended.succeeded, ended.arguments["Probation"].as_str()), (Some(true), "off"));
    let asked = portal.plane.now().duration_since(ended.asked);
    assert!(asked < SignedDuration::from_secs(60), "nothing was waited for: {asked}");
    portal.fake.with(id, |world| {
        world.failure = Some(Reason::new("JOB", "It threw."));
        world.job = Some(domain::lifecycle::JobStatus::Failed);
    });
    portal.second().await;
    portal.until(id, State::Failed).await;
    assert_eq!(portal.view(id).await.row.revision, 2, "it is left as it is");
}
