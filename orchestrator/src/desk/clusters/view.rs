//! One cluster, whole.

use domain::id::ClusterId;
use domain::lifecycle::{Observation, Phase};
use domain::refusal::Refusal;
use domain::snapshot::{SnapshotKind, called};
use domain::spec::ClusterSpec;
use domain::state::State;
use domain::view::{ClusterView, JobQuery, OperationView, RunView, Scope};
use jiff::SignedDuration;

use super::Desk;
use crate::plane::gone;
use crate::store::status::ClusterRecord;

/// How long a rate counts as that of the moment: a few looks may be missed.
const FRESH: SignedDuration = SignedDuration::from_secs(30);

pub(super) async fn cluster(desk: &Desk, id: ClusterId) -> Result<ClusterView, Refusal> {
    let store = desk.plane.store();
    let standing = desk.plane.cluster_record(id).await?;
    let query = JobQuery { scope: Scope::Cluster(id), size: 1, ..JobQuery::default() };
    let page = desk.jobs(&query).await?;
    let row = page.rows.into_iter().next().ok_or_else(gone)?;
    let spec = store.spec(id, row.revision).await?.shown();
    let jar = store.revision_jar(id, row.revision).await?;
    let more_jars = store.more_jars(id, row.revision).await?;
    let mut last_operation = store.operations_of(id, 1).await?.into_iter().next();
    if let Some(operation) = &mut last_operation {
        operation.usually_ms = store.usually_ms(id, operation.action).await?;
    }
    let figures = store.figures(id).await?;
    let downtimes = store.downtimes(id).await?;
    let snapshots = store.snapshots(id).await?;
    let runs = store.runs(id).await?;
    let savepoints = snapshots.iter().filter(|snapshot| snapshot.kind == SnapshotKind::Savepoint).count();
    // What was measured last says nothing of a job that does not run, or of a time when nobody measured.
    let of_this_run = standing.status.phase.launch().is_some_and(|launch| launch.run == figures.run);
    let fresh = desk.plane.now().duration_since(figures.at) < FRESH;
    let flows = standing.status.state == State::Running && of_this_run && fresh;
    let endpoint = endpoint(&standing, runs.first());
    Ok(ClusterView {
        headline: headline(&standing, runs.first(), last_operation.as_ref(), endpoint),
        places: places(&standing, &spec, endpoint),
        created: standing.cluster.created,
        reason: standing.status.reason.clone(),
        row,
        spec,
        jar,
        more_jars,
        last_operation,
        records_in: figures.records_in.filter(|_| flows),
        checkpoint_size: figures.checkpoint_size,
        checkpoint_ms: figures.checkpoint_ms,
        downtime_ms: downtimes.last().copied(),
        downtimes,
        savepoints: u32::try_from(savepoints).unwrap_or(u32::MAX),
    })
}

/// Where the job manager of the last run answers, unless that is over or was not seen yet.
fn endpoint<'a>(standing: &ClusterRecord, last: Option<&'a RunView>) -> Option<&'a str> {
    let rests = standing.status.state.at_rest();
    last.filter(|last| !rests && last.ended.is_none())?.endpoint.as_deref()
}

/// Whether it asks nobody for a key.
fn in_clear(endpoint: &str) -> bool {
    endpoint.starts_with("http://")
}

/// Said of a run that an earlier portal started and whose job manager asks nobody for a key.
const IN_CLEAR: &str = " Flink of this run answers in clear, without keys, until its next start.";

/// "Run 18 of revision 7, started by Update from savepoint-ab12."
fn headline(
    standing: &ClusterRecord,
    run: Option<&RunView>,
    last: Option<&OperationView>,
    endpoint: Option<&str>,
) -> String {
    let Some(run) = run else { return "Nothing was launched yet.".to_owned() };
    let launch = standing.status.phase.launch();
    let asked_by = launch.and_then(|launch| launch.asked_by);
    let by = match last {
        Some(operation) if asked_by == Some(operation.id) => format!(" by {}", operation.action.word()),
        _ if asked_by.is_none() && launch.is_some() => " in place of a lost run".to_owned(),
        _ => String::new(),
    };
    let from = match &run.from {
        Some(path) => format!(" from {}", called(path)),
        None => " without state".to_owned(),
    };
    let end =
        if run.ended.is_some() { format!("; {}", run.why.trim_end_matches('.')) } else { String::new() };
    let in_clear = if endpoint.is_some_and(in_clear) { IN_CLEAR } else { "" };
    format!("Run {} of revision {}, started{by}{from}{end}.{in_clear}", run.run, run.revision)
}

fn places(standing: &ClusterRecord, spec: &ClusterSpec, endpoint: Option<&str>) -> Vec<(String, String)> {
    let mut places = Vec::new();
    let mut place = |label: &str, value: String| places.push((label.to_owned(), value));
    let at_rest = standing.status.state.at_rest() || standing.status.phase == Phase::Accepted;
    let job_manager = match endpoint {
        _ if at_rest => "not running".to_owned(),
        None => "not started yet".to_owned(),
        Some(url) if in_clear(url) => format!("{url}, in clear"),
        Some(url) => url.to_owned(),
    };
    place("Job manager", job_manager);
    if let Observation::Present(observed) = &standing.status.seen
        && !at_rest
    {
        let managers = observed.task_managers;
        place("Task managers", format!("{} of {}", managers.registered, managers.wanted));
    }
    place("Storage", format!("{} / {}", spec.account, spec.container));
    place("Node size", format!("{} × {}", spec.worker_nodes, spec.node_size.replace('_', " ")));
    places
}
