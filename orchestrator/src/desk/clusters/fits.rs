//! Whether a cluster's states fit the revision that Start takes. A page is answered at once with what is known; what is
//! not is looked at behind its back, and pages are told when that has an answer.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;

use domain::artifact::Artifact;
use domain::id::ClusterId;
use domain::option::ignores_unclaimed_state;
use domain::refusal::Refusal;
use domain::view::{Fits, FitsView, NotKnown, SnapshotView};

use super::Desk;
use crate::command;
use crate::fits::{judged, refused};
use crate::plane::ControlPlane;
use crate::probe::{Graph, JarFile, Program, ProgramKey};

/// So many of the newest states are looked at: each costs Flink's classes a reading.
const LOOKED_AT: usize = 60;
/// So many by one JVM,
const AT_ONCE: usize = 20;
/// and no more of their `_metadata` than fits into it with all that it becomes.
const READ: u64 = 32 << 20;

/// A revision's program, by what it is recognised.
struct Revision {
    program: ProgramKey,
    leaves_behind: bool,
}

/// A state whose answer is missing, and by what its writer is recognised.
struct Missing {
    path: String,
    writer: Option<ProgramKey>,
}

impl Desk {
    /// Whether the states that a cluster can start from fit the revision that a start takes, as far as it is known.
    /// [`Fits::Looking`] is told anew, with a hint, once there is an answer.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn fits(&self, id: ClusterId) -> Result<FitsView, Refusal> {
        self.known(id).await?;
        let states = command::states(&self.plane, id).await?;
        let mut view = FitsView { revision: states.revision, ..FitsView::default() };
        let (memory, now) = (&self.plane.inner.fits, self.plane.now());
        view.away = states
            .states
            .iter()
            .filter_map(|state| {
                Some((state.path.clone(), memory.away(&state.path, state.missing.is_some(), now)?))
            })
            .collect();
        let Some(wanted) = self.revision_program(id, states.revision).await else {
            let there = states.states.iter().filter(|state| state.missing.is_none());
            let none = |state: &SnapshotView| (state.path.clone(), not_known(NotKnown::NoGraph));
            view.by_path = there.map(none).collect();
            return Ok(view);
        };
        let graph = self.plane.probe().kept_graph(&wanted.program).await;
        let mut writers = HashMap::<u32, Option<ProgramKey>>::new();
        let mut missing = Vec::new();
        let there = states.states.iter().filter(|state| state.missing.is_none());
        for (number, state) in there.enumerate() {
            let writer = match writers.entry(state.revision) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(new) => {
                    let program = self.revision_program(id, state.revision).await;
                    new.insert(program.map(|found| found.program)).clone()
                }
            };
            let own = writer.as_ref() == Some(&wanted.program);
            // What is only seen of a run that goes on is another one a moment later.
            let moves = state.id.0.is_nil();
            let known = self.plane.inner.fits.of(&state.path, &wanted.program);
            let fits = match known {
                Some(known) => known,
                None if graph.is_none() && !own => not_known(NotKnown::NoGraph),
                None if moves && !own => not_known(NotKnown::Moves),
                None if number >= LOOKED_AT && !own => {
                    not_known(NotKnown::TooMany { looked_at: u32::try_from(LOOKED_AT).unwrap_or(u32::MAX) })
                }
                None => {
                    if graph.is_some() && !moves && number < LOOKED_AT {
                        missing.push(Missing { path: state.path.clone(), writer });
                    }
                    // What the same program wrote it can read; how much that is will be counted.
                    if own { Fits::Yes { operators: None, new: 0 } } else { Fits::Looking }
                }
            };
            view.by_path.insert(state.path.clone(), fits);
        }
        if let Some(graph) = graph.filter(|_| !missing.is_empty()) {
            look(&self.plane, id, wanted, graph, missing);
        }
        Ok(view)
    }

    /// None where the bytes of its jar are not known.
    async fn revision_program(&self, id: ClusterId, revision: u32) -> Option<Revision> {
        let spec = self.with_values(&self.open_spec(id, revision).await.ok()?, false).await?;
        let jar = self.plane.store().revision_jar(id, revision).await.ok()??;
        let more = self.plane.store().more_jars(id, revision).await.ok()?;
        let file =
            |artifact: &Artifact| JarFile { place: PathBuf::new(), digest: artifact.sha256.to_string() };
        let more = more.iter().map(|jar| file(&jar.artifact)).collect();
        let program = Program::of(&spec, file(&jar), more, Vec::new()).ok()?;
        let leaves_behind = ignores_unclaimed_state(&spec.job.options);
        Some(Revision { program: ProgramKey::of(&program), leaves_behind })
    }
}

