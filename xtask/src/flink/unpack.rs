//! Takes the distribution (`deps/*` of the archive) out of its wrapping.

use crate::say;
use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Component, Path, PathBuf};

/// Gives a folder below `work` that holds `bin`, `lib`, `licenses`, `opt` and `plugins`.
pub(super) fn distribution(archive: &Path, work: &Path) -> Result<PathBuf> {
    let home = work.join("distribution");
    let file = File::open(archive)?;
    let bar = say::Bar::begin("Unpacking Flink", file.metadata()?.len());
    let counted = Counted { from: BufReader::new(file), read: 0, bar };
    for entry in tar::Archive::new(GzDecoder::new(counted)).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let Some(inside) = inside(&path).filter(|_| entry.header().entry_type().is_file()) else { continue };
        let place = home.join(inside);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        entry.unpack(&place).with_context(|| format!("cannot write {}", place.display()))?;
    }
    Ok(home)
}

/// `apache_flink_libraries-1.20.5/deps/lib/x.jar` is `lib/x.jar`; anything that leads elsewhere is nothing.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut parts = path.components().skip(1);
    let safe = parts.next()? == Component::Normal("deps".as_ref())
        && parts.clone().all(|part| matches!(part, Component::Normal(_)));
    safe.then(|| parts.collect()).filter(|inside: &PathBuf| !inside.as_os_str().is_empty())
}

/// Shows how much of the archive has been read.
struct Counted<R> {
    from: R,
    read: u64,
    bar: say::Bar,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.read += read as u64;
        self.bar.at(self.read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::inside;
    use std::path::Path;

    #[test]
    fn only_the_distribution_is_taken() {
        assert_eq!(inside(Path::new("a/deps/lib/x.jar")).as_deref(), Some(Path::new("lib/x.jar")));
        assert_eq!(inside(Path::new("a/setup.py")), None);
        assert_eq!(inside(Path::new("a/deps")), None);
        assert_eq!(inside(Path::new("a/deps/../../x")), None);
    }
}
