//! One pass for one cluster: load, see, decide, record, act. Nothing is acted upon that was not recorded.

use std::sync::Arc;
use std::time::Duration;

use domain::id::ClusterId;
use domain::lifecycle::{
    Act, Decision, KnownState, Next, Observation, ObservedProcess, ObservedRun, Phase, Restarts, decide,
};
use domain::policy::Actor;
use domain::reason::{Reason, code};
use domain::secret::Secrets;
use domain::snapshot::{SavepointFormat, SnapshotKind, SnapshotOrigin};
use domain::spec::ClusterSpec;

use super::conclude::conclude;
use super::discreet::discreet;
use super::doomed::left_to_others;
use super::events;
use super::gathered::Gathered;
use super::held_up;
use super::pin::pin;
use crate::plane::Inner;
use crate::provider::{ActError, Checkpoint, Target};
use crate::store::record::Conclusion;
use crate::store::run::RunChange;
use crate::store::snapshot::NewSnapshot;
use crate::store::status::ClusterRecord;
use crate::store::{Store, StoreError, unreadable};
use jiff::Timestamp;

/// When the store fails, the cluster is looked at again after this.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// When what is written of the cluster cannot be read: somebody may have mended it.
const AFTER_UNREADABLE: Duration = Duration::from_secs(30);

/// Between two looks at a cluster that was asked something, at most.
const OWING: Duration = Duration::from_millis(250);
/// Who waits for its turn to be started is told when it comes; this is for the case that nobody tells.
const STARTS_LATER: Duration = Duration::from_secs(5);
/// A cluster that keeps its pass waiting is looked at less often: its silence lasts this many times as long as the wait,
const SILENCE: u32 = 4;
/// but no longer than this.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);
/// A look that takes no longer is an answer.
const PROMPT: Duration = Duration::from_millis(500);

/// One pass; when to look again, or never if the cluster is gone.
pub(super) async fn run(inner: &Inner, id: ClusterId) -> Option<Duration> {
    // Boxed: a pass holds all that is known of a cluster, several times over.
    let error = match Box::pin(try_run(inner, id)).await {
        Ok(again) => return again,
        Err(error) => error,
    };
    // Whether it was written or not: the rows are the truth.
    inner.reconciler.known.forget(id);
    Some(match error {
        // Another pass was faster.
        StoreError::Stale => Duration::ZERO,
        StoreError::Corrupt(what) => {
            inner.reconciler.tally.failed(format!("{id} cannot be read: {what}."), inner.clock.now());
            mark_unreadable(inner, id, &what).await;
            AFTER_UNREADABLE
        }
        // What ails the database is said once, by the look at the portal's own health.
        error => {
            tracing::debug!(cluster.id = %id, %error, "a pass could not be finished; it is tried again");
            inner.reconciler.tally.failed(format!("{id}: {error}."), inner.clock.now());
            AFTER_FAILURE
        }
    })
}

/// Reads every cluster once: what rests is looked at rarely, and another version of the portal may have written it.
pub(super) async fn read_all(inner: &Inner) -> Result<(), StoreError> {
    for id in inner.store.every().await? {
        let read = async {
            let Some(standing) = inner.store.cluster_record(id).await? else { return Ok(()) };
            let phase = standing.status.phase.clone();
            inner.reconciler.known.target(&inner.store, &standing, phase).await.map(drop)
        };
        match read.await {
            Err(StoreError::Corrupt(what)) => mark_unreadable(inner, id, &what).await,
            read => read?,
        }
    }
    Ok(())
}

/// Says that the cluster cannot be read, once; all others go on.
async fn mark_unreadable(inner: &Inner, id: ClusterId, what: &str) {
    match inner.store.mark_unreadable(id, &unreadable(what), inner.clock.now()).await {
        Ok(None) => {}
        Ok(event) => {
            tracing::error!(cluster.id = %id, "the cluster's rows cannot be read: {what}");
            inner.hint(event, Some(id));
        }
        Err(error) => tracing::debug!(cluster.id = %id, %error, "it could not be marked unreadable"),
    }
}

