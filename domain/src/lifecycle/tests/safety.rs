//! What must never happen. The checks themselves stand in [`super::portal`]; here are the stories.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::story::{Story, events};

proptest! {
    /// Never two runs at work; one launch for a number; nothing starts with less than was committed; nothing is
    /// done to what is not seen; one outcome for an operation; what succeeded is so.
    #[test]
    fn no_story_breaks_a_promise(events in events()) {
        let story = Story::tell(&events);
        for operation in story.portal.asked.keys() {
            let pending = story.portal.intent.as_ref().is_some_and(|intent| intent.operation == *operation);
            let ended = story.portal.outcomes.contains_key(operation);
            let displaced = story.portal.displaced.contains(operation);
            prop_assert_eq!(u8::from(pending) + u8::from(ended) + u8::from(displaced), 1);
        }
    }
}

/// The properties say something: their stories get everywhere.
#[test]
fn stories_visit_every_phase() {
    let mut runner = TestRunner::deterministic();
    let mut visited = BTreeSet::new();
    for _ in 0..600 {
        let events = events().new_tree(&mut runner).expect("a story").current();
        visited.extend(Story::tell(&events).portal.visited);
    }
    let every = [
        "accepted",
        "canceled",
        "canceling",
        "deleted",
        "deleting",
        "ending",
        "failed",
        "finished",
        "running",
        "saving",
        "starting",
        "stopped",
        "stopping",
        "waiting",
    ];
    assert_eq!(visited, BTreeSet::from(every));
}
