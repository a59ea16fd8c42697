//! An idempotency key: the same request twice is one operation, and a key serves one request only.

use domain::action::Action;
use domain::id::{ClusterId, OperationId, PoolId};
use domain::policy::Actor;
use domain::refusal::Refusal;

use crate::plane::ControlPlane;
use crate::store::operation::KeyedOperation;

/// What a request is about.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    /// A cluster that is there.
    Cluster(ClusterId),
    /// A cluster that is to be, by its pool and its name.
    New { pool: PoolId, name: &'a str },
}

/// The operation that this person has asked for with this key already, and its cluster.
///
/// # Errors
/// `Exists` when the key was used for another request.
pub(super) async fn repeated(
    plane: &ControlPlane,
    actor: &Actor,
    key: Option<&str>,
    (action, of): (Action, Of<'_>),
) -> Result<Option<(ClusterId, OperationId)>, Refusal> {
    let Some(key) = key else { return Ok(None) };
    let Some(before) = plane.store().operation_by_key(actor, key).await? else { return Ok(None) };
    let KeyedOperation { operation, cluster, action: asked, pool, name } = &before;
    let same = match of {
        Of::Cluster(id) => *cluster == id,
        Of::New { pool: wanted, name: called } => pool.0 == wanted && name == called,
    };
    if same && *asked == action {
        return Ok(Some((*cluster, *operation)));
    }
    Err(Refusal::Exists(format!(
        "This idempotency key was used for another request: {} of {name} in pool {}. Use a new key for a new request.",
        asked.word(),
        pool.1
    )))
}
