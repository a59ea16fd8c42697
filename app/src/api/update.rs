//! Updating a cluster: what its form shows, and the request.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, OperationId};
use domain::pool::PoolPath;
use domain::refusal::Finding;
use domain::view::{ClusterView, CreateContext, JarView, OperationView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// Everything that the update form needs when it is opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UpdateView {
    /// The cluster as it is.
    pub(crate) view: ClusterView,
    /// What its pool offers.
    pub(crate) context: CreateContext,
    /// The form: the present revision with what was typed.
    pub(crate) form: ClusterForm,
    /// Everything that is wrong with it.
    pub(crate) errors: Vec<Finding>,
    /// The jar, opened; or why not.
    pub(crate) jar: Result<JarView, String>,
    /// Pressed twice, it is one update.
    pub(crate) key: String,
    /// The draft that holds what was typed, where no script runs.
    pub(crate) draft: Option<DraftId>,
    /// The state that was chosen; empty for the newest.
    pub(crate) from: String,
    /// What the update was refused for.
    pub(crate) refused: Vec<Finding>,
}

/// The form as it stands: the job's part of a draft, or of the revision that it is to be like, over the present revision.
#[server(prefix = "/api/ui", endpoint = "updating", input = Json, output = Json)]
pub(crate) async fn updating(
    id: ClusterId,
    draft: Option<DraftId>,
    #[server(default)] like: Option<u32>,
) -> Result<UpdateView, ApiError> {
    let desk = desk().await?;
    let view = desk.cluster(id).await?;
    let kept = match draft {
        Some(draft) => Some(desk.draft(draft).await?).filter(|kept| kept.cluster == Some(id)),
        None => None,
    };
    let draft = kept.as_ref().map(|kept| kept.id);
    let (typed, refused) = kept.map(|kept| (kept.form, kept.errors)).unzip();
    let from = typed.as_ref().map(|typed| typed.savepoint.clone()).unwrap_or_default();
    let typed = match (typed, like) {
        (None, Some(revision)) => Some(desk.form_of(id, revision).await?),
        (typed, _) => typed,
    };
    let mut context = desk.update_context(id).await?;
    // What the cluster holds itself is there for its new revision too.
    let held =
        ClusterForm::from(&view.spec).consequences(&context.offer).filter(|_| !view.row.state.at_rest());
    if let Some(held) = held {
        context.offer.cpu_left += held.cpu;
        context.offer.memory_left_mb += held.memory_mb;
    }
    let form = over(&view, typed);
    let options = desk.options(&form.version).await.unwrap_or_default();
    let errors = form.validate(&context.offer, &options).err().unwrap_or_default();
    let jar = desk.jar(&form.jar).await.map_err(|refusal| refusal.to_string());
    let key = uuid::Uuid::now_v7().to_string();
    let refused = refused.unwrap_or_default();
    Ok(UpdateView { view, context, form, errors, jar, key, draft, from, refused })
}

/// With which state an update starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct UpdateStart {
    /// Of a job at rest: the state that it goes on from, as for [`super::Start`].
    pub(crate) from: String,
    /// Another state than those of the list, as it was typed.
    pub(crate) path: String,
    /// The check box about state that no operator takes, as a form without script posts it: when it was shown.
    pub(crate) was: bool,
    /// And now.
    pub(crate) is: bool,
    /// It has held as soon as its job has come up.
    pub(crate) probation_off: bool,
}

/// Updates the cluster. `revision`: the one that the form was made from. `draft`: what is hidden in the form is what it
/// holds.
#[server(prefix = "/api/ui", endpoint = "update", output = Json)]
pub(crate) async fn update(
    cluster: ClusterId,
    revision: u32,
    action: Action,
    #[server(default)] start: UpdateStart,
    form: ClusterForm,
    key: String,
    #[server(default)] draft: Option<DraftId>,
) -> Result<OperationId, ApiError> {
    let desk = desk().await?;
    let form = desk.carried_update(cluster, draft, form).await?;
    Ok(updated(&desk, (cluster, revision, action), &start, form, key).await?)
}

/// What the form of an update was made from, as a browser without script posts it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UpdateBase {
    /// The revision.
    pub(crate) revision: u32,
    /// The draft that holds what was typed before; empty for none.
    #[serde(default)]
    pub(crate) draft: String,
}

