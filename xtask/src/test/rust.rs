//! The tests that cargo runs, room by room, each with what it needs around it.

use super::ground::{Ground, Missing};
use super::postgres::Postgres;
use crate::{paths, shell, tools};
use anyhow::{Result, bail};

/// How many tests run at once where they wait for disks, databases and passes more than they compute.
const MANY: &str = "6";

pub(super) fn xtask() -> Result<()> {
    shell::go(&mut shell::cargo(["test", "--quiet", "--package=xtask"]))
}

/// The number of cases is fixed here so that a property cannot get weaker unseen.
pub(super) fn domain(ground: &Ground) -> Result<()> {
    let mut command = shell::cargo(["test", "--quiet", "--package=domain"]);
    command.env("PROPTEST_CASES", "10000").env("PENSTOCK_FLINK_HOME", ground.flink_home()?);
    shell::go(&mut command)
}

/// A PostgreSQL that the user names is used as it is; otherwise one is started for the tests and ended after them.
pub(super) fn store() -> Result<()> {
    let mut command = shell::cargo(["test", "--quiet", "--package=orchestrator", "--lib"]);
    command
        .args(orchestrator_tests(|name| !name.starts_with("flink") && !["fuzz", "stores"].contains(&name))?);
    command.env("RUST_TEST_THREADS", MANY);
    if std::env::var_os("TEST_POSTGRES_URL").is_some() {
        return shell::go(&mut command);
    }
    let postgres = Postgres::start()?;
    shell::go(command.env("TEST_POSTGRES_URL", postgres.url()))
}

/// Where it begins is fixed here, so that a failure is there again when it is looked for.
pub(super) fn fuzz() -> Result<()> {
    let mut command =
        shell::cargo(["test", "--quiet", "--package=orchestrator", "--test=fuzz", "--", "--nocapture"]);
    shell::go(command.env("PENSTOCK_FUZZ_SECONDS", "30").env("PENSTOCK_FUZZ_SEED", "1"))
}

/// The server is named with it and has no such tests: so cargo builds the pages' dependencies as the portal's program
/// has them, which is no second time.
pub(super) fn app() -> Result<()> {
    let packages = ["--package=app", "--package=server", "--features=app/ssr"];
    shell::go(shell::cargo(["test", "--quiet", "--lib"]).args(packages))
}

pub(super) fn server(ground: &mut Ground) -> Result<()> {
    let penstock = ground.penstock()?;
    let mut command = shell::cargo(["test", "--quiet", "--package=server"]);
    command.env("RUST_TEST_THREADS", MANY);
    ground.run(command.env("PENSTOCK_BIN", penstock), "server")
}

pub(super) fn stores() -> Result<()> {
    let mut command = shell::cargo(["test", "--quiet", "--package=orchestrator", "--test=stores"]);
    shell::go(command.env("PENSTOCK_STORES", tools::stores::stores().map_err(Missing)?))
}

/// The provider and the portal's line on real Flink.
pub(super) fn flink(ground: &Ground) -> Result<()> {
    let tests = orchestrator_tests(|name| name.starts_with("flink"))?;
    if tests.is_empty() {
        bail!("there is no orchestrator/tests/flink*.rs any more");
    }
    // The poorest locale there is: what a service manager gives a portal must not be what jobs read and write by.
    let mut command = shell::cargo(["test", "--package=orchestrator"]);
    command.env("PENSTOCK_STORES", tools::stores::stores().map_err(Missing)?);
    ground.run(command.args(tests).env("LC_ALL", "C").env_remove("LANG"), "flink")
}

/// The test programs of the orchestrator with such a name, each as an argument for cargo.
fn orchestrator_tests(wanted: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let folder = paths::workspace().join("orchestrator/tests");
    let mut tests = Vec::new();
    for file in folder.read_dir().into_iter().flatten() {
        let path = file?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|kind| kind == "rs") && wanted(name) {
            tests.push(format!("--test={name}"));
        }
    }
    tests.sort();
    Ok(tests)
}
