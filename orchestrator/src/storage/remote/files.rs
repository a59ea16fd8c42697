//! Objects as files and folders: a folder is what names have in common.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path as FilePath;

use bytes::Bytes;
use domain::address::{Address, Path};
use domain::view::{Entry, EntryKind};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::client::HttpService;
use object_store::list::PaginatedListOptions;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt};

use super::known::Seen;
use super::{Remote, sentence, soon, wait};
use crate::storage::{StorageError, identity};

/// Entries of one page.
pub(crate) const PAGE: usize = 100;
/// So many folders of a page are asked at once whether they are savepoints.
const AT_ONCE: usize = 16;

/// A page of what stands in a folder, and by what the next one is asked for.
pub(crate) type Page = (Vec<Entry>, Option<String>);

impl Remote {
    /// A page of what stands in a folder: folders first, then files, by name.
    pub(crate) fn list(&self, address: &Address, after: Option<String>) -> Result<Page, StorageError> {
        let client = self.client(address.container())?;
        let (folder, what) = (address.clone(), address.to_string());
        let page = soon(what.clone(), async move {
            let prefix = match folder.path().as_str() {
                "" => String::new(),
                path => format!("{path}/"),
            };
            let options = PaginatedListOptions {
                delimiter: Some("/".into()),
                max_keys: Some(PAGE),
                page_token: after,
                ..PaginatedListOptions::default()
            };
            let prefix = Some(prefix.as_str()).filter(|prefix| !prefix.is_empty());
            let page = client.pages.0.list_paginated(prefix, options).await;
            let page = page.map_err(|error| sentence::of(&what, &error))?;
            let names = page.result.common_prefixes.iter().filter_map(|prefix| entry_name(&folder, prefix));
            let folders = futures::stream::iter(names.collect::<Vec<_>>()).map(|name| {
                let (store, folder) = (client.store.clone(), folder.clone());
                async move { folder_entry(store, &folder, &name).await }
            });
            let mut entries: Vec<Entry> =
                folders.buffered(AT_ONCE).filter_map(|entry| async { entry }).collect().await;
            let names: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
            let files = page.result.objects.iter().filter_map(|object| file_entry(&folder, object));
            // What marks a folder stands beside it under the same name.
            entries.extend(files.filter(|file| file.size > 0 || !names.contains(&file.name)));
            Ok((entries, page.page_token))
        });
        let (mut entries, next) = page?;
        entries
            .sort_by(|a, b| (a.kind == EntryKind::File, &a.name).cmp(&(b.kind == EntryKind::File, &b.name)));
        Ok((entries, next))
    }

    /// What is known of one object; none if it is not there.
    pub(super) fn seen(&self, address: &Address) -> Result<Option<Seen>, StorageError> {
        let (container, path) = (address.container(), address.path().as_str());
        match self.known.object(container, path) {
            Some(known) => Ok(known),
            None => self.seen_now(address),
        }
    }

    /// The same, asked anew.
    pub(super) fn seen_now(&self, address: &Address) -> Result<Option<Seen>, StorageError> {
        let (container, path) = (address.container(), address.path().as_str());
        let (client, key, what) = (self.client(container)?, key(address)?, address.to_string());
        let seen = soon(what.clone(), async move {
            match client.store.head(&key).await {
                Ok(object) => Ok(Some(seen(&object))),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(sentence::of(&what, &error)),
            }
        })?;
        self.known.saw(container, path, seen);
        Ok(seen)
    }

    /// What stands at an address.
    pub(crate) fn entry_at(&self, address: &Address) -> Result<Entry, StorageError> {
        if let Some(seen) = self.seen(address)?
            && address.name() != identity::FILE
        {
            return Ok(Entry {
                name: address.name().to_owned(),
                kind: EntryKind::File,
                address: address.to_string(),
                size: seen.size,
                modified: Some(seen.modified),
                clusters: 0,
            });
        }
        let (inside, _) = self.list(address, None)?;
        if inside.is_empty() && !address.path().is_root() {
            return Err(StorageError::NotFound(address.to_string()));
        }
        let complete = inside.iter().any(|entry| entry.name == "_metadata" && entry.size > 0);
        Ok(folder(address.clone(), if complete { EntryKind::Savepoint } else { EntryKind::Folder }))
    }

    /// The bytes of a file as they come, and how many there are.
    pub(crate) async fn stream(
        &self,
        address: &Address,
    ) -> Result<(u64, BoxStream<'static, std::io::Result<Bytes>>), StorageError> {
        let (client, key, what) = (self.client(address.container())?, key(address)?, address.to_string());
        let found = client.store.get(&key).await.map_err(|error| sentence::of(&what, &error))?;
        let size = found.meta.size;
        let broken =
            move |error: object_store::Error| std::io::Error::other(sentence::of(&what, &error).to_string());
        Ok((size, found.into_stream().map_err(broken).boxed()))
    }

