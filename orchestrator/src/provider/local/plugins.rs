//! Flink's plugins for storage accounts. They are no part of its distribution: Maven fetches each once, into the user's
//! cache, and a run that needs one has a folder of plugins of its own, with links to them.

use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::process::Command;
use tokio::sync::Mutex;

use super::folder::RunFolder;
use crate::file;

/// What Maven is asked to copy with.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
/// A repository may be slow; somebody waits for the launch.
const PATIENCE: Duration = Duration::from_secs(300);
/// What Maven may know of the portal's environment: where things are, and how the network is reached.
const VARIABLES: [&str; 12] = [
    "HOME",
    "PATH",
    "USER",
    "LANG",
    "JAVA_HOME",
    "M2_HOME",
    "MAVEN_HOME",
    "MAVEN_OPTS",
    "MAVEN_ARGS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
];

/// A plugin, the version that goes with a Flink, and the SHA-256 of its jar.
struct Known {
    name: &'static str,
    flink: &'static str,
    version: &'static str,
    sha256: &'static str,
}

const KNOWN: [Known; 3] = [
    Known {
        name: "flink-azure-fs-hadoop",
        flink: "1.20.",
        version: "1.20.0",
        sha256: "2c5df18055fdf82d9349ece90ab6d4f3faf691f9e77dc74777e5c4ba830af759",
    },
    Known {
        name: "flink-s3-fs-hadoop",
        flink: "1.20.",
        version: "1.20.1",
        sha256: "4dabe5d51519984f88d677c477b99c5e18cec924af2e41816da67df527a5c679",
    },
    Known {
        name: "flink-gs-fs-hadoop",
        flink: "1.20.",
        version: "1.20.0",
        sha256: "306bba19dee24d199965dd0656b2d52ffbd5c4d39240868ca144c10088afbbc7",
    },
];

/// The plugins of this user.
#[derive(Debug)]
pub(super) struct Plugins {
    /// None where the user has no cache.
    store: Option<PathBuf>,
    /// Whose plugins they are: `1.20.5`.
    flink: String,
    /// The plugins that come with Flink.
    own: PathBuf,
    /// One is fetched at a time.
    fetching: Mutex<()>,
}

impl Plugins {
    pub(super) fn of(home: &Path, flink: &str) -> Self {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = cache.or_else(|| Some(std::env::home_dir()?.join(".cache")));
        Self {
            store: cache.map(|cache| cache.join("penstock").join("plugins")),
            flink: flink.to_owned(),
            own: home.join("plugins"),
            fetching: Mutex::default(),
        }
    }

    /// Where they lie; none while there are none.
    pub(super) fn store(&self) -> Option<PathBuf> {
        self.store.clone().filter(|store| store.is_dir())
    }

    /// Fetches what of these is not there yet.
    ///
    /// # Errors
    /// The sentence that says what to install, or what went wrong.
    pub(super) async fn fetch(&self, names: &[&str]) -> Result<(), String> {
        for name in names {
            let known = self.known(name)?;
            let (store, jar) = self.jar(known)?;
            if jar.is_file() {
                continue;
            }
            let _one = self.fetching.lock().await;
            if !jar.is_file() {
                fetched(known, &store, &jar).await?;
            }
        }
        Ok(())
    }

    fn known(&self, name: &str) -> Result<&'static Known, String> {
        let known = KNOWN.iter().find(|known| known.name == name && self.flink.starts_with(known.flink));
        known.ok_or_else(|| {
            format!(
                "Flink {} has no plugin {name} that the portal knows. Choose another cluster version, or an account \
                 of another kind.",
                self.flink
            )
        })
    }

    fn jar(&self, known: &Known) -> Result<(PathBuf, PathBuf), String> {
        let store = self.store.clone().ok_or_else(|| {
            "There is no place for Flink's plugins: the portal's user has no home. Set XDG_CACHE_HOME."
                .to_owned()
        })?;
        let folder = store.join(format!("{}-{}", known.name, known.version));
        let jar = folder.join(format!("{}-{}.jar", known.name, known.version));
        Ok((store, jar))
    }

    /// Gives a run a folder of plugins with these beside Flink's own.
    pub(super) fn link(&self, run: &RunFolder, names: &[&str]) -> std::io::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let folder = run.plugins();
        std::fs::create_dir_all(&folder)?;
        let own = std::fs::read_dir(&self.own)?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut folders: Vec<PathBuf> = own.filter(|path| path.is_dir()).collect();
        for name in names {
            let known = self.known(name).map_err(std::io::Error::other)?;
            let (_, jar) = self.jar(known).map_err(std::io::Error::other)?;
            folders.extend(jar.parent().map(Path::to_owned));
        }
        for plugin in folders {
            let Some(name) = plugin.file_name() else { continue };
            match symlink(&plugin, folder.join(name)) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                linked => linked?,
            }
        }
        Ok(())
    }
}

/// Has Maven bring a jar, and takes it if it is the one that is known.
async fn fetched(known: &Known, store: &Path, jar: &Path) -> Result<(), String> {
    let Known { name, version, .. } = known;
    let disk = |error: std::io::Error| {
        format!(
            "The plugin {name} cannot be kept in {}: {error}. Make room or give the right to write there.",
            store.display()
        )
    };
    std::fs::create_dir_all(store).map_err(disk)?;
    let part = tempfile::Builder::new().prefix(".fetching-").tempdir_in(store).map_err(disk)?;
    let mut maven = Command::new("mvn");
    maven
        .args(["-q", "-B", "-C", COPY])
        .arg(format!("-Dartifact=org.apache.flink:{name}:{version}"))
        .arg(format!("-DoutputDirectory={}", part.path().display()))
        .current_dir(part.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .env_clear()
        .envs(VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .kill_on_drop(true);
    let output = match tokio::time::timeout(PATIENCE, maven.output()).await {
        Err(_) => {
            return Err(format!(
                "Maven did not bring the plugin {name} within {} minutes. It is tried again.",
                PATIENCE.as_secs() / 60
            ));
        }
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => {
            return Err(format!(
                "Jobs reach this storage by Flink's plugin {name} {version}, which Maven fetches, and there is no Maven \
                 here. Install it (Debian: maven, Fedora: maven), so that the portal's PATH has mvn."
            ));
        }
        Ok(output) => output.map_err(disk)?,
    };
    let copied = part.path().join(format!("{name}-{version}.jar"));
    if !output.status.success() || !copied.is_file() {
        let said = String::from_utf8_lossy(&output.stdout);
        let why = said.lines().find_map(|line| line.strip_prefix("[ERROR] ")).unwrap_or("it gave no reason");
        let why: String = why.chars().take(300).collect();
        return Err(format!(
            "Maven did not bring the plugin {name} {version}: {why}. Look at Maven's settings."
        ));
    }
    let sum = digest(&copied).map_err(disk)?;
    if sum != known.sha256 {
        return Err(format!(
            "What Maven brought as the plugin {name} {version} is not what its makers released: its SHA-256 is {sum}. \
             Look at the repository that Maven is set to."
        ));
    }
    let Some(folder) = jar.parent() else { return Ok(()) };
    match std::fs::rename(part.path(), folder) {
        // Another portal of this user was quicker.
        Err(_) if jar.is_file() => Ok(()),
        renamed => renamed.map_err(disk),
    }
}

fn digest(path: &Path) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    std::io::copy(&mut file::open(path)?, &mut hash)?;
    Ok(hex::encode(hash.finalize()))
}
