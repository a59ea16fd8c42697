//! What people paste for the place of a savepoint: as Flink prints it, as a shell, a browser or another portal shows
//! it. Each spelling is read as the place that it means, or refused with what to do instead.

use super::{Address, AddressError, BLOB, DFS, LONGEST, Path};
use crate::name::{AccountName, ContainerName};

/// What stands before a path where it is copied out of a command, a configuration or a log.
const BEFORE: [&str; 6] = [
    "-s ",
    "--fromSavepoint ",
    "-fromSavepoint ",
    "execution.savepoint.path:",
    "execution.state-recovery.path:",
    "Savepoint completed. Path:",
];
/// Pairs that people put around a path.
const AROUND: [(char, char); 7] =
    [('"', '"'), ('\'', '\''), ('`', '`'), ('<', '>'), ('“', '”'), ('‘', '’'), ('„', '“')];
/// Signs that nobody sees and that come along when text is copied.
const UNSEEN: [char; 4] = ['\u{200b}', '\u{200e}', '\u{2060}', '\u{feff}'];
/// The file by which a savepoint's folder is one.
const METADATA: &str = "_metadata";
/// Pages and files of this portal, by the first part of their address.
const PAGES: [&str; 3] = ["storage", "files", "archives"];

/// A storage account, as far as it takes to know its places again.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its folder on the portal's machine; empty where it has none.
    pub folder: &'a str,
    /// Its containers.
    pub containers: &'a [String],
}

impl Address {
    /// Reads whatever a person pastes for the folder of a savepoint. `own`: where a path without account lies.
    ///
    /// # Errors
    /// Why it is none that a job here can read, with the way out.
    pub fn pasted(
        text: &str,
        own: Option<(&AccountName, &ContainerName)>,
        accounts: &[Known<'_>],
    ) -> Result<Self, AddressError> {
        if text.len() > 4 * LONGEST {
            return Err(AddressError::Long);
        }
        let text = bare(text);
        if text.len() > 2
            && text.as_bytes()[0].is_ascii_alphabetic()
            && (text[1..].starts_with(":\\") || text[1..].starts_with(":/") && !text[2..].starts_with("//"))
        {
            return Err(AddressError::Drive);
        }
        // No path here has a backslash, and Windows writes them for slashes.
        let text = text.replace('\\', "/");
        let text = if scheme(&text).is_none() && text.to_ascii_lowercase().contains("%3a%2f") {
            decoded(&text)
        } else {
            text
        };
        let found = match scheme(&text) {
            Some(("abfs" | "abfss" | "wasb" | "wasbs", rest)) if !rest.starts_with("//") => {
                return Err(AddressError::Form);
            }
            Some((kind @ ("abfs" | "abfss" | "wasb" | "wasbs"), rest)) => {
                Self::parse(&format!("{kind}://{}", tidy(&plain(&rest[2..]))))?
            }
            Some(("file", rest)) => {
                let rest = plain(rest);
                let path = rest
                    .strip_prefix("//")
                    .map_or(&*rest, |rest| rest.strip_prefix("localhost").unwrap_or(rest));
                on_disk(path, accounts)?
            }
            Some(("http" | "https", rest)) => in_browser(rest, accounts)?,
            Some((scheme, _)) => return Err(AddressError::Elsewhere(scheme.to_owned())),
            None => {
                let text = plain(&text);
                match text.strip_prefix('/') {
                    Some(path) => match page(path, accounts) {
                        Some(found) => found?,
                        None => on_disk(&text, accounts)?,
                    },
                    None => relative(&text, own, accounts)?,
                }
            }
        };
        Ok(found.folder())
    }

    /// The savepoint's folder, where its `_metadata` was meant.
    fn folder(self) -> Self {
        match self.path.parent() {
            Some(parent) if self.path.name() == METADATA => Self { path: parent, ..self },
            Some(_) | None => self,
        }
    }
}

/// The text without what stands around and before the path.
fn bare(text: &str) -> String {
    let mut text = text.replace(UNSEEN, "");
    loop {
        let mut shorter = text.trim();
        for (open, close) in AROUND {
            let inner = shorter.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
            shorter = inner.unwrap_or(shorter);
        }
        for before in BEFORE {
            shorter = shorter.strip_prefix(before).unwrap_or(shorter);
        }
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter.to_owned();
    }
}

/// The scheme and what comes after its colon.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let like_one = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    like_one.then_some((scheme, rest))
}

/// As it was before it was made part of a URL: some sign in it stands there as no URL could carry it otherwise. Else a
/// percent sign is one of the name.
fn plain(text: &str) -> String {
    let needed = |byte: u8| !byte.is_ascii_alphanumeric() && !b"%-._~".contains(&byte);
    let found = text.split('%').skip(1).filter_map(byte).any(needed);
    if found { decoded(text) } else { text.to_owned() }
}

