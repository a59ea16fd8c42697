//! What is written of a cluster whose act failed, and of the first that succeeds again.

use domain::lifecycle::{Limits, Observation};
use jiff::{SignedDuration, Timestamp};

use super::events;
use crate::provider::ActError;
use crate::store::event::NewEvent;
use crate::store::record::Conclusion;
use crate::store::status::{ClusterRecord, NewStatus};

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
