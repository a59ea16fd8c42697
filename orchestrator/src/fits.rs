//! Whether states fit a revision's job: asked of Flink's own classes behind the back of whoever looks, and remembered.
//! Where it is asked, and for what: [`crate::desk`].

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::id::ClusterId;
use domain::view::{Fits, NotKnown, StateFit};
use jiff::Timestamp;

use crate::probe::{Fit, OperatorFit, ProbeError, ProgramKey};

/// Answers that are remembered: some lists of states. A path has the same state for ever.
const KEPT: usize = 4_096;
/// For how long it stays that there was no answer.
const NO_ANSWER_LASTS: Duration = Duration::from_secs(2 * 60);

/// What is known by now.
#[derive(Debug, Default)]
pub(crate) struct FitsMemory(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By the state's path and the program of the revision.
    answers: HashMap<(String, ProgramKey), (Fits, Instant)>,
    /// States that are not there, and since when that is known.
    away: HashMap<String, Timestamp>,
    /// Clusters whose states are being looked at.
    at_work: HashSet<ClusterId>,
}

impl FitsMemory {
    /// What was found out of a state.
    pub(crate) fn of(&self, path: &str, program: &ProgramKey) -> Option<Fits> {
        let known = self.known();
        let (fits, at) = known.answers.get(&(path.to_owned(), program.clone()))?;
        let passing = matches!(fits, Fits::NotKnown { why: NotKnown::NoAnswer { .. } });
        (!passing || at.elapsed() < NO_ANSWER_LASTS).then(|| fits.clone())
    }

    /// Remembers it.
    pub(crate) fn keep(&self, path: &str, program: &ProgramKey, fits: Fits) {
        let mut known = self.known();
        if known.answers.len() >= KEPT {
            known.answers.clear();
        }
        known.answers.insert((path.to_owned(), program.clone()), (fits, Instant::now()));
    }

    /// Since when it is known that a state is not there; `missing`: it is not there now.
    pub(crate) fn away(&self, path: &str, missing: bool, now: Timestamp) -> Option<Timestamp> {
        let mut known = self.known();
        if !missing {
            known.away.remove(path);
            return None;
        }
        if known.away.len() >= KEPT {
            known.away.clear();
        }
        Some(*known.away.entry(path.to_owned()).or_insert(now))
    }

    /// Whether nobody looks at this cluster's states yet; whoever is told so does, and says when it has.
    pub(crate) fn begin(&self, cluster: ClusterId) -> bool {
        self.known().at_work.insert(cluster)
    }

    /// Nobody looks any more.
    pub(crate) fn end(&self, cluster: ClusterId) {
        self.known().at_work.remove(&cluster);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the whole of a state comes to. `chosen`: the revision leaves behind what finds no operator.
pub(crate) fn judged(fit: &Fit, chosen: bool) -> Fits {
    let of = |kind: StateFit| fit.operators.iter().filter(move |operator| operator.fit == kind);
    let count = |kind| u32::try_from(of(kind).count()).unwrap_or(u32::MAX);
    for why in [StateFit::MaxParallelism, StateFit::Parallelism, StateFit::KeyType] {
        if let Some(first) = of(why).next() {
            let (operator, was, wants) = (called(first), first.was.clone(), first.wants.clone());
            return Fits::Clash { why, operator, was, wants };
        }
    }
    let (left_over, taken_up) = (count(StateFit::LeftOver), count(StateFit::TakenUp));
    match (left_over, taken_up) {
        (0, taken_up) => Fits::Yes { operators: Some(taken_up), new: count(StateFit::New) },
        (left_over, 0) => Fits::AnotherJob { operators: left_over },
        _ => Fits::LeftOver {
            operators: of(StateFit::LeftOver).map(called).collect(),
            size: of(StateFit::LeftOver).map(|operator| operator.state_size).sum(),
            chosen,
        },
    }
}

/// What a state whose question was refused comes to; `place`: where it lies, which is nobody's concern.
pub(crate) fn refused(error: &ProbeError, place: &str) -> Fits {
    let why = error.message.replace(place, "its folder");
    if error.certain() {
        Fits::Unreadable { why }
    } else {
        Fits::NotKnown { why: NotKnown::NoAnswer { why } }
    }
}

fn called(operator: &OperatorFit) -> String {
    operator.name.clone().unwrap_or_else(|| operator.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(operators: &[(&str, &str)]) -> Fit {
        let operators = operators.iter().map(|(name, fit)| {
            serde_json::json!({"id": "ab12", "name": name, "fit": fit, "certain": true, "stateSize": 5,
                               "was": "128", "wants": "256"})
        });
        let fit = serde_json::json!({"operators": operators.collect::<Vec<_>>()});
        serde_json::from_value(fit).expect("a fit")
    }

    #[test]
    fn what_stands_in_the_way_first_is_what_is_said() {
        let taken = ("count", "TAKEN_UP");
        let judged = |operators: &[(&str, &str)]| judged(&fit(operators), false);
        assert_eq!(judged(&[taken, ("new", "NEW")]), Fits::Yes { operators: Some(1), new: 1 });
        let left = Fits::LeftOver { operators: vec!["score".to_owned()], size: Some(5), chosen: false };
        assert_eq!(judged(&[taken, ("score", "LEFT_OVER")]), left);
        assert_eq!(judged(&[("score", "LEFT_OVER"), ("new", "NEW")]), Fits::AnotherJob { operators: 1 });
        let clash = judged(&[("score", "LEFT_OVER"), ("count", "MAX_PARALLELISM")]);
        assert!(matches!(clash, Fits::Clash { why: StateFit::MaxParallelism, .. }), "{clash:?}");
    }

    #[test]
    fn what_is_away_is_so_since_it_was_first_seen() {
        let (memory, at) = (FitsMemory::default(), |second| Timestamp::new(second, 0).expect("a time"));
        assert_eq!(memory.away("a", true, at(1)), Some(at(1)));
        assert_eq!(memory.away("a", true, at(9)), Some(at(1)));
        assert_eq!(memory.away("a", false, at(10)), None);
        assert_eq!(memory.away("a", true, at(11)), Some(at(11)), "it was there meanwhile");
    }

    #[test]
    fn one_looks_for_all_and_what_was_not_answered_is_asked_again() {
        let memory = FitsMemory::default();
        let id = ClusterId(uuid::Uuid::nil());
        assert!(memory.begin(id) && !memory.begin(id));
        memory.end(id);
        assert!(memory.begin(id));
    }
}
