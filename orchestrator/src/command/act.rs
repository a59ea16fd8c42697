//! The actions on a cluster that is there.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{Ask, Intent, Restore};
use domain::refusal::Refusal;
use domain::snapshot::SavepointFormat;
use domain::spec::{Capacity, ClusterSpec};
use domain::state::State;
use uuid::Uuid;

use super::repeated::{Of, repeated};
use super::{needs, no_room, states};
use crate::plane::{ControlPlane, KeptJars};
use crate::store::record::NewAction;
use crate::store::snapshot::NewSnapshot;
use crate::store::status::ClusterRecord;
use crate::store::{Permit, StoreError};

/// What an action is asked with.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Update and Stateless update: the form of the new revision (its name, pool and storage stay); none keeps the
    /// current revision.
    pub form: Option<ClusterForm>,
    /// Update: the revision that the form was made from; another one meanwhile is a conflict.
    pub base: Option<u32>,
    /// A job at rest: from which state; none means the newest of the last line ([`StatesView::newest`]).
    ///
    /// [`StatesView::newest`]: domain::view::StatesView::newest
    pub from: Option<Restore>,
    /// Start and Roll back: which revision; none means the one that ran last.
    pub revision: Option<u32>,
    /// An update: it has held as soon as its job has come up, and does not go back afterwards.
    pub probation_off: bool,
    /// Savepoint: how it is written.
    pub format: SavepointFormat,
    /// Delete: whether the savepoints are deleted too.
    pub delete_savepoints: bool,
    /// Delete: also where nothing can be seen of the cluster.
    pub unseen: bool,
    /// Two requests with the same key are one operation.
    pub idempotency_key: Option<String>,
}

/// A revision that an update makes. Its bytes are kept for it until it is written.
pub(crate) struct NewRevision {
    pub(crate) spec: ClusterSpec,
    pub(crate) jars: KeptJars,
}

