//! A PostgreSQL server for one run of the tests: its own folder, its own port on loopback, gone when the tests are.

use super::ground::Missing;
use crate::tools::system::{self, Package};
use crate::{say, shell};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const PACKAGE: Package = Package { what: "PostgreSQL", debian: "postgresql", fedora: "postgresql-server" };

/// Whom root becomes: PostgreSQL refuses to run as root. The first that exists is taken.
const USERS: [&str; 2] = ["postgres", "nobody"];

/// Ended when dropped. Ctrl-C reaches the server as well, and it ends by that.
pub(super) struct Postgres {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts one and waits until it answers.
    pub(super) fn start() -> Result<Postgres> {
        let programs = programs().map_err(Missing)?;
        let user = if system::is_root() { Some(unprivileged()?) } else { None };
        let folder = std::env::temp_dir().join(format!("penstock-postgres-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        if let Some(user) = user {
            shell::ask(Command::new("chown").arg(user).arg(&folder))?;
        }
        say::now("Starting a PostgreSQL server for the tests");
        let data = folder.join("data");
        let initdb = programs.join("initdb");
        shell::ask(
            other_user(user, &initdb)
                .args(["--auth=trust", "--username=penstock", "--encoding=UTF8", "--no-sync", "--pgdata"])
                .arg(&data)
                .current_dir(&folder),
        )?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::create(folder.join("log"))?;
        let server = other_user(user, &programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", "", "-N", "200"])
            // Nothing of this has to survive anything.
            .args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"])
            .args(["-c", "lc_messages=C"])
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start PostgreSQL")?;
        let mut postgres = Postgres { server, folder, port };
        postgres.wait_until_ready()?;
        Ok(postgres)
    }

    /// Its one user may make databases and schemas.
    pub(super) fn url(&self) -> String {
        format!("postgres://penstock@127.0.0.1:{}/postgres", self.port)
    }

    /// Its own word for it; a connection alone may still be refused.
    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let log = fs::read_to_string(self.folder.join("log"))?;
            if log.contains("ready to accept connections") {
                return Ok(());
            }
            if self.server.try_wait()?.is_some() || Instant::now() > deadline {
                bail!("PostgreSQL did not start. Its log:\n{log}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // INT asks for a fast shutdown; KILL would leave its children and shared memory behind.
        let pid = self.server.id().to_string();
        let asked = Command::new("kill").args(["-INT", &pid]).status();
        if asked.is_ok_and(|status| status.success()) {
            let _ = self.server.wait();
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("cannot remove {}: {error}", self.folder.display());
        }
    }
}

/// The folder with `initdb` and `postgres`, which Debian keeps off the path; installed if this is root.
fn programs() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    system::install(&PACKAGE)?;
    find().context("PostgreSQL was installed, but its programs are not where they should be")
}

fn find() -> Option<PathBuf> {
    let on_path = shell::which("initdb").and_then(|file| file.parent().map(Path::to_path_buf));
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    versions.sort();
    on_path.or_else(|| versions.pop())
}

fn unprivileged() -> Result<&'static str> {
    let exists = |user: &&str| shell::ask(Command::new("id").arg(user)).is_ok();
    USERS
        .into_iter()
        .find(exists)
        .context("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

/// `setpriv` becomes the program (no process between), and lets it end when this program is killed.
fn other_user(user: Option<&str>, program: &Path) -> Command {
    let Some(setpriv) = shell::which("setpriv") else { return Command::new(program) };
    let mut command = Command::new(setpriv);
    command.args(["--pdeathsig", "INT"]);
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
    }
    command.arg("--").arg(program);
    command
}