async fn try_run(inner: &Inner, id: ClusterId) -> Result<Option<Duration>, StoreError> {
    let memory = &inner.reconciler.known;
    let Some(was) = memory.record(&inner.store, id).await? else { return Ok(None) };
    if let Some(wait) = not_due(inner, &was) {
        return Ok(Some(wait));
    }
    let looked_at = memory.target(&inner.store, &was, was.status.phase.clone()).await?;
    let begun = inner.clock.steady();
    let seen = inner.provider.observe(&looked_at).await;
    let waited = inner.clock.steady().saturating_sub(begun);
    let values = memory.values(&inner.store, id, &looked_at.spec).await?;
    let seen = discreet(seen, || secrets(&inner.store, &looked_at.spec, &values));
    if answered(&was.status.phase, &seen) {
        inner.reconciler.last_seen.note(id, inner.clock.now());
    }
    let known = newest_known(&was, &seen, inner.clock.now());
    let next = decided(inner, &was, known.as_ref(), &seen);
    let before = was.status.phase.launch().map(|launch| launch.run);
    // What rests is looked at rarely, but not while it owes an answer.
    let owes = was.pending().is_some() && next.outcome.is_none();
    let again = if owes { next.look_again.min(OWING) } else { next.look_again };
    let again = Some(again.max(silence(waited)));
    match &next.phase {
        // Not recorded either before it may: the deadline of a start begins with it.
        Phase::Starting { launch, .. }
            if before != Some(launch.run) && !inner.reconciler.admit(inner, id) =>
        {
            return Ok(Some(STARTS_LATER));
        }
        Phase::Starting { .. } => {}
        _ => inner.reconciler.not_starting(id),
    }
    let left = left(inner, &was, &looked_at, &next).await;
    let was = record(inner, was, Concluded { seen: &seen, known, left, next: &next }).await?;
    let (Some(was), Some(act)) = (was, &next.act) else { return Ok(again) };
    let mut target = memory.target(&inner.store, &was, next.phase.clone()).await?;
    if let Act::Launch(launch) = act {
        give_secrets(inner, &was, &mut target, launch.run).await?;
    }
    let acted = match pin(inner, &mut target, act).await? {
        Ok(()) => inner.provider.act(&target, act).await,
        Err(error) => Err(error),
    };
    let hide = |error: ActError| {
        let known = secrets(&inner.store, &target.spec, &values).and(target.given.secrets());
        let message = known.hide(&error.message);
        ActError { message, ..error }
    };
    match acted.map_err(hide) {
        Ok(()) if was.status.failures > 0 => {
            let now = inner.clock.now();
            let conclusion = held_up::carried_on(&was, &seen, events::carried_on(&was), now);
            write(inner, &was, &conclusion).await?;
            Ok(again)
        }
        Ok(()) => {
            if let Act::Launch(launch) = act
                && before != Some(launch.run)
            {
                keep_configuration(inner, id, launch.run).await?;
            }
            Ok(again)
        }
        Err(error) if !error.retry && matches!(act, Act::Launch(_)) => {
            // What the launch said for good is as if seen: its process ended before it began.
            let seen = refused(&was, &error);
            let known = was.status.known.clone();
            let next = decided(inner, &was, known.as_ref(), &seen);
            record(inner, was, Concluded { seen: &seen, known, left: Vec::new(), next: &next }).await?;
            Ok(Some(Duration::ZERO))
        }
        Err(error) => back_off(inner, &was, &error).await.map(Some),
    }
}

/// How long the row says that the cluster is left alone; none if it is due, or was asked something.
fn not_due(inner: &Inner, was: &ClusterRecord) -> Option<Duration> {
    let wait = was.status.due_at.duration_since(inner.clock.now());
    let news = was.cluster.generation > was.status.observed_generation;
    Duration::try_from(wait).ok().filter(|wait| !wait.is_zero() && !news)
}

/// How long a cluster is left alone that took so long to be looked at.
fn silence(waited: Duration) -> Duration {
    if waited > PROMPT { (waited * SILENCE).min(LONGEST_SILENCE) } else { Duration::ZERO }
}

/// What may be quoted. Without the key nobody knows, and only what looks like a secret is found.
fn secrets(store: &Store, spec: &ClusterSpec, values: &[String]) -> Secrets {
    let own = store.open_spec(spec).map(|spec| Secrets::of(&spec)).unwrap_or_default();
    if values.is_empty() { own } else { own.and(store.open_values(values)) }
}

