//! Whether a folder of an account can be written to, by writing to it: nothing stays of it.

use std::io::Write;
use std::path::PathBuf;

use domain::address::Address;
use uuid::Uuid;

use super::{Storage, disk};

impl Storage {
    /// Writes a small file into a folder, makes sure of it and removes it, with the folders that it was made in. Blocks.
    ///
    /// # Errors
    /// The sentence that says why it cannot be written there.
    pub(crate) fn try_writing(&self, folder: &Address) -> Result<(), String> {
        if let Some(why) = self.not_there(folder) {
            return Err(why);
        }
        if let Some(remote) = self.remotes().get(folder.account()) {
            let tried = remote.tried(folder.container()).map_err(|error| error.to_string())?;
            return tried.into_iter().find_map(|step| step.failed).map_or(Ok(()), Err);
        }
        let place = self.resolve(folder).map_err(|error| error.to_string())?;
        let mut made: Vec<PathBuf> =
            place.ancestors().take_while(|above| !above.exists()).map(PathBuf::from).collect();
        let written = || {
            std::fs::create_dir_all(&place)?;
            let file = place.join(format!(".tried-{}", Uuid::new_v4().simple()));
            let written = std::fs::File::create_new(&file)
                .and_then(|mut written| written.write_all(b"written").and_then(|()| written.sync_all()));
            let removed = std::fs::remove_file(&file);
            written.and(removed)
        };
        let written = written().map_err(|error| disk(folder, &error).to_string());
        made.retain(|folder| folder.exists());
        // From within outwards. One in which somebody else has put something stays.
        made.iter().for_each(|folder| drop(std::fs::remove_dir(folder)));
        written
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_was_tried_leaves_nothing_and_what_cannot_be_written_says_so() {
        let data = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(data.path(), ("lake", "flink"), true).expect("it opens");
        let at = |text: &str| Address::parse(text).expect("an address");
        let container = data.path().join("storage/lake/flink");
        storage.try_writing(&at("lake/flink/a/b c")).expect("it can be written");
        assert!(!container.join("a").exists());
        std::fs::create_dir(container.join("there")).expect("made");
        storage.try_writing(&at("lake/flink/there")).expect("it can be written");
        assert_eq!(std::fs::read_dir(container.join("there")).expect("it stays").count(), 0);

        let away = storage.try_writing(&at("lake/other/a")).expect_err("no such container");
        assert!(away.contains("is not there"), "{away}");
        std::fs::write(container.join("file"), "x").expect("written");
        let file = storage.try_writing(&at("lake/flink/file/a")).expect_err("a file is no folder");
        assert!(file.contains("lake"), "{file}");
        std::fs::set_permissions(container.join("there"), PermissionsExt::from_mode(0o500)).expect("closed");
        // Whoever may do everything is refused nothing.
        if !rustix::process::geteuid().is_root() {
            let closed = storage.try_writing(&at("lake/flink/there/a")).expect_err("it is closed");
            assert!(closed.contains("may not write"), "{closed}");
        }
    }
}
