//! Who needs what lies at a place in storage: the one answer for the storage browser, for deleting a savepoint, and for
//! deleting a cluster with its savepoints. It looks at all clusters, for one may start from what another left.

use domain::address::Address;
use domain::id::ClusterId;
use domain::lifecycle::{Intent, Launch, Next, Phase};
use domain::spec::{ClusterSpec, home_in};
use sqlx::{AnyConnection, FromRow};

use super::value::{from_json, id};
use super::{Store, StoreError};

/// A cluster that needs something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// Which.
    pub(crate) cluster: ClusterId,
    /// Its name.
    pub(crate) name: String,
    /// What for.
    pub(crate) why: Why,
    /// The folder that must stay as it is.
    pub(crate) at: Address,
}

/// What a cluster needs a folder for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is the folder of its own checkpoints and savepoints.
    State,
    /// Its run started from there, and starts from there again if it is lost before its first checkpoint.
    RunsFrom,
    /// Its next run starts from there.
    StartsFrom,
}

impl Need {
    /// Why the place must stay, and the way out.
    pub(crate) fn sentence(&self, place: &Address) -> String {
        let Self { name, at, .. } = self;
        match self.why {
            Why::State => format!(
                "{place} belongs to the state of the cluster {name}. A savepoint is deleted on the cluster's own page, all \
                 of its state with the cluster."
            ),
            Why::RunsFrom => format!(
                "The cluster {name} runs from {at} and starts from it again if it is lost. Stop {name} first, so that it \
                 rests on a savepoint of its own; or delete it."
            ),
            Why::StartsFrom => format!(
                "The cluster {name} would start from {at}. Start it from another state first, or delete it."
            ),
        }
    }
}

impl Store {
    /// The clusters that need the place, something in it, or something that it lies in.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn needed(&self, place: &Address) -> Result<Vec<Need>, StoreError> {
        needed(&mut *self.reading().await?, place).await
    }

    /// What other clusters need of this one's state.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn needed_by_others(
        &self,
        cluster: ClusterId,
        spec: &ClusterSpec,
    ) -> Result<Vec<Need>, StoreError> {
        let mut needs = Vec::new();
        for home in self.homes(cluster, spec).await? {
            needs.extend(self.needed(&home).await?.into_iter().filter(|need| need.cluster != cluster));
        }
        Ok(needs)
    }

    /// The folders of a cluster's own: that of its state, then those of its savepoint directories, of this and of every
    /// earlier revision.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn homes(
        &self,
        cluster: ClusterId,
        spec: &ClusterSpec,
    ) -> Result<Vec<Address>, StoreError> {
        let directories = savepoint_directories(&mut *self.reading().await?, Some(cluster)).await?;
        let mut homes = vec![spec.state_folder(cluster)];
        for (_, home) in directories {
            if !homes.contains(&home) {
                homes.push(home);
            }
        }
        Ok(homes)
    }
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    intent: String,
    pending: i64,
    phase_data: String,
    spec: Option<String>,
    last_from: Option<String>,
}

/// Why a snapshot of a cluster must stay, if it must. That it lies in the folder of the cluster's own state is no reason.
pub(super) async fn kept_from(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    path: &str,
) -> Result<Option<String>, StoreError> {
    let Ok(place) = Address::parse(path.trim_end_matches('/')) else { return Ok(None) };
    let needs = needed(connection, &place).await?;
    let other = needs.into_iter().find(|need| need.why != Why::State || need.cluster != cluster);
    Ok(other.map(|need| need.sentence(&place)))
}

/// The same as [`Store::needed`] within a transaction.
async fn needed(connection: &mut AnyConnection, place: &Address) -> Result<Vec<Need>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "select c.id, c.name, c.intent, c.generation - s.completed_generation as pending, s.phase_data, \
         (select r.spec from revision r where r.cluster = c.id and r.revision = c.revision) as spec, \
         (select l.from_path from run l where l.cluster = c.id order by l.run desc limit 1) as last_from \
         from cluster c join status s on s.cluster = c.id where c.deleted is null order by c.name, c.id",
    )
    .fetch_all(&mut *connection)
    .await?;
    let directories = savepoint_directories(connection, None).await?;
    let mut needs = Vec::new();
    for row in rows {
        let Ok(cluster) = id::<ClusterId>("cluster.id", &row.id) else { continue };
        let mut own = own_folders(connection, cluster, &row).await?;
        own.extend(directories.iter().filter(|(of, _)| *of == cluster).map(|(_, home)| home.clone()));
        let others = starts(&row).into_iter().filter_map(|(why, path)| Some((why, whole(&path)?)));
        for (why, at) in own.into_iter().map(|at| (Why::State, at)).chain(others) {
            if at.holds(place) || place.holds(&at) {
                needs.push(Need { cluster, name: row.name.clone(), why, at });
            }
        }
    }
    Ok(needs)
}

