//! Table `draft`: forms that were begun, of a new cluster or of an update. A person sees only their own.

use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, PoolId, PrincipalId};
use domain::policy::Permission;
use domain::pool::PoolPath;
use domain::refusal::Finding;
use domain::view::DraftView;
use jiff::Timestamp;
use sqlx::FromRow;

use super::value::{from_json, id, micros, readable, time, to_json};
use super::{Permit, Store, StoreError, Target};

/// Drafts, each with the names of its pool and of what that lies in.
macro_rules! drafts {
    ($tail:literal) => {
        concat!(
            "select d.id, s.name as subscription, g.name as resource_group, p.name as pool, d.cluster, d.form, d.errors, \
             d.saved from draft d join pool p on p.id = d.pool join resource_group g on g.id = p.resource_group \
             join subscription s on s.id = g.subscription ",
            $tail
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: String,
    subscription: String,
    resource_group: String,
    pool: String,
    cluster: Option<String>,
    form: String,
    errors: String,
    saved: i64,
}

impl Row {
    fn view(self) -> Result<DraftView, StoreError> {
        Ok(DraftView {
            id: id("draft.id", &self.id)?,
            pool: PoolPath::of(&self.subscription, &self.resource_group, &self.pool),
            cluster: self.cluster.map(|cluster| id("draft.cluster", &cluster)).transpose()?,
            form: from_json("draft.form", &self.form)?,
            saved: time(self.saved),
            errors: from_json("draft.errors", &self.errors).unwrap_or_default(),
        })
    }
}

impl Store {
    /// Begins a draft of the caller where the permit is for: of a new cluster in a pool, or of an update of one that is
    /// there.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn new_draft(
        &self,
        permit: &Permit,
        draft: DraftId,
        form: &ClusterForm,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (pool, cluster) = of(permit)?;
        self.write(
            sqlx::query(
                "insert into draft (id, person, pool, cluster, form, errors, saved) \
                 values ($1, $2, $3, $4, $5, '[]', $6)",
            )
            .bind(draft.to_string())
            .bind(permit.actor().id.to_string())
            .bind(pool.to_string())
            .bind(cluster.map(|cluster| cluster.to_string()))
            .bind(to_json(&self.seal_form(form)?)?)
            .bind(micros(now)),
        )
        .await?;
        Ok(())
    }

    /// A person's draft, its secrets sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn draft(&self, draft: DraftId, person: PrincipalId) -> Result<Option<DraftView>, StoreError> {
        let row: Option<Row> = sqlx::query_as(drafts!("where d.id = $1 and d.person = $2"))
            .bind(draft.to_string())
            .bind(person.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        row.map(Row::view).transpose()
    }

    /// Drops the caller's drafts of updates that were last kept before then: nobody goes on with them.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn drop_old_updates(
        &self,
        permit: &Permit,
        before: Timestamp,
    ) -> Result<(), StoreError> {
        of(permit)?;
        self.write(
            sqlx::query("delete from draft where person = $1 and cluster is not null and saved < $2")
                .bind(permit.actor().id.to_string())
                .bind(micros(before)),
        )
        .await?;
        Ok(())
    }

    /// A person's drafts of new clusters in a pool, newest first, their secrets sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drafts(&self, person: PrincipalId, pool: PoolId) -> Result<Vec<DraftView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            drafts!("where d.person = $1 and d.pool = $2 and d.cluster is null order by d.saved desc, d.id desc limit 50"),
        )
        .bind(person.to_string())
        .bind(pool.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, Row::view)
    }

    /// Keeps what was typed. `false`: the caller has no such draft where the permit is for.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn keep_draft(
        &self,
        permit: &Permit,
        draft: DraftId,
        form: &ClusterForm,
        errors: &[Finding],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (pool, cluster) = of(permit)?;
        let done = self
            .write(
                sqlx::query(
                    "update draft set form = $1, errors = $2, saved = $3 where id = $4 and person = $5 and pool = $6 \
                     and coalesce(cluster, '') = $7",
                )
                .bind(to_json(&self.seal_form(form)?)?)
                .bind(to_json(&errors)?)
                .bind(micros(now))
                .bind(draft.to_string())
                .bind(permit.actor().id.to_string())
                .bind(pool.to_string())
                .bind(cluster.map(|cluster| cluster.to_string()).unwrap_or_default()),
            )
            .await?;
        Ok(done == 1)
    }

    /// Drops a draft. `false`: the caller has no such draft where the permit is for.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn drop_draft(&self, permit: &Permit, draft: DraftId) -> Result<bool, StoreError> {
        let (pool, cluster) = of(permit)?;
        let done = self
            .write(
                sqlx::query(
                    "delete from draft where id = $1 and person = $2 and pool = $3 and coalesce(cluster, '') = $4",
                )
                .bind(draft.to_string())
                .bind(permit.actor().id.to_string())
                .bind(pool.to_string())
                .bind(cluster.map(|cluster| cluster.to_string()).unwrap_or_default()),
            )
            .await?;
        Ok(done == 1)
    }
}

/// Where drafts are that a permit is for: a pool's, or those of one cluster's updates.
fn of(permit: &Permit) -> Result<(PoolId, Option<ClusterId>), StoreError> {
    permit.must(Permission::Run, |target| matches!(target, Target::Pool(_) | Target::Cluster(..)))?;
    let target = permit.target();
    Ok((target.pool().ok_or(StoreError::Unpermitted)?, target.cluster()))
}
