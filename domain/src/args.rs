//! The one line of arguments, split by the quoting rules of a POSIX shell (no expansion of anything).

/// Splits a line of arguments.
///
/// # Errors
/// The sentence for a quote that is not closed or a line break that is not quoted.
pub fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => quoted(&mut chars, word.get_or_insert_default())?,
            '"' => double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => match chars.next() {
                Some('\n') => {} // a line that goes on
                Some(next) => word.get_or_insert_default().push(next),
                None => {
                    return Err(
                        "The line ends with a backslash. Remove it, or double it to mean one.".to_owned()
                    );
                }
            },
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
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
