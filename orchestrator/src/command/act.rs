//! The actions on a cluster that is there.

use std::collections::BTreeMap;

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{Ask, Intent, Restore};
use domain::policy::Actor;
use domain::refusal::Refusal;
use domain::spec::ClusterSpec;
use domain::state::State;
use uuid::Uuid;

use super::repeated::{Of, repeated};
use super::{needs, no_room, restore};
use crate::jar::Lease;
use crate::plane::ControlPlane;
use crate::store::StoreError;
use crate::store::record::Asked;
use crate::store::status::ClusterRecord;

/// What an action is asked with.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Update and Stateless update: the form of the new revision (its name, pool and storage stay); none keeps the
    /// current revision.
    pub form: Option<ClusterForm>,
    /// Update: the revision that the form was made from; another one meanwhile is a conflict.
    pub base: Option<u32>,
    /// Start: from which state; none means the newest savepoint of this cluster, else the newest state that a
    /// failed run left, else fresh.
    pub from: Option<Restore>,
    /// Delete: whether the savepoints are deleted too.
    pub delete_savepoints: bool,
    /// Two requests with the same key are one operation.
    pub idempotency_key: Option<String>,
}

/// A revision that an update makes. Its bytes are kept for it until it is written.
pub(crate) struct NewRevision {
    pub(crate) spec: ClusterSpec,
    pub(crate) jar: Lease,
}

/// Asks for an action. `revision` is a new one, for an update that changes something.
pub(crate) async fn act(
    plane: &ControlPlane,
    actor: &Actor,
    id: ClusterId,
    action: Action,
    arguments: &Arguments,
    revision: Option<&NewRevision>,
) -> Result<OperationId, Refusal> {
    let key = arguments.idempotency_key.as_deref();
    let request = (action, Of::Cluster(id));
    loop {
        if let Some((_, done)) = repeated(plane, actor, key, request).await? {
            return Ok(done);
        }
        let standing = plane.cluster_record(id).await?;
        if let Err(refusal) = fits(plane, &standing, action).await {
            // The same request may have come in between: what it asked for is then what is in progress.
            return repeated(plane, actor, key, request).await?.map(|(_, done)| done).ok_or(refusal);
        }
        if let Some(base) = arguments.base.filter(|base| *base != standing.revision()) {
            return Err(Refusal::Conflict(format!(
                "{} was updated meanwhile: it is at revision {}, and this form was made from revision {base}. Open the \
                 form again, so that the other change is not undone.",
                standing.cluster.name,
                standing.revision()
            )));
        }
        let needs = needed(plane, &standing, revision.map(|revision| &revision.spec)).await?;
        let asked = Request { action, arguments, revision, needs };
        match ask(plane, actor, &standing, &asked).await {
            Ok(operation) => return Ok(operation),
            // Somebody was faster. Once more: either it still fits, or the reason can be told.
            Err(StoreError::Stale | StoreError::Taken(_)) => {}
            Err(StoreError::Full { cpu, memory_mb }) => {
                let pool = plane.store().pool(standing.cluster.pool).await?;
                return Err(no_room(&pool, (cpu, memory_mb), needs));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The state's answer, with who and when if an operation is in the way.
async fn fits(plane: &ControlPlane, standing: &ClusterRecord, action: Action) -> Result<(), Refusal> {
    let Err(sentence) = action.allowed(standing.status.state, standing.in_progress()) else { return Ok(()) };
    if standing.status.state == State::Unreadable {
        // The rows that say so can be read, another of the cluster's cannot.
        return Err(Refusal::Conflict(standing.status.note.clone()));
    }
    let Some(intent) = standing.pending() else { return Err(Refusal::Conflict(sentence)) };
    let Some(other) = plane.store().operation(intent.operation).await? else {
        return Err(Refusal::Conflict(sentence));
    };
    Err(Refusal::Conflict(format!(
        "{sentence} {} asked for {} at {}.",
        other.actor,
        other.action.word(),
        other.asked.strftime("%H:%M:%S UTC")
    )))
}

/// What the cluster needs from now on.
async fn needed(
    plane: &ControlPlane,
    standing: &ClusterRecord,
    spec: Option<&ClusterSpec>,
) -> Result<(i64, u64), Refusal> {
    let (store, cluster) = (plane.store(), &standing.cluster);
    let sizes = store.node_sizes(cluster.pool).await?;
    match spec {
        Some(spec) => needs(spec, &sizes),
        None => needs(&store.spec(cluster.id, standing.revision()).await?, &sizes),
    }
}

/// An action with everything that it takes.
struct Request<'a> {
    action: Action,
    arguments: &'a Arguments,
    revision: Option<&'a NewRevision>,
    needs: (i64, u64),
}

async fn ask(
    plane: &ControlPlane,
    actor: &Actor,
    standing: &ClusterRecord,
    request: &Request<'_>,
) -> Result<OperationId, StoreError> {
    let Request { action, arguments, revision, needs: (cpu, memory) } = *request;
    let store = plane.store();
    let cluster = &standing.cluster;
    let number = cluster.revision + 1;
    let revision = revision.map(|new| (number, &new.spec, new.jar.artifact()));
    let current = revision.map_or(standing.revision(), |(number, ..)| number);
    let ask = match action {
        Action::Create | Action::Start => {
            let from = match &arguments.from {
                Some(from) => from.clone(),
                None => restore::newest(&standing.status.phase, &store.snapshots(cluster.id).await?),
            };
            Ask::Start { revision: current, from }
        }
        Action::Stop => Ask::Stop,
        Action::Update => Ask::Update { revision: current, keep_state: true },
        Action::StatelessUpdate => Ask::Update { revision: current, keep_state: false },
        Action::Savepoint => Ask::Savepoint,
        Action::Cancel => Ask::Cancel,
        Action::Delete => Ask::Delete { keep_savepoints: !arguments.delete_savepoints },
    };
    let shown = shown(&ask);
    let operation = OperationId(Uuid::now_v7());
    let intent = Intent { operation, ask };
    let asked = Asked {
        cluster,
        action,
        intent: &intent,
        actor,
        arguments: shown,
        key: arguments.idempotency_key.as_deref(),
        revision,
        needs: (cpu, i64::try_from(memory).unwrap_or(i64::MAX)),
        launches: matches!(action, Action::Start | Action::Update | Action::StatelessUpdate),
        displaced: standing.pending().map(|old| (old.operation, cluster.action)),
    };
    let event = store.ask(&asked, plane.now()).await?;
    plane.changed(event, Some(cluster.id));
    Ok(operation)
}

/// What people see of the arguments: label and value.
fn shown(ask: &Ask) -> BTreeMap<String, String> {
    let mut shown = BTreeMap::new();
    let mut show = |label: &str, value: String| shown.insert(label.to_owned(), value);
    match ask {
        Ask::Start { revision, from } => {
            show("Revision", revision.to_string());
            show("From", from.path().unwrap_or("no state").to_owned());
        }
        Ask::Update { revision, keep_state } => {
            show("Revision", revision.to_string());
            show("State", if *keep_state { "kept, by a savepoint" } else { "dropped" }.to_owned());
        }
        Ask::Delete { keep_savepoints } => {
            show("Savepoints", if *keep_savepoints { "stay" } else { "are deleted" }.to_owned());
        }
        Ask::Savepoint | Ask::Stop | Ask::Cancel => {}
    }
    shown
}
