//! The transitions as a table that is checked in (`snapshots/`): a reviewer sees which edges a change adds or takes.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::id::OperationId;
use crate::lifecycle::{
    Ask, Decision, Fallback, Intent, JobStatus, Launch, Limits, MainMethod, Next, Observation, ObservedJob,
    ObservedProcess, ObservedRun, ObservedTaskManagers, Outcome, Phase, Probation, Recoveries, Restore, Then,
    decide,
};
use crate::reason::Reason;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const OPERATION: OperationId = OperationId(Uuid::from_u128(7));

fn phases() -> Vec<(&'static str, Phase)> {
    let launch = || Launch {
        run: 4,
        revision: 2,
        from: Restore::Savepoint { path: "old".to_owned() },
        asked_by: None,
        fresh: false,
        fallback: None,
        back_from: None,
        checkpoints_off: false,
    };
    let update = || Launch {
        asked_by: Some(OPERATION),
        fallback: Some(Fallback { revision: 1, from: launch().from }),
        ..launch()
    };
    let (until, recoveries) = (NOW + SignedDuration::from_mins(1), Recoveries::default());
    let probation =
        Probation { until, since: NOW, checkpoints: 0, checkpoint: None, restarts: 0, restarted_at: None };
    let reason = Reason::new("WHY", "Why.");
    vec![
        ("accepted", Phase::Accepted),
        ("starting", Phase::Starting { launch: launch(), until, recoveries }),
        ("starting an update", Phase::Starting { launch: update(), until, recoveries }),
        ("running", Phase::Running { launch: launch(), recoveries, probation: None }),
        ("on probation", Phase::Running { launch: update(), recoveries, probation: Some(probation) }),
        (
            "saving",
            Phase::Saving {
                launch: launch(),
                recoveries,
                trigger: OPERATION,
                until,
                format: Default::default(),
            },
        ),
        (
            "stopping",
            Phase::Stopping { launch: launch(), recoveries, trigger: OPERATION, until, then: Then::Rest },
        ),
        ("canceling", Phase::Canceling { launch: launch(), until, then: Then::Rest }),
        ("ending", Phase::Ending { launch: launch(), next: Next::Canceled }),
        (
            "waiting",
            Phase::Waiting { launch: launch(), next: update(), recoveries, why: "It is away.".to_owned() },
        ),
        ("stopped", Phase::Stopped { launch: launch(), savepoint: "new".to_owned() }),
        ("canceled", Phase::Canceled { launch: Some(launch()) }),
        ("finished", Phase::Finished { launch: launch() }),
        ("failed", Phase::Failed { launch: launch(), newest: launch().from, reason, at_launch: false }),
        ("deleting", Phase::Deleting { launch: Some(launch()), keep_savepoints: true }),
    ]
}

/// What is seen.
fn observations() -> Vec<(&'static str, Observation)> {
    let job = |status: JobStatus| {
        Some(ObservedJob {
            up: status == JobStatus::Running,
            batch: false,
            restoring: false,
            status,
            failure: None,
            ended_at: None,
            restarted_at: None,
            restarts: None,
        })
    };
    let well = || ObservedRun {
        job_manager: ObservedProcess::Answers,
        task_managers: ObservedTaskManagers { alive: 2, registered: 2, wanted: 2 },
        job: job(JobStatus::Running),
        ..ObservedRun::nothing()
    };
    let dead = |by_itself| ObservedRun {
        job_manager: ObservedProcess::Ended { why: Reason::new("GONE", "It is gone."), by_itself },
        task_managers: ObservedTaskManagers { alive: 0, registered: 0, wanted: 2 },
        job: None,
        ..well()
    };
    let batch = job(JobStatus::Running).map(|job| ObservedJob { batch: true, ..job });
    let threw = MainMethod::Failed { why: Reason::new("MAIN", "It threw.") };
    [
        ("well", well()),
        ("restarts", ObservedRun { job: job(JobStatus::Restarting), ..well() }),
        ("batch", ObservedRun { job: batch, ..well() }),
        ("job failed", ObservedRun { job: job(JobStatus::Failed), ..well() }),
        ("finished", ObservedRun { job: job(JobStatus::Finished), ..well() }),
        ("silent", ObservedRun { job_manager: ObservedProcess::Silent, job: None, ..well() }),
        ("killed", dead(false)),
        ("exited", dead(true)),
        ("main threw", ObservedRun { main: threw, ..dead(true) }),
        ("state away", ObservedRun { state_missing: Some("It is away.".to_owned()), ..dead(false) }),
    ]
    .into_iter()
    .map(|(name, seen)| (name, Observation::Present(seen)))
    .chain([
        ("nothing", Observation::Absent),
        ("unseen", Observation::Unreachable { why: "No route.".to_owned() }),
    ])
    .collect()
}

