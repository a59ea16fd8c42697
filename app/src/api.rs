//! Server functions: what the browser may ask of the desk, each about eight lines.
//!
//! Every one of them is a public endpoint under `/api/ui`; the desk checks who asks.

mod act;
mod cluster;
mod error;
mod jobs;
mod things;

pub(crate) use act::{Asked, act, delete_snapshot};
pub(crate) use cluster::{
    LogPart, activity_of, cluster, cluster_json, log, logs, operations, plots, runs, snapshots, timeline,
};
pub(crate) use error::{ApiError, set_status};
pub(crate) use jobs::{jobs, search};
pub(crate) use things::{activity, home, notices, pool, pools};

#[cfg(feature = "ssr")]
pub(crate) use error::desk;