/// Opens the secrets of what is launched, those of key vaults too; or says why they cannot be had. A job that runs goes
/// on without.
async fn give_secrets(
    inner: &Inner,
    was: &ClusterRecord,
    target: &mut Target,
    run: u32,
) -> Result<(), StoreError> {
    match inner.store.open_spec(&target.spec) {
        Ok(spec) => target.spec = spec,
        Err(error) => {
            target.locked = Some(error.to_string());
            return Ok(());
        }
    }
    let now = inner.clock.now();
    match inner.store.named_secrets(&target.spec, now).await {
        Ok(named) => {
            target.locked = named.refused();
            target.given = named.given;
        }
        Err(StoreError::Sealed(why)) => target.locked = Some(why),
        Err(error) => return Err(error),
    }
    let purpose = format!("run {run} of {}", was.cluster.name);
    inner.store.note_readings(&Actor::portal("Penstock"), &target.given, &purpose, now).await
}

fn decided(inner: &Inner, was: &ClusterRecord, known: Option<&KnownState>, seen: &Observation) -> Decision {
    decide(was.pending(), &was.status.phase, known, seen, &inner.config.limits, inner.clock.now())
}

/// Whether a look was answered. A job manager that is only just starting has nothing to say yet; one that has run has.
fn answered(phase: &Phase, seen: &Observation) -> bool {
    let runs = matches!(
        phase,
        Phase::Running { .. } | Phase::Saving { .. } | Phase::Stopping { .. } | Phase::Canceling { .. }
    );
    match seen {
        Observation::Unreachable { .. } => false,
        Observation::Absent => true,
        Observation::Present(observed) => !runs || observed.job_manager != ObservedProcess::Silent,
    }
}

/// The newest complete state of the present run, with what was just seen of it.
fn newest_known(was: &ClusterRecord, seen: &Observation, now: Timestamp) -> Option<KnownState> {
    let before = was.status.known.clone();
    match (seen, was.status.phase.launch()) {
        (Observation::Present(observed), Some(launch)) => KnownState::with(before, launch, observed, now),
        (Observation::Present(_) | Observation::Absent | Observation::Unreachable { .. }, _) => before,
    }
}

/// What a run left that with this pass is over: every complete checkpoint that is kept of it.
async fn left(inner: &Inner, was: &ClusterRecord, target: &Target, next: &Decision) -> Vec<NewSnapshot> {
    let Phase::Ending { launch, next: after } = &was.status.phase else { return Vec::new() };
    if matches!(next.phase, Phase::Ending { .. }) {
        return Vec::new();
    }
    let origin = match after {
        Next::Stopped { .. } => SnapshotOrigin::Stopped,
        Next::Canceled => SnapshotOrigin::Canceled,
        Next::Finished => SnapshotOrigin::Finished,
        Next::Failed { .. } => SnapshotOrigin::Failed,
        Next::Launch { recoveries, .. } if recoveries.count > 0 => SnapshotOrigin::Lost,
        Next::Launch { .. } => SnapshotOrigin::Updated,
    };
    let found = inner.provider.checkpoints(target).await.unwrap_or_else(|error| {
        tracing::debug!(cluster.id = %was.cluster.id, %error, "what a run left cannot be listed");
        Vec::new()
    });
    let snapshot = |checkpoint: Checkpoint| NewSnapshot {
        kind: SnapshotKind::Checkpoint,
        path: checkpoint.address,
        size: None,
        run: launch.run,
        at: Some(checkpoint.completed),
        origin,
        actor: String::new(),
        format: SavepointFormat::Canonical,
    };
    found.into_iter().map(snapshot).collect()
}

/// What a pass has come to.
struct Concluded<'a> {
    seen: &'a Observation,
    known: Option<KnownState>,
    left: Vec<NewSnapshot>,
    next: &'a Decision,
}

