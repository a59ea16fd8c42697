//! Table `sql_database`: where the databases of Hive metastores are. Written by commands.

use domain::database::{SqlDatabase, Tls};
use domain::event::ResourceAct;
use domain::id::EventId;
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::value::{micros, readable, small, to_json};
use super::vault::Done;
use super::{Permit, Store, StoreError, taken};

#[derive(FromRow)]
struct Row {
    name: String,
    host: String,
    port: i64,
    database_name: String,
    tls: String,
}

impl Row {
    fn database(self) -> Result<SqlDatabase, StoreError> {
        let corrupt = |column: &str| StoreError::Corrupt(format!("sql_database.{column} is none"));
        Ok(SqlDatabase {
            name: self.name,
            host: self.host,
            port: u16::try_from(small(self.port)).map_err(|_| corrupt("port"))?,
            database: self.database_name,
            tls: Tls::named(&self.tls).ok_or_else(|| corrupt("tls"))?,
        })
    }
}

impl Store {
    /// Every database, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn sql_databases(&self) -> Result<Vec<SqlDatabase>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("select name, host, port, database_name, tls from sql_database order by name")
                .fetch_all(&mut *self.reading().await?)
                .await?;
        readable(rows, Row::database)
    }

    /// Writes a new one.
    ///
    /// # Errors
    /// `Unpermitted`; `Taken`; when the database fails.
    pub(crate) async fn make_sql_database(
        &self,
        permit: &Permit,
        new: &SqlDatabase,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin_around(permit).await?;
        sqlx::query(
            "insert into sql_database (id, name, host, port, database_name, tls, made, made_by_name) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(&new.name)
        .bind(&new.host)
        .bind(i64::from(new.port))
        .bind(&new.database)
        .bind(new.tls.name())
        .bind(micros(now))
        .bind(&permit.actor().name)
        .execute(&mut *tx)
        .await
        .map_err(taken("name"))?;
        let (name, after) = (new.name.clone(), to_json(new)?);
        let done = Done { what: ResourceAct::DatabaseMade, name, before: String::new(), after };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok(last)
    }

    /// Writes where the one of that name is from now on; none if there is none.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn change_sql_database(
        &self,
        permit: &Permit,
        (before, new): (&SqlDatabase, &SqlDatabase),
        now: Timestamp,
    ) -> Result<Option<Option<EventId>>, StoreError> {
        let mut tx = self.begin_around(permit).await?;
        let changed = sqlx::query(
            "update sql_database set host = $1, port = $2, database_name = $3, tls = $4 where name = $5",
        )
        .bind(&new.host)
        .bind(i64::from(new.port))
        .bind(&new.database)
        .bind(new.tls.name())
        .bind(&before.name)
        .execute(&mut *tx)
        .await?;
        if changed.rows_affected() == 0 {
            tx.roll_back().await?;
            return Ok(None);
        }
        let (name, before, after) = (before.name.clone(), to_json(before)?, to_json(new)?);
        let done = Done { what: ResourceAct::DatabaseChanged, name, before, after };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok(Some(last))
    }

    /// Takes the row away; none if there is none. What lies in the database stays there.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn delete_sql_database(
        &self,
        permit: &Permit,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Option<EventId>>, StoreError> {
        let mut tx = self.begin_around(permit).await?;
        let gone =
            sqlx::query("delete from sql_database where name = $1").bind(name).execute(&mut *tx).await?;
        if gone.rows_affected() == 0 {
            tx.roll_back().await?;
            return Ok(None);
        }
        let (what, name) = (ResourceAct::DatabaseDeleted, name.to_owned());
        let done = Done { what, name, before: String::new(), after: String::new() };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok(Some(last))
    }
}
