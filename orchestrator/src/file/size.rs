//! How much a folder holds, within limits: a job can make it as deep and as full of names as it likes.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Folders that lie deeper are not looked into. Flink makes four levels.
const DEEPEST: u32 = 64;
/// Names that are looked at; some seconds' work.
const MOST: usize = 1_000_000;
/// A file may have so many more bytes than it takes on the disk before it counts as one with holes.
const HOLES: u64 = 1 << 20;

/// Bytes of all files in a folder. One with holes counts what it takes on the disk.
///
/// # Errors
/// The folder itself cannot be read. What goes away meanwhile, and what cannot be read in it, counts nothing.
pub(crate) fn size(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    let mut looked_at = 0;
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((place, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&place) {
            Err(error) if depth == 0 => return Err(error),
            Err(_) => continue,
            Ok(entries) => entries,
        };
        for entry in entries.map_while(Result::ok) {
            looked_at += 1;
            if looked_at > MOST {
                return Ok(bytes);
            }
            match entry.metadata() {
                Ok(found) if found.is_dir() && depth < DEEPEST => folders.push((entry.path(), depth + 1)),
                Ok(found) if found.is_file() => {
                    let taken = found.blocks().saturating_mul(512);
                    let holes = found.len().saturating_sub(taken) > HOLES;
                    bytes += if holes { taken } else { found.len() };
                }
                Ok(_) | Err(_) => {}
            }
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_a_folder_is_counted_and_holes_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(folder.path().join("a/b")).expect("made");
        for (name, length) in [("one", 1_000), ("a/two", 200), ("a/b/three", 30)] {
            std::fs::write(folder.path().join(name), vec![7; length]).expect("written");
        }
        let holes = std::fs::File::create(folder.path().join("holes")).expect("made");
        holes.set_len(1 << 40).expect("a file of nothing");
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/round")).expect("a link");
        assert_eq!(size(folder.path()).expect("counted"), 1_230);
        assert!(size(&folder.path().join("none")).is_err());
    }
}
