//! Tables `network` and `subnet`: where the clusters of a pool listen. No two networks of the portal have an address in
//! common, nor have two subnets.

use domain::event::{Around, Done};
use domain::id::{EventId, PoolId};
use domain::name::NetworkName;
use domain::network::Range;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::spec::Network as Chosen;
use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::around::{Change, kept_by};
use super::value::{micros, small};
use super::{Permit, Store, StoreError, Target, taken};

/// A virtual network of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub range: Range,
    /// Its subnets, the oldest first.
    pub subnets: Vec<Subnet>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subnet {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub range: Range,
    /// How many clusters have one.
    pub clusters: u32,
}

type Row = (String, String, String, Option<String>, Option<String>, Option<String>, i64);

/// Networks with their subnets, the oldest first: whoever names none has the first one.
const ROWS: &str = "select n.id, n.name, n.addresses, s.id, s.name, s.addresses, \
     (select cast(count(*) as bigint) from cluster c where c.subnet = s.id and c.deleted is null) \
     from network n left join subnet s on s.network = n.id where n.pool = $1 order by n.created, n.id, s.created, s.id";

impl Store {
    /// The virtual networks of a pool, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn networks(&self, pool: PoolId) -> Result<Vec<Network>, StoreError> {
        of_pool(&mut *self.reading().await?, pool).await
    }

    /// Makes a virtual network in the pool that the permit is for.
    ///
    /// # Errors
    /// `Unpermitted`; `Declined` where its range is another one's; `Taken`; when the database fails.
    pub(crate) async fn new_network(
        &self,
        permit: &Permit,
        (pool, name, range): (&str, &NetworkName, Range),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let pool_id = of(permit)?;
        let mut tx = self.begin().await?;
        order(&mut tx).await?;
        let others: Vec<(String, String, String)> = sqlx::query_as(
            "select p.name, n.name, n.addresses from network n join pool p on p.id = n.pool where p.deleted is null",
        )
        .fetch_all(&mut *tx)
        .await?;
        for (of, network, addresses) in others {
            if read(&addresses)?.overlaps(range) {
                return Err(declined(
                    "range",
                    range,
                    format!(
                        "The network {network} of the pool {of} has {addresses}, which shares addresses with {range}. Name a range that is free."
                    ),
                ));
            }
        }
        let id = Uuid::now_v7().to_string();
        sqlx::query("insert into network (id, pool, name, addresses, created) values ($1, $2, $3, $4, $5)")
            .bind(&id)
            .bind(pool_id.to_string())
            .bind(name.as_str())
            .bind(range.to_string())
            .bind(micros(now))
            .execute(&mut *tx)
            .await
            .map_err(taken("name"))?;
        let name = &format!("{pool} / {name}");
        let change = Change { permit, what: Around::Network, done: Done::Created, id: &id, name };
        let event = change.told(&mut tx, "", &range.to_string(), now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Makes a subnet of a virtual network of the pool that the permit is for.
    ///
    /// # Errors
    /// `Unpermitted`; `Declined` where its range is not the network's or another one's; `Taken`; when the database fails.
    pub(crate) async fn new_subnet(
        &self,
        permit: &Permit,
        (network, name, range): (&str, &NetworkName, Range),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let pool = of(permit)?;
        let mut tx = self.begin().await?;
        order(&mut tx).await?;
        let network = named(&mut tx, pool, network).await?;
        free(&network, range, None)?;
        let id = Uuid::now_v7().to_string();
        sqlx::query("insert into subnet (id, network, name, addresses, created) values ($1, $2, $3, $4, $5)")
            .bind(&id)
            .bind(&network.id)
            .bind(name.as_str())
            .bind(range.to_string())
            .bind(micros(now))
            .execute(&mut *tx)
            .await
            .map_err(taken("name"))?;
        let name = &format!("{} / {name}", network.name);
        let change = Change { permit, what: Around::Subnet, done: Done::Created, id: &id, name };
        let event = change.told(&mut tx, "", &range.to_string(), now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Gives a subnet another range. One that clusters use may only grow: their addresses stay theirs.
    ///
    /// # Errors
    /// `Unpermitted`; `Declined`; when the database fails.
    pub(crate) async fn change_subnet(
        &self,
        permit: &Permit,
        (network, name, range): (&str, &str, Range),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let pool = of(permit)?;
        let mut tx = self.begin().await?;
        super::pool::lock(&mut tx, pool).await?;
        order(&mut tx).await?;
        let network = named(&mut tx, pool, network).await?;
        let subnet = network.subnet(name)?;
        free(&network, range, Some(&subnet.id))?;
        if !range.contains(subnet.range) {
            let full = format!("{} / {}", network.name, subnet.name);
            kept_by(Around::Subnet, &full, users(&mut tx, &subnet.id).await?)?;
        }
        sqlx::query("update subnet set addresses = $1 where id = $2")
            .bind(range.to_string())
            .bind(&subnet.id)
            .execute(&mut *tx)
            .await?;
        let (id, name) = (&subnet.id, &format!("{} / {}", network.name, subnet.name));
        let change = Change { permit, what: Around::Subnet, done: Done::Changed, id, name };
        let event = change.told(&mut tx, &subnet.range.to_string(), &range.to_string(), now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Deletes a subnet, or a whole network where none is named, unless clusters use it.
    ///
    /// # Errors
    /// `Unpermitted`; `Declined` with the names of the clusters; when the database fails.
    pub(crate) async fn delete_network(
        &self,
        permit: &Permit,
        (network, subnet): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let pool = of(permit)?;
        let mut tx = self.begin().await?;
        super::pool::lock(&mut tx, pool).await?;
        order(&mut tx).await?;
        let network = named(&mut tx, pool, network).await?;
        let (what, id, name, range) = match subnet {
            Some(subnet) => {
                let subnet = network.subnet(subnet)?;
                (Around::Subnet, &subnet.id, format!("{} / {}", network.name, subnet.name), subnet.range)
            }
            None => (Around::Network, &network.id, network.name.clone(), network.range),
        };
        for one in network.subnets.iter().filter(|one| what == Around::Network || one.id == *id) {
            kept_by(what, &name, users(&mut tx, &one.id).await?)?;
            sqlx::query("delete from subnet where id = $1").bind(&one.id).execute(&mut *tx).await?;
        }
        if what == Around::Network {
            sqlx::query("delete from network where id = $1").bind(id).execute(&mut *tx).await?;
        }
        let change = Change { permit, what, done: Done::Deleted, id, name: &name };
        let event = change.told(&mut tx, &range.to_string(), "", now).await?;
        tx.commit().await?;
        Ok(event)
    }
}

impl Network {
    fn subnet(&self, name: &str) -> Result<&Subnet, StoreError> {
        self.subnets.iter().find(|subnet| subnet.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
            StoreError::Declined(Refusal::NotFound(format!(
                "The network {} has no subnet {name}.",
                self.name
            )))
        })
    }
}

/// The subnet in which a new cluster of a locked pool is to listen: the one that was chosen, or the pool's first.
pub(super) async fn room_for(
    connection: &mut AnyConnection,
    pool: PoolId,
    chosen: Option<&Chosen>,
) -> Result<String, StoreError> {
    let networks = of_pool(connection, pool).await?;
    let all = networks.iter().flat_map(|network| network.subnets.iter().map(move |subnet| (network, subnet)));
    let found = match chosen {
        None => all.clone().next(),
        Some(chosen) => all.clone().find(|(network, subnet)| {
            network.name.eq_ignore_ascii_case(&chosen.network)
                && subnet.name.eq_ignore_ascii_case(&chosen.subnet)
        }),
    };
    let Some((network, subnet)) = found else {
        let wanted = chosen.map_or("", |chosen| &chosen.subnet);
        let there: Vec<String> =
            all.map(|(network, subnet)| format!("{} / {}", network.name, subnet.name)).collect();
        let why = match there.is_empty() {
            true => "The pool has no subnet. Ask an owner of it for one.".to_owned(),
            false => format!("The pool has no subnet {wanted}. It has: {}.", there.join(", ")),
        };
        return Err(StoreError::Declined(Refusal::field("subnet", wanted, why)));
    };
    if subnet.clusters >= subnet.range.runs() {
        return Err(StoreError::Declined(Refusal::field(
            "subnet",
            &subnet.name,
            full(&network.name, subnet),
        )));
    }
    Ok(subnet.id.clone())
}

fn full(network: &str, subnet: &Subnet) -> String {
    format!(
        "The subnet {network} / {} has {} addresses, and its clusters have all of them. Choose another subnet, or delete a \
         cluster.",
        subnet.name,
        subnet.range.runs()
    )
}

async fn of_pool(connection: &mut AnyConnection, pool: PoolId) -> Result<Vec<Network>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(ROWS).bind(pool.to_string()).fetch_all(connection).await?;
    let mut all: Vec<Network> = Vec::new();
    for (id, name, addresses, subnet, subnet_name, subnet_addresses, clusters) in rows {
        if all.last().is_none_or(|last| last.id != id) {
            all.push(Network { id, name, range: read(&addresses)?, subnets: Vec::new() });
        }
        if let (Some(network), Some(id), Some(name), Some(addresses)) =
            (all.last_mut(), subnet, subnet_name, subnet_addresses)
        {
            network.subnets.push(Subnet { id, name, range: read(&addresses)?, clusters: small(clusters) });
        }
    }
    Ok(all)
}

async fn named(connection: &mut AnyConnection, pool: PoolId, name: &str) -> Result<Network, StoreError> {
    let all = of_pool(connection, pool).await?;
    all.into_iter()
        .find(|network| network.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| StoreError::Declined(Refusal::NotFound(format!("The pool has no network {name}."))))
}

/// `Declined` where a subnet's range does not lie in its network or shares addresses with another one's.
fn free(network: &Network, range: Range, but: Option<&str>) -> Result<(), StoreError> {
    if !network.range.contains(range) {
        let why =
            format!("{range} does not lie in the network {}, which has {}.", network.name, network.range);
        return Err(declined("range", range, why));
    }
    let mut others = network.subnets.iter().filter(|other| Some(&*other.id) != but);
    match others.find(|other| other.range.overlaps(range)) {
        Some(other) => {
            let why = format!(
                "The subnet {} has {}, which shares addresses with {range}. Name a range that is free.",
                other.name, other.range
            );
            Err(declined("range", range, why))
        }
        None => Ok(()),
    }
}

async fn users(connection: &mut AnyConnection, subnet: &str) -> Result<Vec<(String,)>, StoreError> {
    let names =
        sqlx::query_as("select name from cluster where subnet = $1 and deleted is null order by name");
    Ok(names.bind(subnet).fetch_all(connection).await?)
}

/// Who changes networks does so one after the other, whatever pools they are of.
async fn order(connection: &mut AnyConnection) -> Result<(), StoreError> {
    sqlx::query("update event_order set n = n where id = 1").execute(connection).await?;
    Ok(())
}

fn of(permit: &Permit) -> Result<PoolId, StoreError> {
    permit.must(Permission::Administer, |target| matches!(target, Target::Pool(_)))?;
    permit.target().pool().ok_or(StoreError::Unpermitted)
}

fn declined(field: &str, value: impl ToString, why: String) -> StoreError {
    StoreError::Declined(Refusal::field(field, &value.to_string(), why))
}

fn read(addresses: &str) -> Result<Range, StoreError> {
    addresses.parse().map_err(|why| StoreError::Corrupt(format!("network.addresses: {why}")))
}

/// The first network of a pool, with one subnet.
pub(super) async fn insert_first(
    connection: &mut AnyConnection,
    pool: PoolId,
    (range, subnet): (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    for (sql, addresses) in [
        (
            "insert into network (id, pool, name, addresses, created) values ($1, $1, 'default', $2, $3)",
            range,
        ),
        (
            "insert into subnet (id, network, name, addresses, created) values ($1, $1, 'default', $2, $3)",
            subnet,
        ),
    ] {
        sqlx::query(sql)
            .bind(pool.to_string())
            .bind(addresses)
            .bind(micros(now))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
