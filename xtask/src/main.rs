//! `cargo xtask`: the one program that sets up, builds, starts and checks Penstock.
//!
//! Each command is a module of the same name; what several of them need stands in `place` (where things lie),
//! `say` (lines for a person), `shell` (other programs), `stamp` (what has not changed) and `tools` (what the
//! machine must have). It owns no rule of the product: those are in `domain`.

mod bench;
mod build;
mod clean;
mod flink;
mod paths;
mod run;
mod say;
mod shell;
mod stamp;
mod test;
mod tools;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Sets up, builds, starts and checks Penstock.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the browser side, the Java side and the server.
    Build(build::BuildArgs),
    /// Builds what changed, installs Flink once, and starts the portal on loopback.
    Run(run::RunArgs),
    /// Runs every check, or only the named parts.
    Test(test::TestArgs),
    /// Measures a release build against what the portal promises to be.
    Bench(bench::BenchArgs),
    /// Ends and removes all that `run` made.
    Clean(clean::CleanArgs),
}

fn main() -> ExitCode {
    match perform(Xtask::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Build(options) => build::build(&options).map(|built| {
            say::now(&format!("The portal is {}", built.penstock.display()));
        }),
        Task::Run(options) => run::run(&options),
        Task::Test(options) => test::test(&options),
        Task::Bench(options) => bench::bench(&options),
        Task::Clean(options) => clean::clean(&options),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_has_no_contradictions() {
        super::Xtask::command().debug_assert();
    }
}
