//! What must happen in the end, once nothing goes wrong any more.

use proptest::prelude::*;

use super::portal::action_of;
use super::provider::Fault;
use super::story::{Story, Wish, crashes, events, wish};
use super::world::Happening;
use crate::action::Action;
use crate::lifecycle::{Outcome, Phase};
use crate::state::State;

/// More passes than the longest deadlines take, one after the other.
const PASSES: usize = 250;

impl Story {
    /// Fault-free passes until nothing moves any more.
    pub(super) fn settle(&mut self) {
        for _ in 0..PASSES {
            self.world.calm();
            self.world.advance();
            let before = self.portal.phase.clone();
            let step = self.portal.pass(&mut self.world, Fault::Whole, None);
            if step.act.is_none()
                && self.portal.intent.is_none()
                && self.portal.phase == before
                && self.rests()
            {
                return;
            }
        }
        panic!("after {PASSES} passes still {:?} with {:?}", self.portal.phase, self.portal.intent);
    }

    /// The job runs, or nothing is alive.
    fn rests(&self) -> bool {
        match &self.portal.phase {
            Phase::Running { launch, .. } => self.world.runs[&launch.run].runs(),
            Phase::Accepted
            | Phase::Starting { .. }
            | Phase::Saving { .. }
            | Phase::Stopping { .. }
            | Phase::Canceling { .. }
            | Phase::Ending { .. }
            | Phase::Waiting { .. }
            | Phase::Deleting { .. } => false,
            Phase::Stopped { .. }
            | Phase::Canceled { .. }
            | Phase::Finished { .. }
            | Phase::Failed { .. } => !self.world.anything_alive(),
            Phase::Deleted => true,
        }
    }
}

proptest! {
    /// Whatever has happened, calm passes come to rest, and every operation has ended.
    #[test]
    fn every_story_comes_to_rest(events in events()) {
        let mut story = Story::tell(&events);
        story.settle();
        for operation in story.portal.asked.keys() {
            let displaced = story.portal.displaced.contains(operation);
            prop_assert_ne!(story.portal.outcomes.contains_key(operation), displaced);
        }
    }

    /// A portal that is killed again and again loses nothing: acts that were lost are made up for.
    #[test]
    fn crashes_alone_fail_nothing(events in crashes()) {
        let mut story = Story::tell(&events);
        story.settle();
        for outcome in story.portal.outcomes.values() {
            prop_assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
        }
    }

    /// Whatever has happened, what is offered then and can succeed does.
    #[test]
    fn what_is_offered_succeeds(events in events(), wish in wish()) {
        let mut story = Story::tell(&events);
        story.settle();
        if !story.ask(Wish { raced: false, flaw: None, ..wish }) {
            return Ok(());
        }
        let operation = story.portal.intent.as_ref().expect("just asked").operation;
        let action = action_of(&story.portal.asked[&operation]);
        story.settle();
        let succeeded = matches!(story.portal.outcomes[&operation], Outcome::Succeeded { .. });
        prop_assert!(succeeded, "{:?}", story.portal.outcomes[&operation]);
        let there = match (action, &story.portal.phase) {
            (Action::Stop, Phase::Stopped { .. }) => true,
            (Action::Cancel, Phase::Canceled { .. }) => true,
            (Action::Delete, Phase::Deleted) => true,
            (
                Action::Create
                | Action::Start
                | Action::Relaunch
                | Action::Update
                | Action::StatelessUpdate
                | Action::LastStateUpdate,
                Phase::Running { launch, .. },
            ) => {
                launch.revision == story.portal.revision
            }
            (Action::Savepoint, Phase::Running { .. }) => true,
            _ => false,
        };
        prop_assert!(there, "{:?} led to {:?}", action, story.portal.phase);
    }

    /// State that never comes back holds nobody: whoever waits for it can begin without, or cancel.
    #[test]
    fn who_waits_has_a_way_out(events in events(), cancels in proptest::bool::ANY) {
        let mut story = Story::tell(&events);
        for happening in [Happening::Show, Happening::StorageGoes, Happening::JobManagerDies] {
            story.world.happen(happening);
        }
        for _ in 0..3 {
            story.portal.pass(&mut story.world, Fault::Whole, None);
        }
        let pending = story.portal.intent.as_ref().map(|intent| action_of(&intent.ask));
        if story.portal.state() != State::Waiting || pending == Some(Action::Cancel) {
            return Ok(());
        }
        let action = if cancels { Action::Cancel } else { Action::Start };
        let accepted = story.ask(Wish { action, raced: false, fresh: true, flaw: None });
        prop_assert!(accepted, "{action:?} is refused");
        for _ in 0..5 {
            story.world.advance();
            story.portal.pass(&mut story.world, Fault::Whole, None);
        }
        match &story.portal.phase {
            Phase::Canceled { .. } => prop_assert!(cancels),
            Phase::Starting { launch, .. } | Phase::Running { launch, .. } => {
                prop_assert!(!cancels && launch.revision == story.portal.revision && launch.fresh);
            }
            other => prop_assert!(false, "{action:?} led to {other:?}"),
        }
    }
}