fn asks() -> Vec<(&'static str, Ask)> {
    vec![
        ("Start", Ask::Start { revision: 3, from: Restore::Fresh }),
        ("Update", Ask::Update { revision: 3, keep_state: true }),
        ("Stateless", Ask::Update { revision: 3, keep_state: false }),
        ("Last-state", Ask::LastStateUpdate { revision: 3 }),
        ("Savepoint", Ask::Savepoint),
        ("Stop", Ask::Stop),
        ("Cancel", Ask::Cancel),
        ("Delete", Ask::Delete { keep_savepoints: true, unseen: false }),
        ("forget", Ask::Delete { keep_savepoints: true, unseen: true }),
    ]
}

/// Where a pass leads: the phase, what follows it, and how an operation ended.
fn cell(before: &Phase, decision: &Decision) -> String {
    let next = |next: &Next| match next {
        Next::Stopped { .. } => "stopped",
        Next::Canceled => "canceled",
        Next::Finished => "finished",
        Next::Failed { .. } => "failed",
        Next::Launch { launch, .. } if launch.back_from.is_some() => "back",
        Next::Launch { .. } => "launch",
    };
    let phase = match &decision.phase {
        same if same == before => "-".to_owned(),
        Phase::Ending { next: after, .. } => format!("→{}", next(after)),
        other => other.name().to_owned(),
    };
    let outcome = match &decision.outcome {
        None => "",
        Some(Outcome::Succeeded { .. }) => " ✓",
        Some(Outcome::Failed(_)) => " ✗",
        Some(Outcome::WentBack { .. }) => " ↶",
    };
    format!("{phase}{outcome}")
}

fn table(heads: &[&str], cells: impl Fn(&Phase) -> Vec<String>) -> String {
    let line = |first: &str, cells: &[String]| {
        let cells: String = cells.iter().map(|cell| format!("{cell:<13}")).collect();
        format!("{first:<20}{cells}").trim_end().to_owned()
    };
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let lines = phases().into_iter().map(|(name, phase)| line(name, &cells(&phase)));
    [line("", &heads)].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_happens_by_itself() {
    let observations = observations();
    let heads: Vec<_> = observations.iter().map(|(name, _)| *name).collect();
    let cells = |phase: &Phase| {
        let pass = |seen| decide(None, phase, None, seen, &Limits::default(), NOW);
        observations.iter().map(|(_, seen)| cell(phase, &pass(seen))).collect()
    };
    insta::assert_snapshot!(table(&heads, cells));
}

#[test]
fn what_is_asked() {
    let asks = asks();
    let heads: Vec<_> = asks.iter().map(|(name, _)| *name).collect();
    let (well, gone) = (&observations()[0].1, &Observation::Absent);
    let cells = |phase: &Phase| {
        // What rests has no processes.
        let rests = phase.state(gone, false).at_rest() || *phase == Phase::Accepted;
        let pass = |ask: &Ask| {
            let intent = Intent {
                operation: OperationId(Uuid::from_u128(9)),
                ask: ask.clone(),
                probation_off: false,
                format: Default::default(),
            };
            decide(Some(&intent), phase, None, if rests { gone } else { well }, &Limits::default(), NOW)
        };
        asks.iter().map(|(_, ask)| cell(phase, &pass(ask))).collect()
    };
    insta::assert_snapshot!(table(&heads, cells));
}
