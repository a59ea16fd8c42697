//! Whether a state fits the revision that Start takes: the sentences.

use domain::view::{Fits, NotKnown, StateFit};

use crate::words::{bytes, count};

/// Names in one line; the whole of it stands on hover.
const NAMED: usize = 2;

/// What is said of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    /// `good`, `warn`, `bad`, `idle`.
    pub(super) tone: &'static str,
    /// The line.
    pub(super) line: String,
    /// More, on hover.
    pub(super) more: String,
}

/// The line of a state that is there; none while nothing was read.
pub(super) fn said(fits: Option<&Fits>, revision: u32) -> Said {
    let told = |tone, line: String, more: String| Said { tone, line, more };
    match fits {
        None | Some(Fits::Looking) => {
            told("idle", "looking…".to_owned(), "Flink’s own classes are asked.".to_owned())
        }
        Some(Fits::Yes { operators: None, .. }) => {
            told("good", "yes".to_owned(), format!("Revision {revision} is the very program that wrote it."))
        }
        Some(Fits::Yes { operators: Some(operators), new }) => {
            let all = match operators {
                0 => "yes, without state".to_owned(),
                1 => "yes, its one operator".to_owned(),
                2 => "yes, both operators".to_owned(),
                _ => format!("yes, all {operators} operators"),
            };
            let begin = match new {
                0 => String::new(),
                1 => "; 1 new".to_owned(),
                _ => format!("; {new} new"),
            };
            let more = match new {
                0 => format!("Each operator with state is in revision {revision}."),
                _ => format!(
                    "Each operator with state is in revision {revision}; what is new begins without state."
                ),
            };
            told("good", format!("{all}{begin}"), more)
        }
        Some(Fits::LeftOver { operators, size, chosen }) => {
            let size = size.map(|size| format!(", {}", bytes(size))).unwrap_or_default();
            let names: Vec<String> = operators.iter().map(|name| short(name)).collect();
            let line = match names.len() {
                0..=NAMED => names.join(", "),
                more => format!("{} and {} more", names[..NAMED].join(", "), more - NAMED),
            };
            let then = match chosen {
                true => format!("Revision {revision} leaves it behind, as its options say."),
                false => format!(
                    "Start is refused with it unless revision {revision} is updated to leave such state behind."
                ),
            };
            let more = format!(
                "No operator of revision {revision} takes the state of {}. {then}",
                operators.join(", ")
            );
            told("warn", format!("◆ {line} left over{size}"), more)
        }
        Some(Fits::AnotherJob { operators }) => told(
            "bad",
            "▲ another job’s".to_owned(),
            format!(
                "None of its {} is in revision {revision}.",
                count(*operators as usize, "operator with state", "operators with state")
            ),
        ),
        Some(Fits::Clash { why, operator, was, wants }) => {
            let line = match why {
                StateFit::MaxParallelism => format!("▲ maximum parallelism {was}, job has {wants}"),
                StateFit::Parallelism => format!("▲ at most {was} subtasks, job has {wants}"),
                StateFit::KeyType => format!("▲ keys by {was}, job has {wants}"),
                StateFit::TakenUp | StateFit::New | StateFit::LeftOver => "▲ does not fit".to_owned(),
            };
            told(
                "bad",
                line,
                format!("That is so of {operator}. The checks of Start and Update say what to do."),
            )
        }
        Some(Fits::Unreadable { why }) => told("bad", "▲ cannot be read".to_owned(), why.clone()),
        Some(Fits::NotKnown { why }) => {
            let more = match why {
                NotKnown::NoGraph => format!(
                    "The job graph of revision {revision} is not known: no check has built it since it is kept. The check \
                     of the next Start or Update does."
                ),
                NotKnown::Moves => "Its run goes on; the next checkpoint takes its place.".to_owned(),
                NotKnown::TooMany { looked_at } => {
                    format!(
                        "Only the newest {looked_at} are looked at. The check of Start looks at the one that is chosen."
                    )
                }
                NotKnown::TooLarge => {
                    "What describes it is too large to be read for a list. The check of Start reads it."
                        .to_owned()
                }
                NotKnown::NoAnswer { why } => why.clone(),
            };
            told("idle", "not known".to_owned(), more)
        }
    }
}

/// An id of 32 digits is told by its first.
fn short(name: &str) -> String {
    let id = name.len() == 32 && name.bytes().all(|digit| digit.is_ascii_hexdigit());
    if id { format!("operator {}…", &name[..8]) } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(fits: &Fits) -> (&'static str, String) {
        let said = said(Some(fits), 8);
        assert!(!said.more.is_empty(), "{fits:?} says why");
        (said.tone, said.line)
    }

    #[test]
    fn each_has_its_line() {
        let yes = |operators, new| line(&Fits::Yes { operators, new });
        assert_eq!(yes(None, 0), ("good", "yes".to_owned()));
        assert_eq!(yes(Some(9), 0), ("good", "yes, all 9 operators".to_owned()));
        assert_eq!(yes(Some(1), 2), ("good", "yes, its one operator; 2 new".to_owned()));
        let left = |operators: &[&str], size| {
            let operators = operators.iter().map(|name| (*name).to_owned()).collect();
            line(&Fits::LeftOver { operators, size, chosen: false }).1
        };
        assert_eq!(left(&["score-window"], Some(1_200_000_000)), "◆ score-window left over, 1.2 GB");
        assert_eq!(left(&["a", "b", "c"], None), "◆ a, b and 1 more left over");
        assert_eq!(left(&["0123456789abcdef0123456789abcdef"], None), "◆ operator 01234567… left over");
        let clash = Fits::Clash {
            why: StateFit::MaxParallelism,
            operator: "a".to_owned(),
            was: "128".to_owned(),
            wants: "256".to_owned(),
        };
        assert_eq!(line(&clash), ("bad", "▲ maximum parallelism 128, job has 256".to_owned()));
        assert_eq!(line(&Fits::AnotherJob { operators: 2 }).1, "▲ another job’s");
        assert_eq!(line(&Fits::NotKnown { why: NotKnown::NoGraph }), ("idle", "not known".to_owned()));
        assert_eq!(said(None, 8).line, "looking…");
    }
}
