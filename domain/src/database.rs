//! SQL databases in which Hive metastores keep their tables: where one is, and what was found there.

use serde::{Deserialize, Serialize};

use crate::name::DatabaseName;
use crate::refusal::{Finding, Refusal};

/// The schema version of the metastore that this portal runs.
pub const HIVE_SCHEMA: &str = "3.1.0";

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Not at all: for a server on this machine.
    Disable,
    /// Encrypted; whose certificate it is, nobody looks.
    Require,
    /// Encrypted, with a certificate for that host by an authority that this machine trusts.
    VerifyFull,
}

impl Tls {
    /// Every one, the weakest first.
    pub const ALL: [Tls; 3] = [Tls::Disable, Tls::Require, Tls::VerifyFull];

    /// Its word, that of PostgreSQL.
    pub fn name(self) -> &'static str {
        match self {
            Tls::Disable => "disable",
            Tls::Require => "require",
            Tls::VerifyFull => "verify-full",
        }
    }

    /// The one of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tls| tls.name() == name)
    }

    /// What it means.
    pub fn words(self) -> &'static str {
        match self {
            Tls::Disable => "none: for a server on this machine",
            Tls::Require => "encrypted, any certificate",
            Tls::VerifyFull => "encrypted, and the certificate is checked",
        }
    }
}

/// Where a PostgreSQL database is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlDatabase {
    /// Its name in the portal.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The database's name there.
    pub database: String,
    /// How connections are protected.
    pub tls: Tls,
}

/// The same as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DatabaseForm {
    /// Its name in the portal.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: String,
    /// The database's name there.
    pub database: String,
    /// How connections are protected.
    pub tls: String,
}

impl DatabaseForm {
    /// Where it is.
    ///
    /// # Errors
    /// `InvalidSpec` with everything that is wrong at once.
    pub fn read(&self) -> Result<SqlDatabase, Refusal> {
        let mut wrong = Vec::new();
        let mut add = |field: &str, value: &str, message: String| {
            wrong.push(Finding { field: field.to_owned(), value: value.to_owned(), message });
        };
        let name = self.name.trim();
        if let Err(rule) = DatabaseName::try_from(name) {
            add("name", name, rule);
        }
        let host = self.host.trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
        if host.is_empty() || host.len() > 253 || !host.chars().all(plain) {
            add(
                "host",
                host,
                format!("“{host}” is no host. Write a name such as db.example.com, or an address."),
            );
        }
        let port = self.port.trim();
        let number = port.parse::<u16>().ok().filter(|number| *number > 0);
        if number.is_none() {
            add(
                "port",
                port,
                format!("“{port}” is no port. Write a number from 1 to 65535; PostgreSQL's is 5432."),
            );
        }
        let database = self.database.trim();
        if database.is_empty() || database.len() > 63 || database.chars().any(char::is_control) {
            add("database", database, "A database's name has 1 to 63 visible characters.".to_owned());
        }
        let tls = Tls::named(self.tls.trim());
        if tls.is_none() {
            let all = Tls::ALL.map(Tls::name).join(", ");
            add("tls", self.tls.trim(), format!("Choose how connections are protected: {all}."));
        }
        match (number, tls) {
            (Some(port), Some(tls)) if wrong.is_empty() => Ok(SqlDatabase {
                name: name.to_owned(),
                host: host.to_owned(),
                port,
                database: database.to_owned(),
                tls,
            }),
            _ => Err(Refusal::InvalidSpec(wrong)),
        }
    }
}

/// What a metastore has in a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HiveSchema {
    /// Nothing yet: the first metastore makes its tables.
    None,
    /// Tables of this version.
    Version {
        /// As the metastore wrote it: `3.1.0`.
        version: String,
    },
}

/// What was found behind a connection that was really made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseReport {
    /// The server's version: `15.8`.
    pub server: String,
    /// What a metastore has there.
    pub schema: HiveSchema,
    /// Whether the user may make tables.
    pub creates: bool,
}

impl DatabaseReport {
    /// Why a metastore cannot work there; none if it can.
    pub fn wrong(&self) -> Option<String> {
        match &self.schema {
            HiveSchema::Version { version } if version != HIVE_SCHEMA => Some(format!(
                "It holds a metastore's tables of version “{version}”, and the metastore here needs {HIVE_SCHEMA}. Bring \
                 them to {HIVE_SCHEMA} by Hive's schematool, or name another database."
            )),
            HiveSchema::None if !self.creates => Some(
                "It is empty, and the user may not make tables there. Grant CREATE on its schema to the user.".to_owned(),
            ),
            HiveSchema::Version { .. } | HiveSchema::None => None,
        }
    }

    /// What was found, in a sentence.
    pub fn words(&self) -> String {
        let schema = match &self.schema {
            HiveSchema::None => format!("no metastore's tables yet (the first one makes {HIVE_SCHEMA})"),
            HiveSchema::Version { version } => format!("a metastore's tables of version {version}"),
        };
        let creates = if self.creates { "may" } else { "may not" };
        format!("PostgreSQL {}, {schema}; the user {creates} make tables.", self.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let good = DatabaseForm {
            name: "hive".into(),
            host: "db.example.com".into(),
            port: "5432".into(),
            database: "metastore".into(),
            tls: "verify-full".into(),
        };
        assert_eq!(good.read().expect("good").tls, Tls::VerifyFull);
        let wrong = DatabaseForm {
            name: "No Good".into(),
            host: "a b".into(),
            port: "0".into(),
            ..DatabaseForm::default()
        };
        let fields: Vec<_> =
            wrong.read().expect_err("wrong").findings().into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["name", "host", "port", "database", "tls"]);
        assert!(Tls::ALL.into_iter().all(|tls| Tls::named(tls.name()) == Some(tls)));
    }

    #[test]
    fn what_a_metastore_cannot_work_with_is_said() {
        let report = |schema, creates| DatabaseReport { server: "15.8".into(), schema, creates };
        let version = |version: &str| HiveSchema::Version { version: version.to_owned() };
        assert_eq!(report(HiveSchema::None, true).wrong(), None);
        assert_eq!(report(version("3.1.0"), false).wrong(), None);
        assert!(report(version("2.3.0"), true).wrong().is_some_and(|why| why.contains("“2.3.0”")));
        assert!(report(HiveSchema::None, false).wrong().is_some_and(|why| why.contains("Grant CREATE")));
    }
}
