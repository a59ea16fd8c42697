//! Table `revision`: every specification that a cluster ever had. Immutable, written by commands.

use domain::address::Address;
use domain::id::ClusterId;
use domain::lifecycle::Phase;
use domain::spec::ClusterSpec;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::value::{from_json, id, micros, to_json};
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
                .fetch_one(&mut *self.reading().await?)
                .await?;
        from_json(&spec)
    }

    /// What storage must keep for the clusters that there are.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn kept(&self) -> Result<Vec<Kept>, StoreError> {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "select c.id, c.name, r.spec, s.phase_data from cluster c join status s on s.cluster = c.id \
             join revision r on r.cluster = c.id and r.revision = c.revision where c.deleted is null",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let kept = rows.into_iter().map(|(cluster, name, spec, phase)| {
            let (spec, phase): (ClusterSpec, Phase) = (from_json(&spec)?, from_json(&phase)?);
            let own = spec.state_folder(id(&cluster)?);
            // A run may have started from what another cluster left, and starts from it again until its first checkpoint.
            let from = phase.launch().and_then(|launch| Address::parse(launch.from.path()?).ok());
            Ok(Kept { cluster: name, jar: spec.job.jar, state: [own].into_iter().chain(from).collect() })
        });
        kept.collect()
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
