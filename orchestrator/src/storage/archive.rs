//! Savepoints as one file to carry away and to bring back: a tar archive, which every system packs and unpacks, and
//! which is written and read while it is on its way. Nothing of it is held twice, in memory or on the disk.

mod read;
mod write;

pub(super) use read::Archive;

/// The most files of a savepoint.
pub(super) const MOST_FILES: usize = 100_000;

/// The unit of a tar archive, bytes.
const BLOCK: usize = 512;

/// What is added to so many bytes to fill the last block.
fn padding(size: u64) -> usize {
    // Less than a block.
    usize::try_from(size.next_multiple_of(BLOCK as u64) - size).unwrap_or_default()
}

#[cfg(test)]
mod tests;
