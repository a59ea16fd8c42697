//! Server functions: what the browser may ask of the desk, each about eight lines.
//!
//! Every one of them is a public endpoint under `/api/ui`; the desk checks who asks.

mod act;
mod cluster;
mod codec;
mod create;
mod databases;
mod error;
mod home;
mod pools;
mod settings;
mod storage;
mod update;
mod vaults;

pub(crate) use act::{ActionResult, DeleteSnapshot, OTHER, Start, Ticked, act, delete_snapshot};
pub(crate) use cluster::{
    activity_of, cluster, cluster_json, cluster_name, compare, doomed_snapshots, first_log_lines, fits,
    job_manager_log, log, logs, operations, plots, reported, runs, states, timeline,
};
pub(crate) use databases::{ChangeDatabase, DeleteDatabase, NewDatabase, database, databases, test_database};
pub(crate) use error::{ApiError, set_status};
pub(crate) use home::{activity, home, jobs, notices, search};
pub(crate) use pools::{
    ChangeSubnet, DeleteNetwork, DeletePool, DeleteScope, LetRead, NewGroup, NewNetwork, SavePool,
    SaveSubscription, networks, pool, pool_details, pool_edit, pool_names, pools, scopes,
};
pub(crate) use settings::{
    EndOtherSessions, EndSession, RevokeToken, reconciler, safeguards, sessions, tokens, warnings,
};

pub(crate) use create::{
    CreateStep, CreationView, DropDraft, create, creation, jar, keep_draft, name_taken, new_draft, options,
    parse_sql, preflight, savepoints_in,
};
pub(crate) use storage::{
    ChangeAccount, DeleteAccount, DeleteFile, NewAccount, NewContainer, SetQuota, TestAccount, account,
    accounts, doomed, list,
};
pub(crate) use update::{UpdateStart, UpdateStep, UpdateView, draft_of, operation, update, updating};
pub(crate) use vaults::{ChangeSecret, DeleteSecret, DeleteVault, NewVault, WriteSecret, vault, vaults};

#[cfg(feature = "ssr")]
pub(crate) use error::desk;
