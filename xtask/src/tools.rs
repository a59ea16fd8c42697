//! What the machine must have, and how to get what is missing.

pub(crate) mod stores;
pub(crate) mod system;

use crate::paths::workspace;
use crate::{say, shell};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The oldest Java that the portal runs Flink with.
const JAVA: u32 = 17;

/// Fails with one sentence for each thing that is missing, all at once.
pub(crate) fn check() -> Result<()> {
    let missing: Vec<String> = [linux(), java(), pip()].into_iter().flatten().collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!("this machine lacks something:\n\n{}", missing.join("\n\n"));
}

/// The target of the browser side.
const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that the compiler can build for the browser. `rust-toolchain.toml` names the target, but rustup brings it
/// by itself only together with the toolchain, and only where it may install by itself.
pub(crate) fn wasm() -> Result<()> {
    let libraries = shell::ask(
        Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]).current_dir(workspace()),
    )?;
    if PathBuf::from(libraries.trim()).exists() {
        return Ok(());
    }
    say::now(&format!("Installing the compiler's target {WASM}"));
    let mut rustup = Command::new("rustup");
    shell::ask(rustup.args(["target", "add", WASM]).current_dir(workspace())).map(drop).with_context(|| {
        format!("the compiler lacks the target {WASM}. Get it with: rustup target add {WASM}")
    })
}

/// A program of the JDK: of JAVA_HOME if that is set and has it, else of the path.
pub(crate) fn jdk(program: &str) -> PathBuf {
    let named = std::env::var_os("JAVA_HOME").map(|home| PathBuf::from(home).join("bin").join(program));
    named.filter(|file| file.exists()).unwrap_or_else(|| program.into())
}

/// Python 3 by the name that it has here.
pub(crate) fn python() -> &'static str {
    if shell::which("python3").is_some() { "python3" } else { "python" }
}

fn linux() -> Option<String> {
    let here = cfg!(target_os = "linux");
    (!here).then(|| "Linux: the portal recognises the processes of its clusters through /proc.".to_owned())
}

fn java() -> Option<String> {
    let missing = |found: String| {
        Some(format!(
            "A JDK, version {JAVA} or newer, with javac ({found}). {}",
            how_to_get("openjdk-17-jdk-headless", "java-21-openjdk-devel")
        ))
    };
    match shell::ask(Command::new(jdk("javac")).arg("-version")) {
        Err(_) => missing("there is no javac".to_owned()),
        Ok(said) => match major(&said) {
            Some(version) if version >= JAVA => None,
            _ => missing(format!("javac here is {}", said.trim().trim_start_matches("javac "))),
        },
    }
}

fn pip() -> Option<String> {
    let missing = |found: &str| {
        Some(format!("Python 3 with pip ({found}). {}", how_to_get("python3-pip", "python3-pip")))
    };
    match shell::ask(Command::new(python()).args(["-m", "pip", "--version"])) {
        Ok(said) if said.contains("(python 3.") => None,
        Ok(_) => missing("this Python is older"),
        Err(_) if shell::which(python()).is_some() => missing("Python is here, pip is not"),
        Err(_) => missing("there is no Python"),
    }
}

/// `javac 17.0.19` is 17; a line that Java's own options print before it does not matter.
fn major(said: &str) -> Option<u32> {
    let version = said.lines().find_map(|line| line.strip_prefix("javac "))?;
    version.split(['.', '-']).next()?.trim().parse().ok()
}

/// The two ways that most people need.
pub(crate) fn how_to_get(debian: &str, fedora: &str) -> String {
    format!(
        "Get it with:\n  Debian, Ubuntu: sudo apt-get install {debian}\n  Fedora:         sudo dnf install {fedora}"
    )
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_version_of_javac_is_read() {
        assert_eq!(major("javac 17.0.19\n"), Some(17));
        assert_eq!(major("Picked up JAVA_TOOL_OPTIONS: -Xmx1g\njavac 21-ea\n"), Some(21));
        assert_eq!(major("javac 1.8.0_402\n"), Some(1));
        assert_eq!(major("what?"), None);
    }
}
