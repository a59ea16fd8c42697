//! Drafts: create forms that were begun. Only their person sees them, and nobody is shown a secret again.

use domain::form::ClusterForm;
use domain::id::DraftId;
use domain::policy::Permission;
use domain::refusal::{FieldError, Refusal};
use domain::view::{CreateContext, DraftView};

use super::Desk;

impl Desk {
    /// Begins a draft.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn new_draft(&self, pool: &str) -> Result<DraftId, Refusal> {
        self.authorize(Permission::Run)?;
        let context = self.create_context(pool).await?;
        let id = DraftId(uuid::Uuid::now_v7());
        let now = self.plane.now();
        self.plane.store().new_draft(id, self.actor.id, context.pool.id, &context.defaults, now).await?;
        Ok(id)
    }

    /// The caller's draft, its secrets hidden.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn draft(&self, id: DraftId) -> Result<DraftView, Refusal> {
        self.authorize(Permission::Run)?;
        let draft = self.plane.store().draft(id, self.actor.id).await?.ok_or_else(no_draft)?;
        Ok(shown(draft))
    }

    /// Everything that is wrong with the caller's draft as it is kept.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn draft_errors(
        &self,
        id: DraftId,
        context: &CreateContext,
    ) -> Result<Vec<FieldError>, Refusal> {
        let form = self.kept_draft(id).await?.form;
        let options = self.options(&form.version).await.unwrap_or_default();
        Ok(form.admit(&context.offer, &options, true).err().unwrap_or_default())
    }

    /// The caller's draft with its secrets.
    pub(crate) async fn kept_draft(&self, id: DraftId) -> Result<DraftView, Refusal> {
        self.authorize(Permission::Run)?;
        let store = self.plane.store();
        let draft = store.draft(id, self.actor.id).await?.ok_or_else(no_draft)?;
        Ok(DraftView { form: store.open_form(&draft.form)?, ..draft })
    }

    /// The caller's drafts in a pool, newest first, their secrets hidden.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn drafts(&self, pool: &str) -> Result<Vec<DraftView>, Refusal> {
        self.authorize(Permission::Run)?;
        let pool = self.pool(pool).await?;
        let drafts = self.plane.store().drafts(self.actor.id, pool.id).await?;
        Ok(drafts.into_iter().map(shown).collect())
    }

    /// Keeps what was typed, with what the validation finds in it. What is hidden in the form stays as it is kept.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn keep_draft(&self, id: DraftId, form: &ClusterForm) -> Result<DraftView, Refusal> {
        let draft = self.kept_draft(id).await?;
        let form = form.carrying(&draft.form);
        let context = self.create_context(&draft.pool).await?;
        // What was typed is kept also where Flink cannot be asked.
        let options = self.options(&form.version).await.unwrap_or_default();
        let errors = form.admit(&context.offer, &options, true).err().unwrap_or_default();
        let now = self.plane.now();
        if !self.plane.store().keep_draft(id, self.actor.id, &form, &errors, now).await? {
            return Err(no_draft());
        }
        Ok(shown(DraftView { form, errors, saved: now, ..draft }))
    }

    /// Drops a draft.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn drop_draft(&self, id: DraftId) -> Result<(), Refusal> {
        self.authorize(Permission::Run)?;
        if self.plane.store().drop_draft(id, self.actor.id).await? { Ok(()) } else { Err(no_draft()) }
    }
}

fn shown(draft: DraftView) -> DraftView {
    DraftView { form: draft.form.shown(), ..draft }
}

fn no_draft() -> Refusal {
    Refusal::NotFound("There is no such draft any more. Begin a new one from the pool's page.".to_owned())
}
