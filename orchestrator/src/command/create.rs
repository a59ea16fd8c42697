//! Create: a name, an address, a first revision, and the request that it runs.

use std::collections::{BTreeMap, HashSet};
use std::net::Ipv4Addr;

use domain::action::Action;
use domain::artifact::Artifact;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{Ask, Intent, Restore};
use domain::policy::Actor;
use domain::refusal::Refusal;
use domain::spec::ClusterSpec;
use ipnet::Ipv4Net;
use uuid::Uuid;

use super::repeated::{Of, repeated};
use super::{needs, no_room};
use crate::plane::ControlPlane;
use crate::store::StoreError;
use crate::store::pool::Pool;
use crate::store::record::Creation;

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
        (Action::Create, Of::New { pool: &self.pool.name, name: self.spec.name.as_str() })
    }
}

/// Creates it. Between two who ask at once, unique indexes decide on the name and the address, and the pool's row on
/// the room.
pub(crate) async fn create(
    plane: &ControlPlane,
    actor: &Actor,
    new: &NewCluster<'_>,
) -> Result<(ClusterId, OperationId), Refusal> {
    if let Some(done) = repeated(plane, actor, new.key, new.request()).await? {
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
    let jar = plane.keep_jar(&new.spec.job.jar).await?;
    let created = write(plane, actor, new, (&flink, needs), jar.artifact()).await;
    drop(jar);
    if created.is_err() {
        // Nobody may need what was kept for it.
        plane.collect_jars();
    }
    created
}

/// Writes the rows, as soon as an address is found that nobody else takes meanwhile.
async fn write(
    plane: &ControlPlane,
    actor: &Actor,
    new: &NewCluster<'_>,
    (flink, needs): (&str, (i64, u64)),
    jar: &Artifact,
) -> Result<(ClusterId, OperationId), Refusal> {
    let store = plane.store();
    let id = ClusterId(Uuid::new_v4());
    if let Some(why) = plane.storage().not_there(&new.spec.state_folder(id)) {
        return Err(Refusal::field("container", new.spec.container.as_str(), why));
    }
    let operation = OperationId(Uuid::now_v7());
    let intent = Intent { operation, ask: Ask::Start { revision: 1, from: new.from.clone() } };
    loop {
        let address = free_address(new.pool, &store.addresses(new.pool.id).await?)?;
        let creation = Creation {
            id,
            pool: new.pool.id,
            address,
            spec: new.spec,
            jar,
            flink,
            needs,
            intent: &intent,
            actor,
            arguments: arguments(&new.from),
            key: new.key,
        };
        match store.create_cluster(&creation, plane.now()).await {
            Ok(event) => {
                plane.changed(event, Some(id));
                return Ok((id, operation));
            }
            Err(StoreError::Full { cpu, memory_mb }) => {
                return Err(no_room(new.pool, (cpu, memory_mb), needs));
            }
            Err(StoreError::Taken("address")) => {} // Somebody was faster; the next one is free.
            Err(StoreError::Taken(_)) => {
                if let Some(done) = repeated(plane, actor, new.key, new.request()).await? {
                    return Ok(done);
                }
                let name = new.spec.name.as_str();
                return Err(Refusal::Conflict(format!(
                    "The name {name} is taken in pool {}. Choose another one.",
                    new.pool.name
                )));
            }
            Err(error) => return Err(error.into()),
        }
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

/// The first address of the subnet that nobody holds, from the second one on: the first is kept for the portal.
fn free_address(pool: &Pool, held: &[Ipv4Addr]) -> Result<Ipv4Addr, Refusal> {
    let subnet: Ipv4Net = pool.subnet.parse().map_err(|_| {
        Refusal::Conflict(format!(
            "The pool {} has the subnet {}, which is none, so no cluster gets an address. Write it like 127.4.0.0/24.",
            pool.name, pool.subnet
        ))
    })?;
    let held: HashSet<&Ipv4Addr> = held.iter().collect();
    let free = subnet.hosts().skip(1).find(|address| !held.contains(address));
    free.ok_or_else(|| {
        Refusal::Conflict(format!("Every address of {} is held by a cluster. Delete one.", pool.subnet))
    })
}

fn arguments(from: &Restore) -> BTreeMap<String, String> {
    let mut arguments = BTreeMap::from([("Revision".to_owned(), "1".to_owned())]);
    if let Some(path) = from.path() {
        arguments.insert("From".to_owned(), path.to_owned());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use domain::id::PoolId;

    use super::*;

    fn pool(subnet: &str) -> Pool {
        Pool {
            id: PoolId(Uuid::nil()),
            name: "lab".to_owned(),
            subscription: String::new(),
            resource_group: String::new(),
            region: String::new(),
            version: String::new(),
            provider: String::new(),
            subnet: subnet.to_owned(),
            cpu: 1.0,
            memory_mb: 1,
            readable: Vec::new(),
        }
    }

    #[test]
    fn a_pool_holds_as_many_clusters_as_its_subnet_has_addresses() {
        for (subnet, clusters, last) in [
            ("127.4.0.0/24", 253, [127, 4, 0, 254]),
            ("127.4.8.0/22", 1_021, [127, 4, 11, 254]),
            ("127.4.0.0/16", 65_533, [127, 4, 255, 254]),
            ("127.4.0.4/30", 1, [127, 4, 0, 6]),
        ] {
            let pool = pool(subnet);
            let mut held: Vec<Ipv4Addr> = subnet.parse::<Ipv4Net>().expect("a subnet").hosts().collect();
            assert_eq!(held.len(), clusters + 1, "{subnet}, and the portal");
            let last = Ipv4Addr::from(last);
            let refused = free_address(&pool, &held).expect_err("all are held").to_string();
            assert!(refused.contains(&format!("Every address of {subnet}")), "{refused}");
            held.retain(|address| *address != last);
            assert_eq!(free_address(&pool, &held).expect("one is free"), last);
        }
        assert_eq!(free_address(&pool("127.4.0.0/24"), &[]).expect("free"), Ipv4Addr::new(127, 4, 0, 2));
        for none in ["", "127.4.0.0", "127.4/16", "127.4.0.0/99", "here/24"] {
            let refused = free_address(&pool(none), &[]).expect_err("no subnet").to_string();
            assert!(refused.contains("Write it like"), "{none}: {refused}");
        }
    }
}
