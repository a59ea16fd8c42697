//! What a pass writes, computed from what was, what was seen and what was decided. Pure.

use domain::lifecycle::{Launch, Observation, ObservedRun, Outcome, Phase, Restore, Then};
use domain::operation::OperationEnd;
use domain::reason::code;
use domain::run::RunEnd;
use domain::snapshot::{SavepointFormat, SnapshotKind, SnapshotOrigin};
use jiff::{SignedDuration, Timestamp};

use super::gathered::Gathered;
use super::{events, steps};
use crate::store::record::Conclusion;
use crate::store::run::{Line, RunChange};
use crate::store::snapshot::NewSnapshot;
use crate::store::status::{NewResult, NewStatus, Status};

/// Nothing happens by itself to a cluster at rest. It is looked at all the same, for the sake of left-overs: more often
/// would cost a portal with thousands of them, less often would let a stray process live on.
const REST: SignedDuration = SignedDuration::from_hours(1);

/// Everything to write; none if nothing changed.
pub(super) fn conclude(pass: &Gathered<'_>) -> Option<Conclusion> {
    let (was, next) = (&pass.was.status, pass.next);
    let downtime = match next.outcome {
        // The time until it came up is not that of the way back.
        Some(Outcome::WentBack { .. }) => pass.downtime(),
        Some(Outcome::Succeeded { .. } | Outcome::Failed(_)) | None => {
            pass.operation.as_ref().and_then(|operation| operation.downtime).or_else(|| pass.downtime())
        }
    };
    let end = next
        .outcome
        .as_ref()
        .zip(pass.operation.as_ref())
        .map(|(outcome, operation)| (operation.id, OperationEnd::of(outcome, downtime, pass.now)));
    let steps = pass.operation.as_ref().and_then(|operation| {
        steps::follow(operation, &next.phase, pass.seen, next.outcome.as_ref(), pass.now)
    });
    let step = match &pass.operation {
        Some(operation) => domain::lifecycle::step_name(&next.phase, pass.seen, operation.action),
        None => Default::default(),
    };
    // What rests is looked at once an hour; a command makes it due at once.
    let looked_at = pass.rests() && was.due_at <= pass.now;
    let unchanged = !looked_at
        && next.phase == was.phase
        && *pass.seen == was.seen
        && pass.known == was.known
        && pass.launched == was.launched
        && pass.restarts == was.restarts
        && (was.failures > 0 || pass.silent() == says_silent(was))
        && pass.state() == was.state
        && end.is_none()
        && steps.is_none()
        && was.observed_generation == pass.was.cluster.generation
        && was.step == step
        && (was.failures == 0 || next.act.is_some());
    if unchanged {
        return None;
    }
    let status = status(pass, step, end.as_ref());
    let snapshots = snapshots(pass);
    let mut told = events::changes(pass, &status, &snapshots);
    if let (Some(operation), Some((_, end))) = (&pass.operation, &end) {
        told.push(events::ended(pass.was, operation, end));
    }
    Some(Conclusion {
        gone: next.phase == Phase::Deleted,
        status,
        steps,
        downtime: pass.operation.as_ref().map(|operation| operation.id).zip(pass.downtime()),
        end,
        runs: runs(pass),
        snapshots,
        events: told,
    })
}

fn says_silent(was: &Status) -> bool {
    was.reason.as_ref().is_some_and(|reason| reason.code == code::JOB_MANAGER_SILENT)
}

fn status(
    pass: &Gathered<'_>,
    step: (String, String),
    end: Option<&(domain::id::OperationId, OperationEnd)>,
) -> NewStatus {
    let (was, next) = (&pass.was.status, pass.next);
    let state = pass.state();
    let launch = next.phase.launch();
    // What an act failed of stays said until one succeeds.
    let failing = was.failures > 0 && next.phase == was.phase && next.act.is_some();
    let (note, reason) = if failing {
        (was.note.clone(), was.reason.clone())
    } else {
        events::reason(&next.phase, pass.seen, state, pass.restarts.as_deref(), pass.silent())
    };
    let savepoint = match pass.completed() {
        Some(_) => Some((pass.now, origin(&was.phase))),
        None => was.savepoint,
    };
    let running_at = if state.at_rest() {
        None
    } else if pass.job_runs() || (pass.completed().is_some() && matches!(was.phase, Phase::Stopping { .. })) {
        // A stop's savepoint ends the job: it ran until just now.
        Some(pass.now)
    } else {
        was.running_at
    };
    NewStatus {
        completed_generation: if end.is_some() {
            pass.was.cluster.generation
        } else {
            was.completed_generation
        },
        observed_generation: pass.was.cluster.generation,
        phase: next.phase.clone(),
        seen: pass.seen.clone(),
        known: pass.known.clone(),
        launched: pass.launched.clone(),
        restarts: pass.restarts.clone(),
        state,
        since: if state == was.state { was.since } else { pass.now },
        note,
        reason,
        step: if end.is_some() { Default::default() } else { step },
        result: end.map(|(operation, end)| NewResult {
            operation: *operation,
            action: pass.was.cluster.action,
            succeeded: end.succeeded(),
            at: pass.now,
        }),
        job_id: launch.map(|launch| pass.was.cluster.id.job_id(launch.run)),
        batch: batch(pass),
        run: launch.map(|launch| launch.run),
        savepoint,
        running_at,
        seen_at: pass.seen_at,
        failures: if failing { was.failures } else { 0 },
        due_at: if pass.rests() { pass.now.checked_add(REST).unwrap_or(Timestamp::MAX) } else { pass.now },
    }
}

