//! The Java and the Flink that clusters run on.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::OpenError;
use crate::java;

/// The oldest Java that Penstock's jars and this Flink run on together.
const OLDEST_JAVA: u32 = 17;

/// A Java and a Flink, both looked at.
#[derive(Clone, Debug)]
pub(crate) struct Distribution {
    /// The `java` command.
    pub(crate) java: PathBuf,
    /// Its feature version: 17.
    pub(crate) java_feature: u32,
    /// Everything about the virtual machine that a class-data archive depends on.
    pub(crate) java_version: String,
    /// Where Flink is unpacked.
    pub(crate) home: PathBuf,
    /// `1.20.5`.
    pub(crate) version: String,
    /// Flink's libraries in a fixed order, so that one class-data archive serves every cluster.
    pub(crate) class_path: String,
    /// The libraries with size and time: whether they are still the same.
    pub(crate) libraries: String,
}

impl Distribution {
    /// Looks at the Java of this machine and at a Flink distribution.
    pub(crate) fn find(home: &Path) -> Result<Self, OpenError> {
        let java = java::program();
        let java_version = java_version(&java)?;
        let java_feature = feature(&java_version).unwrap_or(0);
        if java_feature < OLDEST_JAVA {
            return Err(OpenError(format!(
                "{} is Java {java_feature}, but Flink needs Java {OLDEST_JAVA} or newer. Install a JDK and let \
                 JAVA_HOME name it.",
                java.display()
            )));
        }
        let home = home.canonicalize().map_err(|error| no_flink(home, &error.to_string()))?;
        let (class_path, version) = libraries(&home)?;
        let libraries = identity(&class_path);
        Ok(Self { java: java::real(), java_feature, java_version, home, version, class_path, libraries })
    }
}

fn java_version(java: &Path) -> Result<String, OpenError> {
    let missing = |why: String| {
        OpenError(format!(
            "Java cannot be run: {} {why}. Install a JDK ({OLDEST_JAVA} or newer) and let JAVA_HOME or PATH name it.",
            java.display()
        ))
    };
    let output =
        Command::new(java).arg("-version").output().map_err(|error| missing(format!("gives “{error}”")))?;
    if !output.status.success() {
        return Err(missing(format!("ends with {}", output.status)));
    }
    // Java prints its version on the standard error.
    Ok(String::from_utf8_lossy(&output.stderr).trim().to_owned())
}

/// The feature version in `openjdk version "17.0.15" 2025-04-15`.
fn feature(version: &str) -> Option<u32> {
    let quoted = version.split('"').nth(1)?;
    let mut numbers = quoted.split(|c: char| !c.is_ascii_digit());
    match numbers.next()?.parse().ok()? {
        1 => numbers.next()?.parse().ok(),
        feature => Some(feature),
    }
}

/// The class path, Flink itself last, and Flink's version.
fn libraries(home: &Path) -> Result<(String, String), OpenError> {
    let lib = home.join("lib");
    let entries = std::fs::read_dir(&lib).map_err(|error| no_flink(home, &error.to_string()))?;
    let mut jars: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jar"))
        .collect();
    let version_of = |path: &PathBuf| {
        Some(path.file_name()?.to_str()?.strip_prefix("flink-dist-")?.strip_suffix(".jar")?.to_owned())
    };
    let Some(version) = jars.iter().find_map(version_of) else {
        return Err(no_flink(home, "it has no lib/flink-dist-*.jar"));
    };
    jars.sort_by_key(|path| (version_of(path).is_some(), path.clone()));
    let class_path = std::env::join_paths(jars)
        .map_err(|error| no_flink(home, &error.to_string()))?
        .into_string()
        .map_err(|_| no_flink(home, "its path is not plain text"))?;
    Ok((class_path, version))
}

/// What a change of the libraries changes.
fn identity(class_path: &str) -> String {
    let of = |path: PathBuf| {
        let file = path.metadata().ok()?;
        Some(format!("{} {} {:?}\n", path.display(), file.len(), file.modified().ok()?))
    };
    std::env::split_paths(class_path).filter_map(of).collect()
}

fn no_flink(home: &Path, why: &str) -> OpenError {
    OpenError(format!(
        "{} is no Flink distribution: {why}. Name the folder that holds Flink's lib and plugins.",
        home.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feature_version_is_read_from_what_java_prints() {
        assert_eq!(feature("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime"), Some(17));
        assert_eq!(feature("java version \"1.8.0_402\""), Some(8));
        assert_eq!(feature("openjdk version \"25-ea\" 2025-09-16"), Some(25));
        assert_eq!(feature("no java"), None);
    }

    #[test]
    fn a_folder_without_flink_is_refused_with_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = libraries(folder.path()).expect_err("no lib").to_string();
        assert!(error.contains(&folder.path().display().to_string()), "{error}");
        std::fs::create_dir(folder.path().join("lib")).expect("a folder");
        let error = libraries(folder.path()).expect_err("no jar").to_string();
        assert!(error.contains("flink-dist"), "{error}");
    }
}
