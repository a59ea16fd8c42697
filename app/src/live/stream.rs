//! The browser's end of `/live`.

use std::collections::HashSet;
use std::time::Duration;

use domain::id::ClusterId;
use futures::StreamExt;
use futures::future::{AbortHandle, abortable};
use futures::stream::select;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;

use super::{Link, Live};

/// Messages that come together make one refetch.
const GATHER: Duration = Duration::from_millis(100);
/// After a link that the browser gave up.
const AGAIN: Duration = Duration::from_secs(3);

/// A hint; the event's id that it names too concerns the browser alone, and a step that ended has none.
#[derive(Deserialize)]
struct Message {
    /// Which cluster changed; none if everything may have.
    cluster: Option<ClusterId>,
}

/// Follows the stream until the owner is gone.
pub(super) fn follow(live: Live) {
    Effect::new(move |_| {
        let (reading, handle) = abortable(read(live));
        spawn_local(async move {
            if reading.await.is_ok() {
                // The stream ended by itself: the browser gave the link up.
                live.link.try_set(Link::Reconnecting);
                set_timeout(move || follow_again(live), AGAIN);
            }
        });
        on_cleanup(move || AbortHandle::abort(&handle));
    });
}

/// Reads the link until it breaks for good.
async fn read(live: Live) {
    let Ok(mut source) = EventSource::new("/live") else { return };
    let (Ok(opens), Ok(messages)) = (source.subscribe("open"), source.subscribe("message")) else { return };
    let gathered = StoredValue::new(None::<HashSet<Option<ClusterId>>>);
    let mut news = select(opens.map(|open| (true, open)), messages.map(|message| (false, message)));
    while let Some((opening, item)) = news.next().await {
        match item {
            Ok(_) if opening => {
                // What changed since the server wrote the page, or while there was no link, was told to nobody here.
                gather(live, gathered, None);
                live.link.try_set(Link::Live);
            }
            Ok((_, event)) => {
                let message = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
                gather(live, gathered, message.and_then(|message: Message| message.cluster));
            }
            Err(_) => {
                live.link.try_set(Link::Reconnecting);
                if source.state() == gloo_net::eventsource::State::Closed {
                    return;
                }
            }
        }
    }
}

/// Opens a new link; what was missed meanwhile is read with everything else.
fn follow_again(live: Live) {
    if live.link.try_get_untracked().is_some() {
        spawn_local(async move {
            read(live).await;
            live.link.try_set(Link::Reconnecting);
            set_timeout(move || follow_again(live), AGAIN);
        });
    }
}

/// Adds a change to the batch that is on its way, or begins one.
fn gather(live: Live, gathered: StoredValue<Option<HashSet<Option<ClusterId>>>>, cluster: Option<ClusterId>) {
    let begun = gathered.try_update_value(|batch| {
        let begun = batch.is_none();
        batch.get_or_insert_with(HashSet::new).insert(cluster);
        begun
    });
    if begun == Some(true) {
        set_timeout(
            move || {
                let batch = gathered.try_update_value(Option::take).flatten().unwrap_or_default();
                live.batch.try_update(|last| {
                    last.number += 1;
                    last.everything = batch.contains(&None);
                    last.clusters = batch.into_iter().flatten().collect();
                });
            },
            GATHER,
        );
    }
}
