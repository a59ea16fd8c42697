//! What a pass writes, computed from what was, what was seen and what was decided. Pure.

use domain::action::Action;
use domain::lifecycle::{
    Decision, KnownState, Launch, Limits, Observation, ObservedProcess, ObservedRun, ObservedSavepoint,
    Outcome, Phase, Restarts, Restore, Then,
};
use domain::operation::OperationEnd;
use domain::reason::code;
use domain::run::RunEnd;
use domain::snapshot::{SnapshotKind, SnapshotOrigin};
use domain::state::State;
use jiff::{SignedDuration, Timestamp};

use super::{events, steps};
use crate::provider::ActError;
use crate::store::event::NewEvent;
use crate::store::launched::Launched;
use crate::store::operation::Recorded;
use crate::store::record::Conclusion;
use crate::store::run::{Line, RunChange};
use crate::store::snapshot::NewSnapshot;
use crate::store::status::{ClusterRecord, NewResult, NewStatus, Status};

/// Nothing happens by itself to a cluster at rest. It is looked at all the same, for the sake of left-overs: more often
/// would cost a portal with thousands of them, less often would let a stray process live on.
const REST: SignedDuration = SignedDuration::from_hours(1);

/// So long a job manager that is being started may keep silent before it is called so.
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

/// What a pass knows.
pub(super) struct Pass<'a> {
    pub(super) was: &'a ClusterRecord,
    pub(super) seen: &'a Observation,
    pub(super) next: &'a Decision,
    /// The operation that is not settled.
    pub(super) operation: Option<Recorded>,
    /// The operation whose savepoint the phase promises.
    pub(super) trigger: Option<Recorded>,
    /// The newest complete state, with what this pass has seen.
    pub(super) known: Option<KnownState>,
    /// What is launched with this pass, or was.
    pub(super) launched: Launched,
    /// The restarts, with those of this pass.
    pub(super) restarts: Option<Box<Restarts>>,
    /// When the cluster was last seen.
    pub(super) seen_at: Option<Timestamp>,
    /// What its run left, where with this pass it has ended.
    pub(super) left: Vec<NewSnapshot>,
    pub(super) limits: &'a Limits,
    pub(super) now: Timestamp,
}

impl Pass<'_> {
    /// The launch that begins with this pass.
    pub(super) fn launch(&self) -> Option<&Launch> {
        let Phase::Starting { launch, .. } = &self.next.phase else { return None };
        match &self.was.status.phase {
            Phase::Starting { launch: before, .. } if before.run == launch.run => None,
            _ => Some(launch),
        }
    }

    /// The savepoint that is complete and was not when the last pass looked.
    fn completed(&self) -> Option<&str> {
        let Observation::Present(observed) = self.seen else { return None };
        let ObservedSavepoint::Completed { path } = &observed.savepoint else { return None };
        let known = matches!(&self.was.status.seen, Observation::Present(before) if before.savepoint == observed.savepoint);
        (!known).then_some(path)
    }

    fn job_runs(&self) -> bool {
        matches!(self.seen, Observation::Present(observed) if observed.job_runs())
    }

    /// Nothing runs, nothing is asked, nothing is to be done.
    fn rests(&self) -> bool {
        let settled = self.was.pending().is_none() || self.next.outcome.is_some();
        settled && self.next.act.is_none() && at_rest(&self.next.phase)
    }

    /// The word from now on.
    pub(super) fn state(&self) -> State {
        let in_progress = if self.next.outcome.is_some() { None } else { self.was.in_progress() };
        let updating = in_progress.is_some_and(Action::updates);
        let state = self.next.phase.state(self.seen, updating);
        let before = &self.was.status;
        let same = before.phase.name() == self.next.phase.name();
        // One look without an answer is a busy machine, two are a cluster that does not answer.
        let first = same && before.phase.state(&before.seen, updating) != State::Unreachable;
        if state == State::Unreachable && first { before.state } else { state }
    }

    /// The job manager is alive and does not answer, and not just for one look, in a phase whose own word does not say
    /// so. One that is only just starting is given its time.
    pub(super) fn silent(&self) -> bool {
        let silent = |seen: &Observation| {
            matches!(seen, Observation::Present(ObservedRun { job_manager: ObservedProcess::Silent, .. }))
        };
        let said = match &self.next.phase {
            Phase::Starting { until, .. } => {
                let patience = PATIENCE.min(self.limits.start / 2);
                self.limits.start - until.duration_since(self.now) >= patience
            }
            Phase::Stopping { .. } | Phase::Canceling { .. } => true,
            Phase::Accepted
            | Phase::Running { .. }
            | Phase::Saving { .. }
            | Phase::Ending { .. }
            | Phase::Waiting { .. }
            | Phase::Stopped { .. }
            | Phase::Canceled { .. }
            | Phase::Finished { .. }
            | Phase::Failed { .. }
            | Phase::Deleting { .. }
            | Phase::Deleted => false,
        };
        said && silent(self.seen) && silent(&self.was.status.seen)
    }

    /// Time without a running job, with the pass in which the job of an update comes up.
    fn downtime(&self) -> Option<SignedDuration> {
        let comes_up = matches!(self.was.status.phase, Phase::Starting { .. })
            && matches!(self.next.phase, Phase::Running { .. });
        let updates = self.was.pending().is_some() && self.was.cluster.action.updates();
        let ran = self.was.status.running_at.filter(|_| comes_up && updates)?;
        Some(self.now.duration_since(ran))
    }
}