fn not_known(why: NotKnown) -> Fits {
    Fits::NotKnown { why }
}

/// Looks at states, unless somebody does already; then tells who shows the cluster.
fn look(plane: &ControlPlane, id: ClusterId, wanted: Revision, graph: Graph, missing: Vec<Missing>) {
    if !plane.inner.fits.begin(id) {
        return;
    }
    let inner = plane.inner.clone();
    let plane = plane.clone();
    inner.tasks.spawn(async move {
        let looked =
            plane.inner.stop.run_until_cancelled(look_at_each(&plane, &wanted, &graph, missing)).await;
        plane.inner.fits.end(id);
        if looked.is_some() {
            plane.inner.hint(None, Some(id));
        }
    });
}

async fn look_at_each(plane: &ControlPlane, wanted: &Revision, graph: &Graph, missing: Vec<Missing>) {
    let keep = |path: &str, fits: Fits| plane.inner.fits.keep(path, &wanted.program, fits);
    let mut by_writer = HashMap::<Option<ProgramKey>, Vec<(String, PathBuf)>>::new();
    for Missing { path, writer } in missing {
        let at = path.clone();
        let found = plane.storage().off(move |storage| storage.state(&at)).await;
        match found.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(place) => by_writer.entry(writer).or_default().push((path, place)),
            Err(why) => keep(&path, Fits::NotKnown { why: NotKnown::NoAnswer { why } }),
        }
    }
    for (writer, states) in by_writer {
        let before = match &writer {
            Some(writer) => plane.probe().kept_graph(writer).await,
            None => None,
        };
        for (path, _) in states.iter().filter(|(_, place)| size(place) > READ) {
            keep(path, not_known(NotKnown::TooLarge));
        }
        for batch in batches(states.into_iter().filter(|(_, place)| size(place) <= READ)) {
            let places: Vec<PathBuf> = batch.iter().map(|(_, place)| place.clone()).collect();
            let answers = match plane.probe().fits_each(&places, before.as_ref(), graph).await {
                Ok(answers) => answers,
                Err(error) => vec![Err(error); batch.len()],
            };
            for ((path, place), answer) in batch.iter().zip(answers) {
                let fits = match answer {
                    Ok(fit) => judged(&fit, wanted.leaves_behind),
                    Err(error) => refused(&error, &place.display().to_string()),
                };
                keep(path, fits);
            }
        }
    }
}

/// As many as one JVM reads.
fn batches(states: impl Iterator<Item = (String, PathBuf)>) -> Vec<Vec<(String, PathBuf)>> {
    let (mut batches, mut read) = (Vec::<Vec<_>>::new(), 0);
    for state in states {
        let size = size(&state.1);
        match batches.last_mut() {
            Some(last) if last.len() < AT_ONCE && read + size <= READ => {
                read += size;
                last.push(state);
            }
            Some(_) | None => {
                read = size;
                batches.push(vec![state]);
            }
        }
    }
    batches
}

/// Of what is read of a state: its `_metadata`.
fn size(place: &std::path::Path) -> u64 {
    std::fs::symlink_metadata(place.join("_metadata")).map_or(0, |file| file.len())
}
