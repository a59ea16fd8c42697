//! The Java side, each part as a jar: the probe that asks Flink, the launcher of job managers, what runs scripts of
//! Flink SQL, the sample jobs, and the
//! programs that tests try to do harm with.

use crate::{paths, say, shell, stamp, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What stands in `flink/`, the jar that it becomes, and the class that runs unless another is named.
const JARS: [(&str, &str, &str); 5] = [
    ("probe", "penstock-probe.jar", "penstock.probe.Main"),
    ("launcher", "penstock-launcher.jar", "penstock.launcher.Application"),
    ("sql", "penstock-sql.jar", "penstock.sql.Script"),
    ("samples", "penstock-samples.jar", "penstock.samples.Counter"),
    ("trials", "penstock-trials.jar", "penstock.trials.Peeks"),
];

/// Gives the folder with the jars, compiled against the libraries of this Flink.
pub(super) fn compile(flink_home: &Path) -> Result<PathBuf> {
    let folder = paths::made().join("flink");
    let mut changed = Vec::new();
    for (part, name, main) in JARS {
        let sources = paths::workspace().join("flink").join(part);
        let jar = folder.join(name);
        let mut inputs = paths::files_below(&sources)?;
        if !inputs.iter().any(|file| is_java(file)) {
            bail!("there is no Java source below {}", sources.display());
        }
        inputs.push(flink_home.join("lib"));
        if stamp::unless_made(&format!("java-{part}"), &inputs, &[&jar], || {
            pack(&sources, &jar, main, flink_home)
        })? {
            changed.push(name);
        }
    }
    let what = if changed.is_empty() { "nothing changed".to_owned() } else { changed.join(", ") };
    say::now(&format!("Java side: {what}"));
    Ok(folder)
}

fn pack(sources: &Path, jar: &Path, main: &str, flink_home: &Path) -> Result<()> {
    let classes = jar.with_extension("classes");
    if classes.exists() {
        fs::remove_dir_all(&classes).with_context(|| format!("cannot empty {}", classes.display()))?;
    }
    fs::create_dir_all(&classes).with_context(|| format!("cannot make {}", classes.display()))?;
    let files = paths::files_below(sources)?;
    let libraries = flink_home.join("lib").join("*");
    shell::ask(
        Command::new(tools::jdk("javac"))
            // What Flink 1.20 itself runs on; a probe that needs more could not ask on an older Java.
            .args(["--release", "11", "-encoding", "UTF-8", "-proc:none", "-nowarn"])
            .arg("-classpath")
            .arg(libraries)
            .arg("-d")
            .arg(&classes)
            .args(files.iter().filter(|file| is_java(file))),
    )
    .with_context(|| format!("the Java sources in {} do not compile", sources.display()))?;
    for resource in
        files.iter().filter(|file| !is_java(file) && file.extension().is_none_or(|kind| kind != "md"))
    {
        let place = classes.join(resource.strip_prefix(sources)?);
        stamp::write_if_other(&place, &fs::read(resource)?)?;
    }
    let mut pack = Command::new(tools::jdk("jar"));
    pack.arg("--create").arg("--file").arg(jar).args(["--main-class", main]).arg("-C").arg(&classes).arg(".");
    shell::ask(&mut pack).map(drop)
}

fn is_java(file: &Path) -> bool {
    file.extension().is_some_and(|kind| kind == "java")
}
