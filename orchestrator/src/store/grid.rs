//! The grid: one page of jobs, filtered and sorted by the database. Reads several tables, writes none.

mod offer;

use std::collections::BTreeMap;

use domain::action::Action;
use domain::id::{ClusterId, PoolId};
use domain::operation::OperationEnd;
use domain::policy::{Permission, Role, lacking, may};
use domain::pool::PoolPath;
use domain::snapshot::SnapshotOrigin;
use domain::state::{Group, State};
use domain::view::{ActionOffer, GroupCounts, JobPage, JobQuery, JobRow, LastResult, Moving, Scope, Sort};
use jiff::Timestamp;
use sqlx::any::AnyArguments;
use sqlx::{Any, FromRow};
use uuid::Uuid;

use super::operation::action;
use super::sight::{Sight, seen};
use super::status::{group, state};
use super::value::{escaped, from_json, id, pattern, readable, small, time};
use super::{Store, StoreError, unreadable};

macro_rules! filtered {
    ($head:expr, $tail:literal) => {
        concat!(
            $head,
            " from status s join cluster c on c.id = s.cluster join pool p on p.id = s.pool \
             join resource_group g on g.id = p.resource_group join subscription o on o.id = g.subscription \
             join figure f on f.cluster = s.cluster left join operation r on r.id = s.result_operation \
             where ($1 = '' or s.pool = $1) and ($2 = '' or s.cluster = $2) \
             and ($3 = '' or s.name like $3 escape '\\') and ($4 = '' or s.state = $4) \
             and ($5 = '' or s.state_group = $5) and ($6 = '' or s.flink = $6) \
             and ($7 = '' or c.owner_name = $7) and ($8 = '' or s.tag_words like $8 escape '\\') and ",
            seen!("s.pool", "s.cluster", "$9", "$10"),
            " ",
            $tail
        )
    };
}

/// What a row of the grid is made of.
macro_rules! columns {
    () => {
        "select s.cluster, s.name, s.pool, o.name as subscription, g.name as resource_group, p.name as pool_name, s.flink, c.owner_name, s.tags, s.revision, \
         c.generation, c.operation, c.action, s.completed_generation, s.observed_generation, s.on_probation, s.batch, s.state, \
         s.since, s.note, s.step, s.step_detail, s.result_operation, s.result_action, s.result_succeeded, s.result_at, \
         r.outcome as result_outcome, r.message as result_message, s.job_id, s.run, s.savepoint_at, s.savepoint_why, \
         f.parallelism, s.restarts, f.checkpoint_at, s.state_group, s.seen_at, f.at as measured_at, \
         f.run as measured_run"
    };
}

macro_rules! page {
    ($order:literal) => {
        filtered!(columns!(), $order)
    };
}

/// Rows that are asked for by their ids.
const NAMED: &str = concat!(
    columns!(),
    " from status s join cluster c on c.id = s.cluster join pool p on p.id = s.pool \
     join resource_group g on g.id = p.resource_group join subscription o on o.id = g.subscription \
     join figure f on f.cluster = s.cluster left join operation r on r.id = s.result_operation \
     where s.cluster in ($1, $2, $3, $4, $5)"
);
/// How many at most.
const MOST_NAMED: usize = 5;

/// SQL is static, so each order is a text of its own. Time in a state and age grow as the time stamp falls.
fn page_sql(sort: Sort, descending: bool) -> &'static str {
    match (sort, descending) {
        (Sort::Attention, false) => page!("order by s.attention, s.name, s.cluster limit $11 offset $12"),
        (Sort::Attention, true) => {
            page!("order by s.attention desc, s.name desc, s.cluster desc limit $11 offset $12")
        }
        (Sort::Name, false) => page!("order by s.name, s.cluster limit $11 offset $12"),
        (Sort::Name, true) => page!("order by s.name desc, s.cluster desc limit $11 offset $12"),
        (Sort::Since, false) => page!("order by s.since desc, s.cluster desc limit $11 offset $12"),
        (Sort::Since, true) => page!("order by s.since, s.cluster limit $11 offset $12"),
        (Sort::Parallelism, false) => page!("order by f.parallelism, f.cluster limit $11 offset $12"),
        (Sort::Parallelism, true) => {
            page!("order by f.parallelism desc, f.cluster desc limit $11 offset $12")
        }
        (Sort::Checkpoint, false) => {
            page!("order by f.checkpoint_at desc, f.cluster desc limit $11 offset $12")
        }
        (Sort::Checkpoint, true) => page!("order by f.checkpoint_at, f.cluster limit $11 offset $12"),
        (Sort::Restarts, false) => page!("order by s.restarts, s.cluster limit $11 offset $12"),
        (Sort::Restarts, true) => page!("order by s.restarts desc, s.cluster desc limit $11 offset $12"),
    }
}

