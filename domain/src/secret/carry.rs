//! A value that is shown hidden comes back hidden: then the stored one is meant.

use super::line::{secret_parts, turn_word};
use super::{HIDDEN, hidden, sure, text};
use crate::args;

/// A text that was typed over a stored one. `None`: it holds something hidden that is not stored.
pub(crate) fn carried_text(typed: &str, stored: &str) -> Option<String> {
    if !typed.contains(HIDDEN) {
        return Some(typed.to_owned());
    }
    (typed == text::hide(stored)).then(|| stored.to_owned())
}

/// A line of arguments that was typed over a stored one: each word with something hidden is the stored word that is
/// shown so, behind the same flag. Words with nothing stored for them stay as they were typed.
pub(crate) fn carried_line(typed: &str, stored: &str) -> String {
    if !typed.contains(HIDDEN) {
        return typed.to_owned();
    }
    let (words, kept) = (args::words(typed).0, args::words(stored).0);
    let (here, parts) = (secret_parts(&words), secret_parts(&kept));
    let mut used = vec![false; kept.len()];
    let (mut whole, mut done) = (String::new(), 0);
    for (at, word) in words.iter().enumerate() {
        whole.push_str(&typed[done..word.raw.start]);
        done = word.raw.end;
        let raw = &typed[word.raw.clone()];
        let shown = |word: &args::Word, parts| sure(turn_word(&word.text, &word.text, parts, &mut hidden));
        // Only where it would be hidden again: nobody is shown a secret by moving it elsewhere.
        if !word.text.contains(HIDDEN) || here[at].is_empty() || shown(word, &here[at]) != word.text {
            whole.push_str(raw);
            continue;
        }
        let before = |words: &[args::Word], at: usize| at.checked_sub(1).map(|at| words[at].text.clone());
        let is_it = |&other: &usize| {
            let shown = shown(&kept[other], &parts[other]);
            // A word that is secret as a whole is told by what stands before it.
            let same_flag = shown != HIDDEN || before(&words, at) == before(&kept, other);
            !parts[other].is_empty() && !used[other] && shown == word.text && same_flag
        };
        match (0..kept.len()).find(is_it) {
            Some(other) => {
                used[other] = true;
                whole.push_str(&stored[kept[other].raw.clone()]);
            }
            None => whole.push_str(raw),
        }
    }
    whole.push_str(&typed[done..]);
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::line;
    use super::*;

    fn shown(text: &str) -> String {
        sure(line::turn(text, &mut hidden))
    }

    #[test]
    fn a_hidden_word_is_the_stored_one_behind_the_same_flag() {
        let stored = "--user me --password 'a b' --token t1 --token t2 --url p://u:pw@h";
        for (typed, carried) in [
            ("--user me --password ******", "--user me --password 'a b'"),
            ("--token ****** --password ******", "--token t1 --password 'a b'"),
            ("--token new --token ******", "--token new --token t1"),
            ("--x 1 --token ****** --token ******", "--x 1 --token t1 --token t2"),
            ("--url p://u:******@h -v", "--url p://u:pw@h -v"),
            // Nothing is shown by calling it something else.
            ("--user ******", "--user ******"),
            ("****** ******", "****** ******"),
            ("--secret ******", "--secret ******"),
            ("--url p://other:******@h", "--url p://other:******@h"),
            ("password --password ******", "password --password 'a b'"),
            ("token --password ******", "token --password 'a b'"),
            ("x --password", "x --password"),
        ] {
            assert_eq!(carried_line(typed, stored), carried, "{typed}");
        }
    }

    /// A line as people write it: flags, names, values, addresses.
    fn lines() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            Just("--password".to_owned()),
            Just("--rate".to_owned()),
            Just("token".to_owned()),
            "'?[a-z]{1,3} ?\\*{0,6}[a-z]{0,3}'?",
            "--(secret|x)=[a-z'\" ]{0,6}",
            "p://u:[a-z/@]{0,5}@h",
            "\\PC{0,8}",
        ];
        proptest::collection::vec(word, 0..7).prop_map(|words| words.join(" "))
    }

    proptest! {
        #[test]
        fn what_is_shown_carries_all_of_it_over(stored in lines()) {
            let typed = shown(&stored);
            let carried = carried_line(&typed, &stored);
            prop_assert_eq!(args::words(&carried).0.len(), args::words(&stored).0.len());
            let texts = |line: &str| args::words(line).0.into_iter().map(|word| word.text).collect::<Vec<_>>();
            prop_assert_eq!(texts(&carried), texts(&stored));
        }

        #[test]
        fn what_is_carried_over_is_still_hidden(stored in lines(), typed in lines()) {
            let secrets = line::values(&stored);
            // The asterisks themselves are no secret, with whatever stands before them.
            let carried = shown(&carried_line(&typed, &stored)).replace(HIDDEN, "\0");
            for secret in secrets.iter().filter(|secret| secret.len() > 3 && !typed.contains(secret.as_str())) {
                prop_assert!(!carried.contains(secret.as_str()), "{} in {}", secret, carried);
            }
        }

        /// What a store puts in place of a secret part is found again in the same place.
        #[test]
        fn what_is_sealed_opens_to_the_same(line in lines()) {
            let seal = |part: &str| {
                let hex: String = part.bytes().map(|byte| format!("{byte:02x}")).collect();
                Ok::<_, std::convert::Infallible>(format!("age:{hex}"))
            };
            let open = |part: &str| {
                let hex = part.strip_prefix("age:").expect("sealed");
                let bytes = (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex"));
                Ok::<_, std::convert::Infallible>(String::from_utf8(bytes.collect()).expect("text"))
            };
            let sealed = sure(line::turn(&line, &mut { seal }));
            prop_assert_eq!(shown(&sealed), shown(&line));
            let opened = sure(line::turn(&sealed, &mut { open }));
            let texts = |line: &str| args::words(line).0.into_iter().map(|word| word.text).collect::<Vec<_>>();
            prop_assert_eq!(texts(&opened), texts(&line));
            let sealed = sure(text::turn(&line, &mut { seal }));
            prop_assert_eq!(sure(text::turn(&sealed, &mut { open })), line);
        }
    }
}
