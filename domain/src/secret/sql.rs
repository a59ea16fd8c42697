//! Secrets within a script of Flink SQL: the text behind a secret key (`'password' = '...'`), and what is secret within any
//! other text or comment.

use std::ops::Range;

use super::{HIDDEN, Reference, Turn, hidden, is_secret, sure, text};

/// A secret part, and by what it is known again.
struct Part {
    at: Range<usize>,
    /// Its key; or the text around it, as it is shown.
    about: String,
}

/// The script with something else in place of each secret part.
pub(super) fn turn<E>(script: &str, turn: &mut Turn<'_, E>) -> Result<String, E> {
    let parts: Vec<_> = parts(script).into_iter().map(|part| part.at).collect();
    text::replaced(script, &parts, turn)
}

/// The secret values themselves, as the job receives them.
pub(super) fn values(script: &str) -> Vec<String> {
    parts(script).into_iter().map(|part| script[part.at].replace("''", "'")).collect()
}

/// A script that was typed over a stored one: what is hidden in it is the stored part that is known by the same.
pub(crate) fn carried_script(typed: &str, stored: &str) -> String {
    if !typed.contains(HIDDEN) {
        return typed.to_owned();
    }
    let kept = parts(stored);
    let mut used = vec![false; kept.len()];
    let (mut whole, mut done) = (String::with_capacity(typed.len()), 0);
    for part in parts(typed) {
        if &typed[part.at.clone()] != HIDDEN {
            continue;
        }
        let same = |other: &usize| !used[*other] && kept[*other].about == part.about;
        if let Some(other) = (0..kept.len()).find(same) {
            used[other] = true;
            whole.push_str(&typed[done..part.at.start]);
            whole.push_str(&stored[kept[other].at.clone()]);
            done = part.at.end;
        }
    }
    whole.push_str(&typed[done..]);
    whole
}

/// Where the secret parts are, in order; none is empty.
fn parts(script: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let (mut begin, mut at) = (0, 0);
    // Where the last value ended: it is the key of nothing.
    let mut value_end = None;
    while let Some(c) = script[at..].chars().next() {
        let rest = &script[at..];
        if rest.starts_with("--") || rest.starts_with("/*") {
            let end = if rest.starts_with("--") { "\n" } else { "*/" };
            // A comment is read as any text is, but for what ends it.
            plain(script, begin..at, &mut parts);
            let inside = at + 2..rest[2..].find(end).map_or(script.len(), |length| at + 2 + length);
            plain(script, inside.clone(), &mut parts);
            at = (inside.end + end.len()).min(script.len());
            begin = at;
        } else if c == '\'' {
            plain(script, begin..at, &mut parts);
            let inside = at + 1..closing(script, at + 1);
            let key = key_before(&script[..at]).filter(|(_, end)| Some(*end) != value_end);
            let key = key.map(|(key, _)| key).filter(|key| is_secret(key));
            let is_value = key.is_some();
            match key {
                // What is kept in a vault is named, and no secret.
                Some(_) if Reference::parse(&script[inside.clone()]).is_some() => {}
                Some(key) if !inside.is_empty() => parts.push(Part { at: inside.clone(), about: key }),
                _ => plain(script, inside.clone(), &mut parts),
            }
            at = (inside.end + 1).min(script.len());
            begin = at;
            value_end = is_value.then_some(at).or(value_end);
        } else {
            at += c.len_utf8();
        }
    }
    plain(script, begin..script.len(), &mut parts);
    parts
}

/// What is secret in a stretch that is no text behind a secret key.
fn plain(script: &str, stretch: Range<usize>, parts: &mut Vec<Part>) {
    let within = &script[stretch.clone()];
    for part in text::parts(within) {
        let about = sure(text::turn(within, &mut hidden));
        parts.push(Part { at: stretch.start + part.start..stretch.start + part.end, about });
    }
}

/// Where the text ends that begins here: at a quote that is not doubled.
fn closing(script: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(found) = script[at..].find('\'') {
        at += found;
        if !script[at + 1..].starts_with('\'') {
            return at;
        }
        at += 2;
    }
    script.len()
}