/// Writes what changed, if anything did. The standing afterwards; none if the cluster is gone.
async fn record(
    inner: &Inner,
    was: Arc<ClusterRecord>,
    concluded: Concluded<'_>,
) -> Result<Option<Arc<ClusterRecord>>, StoreError> {
    let Concluded { seen, known, left, next } = concluded;
    let now = inner.clock.now();
    let operation = match was.pending() {
        Some(intent) => inner.store.recorded(intent.operation).await?,
        None => None,
    };
    let trigger = match was.status.phase.trigger() {
        Some(trigger) => inner.store.recorded(trigger).await?,
        None => None,
    };
    let flink = inner.provider.runtime().flink;
    let launched = inner.reconciler.known.launched(&inner.store, &was, &next.phase, &flink).await?;
    let phases = (&was.status.phase, &next.phase);
    let restarts = Restarts::followed(was.status.restarts.as_deref(), phases, seen, known.as_ref(), now);
    let seen_at = inner.reconciler.last_seen.of(was.cluster.id).or(was.status.seen_at);
    let limits = &inner.config.limits;
    let pass = Gathered {
        was: &was,
        seen,
        next,
        operation,
        trigger,
        known,
        launched,
        restarts: restarts.map(Box::new),
        seen_at,
        left,
        limits,
        now,
    };
    let Some(mut conclusion) = conclude(&pass) else { return Ok(Some(was)) };
    for snapshot in &mut conclusion.snapshots {
        snapshot.size = inner.provider.snapshot_size(&snapshot.path).await.ok();
    }
    if conclusion.gone {
        conclusion.events.extend(left_to_others(&inner.store, &was).await?);
    }
    write(inner, &was, &conclusion).await?;
    for change in &conclusion.runs {
        if let RunChange::Runs { run } = change {
            keep_configuration(inner, was.cluster.id, *run).await?;
        }
    }
    if conclusion.gone {
        inner.collect_jars();
        return Ok(None);
    }
    // The rows as they are now; a command may have come meanwhile, but this pass acts on what it decided.
    inner.reconciler.known.record(&inner.store, was.cluster.id).await
}

/// A failed act is an event and a growing pause in the row, so that a restart does not forget it.
async fn back_off(inner: &Inner, was: &ClusterRecord, error: &ActError) -> Result<Duration, StoreError> {
    let now = inner.clock.now();
    let conclusion = held_up::back_off(was, error, &inner.config.limits, now);
    write(inner, was, &conclusion).await?;
    tracing::warn!(cluster.id = %was.cluster.id, %error, failures = was.status.failures + 1, "an act failed");
    Ok(Duration::ZERO)
}

async fn write(inner: &Inner, was: &ClusterRecord, conclusion: &Conclusion) -> Result<(), StoreError> {
    let id = was.cluster.id;
    let event = inner.store.conclude(id, was.status.version, conclusion, inner.clock.now()).await?;
    inner.reconciler.known.forget(id);
    if event.is_some() || shows(was, conclusion) {
        inner.hint(event, Some(id));
    }
    Ok(())
}

/// Whether a page shows something else from now on. What only the next pass needs to know is no news.
fn shows(was: &ClusterRecord, conclusion: &Conclusion) -> bool {
    let (before, now) = (&was.status, &conclusion.status);
    conclusion.steps.is_some()
        || (before.state, &before.note, &before.step) != (now.state, &now.note, &now.step)
        || before.restarts.as_deref().map(Restarts::total) != now.restarts.as_deref().map(Restarts::total)
}

/// What Flink was given becomes part of the run's history. A run without is only less well described.
async fn keep_configuration(inner: &Inner, id: ClusterId, run: u32) -> Result<(), StoreError> {
    match inner.provider.configuration(id, run).await {
        Ok(configuration) => inner.store.keep_configuration(id, run, &configuration).await,
        Err(error) => {
            tracing::debug!(cluster.id = %id, run, %error, "a run's configuration cannot be read");
            Ok(())
        }
    }
}

fn refused(was: &ClusterRecord, error: &ActError) -> Observation {
    let why = Reason::new(code::JOB_LAUNCH_FAILED, error.message.clone());
    let observed = match &was.status.seen {
        Observation::Present(observed) => observed.clone(),
        Observation::Absent | Observation::Unreachable { .. } => ObservedRun::nothing(),
    };
    Observation::Present(ObservedRun {
        job_manager: ObservedProcess::Ended { why, by_itself: true },
        ..observed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_slow_to_answer_is_asked_less_often() {
        let silences = [0, 500, 1_000, 2_000, 20_000].map(|ms| silence(Duration::from_millis(ms)).as_secs());
        assert_eq!(silences, [0, 0, 4, 8, 30]);
    }
}
