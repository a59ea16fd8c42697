//! The pages: what each asks of the server and how its parts stand together.

mod activity;
mod alone;
mod ask;
mod cluster;
mod details;
mod home;
mod jobs;
mod pools;
mod settings;

pub(crate) use activity::Activity;
pub(crate) use alone::{NotFound, SignIn};
pub(crate) use ask::{Ask, AskDialog, Asking};
pub(crate) use cluster::{ClusterActivity, Configuration, JsonView, Logs, Operations, Overview, Savepoints};
pub(crate) use details::Details;
pub(crate) use home::Home;
pub(crate) use jobs::Jobs;
pub(crate) use pools::{Pool, Pools};
pub(crate) use settings::Settings;
