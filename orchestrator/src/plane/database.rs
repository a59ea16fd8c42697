//! Which database a data folder has, and what is said of one that cannot be opened, is missing, or is another's.

use std::path::Path;

use domain::id::ClusterId;

use crate::error::OpenError;
use crate::store::{Store, StoreError, Trouble};

/// The database of a data folder that names no other.
pub(super) const FILE: &str = "penstock.db";

/// Opens the database, and sees to it that it is the one of the clusters whose processes run.
///
/// # Errors
/// A sentence: it cannot be opened, or it knows none of them.
pub(super) async fn open_for(
    data: &Path,
    database: Option<&str>,
    running: &[ClusterId],
) -> Result<Store, OpenError> {
    let file = data.join(FILE);
    // A new one would be made, and nobody would look after them any more.
    let made_anew = database.is_none() && file.metadata().map_or(0, |file| file.len()) == 0;
    if made_anew && !running.is_empty() {
        return Err(stranger(data, database, running));
    }
    let store = open(data, database).await?;
    let known = store.knows(running).await.map_err(|error| unusable(data, database, &error))?;
    if known == 0 && !running.is_empty() {
        store.close().await;
        return Err(stranger(data, database, running));
    }
    if known < running.len() {
        tracing::warn!(
            "{} of the {} clusters whose processes run are not in the database; nobody looks after these.",
            running.len() - known,
            running.len()
        );
    }
    Ok(store)
}

/// Opens the database, migrating it.
///
/// # Errors
/// A sentence.
pub(super) async fn open(data: &Path, database: Option<&str>) -> Result<Store, OpenError> {
    let url = match database {
        Some(url) => url.to_owned(),
        None => format!("sqlite://{}?mode=rwc", data.join(FILE).display()),
    };
    Store::open(&url).await.map_err(|error| unusable(data, database, &error))
}

/// The URL may hold a password: it is not repeated.
fn name(data: &Path, database: Option<&str>) -> String {
    match database {
        Some(_) => "The database that --database names".to_owned(),
        None => format!("The database {}", data.join(FILE).display()),
    }
}

fn stranger(data: &Path, database: Option<&str>, running: &[ClusterId]) -> OpenError {
    let clusters = match running.len() {
        1 => "A cluster of this data folder runs".to_owned(),
        several => format!("{several} clusters of this data folder run"),
    };
    OpenError(format!(
        "{clusters}, and its rows are not there. {} is missing, empty, or another one's. Put the right one back, or \
         name it with --database: the clusters run on and are found again. To give them up, `penstock clean --data {}` \
         ends their processes and removes the folder.",
        name(data, database),
        data.display()
    ))
}

fn unusable(data: &Path, database: Option<&str>, error: &StoreError) -> OpenError {
    let name = name(data, database);
    let data = data.display();
    OpenError(match error {
        StoreError::Newer => format!(
            "{name} was written by a newer version of Penstock. Start that version; this one leaves it as it is."
        ),
        _ if error.trouble() == Some(Trouble::Damaged) => format!(
            "{name} is damaged ({error}). Put a copy of it in its place, with the files beside it that begin with its \
             name; the clusters run on meanwhile and are found again. Without a copy, `sqlite3 penstock.db .recover` \
             may save what is left; to begin anew, `penstock clean --data {data}` ends every cluster and removes the \
             folder."
        ),
        _ => format!("{name} cannot be opened: {error}."),
    })
}
