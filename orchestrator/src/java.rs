//! The Java of this machine: which program it is, and what it is told of the portal's surroundings.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

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

/// The folder in which that Java lies, by its own word: the program may be a link or a script that chooses one. A
/// confined program sees this folder, and not whatever leads to it.
pub(crate) fn home() -> Option<&'static Path> {
    static HOME: OnceLock<Option<PathBuf>> = OnceLock::new();
    let ask = || {
        let output = Command::new(program()).args(["-XshowSettings:properties", "-version"]).output().ok()?;
        let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        told.lines().find_map(|line| line.trim().strip_prefix("java.home = ")).map(PathBuf::from)
    };
    HOME.get_or_init(ask).as_deref()
}

/// The program in that folder.
pub(crate) fn real() -> PathBuf {
    home().map(|home| home.join("bin/java")).filter(|java| java.is_file()).unwrap_or_else(program)
}

/// Tells Java where its temporary files belong.
pub(crate) fn temporary(folder: &Path) -> OsString {
    let mut flag = OsString::from("-Djava.io.tmpdir=");
    flag.push(folder);
    flag
}

/// Everything of the portal's environment that a Java process may see, and the locale that each gets.
pub(crate) fn environment() -> impl Iterator<Item = (&'static str, OsString)> {
    let passed_on = PASSED_ON.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    passed_on.chain(LOCALE.map(|(name, value)| (name, value.into())))
}