/// The key of `key =`, in quotes or without, and where it ends.
fn key_before(before: &str) -> Option<(String, usize)> {
    let before = before.trim_end().strip_suffix('=')?.trim_end();
    for quote in ['\'', '`', '"'] {
        if let Some(quoted) = before.strip_suffix(quote) {
            return Some((quoted[quoted.rfind(quote)? + 1..].trim().to_owned(), before.len()));
        }
    }
    let begin = before.trim_end_matches(text::is_of_key).len();
    (begin < before.len()).then(|| (before[begin..].to_owned(), before.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(script: &str) -> String {
        sure(turn(script, &mut hidden))
    }

    #[test]
    fn what_is_secret_in_a_script_is_hidden_and_nothing_else() {
        for (script, expected) in [
            (
                "WITH ('user'='me', 'password'='it''s', 'x'='y')",
                "WITH ('user'='me', 'password'='******', 'x'='y')",
            ),
            ("'password' =\n  'two\nlines'", "'password' =\n  '******'"),
            ("SET 'my.secret' = 'a;b';", "SET 'my.secret' = '******';"),
            ("SET my.token = abc;", "SET my.token = ******;"),
            ("SET my.token = 'a b';", "SET my.token = '******';"),
            ("'url'='jdbc:p://u:pw@h/x'", "'url'='jdbc:p://u:******@h/x'"),
            (
                "'properties.x'='x required username=\"u\" password=\"p q\";'",
                "'properties.x'='x required username=\"u\" password=\"******\";'",
            ),
            ("-- password=hunter2\nSELECT 'it''s'", "-- password=******\nSELECT 'it''s'"),
            ("/* token=a*/ SELECT 'b'", "/* token=*******/ SELECT 'b'"),
            ("/* it's */ 'password'='x'", "/* it's */ 'password'='******'"),
            ("SELECT password FROM t WHERE a = 'b'", "SELECT password FROM t WHERE a = 'b'"),
            ("'password'=''", "'password'=''"),
            ("'password'='${kv/db}'", "'password'='${kv/db}'"),
            ("'password'='never closed", "'password'='******"),
        ] {
            assert_eq!(shown(script), expected, "{script}");
            assert_eq!(shown(expected), expected, "hidden twice: {script}");
        }
    }

    #[test]
    fn a_hidden_text_is_the_stored_one_of_the_same_key() {
        let stored = "'a.password'='p1','b.password'='p2','url'='x://u:pw@h'";
        for (typed, carried) in [
            ("'b.password'='******'", "'b.password'='p2'"),
            ("'a.password'='new','b.password' = '******'", "'a.password'='new','b.password' = 'p2'"),
            ("'url'='x://u:******@h'", "'url'='x://u:pw@h'"),
            // Nothing is shown by calling it something else.
            ("'user'='******'", "'user'='******'"),
            ("'c.password'='******'", "'c.password'='******'"),
            ("'url'='x://u:******@other'", "'url'='x://u:******@other'"),
        ] {
            assert_eq!(carried_script(typed, stored), carried, "{typed}");
        }
        assert_eq!(values("'password'='it''s'"), ["it's"]);
    }

    /// A script as people write it, and as they do not.
    fn scripts() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            Just("'password'='".to_owned()),
            Just("'".to_owned()),
            Just("=".to_owned()),
            Just("-- ".to_owned()),
            Just("\n".to_owned()),
            "'?[a-z ]{0,4}'?",
            "x://u:[a-z]{0,3}@h",
            "\\PC{0,6}",
        ];
        proptest::collection::vec(word, 0..9).prop_map(|words| words.concat())
    }

    proptest! {
        #[test]
        fn what_is_shown_carries_all_of_it_over(stored in scripts()) {
            prop_assume!(!stored.contains(HIDDEN));
            prop_assert_eq!(carried_script(&shown(&stored), &stored), stored);
        }

        #[test]
        fn what_is_hidden_stays_so(script in scripts()) {
            prop_assert_eq!(shown(&shown(&script)), shown(&script));
        }
    }
}
