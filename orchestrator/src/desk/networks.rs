//! Virtual networks and subnets of a pool: where its clusters listen.

use domain::name::NetworkName;
use domain::network::Range;
use domain::policy::Permission;
use domain::pool::PoolPath;
use domain::refusal::{Finding, Refusal};
use domain::view::{NetworkView, SubnetView};

use super::Desk;
use crate::store::At;
use crate::store::network::{Network, Subnet};

impl Desk {
    /// The virtual networks of a pool, the oldest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn networks(&self, pool: &PoolPath) -> Result<Vec<NetworkView>, Refusal> {
        self.authorize(Permission::See, At::Pool(pool)).await?;
        let id = self.pool_row(pool).await?.id;
        Ok(self.plane.store().networks(id).await?.into_iter().map(network).collect())
    }

    /// Makes a virtual network of a pool.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InvalidArguments` for its name and its range; `Exists`.
    pub async fn new_network(&self, pool: &PoolPath, name: &str, range: &str) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Pool(pool)).await?;
        let (name, range) = read(name, range)?;
        let what = (pool.name(), &name, range);
        let event = self.plane.store().new_network(&permit, what, self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    /// Makes a subnet of a virtual network.
    ///
    /// # Errors
    /// As [`new_network`](Self::new_network).
    pub async fn new_subnet(
        &self,
        pool: &PoolPath,
        network: &str,
        name: &str,
        range: &str,
    ) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Pool(pool)).await?;
        let (name, range) = read(name, range)?;
        let event = self.plane.store().new_subnet(&permit, (network, &name, range), self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    /// Gives a subnet another range; one that clusters use may only grow.
    ///
    /// # Errors
    /// As [`new_network`](Self::new_network); `InUse` with the names of its clusters.
    pub async fn change_subnet(
        &self,
        pool: &PoolPath,
        network: &str,
        name: &str,
        range: &str,
    ) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Pool(pool)).await?;
        let (_, range) = read(name, range)?;
        let event =
            self.plane.store().change_subnet(&permit, (network, name, range), self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    /// Deletes a subnet, or a whole network, that no cluster uses.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InUse` with the names of the clusters.
    pub async fn delete_network(
        &self,
        pool: &PoolPath,
        network: &str,
        subnet: Option<&str>,
    ) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Pool(pool)).await?;
        let event = self.plane.store().delete_network(&permit, (network, subnet), self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }
}

/// How a network is shown.
pub(super) fn network(network: Network) -> NetworkView {
    let subnet = |subnet: Subnet| SubnetView {
        name: subnet.name,
        range: subnet.range,
        used: subnet.clusters,
        total: subnet.range.runs(),
    };
    NetworkView {
        name: network.name,
        range: network.range,
        subnets: network.subnets.into_iter().map(subnet).collect(),
    }
}

/// Both at once, with everything that is wrong with them.
fn read(name: &str, range: &str) -> Result<(NetworkName, Range), Refusal> {
    let finding = |field: &str, value: &str, message: String| Finding {
        field: field.to_owned(),
        value: value.to_owned(),
        message,
    };
    match (NetworkName::try_from(name.trim()), Range::local(range)) {
        (Ok(name), Ok(range)) => Ok((name, range)),
        (named, ranged) => {
            let wrong = [
                named.err().map(|rule| finding("name", name, rule)),
                ranged.err().map(|why| finding("range", range, why)),
            ];
            Err(Refusal::InvalidArguments(wrong.into_iter().flatten().collect()))
        }
    }
}
