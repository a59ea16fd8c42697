//! What is asked over all clusters: home, bell, history, search; and how the portal itself does.

use domain::id::ClusterId;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::{
    ActivityPage, ActivityQuery, HomeView, JobQuery, JobRow, NoticesView, ReconcilerView, Safeguard, Scope,
};
use jiff::SignedDuration;

use super::Desk;
use crate::store::At;

/// Entries of a page of the activity log.
const PAGE: i64 = 50;

impl Desk {
    /// The home page.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn home(&self) -> Result<HomeView, Refusal> {
        let (store, now) = (self.plane.store(), self.plane.now());
        let sight = self.sight().await?;
        let failing = JobQuery { group: "failing".to_owned(), size: 10, ..JobQuery::default() };
        let page = self.jobs(&failing).await?;
        let operations = store.newest_operations(40, &sight).await?;
        let mut recent: Vec<ClusterId> = Vec::new();
        for operation in &operations {
            if !recent.contains(&operation.cluster) {
                recent.push(operation.cluster);
            }
        }
        let mut recent = store.jobs_named(&recent, &sight, now).await?;
        self.date(&mut recent);
        Ok(HomeView {
            counts: page.counts,
            attention: page.rows,
            pools: self.pools().await?,
            operations: operations.into_iter().take(8).collect(),
            recent,
        })
    }

    /// What the bell shows: jobs that need a person, and what was done within the last day.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn notices(&self) -> Result<NoticesView, Refusal> {
        let sight = self.sight().await?;
        let (store, yesterday) = (self.plane.store(), self.plane.now() - SignedDuration::from_hours(24));
        let failing = JobQuery { group: "failing".to_owned(), size: 5, ..JobQuery::default() };
        let mut attention = store.job_rows(&failing, &sight).await?;
        self.date(&mut attention);
        let failing = store.counts(&Scope::All, &sight).await?.failing;
        let mut operations = store.newest_operations(8, &sight).await?;
        operations.retain(|operation| operation.ended.is_none_or(|ended| ended > yesterday));
        Ok(NoticesView { failing, attention, operations })
    }

    /// What programs of other people are kept from on this machine, and what not: for whoever has a role.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn safeguards(&self) -> Result<Vec<Safeguard>, Refusal> {
        self.authorize(Permission::See, At::Anywhere).await?;
        Ok(self.plane.inner.safeguards.clone())
    }

    /// How the reconciler stands: for who sees everything.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn reconciler(&self) -> Result<ReconcilerView, Refusal> {
        self.watches().await?;
        Ok(self.plane.reconciler())
    }

    /// Refuses who does not see everything: how the portal itself is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn watches(&self) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::Portal).await.map(drop)
    }

    /// The activity log, newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn activity(&self, query: &ActivityQuery) -> Result<ActivityPage, Refusal> {
        let sight = self.sight().await?;
        // One more than a page tells whether there is another.
        let asked = (PAGE + 1, &sight);
        let mut events = self.plane.store().activity(query.text.trim(), query.before, asked).await?;
        let more = events.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        if more {
            events.pop();
        }
        let next = events.last().map(|event| event.id).filter(|_| more);
        Ok(ActivityPage { events, next })
    }

    /// Clusters whose name holds the text, at most ten.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn search(&self, text: &str) -> Result<Vec<JobRow>, Refusal> {
        let sight = self.sight().await?;
        let query = JobQuery { text: text.trim().to_owned(), size: 10, ..JobQuery::default() };
        let mut rows = self.plane.store().job_rows(&query, &sight).await?;
        self.date(&mut rows);
        Ok(rows)
    }
}
