//! How often a job was restarted, by Flink and by the portal together, and from when on that is too often.
//!
//! A job that is restarted again and again looks healthy most of the time. It counts as failing once it was restarted
//! three times without a new checkpoint, or five times in ten minutes whatever its progress, until it has run for ten
//! minutes. Pure: the reconciler keeps what [`Restarts::followed`] gives with each pass.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{JobStatus, KnownState, Observation, ObservedProcess, ObservedRun, Phase};
use crate::reason::{Reason, code};

/// So many without a new checkpoint mean that the job does the same work again and again.
const WITHOUT_PROGRESS: u32 = 3;
/// So many within [`WINDOW`] are too many even for a job that gets further each time.
const OFTEN: usize = 5;
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// What has run for so long is well again.
const HELD: SignedDuration = SignedDuration::from_mins(10);

/// The restarts of a job since somebody asked for its launch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restarts {
    /// The run that [`by_flink`](Self::by_flink) is about.
    pub run: u32,
    /// Those of the runs before it, with those by which the portal put one run in the place of another.
    pub before: u32,
    /// Those of Flink within the present run.
    pub by_flink: u32,
    /// Flink's newest that was counted, by its clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Timestamp>,
    /// How many there were since the newest checkpoint.
    #[serde(default)]
    pub without_progress: u32,
    /// When the newest were, oldest first: as many as the rule asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lately: Vec<Timestamp>,
    /// What the last one was for, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Reason>,
    /// Since when the job has run, if it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_since: Option<Timestamp>,
    /// Since when it counts as failing, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Timestamp>,
}

impl Restarts {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.before.saturating_add(self.by_flink)
    }

    /// Why the job counts as failing, if it does.
    pub fn failing(&self) -> Option<Reason> {
        self.failing_since?;
        let times = match (self.without_progress, self.lately.first(), self.lately.last()) {
            (without @ WITHOUT_PROGRESS.., ..) => {
                format!("Restarted {without} times without a new checkpoint")
            }
            (_, Some(first), Some(last)) => {
                let span = last.duration_since(*first).as_secs().max(1);
                format!("Restarted {} times within {}", self.lately.len(), words(span))
            }
            _ => "Restarted again and again".to_owned(),
        };
        let (why, exception) = match &self.why {
            Some(why) => (format!(": {}", why.message), why.exception.clone()),
            None => (".".to_owned(), String::new()),
        };
        let message = format!("{times}{why} It counts as failing until it has run for ten minutes.");
        Some(Reason { code: code::RESTARTS.to_owned(), message, exception })
    }

    /// What is known after a pass. `seen` is of the phase `was`, which the pass has left as `next`; `known` is the
    /// newest complete state.
    pub fn followed(
        before: Option<&Restarts>,
        (was, next): (&Phase, &Phase),
        seen: &Observation,
        known: Option<&KnownState>,
        now: Timestamp,
    ) -> Option<Restarts> {
        let mut restarts = match (before, was.launch()) {
            (Some(before), _) => Some(before.clone()),
            (None, Some(launch)) => Some(Restarts { run: launch.run, ..Restarts::default() }),
            (None, None) => None,
        };
        if let (Some(restarts), Observation::Present(observed)) = (&mut restarts, seen) {
            restarts.see(observed, known, now);
        }
        if let Phase::Starting { launch, recoveries, .. } = next
            && restarts.as_ref().is_none_or(|restarts| restarts.run != launch.run)
        {
            // What the portal starts in place of a lost run is a restart; what somebody asked for begins anew.
            restarts = match restarts {
                Some(restarts) if recoveries.count > 0 => Some(restarts.replaced(launch.run, known, now)),
                _ => Some(Restarts { run: launch.run, ..Restarts::default() }),
            };
        }
        let over = match next {
            Phase::Stopped { .. }
            | Phase::Canceled { .. }
            | Phase::Finished { .. }
            | Phase::Failed { .. } => true,
            Phase::Accepted
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Saving { .. }
            | Phase::Stopping { .. }
            | Phase::Canceling { .. }
            | Phase::Ending { .. }
            | Phase::Waiting { .. }
            | Phase::Deleting { .. }
            | Phase::Deleted => false,
        };
        if let Some(restarts) = restarts.as_mut().filter(|_| over) {
            (restarts.up_since, restarts.failing_since) = (None, None);
        }
        restarts
    }

    /// What was seen of the present run.
    fn see(&mut self, observed: &ObservedRun, known: Option<&KnownState>, now: Timestamp) {
        if let ObservedProcess::Ended { why, .. } = &observed.job_manager {
            self.why = Some(why.clone());
        }
        let Some(job) = observed.job.as_ref().filter(|job| !job.status.ended()) else { return };
        if let Some(told) = &job.restarts {
            let fresh = |at: &&Timestamp| self.counted.is_none_or(|counted| **at > counted);
            let new: Vec<Timestamp> = told.at.iter().filter(fresh).copied().collect();
            let counted = self.by_flink.saturating_add(u32::try_from(new.len()).unwrap_or(u32::MAX));
            // Flink's history has an end, its count has none.
            self.by_flink = counted.max(told.count);
            self.counted = new.last().copied().or(self.counted);
            if told.why.is_some() && !new.is_empty() {
                self.why.clone_from(&told.why);
            }
            self.count(&new, known);
        }
        // A batch job runs on while one stage makes room for the next.
        let runs = observed.job_runs() || (self.up_since.is_some() && job.status == JobStatus::Running);
        if observed.job_manager == ObservedProcess::Answers {
            self.up_since = if runs { self.up_since.or(Some(now)) } else { None };
        }
        if self.up_since.is_some_and(|since| now.duration_since(since) >= HELD) {
            self.failing_since = None;
        }
    }

    /// The portal has put another run in the place of this one.
    fn replaced(mut self, run: u32, known: Option<&KnownState>, now: Timestamp) -> Self {
        self.before = self.total().saturating_add(1);
        (self.run, self.by_flink, self.counted) = (run, 0, None);
        self.count(&[now], known);
        self
    }

    fn count(&mut self, new: &[Timestamp], known: Option<&KnownState>) {
        let Some(last) = new.last() else { return };
        let after = |at: &&Timestamp| known.is_none_or(|known| **at > known.at);
        let progressed = !self.lately.last().iter().all(after);
        let unprogressed = u32::try_from(new.iter().filter(after).count()).unwrap_or(u32::MAX);
        self.without_progress = if progressed { 0 } else { self.without_progress };
        self.without_progress = self.without_progress.saturating_add(unprogressed);
        self.lately.extend(new);
        self.lately.drain(..self.lately.len().saturating_sub(OFTEN));
        self.up_since = None;
        let often = self.lately.len() == OFTEN
            && self.lately.first().is_some_and(|first| last.duration_since(*first) <= WINDOW);
        if often || self.without_progress >= WITHOUT_PROGRESS {
            self.failing_since = self.failing_since.or(Some(*last));
        }
    }
}

fn words(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
