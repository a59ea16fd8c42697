//! Drafts: forms that were begun, of a new cluster or of an update. Only their person sees them, and nobody is shown a
//! secret again.

use domain::draft::ClusterDraft;
use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, OperationId};
use domain::policy::Permission;
use domain::pool::PoolPath;
use domain::refusal::{Finding, Refusal};
use domain::view::{CreateContext, DraftView};
use jiff::SignedDuration;

use super::{Desk, hidden};
use crate::store::{At, Permit};

/// For so long a draft of an update can be gone on with.
const UPDATES: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// Begins a draft.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn new_draft(&self, pool: &PoolPath) -> Result<DraftId, Refusal> {
        let permit = self.authorize(Permission::Run, At::Pool(pool)).await?;
        let context = self.create_context(pool).await?;
        let id = DraftId(uuid::Uuid::now_v7());
        let now = self.plane.now();
        let store = self.plane.store();
        store.new_draft(&permit, id, &context.defaults, now).await?;
        Ok(id)
    }

    /// The caller's draft, its secrets hidden.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn draft(&self, id: DraftId) -> Result<DraftView, Refusal> {
        self.authorize(Permission::Run, At::Draft(id)).await?;
        let draft = self.plane.store().draft(id, self.actor.id).await?.ok_or_else(no_draft)?;
        Ok(shown(draft))
    }

    /// Everything that is wrong with the caller's draft as it is kept.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn draft_errors(&self, id: DraftId, context: &CreateContext) -> Result<Vec<Finding>, Refusal> {
        let form = self.kept_draft(id).await?.1.form;
        let options = self.options(&form.version).await.unwrap_or_default();
        Ok(ClusterDraft::from(&form).admit(&context.offer, &options, &[]).err().unwrap_or_default())
    }

    /// The caller's draft with its secrets, and the permit for what it is of.
    pub(crate) async fn kept_draft(&self, id: DraftId) -> Result<(Permit, DraftView), Refusal> {
        let permit = self.authorize(Permission::Run, At::Draft(id)).await?;
        let store = self.plane.store();
        let draft = store.draft(id, self.actor.id).await?.ok_or_else(no_draft)?;
        Ok((permit, DraftView { form: store.open_form(&draft.form)?, ..draft }))
    }

    /// The caller's drafts in a pool, newest first, their secrets hidden.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn drafts(&self, pool: &PoolPath) -> Result<Vec<DraftView>, Refusal> {
        let permit = self.authorize(Permission::Run, At::Pool(pool)).await?;
        let pool = permit.target().pool().ok_or_else(|| hidden(At::Pool(pool)))?;
        let drafts = self.plane.store().drafts(self.actor.id, pool).await?;
        Ok(drafts.into_iter().map(shown).collect())
    }

    /// Keeps what was typed, with what the validation finds in it. What is hidden in the form stays as it is kept.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn keep_draft(&self, id: DraftId, form: &ClusterForm) -> Result<DraftView, Refusal> {
        let (permit, draft) = self.kept_draft(id).await?;
        let form = form.carrying(&draft.form);
        let context = match draft.cluster {
            Some(cluster) => self.update_context(cluster).await?,
            None => self.create_context(&draft.pool).await?,
        };
        // What was typed is kept also where Flink cannot be asked.
        let options = self.options(&form.version).await.unwrap_or_default();
        let errors = ClusterDraft::from(&form).admit(&context.offer, &options, &[]).err().unwrap_or_default();
        let now = self.plane.now();
        if !self.plane.store().keep_draft(&permit, id, &form, &errors, now).await? {
            return Err(no_draft());
        }
        Ok(shown(DraftView { form, errors, saved: now, ..draft }))
    }

    /// Keeps what was typed into the form of an update, with what it was refused for; begins a draft where none is given.
    /// What is hidden in the form stays as it is kept.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn keep_update(
        &self,
        cluster: ClusterId,
        draft: Option<DraftId>,
        form: &ClusterForm,
        errors: &[Finding],
    ) -> Result<DraftId, Refusal> {
        let permit = self.authorize(Permission::Run, At::Cluster(cluster)).await?;
        let (store, now) = (self.plane.store(), self.plane.now());
        if let Some(draft) = draft {
            let form = form.carrying(&self.kept_update(draft, cluster).await?.form);
            let kept = store.keep_draft(&permit, draft, &form, errors, now).await?;
            return if kept { Ok(draft) } else { Err(no_draft()) };
        }
        store.drop_old_updates(&permit, now.checked_sub(UPDATES).unwrap_or_default()).await?;
        let draft = DraftId(uuid::Uuid::now_v7());
        store.new_draft(&permit, draft, form, now).await?;
        Ok(draft)
    }

    /// The form of an update with what its draft holds in the place of what is hidden.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn carried_update(
        &self,
        cluster: ClusterId,
        draft: Option<DraftId>,
        form: ClusterForm,
    ) -> Result<ClusterForm, Refusal> {
        match draft {
            Some(draft) => Ok(form.carrying(&self.kept_update(draft, cluster).await?.form)),
            None => Ok(form),
        }
    }

    async fn kept_update(&self, draft: DraftId, cluster: ClusterId) -> Result<DraftView, Refusal> {
        let (_, kept) = self.kept_draft(draft).await?;
        if kept.cluster == Some(cluster) { Ok(kept) } else { Err(no_draft()) }
    }

    /// The operation that a request with this key made, if it did: pressed twice, it is one.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn asked(&self, key: &str) -> Result<Option<OperationId>, Refusal> {
        self.authorize(Permission::Run, At::Anywhere).await?;
        let Some(made) = self.plane.store().operation_by_key(&self.actor, key).await? else {
            return Ok(None);
        };
        match self.authorize(Permission::See, At::ClusterEver(made.cluster)).await {
            Ok(_) => Ok(Some(made.operation)),
            Err(Refusal::NotFound(_)) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Drops a draft.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn drop_draft(&self, id: DraftId) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Run, At::Draft(id)).await?;
        if self.plane.store().drop_draft(&permit, id).await? { Ok(()) } else { Err(no_draft()) }
    }
}

fn shown(draft: DraftView) -> DraftView {
    DraftView { form: draft.form.shown(), ..draft }
}

pub(super) fn no_draft() -> Refusal {
    Refusal::NotFound("There is no such draft any more. Begin a new one from the pool's page.".to_owned())
}
