//! The real binary, asked over HTTP by someone who does not mean well, or does not know better.
//!
//! Needs `PENSTOCK_BIN` (the program), `PENSTOCK_FLINK_HOME` (a Flink distribution) and `PENSTOCK_FLINK_JARS`; `cargo xtask test server` says
//! both. Where a cluster is created it is real Flink.

#[path = "http/ailing.rs"]
mod ailing;
#[path = "http/bytes.rs"]
mod bytes;
#[path = "http/connections.rs"]
mod connections;
#[path = "http/database.rs"]
mod database;
#[path = "http/ending.rs"]
mod ending;
#[path = "http/folder.rs"]
mod folder;
#[path = "http/monitoring.rs"]
mod monitoring;
#[path = "http/notices.rs"]
mod notices;
#[path = "http/pools.rs"]
mod pools;
#[path = "http/portal.rs"]
mod portal;
#[path = "http/refusals.rs"]
mod refusals;
#[path = "http/requests.rs"]
mod requests;
#[path = "http/savepoints.rs"]
mod savepoints;
#[path = "http/secrets.rs"]
mod secrets;
#[path = "http/sign_in.rs"]
mod sign_in;
#[path = "http/strangers.rs"]
mod strangers;
#[path = "http/tls.rs"]
mod tls;
#[path = "http/tokens.rs"]
mod tokens;
#[path = "http/update.rs"]
mod update;
#[path = "http/uploads.rs"]
mod uploads;
#[path = "http/vault_secrets.rs"]
mod vault_secrets;
#[path = "http/vaults.rs"]
mod vaults;
#[path = "http/wire.rs"]
mod wire;
#[path = "http/words.rs"]
mod words;
