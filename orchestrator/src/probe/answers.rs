//! What programs built: a `main` runs once for the same jar, entry class, arguments and options, however many ask, and
//! not again when what was checked is created a moment later.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::{Built, ProbeError, Program};

/// Programs that are remembered. A job graph has some ten kilobytes; none has more than 8 MB.
const KEPT: usize = 16;
/// For how long: what a `main` reads elsewhere may change.
const LASTS: Duration = Duration::from_secs(60 * 60);
/// For how long a command does not try again to find out what a check could not: it would wait as long for nothing.
const NOT_KNOWN_LASTS: Duration = Duration::from_secs(2 * 60);

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// Somebody wants the check itself. What went wrong is tried again: it may have been mended.
    Check,
    /// A command, which wants to know whether it is certain to fail.
    Command,
}

/// A program, by all that its `main` gets. A digest, for arguments and options may hold secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// As a file is called by it.
    pub(super) fn hex(self) -> String {
        hex::encode(self.0)
    }

    pub(super) fn of(program: &Program) -> Self {
        // Where the same bytes lie, and what is lent to them, makes no other program of them.
        let Program { jar: _, readable: _, digest, more, entry_class, args, options } = program;
        let mut hash = Sha256::new();
        let mut word = |text: &str| {
            // With its length, so that two words are never one.
            hash.update(text.len().to_le_bytes());
            hash.update(text);
        };
        word(digest);
        // What has none is the same program as ever.
        for jar in more {
            word("more");
            word(&jar.digest);
        }
        word(if entry_class.is_some() { "class" } else { "manifest" });
        word(entry_class.as_deref().unwrap_or_default());
        word(&args.len().to_string());
        args.iter().for_each(|arg| word(arg));
        for (key, value) in options {
            word(key);
            word(value);
        }
        Self(hash.finalize().into())
    }
}

/// Cloning it is cheap and gives the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(Arc<Mutex<AnswersByKey>>);

#[derive(Debug, Default)]
struct AnswersByKey {
    by_key: HashMap<Key, Slot>,
    order: VecDeque<Key>,
}

/// Held by whoever runs this program; others wait for the same answer.
type Slot = Arc<tokio::sync::Mutex<Option<Answer>>>;

#[derive(Debug)]
struct Answer {
    built: Result<Built, ProbeError>,
    at: Instant,
}

impl Answer {
    fn serves(&self, asker: Asker) -> bool {
        let age = self.at.elapsed();
        match &self.built {
            Ok(_) => age < LASTS,
            Err(error) => asker == Asker::Command && !error.certain() && age < NOT_KNOWN_LASTS,
        }
    }
}

impl Answers {
    /// What is remembered, or what `build` gives.
    pub(super) async fn once(
        &self,
        key: Key,
        asker: Asker,
        build: impl AsyncFnOnce() -> Result<Built, ProbeError>,
    ) -> Result<Built, ProbeError> {
        let slot = self.slot(key);
        let mut known = slot.lock().await;
        if let Some(answer) = known.as_ref().filter(|answer| answer.serves(asker)) {
            return answer.built.clone();
        }
        let built = build().await;
        *known = Some(Answer { built: built.clone(), at: Instant::now() });
        built
    }

    fn slot(&self, key: Key) -> Slot {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !places.by_key.contains_key(&key) {
            if places.order.len() == KEPT
                && let Some(oldest) = places.order.pop_front()
            {
                places.by_key.remove(&oldest);
            }
            places.order.push_back(key);
        }
        places.by_key.entry(key).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::probe::{JarFile, JobGraph};

    fn program(args: &[&str]) -> Program {
        Program {
            jar: "/jobs/a.jar".into(),
            digest: "ab12".to_owned(),
            more: Vec::new(),
            readable: Vec::new(),
            entry_class: None,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            options: Vec::new(),
        }
    }

    fn built() -> Built {
        let graph: JobGraph =
            serde_json::from_str(r#"{"name":"a","slots":1,"operators":[]}"#).expect("a graph");
        Built { graph, bytes: Arc::from([]) }
    }

    fn error(kind: &str) -> ProbeError {
        ProbeError { kind: kind.to_owned(), message: String::new(), exception: String::new() }
    }

    #[test]
    fn programs_that_get_something_else_are_others() {
        let one = Key::of(&program(&["a", "b"]));
        assert_eq!(one, Key::of(&Program { jar: "/elsewhere/b.jar".into(), ..program(&["a", "b"]) }));
        let option = vec![("k".to_owned(), "v".to_owned())];
        for other in [
            program(&["ab"]),
            program(&["b", "a"]),
            Program { digest: "cd34".to_owned(), ..program(&["a", "b"]) },
            Program {
                more: vec![JarFile { place: "/a.jar".into(), digest: "ef".into() }],
                ..program(&["a", "b"])
            },
            Program { entry_class: Some(String::new()), ..program(&["a", "b"]) },
            Program { options: option, ..program(&["a", "b"]) },
        ] {
            assert_ne!(one, Key::of(&other), "{other:?}");
        }
    }

    #[tokio::test]
    async fn a_main_runs_once_and_what_failed_is_tried_again_where_that_can_help() {
        use Asker::{Check, Command};
        let cases = [
            (Ok(built()), [Check, Check, Command], 1),
            (Err(error("HANGS")), [Check, Command, Check], 2),
            (Err(error("MAIN_THREW")), [Check, Command, Check], 3),
        ];
        for (number, (answer, askings, runs)) in cases.into_iter().enumerate() {
            let (memory, ran) = (Answers::default(), Cell::new(0));
            for asking in askings {
                let run = async || {
                    ran.set(ran.get() + 1);
                    answer.clone()
                };
                let told = memory.once(Key::of(&program(&[])), asking, run).await;
                assert_eq!(told.is_ok(), answer.is_ok());
            }
            assert_eq!(ran.get(), runs, "case {number}");
        }
    }

    #[tokio::test]
    async fn the_oldest_is_forgotten() {
        let (memory, ran) = (Answers::default(), Cell::new(0));
        let run = async || {
            ran.set(ran.get() + 1);
            Ok(built())
        };
        for number in 0..=KEPT {
            let key = Key::of(&program(&[&number.to_string()]));
            memory.once(key, Asker::Check, &run).await.expect("built");
        }
        memory.once(Key::of(&program(&["1"])), Asker::Check, &run).await.expect("built");
        assert_eq!(ran.get(), KEPT + 1);
        memory.once(Key::of(&program(&["0"])), Asker::Check, &run).await.expect("built");
        assert_eq!(ran.get(), KEPT + 2);
    }
}
