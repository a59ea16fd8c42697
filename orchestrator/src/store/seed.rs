//! What a new data folder begins with: a subscription, a pool on this machine, a storage account.

use domain::id::PoolId;
use domain::offer::{NodeSize, Version};
use domain::pool::{PoolPath, Quota};
use domain::spec::Capacity;

use jiff::Timestamp;
use uuid::Uuid;

use super::pool::{self, Pool};
use super::value::signed;
use super::{Store, StoreError, account, network, scope};

/// The storage account of a new data folder.
pub const ACCOUNT: &str = "lake";
/// Its container.
pub const CONTAINER: &str = "flink";

/// The pool of a new data folder.
pub fn first_pool() -> PoolPath {
    PoolPath::of("Penstock", "streaming", "lab")
}

/// The pool version that the portal makes.
pub(crate) const POOL_VERSION: &str = "1.2";

/// The first cluster version on offer. Which Flink and Java it runs, the provider says.
pub(crate) const VERSION: &str = "1.2.1";

/// Node sizes as people know them: two vCPU, four times as many GB. The last ones only where the machine has room.
const SIZES: [(&str, f64, u32); 4] = [
    ("Standard_D2", 2.0, 8 * 1024),
    ("Standard_D4", 4.0, 16 * 1024),
    ("Standard_D8", 8.0, 32 * 1024),
    ("Standard_D16", 16.0, 64 * 1024),
];

/// What the portal's own pool has and runs.
#[derive(Clone, Debug)]
pub(crate) struct Seed {
    /// The loopback range of its clusters.
    pub(crate) loopback: (u8, u8),
    /// What its clusters may ask for together.
    pub(crate) has: Capacity,
    /// The Flink that clusters run on: `1.20.5`.
    pub(crate) flink: String,
    /// The Java that runs it: 17.
    pub(crate) java: u32,
}

impl Store {
    /// Makes what a new data folder begins with, once; afterwards only the pool's capacity follows the machine, and what
    /// it offers grows with it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn seed(&self, seed: &Seed, now: Timestamp) -> Result<(), StoreError> {
        if !self.subscriptions().await?.is_empty() {
            self.write(
                sqlx::query("update pool set cpu_milli = $1, memory_mb = $2 where provider = 'local'")
                    .bind(signed(seed.has.cpu_milli))
                    .bind(signed(seed.has.memory_mb)),
            )
            .await?;
            for pool in self.pools().await? {
                self.offer(&pool, seed).await?;
            }
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let first = first_pool();
        let group = scope::insert(&mut tx, first.subscription(), first.group(), now).await?;
        let pool = Pool {
            id: PoolId(Uuid::now_v7()),
            path: first,
            region: "this machine".to_owned(),
            version: POOL_VERSION.to_owned(),
            provider: "local".to_owned(),
            has: seed.has,
            shared: seed.has,
            quota: Quota::default(),
            currency: String::new(),
            accounts: Vec::new(),
            readable: Vec::new(),
        };
        let versions = [Version { version: VERSION.to_owned(), flink: seed.flink.clone(), java: seed.java }];
        pool::insert(&mut tx, &group, &pool, &sizes(seed), &versions, now).await?;
        // A quarter of the network is plenty, and leaves room for other subnets.
        let (a, b) = seed.loopback;
        let ranges = (&*format!("{a}.{b}.0.0/16"), &*format!("{a}.{b}.0.0/18"));
        network::insert_first(&mut tx, pool.id, ranges, now).await?;
        account::insert(&mut tx, ACCOUNT, "local", now).await?;
        tx.commit().await?;
        Ok(())
    }
}

impl Store {
    /// Adds what the provider runs to a pool's cluster versions, if none of them runs it. Those that are there say what
    /// the clusters were created with, and are never written anew.
    async fn offer(&self, pool: &Pool, seed: &Seed) -> Result<(), StoreError> {
        let versions = self.versions(pool.id).await?;
        if versions.iter().any(|version| version.flink == seed.flink && version.java == seed.java) {
            return Ok(());
        }
        let new = Version { version: next(&versions), flink: seed.flink.clone(), java: seed.java };
        let mut tx = self.begin().await?;
        pool::add_version(&mut tx, pool.id, &new).await?;
        tx.commit().await
    }
}

/// The version after the newest of these: `1.2.2` after `1.2.1`.
fn next(versions: &[Version]) -> String {
    let last = versions.iter().filter_map(|version| version.version.rsplit_once('.'));
    let newest = last.filter_map(|(line, patch)| Some((patch.parse::<u32>().ok()?, line))).max();
    newest.map_or_else(|| VERSION.to_owned(), |(patch, line)| format!("{line}.{}", patch + 1))
}

fn sizes(seed: &Seed) -> Vec<NodeSize> {
    SIZES
        .into_iter()
        .enumerate()
        .filter(|(place, (_, cpu, memory))| {
            *place < 2 || Capacity::new(*cpu, u64::from(*memory)).fits(seed.has)
        })
        .map(|(_, (name, cpu, memory_mb))| NodeSize { name: name.to_owned(), cpu, memory_mb, price: None })
        .collect()
}
