//! What whoever keeps the portal should know of its process, for Settings: written by the server, read by a page.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A sentence for each thing that is wrong. Cloning gives the same ones.
#[derive(Clone, Debug, Default)]
pub struct Warnings(Arc<RwLock<BTreeMap<&'static str, String>>>);

impl Warnings {
    /// Something is wrong; what was said of it before is replaced.
    pub fn set(&self, subject: &'static str, sentence: String) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(subject, sentence);
    }

    /// It is over.
    pub fn clear(&self, subject: &'static str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(subject);
    }

    /// What is wrong now.
    pub fn sentences(&self) -> Vec<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}
