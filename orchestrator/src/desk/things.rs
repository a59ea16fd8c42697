//! Home, pools, activity, search.

use domain::id::EventId;
use domain::refusal::Refusal;
use domain::view::{ActivityPage, ActivityQuery, EventView, HomeView, JobRow, PoolView};

use super::Desk;

impl Desk {
    /// The home page.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn home(&self) -> Result<HomeView, Refusal> {
        unimplemented!()
    }

    /// Every pool.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn pools(&self) -> Result<Vec<PoolView>, Refusal> {
        unimplemented!()
    }

    /// One pool, by name.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn pool(&self, name: &str) -> Result<PoolView, Refusal> {
        let _ = name;
        unimplemented!()
    }

    /// The activity log, newest first.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn activity(&self, query: &ActivityQuery) -> Result<ActivityPage, Refusal> {
        let _ = query;
        unimplemented!()
    }

    /// Events after a cursor, oldest first, at most 500: what a browser missed.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn events_after(&self, cursor: Option<EventId>) -> Result<Vec<EventView>, Refusal> {
        let _ = cursor;
        unimplemented!()
    }

    /// Clusters whose name holds the text, at most ten.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn search(&self, text: &str) -> Result<Vec<JobRow>, Refusal> {
        let _ = text;
        unimplemented!()
    }
}
