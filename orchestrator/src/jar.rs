//! Looks into a jar without running it: is it one, which classes have a `main`, what the manifest names, which Java
//! and which Flink it was built for, whether it carries another jar's signature.
//!
//! A jar may be made to harm who reads it. So no more is read than that, nothing recurses, and all that grows with
//! what the file says of itself has a limit (`budget`).

mod archive;
mod budget;
mod class_file;
mod readings;
mod signature;
mod store;

use std::fs::File;
use std::io::{self, Read, Seek};

use domain::artifact::Sha256;
use domain::view::JarView;
use jiff::Timestamp;
use sha2::Digest;

pub use budget::Budget;
pub(crate) use readings::Readings;
pub(crate) use store::GRAPHS;
pub use store::{JarStore, KeepError, Lease};

/// Why a jar cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JarError {
    /// It cannot be read at all.
    #[error("The jar cannot be read: {0}.")]
    Disk(#[from] io::Error),
    /// It is no zip archive.
    #[error(
        "This is not a jar: it is no zip archive, or it was cut off ({0}). Build it again or upload it again."
    )]
    NoArchive(String),
    /// An entry of it is damaged.
    #[error("The jar is damaged at {entry}: {cause}. Build it again or upload it again.")]
    Damaged {
        /// The entry's name.
        entry: String,
        /// What its reading gave.
        cause: String,
    },
    /// There is no class in it.
    #[error("The jar holds no class. Is it a source or documentation jar?")]
    Empty,
    /// Two entries share bytes: a few megabytes can so unpack to as much as one likes.
    #[error(
        "Entries of the jar lie over one another, which only a damaged or a hostile file has. Build it again or \
         upload it again."
    )]
    Overlap,
    /// It has more entries than [`Budget::entries`].
    #[error("The jar has more than {0} entries. Leave out what the job does not need, and build it again.")]
    Entries(u64),
    /// Its classes unpack to more than [`Budget::inflated`].
    #[error("The classes of the jar unpack to more than {} MB. Leave out what the job does not need, and build it again.", .0 >> 20)]
    Inflated(u64),
    /// More classes have a `main` than anybody could choose from.
    #[error(
        "More than {} classes of the jar have a main, or their names are longer than any. Leave out what the job does \
         not need, and build it again.",
        class_file::MOST_MAINS
    )]
    Mains,
    /// It took longer than [`Budget::time`].
    #[error(
        "The jar could not be read within {} seconds. Build a smaller one; or try again later, if the machine has \
         much to do.",
        .0.as_secs()
    )]
    Time(std::time::Duration),
    /// Nobody waits for it any more.
    #[error("The reading of the jar was given up. Try again.")]
    Stopped,
}

/// Opens a jar. Blocks; a large one takes a second or two.
///
/// # Errors
/// [`JarError`], each with its sentence.
pub fn open(file: File, budget: &Budget) -> Result<JarView, JarError> {
    let size = file.metadata()?.len();
    let sha256 = digest(&file, budget)?;
    look(file, size, sha256, budget)
}

/// The same, for whoever knows its digest already.
fn look(file: File, size: u64, sha256: Sha256, budget: &Budget) -> Result<JarView, JarError> {
    let modified = modified(&file);
    let mut seen = Observation::default();
    archive::walk(file, budget, &mut seen)?;
    if seen.classes == 0 {
        return Err(JarError::Empty);
    }
    seen.mains.sort();
    seen.mains.dedup_by(|one, other| one.0 == other.0);
    Ok(JarView {
        size,
        sha256,
        modified,
        foreign_signatures: seen.signatures.foreign(),
        mains: seen.mains.iter().map(|(name, _)| name.clone()).collect(),
        main_java: seen.mains.into_iter().collect(),
        manifest_main: seen.manifest,
        java: seen.newest.0,
        newest_class: seen.newest.1,
        flink: seen.flink,
    })
}

/// When a file was last written, if its disk tells.
fn modified(file: &File) -> Option<Timestamp> {
    let time = file.metadata().and_then(|found| found.modified()).ok()?;
    Timestamp::try_from(time).ok()
}

/// The SHA-256 of a file, within the budget's time.
fn digest(mut file: &File, budget: &Budget) -> Result<Sha256, JarError> {
    file.rewind()?;
    let mut hash = sha2::Sha256::new();
    let mut part = vec![0; 256 << 10];
    loop {
        budget.go_on()?;
        match file.read(&mut part)? {
            0 => return Ok(hex::encode(hash.finalize()).parse().map_err(io::Error::other)?),
            length => hash.update(&part[..length]),
        }
    }
}

/// What the entries told so far.
#[derive(Default)]
struct Observation {
    classes: usize,
    /// Classes with a `main`, each with the Java that it needs.
    mains: Vec<(String, u32)>,
    manifest: Option<String>,
    /// The Java that the newest class needs, and the file of that class.
    newest: (u32, String),
    flink: Option<String>,
    signatures: signature::Signatures,
}
