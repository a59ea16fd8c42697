//! Table `revision`: every specification that a cluster ever had. Immutable, written by commands.

use domain::id::ClusterId;
use domain::spec::ClusterSpec;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::value::{from_json, micros, to_json};
use super::{Store, StoreError};

impl Store {
    /// A revision's specification.
    ///
    /// # Errors
    /// When the database fails or there is no such revision.
    pub async fn spec(&self, cluster: ClusterId, revision: u32) -> Result<ClusterSpec, StoreError> {
        let (spec,): (String,) =
            sqlx::query_as("select spec from revision where cluster = $1 and revision = $2")
                .bind(cluster.to_string())
                .bind(i64::from(revision))
                .fetch_one(&self.pool)
                .await?;
        from_json(&spec)
    }

    /// By cluster name, what its storage must keep: the current revision's jar and every savepoint and checkpoint.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn stored_places(&self) -> Result<Vec<(String, Vec<String>)>, StoreError> {
        let specs: Vec<(String, String, String)> = sqlx::query_as(
            "select c.id, c.name, r.spec from cluster c join revision r on r.cluster = c.id \
             and r.revision = c.revision where c.deleted is null",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut places = Vec::with_capacity(specs.len());
        for (id, name, spec) in specs {
            let spec: ClusterSpec = from_json(&spec)?;
            let mut kept = vec![spec.job.jar.to_string()];
            let snapshots: Vec<(String,)> = sqlx::query_as("select path from snapshot where cluster = $1")
                .bind(id)
                .fetch_all(&self.pool)
                .await?;
            kept.extend(snapshots.into_iter().map(|(path,)| path));
            places.push((name, kept));
        }
        Ok(places)
    }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    revision: u32,
    spec: &ClusterSpec,
    actor: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into revision (cluster, revision, spec, actor_name, created) values ($1, $2, $3, $4, $5)",
    )
    .bind(cluster.to_string())
    .bind(i64::from(revision))
    .bind(to_json(spec)?)
    .bind(actor)
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(())
}
