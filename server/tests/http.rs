//! The real binary, asked over HTTP by someone who does not mean well, or does not know better.
//!
//! Needs `PENSTOCK_BIN` (the program) and `PENSTOCK_FLINK_HOME` (a Flink distribution); `cargo xtask test server` says
//! both. No cluster is created here.

#[path = "http/connections.rs"]
mod connections;
#[path = "http/ending.rs"]
mod ending;
#[path = "http/folder.rs"]
mod folder;
#[path = "http/notices.rs"]
mod notices;
#[path = "http/portal.rs"]
mod portal;
#[path = "http/refusals.rs"]
mod refusals;
#[path = "http/requests.rs"]
mod requests;
#[path = "http/sign_in.rs"]
mod sign_in;
#[path = "http/strangers.rs"]
mod strangers;
#[path = "http/tls.rs"]
mod tls;
#[path = "http/uploads.rs"]
mod uploads;
#[path = "http/wire.rs"]
mod wire;
#[path = "http/words.rs"]
mod words;