/// Everything to write; none if nothing changed.
pub(super) fn conclude(pass: &Pass<'_>) -> Option<Conclusion> {
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

/// Nothing of the cluster runs, nor is to run by itself.
pub(super) fn at_rest(phase: &Phase) -> bool {
    matches!(
        phase,
        Phase::Stopped { .. } | Phase::Canceled { .. } | Phase::Finished { .. } | Phase::Failed { .. }
    )
}

fn status(
    pass: &Pass<'_>,
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
fn batch(pass: &Pass<'_>) -> bool {
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

fn snapshots(pass: &Pass<'_>) -> Vec<NewSnapshot> {
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
        });
    }
    snapshots.extend(pass.left.iter().cloned());
    snapshots
}

fn runs(pass: &Pass<'_>) -> Vec<RunChange> {
    let mut changes = Vec::new();
    let was = &pass.was.status.phase;
    let launched = pass.launch();
    if let (Some(old), Some(end)) = (was.launch(), RunEnd::of(&pass.next.phase, launched.is_some()))
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

fn line(pass: &Pass<'_>, launch: &Launch) -> Line {
    match (&launch.from, &launch.back_from) {
        (Restore::Fresh, _) => Line::New,
        (Restore::Savepoint { .. } | Restore::Checkpoint { .. }, Some(_)) => {
            // Every run since the last one that had held belongs to the update.
            Line::GoesBack { from: pass.was.status.phase.launch().map_or(launch.run, |last| last.run) }
        }
        (Restore::Savepoint { .. } | Restore::Checkpoint { .. }, None) => Line::OfItsState,
    }
}

/// The pause after a failed act doubles from half a second to half a minute.
pub(super) fn back_off(was: &ClusterRecord, error: &ActError, limits: &Limits, now: Timestamp) -> Conclusion {
    let failures = was.status.failures + 1;
    let pause = SignedDuration::from_millis(500 << failures.clamp(0, 6)).min(SignedDuration::from_secs(30));
    let mut conclusion = as_it_was(was);
    conclusion.status.phase = was.status.phase.back_off(limits, now);
    if let Some(event) = events::act_failed(was, error) {
        let reason = events::tried_again(&error.message);
        conclusion.status.note.clone_from(&reason.message);
        conclusion.status.reason = Some(reason);
        conclusion.events.push(event);
    }
    conclusion.status.failures = failures;
    conclusion.status.due_at = now.checked_add(pause).unwrap_or(Timestamp::MAX);
    conclusion
}

/// An act succeeded after others had failed.
pub(super) fn carried_on(
    was: &ClusterRecord,
    seen: &Observation,
    event: NewEvent,
    now: Timestamp,
) -> Conclusion {
    let mut conclusion = as_it_was(was);
    let status = &mut conclusion.status;
    (status.note, status.reason) =
        events::reason(&status.phase, seen, status.state, status.restarts.as_deref(), false);
    status.failures = 0;
    status.due_at = now;
    conclusion.events.push(event);
    conclusion
}

fn as_it_was(was: &ClusterRecord) -> Conclusion {
    let status = was.status.clone();
    Conclusion {
        status: NewStatus {
            completed_generation: status.completed_generation,
            observed_generation: status.observed_generation,
            phase: status.phase,
            seen: status.seen,
            known: status.known,
            launched: status.launched,
            restarts: status.restarts,
            state: status.state,
            since: status.since,
            note: status.note,
            reason: status.reason,
            step: status.step,
            result: None,
            job_id: status.job_id,
            batch: status.batch,
            run: status.run,
            savepoint: status.savepoint,
            running_at: status.running_at,
            seen_at: status.seen_at,
            failures: status.failures,
            due_at: status.due_at,
        },
        steps: None,
        downtime: None,
        end: None,
        runs: Vec::new(),
        snapshots: Vec::new(),
        events: Vec::new(),
        gone: false,
    }
}