/// What was seen of the job of the present run, or known of it before.
fn batch(pass: &Gathered<'_>) -> bool {
    let (was, next) = (&pass.was.status, pass.next.phase.launch());
    let same = next.map(|launch| launch.run) == was.run;
    match pass.seen {
        Observation::Present(ObservedRun { job: Some(job), .. }) if same => job.batch,
        _ => same && was.batch,
    }
}

/// What asked for the savepoint that a phase promises.
fn origin(phase: &Phase) -> SnapshotOrigin {
    match phase {
        Phase::Stopping { then: Then::Rest, .. } => SnapshotOrigin::Stop,
        Phase::Stopping { then: Then::Launch { .. }, .. } => SnapshotOrigin::Update,
        _ => SnapshotOrigin::Asked,
    }
}

fn snapshots(pass: &Gathered<'_>) -> Vec<NewSnapshot> {
    let was = &pass.was.status.phase;
    let run = was.launch().map_or(0, |launch| launch.run);
    let mut snapshots = Vec::new();
    if let Some(path) = pass.completed() {
        snapshots.push(NewSnapshot {
            kind: SnapshotKind::Savepoint,
            path: path.to_owned(),
            size: None,
            run,
            at: None,
            origin: origin(was),
            actor: pass.trigger.as_ref().map(|operation| operation.actor.clone()).unwrap_or_default(),
            format: match was {
                Phase::Saving { format, .. } => *format,
                _ => SavepointFormat::Canonical,
            },
        });
    }
    snapshots.extend(pass.left.iter().cloned());
    snapshots
}

fn runs(pass: &Gathered<'_>) -> Vec<RunChange> {
    let mut changes = Vec::new();
    let was = &pass.was.status.phase;
    let launched = pass.launch();
    if let (Some(old), Some(end)) = (was.launch(), RunEnd::of(was, &pass.next.phase, launched.is_some()))
        && *was != pass.next.phase
    {
        let outside = events::canceled_outside(pass).is_some();
        let end = if outside { RunEnd::CanceledOutside } else { end };
        changes.push(RunChange::Ended { run: old.run, end });
    }
    if let Some(launch) = launched {
        changes.push(RunChange::Launched {
            run: launch.run,
            revision: launch.revision,
            job_id: pass.was.cluster.id.job_id(launch.run),
            from: launch.from.path().map(str::to_owned),
            line: line(pass, launch),
        });
    }
    let comes_up = matches!((&pass.next.phase, was), (Phase::Running { .. }, Phase::Starting { .. }));
    if let (Some(launch), Some(endpoint)) = (was.launch(), endpoint(pass.seen))
        && (comes_up || self::endpoint(&pass.was.status.seen) != Some(endpoint))
    {
        changes.push(RunChange::Answers { run: launch.run, endpoint: endpoint.to_owned() });
    }
    if let (Phase::Running { launch, .. }, true) = (&pass.next.phase, comes_up) {
        changes.push(RunChange::Runs { run: launch.run });
    }
    changes
}

/// Where the run was seen to answer.
fn endpoint(seen: &Observation) -> Option<&str> {
    match seen {
        Observation::Present(observed) => observed.endpoint.as_deref(),
        Observation::Absent | Observation::Unreachable { .. } => None,
    }
}

fn line(pass: &Gathered<'_>, launch: &Launch) -> Line {
    match (&launch.from, &launch.back_from) {
        (Restore::Fresh, _) => Line::New,
        (Restore::Savepoint { .. } | Restore::Checkpoint { .. }, Some(_)) => {
            // Every run since the last one that had held belongs to the update.
            Line::GoesBack { from: pass.was.status.phase.launch().map_or(launch.run, |last| last.run) }
        }
        (Restore::Savepoint { .. } | Restore::Checkpoint { .. }, None) => Line::OfItsState,
    }
}
