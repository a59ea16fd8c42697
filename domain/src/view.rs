//! What the browser receives: rows and pages. No secret has a field here.

mod cluster;
mod files;
mod form;
mod health;
mod home;
mod jobs;
mod pool;
mod session;
mod states;

pub use cluster::{
    ClusterView, EventView, LogFile, LogPart, OperationView, Plot, RunView, SnapshotView, StepView,
    TimelineView,
};
pub use files::{Entry, EntryKind, Listing};
pub use form::{Check, CheckResult, CreateContext, DraftView, JarView, OperatorState, Preflight, StateFit};
pub use health::{Mishap, Old, ReconcilerView, Safeguard};
pub use home::{ActivityPage, ActivityQuery, HomeView, NoticesView};
pub use jobs::{ActionOffer, GroupCounts, JobPage, JobQuery, JobRow, LastResult, Moving, Scope, Sort};
pub use pool::{PoolName, PoolView};
pub use session::SessionView;
pub use states::{Newest, StatesView};
