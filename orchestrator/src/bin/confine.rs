//! Confines a program as the portal's own binary does, for tests of the orchestrator that have no portal.

use std::process::ExitCode;

fn main() -> ExitCode {
    orchestrator::confine::asked().unwrap_or(ExitCode::FAILURE)
}
