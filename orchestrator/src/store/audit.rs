//! Table `audit`: who asked for what, with before and after. Append-only, written by commands.

use domain::id::EventId;
use domain::policy::{Actor, Permission};
use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::event::{self, NewEvent};
use super::{Permit, Store, StoreError, Target, value::micros};

/// One entry.
#[derive(Clone, Debug)]
pub struct Audit<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// What: `cluster/STOP`.
    pub action: String,
    /// On what: an id or a path.
    pub target: String,
    /// What was, as JSON; may be empty.
    pub before: String,
    /// What is, as JSON; may be empty.
    pub after: String,
}

impl Store {
    /// What a command did to files of a storage account.
    pub(crate) async fn note(
        &self,
        permit: &Permit,
        entry: &Audit<'_>,
        event: NewEvent,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::UseStorage, |target| {
            matches!(target, Target::Account(_) | Target::State(..))
        })?;
        let mut tx = self.begin().await?;
        insert(&mut tx, entry, now).await?;
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    entry: &Audit<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into audit (id, at, actor, actor_name, action, target, before_json, after_json) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(micros(now))
    .bind(entry.actor.id.to_string())
    .bind(&entry.actor.name)
    .bind(&entry.action)
    .bind(&entry.target)
    .bind(&entry.before)
    .bind(&entry.after)
    .execute(connection)
    .await?;
    Ok(())
}
