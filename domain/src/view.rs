//! What the browser receives: rows and pages. No secret has a field here.

mod caller;
mod cluster;
mod files;
mod fits;
mod form;
mod health;
mod home;
mod jobs;
mod pool;
mod reported;
mod session;
mod states;

pub use caller::Caller;
pub use cluster::{
    ClusterView, ComparedRevisions, EventView, LogFile, LogPart, OperationView, Plot, RunView, SnapshotView,
    StepView, TimelineView,
};
pub use files::{AccountView, Entry, EntryKind, Listing, Tested, Try};
pub use fits::{Fits, FitsView, NotKnown};
pub use form::{Check, CheckResult, CreateContext, DraftView, JarView, OperatorState, Preflight, StateFit};
pub use health::{Mishap, Old, ReconcilerView, Safeguard};
pub use home::{ActivityPage, ActivityQuery, HomeView, NoticesView};
pub use jobs::{ActionOffer, GroupCounts, JobPage, JobQuery, JobRow, LastResult, Moving, Scope, Sort};
pub use pool::{
    GroupView, NetworkView, PoolDetails, PoolEdit, PoolName, PoolView, SubnetView, SubscriptionView,
};
pub use reported::{Reported, ReportedSetting, ReportedView, Setting};
pub use session::SessionView;
pub use states::{LineRuns, Newest, StatesView};
