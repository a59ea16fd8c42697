//! The one line of arguments, split by the quoting rules of a POSIX shell (no expansion of anything).

use std::ops::Range;

/// A word of a line.
pub(crate) struct Word {
    /// Where it stands in the line, with its quotes.
    pub(crate) raw: Range<usize>,
    /// What a program receives.
    pub(crate) text: String,
}

/// Splits a line of arguments.
///
/// # Errors
/// The sentence for a quote that is not closed or a line break that is not quoted.
pub fn split(line: &str) -> Result<Vec<String>, String> {
    let (words, fault) = words(line);
    fault.map_or_else(|| Ok(words.into_iter().map(|word| word.text).collect()), Err)
}

/// The words of a line and what is wrong with it; what is not closed reaches to its end.
pub(crate) fn words(line: &str) -> (Vec<Word>, Option<String>) {
    let (mut words, mut fault) = (Vec::new(), None);
    let mut word: Option<(usize, String)> = None;
    let mut chars = line.chars();
    loop {
        let at = line.len() - chars.as_str().len();
        let text = |word: &mut Option<(usize, String)>, next: &mut dyn FnMut(&mut String)| {
            next(&mut word.get_or_insert_with(|| (at, String::new())).1);
        };
        match chars.next() {
            None => break,
            Some(' ' | '\t' | '\r' | '\n') => {
                words.extend(word.take().map(|(begin, text)| Word { raw: begin..at, text }));
            }
            Some('\'') => text(&mut word, &mut |text| fault = quoted(&mut chars, text).err()),
            Some('"') => text(&mut word, &mut |text| fault = double_quoted(&mut chars, text).err()),
            Some('\\') => match chars.next() {
                Some('\n') => {} // a line that goes on
                Some(next) => text(&mut word, &mut |text| text.push(next)),
                None => {
                    fault = Some(
                        "The line ends with a backslash. Remove it, or double it to mean one.".to_owned(),
                    );
                    text(&mut word, &mut |_| {});
                }
            },
            Some(c) => text(&mut word, &mut |text| text.push(c)),
        }
    }
    words.extend(word.map(|(begin, text)| Word { raw: begin..line.len(), text }));
    (words, fault)
}

/// Writes arguments as a line that [`split`] reads back.
pub fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    let quote = |word: &str| {
        if !word.is_empty() && word.chars().all(plain) {
            word.to_owned()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    words.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

fn quoted(chars: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), String> {
    for c in chars {
        if c == '\'' {
            return Ok(());
        }
        word.push(c);
    }
    Err("A single quote (') is not closed. Close it, or write \\' to mean one.".to_owned())
}

fn double_quoted(chars: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), String> {
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok(()),
            '\\' => match chars.next() {
                Some('\n') => {}
                Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                Some(next) => word.extend(['\\', next]),
                None => break,
            },
            c => word.push(c),
        }
    }
    Err("A double quote (\") is not closed. Close it, or write \\\" to mean one.".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_split_as_a_shell_splits_them() {
        for (line, words) in [
            ("", vec![]),
            ("   ", vec![]),
            ("--topic payments --threshold \"0.92\"", vec!["--topic", "payments", "--threshold", "0.92"]),
            ("--sql 'select * from \"t\"'", vec!["--sql", "select * from \"t\""]),
            ("a\\ b c", vec!["a b", "c"]),
            ("''", vec![""]),
            ("a''b", vec!["ab"]),
            ("\"a\\nb\" \"\\$x\"", vec!["a\\nb", "$x"]),
            ("$HOME `ls`", vec!["$HOME", "`ls`"]),
        ] {
            assert_eq!(split(line).as_deref(), Ok(words.map_to_owned().as_slice()), "{line}");
        }
        for line in ["'a", "\"a", "a\\", "\"a\\"] {
            assert!(split(line).is_err(), "{line}");
        }
    }

    trait MapToOwned {
        fn map_to_owned(self) -> Vec<String>;
    }
    impl MapToOwned for Vec<&str> {
        fn map_to_owned(self) -> Vec<String> {
            self.into_iter().map(str::to_owned).collect()
        }
    }

    proptest! {
        #[test]
        fn what_is_joined_splits_into_the_same(words in proptest::collection::vec(any::<String>(), 0..6)) {
            prop_assert_eq!(split(&join(words.iter().map(String::as_str))), Ok(words));
        }
    }
}
