//! The log files of a cluster's runs, also long after their processes are gone.

use std::io::{Error, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use domain::id::ClusterId;
use domain::view::{LogFile, LogPart};
use jiff::Timestamp;

use super::folder::ClusterFolder;
use super::state::gone;
use super::{LocalProvider, blocking};
use crate::file::remove_tree;

/// The most that is read at once.
const CHUNK: u64 = 64 << 10;
/// A run has some tens of log files. A job may make a million names.
const MOST: usize = 10_000;

impl LocalProvider {
    /// The log files of every run, newest run first, by name within a run.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn logs(&self, cluster: ClusterId) -> std::io::Result<Vec<LogFile>> {
        let folder = self.local.folder(cluster);
        blocking(move || list(&folder)).await
    }

    /// Removes the logs of a run that has ended.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn remove_logs(&self, cluster: ClusterId, run: u32) -> std::io::Result<()> {
        let folder = self.local.folder(cluster).run(run).logs();
        blocking(move || gone(remove_tree(&folder))).await
    }

    /// A part of a log file: from `from` on, or its end.
    ///
    /// # Errors
    /// `NotFound` for a file that is not one of the run's logs.
    pub async fn log(
        &self,
        cluster: ClusterId,
        run: u32,
        name: &str,
        from: Option<u64>,
    ) -> std::io::Result<LogPart> {
        let folder = self.local.folder(cluster).run(run).logs();
        let name = name.to_owned();
        blocking(move || {
            // Only what is listed can be read, so no name leads anywhere else.
            let listed = files(&folder)?.into_iter().any(|(file, _)| file == name);
            if listed { chunk(&folder.join(name), from) } else { Err(Error::from(ErrorKind::NotFound)) }
        })
        .await
    }
}

fn list(cluster: &ClusterFolder) -> std::io::Result<Vec<LogFile>> {
    let mut logs = Vec::new();
    for run in cluster.runs()? {
        for (name, file) in files(&cluster.run(run).logs())? {
            let modified = Timestamp::try_from(file.modified()?).unwrap_or(Timestamp::UNIX_EPOCH);
            logs.push(LogFile { run, name, size: file.len(), modified });
        }
    }
    Ok(logs)
}

/// The files of a folder, by name. A link is not a log.
fn files(folder: &Path) -> std::io::Result<Vec<(String, std::fs::Metadata)>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries.take(MOST) {
        let entry = entry?;
        let file = entry.metadata()?;
        if let (true, Ok(name)) = (file.is_file(), entry.file_name().into_string()) {
            files.push((name, file));
        }
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(files)
}

fn chunk(path: &Path, from: Option<u64>) -> std::io::Result<LogPart> {
    let mut file = crate::file::open(path)?;
    let size = file.metadata()?.len();
    // A file that has become shorter was rolled over: it begins anew.
    let mut from = match from {
        Some(from) if from <= size => from,
        Some(_) => 0,
        None => size.saturating_sub(CHUNK),
    };
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(CHUNK).read_to_end(&mut bytes)?;
    let torn = bytes.iter().take_while(|byte| (0x80..0xc0).contains(*byte)).count().min(3);
    bytes.drain(..torn);
    from += torn as u64;
    bytes.truncate(whole_characters(&bytes));
    let next = from + bytes.len() as u64;
    Ok(LogPart { text: String::from_utf8_lossy(&bytes).into_owned(), from, next })
}

/// How many of the bytes are whole characters: the rest of the last one may not be written yet.
fn whole_characters(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_parts_that_never_split_a_character() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        let text = "ä".repeat(40_000);
        std::fs::write(&path, &text).expect("written");
        let (mut read, mut at) = (String::new(), 0);
        loop {
            let chunk = chunk(&path, Some(at)).expect("read");
            assert_eq!(chunk.from, at);
            if chunk.text.is_empty() {
                break;
            }
            read.push_str(&chunk.text);
            at = chunk.next;
        }
        assert_eq!(read, text);
        let end = chunk(&path, None).expect("read");
        assert_eq!(end.next, text.len() as u64);
        std::fs::write(&path, "short").expect("written");
        assert_eq!(chunk(&path, Some(at)).expect("read").text, "short");
    }

    #[test]
    fn what_a_job_puts_among_its_logs_and_is_no_file_is_no_log() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.log"), "here").expect("written");
        for name in crate::file::tests::strange_things(folder.path()) {
            assert!(chunk(&folder.path().join(name), None).is_err(), "{name}");
        }
        let names: Vec<_> = files(folder.path()).expect("listed").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a.log"]);
    }

    #[test]
    fn an_unfinished_character_waits_for_its_rest() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        std::fs::write(&path, [b'a', 0xc3]).expect("written");
        let part = chunk(&path, Some(0)).expect("read");
        assert_eq!((part.text.as_str(), part.next), ("a", 1));
    }
}
