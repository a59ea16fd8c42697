//! SQL databases.

#[cfg(feature = "ssr")]
use domain::database::DatabaseForm;
use domain::database::{DatabaseReport, SqlDatabase};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// Every SQL database.
#[server(prefix = "/api/ui", endpoint = "databases", input = Json, output = Json)]
pub(crate) async fn databases() -> Result<Vec<SqlDatabase>, ApiError> {
    Ok(desk().await?.databases().await?)
}

/// One of them, by name.
#[server(prefix = "/api/ui", endpoint = "database", input = Json, output = Json)]
pub(crate) async fn database(name: String) -> Result<SqlDatabase, ApiError> {
    Ok(desk().await?.database(&name).await?)
}

/// Names a database. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "new-database", output = Json)]
pub(crate) async fn new_database(
    name: String,
    host: String,
    port: String,
    database: String,
    tls: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.new_database(&DatabaseForm { name, host, port, database, tls }).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Says anew where it is. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "change-database", output = Json)]
pub(crate) async fn change_database(
    name: String,
    host: String,
    port: String,
    database: String,
    tls: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let form = DatabaseForm { name: String::new(), host, port, database, tls };
    desk().await?.change_database(&name, &form).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Forgets it. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "delete-database", output = Json)]
pub(crate) async fn delete_database(name: String, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.delete_database(&name).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Connects for real and says what is there.
#[server(prefix = "/api/ui", endpoint = "test-database", input = Json, output = Json)]
pub(crate) async fn test_database(
    name: String,
    user: String,
    secret: String,
) -> Result<DatabaseReport, ApiError> {
    Ok(desk().await?.test_database(&name, &user, &secret).await?)
}