/// Asks for an action. `revision` is a new one, for an update that changes something.
pub(crate) async fn act(
    plane: &ControlPlane,
    permit: &Permit,
    id: ClusterId,
    action: Action,
    arguments: &Arguments,
    revision: Option<&NewRevision>,
) -> Result<OperationId, Refusal> {
    let key = arguments.idempotency_key.as_deref();
    let (actor, request) = (permit.actor(), (action, Of::Cluster(id)));
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
            return Err(Refusal::Changed(format!(
                "{} was updated meanwhile: it is at revision {}, and this form was made from revision {base}. Open the \
                 form again, so that the other change is not undone.",
                standing.cluster.name,
                standing.revision()
            )));
        }
        let number = match revision {
            Some(_) => standing.cluster.revision + 1,
            None => arguments.revision.unwrap_or_else(|| standing.revision()),
        };
        if number == 0 || (revision.is_none() && number > standing.cluster.revision) {
            let message = format!("{} has no revision {number}.", standing.cluster.name);
            return Err(Refusal::field("revision", &number.to_string(), message));
        }
        let needs = needed(plane, &standing, number, revision.map(|revision| &revision.spec)).await?;
        let asks = asks(plane, &standing, action, arguments, number).await?;
        let found = states::unwritten(plane, &standing, asks.starts_from()).await?;
        let asked = Request { action, arguments, revision, number, asks, found, needs };
        match ask(plane, permit, &standing, &asked).await {
            Ok(operation) => return Ok(operation),
            // Somebody was faster. Once more: either it still fits, or the reason can be told.
            Err(StoreError::Stale | StoreError::Taken(_)) => {}
            Err(StoreError::Full { held, shared }) => {
                let pool = plane.store().pool(standing.cluster.pool).await?;
                return Err(no_room(&pool, (held, shared), needs));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The state's answer, with who and when if an operation is in the way.
async fn fits(plane: &ControlPlane, standing: &ClusterRecord, action: Action) -> Result<(), Refusal> {
    let Err(sentence) = standing.allows(action) else { return Ok(()) };
    if standing.status.state == State::Unreadable {
        // The rows that say so can be read, another of the cluster's cannot.
        return Err(Refusal::NotAllowed(standing.status.note.clone()));
    }
    let Some(intent) = standing.pending() else { return Err(Refusal::NotAllowed(sentence)) };
    let Some(other) = plane.store().operation(intent.operation).await? else {
        return Err(Refusal::NotAllowed(sentence));
    };
    Err(Refusal::NotAllowed(format!(
        "{sentence} {} asked for {} at {}.",
        other.actor,
        other.action.word(),
        other.asked.strftime("%H:%M:%S UTC")
    )))
}

/// What the revision needs.
async fn needed(
    plane: &ControlPlane,
    standing: &ClusterRecord,
    revision: u32,
    spec: Option<&ClusterSpec>,
) -> Result<Capacity, Refusal> {
    let (store, cluster) = (plane.store(), &standing.cluster);
    let sizes = store.node_sizes(cluster.pool).await?;
    match spec {
        Some(spec) => needs(spec, &sizes),
        None => needs(&store.spec(cluster.id, revision).await?, &sizes),
    }
}

/// An action with everything that it takes.
struct Request<'a> {
    action: Action,
    arguments: &'a Arguments,
    revision: Option<&'a NewRevision>,
    number: u32,
    asks: Ask,
    found: Option<NewSnapshot>,
    needs: Capacity,
}

/// What is asked of the lifecycle. What rests is launched; what runs is ended first.
async fn asks(
    plane: &ControlPlane,
    standing: &ClusterRecord,
    action: Action,
    arguments: &Arguments,
    revision: u32,
) -> Result<Ask, Refusal> {
    let rests = standing.status.state.at_rest();
    let keeps = arguments.from != Some(Restore::Fresh);
    let writes = match action {
        Action::Stop | Action::Savepoint => true,
        Action::Update => !rests,
        Action::Rollback => !rests && keeps,
        Action::Create
        | Action::Start
        | Action::Relaunch
        | Action::StatelessUpdate
        | Action::LastStateUpdate
        | Action::Cancel
        | Action::Delete => false,
    };
    if writes {
        writable(plane, standing).await?;
    }
    if let Some(path) = arguments.from.as_ref().and_then(Restore::path).filter(|_| action.updates() && !rests)
    {
        let why = format!(
            "The job has not ended, so {} goes on from the state that it has. To use another one, cancel the job first, \
             then choose it.",
            action.word()
        );
        return Err(Refusal::field("from", path, why));
    }
    Ok(match action {
        Action::StatelessUpdate if rests => Ask::Start { revision, from: Restore::Fresh },
        Action::Create | Action::Start | Action::Relaunch => {
            Ask::Start { revision, from: chosen(plane, standing, arguments).await? }
        }
        Action::Update | Action::LastStateUpdate | Action::Rollback if rests => {
            Ask::Start { revision, from: chosen(plane, standing, arguments).await? }
        }
        Action::Update => Ask::Update { revision, keep_state: true },
        Action::StatelessUpdate => Ask::Update { revision, keep_state: false },
        Action::LastStateUpdate => Ask::LastStateUpdate { revision },
        Action::Rollback => Ask::Update { revision, keep_state: keeps },
        Action::Stop => Ask::Stop,
        Action::Savepoint => Ask::Savepoint,
        Action::Cancel => Ask::Cancel,
        Action::Delete => {
            if !arguments.unseen {
                deletable(plane, standing).await?;
            }
            Ask::Delete { keep_savepoints: !arguments.delete_savepoints, unseen: arguments.unseen }
        }
    })
}

/// Why what the cluster has stored cannot be seen now; none if it can.
async fn out_of_sight(plane: &ControlPlane, standing: &ClusterRecord) -> Result<Option<String>, Refusal> {
    let id = standing.cluster.id;
    let spec = plane.store().spec(id, standing.revision()).await?;
    let homes = plane.store().homes(id, &spec).await?;
    let looked = plane.storage().off(move |storage| homes.iter().find_map(|home| storage.not_there(home)));
    Ok(looked.await?)
}

/// Refuses where what the cluster has stored cannot be deleted.
async fn deletable(plane: &ControlPlane, standing: &ClusterRecord) -> Result<(), Refusal> {
    let Some(why) = out_of_sight(plane, standing).await? else { return Ok(()) };
    let sentence = format!(
        "{why} To delete the cluster all the same, tick “Also where nothing can be seen of it”: what it has stored \
         stays where it is."
    );
    Err(Refusal::field("unseen", "", sentence))
}

/// Refuses where no savepoint can be written.
async fn writable(plane: &ControlPlane, standing: &ClusterRecord) -> Result<(), Refusal> {
    let id = standing.cluster.id;
    let spec = plane.store().spec(id, standing.revision()).await?;
    let folders = [spec.state_folder(id), spec.savepoint_home(id)];
    let Some(why) = folders.iter().find_map(|folder| plane.storage().not_there(folder)) else {
        return Ok(());
    };
    Err(Refusal::NotAllowed(format!(
        "{why} No savepoint can be written there now, so nothing was asked of the job. Bring the storage back first."
    )))
}

/// The state that somebody chose, or the newest; it is there.
async fn chosen(
    plane: &ControlPlane,
    standing: &ClusterRecord,
    arguments: &Arguments,
) -> Result<Restore, Refusal> {
    let Some(from) = &arguments.from else { return states::newest(plane, standing).await };
    if let Some(path) = from.path().map(str::to_owned)
        && let Some(why) = plane.storage().off(move |storage| storage.missing(&path)).await?
    {
        let path = from.path().unwrap_or_default();
        return Err(Refusal::field("from", path, why));
    }
    Ok(from.clone())
}

async fn ask(
    plane: &ControlPlane,
    permit: &Permit,
    standing: &ClusterRecord,
    request: &Request<'_>,
) -> Result<OperationId, StoreError> {
    let Request { action, arguments, revision, number, needs, .. } = *request;
    let store = plane.store();
    let cluster = &standing.cluster;
    let named = revision.map(|new| (&new.spec, new.jars.named()));
    let revision = named.as_ref().map(|(spec, jars)| (number, *spec, jars));
    let ask = request.asks.clone();
    let operation = OperationId(Uuid::now_v7());
    let intent = Intent {
        operation,
        ask,
        probation_off: arguments.probation_off && action.updates(),
        format: if action == Action::Savepoint { arguments.format } else { SavepointFormat::Canonical },
    };
    let asked = NewAction {
        cluster,
        action,
        intent: &intent,
        key: arguments.idempotency_key.as_deref(),
        revision,
        needs: action.launches().then_some(needs),
        holds: standing.status.launched.holds,
        found: request.found.clone(),
        displaced: standing.pending().map(|old| (old.operation, cluster.action)),
        displaced_held: standing.on_probation(),
    };
    let event = store.ask(permit, &asked, plane.now()).await?;
    plane.changed(event, Some(cluster.id));
    Ok(operation)
}
