//! The files of one folder, held open: what is put in its place meanwhile, or made a link in it, is not read.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, statat};

use super::{must_be, must_be_file};

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder(OwnedFd);

impl Folder {
    /// Opens a folder that is no link.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self(openat(CWD, path, flags, Mode::empty())?))
    }

    /// The names in it, in their order, at most so many and one.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn names(&self, most: usize) -> io::Result<Vec<CString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
            if entry.file_name() == c"." || entry.file_name() == c".." {
                continue;
            }
            names.push(entry.file_name().to_owned());
            if names.len() > most {
                break;
            }
        }
        names.sort();
        Ok(names)
    }

    /// Opens a file in it to read.
    ///
    /// # Errors
    /// `InvalidInput`, with a sentence, for what is no file; what the disk says.
    pub(crate) fn file(&self, name: &CStr) -> io::Result<File> {
        // A device may do something when it is opened, so it is looked at before.
        let found = statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?;
        must_be(FileType::from_raw_mode(found.st_mode))?;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(openat(&self.0, name, flags, Mode::empty())?);
        must_be_file(&file.metadata()?)?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_own_files_and_nothing_else() {
        let data = tempfile::tempdir().expect("a folder");
        let folder = data.path().join("one");
        std::fs::create_dir(&folder).expect("made");
        std::fs::write(folder.join("file"), b"here").expect("written");
        let strange = super::super::tests::strange_things(&folder);
        let open = Folder::open(&folder).expect("opened");
        // Another folder in its place is not looked at.
        std::fs::rename(&folder, data.path().join("moved")).expect("moved");
        std::os::unix::fs::symlink("/etc", &folder).expect("a link");
        assert!(Folder::open(&folder).is_err());
        let names = open.names(9).expect("names");
        assert_eq!(names.len(), strange.len() + 1);
        assert_eq!(open.names(1).expect("names").len(), 2, "enough to know that there are more");
        assert_eq!(io::read_to_string(open.file(c"file").expect("a file")).expect("text"), "here");
        for name in strange {
            let name = CString::new(name).expect("a name");
            let error = open.file(&name).expect_err("no file");
            assert_eq!(error.to_string(), format!("it is a {}, not a file", name.to_str().expect("text")));
        }
    }
}
