//! SQL databases: rows, and what a test of one finds, against a real PostgreSQL and against what is none.

use std::time::Duration;

use domain::database::{DatabaseForm, HiveSchema};
use domain::refusal::Refusal;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::TestPortal;
use super::database::on_both;

on_both! {
    a_database_is_named_changed_and_forgotten,
    what_is_wrong_with_a_database_is_said,
}

fn form(host: &str, port: u16, database: &str) -> DatabaseForm {
    DatabaseForm {
        name: "hive".to_owned(),
        host: host.to_owned(),
        port: port.to_string(),
        database: database.to_owned(),
        tls: "disable".to_owned(),
    }
}

async fn a_database_is_named_changed_and_forgotten(portal: TestPortal) {
    let desk = &portal.desk;
    desk.new_database(&form("db.example.com", 5432, "hive")).await.expect("named");
    assert_eq!(
        desk.new_database(&form("x", 1, "y")).await.expect_err("taken").code(),
        "ResourceAlreadyExists"
    );
    let wrong = desk.new_database(&DatabaseForm::default()).await.expect_err("nothing was typed");
    assert_eq!(wrong.findings().len(), 5, "{wrong}");
    desk.change_database("hive", &form("other.example.com", 5433, "hive")).await.expect("changed");
    let there = desk.databases().await.expect("databases");
    assert_eq!((there.len(), &*there[0].host, there[0].port), (1, "other.example.com", 5433));
    desk.delete_database("hive").await.expect("forgotten");
    assert!(matches!(desk.database("hive").await, Err(Refusal::NotFound(_))));
    let history = desk.activity(&Default::default()).await.expect("a history").events;
    for title in ["SQL database made", "SQL database changed", "SQL database deleted"] {
        assert!(history.iter().any(|event| event.title == title), "{title}");
    }
}

async fn what_is_wrong_with_a_database_is_said(portal: TestPortal) {
    let desk = &portal.desk;
    desk.new_vault("kv").await.expect("made");
    desk.write_secret("kv", "right", "sesame-right", "").await.expect("written");
    let test = async |form: DatabaseForm, user: &str, secret: &str| {
        drop(desk.delete_database("hive").await);
        desk.new_database(&form).await.expect("named");
        desk.test_database("hive", user, secret).await
    };
    let refused = test(form("127.0.0.1", 1, "x"), " ", "kv/right").await.expect_err("no user");
    assert_eq!(refused.target(), Some("user"));
    for secret in ["", "kv", "kv/none", "no/right"] {
        let refused = test(form("127.0.0.1", 1, "x"), "me", secret).await.expect_err("no secret");
        assert_eq!(refused.target(), Some("secret"), "{refused}");
    }
    let closed =
        TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("its address").port();
    let refused = test(form("127.0.0.1", closed, "x"), "me", "kv/right").await.expect_err("a closed port");
    assert!(refused.to_string().contains("Nothing listens at 127.0.0.1"), "{refused}");
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("its address").port();
    let began = std::time::Instant::now();
    let refused = test(form("127.0.0.1", port, "x"), "me", "kv/right").await.expect_err("a silent server");
    assert!(refused.to_string().contains("did not answer within 10 seconds"), "{refused}");
    assert!(began.elapsed() < Duration::from_secs(15));

    // A server that asks for the password, is given it, and does not take it.
    let port = one_that_refuses("sesame-right").await;
    let refused = test(form("127.0.0.1", port, "x"), "me", "kv/right").await.expect_err("a wrong password");
    assert!(refused.to_string().contains("does not take the password of me"), "{refused}");
    assert!(!refused.to_string().contains("sesame"), "{refused}");

    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else { return };
    let world = Foreign::on(&server).await;
    let at = |database: &str| form(&world.host, world.port, database);
    let report = test(at(&world.empty), &world.user, "kv/right").await.expect("it answers");
    assert_eq!(
        (&report.schema, report.creates, report.wrong()),
        (&HiveSchema::None, true, None),
        "{report:?}"
    );
    assert!(report.server.starts_with(|c: char| c.is_ascii_digit()), "{report:?}");
    let report = test(at(&world.old), &world.user, "${kv/right}").await.expect("it answers");
    assert_eq!(report.schema, HiveSchema::Version { version: "2.3.0".to_owned() });
    assert!(report.wrong().is_some_and(|why| why.contains("3.1.0")));
    let refused = test(at("nowhere"), &world.user, "kv/right").await.expect_err("no such database");
    assert!(refused.to_string().contains("has no database “nowhere”"), "{refused}");
    let report = test(at(&world.empty), &world.poor, "kv/right").await.expect("it answers");
    assert!(!report.creates && report.wrong().is_some_and(|why| why.contains("Grant CREATE")), "{report:?}");
    let readings = desk.vault("kv").await.expect("there").readings;
    assert!(readings.iter().any(|one| one.purpose == "a test of the database hive"), "{readings:?}");
    world.end(&server).await;
}

