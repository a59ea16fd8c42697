//! What is written down when somebody changes what clusters stand in, and what is said of what is needed still.

use domain::event::{Around, Done, Event};
use domain::id::EventId;
use domain::refusal::Refusal;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::audit::{self, Audit};
use super::event::{self, NewEvent};
use super::{Permit, StoreError};

/// As many names as a sentence bears.
const MOST_NAMES: usize = 5;

/// A change of a subscription, resource group, pool, network or subnet.
pub(super) struct Change<'a> {
    pub(super) permit: &'a Permit,
    pub(super) what: Around,
    pub(super) done: Done,
    /// The row's id.
    pub(super) id: &'a str,
    /// Its name, with that of what it lies in.
    pub(super) name: &'a str,
}

impl Change<'_> {
    /// Writes audit row and event. Call it last in its transaction.
    pub(super) async fn told(
        &self,
        connection: &mut AnyConnection,
        before: &str,
        after: &str,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let actor = self.permit.actor();
        let action = format!("{}/{}", self.what.word(), self.done.word().to_uppercase());
        let (before, after) = (before.to_owned(), after.to_owned());
        let entry = Audit { actor, action, target: self.id.to_owned(), before, after };
        audit::insert(&mut *connection, &entry, now).await?;
        let event = Event::Around {
            what: self.what,
            done: self.done,
            name: self.name.to_owned(),
            by: actor.name.clone(),
        };
        event::append(connection, &[NewEvent::done_by(actor, event)], now).await
    }
}

/// `Declined` with the names of what is in something, or needs it.
pub(super) fn kept_by(what: Around, name: &str, inside: Vec<(String,)>) -> Result<(), StoreError> {
    if inside.is_empty() {
        return Ok(());
    }
    let (holds, way_out) = match what {
        Around::Subscription => ("holds the resource groups", "Delete them first."),
        Around::ResourceGroup => ("holds the cluster pools", "Delete them first."),
        Around::Pool | Around::Network | Around::Subnet => ("has the clusters", "Delete them first."),
    };
    let names = named(&inside);
    Err(StoreError::Declined(Refusal::InUse(format!(
        "The {} {name} {holds} {names}. {way_out}",
        what.word()
    ))))
}

/// `a, b, c and 4 more`.
pub(super) fn named(names: &[(String,)]) -> String {
    let first: Vec<&str> = names.iter().take(MOST_NAMES).map(|(name,)| name.as_str()).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
