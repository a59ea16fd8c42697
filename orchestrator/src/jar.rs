//! Looks into a jar without running it: is it one, which classes have a `main`, what the manifest names, which Java
//! and which Flink it was built for.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use cafebabe::{MethodAccessFlags, ParseOptions, parse_class_with_options};
use domain::view::JarView;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

/// The descriptor of `void main(String[])` as it stands in a class file.
const MAIN: &str = "([Ljava/lang/String;)V";
/// Class-file versions count from Java 1.1 = 45.
const VERSION_OF_JAVA_0: u16 = 44;
/// No class of a reasonable job is larger; a hostile one is not read further.
const LARGEST_CLASS: u64 = 16 << 20;

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
    NoArchive(zip::result::ZipError),
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
}

/// Opens a jar. Blocks; a large one takes a second.
///
/// # Errors
/// [`JarError`], each with its sentence.
pub fn open(place: &Path) -> Result<JarView, JarError> {
    let size = std::fs::metadata(place)?.len();
    let mut archive = ZipArchive::new(BufReader::new(File::open(place)?)).map_err(JarError::NoArchive)?;
    let mut seen = Seen::default();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(JarError::NoArchive)?;
        let name = entry.name().to_owned();
        let damaged = |cause: io::Error| JarError::Damaged { entry: name.clone(), cause: cause.to_string() };
        if name == "META-INF/MANIFEST.MF" {
            let mut text = String::new();
            entry.by_ref().take(1 << 20).read_to_string(&mut text).map_err(damaged)?;
            seen.manifest = manifest_main(&text);
        } else if name.ends_with(".class") && !name.starts_with("META-INF/") && entry.size() <= LARGEST_CLASS
        {
            let mut bytes = Vec::new();
            entry.by_ref().take(LARGEST_CLASS).read_to_end(&mut bytes).map_err(damaged)?;
            seen.class(&bytes);
        } else if name.starts_with("META-INF/maven/org.apache.flink/") && name.ends_with("/pom.properties") {
            let mut text = String::new();
            entry.by_ref().take(1 << 16).read_to_string(&mut text).map_err(damaged)?;
            seen.flink = seen.flink.or_else(|| {
                text.lines()
                    .find_map(|line| line.strip_prefix("version=").map(|version| version.trim().to_owned()))
            });
        }
    }
    if seen.classes == 0 {
        return Err(JarError::Empty);
    }
    seen.mains.sort();
    Ok(JarView {
        size,
        sha256: sha256(place)?,
        mains: seen.mains,
        manifest_main: seen.manifest,
        java: u32::from(seen.newest.saturating_sub(VERSION_OF_JAVA_0)),
        flink: seen.flink,
    })
}

/// The SHA-256 of a file, hex.
///
/// # Errors
/// It cannot be read.
pub fn sha256(place: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(place)?, &mut hash)?;
    Ok(hex::encode(hash.finalize()))
}

/// What the entries told so far.
#[derive(Default)]
struct Seen {
    classes: usize,
    mains: Vec<String>,
    manifest: Option<String>,
    newest: u16,
    flink: Option<String>,
}

impl Seen {
    fn class(&mut self, bytes: &[u8]) {
        let [0xca, 0xfe, 0xba, 0xbe, _, _, high, low, ..] = bytes else { return };
        self.classes += 1;
        self.newest = self.newest.max(u16::from_be_bytes([*high, *low]));
        // Most classes have no such method: a search is far cheaper than parsing.
        if !bytes.windows(MAIN.len()).any(|window| window == MAIN.as_bytes()) {
            return;
        }
        let Ok(class) = parse_class_with_options(bytes, ParseOptions::default().parse_bytecode(false)) else {
            return;
        };
        let runs = class.methods.iter().any(|method| {
            method.name == "main"
                && method.descriptor.to_string() == MAIN
                && method.access_flags.contains(MethodAccessFlags::PUBLIC | MethodAccessFlags::STATIC)
        });
        if runs {
            self.mains.push(class.this_class.replace('/', "."));
        }
    }
}

/// The manifest's `Main-Class`, or Flink's `program-class`, which goes before it.
fn manifest_main(text: &str) -> Option<String> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "");
    let named = |key: &str| {
        unfolded.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(key).then(|| value.trim().to_owned())
        })
    };
    named("program-class").or_else(|| named("Main-Class"))
}
