//! What the compiler's own tools say: rustfmt, clippy, rustdoc.

use crate::{shell, tools};
use anyhow::Result;

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
const STRICT: [&str; 3] = ["--", "-D", "warnings"];

pub(super) fn format() -> Result<()> {
    shell::go(&mut shell::cargo(["fmt", "--all", "--check"]))
}

/// Two runs, never one: in one cargo would give `app` both of its faces at once.
pub(super) fn lint() -> Result<()> {
    let native = ["domain", "orchestrator", "app", "server", "xtask"].map(|room| format!("--package={room}"));
    let mut command = shell::cargo(["clippy", "--quiet", "--all-targets", "--features=app/ssr"]);
    shell::go(command.args(native).args(STRICT))?;
    tools::wasm()?;
    let wasm = ["domain", "app", "frontend"].map(|room| format!("--package={room}"));
    let mut command = shell::cargo(["clippy", "--quiet", "--features=app/hydrate"]);
    shell::go(command.args(wasm).args(WASM).args(STRICT))
}

pub(super) fn docs() -> Result<()> {
    let rooms = ["domain", "orchestrator"].map(|room| format!("--package={room}"));
    let mut command = shell::cargo(["doc", "--quiet", "--no-deps", "--document-private-items"]);
    shell::go(command.args(rooms).env("RUSTDOCFLAGS", "-D warnings"))
}