/// The folders in savepoint directories of one cluster, or of all.
async fn savepoint_directories(
    connection: &mut AnyConnection,
    of: Option<ClusterId>,
) -> Result<Vec<(ClusterId, Address)>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select distinct r.cluster, r.savepoint_directory from revision r join cluster c on c.id = r.cluster \
         where c.deleted is null and r.savepoint_directory is not null and ($1 = '' or r.cluster = $1) \
         order by r.cluster, r.savepoint_directory",
    )
    .bind(of.map(|cluster| cluster.to_string()).unwrap_or_default())
    .fetch_all(connection)
    .await?;
    let home = |(cluster, directory): (String, String)| {
        let cluster = id::<ClusterId>("revision.cluster", &cluster).ok()?;
        Some((cluster, home_in(&Address::parse(&directory).ok()?, cluster)))
    };
    Ok(rows.into_iter().filter_map(home).collect())
}

/// The folder of a cluster's state; where the specification cannot be read, those that its other revisions say.
async fn own_folders(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    row: &Row,
) -> Result<Vec<Address>, StoreError> {
    let read = |spec: &str| from_json::<ClusterSpec>("revision.spec", spec).ok();
    if let Some(spec) = row.spec.as_deref().and_then(read) {
        return Ok(vec![spec.state_folder(cluster)]);
    }
    let specs: Vec<(String,)> = sqlx::query_as("select spec from revision where cluster = $1")
        .bind(&row.id)
        .fetch_all(connection)
        .await?;
    Ok(specs.iter().filter_map(|(spec,)| Some(read(spec)?.state_folder(cluster))).collect())
}

/// From where a cluster's run has started, and its next run starts.
fn starts(row: &Row) -> Vec<(Why, String)> {
    let mut starts = match from_json::<Phase>("status.phase_data", &row.phase_data) {
        Ok(phase) => of_phase(&phase),
        // What cannot be read is kept as the last run says it.
        Err(_) => row.last_from.clone().map(|path| (Why::RunsFrom, path)).into_iter().collect(),
    };
    if row.pending > 0
        && let Ok(intent) = from_json::<Intent>("cluster.intent", &row.intent)
    {
        starts.extend(intent.ask.starts_from().map(|path| (Why::StartsFrom, path.to_owned())));
    }
    starts
}

fn of_phase(phase: &Phase) -> Vec<(Why, String)> {
    let runs = |launch: &Launch| launch.from.path().map(|path| (Why::RunsFrom, path.to_owned()));
    let next = |path: Option<&str>| path.map(|path| (Why::StartsFrom, path.to_owned()));
    let found = match phase {
        Phase::Starting { launch, .. }
        | Phase::Running { launch, .. }
        | Phase::Saving { launch, .. }
        | Phase::Stopping { launch, .. }
        | Phase::Canceling { launch, .. } => runs(launch),
        Phase::Ending { next: after, .. } => match after {
            Next::Stopped { savepoint } => next(Some(savepoint)),
            Next::Failed { newest, .. } => next(newest.path()),
            Next::Launch { launch, .. } => next(launch.from.path()),
            Next::Canceled | Next::Finished => None,
        },
        Phase::Waiting { next: launch, .. } => next(launch.from.path()),
        Phase::Stopped { savepoint, .. } => next(Some(savepoint)),
        Phase::Failed { newest, .. } => next(newest.path()),
        Phase::Accepted
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Deleting { .. }
        | Phase::Deleted => None,
    };
    // An update that does not hold goes back to it.
    let back =
        phase.launch().and_then(|launch| launch.fallback.as_ref()).and_then(|fallback| fallback.from.path());
    found.into_iter().chain(next(back)).collect()
}

/// A savepoint is whole; an incremental checkpoint refers to files beside its own folder.
fn whole(path: &str) -> Option<Address> {
    let address = Address::parse(path.trim_end_matches('/')).ok()?;
    if !address.name().starts_with("chk-") {
        return Some(address);
    }
    let job = address.path().parent()?;
    Some(Address::new(address.account().clone(), address.container().clone(), job))
}
