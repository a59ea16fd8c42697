//! An archive that somebody sends, entry by entry while it comes in. Only files of one folder are taken: whatever else
//! an archive can hold is refused by its name.

use std::io;

use bytes::{Bytes, BytesMut};
use domain::address::Path;
use futures::{Stream, StreamExt};
use tar::{EntryType, Header};

use super::{BLOCK, padding};

/// Words about the next entry (a long name, the times of a file) are short, bytes.
const MOST_WORDS: u64 = 64 << 10;
/// What may follow the end: programs fill up to a block of their own, bytes.
const MOST_AFTER: usize = 4 << 20;

/// An archive that comes in.
pub(in crate::storage) struct Archive<S> {
    bytes: S,
    /// What has come and was not taken.
    come: Bytes,
    /// What is left of the entry that was given last, and what fills its last block.
    left: (u64, usize),
    /// The name of the next entry, where an entry of words has said it.
    named: Option<Vec<u8>>,
}

/// A file of it.
pub(in crate::storage) struct Entry {
    /// The folder that it lies in; none at the top.
    pub(in crate::storage) folder: Option<String>,
    /// Its name.
    pub(in crate::storage) name: String,
}

impl<S: Stream<Item = io::Result<Bytes>> + Unpin> Archive<S> {
    pub(in crate::storage) fn new(bytes: S) -> Self {
        Self { bytes, come: Bytes::new(), left: (0, 0), named: None }
    }

    /// The next file; none at the end. What was not read of the one before is passed over.
    ///
    /// # Errors
    /// A sentence about what is no archive, or no savepoint's.
    pub(in crate::storage) async fn next(&mut self) -> Result<Option<Entry>, String> {
        loop {
            while self.chunk().await?.is_some() {}
            self.skip(self.left.1).await?;
            self.left = (0, 0);
            let Some(block) = self.block().await? else {
                return Err("the archive breaks off before its end".to_owned());
            };
            if block.iter().all(|byte| *byte == 0) {
                self.end().await?;
                return Ok(None);
            }
            let header = Header::from_byte_slice(&block);
            if header.cksum().ok() != Some(sum(&block)) {
                return Err("it is no tar archive, or it was damaged on its way".to_owned());
            }
            let size = header.entry_size().map_err(|_| "the archive gives a file no size".to_owned())?;
            let kind = header.entry_type();
            self.left = (size, padding(size));
            match kind {
                EntryType::XGlobalHeader => drop(self.words().await?),
                EntryType::XHeader => self.named = path_of(&self.words().await?)?,
                EntryType::GNULongName => {
                    let mut name = self.words().await?;
                    name.retain(|byte| *byte != 0);
                    self.named = Some(name);
                }
                EntryType::Regular | EntryType::Continuous | EntryType::Directory => {
                    let name = self.named.take().unwrap_or_else(|| header.path_bytes().into_owned());
                    let entry = entry(name, kind == EntryType::Directory)?;
                    // Beside each file some systems pack another one with its attributes.
                    if let Some(entry) = entry.filter(|entry| !entry.name.starts_with("._")) {
                        return Ok(Some(entry));
                    }
                }
                kind => {
                    let name = self.named.take().unwrap_or_else(|| header.path_bytes().into_owned());
                    return Err(format!(
                        "“{}” in it is {}, and a savepoint has only files",
                        String::from_utf8_lossy(&name),
                        what(kind)
                    ));
                }
            }
        }
    }

    /// Some of the bytes of the file that was given last; none at its end.
    pub(in crate::storage) async fn chunk(&mut self) -> Result<Option<Bytes>, String> {
        if self.left.0 == 0 {
            return Ok(None);
        }
        if self.come.is_empty() && !self.more().await? {
            return Err("the archive breaks off in the middle of a file".to_owned());
        }
        let most = usize::try_from(self.left.0).unwrap_or(usize::MAX).min(self.come.len());
        self.left.0 -= most as u64;
        Ok(Some(self.come.split_to(most)))
    }

