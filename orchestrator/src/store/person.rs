//! Table `person`: who may sign in.

use domain::id::PersonId;
use domain::policy::{Actor, Role};
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::value::{id, micros};
use super::{Store, StoreError};

impl Store {
    /// The first owner, if the first link was redeemed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_owner(&self) -> Result<Option<Actor>, StoreError> {
        let row: Option<(String, String, String)> = sqlx::query_as(
            "select id, name, role from person where role = 'Owner' order by created, id limit 1",
        )
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        row.map(|(id, name, role)| actor(&id, name, &role)).transpose()
    }
}

pub(super) fn actor(person: &str, name: String, role: &str) -> Result<Actor, StoreError> {
    Ok(Actor { id: id("person.id", person)?, name, role: role_named(role)? })
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("insert into person (id, name, role, created) values ($1, $2, $3, $4)")
        .bind(actor.id.to_string())
        .bind(&actor.name)
        .bind(role_word(actor.role))
        .bind(micros(now))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn find(connection: &mut AnyConnection, person: PersonId) -> Result<Actor, StoreError> {
    let (id, name, role): (String, String, String) =
        sqlx::query_as("select id, name, role from person where id = $1")
            .bind(person.to_string())
            .fetch_one(connection)
            .await?;
    actor(&id, name, &role)
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Reader => "Reader",
        Role::Contributor => "Contributor",
        Role::Owner => "Owner",
    }
}

fn role_named(word: &str) -> Result<Role, StoreError> {
    match word {
        "Reader" => Ok(Role::Reader),
        "Contributor" => Ok(Role::Contributor),
        "Owner" => Ok(Role::Owner),
        _ => Err(StoreError::Corrupt("person.role is no role".to_owned())),
    }
}
