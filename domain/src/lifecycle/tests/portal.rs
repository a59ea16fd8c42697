//! The portal's record and its passes, and every check that must hold at each of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::provider::Fault;
use super::world::{Happening, World};
use crate::action::Action;
use crate::id::OperationId;
use crate::lifecycle::{
    Act, Ask, Decision, Intent, JobStatus, KnownState, Launch, Limits, Observation, ObservedSavepoint,
    Outcome, Phase, Restore, decide,
};

/// What the portal has recorded.
#[derive(Debug)]
pub(super) struct SimulatedPortal {
    pub(super) phase: Phase,
    pub(super) intent: Option<Intent>,
    pub(super) asked: BTreeMap<OperationId, Ask>,
    pub(super) outcomes: BTreeMap<OperationId, Outcome>,
    /// A pass has seen what is asked.
    read: bool,
    /// Operations that others displaced.
    pub(super) displaced: BTreeSet<OperationId>,
    pub(super) revision: u32,
    pub(super) now: Timestamp,
    /// Phases that were recorded, for the proof that stories get everywhere.
    pub(super) visited: BTreeSet<&'static str>,
    launches: BTreeMap<u32, Launch>,
    seen: Observation,
    known: Option<KnownState>,
    /// What was committed before the update that is being tried: where it goes back to.
    before_update: u64,
}

pub(super) const LIMITS: Limits = Limits {
    start: SignedDuration::from_secs(20),
    savepoint: SignedDuration::from_secs(15),
    cancel: SignedDuration::from_secs(5),
    recoveries: 3,
    recovery_reset: SignedDuration::from_secs(60),
    probation: SignedDuration::from_secs(12),
};

impl SimulatedPortal {
    /// A cluster that was just created.
    pub(super) fn new() -> Self {
        let mut portal = Self {
            phase: Phase::Accepted,
            intent: None,
            read: false,
            asked: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            displaced: BTreeSet::new(),
            revision: 1,
            now: Timestamp::UNIX_EPOCH,
            visited: BTreeSet::new(),
            launches: BTreeMap::new(),
            seen: Observation::Absent,
            known: None,
            before_update: 0,
        };
        portal.record(Ask::Start { revision: 1, from: Restore::Fresh });
        portal
    }

    /// Somebody asks. A command refuses what a button would not offer; `raced` asks for what was offered a moment
    /// ago. Never while another operation is in progress, unless it displaces that.
    pub(super) fn ask(&mut self, action: Action, ask: Ask, raced: bool) -> bool {
        let state = self.state();
        let in_progress = self.intent.as_ref().map(|intent| action_of(&intent.ask));
        let in_progress = in_progress.filter(|other| !other.gives_way(false, state, self.read));
        let displaces = matches!(ask, Ask::Cancel | Ask::Delete { .. }) && in_progress != Some(action);
        let free = in_progress.is_none() || (displaces && in_progress != Some(Action::Delete));
        let offered = action.allowed(state, in_progress, false).is_ok();
        assert!(free || !offered, "{action:?} is offered while {in_progress:?} is in progress");
        if self.phase == Phase::Deleted || !free || !(raced || offered) {
            return false;
        }
        self.record(ask);
        true
    }

    fn record(&mut self, ask: Ask) {
        let operation = OperationId(Uuid::from_u128(self.asked.len() as u128 + 1));
        if let Some(old) = self.intent.replace(Intent {
            operation,
            ask: ask.clone(),
            probation_off: false,
            format: Default::default(),
        }) {
            self.displaced.insert(old.operation);
        }
        if let Ask::Start { revision, .. }
        | Ask::Update { revision, .. }
        | Ask::LastStateUpdate { revision } = ask
        {
            self.revision = revision;
        }
        self.asked.insert(operation, ask);
        self.read = false;
    }

    /// The word that people see.
    pub(super) fn state(&self) -> crate::state::State {
        let updating = self.intent.as_ref().is_some_and(|intent| action_of(&intent.ask).updates());
        self.phase.state(&self.seen, updating)
    }

