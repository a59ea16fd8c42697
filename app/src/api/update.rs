//! Updating a cluster: what its form shows, and the request.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, OperationId};
use domain::refusal::FieldError;
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
    pub(crate) errors: Vec<FieldError>,
    /// The jar, opened; or why not.
    pub(crate) jar: Result<JarView, String>,
    /// Pressed twice, it is one update.
    pub(crate) key: String,
}

/// The form as it stands: the job's part of `typed` over the present revision.
#[server(prefix = "/api/ui", endpoint = "updating", input = Json, output = Json)]
pub(crate) async fn updating(id: ClusterId, typed: Option<ClusterForm>) -> Result<UpdateView, ApiError> {
    let desk = desk().await?;
    let view = desk.cluster(id).await?;
    let mut context = desk.create_context(&view.row.pool_name).await?;
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
    Ok(UpdateView { view, context, form, errors, jar, key })
}

/// With which state an update starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct UpdateStart {
    /// Of a job at rest: the state that it goes on from, empty for the newest.
    pub(crate) from: String,
    /// The check box about state that no operator takes, as a form without script posts it: when it was shown.
    pub(crate) was: bool,
    /// And now.
    pub(crate) is: bool,
}

/// Updates the cluster; answers a plain form post with the operation's page. `revision`: the one that the form was made
/// from.
#[server(prefix = "/api/ui", endpoint = "update", output = Json)]
pub(crate) async fn update(
    cluster: ClusterId,
    revision: u32,
    action: Action,
    #[server(default)] start: UpdateStart,
    form: ClusterForm,
    key: String,
    #[server(default)] back: String,
) -> Result<OperationId, ApiError> {
    use domain::refusal::Refusal;
    let desk = desk().await?;
    let view = desk.cluster(cluster).await?;
    if !action.updates() {
        let message = format!("{} is no update.", action.word());
        return Err(Refusal::field("action", action.name(), message).into());
    }
    let mut form = over(&view, Some(form));
    form.choose_unclaimed(start.was, start.is);
    let arguments = orchestrator::desk::Arguments {
        form: Some(form),
        base: Some(revision),
        from: domain::lifecycle::Restore::chosen(&start.from),
        idempotency_key: Some(key),
        ..Default::default()
    };
    let operation = Box::pin(desk.act(cluster, action, arguments)).await?;
    if !back.is_empty() {
        crate::navigation::go(&crate::paths::operation(operation));
    }
    Ok(operation)
}

/// One operation with its steps.
#[server(prefix = "/api/ui", endpoint = "operation", input = Json, output = Json)]
pub(crate) async fn operation(id: OperationId) -> Result<OperationView, ApiError> {
    Ok(desk().await?.operation(id).await?)
}

/// Begins a draft that holds what a cluster was created with: the way on when its creation failed.
#[server(prefix = "/api/ui", endpoint = "draft-of", input = Json, output = Json)]
pub(crate) async fn draft_of(id: ClusterId) -> Result<(String, DraftId), ApiError> {
    let desk = desk().await?;
    let view = desk.cluster(id).await?;
    let draft = desk.new_draft(&view.row.pool_name).await?;
    desk.keep_draft(draft, &ClusterForm::again(&view.spec)).await?;
    Ok((view.row.pool_name, draft))
}

#[cfg(feature = "ssr")]
fn over(view: &ClusterView, typed: Option<ClusterForm>) -> ClusterForm {
    let present = ClusterForm::from(&view.spec);
    match typed {
        None => present,
        Some(typed) => ClusterForm {
            version: present.version,
            name: present.name,
            account: present.account,
            container: present.container,
            savepoint: present.savepoint,
            upgrade_mode: present.upgrade_mode,
            tags: present.tags,
            ..typed
        },
    }
}
