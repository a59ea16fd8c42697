//! Secrets within a text: the password of an address (`scheme://user:password@host`), the value behind a secret key
//! (`password=...`, `"password": "..."`).

use std::ops::Range;

use super::{Reference, Turn, hidden, is_secret, reference, sure};

/// The text with its secret parts hidden.
pub fn hide(text: &str) -> String {
    sure(turn(text, &mut hidden))
}

/// The text with something else in place of each secret part.
pub(super) fn turn<E>(text: &str, turn: &mut Turn<'_, E>) -> Result<String, E> {
    replaced(text, &parts(text), turn)
}

/// The text with something else in place of these parts.
pub(super) fn replaced<E>(text: &str, parts: &[Range<usize>], turn: &mut Turn<'_, E>) -> Result<String, E> {
    let (mut whole, mut done) = (String::with_capacity(text.len()), 0);
    for part in parts {
        whole.push_str(&text[done..part.start]);
        whole.push_str(&turn(&text[part.clone()])?);
        done = part.end;
    }
    whole.push_str(&text[done..]);
    Ok(whole)
}

/// Where the secret parts are, in order; none is empty.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        let (end, part) = if text[at..].starts_with("://") {
            (at + 3, password(text, at + 3))
        } else if is_of_key(c) {
            let end = end_of(text, at, |c| !is_of_key(c));
            (end, if is_secret(&text[at..end]) { value(text, end) } else { None })
        } else {
            (at + c.len_utf8(), None)
        };
        at = part.as_ref().map_or(end, |part| part.end);
        parts.extend(part);
    }
    parts
}

pub(super) fn is_of_key(c: char) -> bool {
    c.is_alphanumeric() || "-_.$".contains(c)
}

/// The password of the address whose authority begins here.
fn password(text: &str, from: usize) -> Option<Range<usize>> {
    let address = &text[from..end_of(text, from, |c| c.is_whitespace() || "\"'<>?#,".contains(c))];
    let authority = &address[..end_of(address, 0, |c| c == '/')];
    // A password with a slash in it is not written as it should be, and is a password all the same.
    let user = match authority.rfind('@') {
        Some(at) => &authority[..at],
        None => &address[..address.rfind('@')?],
    };
    let begin = user.find(':')? + 1;
    let kept_elsewhere = Reference::parse(&user[begin..]).is_some();
    (begin < user.len() && !kept_elsewhere).then(|| from + begin..from + user.len())
}

/// The value behind a secret key that ends here: `= value`; behind a quoted key also `: value`.
fn value(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = &text[end..];
    let quotes = rest.len() - rest.trim_start_matches(['"', '\'', '\\']).len();
    let sign = after_spaces(text, end + quotes);
    match text[sign..].chars().next()? {
        '=' => {}
        ':' if quotes > 0 => {}
        _ => return None,
    }
    let from = after_spaces(text, sign + 1);
    let rest = &text[from..];
    let quotes = rest.len() - rest.trim_start_matches(['"', '\'', '\\']).len();
    let begin = from + quotes;
    let end = match rest[..quotes].chars().next_back() {
        Some(quote) => end_of(text, begin, |c| c == quote),
        None => {
            let named = begin + reference::leading(&text[begin..]);
            end_of(text, named, |c| c.is_whitespace() || "&;,\"'(){}[]<>".contains(c))
        }
    };
    // What closes a quote within a quoted text has its backslash before it.
    let end = begin + text[begin..end].trim_end_matches('\\').len();
    (begin < end && Reference::parse(&text[begin..end]).is_none()).then_some(begin..end)
}

fn after_spaces(text: &str, from: usize) -> usize {
    end_of(text, from, |c| c != ' ')
}

fn end_of(text: &str, from: usize, ends: impl Fn(char) -> bool) -> usize {
    text[from..].find(ends).map_or(text.len(), |length| from + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_in_a_text_is_hidden_and_nothing_else() {
        for (text, shown) in [
            ("jdbc:postgresql://me:pw1@db/x?a=b", "jdbc:postgresql://me:******@db/x?a=b"),
            (
                "jdbc:mysql://db/x?user=me&password=p%20w&ssl=true",
                "jdbc:mysql://db/x?user=me&password=******&ssl=true",
            ),
            ("redis://:pw@h:1", "redis://:******@h:1"),
            ("postgres://me:a/b@h/x", "postgres://me:******@h/x"),
            ("postgres://me:a@b@h/x@y", "postgres://me:******@h/x@y"),
            ("abfs://flink@lake.dfs.core.windows.net/a:b", "abfs://flink@lake.dfs.core.windows.net/a:b"),
            ("http://h:8081/a", "http://h:8081/a"),
            (
                "DefaultEndpointsProtocol=https;AccountKey=abc==;X=y",
                "DefaultEndpointsProtocol=https;AccountKey=******;X=y",
            ),
            ("{\"user\":\"me\",\"password\": \"x y\"}", "{\"user\":\"me\",\"password\": \"******\"}"),
            (r#""{\"password\":\"xy\"}""#, r#""{\"password\":\"******\"}""#),
            ("password = hunter2, or so", "password = ******, or so"),
            ("java.lang.SecretException: it failed", "java.lang.SecretException: it failed"),
            ("the password is wrong", "the password is wrong"),
            ("password=", "password="),
            ("password=''", "password=''"),
            ("ö://ü:é@ñ password=é", "ö://ü:******@ñ password=******"),
        ] {
            assert_eq!(hide(text), shown, "{text}");
            assert_eq!(hide(shown), shown, "hidden twice: {text}");
        }
    }
}