/// The form of an update as a browser without script posts it: keeps what was typed in a draft, does what the button
/// says, and answers with the page to go on with. No word of it stands in an address.
#[server(prefix = "/api/ui", endpoint = "update-step", output = Json)]
pub(crate) async fn update_step(
    cluster: ClusterId,
    base: UpdateBase,
    action: Action,
    #[server(default)] start: UpdateStart,
    form: ClusterForm,
    #[server(default)] key: String,
    #[server(default)] go: String,
) -> Result<(), ApiError> {
    use crate::fields::Go;
    let UpdateBase { revision, draft } = base;
    let desk = desk().await?;
    if let Some(operation) = desk.asked(&key).await? {
        crate::navigation::go(&crate::paths::operation(operation));
        return Ok(());
    }
    let view = desk.cluster(cluster).await?;
    let mut form = over(&view, Some(form));
    form.choose_unclaimed(start.was, start.is);
    Go::named(&go).apply(&mut form);
    // An update has no savepoint of its own; a draft keeps there what it starts from.
    form.savepoint = if start.from == super::OTHER { start.path.clone() } else { start.from.clone() };
    let draft = desk.keep_update(cluster, draft.parse().ok(), &form, &[]).await?;
    if go == "update" {
        let carried = desk.carried_update(cluster, Some(draft), form.clone()).await?;
        match updated(&desk, (cluster, revision, action), &start, carried, key).await {
            Ok(operation) => {
                crate::navigation::go(&crate::paths::operation(operation));
                return Ok(());
            }
            Err(refusal) => {
                desk.keep_update(cluster, Some(draft), &form, &refusal.findings()).await?;
            }
        }
    }
    crate::navigation::go(&crate::paths::update_draft(
        cluster,
        action,
        revision,
        draft,
        (go == "check", start.probation_off),
    ));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn updated(
    desk: &orchestrator::Desk,
    (cluster, revision, action): (ClusterId, u32, Action),
    start: &UpdateStart,
    form: ClusterForm,
    key: String,
) -> Result<OperationId, domain::refusal::Refusal> {
    use domain::refusal::Refusal;
    let view = desk.cluster(cluster).await?;
    if !action.updates() {
        return Err(Refusal::field("action", action.name(), format!("{} is no update.", action.word())));
    }
    let mut form = over(&view, Some(form));
    form.choose_unclaimed(start.was, start.is);
    let arguments = orchestrator::desk::Arguments {
        form: Some(form),
        base: Some(revision),
        probation_off: start.probation_off,
        from: super::act::chosen(&start.from, &start.path)?,
        idempotency_key: (!key.is_empty()).then_some(key),
        ..Default::default()
    };
    Box::pin(desk.act(cluster, action, arguments)).await
}

/// One operation with its steps.
#[server(prefix = "/api/ui", endpoint = "operation", input = Json, output = Json)]
pub(crate) async fn operation(id: OperationId) -> Result<OperationView, ApiError> {
    Ok(desk().await?.operation(id).await?)
}

/// Begins a draft that holds what a cluster was created with, under a name that is free: another one like it, and the
/// way on when its creation failed.
#[server(prefix = "/api/ui", endpoint = "draft-of", input = Json, output = Json)]
pub(crate) async fn draft_of(id: ClusterId) -> Result<(PoolPath, DraftId), ApiError> {
    let desk = desk().await?;
    let view = desk.cluster(id).await?;
    let draft = desk.new_draft(&view.row.pool_path).await?;
    let mut form = ClusterForm::again(&view.spec);
    form.name = desk.free_name(&view.row.pool_path, &form.name).await?;
    desk.keep_draft(draft, &form).await?;
    Ok((view.row.pool_path, draft))
}

#[cfg(feature = "ssr")]
fn over(view: &ClusterView, typed: Option<ClusterForm>) -> ClusterForm {
    let present = ClusterForm::from(&view.spec);
    match typed {
        None => present,
        // How it is updated is asked on the page itself.
        Some(typed) => {
            let upgrade_mode = present.upgrade_mode.clone();
            ClusterForm { upgrade_mode, ..typed.over(present) }
        }
    }
}
