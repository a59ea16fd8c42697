//! What ails a database, and what a person is told of it. Codes: <https://www.sqlite.org/rescode.html>,
//! <https://www.postgresql.org/docs/current/errcodes-appendix.html>.

use sqlx::migrate::MigrateError;

use super::StoreError;

/// Why rows can be neither read nor written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No room on its disk.
    Full,
    /// It may not be written.
    ReadOnly,
    /// Another program holds its lock.
    Locked,
    /// Its disk fails.
    Disk,
    /// Its file is not what it was.
    Damaged,
    /// Too many wait for it.
    Busy,
    /// It does not answer.
    Away,
}

impl Trouble {
    /// What it is, and the way out.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Full => {
                "The disk of the portal's database is full. Free some room; the portal carries on by itself."
            }
            Self::ReadOnly => {
                "The portal's database is read-only. Make it writable; the portal carries on by itself."
            }
            Self::Locked => {
                "Another program holds the lock of the portal's database. End that program; the portal carries on \
                 by itself."
            }
            Self::Disk => {
                "The disk of the portal's database fails. Look into the machine's log; the portal carries on by \
                 itself once it works."
            }
            Self::Damaged => {
                "The portal's database is damaged. End the portal and put a copy of the database in its place; the \
                 clusters run on meanwhile."
            }
            Self::Busy => "The portal's database has too much to do. Try again in a while.",
            Self::Away => {
                "The portal's database does not answer. Try again; the portal carries on by itself."
            }
        }
    }
}

impl StoreError {
    /// What ails the database, if it is the database that failed.
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Db(error) => Some(of(error)),
            Self::Busy => Some(Trouble::Busy),
            Self::Stale
            | Self::Taken(_)
            | Self::Full { .. }
            | Self::Declined(_)
            | Self::Leaving(_)
            | Self::Unpermitted
            | Self::Corrupt(_)
            | Self::Newer
            | Self::Sealed(_) => None,
        }
    }
}

fn of(error: &sqlx::Error) -> Trouble {
    let error = match error {
        sqlx::Error::Database(error) => error,
        sqlx::Error::Migrate(error) => match error.as_ref() {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => return of(error),
            _ => return Trouble::Away,
        },
        _ => return Trouble::Away,
    };
    let Some(code) = error.code() else { return Trouble::Away };
    match code.as_ref() {
        "53100" => return Trouble::Full,
        "25006" => return Trouble::ReadOnly,
        "XX001" | "XX002" => return Trouble::Damaged,
        "58030" => return Trouble::Disk,
        _ => {}
    }
    // SQLite's are short, and say more in their upper bits.
    match code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff) {
        Some(13) => Trouble::Full,
        Some(8) => Trouble::ReadOnly,
        Some(5 | 6) => Trouble::Locked,
        Some(10) => Trouble::Disk,
        Some(11 | 26) => Trouble::Damaged,
        _ => Trouble::Away,
    }
}
