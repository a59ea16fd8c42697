//! The processes of a run are being started and its job is coming up.

use jiff::Timestamp;

use super::moves::{Live, after_job, cancel, complete, end, newest};
use super::pass::Pass;
use super::reasons;
use crate::lifecycle::{Ask, JobStatus, Next, Outcome, Phase, ProcessSeen, Step, Then};
use crate::reason::Reason;

pub(super) fn starting(pass: &Pass, phase: &Phase, live: Live, until: Timestamp) -> Step {
    let Live { launch, .. } = live;
    match pass.ask() {
        Some(Ask::Cancel) => return cancel(pass, launch, Then::Rest),
        Some(_) if !pass.owes(launch.asked_by) => return pass.refuse(phase),
        Some(_) | None => {}
    }
    if pass.sight.job_runs() {
        return Step::go(live.runs()).settle(came_up(pass, live));
    }
    if let Some(job) = pass.sight.ended_job() {
        let outcome = match job.status {
            JobStatus::Finished => came_up(pass, live),
            _ => pass.fail(|| reasons::launch_failed(job)),
        };
        return end(launch, after_job(pass.sight, launch, job, true)).settle(outcome);
    }
    if let ProcessSeen::Ended { why } = &pass.sight.job_manager {
        // The replacement of a lost run that is lost as well counts as one more loss, not as a bad launch.
        return match launch.asked_by {
            Some(_) => give_up(pass, live, why.clone()),
            None => live.replace(pass, why, None),
        };
    }
    if pass.overdue(until) {
        return give_up(pass, live, reasons::launch_overdue(pass.sight, pass.limits.start));
    }
    Step::stay(phase).act(complete(pass.sight, launch))
}

/// The launch is what was asked for, and it is there.
fn came_up(pass: &Pass, live: Live) -> Option<Outcome> {
    let keeps_state = matches!(pass.ask(), Some(Ask::Update { keep_state: true, .. }));
    let savepoint = live.launch.from.path().filter(|_| keeps_state).map(str::to_owned);
    pass.intent.map(|_| Outcome::Succeeded { savepoint })
}

fn give_up(pass: &Pass, live: Live, reason: Reason) -> Step {
    let outcome = pass.fail(|| reason.clone());
    let newest = newest(pass.sight, live.launch);
    end(live.launch, Next::Failed { newest, reason, at_launch: true }).settle(outcome)
}
