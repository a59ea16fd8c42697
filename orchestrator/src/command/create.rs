//! Create: a name, a first revision, and the request that it runs.

use domain::action::Action;
use domain::artifact::RevisionJars;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{Ask, Intent, Restore};
use domain::refusal::Refusal;
use domain::spec::{Capacity, ClusterSpec};
use uuid::Uuid;

use super::repeated::{Of, repeated};
use super::{needs, no_room};
use crate::plane::ControlPlane;
use crate::store::pool::Pool;
use crate::store::record::Creation;
use crate::store::{Permit, StoreError};

/// A cluster that somebody wants.
pub(crate) struct NewCluster<'a> {
    /// In which pool.
    pub(crate) pool: &'a Pool,
    /// What it is, validated.
    pub(crate) spec: &'a ClusterSpec,
    /// The state that its first run starts from, resolved to what Flink is given.
    pub(crate) from: Restore,
    /// Two requests with the same key are one operation.
    pub(crate) key: Option<&'a str>,
}

impl NewCluster<'_> {
    fn request(&self) -> (Action, Of<'_>) {
        (Action::Create, Of::New { pool: self.pool.id, name: self.spec.name.as_str() })
    }
}

/// Creates it. Between two who ask at once, a unique index decides on the name, and the pool's row on the room.
pub(crate) async fn create(
    plane: &ControlPlane,
    permit: &Permit,
    new: &NewCluster<'_>,
) -> Result<(ClusterId, OperationId), Refusal> {
    if let Some(done) = repeated(plane, permit.actor(), new.key, new.request()).await? {
        return Ok(done);
    }
    let store = plane.store();
    let sizes = store.node_sizes(new.pool.id).await?;
    let versions = store.versions(new.pool.id).await?;
    let flink = versions
        .iter()
        .find(|version| version.version == new.spec.version)
        .map(|version| version.flink.clone())
        .ok_or_else(|| {
            Refusal::field("version", &new.spec.version, "The pool does not offer this version.")
        })?;
    let runtime = plane.inner.provider.runtime().flink;
    if flink != runtime {
        return Err(Refusal::field(
            "version",
            &new.spec.version,
            format!(
                "Cluster version {} runs Flink {flink}, which is not here; Flink {runtime} is. Choose a version that runs \
                 it.",
                new.spec.version
            ),
        ));
    }
    let needs = needs(new.spec, &sizes)?;
    storage_has_room(plane, new.spec).await?;
    let jars = plane.keep_jars(&new.spec.job).await?;
    let created = write(plane, permit, new, (&flink, needs), &jars.named()).await;
    drop(jars);
    if created.is_err() {
        // Nobody may need what was kept for it.
        plane.collect_jars();
    }
    created
}

/// Writes the rows.
async fn write(
    plane: &ControlPlane,
    permit: &Permit,
    new: &NewCluster<'_>,
    (flink, needs): (&str, Capacity),
    jars: &RevisionJars,
) -> Result<(ClusterId, OperationId), Refusal> {
    let store = plane.store();
    let id = ClusterId(Uuid::new_v4());
    let folder = new.spec.state_folder(id);
    if let Some(why) = plane.storage().off(move |storage| storage.not_there(&folder)).await? {
        return Err(Refusal::field("container", new.spec.container.as_str(), why));
    }
    let operation = OperationId(Uuid::now_v7());
    let ask = Ask::Start { revision: 1, from: new.from.clone() };
    let intent = Intent { operation, ask, probation_off: false, format: Default::default() };
    let creation = Creation { id, spec: new.spec, jars, flink, needs, intent: &intent, key: new.key };
    match store.create_cluster(permit, &creation, plane.now()).await {
        Ok(event) => {
            plane.changed(event, Some(id));
            Ok((id, operation))
        }
        Err(StoreError::Full { held, shared }) => Err(no_room(new.pool, (held, shared), needs)),
        Err(StoreError::Taken(_)) => {
            if let Some(done) = repeated(plane, permit.actor(), new.key, new.request()).await? {
                return Ok(done);
            }
            let name = new.spec.name.as_str();
            Err(Refusal::Exists(format!(
                "The name {name} is taken in pool {}. Choose another one.",
                new.pool.path.name()
            )))
        }
        Err(error) => Err(error.into()),
    }
}

/// A job that finds no room for its first checkpoint is better not begun.
async fn storage_has_room(plane: &ControlPlane, spec: &ClusterSpec) -> Result<(), Refusal> {
    let name = spec.account.clone();
    let Some(account) = plane.store().account(name.as_str()).await? else { return Ok(()) };
    let storage = plane.storage().clone();
    let room = tokio::task::spawn_blocking(move || storage.free_space(&name, account.allowance())).await;
    let room = room.map_err(|_| Refusal::Unavailable("Nothing was done; try again.".to_owned()))??;
    match room.too_little(spec.account.as_str()) {
        Some(why) => Err(Refusal::field("account", spec.account.as_str(), why)),
        None => Ok(()),
    }
}
