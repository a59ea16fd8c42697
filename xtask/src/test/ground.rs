//! What several parts stand on: Flink, the jars, the site folder and the portal's program, each made once and only
//! when the first part asks; and folders of their own, so that no test meets a running portal.

use crate::{build, flink, place};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something that is not on this machine, with the way to get it: a reason to skip, not to fail.
#[derive(Debug)]
pub(super) struct Missing(pub(super) anyhow::Error);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for Missing {}

/// Made when first asked for.
pub(super) struct Ground {
    named_flink: Option<PathBuf>,
    built: Option<build::Built>,
}

impl Ground {
    /// Nothing is made yet.
    pub(super) fn new(named_flink: Option<PathBuf>) -> Ground {
        Ground { named_flink, built: None }
    }

    /// The portal's program with all that belongs to it.
    pub(super) fn built(&mut self) -> Result<&build::Built> {
        if self.built.is_none() {
            crate::tools::check().map_err(Missing)?;
            let flink_home = flink::home(self.named_flink.as_deref())?;
            let options = build::Options { release: false, flink_home: Some(flink_home) };
            self.built = Some(build::build(&options)?);
        }
        self.built.as_ref().context("it was just built")
    }

    /// Tells a test program where everything is, and gives it an empty folder of its own.
    pub(super) fn equip(&mut self, command: &mut Command, part: &str) -> Result<()> {
        let built = self.built()?;
        command
            .env("PENSTOCK_FLINK_HOME", &built.flink_home)
            .env("PENSTOCK_BIN", &built.penstock)
            .env("PENSTOCK_FLINK_JARS", place::made().join("flink"))
            .env("PENSTOCK_TEST_DIR", empty_folder(part)?);
        Ok(())
    }
}

fn empty_folder(part: &str) -> Result<PathBuf> {
    let folder: &Path = &place::made().join(format!("test-{part}"));
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder.to_path_buf())
}
