//! Table `more_jar`: the jars beside the job's own in the class path of a revision, by their bytes. Written with the
//! revision, and as immutable.

use domain::address::Address;
use domain::artifact::{Artifact, KeptJar};
use domain::id::ClusterId;
use sqlx::AnyConnection;

use super::value::{id, large, micros, signed, time};
use super::{Store, StoreError};

impl Store {
    /// More jars of a revision, in their order.
    ///
    /// # Errors
    /// When the database fails; `Corrupt` when a row cannot be read.
    pub async fn more_jars(&self, cluster: ClusterId, revision: u32) -> Result<Vec<KeptJar>, StoreError> {
        let rows: Vec<(String, String, i64, Option<i64>)> = sqlx::query_as(
            "select address, sha256, size, modified from more_jar where cluster = $1 and revision = $2 \
             order by position",
        )
        .bind(cluster.to_string())
        .bind(i64::from(revision))
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let jar = |(address, digest, size, modified): (String, String, i64, Option<i64>)| {
            let address = Address::parse(&address)
                .map_err(|_| StoreError::Corrupt(format!("more_jar.address of revision {revision}")))?;
            let sha256 = id("more_jar.sha256", &digest)?;
            let artifact = Artifact { sha256, size: large(size), modified: modified.map(time) };
            Ok(KeptJar { address, artifact })
        };
        rows.into_iter().map(jar).collect()
    }
}

/// Writes those of a new revision.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    (cluster, revision): (ClusterId, u32),
    jars: &[KeptJar],
) -> Result<(), StoreError> {
    for (position, KeptJar { address, artifact }) in (0_i64..).zip(jars) {
        sqlx::query(
            "insert into more_jar (cluster, revision, position, address, sha256, size, modified) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(cluster.to_string())
        .bind(i64::from(revision))
        .bind(position)
        .bind(address.to_string())
        .bind(artifact.sha256.to_string())
        .bind(signed(artifact.size))
        .bind(artifact.modified.map(micros))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
