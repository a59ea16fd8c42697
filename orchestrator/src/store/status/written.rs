//! What a pass writes into the row, and a creation and a deletion.

use domain::action::Action;
use domain::id::{ClusterId, OperationId, PoolId};
use domain::lifecycle::{KnownState, Observation, Phase, Restarts};
use domain::reason::Reason;
use domain::snapshot::SnapshotOrigin;
use domain::state::{Group, State};
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::{attention, group_word};
use crate::store::StoreError;
use crate::store::launched::{Launched, tag_words};
use crate::store::value::{micros, signed, to_json};

/// What a pass writes.
#[derive(Clone, Debug)]
pub(crate) struct NewStatus {
    pub(crate) completed_generation: i64,
    pub(crate) observed_generation: i64,
    pub(crate) phase: Phase,
    pub(crate) seen: Observation,
    pub(crate) known: Option<KnownState>,
    pub(crate) launched: Launched,
    pub(crate) restarts: Option<Box<Restarts>>,
    pub(crate) state: State,
    pub(crate) since: Timestamp,
    pub(crate) note: String,
    pub(crate) reason: Option<Reason>,
    pub(crate) step: (String, String),
    pub(crate) result: Option<NewResult>,
    pub(crate) job_id: Option<String>,
    pub(crate) batch: bool,
    pub(crate) run: Option<u32>,
    pub(crate) savepoint: Option<(Timestamp, SnapshotOrigin)>,
    pub(crate) running_at: Option<Timestamp>,
    pub(crate) seen_at: Option<Timestamp>,
    pub(crate) failures: i64,
    pub(crate) due_at: Timestamp,
}

impl NewStatus {
    /// How the grid counts it.
    pub(crate) fn group(&self) -> Group {
        self.state.group_of(self.restarts.as_ref().is_some_and(|restarts| restarts.failing_since.is_some()))
    }
}

/// How the operation that ended last ended.
#[derive(Clone, Debug)]
pub(crate) struct NewResult {
    pub(crate) operation: OperationId,
    pub(crate) action: Action,
    pub(crate) succeeded: bool,
    pub(crate) at: Timestamp,
}

pub(in crate::store) async fn insert_first(
    connection: &mut AnyConnection,
    (cluster, pool, name): (ClusterId, PoolId, &str),
    first: &Launched,
    now: Timestamp,
) -> Result<(), StoreError> {
    let phase = Phase::Accepted;
    let state = State::Starting;
    sqlx::query(
        "insert into status (cluster, pool, name, version, completed_generation, observed_generation, phase, phase_data, seen, state, state_group, \
         attention, since, note, step, step_detail, savepoint_why, failures, due_at, revision, flink, tags, tag_words, cpu_milli, \
         memory_mb) values ($1, $2, $3, 1, 0, 0, $4, $5, $6, $7, $8, $9, $10, '', 'Accepted', '', '', 0, $10, $11, \
         $12, $13, $14, $15, $16)",
    )
    .bind(cluster.to_string())
    .bind(pool.to_string())
    .bind(name)
    .bind(phase.name())
    .bind(to_json(&phase)?)
    .bind(to_json(&Observation::Absent)?)
    .bind(state.name())
    .bind(group_word(state.group()))
    .bind(attention(state.group()))
    .bind(micros(now))
    .bind(i64::from(first.revision))
    .bind(&first.flink)
    .bind(to_json(&first.tags)?)
    .bind(tag_words(&first.tags))
    .bind(signed(first.holds.cpu_milli))
    .bind(signed(first.holds.memory_mb))
    .execute(connection)
    .await?;
    Ok(())
}

/// The reconciler's compare-and-swap.
pub(in crate::store) async fn update(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    version: i64,
    new: &NewStatus,
) -> Result<(), StoreError> {
    let result = new.result.as_ref();
    let group = new.group();
    let done = sqlx::query(
        "update status set version = version + 1, completed_generation = $1, observed_generation = $2, phase = $3, phase_data = $4, \
         seen = $5, state = $6, state_group = $7, attention = $8, since = $9, note = $10, reason = $11, step = $12, \
         step_detail = $13, result_operation = coalesce($14, result_operation), \
         result_action = coalesce($15, result_action), result_succeeded = coalesce($16, result_succeeded), \
         result_at = coalesce($17, result_at), job_id = $19, run = $20, savepoint_at = $21, savepoint_why = $22, \
         running_at = $23, failures = $24, due_at = $25, \
         known = $26, on_probation = $27, revision = $28, flink = $29, tags = $30, tag_words = $31, cpu_milli = $32, \
         memory_mb = $33, batch = $34, restarts = $35, restarted = $36, seen_at = $37 where cluster = $38 \
         and version = $18",
    )
    .bind(new.completed_generation)
    .bind(new.observed_generation)
    .bind(new.phase.name())
    .bind(to_json(&new.phase)?)
    .bind(to_json(&new.seen)?)
    .bind(new.state.name())
    .bind(group_word(group))
    .bind(attention(group))
    .bind(micros(new.since))
    .bind(&new.note)
    .bind(new.reason.as_ref().map(to_json).transpose()?)
    .bind(&new.step.0)
    .bind(&new.step.1)
    .bind(result.map(|result| result.operation.to_string()))
    .bind(result.map(|result| result.action.name().to_owned()))
    .bind(result.map(|result| i64::from(result.succeeded)))
    .bind(result.map(|result| micros(result.at)))
    .bind(version)
    .bind(new.job_id.clone())
    .bind(new.run.map(i64::from))
    .bind(new.savepoint.as_ref().map(|(at, _)| micros(*at)))
    .bind(new.savepoint.as_ref().map_or("", |(_, origin)| origin.name()))
    .bind(new.running_at.map(micros))
    .bind(new.failures)
    .bind(micros(new.due_at))
    .bind(new.known.as_ref().map(to_json).transpose()?)
    .bind(i64::from(matches!(new.phase, Phase::Running { probation: Some(_), .. })))
    .bind(i64::from(new.launched.revision))
    .bind(&new.launched.flink)
    .bind(to_json(&new.launched.tags)?)
    .bind(tag_words(&new.launched.tags))
    .bind(signed(new.launched.holds.cpu_milli))
    .bind(signed(new.launched.holds.memory_mb))
    .bind(i64::from(new.batch))
    .bind(new.restarts.as_ref().map_or(0, |restarts| i64::from(restarts.total())))
    .bind(new.restarts.as_ref().map(to_json).transpose()?)
    .bind(new.seen_at.map(micros))
    .bind(cluster.to_string())
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The end of a cluster's status, by the same compare-and-swap.
pub(in crate::store) async fn delete(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    version: i64,
) -> Result<(), StoreError> {
    let done = sqlx::query("delete from status where cluster = $1 and version = $2")
        .bind(cluster.to_string())
        .bind(version)
        .execute(connection)
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_a_person_comes_first() {
        let mut states = State::ALL.to_vec();
        states.sort_by_key(|state| attention(state.group()));
        assert_eq!(states[0].group(), Group::Failing);
        assert_eq!(states.last().map(|state| state.group()), Some(Group::Stopped));
    }
}