#[derive(FromRow)]
struct Row {
    cluster: String,
    name: String,
    pool: String,
    subscription: String,
    resource_group: String,
    pool_name: String,
    flink: String,
    owner_name: String,
    tags: String,
    revision: i64,
    generation: i64,
    operation: String,
    action: String,
    completed_generation: i64,
    observed_generation: i64,
    on_probation: i64,
    batch: i64,
    state: String,
    since: i64,
    note: String,
    step: String,
    step_detail: String,
    result_operation: Option<String>,
    result_action: Option<String>,
    result_succeeded: Option<i64>,
    result_at: Option<i64>,
    result_outcome: Option<String>,
    result_message: Option<String>,
    job_id: Option<String>,
    run: Option<i64>,
    savepoint_at: Option<i64>,
    savepoint_why: String,
    parallelism: i64,
    restarts: i64,
    checkpoint_at: i64,
    state_group: String,
    seen_at: Option<i64>,
    measured_at: i64,
    measured_run: i64,
}

impl Row {
    fn moving(&self) -> Result<Option<Moving>, StoreError> {
        if self.generation <= self.completed_generation {
            return Ok(None);
        }
        // Until a pass has read the newest intent, the recorded step is of an earlier one.
        let read = self.observed_generation == self.generation;
        Ok(Some(Moving {
            id: id("cluster.operation", &self.operation)?,
            action: action("cluster.action", &self.action)?,
            step: if read { self.step.clone() } else { "Accepted".to_owned() },
            detail: if read { self.step_detail.clone() } else { String::new() },
        }))
    }

    fn result(&self) -> Result<Option<LastResult>, StoreError> {
        let (Some(operation), Some(name), Some(at)) =
            (&self.result_operation, &self.result_action, self.result_at)
        else {
            return Ok(None);
        };
        let action = action("status.result_action", name)?;
        let end: Option<OperationEnd> =
            self.result_outcome.as_deref().and_then(|end| from_json("operation.outcome", end).ok());
        Ok(Some(LastResult {
            id: id("status.result_operation", operation)?,
            action,
            succeeded: self.result_succeeded == Some(1),
            at: time(at),
            message: match end {
                Some(end) => end.line(action),
                None => self.result_message.clone().unwrap_or_default(),
            },
        }))
    }

    /// Its age is that of what was written; whoever knows better says so.
    ///
    /// Whatever else of the row can be read, the cluster is shown, unless it cannot even be told which one it is.
    fn view(self, sight: &Sight) -> Result<JobRow, StoreError> {
        let cluster = id("status.cluster", &self.cluster)?;
        let read = (|| {
            Ok((
                state(&self.state)?,
                group(&self.state_group)?,
                id("status.pool", &self.pool)?,
                self.moving()?,
                self.result()?,
                from_json("status.tags", &self.tags)?,
            ))
        })();
        let measured = (self.run == Some(self.measured_run)).then_some(self.measured_at);
        let seen = self.seen_at.max(measured);
        let (state, group, pool, operation, result, tags, note) = match read {
            Ok((state, group, pool, operation, result, tags)) => {
                (state, group, pool, operation, result, tags, self.note)
            }
            Err(StoreError::Corrupt(what)) => {
                let (pool, note) = (PoolId(Uuid::nil()), unreadable(&what));
                (State::Unreadable, Group::Failing, pool, None, None, BTreeMap::new(), note)
            }
            Err(error) => return Err(error),
        };
        let read = self.observed_generation == self.generation;
        let in_progress = operation
            .as_ref()
            .map(|moving| moving.action)
            .filter(|action| !action.gives_way(self.on_probation != 0, state, read));
        // Only what is seen was asked for; where its pool cannot be read, nobody is known to have more.
        let (role, lacks) = match sight.role_for(pool, &self.name) {
            Some((role, _)) if may(role, Permission::Run) => (role, None),
            Some((role, scope)) => (role, Some(lacking(role, Permission::Run, &scope))),
            None => (Role::Reader, None),
        };
        Ok(JobRow {
            cluster,
            pool,
            result,
            state,
            group,
            as_of: seen.map(time).filter(|_| !state.at_rest() && state != State::Unreadable),
            since: time(self.since),
            run: self.run.map(small),
            revision: small(self.revision),
            parallelism: small(self.parallelism),
            savepoint_at: self.savepoint_at.map(time),
            checkpoint_at: (self.checkpoint_at > 0).then(|| time(self.checkpoint_at)),
            restarts: small(self.restarts),
            tags,
            throughput: Vec::new(),
            actions: offers(state, in_progress, (self.batch != 0, lacks)),
            role,
            operation,
            name: self.name,
            pool_path: PoolPath::of(&self.subscription, &self.resource_group, &self.pool_name),
            flink: self.flink,
            owner: self.owner_name,
            note,
            job_id: self.job_id,
            savepoint_origin: SnapshotOrigin::named(&self.savepoint_why),
        })
    }
}

/// `lacks`: what is said to somebody who may ask for none.
fn offers(
    state: State,
    in_progress: Option<Action>,
    (batch, lacks): (bool, Option<String>),
) -> Vec<ActionOffer> {
    let refused = |action: Action| lacks.clone().or_else(|| action.allowed(state, in_progress, batch).err());
    Action::OFFERED.into_iter().map(|action| ActionOffer { action, refused: refused(action) }).collect()
}

