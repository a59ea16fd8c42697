//! Whether a signature in a jar is of another jar: a library was signed, and its signature was packed together with the
//! job. Java then loads no class at all. (JAR File Specification, "Signature Validation".)
//!
//! Only what is certain counts: the signature says of the manifest what is not so, by an algorithm that Java believes.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Signatures in one jar. Nobody signs so often.
const MOST: usize = 64;
/// The head of a signature file has a few lines, bytes.
const LONGEST_HEAD: usize = 4 << 10;
/// The kinds of the file that holds the signature itself; without it Java does not look at the other one.
const BLOCKS: [&str; 3] = ["RSA", "DSA", "EC"];

/// What was found of signatures.
#[derive(Default)]
pub(super) struct Signatures {
    /// Each `META-INF/NAME.SF` with its head.
    files: Vec<(String, Vec<u8>)>,
    /// `NAME` of each `META-INF/NAME.RSA`.
    signed: BTreeSet<String>,
    manifest: Option<Vec<u8>>,
}

impl Signatures {
    /// Whether an entry is a signature file: what says of the manifest what it should be.
    pub(super) fn is_file(entry: &[u8]) -> bool {
        parts(entry).is_some_and(|(_, kind)| kind == "SF")
    }

    /// Takes up an entry's name.
    pub(super) fn entry(&mut self, entry: &[u8]) {
        if let Some((name, kind)) = parts(entry)
            && BLOCKS.contains(&&*kind)
            && self.signed.len() < MOST
        {
            self.signed.insert(name);
        }
    }

    /// Takes up a signature file.
    pub(super) fn file(&mut self, entry: &[u8], bytes: &[u8]) {
        if self.files.len() < MOST {
            let head = &bytes[..bytes.len().min(LONGEST_HEAD)];
            self.files.push((String::from_utf8_lossy(entry).into_owned(), head.to_vec()));
        }
    }

    /// Takes up the whole manifest.
    pub(super) fn manifest(&mut self, bytes: &[u8]) {
        self.manifest = Some(bytes.to_vec());
    }

    /// The signature files that are of another jar.
    pub(super) fn foreign(&self) -> Vec<String> {
        let Some(manifest) = &self.manifest else { return Vec::new() };
        let signed =
            |entry: &str| parts(entry.as_bytes()).is_some_and(|(name, _)| self.signed.contains(&name));
        let foreign = self.files.iter().filter(|(entry, head)| signed(entry) && is_foreign(head, manifest));
        foreign.map(|(entry, _)| entry.clone()).collect()
    }
}

/// `LIB`, `SF` of `META-INF/lib.sf`.
fn parts(entry: &[u8]) -> Option<(String, String)> {
    let path = std::str::from_utf8(entry).ok()?.to_ascii_uppercase();
    let (name, kind) = path.strip_prefix("META-INF/")?.rsplit_once('.')?;
    (!name.contains('/')).then(|| (name.to_owned(), kind.to_owned()))
}

fn is_foreign(head: &[u8], manifest: &[u8]) -> bool {
    let head = String::from_utf8_lossy(main_section(head).0).replace("\r\n", "\n").replace("\n ", "");
    let (without_line, section) = main_section(manifest);
    let mut foreign = false;
    for line in head.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let Some((algorithm, what)) = key.split_once("-Digest-") else { continue };
        let Some(said) = STANDARD.decode(value.trim()).ok() else { continue };
        let is = |bytes: &[u8]| digest(algorithm, bytes).map(|digest| digest == said);
        match what {
            // Then the rest is not asked for.
            "Manifest" if is(manifest) == Some(true) => return false,
            // Some tools count the empty line after the section, some do not; Java takes both.
            "Manifest-Main-Attributes" => {
                foreign |= is(section) == Some(false) && is(without_line) == Some(false);
            }
            _ => {}
        }
    }
    foreign
}

/// What stands up to the first empty line: without that line, and with it.
fn main_section(text: &[u8]) -> (&[u8], &[u8]) {
    let mut begin = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let end = begin + line.len();
        if line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            return (&text[..begin], &text[..end]);
        }
        begin = end;
    }
    (text, text)
}

/// Older algorithms Java may take for no signature at all, which does no harm.
fn digest(algorithm: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    match &*algorithm.to_ascii_uppercase() {
        "SHA-256" => Some(Sha256::digest(bytes).to_vec()),
        "SHA-384" => Some(Sha384::digest(bytes).to_vec()),
        "SHA-512" => Some(Sha512::digest(bytes).to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[u8] = b"Manifest-Version: 1.0\r\nMain-Class: a.B\r\n\r\nName: a/B.class\r\n\r\n";
    const OTHER: &[u8] = b"Manifest-Version: 1.0\r\n\r\n";

    /// A signature file about a manifest.
    fn about(manifest: &[u8], section: &[u8], algorithm: &str) -> Vec<u8> {
        let said = |bytes| STANDARD.encode(digest("SHA-256", bytes).expect("known"));
        format!(
            "Signature-Version: 1.0\r\n{algorithm}-Digest-Manifest: {}\r\n{algorithm}-Digest-Manifest-Main-Attributes: \
             {}\r\n\r\n",
            said(manifest),
            said(section)
        )
        .into_bytes()
    }

    fn foreign(file: &[u8], entries: &[&str]) -> Vec<String> {
        let mut found = Signatures::default();
        found.manifest(OWN);
        for entry in entries {
            found.entry(entry.as_bytes());
            if Signatures::is_file(entry.as_bytes()) {
                found.file(entry.as_bytes(), file);
            }
        }
        found.foreign()
    }

    #[test]
    fn a_signature_of_another_jar_is_named() {
        let other = about(OTHER, OTHER, "SHA-256");
        assert_eq!(foreign(&other, &["META-INF/lib.rsa", "META-INF/LIB.SF"]), ["META-INF/LIB.SF"]);
    }

    #[test]
    fn what_java_accepts_or_does_not_look_at_is_not() {
        let (without_line, section) = main_section(OWN);
        assert_eq!(section.len(), without_line.len() + 2);
        let both = ["META-INF/LIB.SF", "META-INF/LIB.RSA"];
        for own in [
            about(OWN, OTHER, "SHA-256"),          // the manifest as a whole fits
            about(OTHER, section, "SHA-256"),      // entries were added since
            about(OTHER, without_line, "SHA-256"), // the same by an older tool
            about(OTHER, OTHER, "MD5"),            // no algorithm that Java believes
            b"Signature-Version: 1.0\r\n\r\n".to_vec(),
            b"\xff\xfe".to_vec(),
        ] {
            assert_eq!(foreign(&own, &both), [""; 0], "{}", String::from_utf8_lossy(&own));
        }
        let other = about(OTHER, OTHER, "SHA-256");
        for entries in [
            ["META-INF/LIB.SF", "META-INF/OTHER.RSA"],
            ["META-INF/LIB.SF", "LIB.RSA"],
            ["META-INF/sub/LIB.SF", "META-INF/LIB.RSA"],
        ] {
            assert_eq!(foreign(&other, &entries), [""; 0], "{entries:?}");
        }
    }
}