    /// Writes the bytes of a file into one of this machine.
    pub(crate) fn fetch(&self, address: &Address, into: &FilePath) -> Result<(), StorageError> {
        let (client, key, what) = (self.client(address.container())?, key(address)?, address.to_string());
        let into = into.to_owned();
        wait(async move {
            let failed = |error: object_store::Error| sentence::of(&what, &error);
            let mut bytes = client.store.get(&key).await.map_err(failed)?.into_stream();
            let disk = |error: std::io::Error| crate::storage::disk(&what, &error);
            let mut file = std::fs::File::create(&into).map_err(disk)?;
            while let Some(chunk) = bytes.try_next().await.map_err(failed)? {
                file.write_all(&chunk).map_err(disk)?;
            }
            Ok(())
        })
    }

    /// Every object below an address, whatever its depth; no more than `most`.
    pub(super) fn below(&self, address: &Address, most: usize) -> Result<Vec<(String, Seen)>, StorageError> {
        let (client, key, what) = (self.client(address.container())?, key(address)?, address.to_string());
        wait(async move {
            let mut found = Vec::new();
            let mut objects = client.store.list(Some(&key));
            while let Some(object) = objects.try_next().await.map_err(|error| sentence::of(&what, &error))? {
                found.push((object.location.to_string(), seen(&object)));
                if found.len() >= most {
                    break;
                }
            }
            Ok(found)
        })
    }

    /// Deletes objects, the deepest first: where folders are real, one that holds something refuses to go.
    pub(super) fn delete_objects(
        &self,
        address: &Address,
        mut paths: Vec<String>,
    ) -> Result<(), StorageError> {
        let (client, what) = (self.client(address.container())?, address.to_string());
        let http = self.http()?;
        paths.sort_by_key(|path| std::cmp::Reverse(path.matches('/').count()));
        let marked = paths.into_iter().map(|path| {
            let marker = self.marker(address.container(), &path)?;
            Ok((path, marker))
        });
        let marked = marked.collect::<Result<Vec<_>, StorageError>>()?;
        let deleted = wait(async move {
            for (path, marker) in marked {
                let key = Key::parse(&path).map_err(|error| StorageError::Refused(error.to_string()))?;
                match client.store.delete(&key).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(sentence::of(&what, &error)),
                }
                // Whether a folder was marked nobody knows: a listing shows the marker by the folder's name.
                if let Some(marker) = marker {
                    let answer = HttpService::call(&http, marker).await;
                    answer.map_err(|_| sentence::failed(sentence::Meaning::Away, &what))?;
                }
            }
            Ok(())
        });
        self.known.forget();
        deleted
    }
}

/// The key of the object at an address.
pub(super) fn key(address: &Address) -> Result<Key, StorageError> {
    Key::parse(address.path().as_str())
        .map_err(|error| StorageError::Refused(format!("{address} is no place in an object store: {error}.")))
}

pub(super) fn seen(object: &ObjectMeta) -> Seen {
    let modified = Timestamp::from_second(object.last_modified.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut version = DefaultHasher::new();
    (&object.e_tag, &object.version, object.last_modified.timestamp_millis()).hash(&mut version);
    Seen { size: object.size, modified, version: version.finish() }
}

/// The address of what lies below another one.
fn inside(folder: &Address, path: &str) -> Option<Address> {
    let path = Path::parse(path).ok()?;
    Some(Address::new(folder.account().clone(), folder.container().clone(), path))
}

fn entry_name(folder: &Address, key: &Key) -> Option<String> {
    let name = key.as_ref().trim_end_matches('/').rsplit('/').next()?.to_owned();
    folder.path().join(&name).ok().map(|_| name)
}

fn file_entry(folder: &Address, object: &ObjectMeta) -> Option<Entry> {
    let address = inside(folder, object.location.as_ref())?;
    let hidden = address.name() == identity::FILE || address.path() == folder.path();
    let Seen { size, modified, .. } = seen(object);
    (!hidden).then(|| Entry {
        name: address.name().to_owned(),
        kind: EntryKind::File,
        address: address.to_string(),
        size,
        modified: Some(modified),
        clusters: 0,
    })
}

/// Only what is called like a savepoint or a checkpoint is asked whether it is one.
async fn folder_entry(store: std::sync::Arc<dyn ObjectStore>, above: &Address, name: &str) -> Option<Entry> {
    let path = above.path().join(name).ok()?;
    let address = Address::new(above.account().clone(), above.container().clone(), path);
    let perhaps = name.starts_with("savepoint-") || name.starts_with("chk-");
    let complete = match Key::parse(format!("{}/_metadata", address.path())) {
        Ok(metadata) if perhaps => store.head(&metadata).await.is_ok_and(|object| object.size > 0),
        Ok(_) | Err(_) => false,
    };
    Some(folder(address, if complete { EntryKind::Savepoint } else { EntryKind::Folder }))
}

fn folder(address: Address, kind: EntryKind) -> Entry {
    Entry {
        name: address.name().to_owned(),
        kind,
        address: address.to_string(),
        size: 0,
        modified: None,
        clusters: 0,
    }
}
