//! How values stand in columns: times as microseconds, ids and JSON as text.

use domain::spec::Capacity;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::StoreError;

pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn time(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(crate) fn id<T: std::str::FromStr>(column: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt(format!("{column} is none of the kind")))
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// What stands in the column is not repeated: it may hold a secret.
pub(crate) fn from_json<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            Category::Data => "holds something else",
            Category::Io | Category::Syntax | Category::Eof => "is no JSON",
        };
        StoreError::Corrupt(format!("{column} {what} from character {} on", error.column()))
    })
}

/// The rows that can be read. Of the others the log tells: what is shown to people must not end with the first of them.
pub(crate) fn readable<Row, T>(
    rows: Vec<Row>,
    read: impl Fn(Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        match read(row) {
            Ok(one) => all.push(one),
            Err(error @ StoreError::Corrupt(_)) => tracing::debug!(%error, "a row is left out"),
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// Counts and numbers of runs are small; a wrong one in the database must not end the portal.
pub(crate) fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

pub(crate) fn large(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Thousandths of cores, and MB.
pub(crate) fn capacity((cpu_milli, memory_mb): (i64, i64)) -> Capacity {
    Capacity { cpu_milli: large(cpu_milli), memory_mb: large(memory_mb) }
}

/// A figure in thousandths.
#[expect(clippy::cast_possible_truncation, reason = "saturates, and rates are far below")]
pub(crate) fn milli(value: f64) -> i64 {
    (value * 1000.0).round() as i64
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub(crate) fn from_milli(value: i64) -> f64 {
    value as f64 / 1000.0
}

/// A `like` pattern for "contains". Names are lower-case, and so is what is looked for.
pub(crate) fn pattern(text: &str) -> String {
    format!("%{}%", escaped(&text.to_lowercase()))
}

/// The text with what `like` would read as a sign escaped.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
