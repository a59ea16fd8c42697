//! Table `status`: where a cluster stands and what was seen. Written by the reconciler (a command only makes the
//! first row, at creation).

mod written;

use domain::action::Action;
use domain::event::Event;
use domain::id::{ClusterId, EventId, OperationId};
use domain::lifecycle::{Intent, KnownState, Observation, Phase, Restarts};
use domain::reason::Reason;
use domain::snapshot::SnapshotOrigin;
use domain::state::{Group, State};
use jiff::Timestamp;
use sqlx::FromRow;

use super::event::{self, NewEvent};
use super::launched::{self, Launched};
use super::operation::action;
use super::value::{from_json, id, micros, readable, small, time};
use super::{Store, StoreError, cluster::Cluster};

pub(crate) use written::{NewResult, NewStatus};
pub(super) use written::{delete, insert_first, update};

/// What stands in a cluster's status row.
#[derive(Clone, Debug)]
pub struct Status {
    /// For compare-and-swap.
    pub version: i64,
    /// The generation whose operation has ended.
    pub completed_generation: i64,
    /// The newest generation that a pass has read.
    pub observed_generation: i64,
    /// Where it stands.
    pub phase: Phase,
    /// What was seen last.
    pub seen: Observation,
    /// The newest complete state that was ever seen of a run of it.
    pub known: Option<KnownState>,
    /// What was launched last.
    pub launched: Launched,
    /// Restarts since somebody asked for the launch.
    pub restarts: Option<Box<Restarts>>,
    /// The word for it.
    pub state: State,
    /// Since when the word is true.
    pub since: Timestamp,
    /// One line about it.
    pub note: String,
    /// Why it failed or cannot be asked.
    pub reason: Option<Reason>,
    /// The present step of the operation in progress, and its detail.
    pub step: (String, String),
    /// The operation that ended last.
    pub result: Option<OperationId>,
    /// Flink's job id of the present run.
    pub job_id: Option<String>,
    /// What the present run runs is a batch job.
    pub batch: bool,
    /// The present run.
    pub run: Option<u32>,
    /// When the last savepoint was complete, and what it was taken for.
    pub savepoint: Option<(Timestamp, SnapshotOrigin)>,
    /// When the job was last seen running.
    pub running_at: Option<Timestamp>,
    /// When the cluster was last seen, as of the row's last change.
    pub seen_at: Option<Timestamp>,
    /// Acts that failed, one after the other.
    pub failures: i64,
    /// Not to be looked at before this.
    pub due_at: Timestamp,
}

/// A cluster as a pass or a command reads it.
#[derive(Clone, Debug)]
pub struct ClusterRecord {
    /// The commands' row.
    pub cluster: Cluster,
    /// The reconciler's row.
    pub status: Status,
}

impl ClusterRecord {
    /// What is asked and not yet completed_generation.
    pub fn pending(&self) -> Option<&Intent> {
        (self.cluster.generation > self.status.completed_generation).then_some(&self.cluster.intent)
    }

    /// The revision that the cluster has: that of its last launch. What is on its way is not the cluster's yet, and a
    /// revision whose update fails before it is launched never was.
    pub fn revision(&self) -> u32 {
        self.status.launched.revision
    }

    /// The action that is in progress and stands in others' way.
    pub fn in_progress(&self) -> Option<Action> {
        let (cluster, status) = (&self.cluster, &self.status);
        let read = cluster.generation == status.observed_generation;
        self.pending()
            .filter(|_| !cluster.action.gives_way(self.on_probation(), status.state, read))
            .map(|_| cluster.action)
    }

    /// Whether the action may be asked now; otherwise the reason why not.
    ///
    /// # Errors
    /// [`Action::allowed`].
    pub fn allows(&self, action: Action) -> Result<(), String> {
        action.allowed(self.status.state, self.in_progress(), self.status.batch)
    }

    /// An update has come up and has still to hold.
    pub fn on_probation(&self) -> bool {
        matches!(self.status.phase, Phase::Running { probation: Some(_), .. })
    }
}

#[derive(FromRow)]
struct Row {
    version: i64,
    completed_generation: i64,
    observed_generation: i64,
    phase_data: String,
    seen: String,
    known: Option<String>,
    #[sqlx(flatten)]
    launched: launched::Row,
    restarted: Option<String>,
    state: String,
    since: i64,
    note: String,
    reason: Option<String>,
    step: String,
    step_detail: String,
    result_operation: Option<String>,
    result_action: Option<String>,
    job_id: Option<String>,
    batch: i64,
    run: Option<i64>,
    savepoint_at: Option<i64>,
    savepoint_why: String,
    running_at: Option<i64>,
    seen_at: Option<i64>,
    failures: i64,
    due_at: i64,
}

