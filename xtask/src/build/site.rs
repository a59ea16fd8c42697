//! The site folder: all that the portal serves or hands on, put together from where it was made.
//!
//! Dev reads it from disk, a release build of the server takes it inside. `flink/` in it is for Flink only and is
//! never served. A file that did not change keeps its time, so that nothing is embedded again for nothing.

use super::{compress, style};
use crate::{paths, say, stamp};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// For Flink, not for a browser.
const JARS: [&str; 4] =
    ["penstock-probe.jar", "penstock-launcher.jar", "penstock-sql.jar", "penstock-samples.jar"];

/// Path below the site folder, and what stands there.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Makes the site folder hold just what it should.
pub(super) fn assemble(release: bool, pkg: &Path, jars: &Path) -> Result<()> {
    let style = paths::workspace().join("style");
    let mut inputs = paths::files_below(&style)?;
    inputs.extend(paths::files_below(pkg)?);
    inputs.extend(JARS.map(|name| jars.join(name)));
    let site = paths::site(release);
    let name = if release { "site-release" } else { "site" };
    let made = stamp::unless_made(name, &inputs, &[&site.join("version")], || {
        fill(&site, release, &style, pkg, jars)
    })?;
    say::now(if made { "Site folder: filled" } else { "Site folder: nothing changed" });
    Ok(())
}

fn fill(site: &Path, release: bool, style: &Path, pkg: &Path, jars: &Path) -> Result<()> {
    let mut files = Files::new();
    take(&mut files, &style.join("public"), "")?;
    take(&mut files, &style.join("fonts"), "fonts")?;
    take(&mut files, pkg, "pkg")?;
    files.insert("pkg/penstock.css".into(), style::bundle(&style.join("main.css"))?.into_bytes());
    files.insert("version".into(), version(&files).into_bytes());
    for name in JARS {
        files.insert(Path::new("flink").join(name), read(&jars.join(name))?);
    }
    for (path, content) in &files {
        stamp::write_if_other(&site.join(path), content)?;
    }
    let packed = if release { compress::beside(site, files.keys())? } else { Vec::new() };
    for old in paths::files_below(site)? {
        let path = old.strip_prefix(site)?;
        if !files.contains_key(path) && !packed.iter().any(|packed| packed == path) {
            fs::remove_file(&old).with_context(|| format!("cannot remove {}", old.display()))?;
        }
    }
    Ok(())
}

fn take(files: &mut Files, from: &Path, to: &str) -> Result<()> {
    for file in paths::files_below(from)? {
        files.insert(Path::new(to).join(file.strip_prefix(from)?), read(&file)?);
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// One number for all that a browser may get: a page that names it may be kept for ever.
fn version(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (path, content) in files {
        hash.update(path.as_os_str().as_encoded_bytes());
        hash.update(Sha256::digest(content));
    }
    hex::encode(&hash.finalize()[..8])
}
