//! An operation's steps as they are recorded: each once, with its times.

use domain::id::OperationId;
use domain::lifecycle::{Observation, Outcome, Phase, StepKey, step_failed, step_key, step_name, steps_of};
use domain::state::State;
use jiff::Timestamp;

use crate::store::operation::{Recorded, StepRecord};

/// The steps after this pass; none if they are as they were.
pub(super) fn follow(
    operation: &Recorded,
    phase: &Phase,
    seen: &Observation,
    outcome: Option<&Outcome>,
    now: Timestamp,
) -> Option<(OperationId, Vec<StepRecord>)> {
    let mut after = operation.steps.clone();
    let waits = phase.waits_for(seen).is_some();
    if let Some(open) = after.iter_mut().find(|step| step.ended.is_none())
        && (waits || open.name == State::Waiting.word())
    {
        // Whatever it was at, it waits; and is at it again afterwards.
        (open.name, open.detail) = match waits {
            true => step_name(phase, seen, operation.action),
            false => (open.key.word().to_owned(), String::new()),
        };
    }
    match outcome {
        None if waits => {}
        None => {
            if let Some(key) = step_key(phase, seen, operation.action) {
                let behind = after.iter().any(|step| step.key == StepKey::Back);
                if let Some(why) = step_failed(phase).filter(|_| key == StepKey::Back && !behind)
                    && let Some(open) = after.iter_mut().find(|step| step.ended.is_none())
                {
                    // The last that was seen of it was before it failed.
                    open.detail = why;
                }
                begin(&mut after, operation, key, now);
                if let Some(open) = after.iter_mut().find(|step| step.ended.is_none()) {
                    let (name, detail) = step_name(phase, seen, operation.action);
                    if open.key == key {
                        (open.name, open.detail) = (name, detail);
                    } else if open.key == StepKey::Probation {
                        // Its run was lost: what had been done before is done once more.
                        let colon = if detail.is_empty() { "" } else { ": " };
                        open.detail = format!("{name}{colon}{detail}");
                    }
                }
            }
        }
        Some(Outcome::Succeeded { .. }) => {
            // Not every update has to hold first: nothing ran before that could run again.
            let done = |step: &&StepKey| **step != StepKey::Probation;
            if let Some(last) = steps_of(operation.action).iter().rev().find(done) {
                begin(&mut after, operation, *last, now);
            }
            close(&mut after, false, now);
        }
        Some(Outcome::Failed(_)) => close(&mut after, true, now),
        Some(Outcome::WentBack { .. }) => close(&mut after, false, now),
    }
    (after != operation.steps).then_some((operation.id, after))
}

/// Ends the open step and begins this one, unless it is behind already.
fn begin(steps: &mut Vec<StepRecord>, operation: &Recorded, key: StepKey, now: Timestamp) {
    if key == StepKey::Back && steps.iter().all(|step| step.key != key) {
        // What was to come, or was to hold, did not.
        close(steps, true, now);
        steps.push(StepRecord::begun(key, now));
        return;
    }
    let order = steps_of(operation.action);
    let place = |key: StepKey| order.iter().position(|step| *step == key);
    let furthest = steps.iter().filter_map(|step| place(step.key)).max();
    if steps.iter().any(|step| step.key == key) || place(key) < furthest {
        return;
    }
    close(steps, false, now);
    // A launch that is quicker than a look has passed these, whatever was seen of them.
    for passed in order.iter().take(place(key).unwrap_or(0)).skip(furthest.map_or(0, |place| place + 1)) {
        if matches!(passed, StepKey::Jar | StepKey::JobManager | StepKey::TaskManagers) {
            steps.push(StepRecord::begun(*passed, now).closed(false, now));
        }
    }
    steps.push(StepRecord::begun(key, now));
}

fn close(steps: &mut [StepRecord], failed: bool, now: Timestamp) {
    for step in steps.iter_mut().filter(|step| step.ended.is_none()) {
        *step = step.clone().closed(failed, now);
    }
}
