//! What a pass has gathered of a cluster before it writes: what was, what was seen, what was decided; and what follows from
//! them together.

use domain::lifecycle::{
    Decision, KnownState, Launch, Limits, Observation, ObservedProcess, ObservedRun, ObservedSavepoint,
    Phase, Restarts,
};
use domain::state::State;
use jiff::{SignedDuration, Timestamp};

use crate::store::launched::Launched;
use crate::store::operation::Recorded;
use crate::store::snapshot::NewSnapshot;
use crate::store::status::ClusterRecord;

/// So long a job manager that is being started may keep silent before it is called so.
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

/// What a pass knows.
pub(super) struct Gathered<'a> {
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

impl Gathered<'_> {
    /// The launch that begins with this pass.
    pub(super) fn launch(&self) -> Option<&Launch> {
        let Phase::Starting { launch, .. } = &self.next.phase else { return None };
        match &self.was.status.phase {
            Phase::Starting { launch: before, .. } if before.run == launch.run => None,
            _ => Some(launch),
        }
    }

    /// The savepoint that is complete and was not when the last pass looked.
    pub(super) fn completed(&self) -> Option<&str> {
        let Observation::Present(observed) = self.seen else { return None };
        let ObservedSavepoint::Completed { path } = &observed.savepoint else { return None };
        let known = matches!(&self.was.status.seen, Observation::Present(before) if before.savepoint == observed.savepoint);
        (!known).then_some(path)
    }

    pub(super) fn job_runs(&self) -> bool {
        matches!(self.seen, Observation::Present(observed) if observed.job_runs())
    }

    /// Nothing runs, nothing is asked, nothing is to be done.
    pub(super) fn rests(&self) -> bool {
        let settled = self.was.pending().is_none() || self.next.outcome.is_some();
        settled && self.next.act.is_none() && at_rest(&self.next.phase)
    }

    /// The word from now on.
    pub(super) fn state(&self) -> State {
        let settled = self.was.pending().is_none() || self.next.outcome.is_some();
        let updating = !settled && self.was.cluster.action.updates();
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
    pub(super) fn downtime(&self) -> Option<SignedDuration> {
        let comes_up = matches!(self.was.status.phase, Phase::Starting { .. })
            && matches!(self.next.phase, Phase::Running { .. });
        let updates = self.was.pending().is_some() && self.was.cluster.action.updates();
        let ran = self.was.status.running_at.filter(|_| comes_up && updates)?;
        Some(self.now.duration_since(ran))
    }
}

/// Nothing of the cluster runs, nor is to run by itself.
pub(super) fn at_rest(phase: &Phase) -> bool {
    matches!(
        phase,
        Phase::Stopped { .. } | Phase::Canceled { .. } | Phase::Finished { .. } | Phase::Failed { .. }
    )
}
