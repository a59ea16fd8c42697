//! A cancellation is promised.

use jiff::Timestamp;

use super::moves::{after_cancel, end};
use super::pass::Pass;
use crate::lifecycle::{Act, Ask, JobStatus, Launch, Phase, ProcessSeen, Step, Then};

pub(super) fn canceling(pass: &Pass, phase: &Phase, launch: &Launch, until: Timestamp, then: &Then) -> Step {
    // Cancel also stops a stateless update between its two runs.
    let then = if pass.ask() == Some(&Ask::Cancel) { &Then::Rest } else { then };
    let asked_by = match then {
        Then::Rest => None,
        Then::Launch { asked_by, .. } => *asked_by,
    };
    match pass.ask() {
        None | Some(Ask::Cancel) => {}
        Some(_) if pass.owes(asked_by) => {}
        Some(_) => return pass.refuse(phase),
    }
    // However the job ended, it ended after it was to be cancelled: a Finished may come from an earlier stop.
    let over = pass.sight.ended_job().is_some() || !pass.sight.job_manager.alive() || pass.overdue(until);
    if over {
        return end(launch, after_cancel(launch, then));
    }
    let asks = pass.sight.job_manager == ProcessSeen::Answers
        && pass.sight.job.as_ref().is_none_or(|job| job.status != JobStatus::Cancelling);
    Step::go(Phase::Canceling { launch: launch.clone(), until, then: then.clone() })
        .act(asks.then_some(Act::Cancel { run: launch.run }))
}
