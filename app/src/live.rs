//! What changed: the server's event stream, made one signal that resources refetch on.
//!
//! Messages are hints; the rows behind the server functions are the truth. A connection that was lost counts as
//! "everything may have changed".

mod hand;
#[cfg(feature = "hydrate")]
mod stream;

use std::collections::HashSet;

use domain::id::ClusterId;
use domain::view::Old;
use leptos::prelude::*;

pub(crate) use hand::Hand;

/// Whether the page follows what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser has a link"))]
pub(crate) enum Link {
    /// The page stands as the server wrote it.
    Written,
    /// Connected.
    Live,
    /// The connection was lost; the browser tries again by itself.
    Reconnecting,
}

/// Which clusters the last batch of messages was about.
#[derive(Clone, Debug, Default)]
struct Batch {
    number: u64,
    clusters: HashSet<ClusterId>,
    everything: bool,
}

/// The live link of this page, from context.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    batch: RwSignal<Batch>,
    any: RwSignal<u64>,
    link: RwSignal<Link>,
    old: RwSignal<Option<Old>>,
}

impl Live {
    /// Opens the link in the browser; it closes with the owner.
    pub(crate) fn provide(signed_in: bool) {
        let old = SharedValue::new(old_written).into_inner();
        let live = Self {
            batch: RwSignal::new(Batch::default()),
            any: RwSignal::new(0),
            link: RwSignal::new(Link::Written),
            old: RwSignal::new(old),
        };
        provide_context(live);
        #[cfg(feature = "hydrate")]
        if signed_in {
            stream::follow(live);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = signed_in;
    }

    /// The link of this page.
    pub(crate) fn here() -> Self {
        expect_context::<Self>()
    }

    /// Grows when anything changed, at once and then once a second at most: a resource that reads it refetches.
    pub(crate) fn any(self) -> Memo<u64> {
        Memo::new(move |_| self.any.get())
    }

    /// Grows whenever everything may have changed.
    pub(crate) fn all(self) -> Memo<u64> {
        Memo::new(move |last: Option<&u64>| {
            self.batch
                .with(|batch| if batch.everything { batch.number } else { last.copied().unwrap_or_default() })
        })
    }

    /// Grows whenever this cluster changed.
    pub(crate) fn of(self, cluster: ClusterId) -> Memo<u64> {
        Memo::new(move |last: Option<&u64>| {
            self.batch.with(|batch| {
                let touched = batch.everything || batch.clusters.contains(&cluster);
                if touched { batch.number } else { last.copied().unwrap_or_default() }
            })
        })
    }

    /// Grows every ten seconds while there is a link: figures that no event announces are read again.
    pub(crate) fn beat(self) -> Memo<i64> {
        let clock = crate::clock::Clock::here();
        Memo::new(move |last: Option<&i64>| match (self.link(), last) {
            (Link::Reconnecting, Some(last)) => *last,
            _ => clock.now().as_second() / 10,
        })
    }

    /// Since when what is shown is old, and why; none while the portal follows its clusters.
    pub(crate) fn old(self) -> RwSignal<Option<Old>> {
        self.old
    }

    /// Whether the page follows.
    pub(crate) fn link(self) -> Link {
        self.link.get()
    }

    /// Something was done here: do not wait for the stream to tell. Without a link what is on the page stays, and all
    /// of it is read again with the next one.
    pub(crate) fn nudge(self) {
        if self.link.get_untracked() == Link::Reconnecting {
            return;
        }
        self.batch.update(|batch| {
            batch.number += 1;
            batch.everything = true;
        });
        self.any.update(|any| *any += 1);
    }
}

/// Since when the page is old, as far as the server knows while it writes it.
#[cfg(feature = "ssr")]
fn old_written() -> Option<Old> {
    use_context::<orchestrator::ControlPlane>()?.old()
}

/// The page tells the browser.
#[cfg(not(feature = "ssr"))]
fn old_written() -> Option<Old> {
    None
}
