//! Creating a cluster: what the form asks while it is filled in, and the one post that works without script.

use domain::form::{ClusterForm, Tab};
use domain::id::{ClusterId, DraftId, OperationId};
use domain::option::OptionInfo;
use domain::pool::PoolPath;
use domain::refusal::Finding;
use domain::view::{CreateContext, DraftView, Entry, JarView, Preflight as Report};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// Everything that the form needs when it is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CreationView {
    /// What the pool offers.
    pub(crate) context: CreateContext,
    /// What was typed.
    pub(crate) draft: DraftView,
    /// Everything that is wrong with it.
    pub(crate) errors: Vec<Finding>,
    /// The jar, opened; or why not. None while no address is there.
    pub(crate) jar: Option<Result<JarView, String>>,
    /// Savepoints in the container that was chosen.
    pub(crate) savepoints: Vec<Entry>,
    /// Other drafts with something in them, newest first.
    pub(crate) others: Vec<DraftView>,
}

/// Begins a draft, or goes on with one that nobody typed into.
#[server(prefix = "/api/ui", endpoint = "new-draft", input = Json, output = Json)]
pub(crate) async fn new_draft(pool: PoolPath) -> Result<DraftId, ApiError> {
    let desk = desk().await?;
    let defaults = desk.create_context(&pool).await?.defaults;
    let untouched = desk.drafts(&pool).await?.into_iter().find(|draft| draft.form == defaults);
    match untouched {
        Some(draft) => Ok(draft.id),
        None => Ok(desk.new_draft(&pool).await?),
    }
}

/// The form as it stands.
#[server(prefix = "/api/ui", endpoint = "creation", input = Json, output = Json)]
pub(crate) async fn creation(id: DraftId) -> Result<CreationView, ApiError> {
    let desk = desk().await?;
    let draft = desk.draft(id).await?;
    let form = &draft.form;
    let context = desk.create_context(&draft.pool).await?;
    let mut errors = desk.draft_errors(id, &context).await?;
    if let Some(message) = desk.name_taken(&draft.pool, &form.name).await? {
        errors.insert(0, Finding { field: "name".to_owned(), message, value: form.name.clone() });
    }
    let jar = match form.jar.trim() {
        "" => None,
        address => Some(desk.jar(address).await.map_err(|refusal| refusal.to_string())),
    };
    let savepoints = desk.savepoints_in(&form.account, &form.container).await.unwrap_or_default();
    let mut others = desk.drafts(&draft.pool).await?;
    others.retain(|other| other.id != id && other.form != context.defaults);
    for other in &mut others {
        // What it is called by is all that this page needs of it.
        other.form = ClusterForm { name: std::mem::take(&mut other.form.name), ..ClusterForm::default() };
        other.errors.clear();
    }
    Ok(CreationView { context, draft, errors, jar, savepoints, others })
}

/// Flink's options of a cluster version.
#[server(prefix = "/api/ui", endpoint = "options", input = Json, output = Json)]
pub(crate) async fn options(version: String) -> Result<Vec<OptionInfo>, ApiError> {
    Ok(desk().await?.options(&version).await?)
}

/// Why a name cannot be had in a pool.
#[server(prefix = "/api/ui", endpoint = "name-taken", input = Json, output = Json)]
pub(crate) async fn name_taken(pool: PoolPath, name: String) -> Result<Option<String>, ApiError> {
    Ok(desk().await?.name_taken(&pool, &name).await?)
}

/// Opens a jar.
#[server(prefix = "/api/ui", endpoint = "jar", input = Json, output = Json)]
pub(crate) async fn jar(address: String) -> Result<JarView, ApiError> {
    Ok(desk().await?.jar(&address).await?)
}

/// What Flink's parser finds wrong with a script of Flink SQL.
#[server(prefix = "/api/ui", endpoint = "parse-sql", input = Json, output = Json)]
pub(crate) async fn parse_sql(script: String) -> Result<Option<String>, ApiError> {
    Ok(desk().await?.parse_sql(&script).await?)
}

