//! The portal's key. Secrets lie in the database sealed by it (age, X25519), and only the key opens them: it lies in a
//! file of its own, beside the database or elsewhere, so that a copy of one without the other tells nothing.

use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use domain::secret::HIDDEN;

/// What a sealed part begins with; the rest is hex, so that it is one word in any text.
const SEALED: &str = "age:";

/// The key's name in a data folder.
pub(crate) const FILE: &str = "portal.key";

/// Seals and opens. Cloning it is cheap and gives the same one.
#[derive(Clone, Default)]
pub(crate) struct Seal(Arc<Key>);

#[derive(Default)]
struct Key {
    file: PathBuf,
    /// The public half of the key by which everything is sealed; none if that is not known.
    recipient: Option<String>,
    /// The key, once it was found in its file: one that is put back is found without a new start.
    identity: Mutex<Option<Identity>>,
}

/// Why nothing can be sealed or opened: what is wrong and the way out.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct SealError(String);

impl Seal {
    /// The key in this file. A new one is made where none was known so far.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn of(file: &Path, known: Option<String>) -> Result<Self, SealError> {
        let made = match (load(file), known) {
            (Ok(identity), None) => Some(identity.to_public().to_string()),
            (Err(Missing::NotThere), None) => Some(make(file)?.to_public().to_string()),
            (_, known) => known,
        };
        Ok(Self(Arc::new(Key { file: file.to_owned(), recipient: made, identity: Mutex::default() })))
    }

    /// The public half.
    pub(crate) fn recipient(&self) -> Option<&str> {
        self.0.recipient.as_deref()
    }

    /// Whether the key is there.
    pub(crate) fn ready(&self) -> Result<(), SealError> {
        self.with(|_| Ok(()))
    }

    /// What stands in the database for a secret.
    pub(crate) fn seal(&self, secret: &str) -> Result<String, SealError> {
        if secret == HIDDEN {
            return Ok(secret.to_owned()); // of which nothing is kept
        }
        self.with(|identity| {
            let sealed = age::encrypt(&identity.to_public(), secret.as_bytes());
            let sealed = sealed.map_err(|error| SealError(format!("A secret cannot be sealed: {error}.")))?;
            Ok(format!("{SEALED}{}", hex::encode(sealed)))
        })
    }

    /// The secret for which this stands.
    pub(crate) fn open(&self, sealed: &str) -> Result<String, SealError> {
        let Some(bytes) = sealed.strip_prefix(SEALED).and_then(|text| hex::decode(text).ok()) else {
            return Ok(sealed.to_owned());
        };
        self.with(|identity| {
            let broken =
                || SealError("A sealed secret in the database is damaged. Write it anew.".to_owned());
            let secret = age::decrypt(identity, &bytes).map_err(|_| broken())?;
            String::from_utf8(secret).map_err(|_| broken())
        })
    }

    /// What lies on a disk for bytes that may hold secrets.
    pub(crate) fn seal_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
        self.with(|identity| {
            age::encrypt(&identity.to_public(), bytes)
                .map_err(|error| SealError(format!("A file cannot be sealed: {error}.")))
        })
    }

    /// The bytes for which these stand.
    pub(crate) fn open_bytes(&self, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.with(|identity| {
            age::decrypt(identity, sealed).map_err(|_| SealError("A sealed file is damaged.".to_owned()))
        })
    }

    fn with<T>(&self, work: impl FnOnce(&Identity) -> Result<T, SealError>) -> Result<T, SealError> {
        let mut identity = self.0.identity.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(identity) = identity.as_ref() {
            return work(identity);
        }
        work(identity.insert(self.0.look()?))
    }
}

impl Key {
    fn look(&self) -> Result<Identity, SealError> {
        let file = self.file.display();
        let why = match load(&self.file) {
            Ok(identity) if Some(identity.to_public().to_string()) == self.recipient => return Ok(identity),
            Ok(_) => format!("{file} is another key than the one by which they were sealed"),
            Err(Missing::NotThere) => format!("{file} is not there"),
            Err(Missing::Unreadable(why)) => format!("{file} {why}"),
        };
        Err(SealError(format!(
            "The portal's secrets cannot be opened: {why}. Put the key back from a copy, or name the file that holds \
             it with --key-file. Jobs that run go on meanwhile; what needs no secret can be started."
        )))
    }
}

/// Why there is no key.
enum Missing {
    NotThere,
    Unreadable(String),
}

fn load(file: &Path) -> Result<Identity, Missing> {
    let text = std::fs::read_to_string(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Missing::NotThere,
        _ => Missing::Unreadable(format!("cannot be read ({error})")),
    })?;
    // The key is all that protects them: others have no business with it.
    if file.metadata().is_ok_and(|file| file.permissions().mode() & 0o077 != 0) {
        let closed = std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600));
        tracing::warn!(file = %file.display(), ?closed, "the portal's key was open to other users");
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let key = lines.next().and_then(|line| line.parse().ok());
    key.ok_or_else(|| Missing::Unreadable("holds no key (AGE-SECRET-KEY-...)".to_owned()))
}

/// A new key, whole in its file or not there at all.
fn make(file: &Path) -> Result<Identity, SealError> {
    let identity = Identity::generate();
    let text = format!(
        "# The key of a Penstock portal: it opens the secrets in its database. Keep a copy elsewhere.\n{}\n",
        identity.to_string().expose_secret()
    );
    let written = || {
        let part = file.with_extension("part");
        let mut new =
            std::fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        new.write_all(text.as_bytes())?;
        new.sync_all()?;
        std::fs::rename(part, file)?;
        std::fs::File::open(file.parent().unwrap_or(Path::new(".")))?.sync_all()
    };
    written().map_err(|error: std::io::Error| {
        SealError(format!("The portal's key {} cannot be written: {error}.", file.display()))
    })?;
    Ok(identity)
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the key in {}", self.0.file.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_key_opens_what_it_has_sealed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(FILE);
        let seal = Seal::of(&file, None).expect("made");
        let mode = file.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let sealed = seal.seal("sesame").expect("sealed");
        assert!(sealed.starts_with("age:") && !sealed.contains("sesame"), "{sealed}");
        assert_ne!(sealed, seal.seal("sesame").expect("sealed"), "two of the same cannot be told apart");
        assert_eq!(seal.open(&sealed).expect("opened"), "sesame");
        let known = seal.recipient().map(str::to_owned);

        let kept = std::fs::read(&file).expect("the key");
        std::fs::remove_file(&file).expect("removed");
        let lost = Seal::of(&file, known).expect("it goes on");
        for refused in [lost.open(&sealed), lost.seal("x")] {
            let sentence = refused.expect_err("no key").to_string();
            assert!(sentence.contains("is not there") && sentence.contains("--key-file"), "{sentence}");
        }
        let other = folder.path().join("other.key");
        Seal::of(&other, None).expect("made");
        std::fs::copy(&other, &file).expect("copied");
        assert!(lost.open(&sealed).expect_err("another").to_string().contains("another key"));
        std::fs::write(&file, "nothing").expect("written");
        assert!(lost.open(&sealed).expect_err("no key").to_string().contains("holds no key"));
        std::fs::write(&file, kept).expect("put back");
        assert_eq!(lost.open(&sealed).expect("found again"), "sesame");
    }
}
