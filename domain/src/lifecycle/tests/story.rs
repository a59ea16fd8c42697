//! What may happen, in any order.

use proptest::prelude::*;

use super::portal::SimulatedPortal;
use super::provider::Fault;
use super::world::{Flaw, Happening, World};
use crate::action::Action;
use crate::lifecycle::{Ask, Restore};

/// One event of a story.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// The portal makes a pass.
    Pass(Fault, Option<Happening>),
    /// The world gets further, then the portal makes a pass: what happens most of the time.
    Go(Fault),
    /// Somebody asks.
    Ask(Wish),
    /// Something happens by itself.
    Happen(Happening),
    /// Nobody looks for so many seconds.
    Wait(i64),
}

/// What somebody asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) action: Action,
    /// It was offered a moment ago.
    pub(super) raced: bool,
    /// Start without state.
    pub(super) fresh: bool,
    /// The new revision does not come up.
    pub(super) flaw: Option<Flaw>,
}

/// A cluster and everything that happened to it.
pub(super) struct Story {
    pub(super) portal: SimulatedPortal,
    pub(super) world: World,
}

impl Story {
    pub(super) fn new() -> Self {
        Self { portal: SimulatedPortal::new(), world: World::default() }
    }

    pub(super) fn tell(events: &[Event]) -> Self {
        let mut story = Self::new();
        for event in events {
            story.event(event);
        }
        story
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Pass(fault, between) => {
                self.portal.pass(&mut self.world, *fault, *between);
            }
            Event::Go(fault) => {
                self.world.advance();
                self.portal.pass(&mut self.world, *fault, None);
            }
            Event::Ask(wish) => {
                self.ask(*wish);
            }
            Event::Happen(happening) => self.world.happen(*happening),
            Event::Wait(seconds) => self.portal.now += std::time::Duration::from_secs(seconds.unsigned_abs()),
        }
    }

    /// Whether it was accepted.
    pub(super) fn ask(&mut self, wish: Wish) -> bool {
        let next = self.portal.revision + 1;
        let rests = self.portal.state().at_rest();
        let ask = match wish.action {
            Action::Create | Action::Start | Action::Relaunch => {
                Ask::Start { revision: next, from: self.choice(wish.fresh) }
            }
            // What rests is just launched.
            Action::Update | Action::LastStateUpdate | Action::Rollback if rests => {
                Ask::Start { revision: next, from: self.choice(false) }
            }
            Action::StatelessUpdate if rests => Ask::Start { revision: next, from: Restore::Fresh },
            Action::Update | Action::Rollback => Ask::Update { revision: next, keep_state: true },
            Action::StatelessUpdate => Ask::Update { revision: next, keep_state: false },
            Action::LastStateUpdate => Ask::LastStateUpdate { revision: next },
            Action::Savepoint => Ask::Savepoint,
            Action::Stop => Ask::Stop,
            Action::Cancel => Ask::Cancel,
            Action::Delete => Ask::Delete { keep_savepoints: true, unseen: false },
        };
        let launches = matches!(ask, Ask::Start { .. } | Ask::Update { .. } | Ask::LastStateUpdate { .. });
        let accepted = self.portal.ask(wish.action, ask, wish.raced);
        if let (true, true, Some(flaw)) = (accepted, launches, wish.flaw) {
            self.world.bad.insert(next, flaw);
        }
        accepted
    }

    fn choice(&self, fresh: bool) -> Restore {
        let newest = self.world.disk.iter().max_by_key(|(_, amount)| **amount).filter(|_| !fresh);
        newest.map_or(Restore::Fresh, |(path, _)| Restore::Savepoint { path: path.clone() })
    }
}

pub(super) fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        10 => fault().prop_map(Event::Go),
        5 => Just(Event::Go(Fault::Whole)),
        4 => (fault(), proptest::option::of(happening())).prop_map(|(fault, between)| Event::Pass(fault, between)),
        3 => wish().prop_map(Event::Ask),
        2 => happening().prop_map(Event::Happen),
        1 => (0..40_i64).prop_map(Event::Wait),
    ];
    proptest::collection::vec(event, 1..100)
}

/// Stories in which nothing goes wrong but the portal itself, which is killed again and again.
pub(super) fn crashes() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => fault().prop_map(Event::Go),
        2 => Just(Event::Go(Fault::Whole)),
        2 => fault().prop_map(|fault| Event::Pass(fault, None)),
        1 => wish().prop_map(|wish| Event::Ask(Wish { raced: false, flaw: None, ..wish })),
    ];
    proptest::collection::vec(event, 1..100)
}

pub(super) fn wish() -> impl Strategy<Value = Wish> {
    let action = prop_oneof![
        3 => Just(Action::Stop),
        4 => Just(Action::Start),
        4 => Just(Action::Update),
        2 => Just(Action::StatelessUpdate),
        2 => Just(Action::LastStateUpdate),
        1 => Just(Action::Relaunch),
        3 => Just(Action::Savepoint),
        1 => Just(Action::Cancel),
        1 => Just(Action::Delete),
    ];
    let flaw = prop_oneof![
        12 => Just(None),
        1 => Just(Some(Flaw::Exits)),
        1 => Just(Some(Flaw::Fails)),
        1 => Just(Some(Flaw::Hangs)),
    ];
    (action, proptest::bool::weighted(0.2), proptest::bool::ANY, flaw)
        .prop_map(|(action, raced, fresh, flaw)| Wish { action, raced, fresh, flaw })
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        6 => Just(Fault::Whole),
        2 => Just(Fault::Lost),
        1 => Just(Fault::Half),
        1 => Just(Fault::Twice),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => Just(Happening::JobManagerDies),
        2 => Just(Happening::JobManagerHangs),
        3 => Just(Happening::JobManagerWakes),
        2 => Just(Happening::TaskManagerDies),
        1 => Just(Happening::JobFails),
        1 => Just(Happening::JobFinishes),
        1 => Just(Happening::JobIsCanceledElsewhere),
        4 => Just(Happening::CheckpointCompletes),
        1 => Just(Happening::SavepointBreaks),
        1 => Just(Happening::StrayAppears),
        1 => Just(Happening::Hide),
        2 => Just(Happening::Show),
        2 => Just(Happening::Slow),
        2 => Just(Happening::Fast),
        1 => Just(Happening::JobClings),
        1 => Just(Happening::StorageGoes),
        2 => Just(Happening::StorageReturns),
    ]
}
