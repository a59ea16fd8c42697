//! Rows as files and programs write them: a map, in which a number or a truth value is the word for it.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};

use super::Pair;

/// Writes the rows in their order.
pub(in crate::draft) fn serialize<S: Serializer>(rows: &[Pair], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(rows.len()))?;
    for row in rows {
        map.serialize_entry(&row.key, &row.value)?;
    }
    map.end()
}

/// Reads them in their order; a key that stands there twice is two rows, which validation tells.
pub(in crate::draft) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Pair>, D::Error> {
    deserializer.deserialize_map(Rows)
}

struct Rows;

impl<'de> Visitor<'de> for Rows {
    type Value = Vec<Pair>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of keys and values")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Vec<Pair>, M::Error> {
        let mut rows = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Scalar>()? {
            rows.push(Pair { key, value: value.word() });
        }
        Ok(rows)
    }
}

/// `4`, `true` and `4 gb` are what people write for options without quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Truth(bool),
    Whole(i64),
    Number(f64),
    Text(String),
}

impl Scalar {
    fn word(self) -> String {
        match self {
            Scalar::Truth(truth) => truth.to_string(),
            Scalar::Whole(number) => number.to_string(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Text(text) => text,
        }
    }
}
