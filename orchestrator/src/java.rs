//! The Java of this machine: which program it is, and what it is told of the portal's surroundings.

use std::ffi::OsString;
use std::path::PathBuf;

/// The portal's own environment may hold secrets, and a job's `main` runs in this Java; only these are passed on.
const PASSED_ON: [&str; 8] = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME"];

/// The `java` of JAVA_HOME if that is set, else of the path.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("JAVA_HOME").map_or_else(|| "java".into(), |home| PathBuf::from(home).join("bin/java"))
}

/// Everything of the portal's environment that a Java process may see.
pub(crate) fn environment() -> impl Iterator<Item = (&'static str, OsString)> {
    PASSED_ON.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)))
}