    /// The whole of a short entry.
    async fn words(&mut self) -> Result<Vec<u8>, String> {
        if self.left.0 > MOST_WORDS {
            return Err("the archive says more about a file than a name can need".to_owned());
        }
        let mut words = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            words.extend_from_slice(&chunk);
        }
        Ok(words)
    }

    /// Waits for more to come; `false` at the end.
    async fn more(&mut self) -> Result<bool, String> {
        while self.come.is_empty() {
            match self.bytes.next().await {
                Some(Ok(bytes)) => self.come = bytes,
                Some(Err(error)) => return Err(format!("the upload broke off: {error}")),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    async fn block(&mut self) -> Result<Option<Bytes>, String> {
        let mut block = BytesMut::with_capacity(BLOCK);
        while block.len() < BLOCK {
            if !self.more().await? {
                return Ok(None);
            }
            let most = (BLOCK - block.len()).min(self.come.len());
            block.extend_from_slice(&self.come.split_to(most));
        }
        Ok(Some(block.freeze()))
    }

    async fn skip(&mut self, mut bytes: usize) -> Result<(), String> {
        while bytes > 0 {
            if !self.more().await? {
                return Err("the archive breaks off after a file".to_owned());
            }
            let most = bytes.min(self.come.len());
            bytes -= self.come.split_to(most).len();
        }
        Ok(())
    }

    /// Whoever sends is heard to the end, which is near.
    async fn end(&mut self) -> Result<(), String> {
        let mut after = 0;
        while self.more().await? {
            after += std::mem::take(&mut self.come).len();
            if after > MOST_AFTER {
                return Err("something follows the end of the archive".to_owned());
            }
        }
        Ok(())
    }
}

/// The sum of a header's bytes, with spaces in the place of the sum itself.
fn sum(block: &[u8]) -> u32 {
    let byte = |(at, byte): (usize, &u8)| u32::from(if (148..156).contains(&at) { b' ' } else { *byte });
    block.iter().enumerate().map(byte).sum()
}

/// The name that an extended header gives the next entry. Its size stands in the entry itself for all that is less than
/// 8 GiB; what is larger, tar programs write in a form of their own there.
fn path_of(words: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut path = None;
    for extension in tar::PaxExtensions::new(words) {
        let extension = extension.map_err(|_| "the archive's extended header cannot be read".to_owned())?;
        match extension.key_bytes() {
            b"path" => path = Some(extension.value_bytes().to_vec()),
            b"size" | b"linkpath" | b"GNU.sparse.major" | b"GNU.sparse.name" => {
                return Err(
                    "the archive holds a file in a form of its own; pack it with --format=gnu".to_owned()
                );
            }
            _ => {}
        }
    }
    Ok(path)
}

/// A file's place in the archive; none for the folder itself.
fn entry(name: Vec<u8>, folder: bool) -> Result<Option<Entry>, String> {
    let name = String::from_utf8(name).map_err(|_| "a name in the archive is no text".to_owned())?;
    let path = name.strip_prefix("./").unwrap_or(&name);
    if folder && matches!(path, "" | "." | "./") {
        return Ok(None);
    }
    let path = Path::parse(path).map_err(|rule| format!("“{name}” in it leads elsewhere: {rule}"))?;
    let parts: Vec<&str> = path.segments().collect();
    match parts[..] {
        [_] if folder => Ok(None),
        [file] => Ok(Some(Entry { folder: None, name: file.to_owned() })),
        [folder, file] => Ok(Some(Entry { folder: Some(folder.to_owned()), name: file.to_owned() })),
        _ => Err(format!("“{name}” in it lies too deep: a savepoint is one folder with its files")),
    }
    .and_then(|entry| match entry {
        Some(entry) if folder => {
            Err(format!("“{}” in it is a folder, and a savepoint is one folder with its files", entry.name))
        }
        entry => Ok(entry),
    })
}

fn what(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Link | EntryType::Symlink => "a link",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Fifo => "a pipe",
        EntryType::GNUSparse => "a file with holes",
        _ => "of a kind that is not known",
    }
}
