//! What the browser receives: rows and pages. No secret has a field here.

mod cluster;
mod files;
mod form;
mod jobs;
mod session;
mod states;
mod things;

pub use cluster::{
    ClusterView, EventView, LogFile, OperationView, Plot, RunView, SnapshotView, StepView, TimelineView,
};
pub use files::{Entry, EntryKind, Listing};
pub use form::{
    Check, CheckResult, Consequences, CreateContext, DraftView, JarView, MemoryPart, NodeSize, OperatorState,
    OptionInfo, Preflight, StateFit, VersionView,
};
pub use jobs::{ActionOffer, GroupCounts, JobPage, JobQuery, JobRow, LastResult, Moving, Scope, Sort};
pub use session::SessionView;
pub use states::{Newest, StatesView};
pub use things::{
    AccountView, ActivityPage, ActivityQuery, HomeView, Mishap, Old, PoolName, PoolView, ReconcilerView,
    Safeguard,
};
