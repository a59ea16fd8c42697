//! The tests that cargo runs, room by room, each with what it needs around it.

use super::{ground::Ground, postgres::Postgres};
use crate::shell;
use anyhow::Result;

pub(super) fn xtask() -> Result<()> {
    shell::go(&mut shell::cargo(["test", "--quiet", "--package=xtask"]))
}

/// The number of cases is fixed here so that a property cannot get weaker unseen.
pub(super) fn domain() -> Result<()> {
    shell::go(shell::cargo(["test", "--quiet", "--package=domain"]).env("PROPTEST_CASES", "10000"))
}

/// A PostgreSQL that the user names is used as it is; otherwise one is started for the tests and ended after them.
pub(super) fn store() -> Result<()> {
    let mut command = shell::cargo(["test", "--quiet", "--package=orchestrator", "--lib", "--test=store*"]);
    if std::env::var_os("TEST_POSTGRES_URL").is_some() {
        return shell::go(&mut command);
    }
    let postgres = Postgres::start()?;
    shell::go(command.env("TEST_POSTGRES_URL", postgres.url()))
}

pub(super) fn server(ground: &mut Ground) -> Result<()> {
    let mut command = shell::cargo(["test", "--quiet", "--package=server"]);
    ground.equip(&mut command, "server")?;
    shell::go(&mut command)
}

/// One at a time: each of these starts Java processes that want the machine for themselves.
pub(super) fn flink(ground: &mut Ground) -> Result<()> {
    let mut command = shell::cargo(["test", "--package=orchestrator", "--test=flink*"]);
    ground.equip(&mut command, "flink")?;
    shell::go(command.args(["--", "--test-threads=1"]))
}