/// A query's filters, in the order of their placeholders.
fn arguments(
    query: &JobQuery,
    (pool, cluster): (String, String),
    sight: &Sight,
) -> Result<AnyArguments, StoreError> {
    use sqlx::Arguments as _;
    let tag = if query.tag.is_empty() {
        String::new()
    } else if query.tag.contains(':') {
        format!("%;{};%", escaped(&query.tag))
    } else {
        format!("%;{}:%", escaped(&query.tag))
    };
    let name = if query.text.trim().is_empty() { String::new() } else { pattern(query.text.trim()) };
    let mut arguments = AnyArguments::default();
    for text in [
        pool,
        cluster,
        name,
        query.state.clone(),
        query.group.clone(),
        query.flink.clone(),
        query.owner.clone(),
        tag,
        sight.in_pools.clone(),
        sight.in_clusters.clone(),
    ] {
        arguments.add(text).map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// Whether only the scope and the group narrow the query: then its total is one of the counts.
fn only_by_group(query: &JobQuery) -> bool {
    [&query.text, &query.state, &query.flink, &query.owner, &query.tag]
        .iter()
        .all(|text| text.trim().is_empty())
}

impl Store {
    /// The ids of the pool and of the cluster that a scope names; empty for all of them.
    async fn within(&self, scope: &Scope) -> Result<(String, String), StoreError> {
        // No row is in the pool that is not there.
        const NONE: &str = "none";
        Ok(match scope {
            Scope::All => (String::new(), String::new()),
            Scope::Pool(path) => {
                let pool = self.pool_at(path).await?;
                (pool.map_or_else(|| NONE.to_owned(), |pool| pool.to_string()), String::new())
            }
            Scope::Cluster(id) => (String::new(), id.to_string()),
        })
    }

    /// A page of the grid, of what is seen.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn jobs(
        &self,
        query: &JobQuery,
        sight: &Sight,
        now: Timestamp,
    ) -> Result<JobPage, StoreError> {
        let counts = self.counts(&query.scope, sight).await?;
        let mut rows = self.job_rows(query, sight).await?;
        self.draw(&mut rows, now).await?;
        let total = self.total(query, &counts, sight).await?;
        let offered = self.offered(sight).await?;
        Ok(JobPage {
            rows,
            total,
            counts,
            flink_versions: offered.flink_versions,
            owners: offered.owners,
            tags: offered.tags,
            as_of: now,
        })
    }

    /// The rows of a page of the grid alone, without their sparklines.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn job_rows(&self, query: &JobQuery, sight: &Sight) -> Result<Vec<JobRow>, StoreError> {
        use sqlx::Arguments as _;
        let size = if query.size == 0 { 50 } else { query.size.min(200) };
        let mut all = arguments(query, self.within(&query.scope).await?, sight)?;
        all.add(i64::from(size)).map_err(sqlx::Error::Encode)?;
        all.add(i64::from(size) * i64::from(query.page)).map_err(sqlx::Error::Encode)?;
        let rows: Vec<Row> = sqlx::query_as_with(page_sql(query.sort, query.descending), all)
            .fetch_all(&mut *self.reading().await?)
            .await?;
        readable(rows, |row| row.view(sight))
    }

    /// The rows of these clusters, in their order, as far as they are not gone; of the first five.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn jobs_named(
        &self,
        ids: &[ClusterId],
        sight: &Sight,
        now: Timestamp,
    ) -> Result<Vec<JobRow>, StoreError> {
        let mut query = sqlx::query_as::<_, Row>(NAMED);
        for place in 0..MOST_NAMED {
            query = query.bind(ids.get(place).map(ToString::to_string).unwrap_or_default());
        }
        let rows = query.fetch_all(&mut *self.reading().await?).await?;
        let mut rows = readable(rows, |row| row.view(sight))?;
        rows.sort_by_key(|row| ids.iter().position(|id| *id == row.cluster));
        self.draw(&mut rows, now).await?;
        Ok(rows)
    }

    /// Gives rows their sparklines.
    async fn draw(&self, rows: &mut [JobRow], now: Timestamp) -> Result<(), StoreError> {
        let ids: Vec<ClusterId> = rows.iter().map(|row| row.cluster).collect();
        let mut lines = self.sparklines(&ids, now).await?;
        for row in rows {
            row.throughput = lines.remove(&row.cluster).unwrap_or_default();
        }
        Ok(())
    }

    async fn total(&self, query: &JobQuery, counts: &GroupCounts, sight: &Sight) -> Result<u32, StoreError> {
        if only_by_group(query) {
            return Ok(match query.group.as_str() {
                "" => counts.all,
                "running" => counts.running,
                "moving" => counts.moving,
                "failing" => counts.failing,
                "stopped" => counts.stopped,
                _ => 0,
            });
        }
        let (total,): (i64,) = sqlx::query_as_with::<Any, _, _>(
            filtered!("select cast(count(*) as bigint)", ""),
            arguments(query, self.within(&query.scope).await?, sight)?,
        )
        .fetch_one(&mut *self.reading().await?)
        .await?;
        Ok(small(total))
    }
}
