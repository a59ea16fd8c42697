//! The Java of this machine: which program it is, and what it is told of the portal's surroundings.

use std::ffi::OsString;
use std::path::PathBuf;

/// The portal's own environment may hold secrets, and a job's `main` runs in this Java; only these are passed on.
const PASSED_ON: [&str; 6] = ["PATH", "HOME", "USER", "TZ", "TMPDIR", "JAVA_HOME"];

/// Names of files and words of arguments are UTF-8 in all that the portal stores, whatever the locale of the portal
/// itself. By these Java decodes what the system hands to it. `C.UTF-8` comes with glibc since 2.35 and with musl, and
/// with Debian, Ubuntu and Fedora long before.
const LOCALE: [(&str, &str); 2] = [("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")];

/// The same for text within Java, and for machines without that locale.
pub(crate) const UTF_8: [&str; 4] = [
    "-Dfile.encoding=UTF-8",
    "-Dsun.jnu.encoding=UTF-8",
    "-Dstdout.encoding=UTF-8",
    "-Dstderr.encoding=UTF-8",
];

/// The `java` of JAVA_HOME if that is set, else of the path.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("JAVA_HOME").map_or_else(|| "java".into(), |home| PathBuf::from(home).join("bin/java"))
}

/// Everything of the portal's environment that a Java process may see, and the locale that each gets.
pub(crate) fn environment() -> impl Iterator<Item = (&'static str, OsString)> {
    let passed_on = PASSED_ON.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    passed_on.chain(LOCALE.map(|(name, value)| (name, value.into())))
}
