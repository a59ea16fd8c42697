//! A PostgreSQL database that is not the portal's: connected to for real, looked at, and left.

use std::io::ErrorKind;
use std::time::Duration;

use domain::database::{DatabaseReport, HiveSchema, SqlDatabase, Tls};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection};

/// For everything together.
const PATIENCE: Duration = Duration::from_secs(10);

/// Signs in and looks.
///
/// # Errors
/// The sentence that says what is wrong, and the way out. It holds no password.
pub(crate) async fn look(at: &SqlDatabase, user: &str, password: &str) -> Result<DatabaseReport, String> {
    let place = format!("{}:{}", at.host, at.port);
    match tokio::time::timeout(PATIENCE, connected(at, user, password)).await {
        Ok(found) => found.map_err(|error| sentence(&error, at, user, &place)),
        Err(_) => Err(format!(
            "{place} did not answer within {} seconds. Look whether the server runs and a firewall lets the portal \
             through.",
            PATIENCE.as_secs()
        )),
    }
}

async fn connected(at: &SqlDatabase, user: &str, password: &str) -> Result<DatabaseReport, sqlx::Error> {
    let tls = match at.tls {
        Tls::Disable => PgSslMode::Disable,
        Tls::Require => PgSslMode::Require,
        Tls::VerifyFull => PgSslMode::VerifyFull,
    };
    let options = PgConnectOptions::new_without_pgpass()
        .host(&at.host)
        .port(at.port)
        .username(user)
        .password(password)
        .database(&at.database)
        .ssl_mode(tls)
        .application_name("penstock")
        .disable_statement_logging();
    let mut connection = PgConnection::connect_with(&options).await?;
    let (server, tables, creates): (String, bool, bool) = sqlx::query_as(
        "select current_setting('server_version'), to_regclass('\"VERSION\"') is not null, \
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)",
    )
    .fetch_one(&mut connection)
    .await?;
    let schema = if tables {
        let row: Option<(String,)> =
            sqlx::query_as("select \"SCHEMA_VERSION\"::text from \"VERSION\" limit 1")
                .fetch_optional(&mut connection)
                .await?;
        HiveSchema::Version { version: row.map(|(version,)| version).unwrap_or_default() }
    } else {
        HiveSchema::None
    };
    // Who hangs up first is none of the portal's concern.
    let _ = connection.close().await;
    Ok(DatabaseReport { server, schema, creates })
}

fn sentence(error: &sqlx::Error, at: &SqlDatabase, user: &str, place: &str) -> String {
    match error {
        sqlx::Error::Database(said) => match said.code().as_deref() {
            Some("28P01") => format!(
                "{place} does not take the password of {user}. Write the right one into the key vault."
            ),
            Some("28000") => format!(
                "{place} does not let {user} in: {}. Make the user there, or let it in (pg_hba.conf).",
                said.message()
            ),
            Some("3D000") => {
                format!("{place} has no database “{}”. Make it there, or name another one.", at.database)
            }
            Some("53300") => format!("{place} takes no more connections. Allow more there, or end some."),
            Some("42501") => {
                format!("{user} may not read the metastore's tables: {}. Grant it the right.", said.message())
            }
            _ => format!("{place} refused: {}.", said.message().trim_end_matches('.')),
        },
        sqlx::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
            format!("Nothing listens at {place}. Start the server, or correct host and port.")
        }
        sqlx::Error::Io(error) => {
            format!("{place} cannot be reached: {error}. Correct host and port, or look at the network.")
        }
        sqlx::Error::Tls(error) => format!(
            "TLS with {place} fails: {error}. Correct the server's certificate, or choose another TLS mode."
        ),
        error => format!("What answers at {place} is no PostgreSQL that can be understood: {error}."),
    }
}
