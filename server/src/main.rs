//! `penstock`: the portal in one binary.

mod bearer;
mod boot;
mod carried;
mod certificate;
mod config;
mod connections;
mod cookie;
mod downloads;
mod ending;
mod files;
mod live;
mod mishap;
mod monitoring;
mod notices;
mod old_links;
mod origin;
mod sample;
mod session;
mod shield;
mod sign_in;
mod site;
mod state;
mod tokens;
mod uploads;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use config::{Command, Penstock, Token};

fn main() -> ExitCode {
    // Before there are threads: what confines holds for the thread that it is laid upon.
    if let Some(done) = orchestrator::confine::asked() {
        return done;
    }
    // What the portal and its clusters write is their owner's alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    // What whoever started it has open (the lock of `flock`, the socket of a service manager) goes no further: clusters
    // outlive the portal.
    close_fds::set_fds_cloexec(3, &[]);
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("PENSTOCK_LOG")
                .unwrap_or_else(|_| "warn,penstock=info".into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // It would say on the same stream that nothing can be written there, and panic: a full disk that holds the log
        // too costs lines of it, and nothing else.
        .log_internal_errors(false)
        .init();
    let command = Penstock::parse().command;
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("penstock: The machine gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = match command {
        Command::Serve(serve) => match runtime.block_on(boot::serve(*serve)) {
            Ok(held) => ending::end(runtime, held),
            Err(error) => Err(error),
        },
        Command::Link(folder) => runtime.block_on(boot::link(&folder)),
        Command::Token(Token::Create(token)) => runtime.block_on(boot::token(&token)),
        Command::Clean(folder) => runtime.block_on(boot::clean(&folder)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("penstock: {error:#}");
            ExitCode::FAILURE
        }
    }
}
