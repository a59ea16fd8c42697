//! The sentences for what the machine refuses: what, why, and what now.

use std::io::{Error, ErrorKind};
use std::path::Path;

use domain::secret::Reference;
use ipnet::Ipv4Net;

use super::super::ActError;
use crate::flink::FlinkError;
use crate::storage::StorageError;

/// Another time may be better.
pub(super) fn for_now(message: String) -> ActError {
    ActError { message, retry: true }
}

/// It will not get better by itself.
pub(super) fn for_good(message: String) -> ActError {
    ActError { message, retry: false }
}

pub(super) fn flink(error: FlinkError) -> ActError {
    for_now(format!("{error}. It is asked again."))
}

pub(super) fn storage(error: StorageError) -> ActError {
    match error {
        StorageError::Disk(_) | StorageError::Server(..) | StorageError::Full(_) => {
            for_now(format!("{error} It is tried again."))
        }
        StorageError::NotFound(_) | StorageError::Taken(_) | StorageError::Refused(_) => {
            for_good(error.to_string())
        }
    }
}

/// Whoever launches is given every secret that is named, or the reason why not.
pub(super) fn not_given(reference: Reference) -> ActError {
    for_now(format!("The value of {reference} was not given to the launch. It is tried again."))
}

/// What the disk says, in words.
pub(super) fn disk(error: Error) -> ActError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => for_now(
            "The disk of the data folder is full. Make room on it; it goes on by itself then.".to_owned(),
        ),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => for_now(format!(
            "The data folder cannot be written ({error}). Give the portal the right to write to it; it goes on by \
             itself then."
        )),
        _ => for_now(format!("The machine refuses: {error}. It is tried again.")),
    }
}

pub(super) fn little_room(data: &Path, free: u64, needed: u64) -> ActError {
    for_now(format!(
        "The disk of {} has only {} MB left and a run needs {} MB. Make room on it; it goes on by itself then.",
        data.display(),
        free >> 20,
        needed >> 20
    ))
}

/// It is damaged: that it is there was looked at before.
pub(super) fn lost_jar(revision: u32) -> ActError {
    for_good(format!(
        "The bytes that the portal has kept of revision {revision}'s jar are not what they were: the disk of the data \
         folder may be damaged. Upload the same jar and update the job with it."
    ))
}

/// What is not there now may be there again: nothing is started from less meanwhile.
pub(super) fn no_state(why: &str) -> ActError {
    for_now(format!("{why} It is looked for again; Cancel ends the wait."))
}

pub(super) fn not_removed(why: &str) -> ActError {
    for_now(format!("{why} What the cluster has stored is deleted as soon as it is there."))
}

pub(super) fn no_subnet(subnet: &str) -> ActError {
    for_good(format!(
        "The cluster's pool has the subnet {subnet:?}, which is none, so no run gets an address. Write it like \
         127.4.0.0/16."
    ))
}

pub(super) fn no_address(subnet: &Ipv4Net) -> ActError {
    for_now(format!(
        "Every address of the pool's subnet {subnet} is in use by a run or by another program. Stop a cluster or end \
         that program; it goes on by itself then."
    ))
}

pub(super) fn kill_failed() -> ActError {
    for_now(
        "Processes of an earlier run do not end, even by force. The machine may be short of memory or its disk may \
         hang; it is tried again."
            .to_owned(),
    )
}
