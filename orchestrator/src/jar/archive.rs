//! The zip archive around a jar's entries: its directory is read one entry at a time and never held.

use std::fs::File;
use std::io::Read;

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, FileReader, ZipArchive, ZipArchiveEntryWayfinder, ZipFileHeaderRecord};

use super::class_file::{self, LARGEST_CLASS};
use super::signature::Signatures;
use super::{Budget, JarError, Observation};

/// A manifest longer than this is read to here.
const LARGEST_MANIFEST: u64 = 1 << 20;
/// The file in which Maven writes a version has three lines.
const LARGEST_PROPERTIES: u64 = 1 << 16;
/// A module's declaration is for the module path; Flink never reads it.
const MODULE: &[u8] = b"module-info.class";
/// How much is unpacked between two looks at the budget.
const STEP: u64 = 1 << 20;
/// A name in a sentence is cut here.
const LONGEST_NAME: usize = 200;

/// Reads what [`Observation`] asks of every entry.
pub(super) fn walk(file: File, budget: &Budget, seen: &mut Observation) -> Result<(), JarError> {
    let mut buffer = vec![0; rawzip::MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(no_archive)?;
    separate(&archive, &mut buffer, budget)?;
    let mut inflated = 0;
    let mut entries = archive.entries(&mut buffer);
    let mut bytes = Vec::new();
    while let Some(entry) = entries.next_entry().map_err(no_archive)? {
        budget.go_on()?;
        seen.signatures.entry(entry.file_path().as_bytes());
        let Some(part) = Part::of(&entry) else { continue };
        let found = (entry.compression_method(), entry.wayfinder());
        let whole = unpack(&archive, found, part.most(), budget, &mut inflated, &mut bytes)
            .map_err(|stopped| stopped.at(&entry))?;
        match part {
            Part::Class if whole => seen.class(entry.file_path().as_bytes(), &bytes)?,
            Part::Class => {} // No class of a reasonable job is larger.
            Part::Manifest => {
                seen.manifest = class_file::short(manifest_main(&bytes));
                if whole {
                    seen.signatures.manifest(&bytes);
                }
            }
            Part::Signature => seen.signatures.file(entry.file_path().as_bytes(), &bytes),
            Part::Properties => seen.flink = seen.flink.take().or_else(|| class_file::short(version(&bytes))),
        }
    }
    Ok(())
}

/// Counts the entries, and proves that no two of them share a byte: then nothing unpacks to more than the whole file
/// can, however its directory is written.
fn separate(archive: &ZipArchive<FileReader>, buffer: &mut [u8], budget: &Budget) -> Result<(), JarError> {
    let mut places = Vec::new();
    let mut entries = archive.entries(buffer);
    while let Some(entry) = entries.next_entry().map_err(no_archive)? {
        budget.go_on()?;
        if places.len() as u64 == budget.entries {
            return Err(JarError::Entries(budget.entries));
        }
        let found = archive
            .get_entry(entry.wayfinder())
            .map_err(|cause| Stop::Damage(cause.to_string()).at(&entry))?;
        places.push((entry.local_header_offset(), found.compressed_data_range().1));
    }
    places.sort_unstable();
    let apart = places.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    let end = places.last().map_or(0, |place| place.1);
    if apart && end <= archive.directory_offset() { Ok(()) } else { Err(JarError::Overlap) }
}

/// Unpacks an entry into `bytes`, at most `most` of it; whether that was all, and then its checksum is right.
fn unpack(
    archive: &ZipArchive<FileReader>,
    (method, wayfinder): (CompressionMethod, ZipArchiveEntryWayfinder),
    most: u64,
    budget: &Budget,
    inflated: &mut u64,
    bytes: &mut Vec<u8>,
) -> Result<bool, Stop> {
    bytes.clear();
    let damage = |error: &dyn std::fmt::Display| Stop::Damage(error.to_string());
    let entry = archive.get_entry(wayfinder).map_err(|error| damage(&error))?;
    let packed = entry.reader();
    let mut reader: Box<dyn Read> = match method {
        CompressionMethod::STORE => Box::new(entry.verifying_reader(packed)),
        CompressionMethod::DEFLATE => Box::new(entry.verifying_reader(DeflateDecoder::new(packed))),
        _ => return Err(Stop::Damage("it is packed in a way that Java does not know".to_owned())),
    };
    loop {
        budget.go_on()?;
        let step = STEP.min(most + 1 - bytes.len() as u64);
        let read = reader.by_ref().take(step).read_to_end(bytes).map_err(|error| damage(&error))? as u64;
        *inflated += read;
        if *inflated > budget.inflated {
            return Err(JarError::Inflated(budget.inflated).into());
        }
        if read < step {
            return Ok(true);
        }
        if bytes.len() as u64 > most {
            bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            return Ok(false);
        }
    }
}

/// Why an entry was not read to its end.
enum Stop {
    /// It is not what the directory says.
    Damage(String),
    /// The jar as a whole is refused.
    Whole(JarError),
}

impl Stop {
    fn at(self, entry: &ZipFileHeaderRecord<'_>) -> JarError {
        match self {
            Stop::Whole(error) => error,
            Stop::Damage(cause) => {
                let name = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
                JarError::Damaged { entry: name.chars().take(LONGEST_NAME).collect(), cause }
            }
        }
    }
}

impl From<JarError> for Stop {
    fn from(error: JarError) -> Self {
        Stop::Whole(error)
    }
}

/// What an entry is to us.
#[derive(Clone, Copy)]
enum Part {
    Class,
    Manifest,
    Signature,
    Properties,
}

impl Part {
    fn of(entry: &ZipFileHeaderRecord<'_>) -> Option<Self> {
        let path = entry.file_path();
        let name = path.as_bytes();
        if name == b"META-INF/MANIFEST.MF" {
            Some(Part::Manifest)
        } else if Signatures::is_file(name) {
            Some(Part::Signature)
        } else if name.ends_with(b".class") && !name.starts_with(b"META-INF/") && name != MODULE {
            Some(Part::Class)
        } else if name.starts_with(b"META-INF/maven/org.apache.flink/") && name.ends_with(b"/pom.properties")
        {
            Some(Part::Properties)
        } else {
            None
        }
    }

    fn most(self) -> u64 {
        match self {
            Part::Class => LARGEST_CLASS,
            Part::Manifest => LARGEST_MANIFEST,
            Part::Signature | Part::Properties => LARGEST_PROPERTIES,
        }
    }
}

/// The manifest's `Main-Class`, or Flink's `program-class`, which goes before it.
fn manifest_main(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "");
    let named = |key: &str| {
        unfolded.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(key).then(|| value.trim().to_owned())
        })
    };
    named("program-class").or_else(|| named("Main-Class"))
}

fn version(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().find_map(|line| line.strip_prefix("version=").map(|version| version.trim().to_owned()))
}

fn no_archive(error: rawzip::Error) -> JarError {
    match error.into_kind() {
        rawzip::ErrorKind::IO(error) => JarError::Disk(error),
        kind => JarError::NoArchive(rawzip::Error::from(kind).to_string()),
    }
}