/// The text with each `%XX` as the byte that it stands for; as it is where that gives no text.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match byte(part) {
            Some(byte) => {
                plain.push(byte);
                plain.extend_from_slice(&part.as_bytes()[2..]);
            }
            None => {
                plain.push(b'%');
                plain.extend_from_slice(part.as_bytes());
            }
        }
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}

/// The byte of the two hexadecimal digits that a text begins with.
fn byte(text: &str) -> Option<u8> {
    let digits = text.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

/// Slashes one by one, none at the end.
fn tidy(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// A path on the portal's machine.
fn on_disk(path: &str, accounts: &[Known<'_>]) -> Result<Address, AddressError> {
    let path = tidy(path);
    if path.split('/').any(|part| part == "." || part == "..") {
        return Err(AddressError::Dots);
    }
    for account in accounts.iter().filter(|account| !account.folder.is_empty()) {
        let inside = path.strip_prefix(&*tidy(account.folder)).and_then(|rest| rest.strip_prefix('/'));
        if let Some((container, path)) = inside.map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
            return Address::of(account.name, container, path);
        }
    }
    let folders = accounts.iter().filter(|account| !account.folder.is_empty());
    let folders = folders.map(|account| format!("{} is {}", account.name, account.folder));
    Err(AddressError::Outside(format!("/{path}"), folders.collect::<Vec<_>>().join(", ")))
}

/// A page of this portal, or a place as Azure writes it.
fn in_browser(rest: &str, accounts: &[Known<'_>]) -> Result<Address, AddressError> {
    let rest = rest.trim_start_matches('/').split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = tidy(&decoded(path));
    match [DFS, BLOB].into_iter().find_map(|end| host.strip_suffix(end)) {
        Some(account) => {
            let (container, path) = path.split_once('/').unwrap_or((&path, ""));
            Address::of(account, container, path)
        }
        None => page(&path, accounts).unwrap_or_else(|| Err(AddressError::Elsewhere("https".to_owned()))),
    }
}

/// `storage/lake/flink/dir`, as this portal's pages have it in their address.
fn page(path: &str, accounts: &[Known<'_>]) -> Option<Result<Address, AddressError>> {
    let path = tidy(path);
    let mut parts = path.splitn(4, '/');
    let (page, account, container) = (parts.next()?, parts.next()?, parts.next()?);
    let known = PAGES.contains(&page) && accounts.iter().any(|known| known.name == account);
    known.then(|| Address::of(account, container, parts.next().unwrap_or_default()))
}

/// `account/container/dir` where there are such, or a path in the own container.
fn relative(
    text: &str,
    own: Option<(&AccountName, &ContainerName)>,
    accounts: &[Known<'_>],
) -> Result<Address, AddressError> {
    let text = tidy(text);
    let mut parts = text.splitn(3, '/');
    if let (Some(account), Some(container), Some(path)) = (parts.next(), parts.next(), parts.next())
        && let Some(known) = accounts.iter().find(|known| known.name == account)
        && (own.is_none() || known.containers.iter().any(|one| one == container))
    {
        return Address::of(account, container, path);
    }
    let path = Path::parse(&text)?;
    match own {
        Some((account, container)) if !path.is_root() => {
            Ok(Address::new(account.clone(), container.clone(), path))
        }
        Some(_) | None => Err(AddressError::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEANT: &str =
        "abfs://flink@lake.dfs.core.windows.net/orders/savepoints/savepoint-d4c0f1-7be21a90c35d";

    fn read(text: &str) -> Result<String, AddressError> {
        let containers = ["flink".to_owned(), "jars".to_owned()];
        let accounts = [
            Known { name: "lake", folder: "/srv/penstock/storage/lake", containers: &containers },
            Known { name: "sea", folder: "/srv/penstock/storage/sea/", containers: &containers[..1] },
        ];
        let (account, container) = ("lake".try_into().expect("a name"), "flink".try_into().expect("a name"));
        Address::pasted(text, Some((&account, &container)), &accounts).map(|address| address.to_string())
    }

    #[test]
    fn every_spelling_of_a_savepoint_is_the_same_place() {
        let path = "orders/savepoints/savepoint-d4c0f1-7be21a90c35d";
        for text in [
            MEANT.to_owned(),
            format!("{MEANT}/"),
            format!("{MEANT}/_metadata"),
            format!("{MEANT}//_metadata/"),
            MEANT.replace("abfs:", "abfss:"),
            MEANT.replace("abfs:", "wasbs:").replace(".dfs.", ".blob."),
            MEANT.replace("/savepoints/", "//savepoints///"),
            path.to_owned(),
            format!("{path}/_metadata"),
            format!("lake/flink/{path}/"),
            format!("lake / flink / {path}").replace(" / ", "/"),
            format!("file:/srv/penstock/storage/lake/flink/{path}"),
            format!("file:///srv/penstock/storage/lake/flink/{path}/_metadata"),
            format!("file://localhost/srv/penstock/storage/lake/flink/{path}"),
            format!("/srv/penstock/storage/lake/flink/{path}"),
            format!("//srv//penstock/storage/lake/flink/{path}/"),
            format!("http://127.200.0.1:7373/storage/lake/flink/{path}?text=x#top"),
            format!("https://flink.example.org/files/lake/flink/{path}/_metadata"),
            format!("/storage/lake/flink/{path}"),
            format!("https://lake.dfs.core.windows.net/flink/{path}"),
            format!("https://lake.blob.core.windows.net/flink/{}", path.replace('-', "%2D")),
            format!("\"{MEANT}\""),
            format!("'{MEANT}/'"),
            format!(" “{MEANT}” \n"),
            format!("<{MEANT}>"),
            format!("\u{feff}{MEANT}\u{200b}"),
            format!("-s {MEANT}"),
            format!("--fromSavepoint \"{MEANT}\""),
            format!("Savepoint completed. Path: {MEANT}"),
            format!("execution.savepoint.path: '{MEANT}'"),
            path.replace('/', "\\"),
            format!("lake\\flink\\{}\\", path.replace('/', "\\")),
            MEANT.replace("://", "%3A%2F%2F").replace('@', "%40").replace('/', "%2F"),
        ] {
            assert_eq!(read(&text).as_deref(), Ok(MEANT), "{text}");
        }
        assert_eq!(read("my%20jobs/savepoint-a").as_deref(), read("my jobs/savepoint-a").as_deref());
        assert_eq!(read("sea/flink/x").as_deref(), Ok("abfs://flink@sea.dfs.core.windows.net/x"));
        assert_eq!(read("file:/srv/penstock/storage/sea/flink/x"), read("sea/flink/x"));
        // No container of that name: a folder of the own one.
        assert_eq!(read("sea/jars/x").as_deref(), Ok("abfs://flink@lake.dfs.core.windows.net/sea/jars/x"));
        // A percent sign that stands for nothing is one.
        assert_eq!(read("a%41/100%").as_deref(), Ok("abfs://flink@lake.dfs.core.windows.net/a%41/100%"));
    }

    #[test]
    fn what_no_job_here_can_read_is_explained() {
        for (text, says) in [
            ("hdfs://namenode:8020/flink/savepoint-1", "hdfs dfs -get"),
            ("s3://bucket/flink/savepoint-1", "aws s3 cp --recursive"),
            ("s3a://bucket/flink/savepoint-1/_metadata", "aws s3 cp --recursive"),
            ("gs://bucket/x", "gcloud storage cp --recursive"),
            ("oss://bucket/x", "upload it under Storage"),
            ("https://example.org/savepoint-1", "upload it under Storage"),
            ("/tmp/savepoints/savepoint-1", "lake is /srv/penstock/storage/lake"),
            ("file:///tmp/savepoint-1", "lies outside the storage accounts"),
            ("file:/srv/penstock/storage/lakeside/flink/x", "lies outside"),
            ("C:\\flink\\savepoint-1", "of a Windows machine"),
            ("c:/flink/savepoint-1", "of a Windows machine"),
            ("/srv/penstock/storage/lake/../../portal.key", "“.” or “..”"),
            ("file:/srv/penstock/storage/lake/flink/%2e%2e/x%20y", "“.” or “..”"),
            ("lake/flink/../x", "“.” or “..”"),
            ("abfs:/flink/x", "is not an address"),
            ("abfs://flink@lake.example.org/x", "must be the account followed by"),
            ("", "is not an address"),
            ("\"\"", "is not an address"),
            ("a\0b", "control character"),
        ] {
            let refused = read(text).expect_err(text).to_string();
            assert!(refused.contains(says), "{text}: {refused}");
        }
        assert_eq!(read(&"a/".repeat(3_000)), Err(AddressError::Long));
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_pasted_leads_out_or_panics(text in "([a./%2eE\\\\:\"' ~]|file:|lake/flink|/srv|\\PC){0,24}") {
            if let Ok(address) = read(&text) {
                proptest::prop_assert_eq!(Address::parse(&address).map(|again| again.to_string()), Ok(address));
            }
        }
    }
}
