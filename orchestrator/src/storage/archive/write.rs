//! A savepoint's folder as an archive, file by file while it is sent.

use std::ffi::CString;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use domain::address::Address;
use futures::Stream;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use super::{BLOCK, MOST_FILES, padding};
use crate::file::Folder;
use crate::storage::remote::Remote;
use crate::storage::{Storage, StorageError, disk, is_complete, missing};

/// So much of a file is read at once, bytes.
const CHUNK: usize = 64 << 10;

impl Storage {
    /// The archive of the savepoint at an address: its size, and its bytes.
    ///
    /// # Errors
    /// `Refused`: it is none, or something in it is no file; the disk.
    pub(crate) fn packed(
        &self,
        address: &Address,
    ) -> Result<(u64, impl Stream<Item = io::Result<Bytes>> + Send + use<>), StorageError> {
        if address.name().starts_with("chk-") {
            return Err(StorageError::Refused(format!(
                "{address} is a checkpoint: it refers to files by where they lie, and nothing could start from it \
                 elsewhere. Take a savepoint and download that."
            )));
        }
        let (size, packing) = match self.remotes().get(address.account()) {
            Some(remote) => self.packing_there(&remote, address)?,
            None => self.packing(address)?,
        };
        let bytes = futures::stream::try_unfold(packing, |mut packing| async move {
            Ok(packing.next().await?.map(|chunk| (chunk, packing)))
        });
        Ok((size + 2 * BLOCK as u64, bytes))
    }

    fn packing(&self, address: &Address) -> Result<(u64, Packing), StorageError> {
        let place = self.resolve(address)?;
        let refused = |why: String| StorageError::Refused(why);
        if !place.is_dir() {
            return Err(StorageError::NotFound(address.to_string()));
        }
        if !is_complete(&place) {
            return Err(refused(format!("{address} is no savepoint: its _metadata is missing.")));
        }
        let folder = Folder::open(&place).map_err(|error| missing(address, &error))?;
        let names = folder.names(MOST_FILES).map_err(|error| disk(address, &error))?;
        if names.len() > MOST_FILES {
            return Err(refused(format!(
                "{address} holds more than {MOST_FILES} files, too many for one archive."
            )));
        }
        let mut files = Vec::with_capacity(names.len());
        for name in names {
            let shown = name.to_string_lossy().into_owned();
            let found = folder.file(&name).and_then(|file| file.metadata());
            let found =
                found.map_err(|error| refused(format!("{shown} in {address} cannot be packed: {error}.")))?;
            let modified = found.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let header = header(address.name(), &shown, found.len(), modified.unwrap_or_default().as_secs())
                .map_err(|error| refused(format!("{shown} in {address} cannot be packed: {error}.")))?;
            files.push(File { name, header, size: found.len() });
        }
        Ok(packing_of(Source::Here(folder), files))
    }

    /// The same of one in a remote account: its objects are read one after the other.
    fn packing_there(&self, remote: &Arc<Remote>, address: &Address) -> Result<(u64, Packing), StorageError> {
        if remote.written(address)?.is_none() {
            return Err(match remote.entry_at(address) {
                Ok(_) => {
                    StorageError::Refused(format!("{address} is no savepoint: its _metadata is missing."))
                }
                Err(error) => error,
            });
        }
        let mut files = Vec::new();
        for (name, size, written) in remote.files_of(address, MOST_FILES)? {
            let cannot =
                |why: String| StorageError::Refused(format!("{name} in {address} cannot be packed: {why}."));
            let header = header(address.name(), &name, size, u64::try_from(written.as_second()).unwrap_or(0))
                .map_err(|error| cannot(error.to_string()))?;
            let name = CString::new(name.clone()).map_err(|error| cannot(error.to_string()))?;
            files.push(File { name, header, size });
        }
        Ok(packing_of(Source::There(remote.clone(), address.clone()), files))
    }
}

/// An archive that begins, and how long it is without its end.
fn packing_of(source: Source, files: Vec<File>) -> (u64, Packing) {
    let size = files.iter().map(|file| file.size.next_multiple_of(BLOCK as u64) + BLOCK as u64).sum::<u64>();
    (size, Packing { source, files: files.into_iter(), open: None, ended: false })
}

/// Where the files of a savepoint are.
enum Source {
    Here(Folder),
    There(Arc<Remote>, Address),
}

impl Source {
    async fn open(&self, name: &CString) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        match self {
            Source::Here(folder) => Ok(Box::new(tokio::fs::File::from_std(folder.file(name)?))),
            Source::There(remote, folder) => {
                let name = name.to_str().map_err(io::Error::other)?;
                let path = folder.path().join(name).map_err(io::Error::other)?;
                let address = Address::new(folder.account().clone(), folder.container().clone(), path);
                let (_, bytes) = remote.stream(&address).await.map_err(io::Error::other)?;
                Ok(Box::new(StreamReader::new(bytes)))
            }
        }
    }
}

/// A file to be packed.
struct File {
    name: CString,
    header: Bytes,
    size: u64,
}

fn header(folder: &str, name: &str, size: u64, modified: u64) -> io::Result<Bytes> {
    let mut header = tar::Header::new_ustar();
    header.set_path(format!("{folder}/{name}"))?;
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(0o644);
    header.set_size(size);
    header.set_mtime(modified);
    header.set_cksum();
    Ok(Bytes::copy_from_slice(header.as_bytes()))
}

/// An archive under way.
struct Packing {
    source: Source,
    files: std::vec::IntoIter<File>,
    /// The file that is being read, how much of it is left, and what fills its last block.
    open: Option<(Box<dyn AsyncRead + Send + Unpin>, u64, usize)>,
    ended: bool,
}

impl Packing {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        match self.open.take() {
            None | Some((_, 0, 0)) => {}
            Some((_, 0, fill)) => return Ok(Some(Bytes::from(vec![0; fill]))),
            Some((mut file, left, fill)) => {
                let most = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
                let mut chunk = vec![0; most];
                let read = file.read(&mut chunk).await?;
                if read == 0 {
                    let why = "the savepoint became shorter while it was sent";
                    return Err(io::Error::new(ErrorKind::UnexpectedEof, why));
                }
                chunk.truncate(read);
                self.open = Some((file, left - read as u64, fill));
                return Ok(Some(chunk.into()));
            }
        }
        match self.files.next() {
            Some(File { name, header, size }) => {
                let file = self.source.open(&name).await?;
                self.open = Some((file, size, padding(size)));
                Ok(Some(header))
            }
            None if self.ended => Ok(None),
            None => {
                self.ended = true;
                Ok(Some(Bytes::from_static(&[0; 2 * BLOCK])))
            }
        }
    }
}
