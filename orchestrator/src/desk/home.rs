//! What is asked over all clusters: home, bell, history, search; and how the portal itself does.

use domain::id::ClusterId;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::{
    ActivityPage, ActivityQuery, HomeView, JobQuery, JobRow, NoticesView, ReconcilerView, Safeguard, Scope,
};
use jiff::SignedDuration;

use super::Desk;

/// Entries of a page of the activity log.
const PAGE: i64 = 50;

impl Desk {
    /// The home page.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn home(&self) -> Result<HomeView, Refusal> {
        self.authorize(Permission::See)?;
        let (store, now) = (self.plane.store(), self.plane.now());
        let failing = JobQuery { group: "failing".to_owned(), size: 10, ..JobQuery::default() };
        let page = self.jobs(&failing).await?;
        let operations = store.newest_operations(40).await?;
        let mut recent: Vec<ClusterId> = Vec::new();
        for operation in &operations {
            if !recent.contains(&operation.cluster) {
                recent.push(operation.cluster);
            }
        }
        let mut recent = store.jobs_named(&recent, now).await?;
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
    /// `Forbidden`.
    pub async fn notices(&self) -> Result<NoticesView, Refusal> {
        self.authorize(Permission::See)?;
        let (store, yesterday) = (self.plane.store(), self.plane.now() - SignedDuration::from_hours(24));
        let failing = JobQuery { group: "failing".to_owned(), size: 5, ..JobQuery::default() };
        let mut attention = store.job_rows(&failing).await?;
        self.date(&mut attention);
        let failing = store.counts(&Scope::All).await?.failing;
        let mut operations = store.newest_operations(8).await?;
        operations.retain(|operation| operation.ended.is_none_or(|ended| ended > yesterday));
        Ok(NoticesView { failing, attention, operations })
    }

    /// What programs of other people are kept from on this machine, and what not.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn safeguards(&self) -> Result<Vec<Safeguard>, Refusal> {
        self.authorize(Permission::See)?;
        Ok(self.plane.inner.safeguards.clone())
    }

    /// How the reconciler stands.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn reconciler(&self) -> Result<ReconcilerView, Refusal> {
        self.authorize(Permission::See)?;
        Ok(self.plane.reconciler())
    }

    /// The activity log, newest first.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn activity(&self, query: &ActivityQuery) -> Result<ActivityPage, Refusal> {
        self.authorize(Permission::See)?;
        // One more than a page tells whether there is another.
        let mut events = self.plane.store().activity(query.text.trim(), query.before, PAGE + 1).await?;
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
    /// `Forbidden`.
    pub async fn search(&self, text: &str) -> Result<Vec<JobRow>, Refusal> {
        self.authorize(Permission::See)?;
        let query = JobQuery { text: text.trim().to_owned(), size: 10, ..JobQuery::default() };
        let mut rows = self.plane.store().job_rows(&query).await?;
        self.date(&mut rows);
        Ok(rows)
    }
}
