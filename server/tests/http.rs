//! The real binary, asked over HTTP by someone who does not mean well, or does not know better.
//!
//! Needs `PENSTOCK_BIN` (the program) and `PENSTOCK_FLINK_HOME` (a Flink distribution); `cargo xtask test server` says
//! both. No cluster is created here.

#[path = "http/ailing.rs"]
mod ailing;
#[path = "http/database.rs"]
mod database;
#[path = "http/folder.rs"]
mod folder;
#[path = "http/portal.rs"]
mod portal;
#[path = "http/requests.rs"]
mod requests;
#[path = "http/strangers.rs"]
mod strangers;
#[path = "http/uploads.rs"]
mod uploads;