impl Row {
    fn status(self) -> Result<Status, StoreError> {
        // The grid shows it.
        self.result_action.as_deref().map(|name| action("status.result_action", name)).transpose()?;
        Ok(Status {
            version: self.version,
            completed_generation: self.completed_generation,
            observed_generation: self.observed_generation,
            phase: from_json("status.phase_data", &self.phase_data)?,
            seen: from_json("status.seen", &self.seen)?,
            known: self.known.as_deref().map(|known| from_json("status.known", known)).transpose()?,
            launched: self.launched.launched()?,
            restarts: self
                .restarted
                .as_deref()
                .map(|restarted| from_json("status.restarted", restarted))
                .transpose()?,
            state: state(&self.state)?,
            since: time(self.since),
            note: self.note,
            reason: self.reason.as_deref().map(|reason| from_json("status.reason", reason)).transpose()?,
            step: (self.step, self.step_detail),
            result: self
                .result_operation
                .as_deref()
                .map(|text| id("status.result_operation", text))
                .transpose()?,
            job_id: self.job_id,
            batch: self.batch != 0,
            run: self.run.map(small),
            savepoint: self.savepoint_at.map(time).zip(SnapshotOrigin::named(&self.savepoint_why)),
            running_at: self.running_at.map(time),
            seen_at: self.seen_at.map(time),
            failures: self.failures,
            due_at: time(self.due_at),
        })
    }
}

pub(crate) fn state(name: &str) -> Result<State, StoreError> {
    State::named(name).ok_or_else(|| StoreError::Corrupt("status.state is no state".to_owned()))
}

impl Store {
    /// Both rows of a cluster that is not gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cluster_record(&self, id: ClusterId) -> Result<Option<ClusterRecord>, StoreError> {
        // The status first: when a command comes between the two reads, the pass sees an intent that is newer than
        // the status, which is what happens anyway; the other way round it would settle what it has not read.
        let row: Option<Row> = sqlx::query_as("select * from status where cluster = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(cluster) = self.cluster(id).await? else { return Ok(None) };
        Ok(Some(ClusterRecord { cluster, status: row.status()? }))
    }

    /// Every cluster that is not gone.
    pub(crate) async fn every(&self) -> Result<Vec<ClusterId>, StoreError> {
        let rows: Vec<(String,)> =
            sqlx::query_as("select cluster from status").fetch_all(&mut *self.reading().await?).await?;
        readable(rows, |(text,)| id("status.cluster", &text))
    }

    /// The clusters whose job is expected to run.
    pub(crate) async fn live(&self) -> Result<Vec<ClusterId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "select cluster from status where phase = 'running' or phase = 'saving' or phase = 'stopping'",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, |(text,)| id("status.cluster", &text))
    }

    /// Every cluster that is not gone, with what tells whether it changed and when it is due.
    pub(crate) async fn outline(&self) -> Result<Vec<Outline>, StoreError> {
        let rows: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(
            "select s.cluster, s.version, s.observed_generation, s.due_at, c.generation from status s \
             join cluster c on c.id = s.cluster",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, |(text, version, observed_generation, due_at, generation)| {
            let cluster = id("status.cluster", &text)?;
            Ok(Outline { cluster, version, observed_generation, generation, due_at: time(due_at) })
        })
    }

    /// Marks a cluster whose rows cannot be read, with the reason, and leaves what cannot be read as it is. Nothing and
    /// no event if it is marked so already.
    pub(crate) async fn mark_unreadable(
        &self,
        cluster: ClusterId,
        why: &str,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin().await?;
        let state = State::Unreadable;
        let marked = sqlx::query(
            "update status set version = version + 1, state = $1, state_group = $2, attention = $3, since = $4, \
             note = $5 where cluster = $6 and (state <> $1 or note <> $5)",
        )
        .bind(state.name())
        .bind(group_word(state.group()))
        .bind(attention(state.group()))
        .bind(micros(now))
        .bind(why)
        .bind(cluster.to_string())
        .execute(&mut *tx)
        .await?;
        let name: Option<(String,)> = sqlx::query_as("select name from cluster where id = $1")
            .bind(cluster.to_string())
            .fetch_optional(&mut *tx)
            .await?;
        if marked.rows_affected() == 0 {
            tx.roll_back().await?;
            return Ok(None);
        }
        let what = Event::Unreadable { why: why.to_owned() };
        let name = name.map(|(name,)| name).unwrap_or_default();
        let event = NewEvent::of(cluster, &name, what);
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }
}

/// As much of a cluster as the reconciler looks over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outline {
    pub(crate) cluster: ClusterId,
    pub(crate) version: i64,
    pub(crate) observed_generation: i64,
    pub(crate) generation: i64,
    pub(crate) due_at: Timestamp,
}

/// What needs a person comes first, then what moves, then what rests.
pub(crate) fn attention(group: Group) -> i64 {
    match group {
        Group::Failing => 0,
        Group::Moving => 1,
        Group::Running => 2,
        Group::Stopped => 3,
    }
}

/// The word of a group in the column and in the query.
pub(crate) fn group_word(group: Group) -> &'static str {
    match group {
        Group::Running => "running",
        Group::Moving => "moving",
        Group::Failing => "failing",
        Group::Stopped => "stopped",
    }
}

/// The group of that word.
pub(crate) fn group(word: &str) -> Result<Group, StoreError> {
    [Group::Running, Group::Moving, Group::Failing, Group::Stopped]
        .into_iter()
        .find(|group| group_word(*group) == word)
        .ok_or_else(|| StoreError::Corrupt("status.state_group is no group".to_owned()))
}
