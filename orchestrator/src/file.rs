//! Files that somebody else may have put there: a job writes into storage, its logs and its run's folder, and can
//! leave a pipe, a device or a link under any name. Whatever stands there is looked at before it is opened, and
//! opening never waits for another process.

mod folder;
mod remove;
mod size;

pub(crate) use folder::Folder;
pub use remove::remove_tree;
pub(crate) use size::size;

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{FileType, OFlags};
use uuid::Uuid;

/// Opens a file to read.
///
/// # Errors
/// `InvalidInput`, with a sentence, for what is no file; what the disk says.
pub fn open(path: &Path) -> io::Result<File> {
    // Opening a device may already do something, so it is not left to the open file to say what it is.
    must_be_file(&std::fs::symlink_metadata(path)?)?;
    let file = File::options().read(true).custom_flags(flags()).open(path)?;
    // Another one may stand there since; this one is certain.
    must_be_file(&file.metadata()?)?;
    Ok(file)
}

/// Whether a file is there: no folder, no link, no pipe.
pub(crate) fn is_file(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

/// A small file's text, at most `most` bytes of it.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The end of a file, at most `most` bytes of it.
pub(crate) fn tail(path: &Path, most: u64) -> io::Result<String> {
    let mut file = open(path)?;
    let from = file.metadata()?.len().saturating_sub(most);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a file that only its owner may read, from its first byte on. What stood there, whatever it was, is replaced
/// and not written into.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_file_name(format!(".{}", Uuid::now_v7().simple()));
    let written = File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        // What cannot be written can often not be removed either, and harms nobody.
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// Opens a file to write on at its end, and makes it if nothing is there.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    match std::fs::symlink_metadata(path) {
        // A link or a pipe of the job's own making gives way: the process that writes here must find a file.
        Ok(found) if !found.is_file() && !found.is_dir() => std::fs::remove_file(path)?,
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let file = File::options().create(true).append(true).custom_flags(flags()).open(path)?;
    must_be_file(&file.metadata()?)?;
    Ok(file)
}

fn flags() -> i32 {
    // The bits are the system's own, which fit.
    (OFlags::NONBLOCK | OFlags::NOFOLLOW).bits().cast_signed()
}

fn must_be_file(found: &Metadata) -> io::Result<()> {
    must_be(FileType::from_raw_mode(found.mode()))
}

fn must_be(kind: FileType) -> io::Result<()> {
    let what = match kind {
        FileType::RegularFile => return Ok(()),
        FileType::Directory => "a folder",
        FileType::Symlink => "a link",
        FileType::Fifo => "a pipe",
        FileType::Socket => "a socket",
        _ => "a device",
    };
    Err(io::Error::new(ErrorKind::InvalidInput, format!("it is {what}, not a file")))
}

#[cfg(test)]
pub(crate) mod tests {
    use rustix::fs::{CWD, FileType as Kind, Mode};

    use super::*;

    /// A folder with one of everything that is no file, each under the name that says what it is. Devices only where
    /// the tests run as root.
    pub(crate) fn strange_things(folder: &Path) -> Vec<&'static str> {
        let mode = Mode::RUSR | Mode::WUSR;
        rustix::fs::mknodat(CWD, folder.join("pipe"), Kind::Fifo, mode, 0).expect("a pipe");
        std::os::unix::net::UnixListener::bind(folder.join("socket")).expect("a socket");
        std::os::unix::fs::symlink("/etc/hostname", folder.join("link")).expect("a link");
        std::fs::create_dir(folder.join("folder")).expect("a folder");
        let mut names = vec!["pipe", "socket", "link", "folder"];
        // The device that never ends, /dev/zero.
        let zero = rustix::fs::makedev(1, 5);
        if rustix::process::geteuid().is_root()
            && rustix::fs::mknodat(CWD, folder.join("device"), Kind::CharacterDevice, mode, zero).is_ok()
        {
            names.push("device");
        }
        names
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in strange_things(folder.path()) {
            let path = folder.path().join(name);
            let error = open(&path).expect_err(name);
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
            assert_eq!(error.to_string(), format!("it is a {name}, not a file"));
            assert!(!is_file(&path) && read(&path, 9).is_err() && tail(&path, 9).is_err(), "{name}");
        }
    }

    #[test]
    fn what_stands_in_the_way_of_a_file_is_replaced_and_not_written_into() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in strange_things(folder.path()).into_iter().filter(|name| *name != "folder") {
            for written in
                [write as fn(&Path, &[u8]) -> io::Result<()>, |path, text| append(path)?.write_all(text)]
            {
                let path = folder.path().join(name);
                written(&path, b"here").expect(name);
                assert_eq!(std::fs::read(&path).expect(name), b"here");
                std::fs::remove_file(&path).expect("it is a file");
                rustix::fs::mknodat(CWD, &path, Kind::Fifo, Mode::RUSR, 0).expect("a pipe");
            }
        }
        assert_ne!(std::fs::read("/etc/hostname").expect("it is there"), b"here");
        let left: Vec<_> = folder.path().read_dir().expect("the folder").flatten().collect();
        assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().starts_with('.')), "{left:?}");
    }
}
