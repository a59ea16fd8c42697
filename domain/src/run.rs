//! How a run ended, as data, and the words that it is told in.

use serde::{Deserialize, Serialize};

use crate::lifecycle::{Launch, Next, Phase};
use crate::reason::{Reason, code};

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum RunEnd {
    /// Its job was stopped with a savepoint.
    Stopped,
    /// Its job was canceled.
    Canceled,
    /// Its job was canceled by somebody who did not ask the portal.
    CanceledOutside,
    /// Its job came to its end.
    Finished,
    /// It failed for good.
    Failed {
        /// Why.
        reason: Reason,
    },
    /// It was that of an update which did not hold, and what ran before runs again.
    WentBack {
        /// Why it did not hold.
        reason: Reason,
    },
    /// Another revision took its place.
    Updated,
    /// Its processes were lost; whether another run goes on, that one tells.
    Lost,
    /// Another run took its place before it had come up.
    Replaced,
    /// Its cluster was deleted.
    Deleted,
}

impl RunEnd {
    /// The end of the run that a cluster had in the phase `was`, before it came to this one; none if that run goes on.
    /// `launched`: the phase came with the launch of another run.
    pub fn of(was: &Phase, phase: &Phase, launched: bool) -> Option<Self> {
        match phase {
            Phase::Ending { next, .. } => Some(Self::before(next)),
            Phase::Waiting { .. } => Some(RunEnd::Lost),
            Phase::Stopped { .. } => Some(RunEnd::Stopped),
            Phase::Canceled { .. } => Some(RunEnd::Canceled),
            Phase::Finished { .. } => Some(RunEnd::Finished),
            Phase::Failed { reason, .. } => Some(RunEnd::Failed { reason: without_exception(reason) }),
            Phase::Deleting { .. } | Phase::Deleted => Some(RunEnd::Deleted),
            // Of a run that was to leave a savepoint a person has decided once it was gone.
            Phase::Starting { .. } if matches!(was, Phase::Saving { .. } | Phase::Stopping { .. }) => {
                launched.then_some(RunEnd::Lost)
            }
            Phase::Starting { .. } => launched.then_some(RunEnd::Replaced),
            Phase::Accepted
            | Phase::Running { .. }
            | Phase::Saving { .. }
            | Phase::Stopping { .. }
            | Phase::Canceling { .. } => None,
        }
    }

    fn before(next: &Next) -> Self {
        match next {
            Next::Stopped { .. } => RunEnd::Stopped,
            Next::Canceled => RunEnd::Canceled,
            Next::Finished => RunEnd::Finished,
            Next::Failed { reason, .. } => RunEnd::Failed { reason: without_exception(reason) },
            Next::Launch { recoveries, .. } if recoveries.count > 0 => RunEnd::Lost,
            Next::Launch { launch: Launch { back_from: Some(back_from), .. }, .. } => {
                RunEnd::WentBack { reason: without_exception(&back_from.reason) }
            }
            Next::Launch { launch, .. } if launch.asked_by.is_some() => RunEnd::Updated,
            Next::Launch { .. } => RunEnd::Lost,
        }
    }

    /// Why Flink could not read the state that it was to start from, if that ended it.
    pub fn unreadable_state(&self) -> Option<&str> {
        match self {
            RunEnd::Failed { reason } | RunEnd::WentBack { reason }
                if reason.code == code::SAVEPOINT_UNREADABLE =>
            {
                Some(&reason.message)
            }
            RunEnd::Failed { .. }
            | RunEnd::WentBack { .. }
            | RunEnd::Stopped
            | RunEnd::Canceled
            | RunEnd::CanceledOutside
            | RunEnd::Finished
            | RunEnd::Updated
            | RunEnd::Lost
            | RunEnd::Replaced
            | RunEnd::Deleted => None,
        }
    }

    /// "stopped with savepoint".
    pub fn words(&self) -> String {
        match self {
            RunEnd::Stopped => "stopped with savepoint".to_owned(),
            RunEnd::Canceled => "canceled".to_owned(),
            RunEnd::CanceledOutside => "canceled from outside, not through the portal".to_owned(),
            RunEnd::Finished => "finished".to_owned(),
            RunEnd::Failed { reason } => reason.message.clone(),
            RunEnd::WentBack { reason } => format!("its update did not hold: {}", reason.message),
            RunEnd::Updated => "updated".to_owned(),
            RunEnd::Lost => "its processes were lost".to_owned(),
            RunEnd::Replaced => "replaced by the next run".to_owned(),
            RunEnd::Deleted => "deleted".to_owned(),
        }
    }
}

/// The exception is the operation's and the phase's to tell.
fn without_exception(reason: &Reason) -> Reason {
    Reason::new(&reason.code, reason.message.clone())
}
