//! Removes a folder with everything in it, however deep a job made it: no recursion, two open folders at a time, and
//! no link is followed, not even one that is put there meanwhile.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags, fstat, openat, unlinkat};
use rustix::io::Errno;

/// How often a folder may turn out not to be empty after all, because somebody goes on writing into it.
const TIMEOUT: u32 = 1_000;

/// Removes a folder with everything in it.
///
/// # Errors
/// `NotFound` when it is not there; what the disk says. What was removed until then is gone.
pub fn remove_tree(top: &Path) -> io::Result<()> {
    let mut here = open(CWD, top)?;
    // How to go up again: the name of each folder on the way down, and which folder it lies in.
    let mut way = Vec::new();
    let mut patience = TIMEOUT;
    loop {
        if let Some(name) = emptied(&here)? {
            let inner = open(&here, &name)?;
            way.push((name, identity(&here)?));
            here = inner;
            continue;
        }
        let Some((name, above)) = way.pop() else { return std::fs::remove_dir(top) };
        here = open(&here, c"..")?;
        if identity(&here)? != above {
            return Err(io::Error::other("the folder was moved while it was removed"));
        }
        match unlinkat(&here, &name, AtFlags::REMOVEDIR) {
            // It is come upon again.
            Err(Errno::NOTEMPTY) if patience > 0 => patience -= 1,
            Err(Errno::NOENT) => {}
            removed => removed?,
        }
    }
}

/// Removes what is no folder, until a folder is found.
fn emptied(folder: &OwnedFd) -> io::Result<Option<CString>> {
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name == c"." || name == c".." {
            continue;
        }
        match unlinkat(folder, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(Errno::ISDIR) => return Ok(Some(name.to_owned())),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

fn open(at: impl AsFd, name: impl rustix::path::Arg) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(at, name, flags, Mode::empty())?)
}

fn identity(folder: &OwnedFd) -> io::Result<(u64, u64)> {
    let found = fstat(folder)?;
    Ok((found.st_dev, found.st_ino))
}

#[cfg(test)]
mod tests {
    use rustix::fs::mkdirat;

    use super::*;

    /// Deeper than a path can be long and than files can be open.
    #[test]
    fn a_folder_of_any_depth_goes_and_what_a_link_leads_to_stays() {
        let place = tempfile::tempdir().expect("a folder");
        let (top, other) = (place.path().join("top"), place.path().join("other"));
        std::fs::create_dir_all(&top).expect("made");
        std::fs::create_dir_all(&other).expect("made");
        std::fs::write(other.join("kept"), b"kept").expect("written");
        let mut at = open(CWD, &top).expect("opened");
        for _ in 0..3_000 {
            mkdirat(&at, "d", Mode::RWXU).expect("made");
            at = open(&at, "d").expect("opened");
        }
        rustix::fs::symlinkat(&other, &at, "link").expect("a link");
        std::os::unix::fs::symlink(&other, top.join("link")).expect("a link");
        super::super::tests::strange_things(&top.join("d"));
        for number in 0..5_000 {
            std::fs::write(top.join("d/folder").join(number.to_string()), b"").expect("written");
        }
        drop(at);
        remove_tree(&top).expect("removed");
        assert!(!top.exists());
        assert_eq!(std::fs::read(other.join("kept")).expect("it stays"), b"kept");
        assert_eq!(remove_tree(&top).expect_err("gone").kind(), io::ErrorKind::NotFound);
        std::os::unix::fs::symlink(&other, &top).expect("a link");
        assert!(remove_tree(&top).is_err() && other.join("kept").exists());
    }
}
