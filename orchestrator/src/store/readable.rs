//! Column `pool.readable`: the folders that a pool lets its jobs read.

use domain::event::Event;
use domain::id::EventId;
use domain::policy::Permission;
use jiff::Timestamp;

use super::audit::{self, Audit};
use super::event::{self, NewEvent};
use super::pool::Pool;
use super::value::to_json;
use super::{Permit, Store, StoreError, Target};

impl Store {
    /// Changes the folders, with audit row and event.
    ///
    /// # Errors
    /// `Unpermitted`; `Stale` when somebody else changed them since the pool was read; when the database fails.
    pub(crate) async fn let_read(
        &self,
        permit: &Permit,
        pool: &Pool,
        folders: &[String],
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Administer, |target| *target == Target::Pool(pool.id))?;
        let actor = permit.actor();
        let (before, after) = (to_json(&pool.readable)?, to_json(&folders)?);
        let mut tx = self.begin().await?;
        let changed = sqlx::query("update pool set readable = $1 where id = $2 and readable = $3")
            .bind(&after)
            .bind(pool.id.to_string())
            .bind(&before)
            .execute(&mut *tx)
            .await?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::Stale);
        }
        let entry =
            Audit { actor, action: "pool/READABLE".to_owned(), target: pool.id.to_string(), before, after };
        audit::insert(&mut tx, &entry, now).await?;
        let what = Event::ReadableChanged { pool: pool.path.name().to_owned(), folders: folders.to_vec() };
        let event = NewEvent::done_by(actor, what);
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }
}
