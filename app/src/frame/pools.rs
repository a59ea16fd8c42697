//! Every pool's name, read once for the whole frame.

use std::sync::Arc;

use domain::view::PoolName;
use leptos::prelude::*;

use crate::api::{self, ApiError};
use crate::live::{Hand, Live};

/// The pools, from context.
#[derive(Clone, Copy)]
pub(crate) struct AllPools(Resource<Result<Vec<PoolName>, ApiError>>);

impl AllPools {
    /// Reads them, and again once in a while: what happens to one cluster hardly ever changes them.
    pub(crate) fn provide() {
        let live = Live::here();
        let (all, beat) = (live.all(), live.beat());
        provide_context(Self(Resource::new(move || (all.get(), beat.get()), |_| api::pool_names())));
    }

    /// What is made of them once they are known. It stays, and follows them; what cannot be read again stays too.
    pub(crate) fn shown(
        content: impl Fn(Signal<Vec<PoolName>>) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        let Self(pools) = expect_context();
        let hand = Hand::here();
        let known = RwSignal::new(Vec::new());
        Effect::new(move |_| {
            if let Some(Ok(next)) = pools.get()
                && !hand.holds()
                && known.with_untracked(|now| *now != next)
            {
                known.set(next);
            }
        });
        let content = Arc::new(content);
        let first = move || {
            let (first, content) = (pools.into_future(), Arc::clone(&content));
            untrack(move || {
                Suspend::new(async move {
                    known.set(first.await.unwrap_or_default());
                    untrack(|| content(known.into()))
                })
            })
        };
        view! { <Suspense>{first}</Suspense> }.into_any()
    }
}
