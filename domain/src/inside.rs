//! An address within the portal: what a page may lead back to and a response may send to. What comes from outside is
//! read here and nowhere else.

use std::fmt;

/// The longest such address that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// Fields of a query by which the portal's own answers carry words into a page. The server shows them only with its
/// seal, and no other address may hold them.
pub const NOTICES: [&str; 4] = ["__path", "__err", "refused", SEAL];

/// The field that holds the seal of the others.
pub const SEAL: &str = "seal";

/// A path of this portal, with or without a query: a browser that follows it never leaves the portal's origin, and no
/// notice is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside(String);

impl Inside {
    /// Reads an address; none if it is anything else, however it is written: another site's, relative, with a character
    /// that an address cannot have, with an empty or dotted folder, with an encoded slash or control character, or with
    /// words for a notice.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let within = text.len() <= LONGEST && is_path(path) && query.bytes().all(may_stand_in_a_query);
        let silent = || query.split('&').all(|field| notice_of(field).is_none());
        (within && silent()).then(|| Self(text.to_owned()))
    }

    /// The same; what is no such address becomes the jobs.
    pub fn or_jobs(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|| Self("/jobs".to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which notice a field of a query is, also when its name is written with percent signs.
pub fn notice_of(field: &str) -> Option<&'static str> {
    let name = field.split('=').next().unwrap_or_default();
    let name = decoded(name.as_bytes())?;
    NOTICES.into_iter().find(|notice| notice.as_bytes() == name)
}

/// One slash, then folders that are not empty; the last one may be.
fn is_path(path: &str) -> bool {
    let Some(folders) = path.strip_prefix('/') else { return false };
    let mut folders: Vec<&str> = folders.split('/').collect();
    let last = folders.pop().unwrap_or_default();
    folders.into_iter().all(is_folder) && (last.is_empty() || is_folder(last))
}

fn is_folder(name: &str) -> bool {
    let written =
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@".contains(&byte));
    written
        && decoded(name.as_bytes()).is_some_and(|name| {
            let plain = |byte: &u8| !byte.is_ascii_control() && !b"/\\".contains(byte);
            !name.is_empty() && name != b"." && name != b".." && name.iter().all(plain)
        })
}

fn may_stand_in_a_query(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"<>\\#".contains(&byte)
}

/// What is written with percent signs; none if one is followed by no two digits.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = text.iter();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(&byte) = bytes.next() {
        if byte == b'%' {
            let mut digit =
                || char::from(*bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let (high, low) = (digit()?, digit()?);
            plain.push(high * 16 + low);
        } else {
            plain.push(byte);
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests;
