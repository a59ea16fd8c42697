//! Table `person`: who may sign in. What they may do is in `role_assignment`.

use domain::id::PrincipalId;
use domain::policy::Actor;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::value::{id, micros};
use super::{Store, StoreError};

impl Store {
    /// The first owner of everything, if the first link was redeemed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_owner(&self) -> Result<Option<Actor>, StoreError> {
        let row: Option<(String, String)> = sqlx::query_as(
            "select p.id, p.name from person p join role_assignment a on a.principal = p.id \
             where a.role = 'Owner' and a.scope = '/' order by p.created, p.id limit 1",
        )
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        row.map(|(id, name)| actor(&id, &name)).transpose()
    }

    /// A person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn person(&self, person: PrincipalId) -> Result<Option<Actor>, StoreError> {
        let row: Option<(String, String)> = sqlx::query_as("select id, name from person where id = $1")
            .bind(person.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        row.map(|(id, name)| actor(&id, &name)).transpose()
    }
}

pub(super) fn actor(person: &str, name: &str) -> Result<Actor, StoreError> {
    Ok(Actor::person(id("person.id", person)?, name))
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("insert into person (id, name, created) values ($1, $2, $3)")
        .bind(actor.id.to_string())
        .bind(&actor.name)
        .bind(micros(now))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn find(connection: &mut AnyConnection, person: PrincipalId) -> Result<Actor, StoreError> {
    let (id, name): (String, String) = sqlx::query_as("select id, name from person where id = $1")
        .bind(person.to_string())
        .fetch_one(connection)
        .await?;
    actor(&id, &name)
}