/// The port of a server that speaks PostgreSQL as far as it takes to refuse a password.
async fn one_that_refuses(expected: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("somebody comes");
        let startup = stream.read_u32().await.expect("its length");
        stream.read_exact(&mut vec![0; startup as usize - 4]).await.expect("the rest");
        // Tell me the password, in clear.
        stream.write_all(b"R\0\0\0\x08\0\0\0\x03").await.expect("asked");
        assert_eq!(stream.read_u8().await.expect("an answer"), b'p');
        let length = stream.read_u32().await.expect("its length") as usize;
        let mut password = vec![0; length - 4];
        stream.read_exact(&mut password).await.expect("the password");
        assert_eq!(password, format!("{expected}\0").as_bytes());
        let fields = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"me\"\0\0";
        let mut answer = vec![b'E'];
        answer.extend(u32::try_from(fields.len() + 4).expect("it is short").to_be_bytes());
        answer.extend(fields);
        stream.write_all(&answer).await.expect("told");
    });
    port
}

/// Databases and a user of a real server, for one test.
struct Foreign {
    host: String,
    port: u16,
    user: String,
    /// A database without tables.
    empty: String,
    /// One of an older metastore.
    old: String,
    /// Somebody who may make no table.
    poor: String,
}

impl Foreign {
    async fn on(server: &str) -> Self {
        let options: PgConnectOptions = server.parse().expect("an address");
        let mark = Uuid::new_v4().simple();
        let world = Self {
            host: options.get_host().to_owned(),
            port: options.get_port(),
            user: options.get_username().to_owned(),
            empty: format!("empty_{mark}"),
            old: format!("old_{mark}"),
            poor: format!("poor_{mark}"),
        };
        let Self { empty, old, poor, .. } = &world;
        for statement in [
            format!("create database {empty}"),
            format!("create database {old}"),
            format!("create role {poor} login"),
        ] {
            on(server, "", statement).await;
        }
        on(server, empty, "revoke create on schema public from public".to_owned()).await;
        on(server, old, "create table \"VERSION\" (\"SCHEMA_VERSION\" varchar(127))".to_owned()).await;
        on(server, old, "insert into \"VERSION\" values ('2.3.0')".to_owned()).await;
        world
    }

    async fn end(self, server: &str) {
        let Self { empty, old, poor, .. } = self;
        for statement in
            [format!("drop database {empty}"), format!("drop database {old}"), format!("drop role {poor}")]
        {
            on(server, "", statement).await;
        }
    }
}

/// One statement in a database of the server; in none that is named, in its own.
async fn on(server: &str, database: &str, statement: String) {
    let mut options: PgConnectOptions = server.parse().expect("an address");
    if !database.is_empty() {
        options = options.database(database);
    }
    let mut connection = PgConnection::connect_with(&options).await.expect("it answers");
    // The names in it are ours.
    connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement))).await.expect("done");
    connection.close().await.expect("closed");
}
