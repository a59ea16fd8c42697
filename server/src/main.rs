//! `penstock`: the portal in one binary.

mod boot;
mod config;
mod downloads;
mod live;
mod sample;
mod session;
mod shield;
mod site;
mod uploads;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use config::{Command, Penstock};

#[tokio::main]
async fn main() -> ExitCode {
    // What the portal and its clusters write is their owner's alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("PENSTOCK_LOG")
                .unwrap_or_else(|_| "warn,penstock=info".into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let done = match Penstock::parse().command {
        Command::Serve(serve) => boot::serve(serve).await,
        Command::Link(folder) => boot::link(&folder).await,
        Command::Clean(folder) => boot::clean(&folder).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("penstock: {error:#}");
            ExitCode::FAILURE
        }
    }
}
