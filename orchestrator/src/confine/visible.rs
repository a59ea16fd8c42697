//! What a confined program sees, by Landlock: the files of the system that every program needs, and those that it is
//! given. It also neither signals nor looks into a process outside, not even where both are root's.

use std::io;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetError,
    Scope, path_beneath_rules,
};
use serde::{Deserialize, Serialize};

use super::Bounds;

/// The newest set of rules that this was tried with. Older kernels hold what they know of it.
const KNOWN: ABI = ABI::V7;

/// Programs and their libraries, the kernel's own words, names and certificates. Nothing in here is a secret: of `/etc`
/// only what is named, and what `/proc` says of other processes Landlock hides where it matters (environment,
/// memory, open files).
const SYSTEM: [&str; 40] = [
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/sbin",
    "/nix/store",
    "/gnu/store",
    "/proc",
    "/sys/devices/system",
    "/sys/fs/cgroup",
    "/sys/kernel/mm",
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/etc/fonts",
    "/etc/gai.conf",
    "/etc/group",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/krb5.conf",
    "/etc/krb5.conf.d",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/locale.alias",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/networks",
    "/etc/nsswitch.conf",
    "/etc/os-release",
    "/etc/passwd",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",
    "/etc/protocols",
    "/etc/resolv.conf",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/timezone",
];

/// What every program may write to.
const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// How much of it the kernel knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visible {
    /// The version of Landlock's rules; 0 is none.
    pub(crate) landlock: i32,
}

impl Visible {
    /// Files that are not named cannot be opened, other processes not be looked into.
    pub(crate) fn files(self) -> bool {
        self.landlock >= 1
    }

    /// Ports cannot be listened on where that is not allowed.
    pub(crate) fn ports(self) -> bool {
        self.landlock >= 4
    }

    /// Processes outside cannot be signalled.
    pub(crate) fn signals(self) -> bool {
        self.landlock >= 6
    }
}

/// Restricts this thread and what it becomes, for ever. A kernel without Landlock restricts nothing, and says so.
pub(super) fn restrict(bounds: &Bounds) -> io::Result<Visible> {
    let (see, all) = (AccessFs::from_read(KNOWN), AccessFs::from_all(KNOWN));
    let restrict = || -> Result<_, RulesetError> {
        let mut ruleset = Ruleset::default().handle_access(all)?;
        if !bounds.listens {
            ruleset = ruleset.handle_access(AccessNet::BindTcp)?;
        }
        ruleset
            .scope(Scope::from_all(KNOWN))?
            .create()?
            .add_rules(path_beneath_rules(SYSTEM.map(Path::new), see))?
            .add_rules(path_beneath_rules(of_java(), see))?
            .add_rules(path_beneath_rules(DEVICES.map(Path::new), see | AccessFs::WriteFile))?
            .add_rules(path_beneath_rules(&bounds.read, see))?
            .add_rules(path_beneath_rules(&bounds.write, all))?
            .restrict_self()
    };
    let status = restrict().map_err(io::Error::other)?;
    let landlock = match status.landlock {
        LandlockStatus::Available { effective_abi, .. } => effective_abi as i32,
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => 0,
    };
    Ok(Visible { landlock })
}

/// Where a distribution keeps a Java's settings: `/etc/java-17-openjdk`.
fn of_java() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("/etc").into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b"java"))
        .map(|entry| entry.path())
        .collect()
}
