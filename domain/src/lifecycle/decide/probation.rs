//! The first while of an updated job. What ran before runs again by itself when the new revision fails, or is restarted
//! again and again; afterwards the update has held.

use super::context::Context;
use super::moves::{Came, LiveRun, complete, fail};
use super::reasons;
use crate::lifecycle::{Ask, Decision, Next, ObservedJob, Outcome, Phase, Probation};
use crate::reason::Reason;

/// So many restarts, by Flink or by the portal, end it: once may be the network, three times is the program.
const RESTARTS: u32 = 3;
/// With its second checkpoint a job has shown that it processes, and that what it did can be kept.
const CHECKPOINTS: u32 = 2;

/// The probation that begins with this pass, for an update that can go back.
pub(super) fn begun(context: &Context, live: LiveRun) -> Option<Probation> {
    goes_back(context, live).then(|| Probation {
        until: context.until(context.limits.probation),
        since: context.now,
        checkpoints: 0,
        checkpoint: context.observed.checkpoint.clone(),
        restarts: restarts(context, live),
        restarted_at: restarted_at(context),
    })
}

fn goes_back(context: &Context, live: LiveRun) -> bool {
    let off = context.intent.is_some_and(|intent| intent.probation_off);
    live.launch.fallback.is_some() && context.limits.probation.is_positive() && !off
}

/// How often the launch was restarted so far: by Flink within its run, by the portal as another run.
fn restarts(context: &Context, live: LiveRun) -> u32 {
    let told = context.observed.job.as_ref().and_then(|job| job.restarts.as_ref());
    let flinks = told.map_or(0, |told| told.count.max(u32::try_from(told.at.len()).unwrap_or(u32::MAX)));
    live.recoveries.count.saturating_add(flinks)
}

/// An update that is restarted as often before it has come up at all does not hold either.
pub(super) fn loops(context: &Context, live: LiveRun) -> Option<Decision> {
    let times = restarts(context, live);
    (goes_back(context, live) && times >= RESTARTS).then(|| gives_up(context, live, times, Came::Never))
}

/// It was restarted too often; how often is kept for who reads of it.
fn gives_up(context: &Context, live: LiveRun, times: u32, came: Came) -> Decision {
    let mut decision = fail(context, live, too_often(context, live, times), came);
    if let Phase::Ending { next: Next::Launch { launch, .. }, .. } = &mut decision.phase
        && let Some(back_from) = &mut launch.back_from
    {
        back_from.restarts = times;
    }
    decision
}

fn too_often(context: &Context, live: LiveRun, times: u32) -> Reason {
    let job = context.observed.job.as_ref();
    let why = job.and_then(|job: &ObservedJob| {
        job.failure.as_ref().or_else(|| job.restarts.as_ref().and_then(|told| told.why.as_ref()))
    });
    reasons::restarted_in_probation(times, live.launch.revision, why)
}

/// The job runs, and nothing but the update is asked.
pub(super) fn probation(context: &Context, live: LiveRun, before: &Probation) -> Decision {
    let now = counted(context, before);
    if now.restarts >= RESTARTS {
        return gives_up(context, live, now.restarts, Came::Up { since: Some(now.since) });
    }
    let over = now.checkpoints >= CHECKPOINTS || context.overdue(now.until);
    if over && context.observed.job_runs() {
        return Decision::go(live.runs()).settle(held(context, live));
    }
    let (launch, recoveries) = (live.launch.clone(), live.recoveries);
    Decision::go(Phase::Running { launch, recoveries, probation: Some(now) })
        .act(complete(context.observed, live.launch))
}

/// The update has held: its operation, if it is not settled, has succeeded.
pub(super) fn held(context: &Context, live: LiveRun) -> Option<Outcome> {
    let keeps_state = matches!(context.ask(), Some(Ask::Update { keep_state: true, .. }));
    let savepoint = live.launch.from.path().filter(|_| keeps_state).map(str::to_owned);
    context.intent.map(|_| Outcome::Succeeded { savepoint })
}

fn counted(context: &Context, before: &Probation) -> Probation {
    let mut now = before.clone();
    let checkpoint = &context.observed.checkpoint;
    if checkpoint.is_some() && *checkpoint != before.checkpoint {
        now.checkpoint.clone_from(checkpoint);
        now.checkpoints += 1;
    }
    let restarted = restarted_at(context);
    if restarted.is_some() && restarted != before.restarted_at {
        now.restarted_at = restarted;
        now.restarts += since(context, before.restarted_at).max(1);
        // A job that restarts now and then runs between: it has held once its time passes without a restart.
        now.until = context.until(context.limits.probation);
    }
    now
}

/// How many restarts Flink's history has since the one that was counted last: there may be several between two looks.
fn since(context: &Context, counted: Option<jiff::Timestamp>) -> u32 {
    let told = context.observed.job.as_ref().and_then(|job| job.restarts.as_ref());
    let new =
        told.map_or(0, |told| told.at.iter().filter(|at| counted.is_none_or(|last| **at > last)).count());
    u32::try_from(new).unwrap_or(u32::MAX)
}

fn restarted_at(context: &Context) -> Option<jiff::Timestamp> {
    context.observed.job.as_ref().and_then(|job| job.restarted_at)
}
