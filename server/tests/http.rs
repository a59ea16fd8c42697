//! The real binary, asked over HTTP by someone who does not mean well, or does not know better.
//!
//! Needs `PENSTOCK_BIN` (the program), `PENSTOCK_FLINK_HOME` (a Flink distribution) and `PENSTOCK_FLINK_JARS`; `cargo xtask test server` says
//! both. Where a cluster is created it is real Flink.

#[path = "http/folder.rs"]
mod folder;
#[path = "http/portal.rs"]
mod portal;
#[path = "http/requests.rs"]
mod requests;
#[path = "http/secrets.rs"]
mod secrets;
#[path = "http/strangers.rs"]
mod strangers;
#[path = "http/uploads.rs"]
mod uploads;
