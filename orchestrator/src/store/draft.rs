//! Table `draft`: forms that were begun, of a new cluster or of an update. A person sees only their own.

use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, PersonId, PoolId};
use domain::refusal::Finding;
use domain::view::DraftView;
use jiff::Timestamp;
use sqlx::FromRow;

use super::value::{from_json, id, micros, readable, time, to_json};
use super::{Store, StoreError};

#[derive(FromRow)]
struct Row {
    id: String,
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
            pool: self.pool,
            cluster: self.cluster.map(|cluster| id("draft.cluster", &cluster)).transpose()?,
            form: from_json("draft.form", &self.form)?,
            saved: time(self.saved),
            errors: from_json("draft.errors", &self.errors).unwrap_or_default(),
        })
    }
}

impl Store {
    /// Begins a draft, of a new cluster in a pool or of an update of one that is there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_draft(
        &self,
        draft: DraftId,
        person: PersonId,
        (pool, cluster): (PoolId, Option<ClusterId>),
        form: &ClusterForm,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(
            sqlx::query(
                "insert into draft (id, person, pool, cluster, form, errors, saved) \
                 values ($1, $2, $3, $4, $5, '[]', $6)",
            )
            .bind(draft.to_string())
            .bind(person.to_string())
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
    pub async fn draft(&self, draft: DraftId, person: PersonId) -> Result<Option<DraftView>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "select d.id, p.name as pool, d.cluster, d.form, d.errors, d.saved from draft d join pool p on p.id = d.pool \
             where d.id = $1 and d.person = $2",
        )
        .bind(draft.to_string())
        .bind(person.to_string())
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        row.map(Row::view).transpose()
    }

    /// Drops a person's drafts of updates that were last kept before then: nobody goes on with them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_old_updates(&self, person: PersonId, before: Timestamp) -> Result<(), StoreError> {
        self.write(
            sqlx::query("delete from draft where person = $1 and cluster is not null and saved < $2")
                .bind(person.to_string())
                .bind(micros(before)),
        )
        .await?;
        Ok(())
    }

    /// A person's drafts of new clusters in a pool, newest first, their secrets sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drafts(&self, person: PersonId, pool: PoolId) -> Result<Vec<DraftView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select d.id, p.name as pool, d.cluster, d.form, d.errors, d.saved from draft d join pool p on p.id = d.pool \
             where d.person = $1 and d.pool = $2 and d.cluster is null order by d.saved desc, d.id desc limit 50",
        )
        .bind(person.to_string())
        .bind(pool.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, Row::view)
    }

    /// Keeps what was typed. `false`: this person has no such draft.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_draft(
        &self,
        draft: DraftId,
        person: PersonId,
        form: &ClusterForm,
        errors: &[Finding],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = self
            .write(
                sqlx::query(
                    "update draft set form = $1, errors = $2, saved = $3 where id = $4 and person = $5",
                )
                .bind(to_json(&self.seal_form(form)?)?)
                .bind(to_json(&errors)?)
                .bind(micros(now))
                .bind(draft.to_string())
                .bind(person.to_string()),
            )
            .await?;
        Ok(done == 1)
    }

    /// Drops a draft. `false`: this person has no such draft.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_draft(&self, draft: DraftId, person: PersonId) -> Result<bool, StoreError> {
        let done = self
            .write(
                sqlx::query("delete from draft where id = $1 and person = $2")
                    .bind(draft.to_string())
                    .bind(person.to_string()),
            )
            .await?;
        Ok(done == 1)
    }
}
