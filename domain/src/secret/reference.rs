//! References to secrets of key vaults, as they stand in options and arguments: `${vault/secret}` is its newest enabled
//! version, `${vault/secret/3}` that version, and `$${` a `${` that is meant as it is written. Other braces, such as
//! `${user.home}`, are no concern of the portal's.

use std::fmt;

use crate::name::{SecretName, VaultName};

/// A secret of a key vault, by its names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// The vault.
    pub vault: VaultName,
    /// The secret in it.
    pub secret: SecretName,
    /// Its version; none for the newest that is enabled.
    pub version: Option<u32>,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reference { vault, secret, version } = self;
        match version {
            Some(version) => write!(f, "${{{vault}/{secret}/{version}}}"),
            None => write!(f, "${{{vault}/{secret}}}"),
        }
    }
}

impl Reference {
    /// The reference that a text is, as a whole.
    pub fn parse(text: &str) -> Option<Self> {
        match piece(text) {
            Some((Piece::Reference(reference), length)) if length == text.len() => Some(reference),
            _ => None,
        }
    }

    /// Every reference within a text, in order.
    pub fn all(text: &str) -> Vec<Self> {
        let of = |piece| if let Piece::Reference(reference) = piece { Some(reference) } else { None };
        pieces(text).into_iter().filter_map(of).collect()
    }

    /// The sentence for what looks like a reference in a text and is none, if there is such a thing.
    pub fn fault(text: &str) -> Option<String> {
        pieces(text).into_iter().find_map(|piece| match piece {
            Piece::Malformed(raw) => Some(format!(
                "“{raw}” is no reference to a secret. Write ${{vault/secret}} or ${{vault/secret/version}} by their \
                 names, or $${{ where ${{ itself is meant."
            )),
            Piece::Text(_) | Piece::Reference(_) => None,
        })
    }

    /// The text with the value of each reference in its place, and with `${` for `$${`.
    ///
    /// # Errors
    /// The first error of `value`.
    pub fn resolve<E>(
        text: &str,
        mut value: impl FnMut(&Reference) -> Result<String, E>,
    ) -> Result<String, E> {
        let mut whole = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) | Piece::Malformed(text) => whole.push_str(text),
                Piece::Reference(reference) => whole.push_str(&value(&reference)?),
            }
        }
        Ok(whole)
    }
}

/// How long the reference is with which a text begins; 0 if it begins with none.
pub(super) fn leading(text: &str) -> usize {
    match piece(text) {
        Some((Piece::Reference(_), length)) => length,
        _ => 0,
    }
}

