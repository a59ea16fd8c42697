//! Table `revision`: every specification that a cluster ever had. Immutable, written by commands.

use domain::address::Address;
use domain::id::ClusterId;
use domain::lifecycle::Phase;
use domain::spec::ClusterSpec;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::value::{from_json, id, micros, readable, to_json};
use super::{Store, StoreError};

impl Store {
    /// A revision's specification, its secrets sealed.
    ///
    /// # Errors
    /// When the database fails; `Corrupt` when there is no such revision, or it cannot be read.
    pub async fn spec(&self, cluster: ClusterId, revision: u32) -> Result<ClusterSpec, StoreError> {
        let found: Option<(String,)> =
            sqlx::query_as("select spec from revision where cluster = $1 and revision = $2")
                .bind(cluster.to_string())
                .bind(i64::from(revision))
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        let missing = || StoreError::Corrupt(format!("revision.spec of revision {revision} is missing"));
        from_json("revision.spec", &found.ok_or_else(missing)?.0)
    }

    /// What storage must keep for the clusters that there are.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn kept(&self) -> Result<Vec<Kept>, StoreError> {
        let rows: Vec<(String, String, String, String, Option<String>)> = sqlx::query_as(
            "select c.id, c.name, r.spec, s.phase_data, (select l.from_path from run l where l.cluster = c.id \
             order by l.run desc limit 1) from cluster c join status s on s.cluster = c.id \
             join revision r on r.cluster = c.id and r.revision = c.revision where c.deleted is null",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let mut kept = Vec::with_capacity(rows.len());
        for (cluster, name, spec, phase, last_from) in rows {
            // Where phase or specification cannot be read, what the last run and older revisions say is kept.
            let from = match from_json::<Phase>("status.phase_data", &phase) {
                Ok(phase) => phase.launch().and_then(|launch| launch.from.path().map(str::to_owned)),
                Err(_) => last_from,
            };
            let Ok(id) = id::<ClusterId>("cluster.id", &cluster) else { continue };
            let specs = match from_json::<ClusterSpec>("revision.spec", &spec) {
                Ok(spec) => vec![spec],
                Err(_) => self.readable_specs(&cluster).await?,
            };
            // A run may have started from what another cluster left, and starts from it again until its first checkpoint.
            let from = from.and_then(|path| Address::parse(&path).ok());
            for spec in specs {
                let state = [spec.state_folder(id)].into_iter().chain(from.clone()).collect();
                kept.push(Kept { cluster: name.clone(), jar: spec.job.jar, state });
            }
        }
        Ok(kept)
    }

    async fn readable_specs(&self, cluster: &str) -> Result<Vec<ClusterSpec>, StoreError> {
        let rows: Vec<(String,)> =
            sqlx::query_as("select spec from revision where cluster = $1 order by revision desc")
                .bind(cluster)
                .fetch_all(&mut *self.reading().await?)
                .await?;
        readable(rows, |(spec,)| from_json("revision.spec", &spec))
    }
}

/// What storage must keep for one cluster.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// The cluster's name.
    pub(crate) cluster: String,
    /// The current revision's jar.
    pub(crate) jar: Address,
    /// Folders of checkpoints and savepoints.
    pub(crate) state: Vec<Address>,
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
