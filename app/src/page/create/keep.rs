//! Keeping the draft on the server: when typing pauses, and before a tab changes.

use domain::form::ClusterForm;
use domain::id::DraftId;
use jiff::Timestamp;
use leptos::prelude::*;

use super::{FormState, debounced};
use crate::api::{self, ApiError};
use crate::live::Live;

/// When the draft was kept last, and whether the last try went wrong.
#[derive(Clone, Copy)]
pub(crate) struct Keep {
    id: DraftId,
    filling: FormState,
    saved: RwSignal<Timestamp>,
    trouble: RwSignal<Option<ApiError>>,
}

impl Keep {
    /// Follows the form.
    pub(crate) fn new(id: DraftId, filling: FormState, saved: Timestamp) -> Self {
        let keep = Self { id, filling, saved: RwSignal::new(saved), trouble: RwSignal::new(None) };
        debounced(Signal::from(filling.form), 350, move |_: ClusterForm| keep.now());
        let told = Live::here().any();
        Effect::new(move |_| {
            told.get(); // a memo that is only tracked follows nothing
            // The portal answers again.
            if keep.trouble.with_untracked(Option::is_some) {
                keep.now();
            }
        });
        keep
    }

    /// Keeps what is there.
    pub(crate) fn now(self) {
        let form = self.filling.form.get_untracked();
        leptos::task::spawn_local(async move {
            match api::keep_draft(self.id, form).await {
                Ok(draft) => {
                    self.saved.try_set(draft.saved);
                    self.trouble.try_set(None);
                }
                Err(error) => {
                    self.trouble.try_set(Some(error));
                }
            }
        });
    }

    /// When it was kept last.
    pub(crate) fn saved(self) -> Timestamp {
        self.saved.get()
    }

    /// Why it could not be kept.
    pub(crate) fn trouble(self) -> Option<ApiError> {
        self.trouble.get()
    }
}
