//! Thousands of running clusters on the fake provider: the control plane alone, in a process of its own
//! (`orchestrator/examples/many.rs`).

use super::{Line, fill};
use crate::{build, paths, say, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The cluster that is copied.
const MODEL: &str = "model";
const CLUSTERS: u32 = 5_000;
/// Long enough that measurements are folded once meanwhile.
const SECONDS: u32 = 70;

/// What it needs, and how soon what happens is told.
pub(super) fn lines(flink_home: &Path) -> Result<Vec<Line>> {
    say::now("Building the control plane alone");
    shell::go(&mut shell::cargo([
        "build",
        "--quiet",
        "--release",
        "--package=orchestrator",
        "--example=many",
    ]))?;
    let program = paths::made().join("release/examples/many");
    let data = paths::made().join("bench-many");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot empty {}", data.display()))?;
    }
    let jars = build::jars(flink_home)?;
    shell::go(Command::new(&program).arg("make").args([data.as_path(), flink_home, &jars]))?;
    say::now(&format!("Following {CLUSTERS} running clusters, with 50 changes a second"));
    fill::copy(&data, MODEL, CLUSTERS - 1)?;
    let figures = follow(&program, &data)?;
    let figure = |name: &str| figures[name].as_f64().with_context(|| format!("no {name} in {figures}"));
    if figure("clusters")? < f64::from(CLUSTERS) || figure("untold")? > 0.0 || figure("failures")? > 0.0 {
        bail!("not every cluster was followed, or not every change told: {figures}");
    }
    Ok(vec![
        Line { what: "5 000 running: processor", unit: "cores", goal: 1.0, measured: figure("cores")? },
        Line { what: "5 000 running: memory", unit: "MB", goal: 300.0, measured: figure("memory_mb")? },
        Line { what: "5 000 running: change told", unit: "s", goal: 1.5, measured: figure("delay_s")? },
    ])
}

fn follow(program: &Path, data: &Path) -> Result<serde_json::Value> {
    let said = shell::ask(Command::new(program).arg("follow").arg(data).arg(SECONDS.to_string()))?;
    serde_json::from_str(said.trim()).with_context(|| format!("the figures cannot be read: {said}"))
}
