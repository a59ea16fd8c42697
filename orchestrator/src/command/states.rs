//! The states that a cluster's job can start from, with a look at each whether it can be used now.

use domain::id::{ClusterId, SnapshotId};
use domain::lifecycle::Restore;
use domain::refusal::Refusal;
use domain::snapshot::{SavepointFormat, SnapshotKind, SnapshotOrigin};
use domain::view::{LineRuns, Newest, RunView, SnapshotView, StatesView};
use jiff::Timestamp;

use crate::plane::ControlPlane;
use crate::store::snapshot::NewSnapshot;
use crate::store::status::ClusterRecord;

/// So many of a cluster's states are looked at whether they are there: a page that shows more is read by nobody.
const LOOKED_AT: usize = 200;

/// Every state of a cluster: those that were written down, the newest of a run that is not over, what runs started from,
/// and savepoints that were complete where nobody could look.
pub(crate) async fn states(plane: &ControlPlane, id: ClusterId) -> Result<StatesView, Refusal> {
    let standing = plane.cluster_record(id).await?;
    let store = plane.store();
    let (mut states, runs) = (store.snapshots(id).await?, store.runs(id).await?);
    let of_run = |run: u32| runs.iter().find(|of| of.run == run);
    let known = standing.status.known.as_ref().map(|known| (known.run, known.state.clone(), known.at));
    let begun = runs.iter().filter_map(|run| Some((run.run, Restore::at(run.from.as_deref()?), run.started)));
    let homes = store.homes(id, &store.spec(id, standing.revision()).await?).await?;
    // A run's state was complete before its end, whatever time a file bears.
    let by_its_end = |run: &RunView, at: Timestamp| at.min(run.ended.unwrap_or_else(|| plane.now()));
    let found = plane
        .storage()
        .off(move |storage| homes.iter().flat_map(|home| storage.left_savepoints(home)).collect::<Vec<_>>());
    let left = found.await?.into_iter().filter_map(|(path, at)| {
        let writer = runs.iter().find(|run| run.started <= at)?;
        Some((writer.run, Restore::Savepoint { path }, by_its_end(writer, at)))
    });
    // What is being deleted is nobody's to start from.
    let leaving = store.doomed_of(id).await?;
    for (run, state, at) in known.into_iter().chain(left).chain(begun) {
        let listed = |path: &&str| {
            states.iter().any(|state| state.path == *path)
                || leaving.iter().any(|(leaving, _)| leaving == path)
        };
        let Some(path) = state.path().filter(|path| !listed(path)) else { continue };
        // What nobody could write down when its run ended is of the run that Flink named its folder after.
        let writer = runs.iter().find(|of| path.contains(&format!("/{}/", of.job_id)));
        let (run, at) = match writer.filter(|writer| writer.run != run) {
            Some(writer) => {
                let path = path.to_owned();
                let written = plane.storage().off(move |storage| storage.written(&path)).await?;
                (writer.run, by_its_end(writer, written.unwrap_or(at)))
            }
            None => (run, at),
        };
        let kind = match state {
            Restore::Checkpoint { .. } => SnapshotKind::Checkpoint,
            Restore::Savepoint { .. } | Restore::Fresh => SnapshotKind::Savepoint,
        };
        states.push(SnapshotView {
            id: SnapshotId(uuid::Uuid::nil()),
            kind,
            path: path.to_owned(),
            at,
            size: None,
            run,
            revision: of_run(run).map_or(0, |run| run.revision),
            line: of_run(run).map_or(run, |run| run.line),
            missing: None,
            origin: SnapshotOrigin::Seen,
            actor: String::new(),
            native: false,
        });
    }
    states.sort_by_key(|state| std::cmp::Reverse(state.at));
    for state in states.iter_mut().take(LOOKED_AT) {
        let path = state.path.clone();
        let written = plane.storage().off(move |storage| storage.written(&path)).await?;
        let written = written.filter(|written| *written <= plane.now());
        let unread = runs.iter().filter(|run| run.from.as_ref() == Some(&state.path)).find_map(|run| {
            // What was put in its place since is another one.
            run.unreadable.as_ref().filter(|_| written.is_none_or(|written| Some(written) <= run.ended))
        });
        let missing = plane.inner.provider.missing(&state.path).await;
        state.missing = missing.or_else(|| unread.cloned());
    }
    // What an earlier run started from and somebody has deleted since is missed by nobody.
    let last = runs.first().map(|run| run.run);
    states.retain(|state| !state.id.0.is_nil() || state.missing.is_none() || Some(state.run) == last);
    let ran_well = runs.iter().find(|run| run.running.is_some()).or(runs.first());
    let of_line = |line: u32| {
        let first = of_run(line)?;
        let last = runs.iter().filter(|run| run.line == line).map(|run| run.run).max()?;
        Some(LineRuns { last, began: first.started, from: first.from.clone() })
    };
    Ok(StatesView {
        runs: ran_well.and_then(|run| of_line(run.line)),
        // A launch that never came up has continued nothing.
        line: ran_well.map(|run| run.line),
        revision: ran_well.map_or(standing.cluster.revision, |run| run.revision),
        revisions: (1..=standing.cluster.revision).rev().collect(),
        held: runs.iter().filter(|run| run.held).map(|run| run.revision).collect(),
        states,
    })
}

/// What a launch at rest goes on from, without a wish.
pub(crate) async fn newest(plane: &ControlPlane, standing: &ClusterRecord) -> Result<Restore, Refusal> {
    let states = states(plane, standing.cluster.id).await?;
    match states.newest() {
        Newest::State(state) => Ok(state.restore()),
        Newest::Fresh => Ok(Restore::Fresh),
        Newest::Undecided => Err(Refusal::field(
            "from",
            "",
            "The last run left no state that can be used now. Choose one of an earlier line, or begin without state."
                .to_owned(),
        )),
    }
}

/// What is to be written down of a state in the cluster's own folder before a run starts from it: whoever wrote it could
/// tell nobody.
pub(crate) async fn unwritten(
    plane: &ControlPlane,
    standing: &ClusterRecord,
    from: Option<&str>,
) -> Result<Option<NewSnapshot>, Refusal> {
    let id = standing.cluster.id;
    let homes = plane.store().homes(id, &plane.store().spec(id, standing.revision()).await?).await?;
    let own = |path: &&str| homes.iter().any(|home| path.starts_with(&format!("{home}/")));
    let Some(path) = from.filter(own) else { return Ok(None) };
    let found = states(plane, id).await?.states.into_iter().find(|state| state.path == path);
    Ok(found.filter(|state| state.origin == SnapshotOrigin::Seen).map(|state| NewSnapshot {
        kind: state.kind,
        path: state.path,
        size: state.size,
        run: state.run,
        at: Some(state.at),
        origin: SnapshotOrigin::Found,
        actor: String::new(),
        format: SavepointFormat::Canonical,
    }))
}