    /// What the rows remember of the states that were seen.
    fn remember(&mut self, world: &World) {
        let (Observation::Present(observed), Some(launch)) = (&self.seen, self.phase.launch()) else {
            return;
        };
        let seen = |state: Restore| {
            let at = world.completed(state.path().expect("a state"));
            Some(KnownState { run: launch.run, state, at })
        };
        let checkpoint = observed.checkpoint.clone().and_then(|path| seen(Restore::Checkpoint { path }));
        let savepoint = match &observed.savepoint {
            ObservedSavepoint::Completed { path } => seen(Restore::Savepoint { path: path.clone() }),
            ObservedSavepoint::Unknown | ObservedSavepoint::InProgress | ObservedSavepoint::Failed { .. } => {
                None
            }
        };
        self.known = KnownState::newer(KnownState::newer(self.known.take(), checkpoint), savepoint);
    }

    /// See, decide, record, act; `between` happens after the look.
    pub(super) fn pass(&mut self, world: &mut World, fault: Fault, between: Option<Happening>) -> Decision {
        self.seen = world.observe(&self.phase);
        self.remember(world);
        let (intent, known) = (self.intent.as_ref(), self.known.as_ref());
        let step = decide(intent, &self.phase, known, &self.seen, &LIMITS, self.now);
        self.check_step(&step);
        if let Some(outcome) = &step.outcome {
            let intent = self.intent.take().expect("an outcome settles an intent that is there");
            check_outcome(&intent, outcome, &step, world);
            let earlier = self.outcomes.insert(intent.operation, outcome.clone());
            assert_eq!(earlier, None, "an operation ends once");
        }
        self.phase = step.phase.clone();
        self.read = true;
        self.visited.insert(self.phase.name());
        self.now += step.look_again;
        if let Some(happening) = between {
            world.happen(happening);
        }
        if let Some(act) = &step.act {
            if let (Act::Launch(launch), false) = (act, fault == Fault::Lost)
                && world.launches(launch)
            {
                self.check_launch(launch, world);
            }
            world.act(act, fault);
        }
        let working = world.runs.values().filter(|run| run.job_manager.alive()).count();
        assert!(working <= 1, "{working} runs work at once");
        step
    }

    fn check_step(&self, step: &Decision) {
        if let Observation::Unreachable { .. } = self.seen {
            assert_eq!(step.phase, self.phase, "what is not seen is not judged");
            assert_eq!((&step.act, &step.outcome), (&None, &None), "what is not seen is left alone");
        }
        if let Phase::Starting { launch, .. } = &step.phase
            && self.phase.launch().is_none_or(|old| old.run != launch.run)
            && let Observation::Present(observed) = &self.seen
        {
            assert!(!observed.anything_alive(), "a run starts when everything older was seen to be gone");
        }
    }

    /// What is launched is launched with the same arguments each time, and with all the state that was committed.
    fn check_launch(&mut self, launch: &Launch, world: &mut World) {
        let first = self.launches.entry(launch.run).or_insert_with(|| launch.clone());
        // What it may go back to is forgotten once it has held.
        let made = |launch: &Launch| Launch { fallback: None, back_from: None, ..launch.clone() };
        assert_eq!(made(first), made(launch), "a run's number means one launch");
        if world.runs.contains_key(&launch.run) {
            return;
        }
        let amount = world.amount(&launch.from);
        let chosen = match launch.asked_by.map(|operation| &self.asked[&operation]) {
            Some(Ask::Start { .. } | Ask::Update { keep_state: false, .. }) => launch.back_from.is_none(),
            Some(
                Ask::Update { .. }
                | Ask::LastStateUpdate { .. }
                | Ask::Savepoint
                | Ask::Stop
                | Ask::Cancel
                | Ask::Delete { .. },
            )
            | None => false,
        };
        let before = self.launches.range(..launch.run).next_back().map(|(_, launch)| launch);
        let went_back = launch.back_from.is_some() && before.is_some_and(|before| before.back_from.is_none());
        // One that was never launched has committed nothing.
        let tried = before.is_some_and(|before| before.fallback.is_some());
        let floor = if went_back && tried { self.before_update } else { world.floor };
        assert!(chosen || amount >= floor, "run {} forgets what was committed", launch.run);
        // A launch that is made again belongs to the same update.
        let of_update = |one: &Launch| one.fallback.is_some() && one.asked_by == launch.asked_by;
        if launch.fallback.is_some() && !before.is_some_and(of_update) {
            self.before_update = world.floor;
        }
        world.floor = amount;
    }
}

