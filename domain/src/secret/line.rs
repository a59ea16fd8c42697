//! Secrets in a line of arguments: the word behind a secret flag (`--password x`), the value within a word
//! (`--password=x`, `-Ddb.secret=x`, `key=value`), and what is secret in any text.

use std::iter::once;
use std::ops::Range;

use super::text::{is_of_key, parts, replaced};
use super::{Reference, Turn, is_secret};
use crate::args::{self, Word};

/// The line with something else in place of each secret part. A part comes as it is written, with its quotes; where
/// only some of a quoted word is secret, quotes are set anew.
pub(super) fn turn<E>(line: &str, turn: &mut Turn<'_, E>) -> Result<String, E> {
    let words = args::words(line).0;
    let (mut whole, mut done) = (String::with_capacity(line.len()), 0);
    for (word, parts) in words.iter().zip(secret_parts(&words)) {
        whole.push_str(&line[done..word.raw.start]);
        whole.push_str(&turn_word(&line[word.raw.clone()], &word.text, &parts, turn)?);
        done = word.raw.end;
    }
    whole.push_str(&line[done..]);
    Ok(whole)
}

/// The secrets of a line, as a program receives them.
pub(super) fn values(line: &str) -> Vec<String> {
    let words = args::words(line).0;
    let parts = secret_parts(&words);
    words
        .iter()
        .zip(parts)
        .flat_map(|(word, parts)| parts.into_iter().map(|part| word.text[part].to_owned()))
        .collect()
}

pub(super) fn turn_word<E>(
    raw: &str,
    text: &str,
    parts: &[Range<usize>],
    turn: &mut Turn<'_, E>,
) -> Result<String, E> {
    if parts.is_empty() {
        return Ok(raw.to_owned());
    }
    if matches!(parts, [whole] if whole.len() == text.len()) {
        return turn(raw);
    }
    if raw == text {
        return replaced(text, parts, turn);
    }
    let quoted = |text: &str| if text.is_empty() { String::new() } else { args::join([text]) };
    let (mut word, mut done) = (String::new(), 0);
    for part in parts {
        word.push_str(&quoted(&text[done..part.start]));
        word.push_str(&turn(&quoted(&text[part.clone()]))?);
        done = part.end;
    }
    word.push_str(&quoted(&text[done..]));
    Ok(word)
}

/// What is secret in each word.
pub(super) fn secret_parts(words: &[Word]) -> Vec<Vec<Range<usize>>> {
    let mut all = Vec::with_capacity(words.len());
    // Whether the word before names a secret, and whether it is a flag that may take a value.
    let (mut names, mut takes) = (false, false);
    for Word { text, .. } in words {
        let flag = text.starts_with('-');
        if names && !text.is_empty() && !text.starts_with("--") {
            let kept_elsewhere = Reference::parse(text).is_some();
            all.push(if kept_elsewhere { Vec::new() } else { Vec::from_iter(once(0..text.len())) });
            (names, takes) = (false, false);
            continue;
        }
        all.push(match text.split_once('=') {
            Some((key, value)) if is_named_secret(key) && Reference::parse(value).is_some() => Vec::new(),
            Some((key, value)) if !value.is_empty() && is_named_secret(key) => {
                Vec::from_iter(once(text.len() - value.len()..text.len()))
            }
            _ => parts(text),
        });
        // `--topic password-resets`: what a flag takes is no name.
        names = is_named_secret(text) && (flag || !takes);
        takes = flag && !text.contains('=');
    }
    all
}

/// Whether a word is the name of a secret: `--password`, `-Ddb.secret`, `password`.
fn is_named_secret(word: &str) -> bool {
    let name = word.trim_start_matches('-');
    !name.is_empty() && name.chars().all(is_of_key) && is_secret(name)
}

#[cfg(test)]
mod tests {
    use super::super::{HIDDEN, hidden, sure};
    use super::*;

    fn hide(line: &str) -> String {
        sure(turn(line, &mut hidden))
    }

    #[test]
    fn what_is_secret_in_a_line_is_hidden_and_nothing_else() {
        for (line, shown, secrets) in [
            ("--topic a --password 'x y' --rate 5", "--topic a --password ****** --rate 5", vec!["x y"]),
            ("--password=x,y&z --rate 5", "--password=****** --rate 5", vec!["x,y&z"]),
            ("--password -x", "--password ******", vec!["-x"]),
            ("--use-token --rate 5", "--use-token --rate 5", vec![]),
            ("-Ddb.secret=x", "-Ddb.secret=******", vec!["x"]),
            ("db.password=x other=y", "db.password=****** other=y", vec!["x"]),
            ("password x y", "password ****** y", vec!["x"]),
            ("--topic password-resets x", "--topic password-resets x", vec![]),
            ("--url jdbc:p://u:pw@h/d", "--url jdbc:p://u:******@h/d", vec!["pw"]),
            ("'--password=x y'", "--password=******", vec!["x y"]),
            ("--json '{\"password\":\"a b\"}'", "--json '{\"password\":\"'******'\"}'", vec!["a b"]),
            ("--password 'not closed", "--password ******", vec!["not closed"]),
            ("--password ''", "--password ''", vec![]),
            ("--password ${kv/db} x", "--password ${kv/db} x", vec![]),
            ("--password=${kv/db/2} -Ddb.pw='${kv/x}'", "--password=${kv/db/2} -Ddb.pw='${kv/x}'", vec![]),
            ("--password a${kv/db}", "--password ******", vec!["a${kv/db}"]),
            ("", "", vec![]),
        ] {
            assert_eq!(hide(line), shown, "{line}");
            assert_eq!(values(line), secrets, "{line}");
            let again: Vec<String> = values(shown);
            assert!(again.iter().all(|value| value == HIDDEN), "{shown}: {again:?}");
        }
    }
}
