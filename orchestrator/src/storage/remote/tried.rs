//! Whether an account really does what is asked of it: a small object is written, found, read and deleted.

use std::time::Duration;

use domain::address::{Address, Path};
use domain::name::{AccountName, ContainerName};
use domain::view::Try;
use futures::TryStreamExt;
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt, PutPayload};
use uuid::Uuid;

use super::connect::Client;
use super::sentence;
use super::{Remote, wait};
use crate::storage::{Storage, StorageError, disk};

/// All of it takes no longer.
const ALL: Duration = Duration::from_secs(10);

impl Storage {
    /// The same with a container of this machine.
    pub(in crate::storage) fn tried_here(
        &self,
        account: &AccountName,
        container: &ContainerName,
    ) -> Result<Vec<Try>, StorageError> {
        let root = Address::new(account.clone(), container.clone(), Path::default());
        if let Some(why) = self.not_there(&root) {
            return Ok(vec![Try { step: STEPS[0].to_owned(), failed: Some(why) }]);
        }
        let folder = self.resolve(&root)?;
        let file = folder.join(format!(".penstock-test-{}", Uuid::new_v4().simple()));
        let steps: [&dyn Fn() -> std::io::Result<()>; 4] = [
            &|| std::fs::read_dir(&folder).map(drop),
            &|| std::fs::write(&file, SAID),
            &|| match std::fs::read_to_string(&file)? == SAID {
                true => Ok(()),
                false => Err(std::io::Error::other("the disk gives other bytes than were written")),
            },
            &|| std::fs::remove_file(&file),
        ];
        let mut done = Vec::new();
        for (name, step) in STEPS.iter().zip(steps) {
            let failed = step().err().map(|error| disk(&root, &error).to_string());
            let ends = failed.is_some();
            done.push(Try { step: (*name).to_owned(), failed });
            if ends {
                break;
            }
        }
        Ok(done)
    }
}

impl Remote {
    /// Tries one container: what was done, and the sentence of what failed, after which nothing is tried.
    pub(crate) fn tried(&self, container: &ContainerName) -> Result<Vec<Try>, StorageError> {
        let (client, what) = (self.client(container)?, format!("{}/{container}", self.spec.name));
        self.known.forget();
        wait(async move {
            let mut done = Vec::new();
            let trying = tokio::time::timeout(ALL, all(&client, &what, &mut done)).await;
            let failed = trying.unwrap_or_else(|_| Err(sentence::silent(&what))).err();
            if let Some(error) = failed {
                let step = STEPS.get(done.len()).copied().unwrap_or("Delete");
                done.push(Try { step: step.to_owned(), failed: Some(error.to_string()) });
            }
            Ok(done)
        })
    }
}

const SAID: &str = "Penstock tries whether it may write here. Delete this if it is still here.\n";
const STEPS: [&str; 4] = ["List", "Write", "Read", "Delete"];

async fn all(client: &Client, what: &str, done: &mut Vec<Try>) -> Result<(), StorageError> {
    let failed = |error: object_store::Error| sentence::of(&what, &error);
    let key = Key::from(format!(".penstock-test-{}", Uuid::new_v4().simple()));
    let mut step = |name: &str| done.push(Try { step: name.to_owned(), failed: None });
    let mut listed = client.store.list(None);
    listed.try_next().await.map_err(failed)?;
    step(STEPS[0]);
    client.store.put(&key, PutPayload::from(SAID)).await.map_err(failed)?;
    step(STEPS[1]);
    let read = client.store.get(&key).await.map_err(failed)?.bytes().await.map_err(failed)?;
    if read != SAID {
        return Err(StorageError::Disk(format!(
            "The storage server of {what} gives other bytes than were written. Do not use it."
        )));
    }
    step(STEPS[2]);
    client.store.delete(&key).await.map_err(failed)?;
    step(STEPS[3]);
    Ok(())
}