/// What is said to have succeeded is so.
fn check_outcome(intent: &Intent, outcome: &Outcome, step: &Decision, world: &World) {
    let Outcome::Succeeded { savepoint } = outcome else { return };
    match &intent.ask {
        Ask::Start { .. } | Ask::Update { .. } | Ask::LastStateUpdate { .. } => {
            let launched = step.phase.launch().expect("a launch that succeeded");
            let run = &world.runs[&launched.run];
            assert_eq!(launched.asked_by, Some(intent.operation), "the run is this operation's");
            let finished = run.job.as_ref().is_some_and(|job| job.status == JobStatus::Finished);
            assert!(run.ran && (run.runs() || finished), "its job runs, or has run to its end");
            let others = world.runs.values().any(|other| other.alive() && other.launch.run != launched.run);
            assert!(finished || !(world.stray || others), "nothing of another run is left");
            match &intent.ask {
                // Cut short and tried again, it may have come further meanwhile.
                Ask::Start { revision, from } => {
                    assert_eq!(launched.revision, *revision);
                    assert!(world.amount(&launched.from) >= world.amount(from));
                }
                Ask::LastStateUpdate { revision } | Ask::Update { revision, keep_state: false } => {
                    assert_eq!(launched.revision, *revision);
                }
                Ask::Update { revision, keep_state: true } => {
                    assert_eq!(launched.revision, *revision);
                    assert_eq!(savepoint.as_deref(), launched.from.path(), "it names its savepoint");
                }
                Ask::Savepoint | Ask::Stop | Ask::Cancel | Ask::Delete { .. } => unreachable!(),
            }
        }
        Ask::Savepoint => {
            let own = format!("savepoints/{}", intent.operation);
            assert_eq!(savepoint.as_ref(), Some(&own), "the savepoint is this operation's");
            assert!(world.disk.contains_key(&own), "the savepoint exists");
        }
        // An earlier stop that was overdue may have kept its promise first.
        Ask::Stop => match &step.phase {
            Phase::Stopped { savepoint: left, .. } => {
                assert_eq!(savepoint.as_ref(), Some(left), "it names the savepoint that is left");
                assert!(world.disk.contains_key(left) && !world.anything_alive());
            }
            other => panic!("stopped, and yet {other:?}"),
        },
        Ask::Cancel => assert!(matches!(step.phase, Phase::Canceled { .. }) && !world.anything_alive()),
        Ask::Delete { unseen: true, .. } => assert_eq!(step.phase, Phase::Deleted),
        Ask::Delete { .. } => {
            assert!(step.phase == Phase::Deleted && !world.anything_alive() && !world.files);
        }
    }
}

pub(super) fn action_of(ask: &Ask) -> Action {
    match ask {
        Ask::Start { .. } => Action::Start,
        Ask::Update { keep_state: true, .. } => Action::Update,
        Ask::Update { keep_state: false, .. } => Action::StatelessUpdate,
        Ask::LastStateUpdate { .. } => Action::LastStateUpdate,
        Ask::Savepoint => Action::Savepoint,
        Ask::Stop => Action::Stop,
        Ask::Cancel => Action::Cancel,
        Ask::Delete { .. } => Action::Delete,
    }
}
