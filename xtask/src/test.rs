//! `cargo xtask test`: every check there is, in parts that also run alone.
//!
//! A part that fails does not stop the next one: whoever waited for the run sees all that is wrong.

mod browser;
mod floors;
mod ground;
mod lint;
mod postgres;
mod rust;
mod supply;
mod tidy;

use crate::say;
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use ground::Ground;
use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Which parts to run.
#[derive(Args)]
pub(crate) struct TestArgs {
    /// Parts to run, in this order; none means all.
    parts: Vec<Part>,
    /// A Flink distribution that is here already.
    #[arg(long, value_name = "DIR")]
    flink_home: Option<PathBuf>,
}

/// What can run alone, in the order in which all of it runs: the quick and the certain first.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// rustfmt agrees with every file.
    Format,
    /// The rules of the house that no other tool knows.
    Tidy,
    /// Every dependency is allowed, and is the one that was pinned.
    Supply,
    /// Clippy for the native and for the WebAssembly half; warnings are errors.
    Lint,
    /// The documentation builds without a dead link.
    Docs,
    /// This program's own tests.
    Xtask,
    /// The pure rules, with at least 10,000 cases for each property.
    Domain,
    /// The control plane without Flink; the store on SQLite and PostgreSQL.
    Store,
    /// Storage accounts against real servers that stand in for clouds.
    Stores,
    /// Jars that are almost right, for half a minute.
    Fuzz,
    /// The pages' own tests: what they compute, without a browser.
    App,
    /// The server's own tests.
    Server,
    /// The provider and the whole line on real Flink.
    Flink,
    /// A browser in front of the real portal.
    Browser,
}

/// How a part ended.
enum Outcome {
    Passed,
    /// Something on this machine is missing, and what to do about it.
    Skipped(String),
    Failed(String),
}

/// Runs the parts and prints a table of them; an error when one failed.
pub(crate) fn test(options: &TestArgs) -> Result<()> {
    let parts = if options.parts.is_empty() { Part::value_variants() } else { &options.parts };
    let mut ground = Ground::new(options.flink_home.clone());
    let mut results = Vec::new();
    for &part in parts {
        say::now(&format!("Part {part}"));
        let start = Instant::now();
        let outcome = outcome(part.run(&mut ground));
        if let Outcome::Failed(why) | Outcome::Skipped(why) = &outcome {
            eprintln!("\n{part}: {why}\n");
        }
        results.push((part, outcome, start.elapsed()));
    }
    report(&results)
}

impl Part {
    fn run(self, ground: &mut Ground) -> Result<()> {
        match self {
            Part::Format => lint::format(),
            Part::Tidy => tidy::check(),
            Part::Supply => supply::check(),
            Part::Lint => lint::lint(),
            Part::Docs => lint::docs(),
            Part::Xtask => rust::xtask(),
            Part::Domain => rust::domain(ground),
            Part::Store => rust::store(),
            Part::Stores => rust::stores(),
            Part::Fuzz => rust::fuzz(),
            Part::App => rust::app(),
            Part::Server => rust::server(ground),
            Part::Flink => rust::flink(ground),
            Part::Browser => browser::test(ground),
        }
    }
}

/// In CI nobody installs what is missing, so a part that could not run has proved nothing and fails.
fn outcome(result: Result<()>) -> Outcome {
    let Err(error) = result else { return Outcome::Passed };
    let missing = error.downcast_ref::<ground::Missing>().is_some();
    let in_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    if missing && !in_ci {
        Outcome::Skipped(format!("{error:#}"))
    } else {
        Outcome::Failed(format!("{error:#}"))
    }
}

fn report(results: &[(Part, Outcome, Duration)]) -> Result<()> {
    println!("\n{:<10}{:<10}{:>8}", "part", "result", "time");
    let [mut passed, mut failed, mut skipped] = [0, 0, 0];
    for (part, outcome, time) in results {
        let (word, count) = match outcome {
            Outcome::Passed => ("passed", &mut passed),
            Outcome::Skipped(_) => ("skipped", &mut skipped),
            Outcome::Failed(_) => ("failed", &mut failed),
        };
        *count += 1;
        println!("{:<10}{word:<10}{:>6.1} s", part.to_string(), time.as_secs_f64());
    }
    let not_run = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    println!("\n{passed} passed, {failed} failed{not_run}");
    if failed > 0 {
        bail!("not every part passed");
    }
    Ok(())
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
