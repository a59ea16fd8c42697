//! The three transactions that tell a cluster's story: it is created, something is asked, a pass concludes.
//! Each begins with its write and ends with the history.

use domain::action::Action;
use domain::artifact::RevisionJars;
use domain::event::Event;
use domain::id::{ClusterId, EventId, OperationId};
use domain::lifecycle::{Intent, StepKey};
use domain::operation::OperationEnd;
use domain::policy::{Actor, Permission};
use domain::spec::{Capacity, ClusterSpec};
use jiff::{SignedDuration, Timestamp};

use super::audit::{self, Audit};
use super::cluster::{self, Cluster, NewCluster, NewIntent};
use super::event::{self, NewEvent};
use super::launched::Launched;
use super::operation::{self, NewOperation, StepRecord};
use super::revision::{self, NewRevision};
use super::run::{self, RunChange};
use super::snapshot::{self, NewSnapshot};
use super::status::{self, NewStatus};
use super::value::to_json;
use super::{Permit, Store, StoreError, Target, figure, network, pool, secret_value};

/// A cluster that is to be created.
#[derive(Clone, Debug)]
pub struct Creation<'a> {
    /// Its id.
    pub id: ClusterId,
    /// What it is.
    pub spec: &'a ClusterSpec,
    /// The bytes of its jars.
    pub jars: &'a RevisionJars,
    /// The Flink of its cluster version: `1.20.5`.
    pub flink: &'a str,
    /// What it needs.
    pub needs: Capacity,
    /// What is asked of the lifecycle.
    pub intent: &'a Intent,
    /// Two requests with the same key are one operation.
    pub key: Option<&'a str>,
}

/// An action that is asked of a cluster.
#[derive(Clone, Debug)]
pub struct NewAction<'a> {
    /// The row that the caller decided upon.
    pub cluster: &'a Cluster,
    /// What is asked.
    pub action: Action,
    /// The same for the lifecycle.
    pub intent: &'a Intent,
    /// Two requests with the same key are one operation.
    pub key: Option<&'a str>,
    /// A new revision, if there is one, with what it needs.
    pub revision: Option<(u32, &'a ClusterSpec, &'a RevisionJars)>,
    /// What it starts processes with: there must be room for them. None for what only ends some, which always fits.
    pub needs: Option<Capacity>,
    /// What the cluster holds now. It is kept for it until the operation has ended, so that an update can go back.
    pub holds: Capacity,
    /// The state that it starts from, where nobody had written it down.
    pub found: Option<NewSnapshot>,
    /// An operation in progress that this one displaces.
    pub displaced: Option<(OperationId, Action)>,
    /// That has come up and had only to hold.
    pub displaced_held: bool,
}

/// What a pass concludes.
#[derive(Clone, Debug)]
pub(crate) struct Conclusion {
    pub(crate) status: NewStatus,
    pub(crate) steps: Option<(OperationId, Vec<StepRecord>)>,
    /// Time without a running job, of an operation that goes on.
    pub(crate) downtime: Option<(OperationId, SignedDuration)>,
    pub(crate) end: Option<(OperationId, OperationEnd)>,
    pub(crate) runs: Vec<RunChange>,
    pub(crate) snapshots: Vec<NewSnapshot>,
    pub(crate) events: Vec<NewEvent>,
    pub(crate) gone: bool,
}

impl Store {
    /// Creates a cluster in the pool that the permit is for: identity, first revision, operation, first status, audit,
    /// event.
    ///
    /// # Errors
    /// `Unpermitted`; `Taken` name or idempotency key; `Full` when the pool has no room; `Leaving`; or the database fails.
    pub async fn create_cluster(
        &self,
        permit: &Permit,
        new: &Creation<'_>,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Run, |target| matches!(target, Target::Pool(_)))?;
        let (actor, pool) = (permit.actor(), permit.target().pool().ok_or(StoreError::Unpermitted)?);
        let name = new.spec.name.as_str();
        let sealed = self.seal_spec(new.spec)?;
        let mut tx = self.begin().await?;
        pool::lock(&mut tx, pool).await?;
        snapshot::must_stay(&mut tx, new.intent.ask.starts_from()).await?;
        pool::must_take_one(&mut tx, pool).await?;
        let subnet = network::room_for(&mut tx, pool, new.spec.integration.network.as_ref()).await?;
        let row = NewCluster {
            id: new.id,
            pool,
            name,
            subnet,
            owner: actor.id.to_string(),
            owner_name: &actor.name,
            needs: new.needs,
            intent: new.intent,
            action: Action::Create,
        };
        cluster::insert(&mut tx, &row, now).await?;
        let first =
            NewRevision { cluster: new.id, number: 1, spec: &sealed, jars: new.jars, actor: &actor.name };
        revision::insert(&mut tx, &first, now).await?;
        secret_value::insert_uses(&mut tx, (new.id, 1), new.spec).await?;
        let operation =
            NewOperation { cluster: new.id, action: Action::Create, actor, key: new.key, intent: new.intent };
        operation::insert(&mut tx, &operation, &accepted(actor, new.intent.operation, now), now).await?;
        let holds = Capacity::default();
        let to_launch =
            Launched { revision: 1, flink: new.flink.to_owned(), tags: new.spec.tags.clone(), holds };
        status::insert_first(&mut tx, (new.id, pool, name), &to_launch, now).await?;
        figure::insert_first(&mut tx, new.id, now).await?;
        pool::must_fit(&mut tx, pool, (new.id, new.needs)).await?;
        let entry = Audit {
            actor,
            action: "cluster/CREATE".to_owned(),
            target: new.id.to_string(),
            before: String::new(),
            after: to_json(&new.spec.shown())?,
        };
        audit::insert(&mut tx, &entry, now).await?;
        let event = asked_event(new.id, name, Action::Create, actor);
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }

    /// Writes what is asked of the cluster that the permit is for.
    ///
    /// # Errors
    /// `Unpermitted`; `Stale` when somebody was faster, `Full` when what launches finds no room in its pool, `Taken` idempotency key,
    /// `Leaving`; or the database fails.
    pub async fn ask(
        &self,
        permit: &Permit,
        asked: &NewAction<'_>,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let (actor, id) = (permit.actor(), asked.cluster.id);
        permit.must(Permission::Run, |target| target.cluster() == Some(id))?;
        let sealed = asked.revision.map(|(_, spec, _)| self.seal_spec(spec)).transpose()?;
        let mut tx = self.begin().await?;
        if asked.needs.is_some() {
            pool::lock(&mut tx, asked.cluster.pool).await?;
        }
        snapshot::must_stay(&mut tx, asked.intent.ask.starts_from()).await?;
        if let Some(found) = &asked.found {
            snapshot::insert(&mut tx, id, found, now).await?;
        }
        let intent = NewIntent {
            intent: asked.intent,
            action: asked.action,
            revision: asked.revision.map_or(asked.cluster.revision, |(number, ..)| number),
            reserved: asked.needs.map(|needs| needs.max(asked.holds)),
        };
        cluster::set_intent(&mut tx, asked.cluster, &intent).await?;
        if let Some(needs) = asked.needs {
            pool::must_fit(&mut tx, asked.cluster.pool, (id, needs)).await?;
        }
        if let (Some((number, named, jars)), Some(spec)) = (asked.revision, &sealed) {
            let next = NewRevision { cluster: id, number, spec, jars, actor: &actor.name };
            revision::insert(&mut tx, &next, now).await?;
            secret_value::insert_uses(&mut tx, (id, number), named).await?;
        }
        let mut events = Vec::new();
        if let Some((displaced, action)) = asked.displaced {
            let end = displaced_end(asked, actor);
            operation::finish(&mut tx, displaced, &end, now).await?;
            let what = Event::OperationEnded { action, by: actor.name.clone(), end };
            events
                .push(NewEvent { actor: actor.name.clone(), ..NewEvent::of(id, &asked.cluster.name, what) });
        }
        let operation =
            NewOperation { cluster: id, action: asked.action, actor, key: asked.key, intent: asked.intent };
        operation::insert(&mut tx, &operation, &accepted(actor, asked.intent.operation, now), now).await?;
        let entry = Audit {
            actor,
            action: format!("cluster/{}", asked.action.name()),
            target: id.to_string(),
            before: to_json(&asked.cluster.intent)?,
            after: to_json(asked.intent)?,
        };
        audit::insert(&mut tx, &entry, now).await?;
        events.push(asked_event(id, &asked.cluster.name, asked.action, actor));
        let last = event::append(&mut tx, &events, now).await?;
        tx.commit().await?;
        Ok(last)
    }

    /// Writes what a pass concludes. `Stale` when another pass was faster: then nothing may be acted upon.
    pub(crate) async fn conclude(
        &self,
        cluster: ClusterId,
        version: i64,
        conclusion: &Conclusion,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin().await?;
        if conclusion.gone {
            status::delete(&mut tx, cluster, version).await?;
            figure::delete(&mut tx, cluster).await?;
            snapshot::forget_all(&mut tx, cluster).await?;
            cluster::gone(&mut tx, cluster, now).await?;
        } else {
            status::update(&mut tx, cluster, version, &conclusion.status).await?;
        }
        if let Some((operation, steps)) = &conclusion.steps {
            operation::set_steps(&mut tx, *operation, steps).await?;
        }
        if let Some((operation, downtime)) = conclusion.downtime {
            operation::set_downtime(&mut tx, operation, downtime).await?;
        }
        if let Some((operation, end)) = &conclusion.end {
            operation::finish(&mut tx, *operation, end, now).await?;
        }
        // A run's line is that of who wrote its state, which may be told with this pass.
        for new in conclusion.snapshots.iter().filter(|_| !conclusion.gone) {
            snapshot::insert(&mut tx, cluster, new, now).await?;
        }
        for change in &conclusion.runs {
            run::write(&mut tx, cluster, change, now).await?;
        }
        let last = event::append(&mut tx, &conclusion.events, now).await?;
        tx.commit().await?;
        Ok(last)
    }
}

/// How an operation ends that gives way to another.
fn displaced_end(asked: &NewAction<'_>, actor: &Actor) -> OperationEnd {
    let (action, by) = (asked.action, actor.name.clone());
    match asked.displaced_held {
        true => OperationEnd::SucceededEarly { action, by },
        false => OperationEnd::Superseded { action, by },
    }
}

/// The first step of every operation, done as soon as it is written.
fn accepted(actor: &Actor, operation: OperationId, now: Timestamp) -> Vec<StepRecord> {
    let short: String = operation.to_string().chars().take(13).collect();
    let step = StepRecord::begun(StepKey::Accepted, now).closed(false, now);
    vec![StepRecord { detail: format!("by {}, operation {short}", actor.name), ..step }]
}

fn asked_event(cluster: ClusterId, name: &str, action: Action, actor: &Actor) -> NewEvent {
    let what = Event::OperationAsked { action, by: actor.name.clone() };
    NewEvent { actor: actor.name.clone(), ..NewEvent::of(cluster, name, what) }
}
