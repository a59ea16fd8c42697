//! Which task managers are alive and yet not registered with their job manager: they are frozen, or cut off from it.
//!
//! Flink gives such a one's work to others; should it wake up, it goes on with its old tasks beside them. So it is found
//! here, and ended with the next launch act.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::id::ClusterId;

use super::processes::Process;

/// Who was registered is ended after so long without.
const AWAY: Duration = Duration::from_secs(30);
/// Who never was may still be starting, on a machine that starts many.
const NEVER_CAME: Duration = Duration::from_mins(3);
/// Time in which nobody looked, or in which the job manager did not answer, says nothing of a task manager.
const GAP: Duration = Duration::from_secs(10);

/// What was seen of each task manager.
#[derive(Debug, Default)]
pub(super) struct Registrations(Mutex<HashMap<Process, Registration>>);

#[derive(Debug)]
struct Registration {
    /// It was registered once.
    came: bool,
    /// Since when it is not, at most.
    away_since: Instant,
    looked: Instant,
    silent: bool,
}

impl Registrations {
    /// Whether each of them is known to have registered.
    pub(super) fn all_came(&self, managers: &[Process]) -> bool {
        let known = self.known();
        managers.iter().all(|process| known.get(process).is_some_and(|one| one.came))
    }

    /// Which of the cluster's live task managers have been away for too long. `registered` are the names by which the
    /// job manager knows those that are.
    pub(super) fn silent(
        &self,
        cluster: ClusterId,
        managers: &[Process],
        registered: &HashSet<String>,
        now: Instant,
    ) -> Vec<Process> {
        let mut known = self.known();
        known.retain(|process, _| process.cluster != cluster || managers.contains(process));
        for process in managers {
            // One of an earlier portal has no name that it could be told by.
            let Some(name) = &process.name else { continue };
            let new = Registration { came: false, away_since: now, looked: now, silent: false };
            let one = known.entry(process.clone()).or_insert(new);
            let registered = registered.contains(name);
            if registered || now.saturating_duration_since(one.looked) > GAP {
                one.away_since = now;
            }
            one.came |= registered;
            one.looked = now;
            let patience = if one.came { AWAY } else { NEVER_CAME };
            one.silent = now.saturating_duration_since(one.away_since) >= patience;
        }
        let silent = |process: &&Process| known.get(process).is_some_and(|one| one.silent);
        managers.iter().filter(silent).cloned().collect()
    }

    /// Those of the cluster that the last look has found silent.
    pub(super) fn found(&self, cluster: ClusterId) -> Vec<Process> {
        let known = self.known();
        let silent = known.iter().filter(|(process, one)| process.cluster == cluster && one.silent);
        silent.map(|(process, _)| process.clone()).collect()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Process, Registration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::folder::Role;
    use super::*;

    const CLUSTER: ClusterId = ClusterId(uuid::Uuid::nil());

    fn manager(number: u32, name: Option<&str>) -> Process {
        let (pid, role, name) = (10 + number as i32, Role::TaskManager(number), name.map(str::to_owned));
        let (child, stray) = (false, false);
        Process { pid, started: 1, cluster: CLUSTER, run: 1, role, name, child, stray }
    }

    /// Looks every second from one second to another; who is silent then.
    fn look(
        registrations: &Registrations,
        managers: &[Process],
        registered: &[&str],
        (begin, from, until): (Instant, u64, u64),
    ) -> Vec<Process> {
        let registered = registered.iter().map(|name| (*name).to_owned()).collect();
        let looks = (from..=until).map(|second| begin + Duration::from_secs(second));
        looks.map(|now| registrations.silent(CLUSTER, managers, &registered, now)).last().unwrap_or_default()
    }

    #[test]
    fn who_was_registered_and_is_not_for_half_a_minute_is_silent() {
        let (registrations, begin) = (Registrations::default(), Instant::now());
        let both = [manager(1, Some("a")), manager(2, Some("b"))];
        assert_eq!(look(&registrations, &both, &["a", "b"], (begin, 0, 5)), []);
        assert!(registrations.all_came(&both));
        assert_eq!(look(&registrations, &both, &["b"], (begin, 6, 34)), []);
        assert_eq!(look(&registrations, &both, &["b"], (begin, 35, 35)), both[..1]);
        assert_eq!(registrations.found(CLUSTER), both[..1]);
        // It has come back before anybody ended it.
        assert_eq!(look(&registrations, &both, &["a", "b"], (begin, 36, 36)), []);
        assert_eq!(registrations.found(CLUSTER), []);
    }

    #[test]
    fn who_is_starting_has_longer_and_who_has_no_name_is_not_judged() {
        let (registrations, begin) = (Registrations::default(), Instant::now());
        let both = [manager(1, Some("a")), manager(2, None)];
        assert_eq!(look(&registrations, &both, &[], (begin, 0, 179)), []);
        assert!(!registrations.all_came(&both));
        assert_eq!(look(&registrations, &both, &[], (begin, 180, 180)), both[..1]);
    }

    #[test]
    fn time_in_which_nobody_looked_does_not_count() {
        let (registrations, begin) = (Registrations::default(), Instant::now());
        let one = [manager(1, Some("a"))];
        look(&registrations, &one, &["a"], (begin, 0, 5));
        look(&registrations, &one, &[], (begin, 6, 20));
        assert_eq!(look(&registrations, &one, &[], (begin, 60, 80)), []);
        assert_eq!(look(&registrations, &one, &[], (begin, 81, 90)), one);
        // Another process in its place begins anew.
        let next = [Process { pid: 99, name: Some("c".to_owned()), ..one[0].clone() }];
        assert_eq!(look(&registrations, &next, &[], (begin, 91, 91)), []);
        assert_eq!(registrations.found(CLUSTER), []);
    }
}
