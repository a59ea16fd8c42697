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
pub(crate) struct Asked {
    /// The cluster.
    pub(crate) cluster: ClusterId,
    /// The operation, if it was accepted.
    pub(crate) operation: Option<OperationId>,
    /// Why not, if it was not.
    pub(crate) refused: Option<String>,
}

/// Asks for an action on each cluster. `from`: empty for the last savepoint, `fresh`, or a path. `confirm`: the
/// name that was typed to delete. `back`: where a plain form post goes on; a script leaves it empty. One cluster that
/// is refused is the error; of several, each has its own answer.
#[server(prefix = "/api/ui", endpoint = "act", output = Json)]
pub(crate) async fn act(
    action: Action,
    clusters: Vec<ClusterId>,
    #[server(default)] from: String,
    #[server(default)] delete_savepoints: bool,
    #[server(default)] confirm: String,
    #[server(default)] key: String,
    #[server(default)] back: String,
) -> Result<Vec<Asked>, ApiError> {
    let desk = desk().await?;
    let alone = clusters.len() == 1;
    let mut asked = Vec::with_capacity(clusters.len());
    for cluster in clusters {
        let outcome = match confirmed(&desk, action, cluster, &confirm).await {
            Ok(()) => desk.act(cluster, action, arguments(cluster, &from, delete_savepoints, &key)).await,
            Err(refusal) => Err(refusal),
        };
        asked.push(match outcome {
            Ok(operation) => Asked { cluster, operation: Some(operation), refused: None },
            Err(refusal) if alone => return Err(refusal.into()),
            Err(refusal) => Asked { cluster, operation: None, refused: Some(refusal.to_string()) },
        });
    }
    if !back.is_empty() {
        if let Some(sentence) = asked.iter().find_map(|one| one.refused.clone()) {
            return Err(domain::refusal::Refusal::Conflict(sentence).into());
        }
        crate::route::go(&back);
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
    if !back.is_empty() {
        crate::route::go(&back);
    }
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

#[cfg(feature = "ssr")]
fn arguments(
    cluster: ClusterId,
    from: &str,
    delete_savepoints: bool,
    key: &str,
) -> orchestrator::desk::Arguments {
    use domain::lifecycle::Restore;
    let from = match from {
        "" => None,
        "fresh" => Some(Restore::Fresh),
        path => match path.strip_prefix("checkpoint:") {
            Some(path) => Some(Restore::Checkpoint { path: path.to_owned() }),
            None => Some(Restore::Savepoint { path: path.to_owned() }),
        },
    };
    let idempotency_key = (!key.is_empty()).then(|| format!("{key}/{cluster}"));
    orchestrator::desk::Arguments { from, delete_savepoints, idempotency_key, ..Default::default() }
}
