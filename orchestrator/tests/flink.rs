//! The local provider on real Flink, driven by the portal's own store and loop.
//!
//! Needs `PENSTOCK_FLINK_HOME` (a Flink distribution) and `PENSTOCK_FLINK_JARS` (the folder with the jars of
//! `flink/`).
//! Without them the tests pass with a word about it, except where `CI` is set.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "flink/attention.rs"]
mod attention;
#[path = "flink/away.rs"]
mod away;
#[path = "flink/beside.rs"]
mod beside;
#[path = "flink/bytes.rs"]
mod bytes;
#[path = "flink/confined.rs"]
mod confined;
#[path = "flink/directory.rs"]
mod directory;
#[path = "flink/earlier.rs"]
mod earlier;
#[path = "flink/fits.rs"]
mod fits;
#[path = "flink/forward.rs"]
mod forward;
#[path = "flink/frozen.rs"]
mod frozen;
#[path = "flink/keeping.rs"]
mod keeping;
#[path = "flink/kept.rs"]
mod kept;
#[path = "flink/launches.rs"]
mod launches;
#[path = "flink/ledger.rs"]
mod ledger;
#[path = "flink/life.rs"]
mod life;
#[path = "flink/line.rs"]
mod line;
#[path = "flink/loss.rs"]
mod loss;
#[path = "flink/machine.rs"]
mod machine;
#[path = "flink/portal.rs"]
mod portal;
#[path = "flink/preflight.rs"]
mod preflight;
#[path = "flink/programs.rs"]
mod programs;
#[path = "flink/refusals.rs"]
mod refusals;
#[path = "flink/scripts.rs"]
mod scripts;
#[path = "stores/servers.rs"]
mod servers;
#[path = "flink/stores.rs"]
mod stores;
#[path = "flink/strangers.rs"]
mod strangers;
#[path = "flink/traces.rs"]
mod traces;
#[path = "flink/unwritable.rs"]
mod unwritable;
#[path = "flink/waits.rs"]
mod waits;
#[path = "flink/watched.rs"]
mod watched;
#[path = "flink/words.rs"]
mod words;
#[path = "flink/world.rs"]
mod world;
