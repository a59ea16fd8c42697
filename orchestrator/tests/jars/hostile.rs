//! Small jars that took the portal's stack, its time or its memory, and their like.

use std::time::Duration;

use orchestrator::jar::{Budget, JarError, open};
use tokio_util::sync::CancellationToken;

use crate::class::Class;
use crate::zip::{Entry, archive};
use crate::{budget, file, opened};

/// Runs where a few hundred nested calls are too many.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(work).expect("a thread");
    thread.join().expect("no panic")
}

/// 411 bytes of it ended the portal. A class of 16 MB has room for millions of levels.
#[test]
fn an_annotation_may_be_nested_as_deep_as_it_likes() {
    for nested in [1_000, 1_250_000] {
        let class = Class { nested, others: 2, ..Class::with_main("Evil") }.write().bytes;
        let jar = archive(&[Entry::deflated("Evil.class", &class)], false, false).bytes;
        let view = on_a_small_stack(move || opened(&jar)).expect("a jar");
        assert_eq!(view.mains, ["Evil"]);
    }
}

/// 3.5 MB of this unpack to 937 GB.
#[test]
fn entries_that_share_bytes_are_refused() {
    let class =
        Entry::deflated("000000.class", &[&Class::with_main("A").write().bytes[..], &[0; 1 << 20]].concat());
    let entries: Vec<_> = (0..60_000).map(|number| class.named(format!("{number:06x}.class"))).collect();
    assert!(matches!(opened(&archive(&entries, false, true).bytes), Err(JarError::Overlap)));
    let two: Vec<_> = entries.into_iter().take(2).collect();
    assert!(matches!(opened(&archive(&two, true, true).bytes), Err(JarError::Overlap)));
    assert!(opened(&archive(&two, true, false).bytes).is_ok());
}

/// An entry within the bytes of another one, which begin and end elsewhere.
#[test]
fn an_entry_within_another_is_refused() {
    let inner =
        archive(&[Entry::stored("B.class", &Class::with_main("B").write().bytes)], false, false).bytes;
    let outer = [Entry::stored("A.class", &inner), Entry::stored("B.class", b"here")];
    let mut jar = archive(&outer, false, false);
    // Of the directory's second entry, the last field is the place.
    let ends: Vec<_> =
        jar.fields.iter().enumerate().filter(|(_, field)| jar.get(**field) == 0x0201_4b50).collect();
    let place = jar.fields[ends[1].0 + 15];
    let within = 30 + "A.class".len() as u64;
    jar.set(place, within);
    assert!(matches!(opened(&jar.bytes), Err(JarError::Overlap)));
}

#[test]
fn more_entries_than_any_jar_has_are_refused() {
    let entries = vec![Entry::stored("", b""); 200_001];
    let error = opened(&archive(&entries, false, false).bytes).expect_err("too many").to_string();
    assert!(error.starts_with("The jar has more than 200000 entries. Leave out"), "{error}");
}

#[test]
fn what_classes_unpack_to_has_a_limit_and_so_has_the_time() {
    let class = [&Class::with_main("A").write().bytes[..], &[0; 1 << 20]].concat();
    let entries: Vec<_> = (0..10).map(|number| Entry::deflated(format!("{number}.class"), &class)).collect();
    let jar = archive(&entries, false, false).bytes;
    assert_eq!(opened(&jar).expect("a jar").mains, ["A"]);
    let small = Budget { inflated: 5 << 20, ..budget() };
    let error = open(file(&jar), &small).expect_err("too much").to_string();
    assert!(error.starts_with("The classes of the jar unpack to more than 5 MB. Leave out"), "{error}");
    for none in [Budget { time: Duration::ZERO, ..budget() }, Budget { patience: Duration::ZERO, ..budget() }]
    {
        let error = open(file(&jar), &none).expect_err("too long").to_string();
        assert!(
            error.starts_with("The jar could not be read within 0 seconds. Build a smaller one"),
            "{error}"
        );
    }
    let stop = CancellationToken::new();
    stop.cancel();
    assert!(matches!(open(file(&jar), &Budget::new(stop)), Err(JarError::Stopped)));
}

/// What the page shows and the portal remembers has a limit too.
#[test]
fn names_of_mains_have_a_limit() {
    let many = |count: usize, length: usize| {
        let class = |number| Class::with_main(&format!("{number:0length$}")).write().bytes;
        let entries: Vec<_> =
            (0..count).map(|number| Entry::stored(format!("{number}.class"), &class(number))).collect();
        opened(&archive(&entries, false, false).bytes)
    };
    assert_eq!(many(1_000, 100).expect("a jar").mains.len(), 1_000);
    assert!(matches!(many(1_001, 10), Err(JarError::Mains)));
    assert!(matches!(many(200, 1_000), Err(JarError::Mains)));
    assert_eq!(many(1, 60_000).expect("a jar").mains.len(), 0, "no file has such a name");
}

/// A size that is said and not true, in either direction.
#[test]
fn sizes_that_lie_are_found_out() {
    let class = Class::with_main("A").write().bytes;
    let jar = archive(&[Entry::deflated("A.class", &class)], false, false);
    let sizes: Vec<_> =
        jar.fields.iter().filter(|field| jar.get(**field) == class.len() as u64).copied().collect();
    assert_eq!(sizes.len(), 2, "in the entry and in the directory");
    for size in [0, 1, 0x7fff_ffff, 0xffff_fffe] {
        let mut jar = jar.clone();
        jar.set(sizes[1], size);
        assert!(matches!(opened(&jar.bytes), Err(JarError::Damaged { .. })), "{size}");
    }
}
