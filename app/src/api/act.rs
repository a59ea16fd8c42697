//! What a person asks for: an action on one or more clusters. A plain form can post it too.

use domain::action::Action;
use domain::id::{ClusterId, OperationId, SnapshotId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// What became of one cluster's part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ActionResult {
    /// The cluster.
    pub(crate) cluster: ClusterId,
    /// The operation, if it was accepted.
    pub(crate) operation: Option<OperationId>,
    /// Why not, if it was not.
    pub(crate) refused: Option<String>,
}

/// What a job starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Start {
    /// Empty for the newest state, `fresh`, a path, or [`OTHER`] for the one in `path`.
    pub(crate) from: String,
    /// Another state than those of the list, as it was typed.
    pub(crate) path: String,
    /// A revision's number; empty for the one that ran last.
    pub(crate) revision: String,
}

/// The choice of a state that is not in the list.
pub(crate) const OTHER: &str = "other";

/// The state that was chosen; none for the newest.
#[cfg(feature = "ssr")]
pub(super) fn chosen(
    from: &str,
    path: &str,
) -> Result<Option<domain::lifecycle::Restore>, domain::refusal::Refusal> {
    let path = path.trim();
    match from {
        OTHER if path.is_empty() => Err(domain::refusal::Refusal::field(
            "from",
            "",
            "Write where the savepoint lies, or choose a state of the list.",
        )),
        OTHER => Ok(Some(domain::lifecycle::Restore::at(path))),
        from => Ok(domain::lifecycle::Restore::chosen(from)),
    }
}

/// What a question's boxes say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Ticked {
    /// Delete: the savepoints too.
    pub(crate) savepoints: bool,
    /// Delete: also a cluster of which nothing can be seen.
    pub(crate) unseen: bool,
    /// Savepoint: in the state backend's own format.
    pub(crate) native: bool,
}

/// Asks for an action on each cluster. `confirm`: the
/// name that was typed to delete. `back`: where a plain form post goes on; a script leaves it empty. One cluster that
/// is refused is the error; of several, each has its own answer.
#[server(prefix = "/api/ui", endpoint = "act", output = Json)]
pub(crate) async fn act(
    action: Action,
    clusters: Vec<ClusterId>,
    #[server(default)] start: Start,
    #[server(default)] ticked: Ticked,
    #[server(default)] confirm: String,
    #[server(default)] key: String,
    #[server(default)] back: String,
) -> Result<Vec<ActionResult>, ApiError> {
    let desk = desk().await?;
    let from = chosen(&start.from, &start.path)?;
    let alone = clusters.len() == 1;
    let mut asked = Vec::with_capacity(clusters.len());
    for cluster in clusters {
        let outcome = match confirmed(&desk, action, cluster, &confirm).await {
            Ok(()) => {
                let arguments = orchestrator::desk::Arguments {
                    from: from.clone(),
                    revision: start.revision.parse().ok(),
                    delete_savepoints: ticked.savepoints,
                    unseen: ticked.unseen,
                    format: if ticked.native {
                        domain::snapshot::SavepointFormat::Native
                    } else {
                        Default::default()
                    },
                    idempotency_key: (!key.is_empty()).then(|| format!("{key}/{cluster}")),
                    ..Default::default()
                };
                desk.act(cluster, action, arguments).await
            }
            Err(refusal) => Err(refusal),
        };
        asked.push(match outcome {
            Ok(operation) => ActionResult { cluster, operation: Some(operation), refused: None },
            Err(refusal) if alone => return Err(refusal.into()),
            Err(refusal) => ActionResult { cluster, operation: None, refused: Some(refusal.to_string()) },
        });
    }
    if !back.is_empty() {
        if let Some(sentence) = asked.iter().find_map(|one| one.refused.clone()) {
            return Err(domain::refusal::Refusal::NotAllowed(sentence).into());
        }
        crate::navigation::go(&back);
    }
    Ok(asked)
}

/// Deletes a savepoint.
#[server(prefix = "/api/ui", endpoint = "delete-snapshot", output = Json)]
pub(crate) async fn delete_snapshot(
    cluster: ClusterId,
    snapshot: SnapshotId,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.delete_snapshot(cluster, snapshot).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// A deletion cannot be undone, so it takes the cluster's name.
#[cfg(feature = "ssr")]
async fn confirmed(
    desk: &orchestrator::Desk,
    action: Action,
    cluster: ClusterId,
    confirm: &str,
) -> Result<(), domain::refusal::Refusal> {
    if action != Action::Delete {
        return Ok(());
    }
    let name = desk.cluster_name(cluster).await?;
    if confirm.split(',').any(|typed| typed.trim() == name) {
        return Ok(());
    }
    let message = format!("Type the cluster's name, {name}, to delete it.");
    Err(domain::refusal::Refusal::field("confirm", confirm, message))
}