enum Piece<'a> {
    Text(&'a str),
    Reference(Reference),
    /// It has the shape of one, and its names are none.
    Malformed(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = text[at..].find('$') {
        at += found;
        let (piece, length) = match piece(&text[at..]) {
            Some(found) => found,
            None => {
                at += 1;
                continue;
            }
        };
        pieces.push(Piece::Text(&text[from..at]));
        pieces.push(piece);
        at += length;
        from = at;
    }
    pieces.push(Piece::Text(&text[from..]));
    pieces
}

/// What begins with the first character, with its length; none for a dollar sign that is only one.
fn piece(text: &str) -> Option<(Piece<'_>, usize)> {
    if text.starts_with("$${") {
        return Some((Piece::Text(&text[1..3]), 3));
    }
    let inner = text.strip_prefix("${")?;
    let inner = &inner[..inner.find('}')?];
    if !inner.contains('/') {
        return None;
    }
    let length = inner.len() + "${}".len();
    Some((named(inner).map_or(Piece::Malformed(&text[..length]), Piece::Reference), length))
}

fn named(inner: &str) -> Option<Reference> {
    let mut names = inner.split('/');
    let (vault, secret) = (names.next()?.try_into().ok()?, names.next()?.try_into().ok()?);
    let version = match names.next() {
        None => None,
        // Written as a number is: `+1` and `01` are none.
        Some(text) => {
            Some(text.parse::<u32>().ok().filter(|number| *number > 0 && number.to_string() == text)?)
        }
    };
    names.next().is_none().then_some(Reference { vault, secret, version })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::secret::{HIDDEN, hide};

    fn resolved(text: &str) -> String {
        let value = |reference: &Reference| Ok::<_, std::convert::Infallible>(format!("<{reference}>"));
        match Reference::resolve(text, value) {
            Ok(text) => text,
            Err(never) => match never {},
        }
    }

    #[test]
    fn references_are_found_and_everything_else_stays() {
        for (text, becomes) in [
            ("${kv/db}", "<${kv/db}>"),
            ("a ${kv/db/3} b ${kv-2/Db-Key}", "a <${kv/db/3}> b <${kv-2/Db-Key}>"),
            ("${user.home}/x ${HOME} $ {kv/db} ${kv/db", "${user.home}/x ${HOME} $ {kv/db} ${kv/db"),
            ("$${kv/db} $${x}", "${kv/db} ${x}"),
            ("$$${kv/db}", "$${kv/db}"),
            ("é${kv/db}é", "é<${kv/db}>é"),
            ("${kv/}", "${kv/}"),
        ] {
            assert_eq!(resolved(text), becomes, "{text}");
        }
        assert_eq!(Reference::all("${kv/a}${kv/b/2}").len(), 2);
    }

    #[test]
    fn what_only_looks_like_one_is_a_fault() {
        for text in [
            "${kv/}",
            "${/db}",
            "${kv/db/}",
            "${kv/db/0}",
            "${kv/db/01}",
            "${kv/db/+1}",
            "${kv/d b}",
            "${k v/x}",
            "${kv/db/1/2}",
        ] {
            let fault = Reference::fault(text).unwrap_or_else(|| panic!("{text} is none"));
            assert!(fault.contains(text) && fault.contains("$${"), "{fault}");
            assert!(Reference::parse(text).is_none());
        }
        for text in ["${kv/db}", "$${kv/}", "${HOME}", "$", "{a/b}", "${"] {
            assert_eq!(Reference::fault(text), None, "{text}");
        }
    }

    /// It is no secret itself, wherever a secret may stand.
    #[test]
    fn a_reference_is_shown() {
        for text in [
            "password=${kv/db}",
            "jdbc:p://me:${kv/db}@h/x",
            "jdbc:p://h/x?user=me&password=${kv/db}&ssl=true",
            "{\"password\": \"${kv/db}\"}",
        ] {
            assert_eq!(hide(text), text);
        }
        assert_eq!(hide("password=${kv/db}x"), format!("password={HIDDEN}"));
        assert_eq!(crate::secret::shown_option("db.password", "${kv/db}"), "${kv/db}");
        assert_eq!(crate::secret::shown_option("db.password", "x${kv/db}"), HIDDEN);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(
            vault in "[a-z]([-a-z0-9]{0,21}[a-z0-9])?",
            secret in "[A-Za-z0-9]([-A-Za-z0-9]{0,125}[A-Za-z0-9])?",
            version in proptest::option::of(1u32..),
        ) {
            let (vault, secret) = (vault.as_str().try_into().expect("a name"), secret.as_str().try_into().expect("a name"));
            let reference = Reference { vault, secret, version };
            let text = reference.to_string();
            prop_assert_eq!(Reference::parse(&text), Some(reference));
            prop_assert_eq!(resolved(&format!("${text}")), text);
        }

        #[test]
        fn a_text_without_a_dollar_is_itself(text in "[^$]{0,20}") {
            prop_assert_eq!(resolved(&text), text);
        }

        #[test]
        fn an_escaped_text_is_meant_as_it_is_written(text in "([$]|[{]|[}]|/|kv|db|é){0,12}") {
            // Each `${` doubled; a dollar before it would be read as the escape's own.
            prop_assume!(!text.contains("$${"));
            prop_assert_eq!(resolved(&text.replace("${", "$${")), text);
        }

        #[test]
        fn nothing_that_is_typed_makes_it_stumble(text in "([$]|[{]|[}]|/|kv|db|1|\\PC){0,16}") {
            let _ = (resolved(&text), Reference::fault(&text), Reference::all(&text), hide(&text));
        }
    }
}
