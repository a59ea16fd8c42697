//! Tables `subscription` and `resource_group`: the scopes that own things.

use domain::event::{Around, Done};
use domain::id::EventId;
use domain::name::{GroupName, SubscriptionName};
use domain::policy::Permission;
use domain::refusal::Refusal;
use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::around::{Change, kept_by};
use super::value::micros;
use super::{Permit, Store, StoreError, Target, taken};

/// A subscription, and the names of its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) groups: Vec<String>,
}

impl Store {
    /// Every subscription by name, with its groups.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
            "select s.id, s.name, g.name from subscription s left join resource_group g on g.subscription = s.id \
             and g.deleted is null where s.deleted is null order by s.name, s.id, g.name",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let mut all: Vec<Subscription> = Vec::new();
        for (id, name, group) in rows {
            if all.last().is_none_or(|last| last.id != id) {
                all.push(Subscription { id, name, groups: Vec::new() });
            }
            if let (Some(last), Some(group)) = (all.last_mut(), group) {
                last.groups.push(group);
            }
        }
        Ok(all)
    }

    /// Makes a subscription.
    ///
    /// # Errors
    /// `Unpermitted`; `Taken`; when the database fails.
    pub(crate) async fn new_subscription(
        &self,
        permit: &Permit,
        name: &SubscriptionName,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Administer, |target| *target == Target::Portal)?;
        let mut tx = self.begin().await?;
        let id = insert_subscription(&mut tx, name, now).await?;
        let change = Change { permit, what: Around::Subscription, done: Done::Created, id: &id, name };
        let event = change.told(&mut tx, "", name, now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Gives a subscription another name.
    ///
    /// # Errors
    /// `Unpermitted`; `Taken`; when the database fails.
    pub(crate) async fn rename_subscription(
        &self,
        permit: &Permit,
        (old, name): (&str, &SubscriptionName),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let id = above(permit)?;
        let mut tx = self.begin().await?;
        sqlx::query("update subscription set name = $1 where id = $2 and deleted is null")
            .bind(name.as_str())
            .bind(&id)
            .execute(&mut *tx)
            .await
            .map_err(taken("name"))?;
        let change = Change { permit, what: Around::Subscription, done: Done::Changed, id: &id, name };
        let event = change.told(&mut tx, old, name, now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Makes a resource group in the subscription that the permit is for.
    ///
    /// # Errors
    /// `Unpermitted`; `Stale` when the subscription is gone; `Taken`; when the database fails.
    pub(crate) async fn new_group(
        &self,
        permit: &Permit,
        name: &GroupName,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let subscription = above(permit)?;
        let mut tx = self.begin().await?;
        // Whoever deletes the subscription waits for this, and finds the group.
        let there = sqlx::query("update subscription set name = name where id = $1 and deleted is null")
            .bind(&subscription)
            .execute(&mut *tx)
            .await?;
        if there.rows_affected() == 0 {
            return Err(StoreError::Stale);
        }
        let id = insert_group(&mut tx, &subscription, name, now).await?;
        let change = Change { permit, what: Around::ResourceGroup, done: Done::Created, id: &id, name };
        let event = change.told(&mut tx, "", name, now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Deletes the subscription or the resource group that the permit is for, if nothing is in it.
    ///
    /// # Errors
    /// `Unpermitted`; `Declined` with the names of what is in it; when the database fails.
    pub(crate) async fn delete_above(
        &self,
        permit: &Permit,
        (what, name): (Around, &str),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let id = above(permit)?;
        let mut tx = self.begin().await?;
        // First the row, so that whoever puts something into it waits.
        let (row, inside) = match what {
            Around::Subscription => (
                "update subscription set deleted = $1 where id = $2 and deleted is null",
                "select name from resource_group where subscription = $1 and deleted is null order by name",
            ),
            _ => (
                "update resource_group set deleted = $1 where id = $2 and deleted is null",
                "select name from pool where resource_group = $1 and deleted is null order by name",
            ),
        };
        let gone = sqlx::query(row).bind(micros(now)).bind(&id).execute(&mut *tx).await?;
        if gone.rows_affected() == 0 {
            return Err(StoreError::Stale);
        }
        let inside: Vec<(String,)> = sqlx::query_as(inside).bind(&id).fetch_all(&mut *tx).await?;
        kept_by(what, name, inside)?;
        if what == Around::Subscription {
            let left: Option<(String,)> =
                sqlx::query_as("select id from subscription where deleted is null limit 1")
                    .fetch_optional(&mut *tx)
                    .await?;
            if left.is_none() {
                return Err(StoreError::Declined(Refusal::InUse(format!(
                    "{name} is the last subscription, and a portal has one. Make another one first."
                ))));
            }
        }
        let change = Change { permit, what, done: Done::Deleted, id: &id, name };
        let event = change.told(&mut tx, name, "", now).await?;
        tx.commit().await?;
        Ok(event)
    }
}

/// The id of the subscription or group that a permit to administer is for.
fn above(permit: &Permit) -> Result<String, StoreError> {
    permit.must(Permission::Administer, |target| matches!(target, Target::Above(_)))?;
    permit.target().key().ok_or(StoreError::Unpermitted)
}

async fn insert_subscription(
    connection: &mut AnyConnection,
    name: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let id = Uuid::now_v7().to_string();
    sqlx::query("insert into subscription (id, row_key, name, created) values ($1, $1, $2, $3)")
        .bind(&id)
        .bind(name)
        .bind(micros(now))
        .execute(connection)
        .await
        .map_err(taken("name"))?;
    Ok(id)
}

async fn insert_group(
    connection: &mut AnyConnection,
    subscription: &str,
    name: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let id = Uuid::now_v7().to_string();
    sqlx::query(
        "insert into resource_group (id, row_key, subscription, name, created) values ($1, $1, $2, $3, $4)",
    )
    .bind(&id)
    .bind(subscription)
    .bind(name)
    .bind(micros(now))
    .execute(connection)
    .await
    .map_err(taken("name"))?;
    Ok(id)
}

/// Makes a subscription with one resource group; gives the group's id.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    subscription: &str,
    group: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let subscription = insert_subscription(&mut *connection, subscription, now).await?;
    insert_group(connection, &subscription, group, now).await
}
