//! Whether a container is there. An empty folder, such as a mount point with nothing mounted on it, looks like a
//! container with nothing in it; taken for one, a job would begin from nothing. So each container carries a file by
//! which it is known, and without it the container is *not there*, never empty. Nobody makes it again by itself.

use std::io;

use domain::address::Address;
use domain::name::{AccountName, ContainerName};

use super::Storage;
use crate::file;

/// The file by which a container is known.
pub(super) const FILE: &str = ".penstock-container";

/// Says that the containers of a data folder carry their files: an older portal did not know them.
const GIVEN: &str = "containers-are-known";

impl Storage {
    /// Gives a container its file. Only when a person makes it, or begins to use it.
    ///
    /// # Errors
    /// When there is no such folder, or it cannot be written.
    pub(crate) fn identify(&self, account: &AccountName, container: &ContainerName) -> io::Result<()> {
        self.mark(account.as_str(), container.as_str())
    }

    /// Why the container of an address is not there; none if it is.
    pub(crate) fn not_there(&self, address: &Address) -> Option<String> {
        let (account, container) = (address.account(), address.container());
        if let Some(remote) = self.remotes.get(account) {
            return remote.not_there(container);
        }
        let folder = self.root.join(account.as_str());
        if !folder.is_dir() {
            return Some(format!(
                "The storage account {account} is not there: {} is missing. Mount or restore it.",
                folder.display()
            ));
        }
        let folder = folder.join(container.as_str());
        let identity = folder.join(FILE);
        if file::is_file(&identity) {
            let named = std::fs::read_to_string(&identity).unwrap_or_default();
            let named = named.split_whitespace().next().unwrap_or_default();
            return (named != format!("{account}/{container}")).then(|| {
                format!(
                    "In the place of the container {container} of the storage account {account} is another one: {} \
                     says that it is {named}. Mount or restore the right one.",
                    identity.display()
                )
            });
        }
        Some(format!(
            "The container {container} of the storage account {account} is not there: {} lacks the file {FILE} by \
             which it is known, as an empty mount point does. Mount or restore it.",
            folder.display()
        ))
    }

    /// Gives their files to the containers that an older portal made, once.
    pub(super) fn identify_older(&self, first: (&str, &str), new: bool) -> io::Result<()> {
        if new {
            std::fs::create_dir_all(self.root.join(first.0).join(first.1))?;
            self.mark(first.0, first.1)?;
        }
        let given = self.data.join(GIVEN);
        if given.exists() {
            return Ok(());
        }
        for account in folders(&self.root)? {
            for container in folders(&self.root.join(&account))? {
                self.mark(&account, &container)?;
            }
        }
        file::write(&given, b"")
    }

    fn mark(&self, account: &str, container: &str) -> io::Result<()> {
        let path = self.root.join(account).join(container).join(FILE);
        if file::is_file(&path) {
            return Ok(());
        }
        file::write(
            &path,
            format!("{account}/{container} is a container of Penstock. Leave this file.\n").as_bytes(),
        )
    }
}

/// The names of the folders in a folder; none if that is not there.
fn folders(folder: &std::path::Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let folder = |entry: std::fs::DirEntry| {
        entry.file_type().is_ok_and(|kind| kind.is_dir()).then(|| entry.file_name())
    };
    Ok(entries.filter_map(|entry| folder(entry.ok()?)?.into_string().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address::parse("abfs://flink@lake.dfs.core.windows.net/x").expect("an address")
    }

    #[test]
    fn an_empty_folder_in_the_place_of_a_container_is_not_taken_for_it() {
        let data = tempfile::tempdir().expect("a folder");
        let open = |new| Storage::open(data.path(), ("lake", "flink"), new).expect("it opens");
        assert_eq!(open(true).not_there(&address()), None);
        let account = data.path().join("storage").join("lake");
        std::fs::rename(&account, data.path().join("away")).expect("unmounted");
        let storage = open(false);
        assert!(!account.exists(), "nobody makes it again");
        assert!(storage.not_there(&address()).is_some_and(|why| why.contains("lake is not there")));
        std::fs::create_dir_all(account.join("flink")).expect("a mount point");
        assert!(open(false).not_there(&address()).is_some_and(|why| why.contains("empty mount point")));
        std::fs::write(account.join("flink").join(FILE), "lake/other is a container").expect("another's");
        let another = open(false).not_there(&address()).expect("it is another one");
        assert!(another.contains("says that it is lake/other"), "{another}");
        std::fs::remove_dir_all(&account).expect("the mount point");
        std::fs::rename(data.path().join("away"), &account).expect("mounted again");
        assert_eq!(open(false).not_there(&address()), None);
    }

    #[test]
    fn containers_of_an_older_portal_are_known_from_its_first_start_on() {
        let data = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(data.path().join("storage/lake/flink")).expect("as it was");
        let storage = Storage::open(data.path(), ("lake", "flink"), false).expect("it opens");
        assert_eq!(storage.not_there(&address()), None);
    }
}
