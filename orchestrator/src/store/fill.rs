//! Pictures of clusters for benches: rows in a state that nobody brought about. Nothing but the `fill` example uses it.

use domain::id::{ClusterId, OperationId};
use domain::state::State;
use jiff::Timestamp;

use super::status::{attention, group_word};
use super::value::micros;
use super::{Store, StoreError};

/// A cluster's picture.
#[derive(Clone, Copy, Debug)]
pub struct Picture {
    /// The cluster.
    pub cluster: ClusterId,
    /// The operation that is to look ended.
    pub operation: OperationId,
    /// The state that is to be shown.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
}

impl Store {
    /// Shows the cluster in a state, not due in this century.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn paint(&self, picture: &Picture) -> Result<(), StoreError> {
        let Picture { cluster, operation, state, since } = *picture;
        let mut tx = self.begin().await?;
        sqlx::query(
            "update status set settled = 1, noticed = 1, state = $1, state_group = $2, attention = $3, since = $4, \
             step = '', result_operation = $5, result_action = 'CREATE', result_succeeded = 1, result_at = $4, \
             result_message = 'Create succeeded', job_id = $6, run = 1, due_at = $7 where cluster = $8",
        )
        .bind(state.name())
        .bind(group_word(state.group()))
        .bind(attention(state))
        .bind(micros(since))
        .bind(operation.to_string())
        .bind(cluster.job_id(1))
        .bind(micros(Timestamp::MAX))
        .bind(cluster.to_string())
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "update operation set ended = $1, succeeded = 1, message = 'Create succeeded' where id = $2",
        )
        .bind(micros(since))
        .bind(operation.to_string())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

impl Store {
    /// No longer waits for the disk (SQLite): a folder that is only filled for a bench may be lost with the power.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hurry(&self) -> Result<(), StoreError> {
        let mut connections = Vec::new();
        for _ in 0..self.pool.options().get_max_connections() {
            connections.push(self.pool.acquire().await?);
        }
        for connection in &mut connections {
            if connection.backend_name() == "SQLite" {
                sqlx::query("pragma synchronous = off").execute(&mut **connection).await?;
            }
        }
        Ok(())
    }
}
