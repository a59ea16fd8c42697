//! Jars that are honest, and jars that are made to harm who reads them.

#[path = "jars/class.rs"]
mod class;
#[path = "jars/honest.rs"]
mod honest;
#[path = "jars/hostile.rs"]
mod hostile;
#[path = "jars/written.rs"]
mod written;
#[path = "jars/zip.rs"]
mod zip;

use std::fs::File;
use std::io::{Seek, Write};
use std::time::Duration;

use domain::view::JarView;
use orchestrator::jar::{Budget, JarError, open};

/// A file of these bytes, opened.
fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    file.rewind().expect("at its begin");
    file
}

/// What every reading gets; but its time is no matter of a test, which other work on the machine may hold up.
fn budget() -> Budget {
    Budget { time: LONG, patience: LONG, ..Budget::new(Default::default()) }
}

const LONG: Duration = Duration::from_secs(600);

fn opened(bytes: &[u8]) -> Result<JarView, JarError> {
    open(file(bytes), &budget())
}