/// Savepoints in a container.
#[server(prefix = "/api/ui", endpoint = "savepoints-in", input = Json, output = Json)]
pub(crate) async fn savepoints_in(account: String, container: String) -> Result<Vec<Entry>, ApiError> {
    Ok(desk().await?.savepoints_in(&account, &container).await?)
}

/// Keeps what was typed.
#[server(prefix = "/api/ui", endpoint = "keep-draft", input = Json, output = Json)]
pub(crate) async fn keep_draft(id: DraftId, form: ClusterForm) -> Result<DraftView, ApiError> {
    Ok(desk().await?.keep_draft(id, &form).await?)
}

/// Drops a draft. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "drop-draft", output = Json)]
pub(crate) async fn drop_draft(id: DraftId, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.drop_draft(id).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Runs every check. `draft`: of the cluster that this draft becomes; `cluster`: of an update of that one, which the
/// draft may hold, `stateless` without its state.
#[server(prefix = "/api/ui", endpoint = "preflight", input = Json, output = Json)]
pub(crate) async fn preflight(
    pool: PoolPath,
    form: ClusterForm,
    draft: Option<DraftId>,
    cluster: Option<ClusterId>,
    stateless: bool,
) -> Result<Report, ApiError> {
    let desk = desk().await?;
    Ok(match (draft, cluster) {
        (Some(draft), None) => desk.preflight_draft(draft, &form).await?,
        (draft, Some(cluster)) => {
            let form = desk.carried_update(cluster, draft, form).await?;
            desk.preflight(&pool, &form, Some(cluster), stateless).await?
        }
        (None, None) => desk.preflight(&pool, &form, None, stateless).await?,
    })
}

/// Creates the cluster. The draft's id is the idempotency key: pressed twice, it is one cluster.
#[server(prefix = "/api/ui", endpoint = "create", input = Json, output = Json)]
pub(crate) async fn create(id: DraftId, form: ClusterForm) -> Result<OperationId, ApiError> {
    let desk = desk().await?;
    if let Some(operation) = desk.created(id).await? {
        return Ok(operation);
    }
    let draft = desk.draft(id).await?;
    let (_, operation) = desk.create(&draft.pool, &form, Some(id), Some(id.to_string())).await?;
    Ok(operation)
}

/// A tab's form as a browser without script posts it: keeps what was typed, does what the button says, and answers
/// with the page to go on with.
#[server(prefix = "/api/ui", endpoint = "create-step", output = Json)]
pub(crate) async fn create_step(
    draft: DraftId,
    tab: Tab,
    #[server(default)] shown: String,
    #[server(default)] form: ClusterForm,
    #[server(default)] go: String,
) -> Result<(), ApiError> {
    use crate::fields::{Go, take, with_tab};
    let desk = desk().await?;
    if let Some(operation) = desk.created(draft).await? {
        crate::navigation::go(&crate::paths::operation(operation));
        return Ok(());
    }
    let mut kept = desk.draft(draft).await?;
    take(&mut kept.form, tab, form);
    let go = Go::named(&go);
    go.apply(&mut kept.form);
    if tab != Tab::Review {
        desk.keep_draft(draft, &kept.form).await?;
    }
    let place = match go {
        Go::Create => {
            let made = desk.create(&kept.pool, &kept.form, Some(draft), Some(draft.to_string())).await?;
            crate::paths::operation(made.1)
        }
        Go::To(next) => crate::paths::draft(&kept.pool, draft, next, &with_tab(&shown, tab, next)),
        Go::Stay => crate::paths::draft(&kept.pool, draft, tab, &with_tab(&shown, tab, tab)),
        Go::Add(_) | Go::Remove(..) => crate::paths::draft(&kept.pool, draft, tab, &shown),
    };
    crate::navigation::go(&place);
    Ok(())
}
