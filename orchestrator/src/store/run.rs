//! Table `run`: every launch of a job. Written by the reconciler.

use std::collections::BTreeMap;

use domain::id::ClusterId;
use domain::run::RunEnd;
use domain::view::RunView;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

use super::value::{from_json, micros, small, time, to_json};
use super::{Store, StoreError};

#[derive(FromRow)]
struct Row {
    run: i64,
    job_id: String,
    revision: i64,
    from_path: Option<String>,
    started: i64,
    running: Option<i64>,
    ended: Option<i64>,
    outcome: Option<String>,
    why: String,
    configuration: String,
    line: Option<i64>,
    endpoint: Option<String>,
}

impl Row {
    fn view(self) -> RunView {
        let end = self.outcome.as_deref().and_then(|end| from_json::<RunEnd>("run.outcome", end).ok());
        RunView {
            run: small(self.run),
            line: small(self.line.unwrap_or(self.run)),
            job_id: self.job_id,
            revision: small(self.revision),
            from: self.from_path,
            endpoint: self.endpoint,
            started: time(self.started),
            running: self.running.map(time),
            unreadable: end.as_ref().and_then(RunEnd::unreadable_state).map(str::to_owned),
            held: self.running.is_some() && !matches!(end, Some(RunEnd::WentBack { .. })),
            ended: self.ended.map(time),
            // What ended before ends were data has the words that were written then.
            why: end.map_or(self.why, |end| end.words()),
            configuration: from_json("run.configuration", &self.configuration).unwrap_or_default(),
        }
    }
}

/// What a pass has to say about a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RunChange {
    /// It is launched.
    Launched { run: u32, revision: u32, job_id: String, from: Option<String>, line: Line },
    /// Its job manager answers there.
    Answers { run: u32, endpoint: String },
    /// Its job was seen running for the first time.
    Runs { run: u32 },
    /// It ended.
    Ended { run: u32, end: RunEnd },
}

/// To which line a run belongs. A start without state begins a new one, and what is not dropped goes on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It begins one.
    New,
    /// That of the run which wrote the state that it starts from; its own if nobody here wrote it.
    OfItsState,
    /// That of this run, which an update that did not hold had followed.
    GoesBack { from: u32 },
}

impl Store {
    /// A cluster's runs, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn runs(&self, cluster: ClusterId) -> Result<Vec<RunView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select run, job_id, revision, from_path, started, running, ended, outcome, why, configuration, line, \
             endpoint from run where cluster = $1 order by run desc",
        )
        .bind(cluster.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        Ok(rows.into_iter().map(Row::view).collect())
    }
}

impl Store {
    /// Keeps the configuration that a run was given.
    pub(crate) async fn keep_configuration(
        &self,
        cluster: ClusterId,
        run: u32,
        configuration: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        self.write(
            sqlx::query("update run set configuration = $1 where cluster = $2 and run = $3")
                .bind(to_json(configuration)?)
                .bind(cluster.to_string())
                .bind(i64::from(run)),
        )
        .await?;
        Ok(())
    }
}

/// The line of the run that wrote a state, or that started from it before. A checkpoint lies in a folder that Flink
/// names after its job, also where nobody could write down that it is there.
async fn line_of(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    run: u32,
    from: Option<&str>,
) -> Result<Option<i64>, StoreError> {
    let line: Option<(i64,)> = sqlx::query_as(
        "select coalesce(r.line, r.run) from run r where r.cluster = $1 and r.run < $2 and (r.from_path = $3 \
         or $3 like '%/' || r.job_id || '/%' \
         or exists (select 1 from snapshot s where s.cluster = r.cluster and s.run = r.run and s.path = $3)) \
         order by r.run limit 1",
    )
    .bind(cluster.to_string())
    .bind(i64::from(run))
    .bind(from.map(str::to_owned))
    .fetch_optional(connection)
    .await?;
    Ok(line.map(|(line,)| line))
}

/// Every change may be written twice and counts once.
pub(super) async fn write(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    change: &RunChange,
    now: Timestamp,
) -> Result<(), StoreError> {
    let query = match change {
        RunChange::Launched { run, revision, job_id, from, line } => {
            if let Line::GoesBack { from } = line {
                // What the revision wrote that did not hold is offered, and never chosen by itself.
                sqlx::query("update run set line = run where cluster = $1 and run >= $2 and run < $3")
                    .bind(cluster.to_string())
                    .bind(i64::from(*from))
                    .bind(i64::from(*run))
                    .execute(&mut *connection)
                    .await?;
            }
            let line = match line {
                Line::New => None,
                Line::OfItsState | Line::GoesBack { .. } => {
                    line_of(connection, cluster, *run, from.as_deref()).await?
                }
            };
            sqlx::query(
                "insert into run (cluster, run, revision, job_id, from_path, started, why, configuration, line) \
                 values ($1, $2, $3, $4, $5, $6, '', '{}', $7) on conflict (cluster, run) do nothing",
            )
            .bind(cluster.to_string())
            .bind(i64::from(*run))
            .bind(i64::from(*revision))
            .bind(job_id.clone())
            .bind(from.clone())
            .bind(micros(now))
            .bind(line.unwrap_or(i64::from(*run)))
        }

        RunChange::Answers { run, endpoint } => {
            sqlx::query("update run set endpoint = $1 where cluster = $2 and run = $3")
                .bind(endpoint.clone())
                .bind(cluster.to_string())
                .bind(i64::from(*run))
        }
        RunChange::Runs { run } => {
            sqlx::query("update run set running = $1 where cluster = $2 and run = $3 and running is null")
                .bind(micros(now))
                .bind(cluster.to_string())
                .bind(i64::from(*run))
        }
        RunChange::Ended { run, end } => sqlx::query(
            "update run set ended = $1, outcome = $2 where cluster = $3 and run = $4 and ended is null",
        )
        .bind(micros(now))
        .bind(to_json(end)?)
        .bind(cluster.to_string())
        .bind(i64::from(*run)),
    };
    query.execute(connection).await?;
    Ok(())
}
