//! Where a run listens: at an address of its own in its pool's subnet, chosen with its launch and written in its own
//! configuration. Runs that are alive say there which addresses are held; nothing else remembers them.

use std::cell::Cell;
use std::collections::{BTreeSet, HashSet};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use domain::id::ClusterId;
use ipnet::Ipv4Net;

use super::configuration::{self, PORTS};
use super::folder::RunFolder;
use super::{Local, refusing};
use crate::provider::{ActError, Target};

/// For so long a killed process is not called a stranger.
const DYING: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(100);

impl Local {
    /// The folders of all runs of the data folder that are alive, but for this one.
    pub(super) async fn others_alive(
        &self,
        cluster: ClusterId,
        run: u32,
    ) -> std::io::Result<BTreeSet<(ClusterId, u32)>> {
        self.processes.look_anew().await;
        let alive = self.processes.alive().await?;
        let runs = alive.iter().map(|process| (process.cluster, process.run));
        Ok(runs.filter(|other| *other != (cluster, run)).collect())
    }
}

/// A free address for a run, where nobody else listens.
pub(super) fn choose(target: &Target, others: &[RunFolder]) -> Result<Ipv4Addr, ActError> {
    let subnet: Ipv4Net = target.subnet.parse().map_err(|_| refusing::no_subnet(&target.subnet))?;
    // Whose configuration cannot be read listens all the same.
    let held: HashSet<Ipv4Addr> = others.iter().filter_map(|run| address(run).ok()).collect();
    let look = || {
        let strangers = Cell::new(false);
        let free = |address: Ipv4Addr| {
            let taken = !held.contains(&address) && PORTS.iter().any(|port| taken(address, *port));
            strangers.set(strangers.get() || taken);
            !taken && !held.contains(&address)
        };
        (first_free(subnet, target.cluster, free), strangers.get())
    };
    sought(look).ok_or_else(|| refusing::no_address(&subnet))
}

/// Looks for an address, and again for a moment where only strangers hold some: one may be a process of ours that was
/// killed before this portal came, and has its sockets until it is out of the kernel.
fn sought(look: impl Fn() -> (Option<Ipv4Addr>, bool)) -> Option<Ipv4Addr> {
    let began = Instant::now();
    loop {
        let (found, strangers) = look();
        if found.is_some() || !strangers || began.elapsed() > DYING {
            return found;
        }
        std::thread::sleep(LOOK);
    }
}

/// The address that a run was given.
fn address(run: &RunFolder) -> std::io::Result<Ipv4Addr> {
    let options = configuration::read(run)?;
    let said = options.get("rest.address").and_then(|text| text.parse().ok());
    said.ok_or_else(|| std::io::Error::other("the run's configuration lacks rest.address"))
}

/// Whether somebody listens there.
fn taken(address: Ipv4Addr, port: u16) -> bool {
    let bound = std::net::TcpListener::bind((address, port));
    bound.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse)
}

/// The first that is free from the cluster's own place in the subnet on, and round: so its runs mostly have the same
/// one. The subnet's first address is kept for the portal.
fn first_free(subnet: Ipv4Net, cluster: ClusterId, is_free: impl Fn(Ipv4Addr) -> bool) -> Option<Ipv4Addr> {
    let (network, broadcast) = (u32::from(subnet.network()), u32::from(subnet.broadcast()));
    let whole = u32::from(subnet.prefix_len() >= 31);
    let first = network + 2 - whole;
    let hosts = u64::from(broadcast + whole).saturating_sub(u64::from(first));
    let own = u64::try_from(cluster.0.as_u128() % u128::from(hosts.max(1))).unwrap_or(0);
    let mut round = (0..hosts).map(|step| (own + step) % hosts);
    round.find_map(|place| {
        let address = Ipv4Addr::from(first + u32::try_from(place).ok()?);
        is_free(address).then_some(address)
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn subnet(text: &str) -> Ipv4Net {
        text.parse().expect("a subnet")
    }

    #[test]
    fn every_address_of_a_subnet_is_used_but_the_portals() {
        for (text, runs, last) in [
            ("127.4.0.0/24", 253, [127, 4, 0, 254]),
            ("127.4.8.0/22", 1_021, [127, 4, 11, 254]),
            ("127.4.0.0/20", 4_093, [127, 4, 15, 254]),
            ("127.4.0.4/30", 1, [127, 4, 0, 6]),
            ("127.4.0.6/31", 1, [127, 4, 0, 7]),
        ] {
            let mut held = BTreeSet::new();
            for number in 0..runs {
                let cluster = ClusterId(Uuid::from_u128(number * 7919));
                let address = first_free(subnet(text), cluster, |address| !held.contains(&address));
                held.insert(address.expect("one is free"));
            }
            assert_eq!(held.last(), Some(&Ipv4Addr::from(last)), "{text}");
            assert!(!held.contains(&subnet(text).hosts().next().expect("the portal's")), "{text}");
            assert_eq!(held.len(), usize::try_from(runs).expect("few"), "{text}");
            let none = first_free(subnet(text), ClusterId(Uuid::nil()), |address| !held.contains(&address));
            assert_eq!(none, None, "{text}");
        }
        assert_eq!(first_free(subnet("127.4.0.4/32"), ClusterId(Uuid::nil()), |_| true), None);
    }

    #[test]
    fn who_is_dying_is_no_stranger() {
        let own = Ipv4Addr::new(127, 4, 0, 6);
        let looks = Cell::new(0);
        let dies = || {
            looks.set(looks.get() + 1);
            if looks.get() < 3 { (None, true) } else { (Some(own), false) }
        };
        assert_eq!(sought(dies), Some(own));
        // A pool that is full of runs is full at once.
        looks.set(0);
        let full = || {
            looks.set(looks.get() + 1);
            (None, false)
        };
        assert_eq!((sought(full), looks.get()), (None, 1));
        let began = Instant::now();
        assert_eq!(sought(|| (None, true)), None, "whoever stays is one");
        assert!(began.elapsed() > DYING);
    }

    #[test]
    fn a_cluster_comes_back_to_its_place_and_two_are_rarely_at_the_same() {
        let net = subnet("127.4.0.0/16");
        let place = |cluster| first_free(net, cluster, |_| true);
        let (a, b) = (ClusterId(Uuid::from_u128(70_000)), ClusterId(Uuid::from_u128(5)));
        assert_eq!(place(a), place(a));
        assert_ne!(place(a), place(b));
    }
}
