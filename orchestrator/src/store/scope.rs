//! Tables `subscription` and `resource_group`: the scopes that own things.

use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::{StoreError, value::micros};

/// Makes a subscription with one resource group; gives the group's id.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    subscription: &str,
    group: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let subscription_id = Uuid::now_v7().to_string();
    sqlx::query("insert into subscription (id, name, created) values ($1, $2, $3)")
        .bind(&subscription_id)
        .bind(subscription)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    let group_id = Uuid::now_v7().to_string();
    sqlx::query("insert into resource_group (id, subscription, name, created) values ($1, $2, $3, $4)")
        .bind(&group_id)
        .bind(&subscription_id)
        .bind(group)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    Ok(group_id)
}
