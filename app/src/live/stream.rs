//! The browser's end of `/live`.

use std::collections::HashSet;
use std::pin::pin;
use std::time::Duration;

use domain::id::ClusterId;
use domain::view::Old;
use futures::StreamExt;
use futures::future::{AbortHandle, abortable};
use futures::stream::select;
use gloo_net::eventsource::State;
use gloo_net::eventsource::futures::EventSource;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use web_sys::MessageEvent;

use super::{Link, Live};

/// Messages that come together make one refetch.
const GATHER: Duration = Duration::from_millis(100);
/// Between two refetches of what shows everything: where much happens it would do nothing else.
const BREATH: Duration = Duration::from_secs(1);
/// After a link that the browser gave up.
const AGAIN: Duration = Duration::from_secs(3);

/// A hint.
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

/// What the link tells.
enum News {
    Opened,
    Message(MessageEvent),
    Old(MessageEvent),
    Broken,
}

/// Reads the link until it breaks for good.
async fn read(live: Live) {
    let Ok(mut source) = EventSource::new("/live") else { return };
    let (Ok(opens), Ok(messages), Ok(olds), Ok(breaks)) = (
        source.subscribe("open"),
        source.subscribe("message"),
        source.subscribe("old"),
        source.subscribe("error"),
    ) else {
        return;
    };
    // A message's own error tells only of a link that is given up, `error` also of one that the browser opens again.
    let told = select(
        opens.filter_map(async |open| open.ok().map(|_| News::Opened)),
        messages.filter_map(async |message| message.ok().map(|(_, event)| News::Message(event))),
    );
    let olds = olds.filter_map(async |old| old.ok().map(|(_, event)| News::Old(event)));
    let mut news = pin!(select(select(told, olds), breaks.map(|_| News::Broken)));
    let gathered = StoredValue::new(Gathered::None);
    let breath = StoredValue::new(Breath::Ready);
    while let Some(news) = news.next().await {
        match news {
            News::Opened => {
                // What changed since the server wrote the page, or while there was no link, was told to nobody here.
                gather(live, (gathered, breath), None);
                live.link.try_set(Link::Live);
            }
            News::Message(event) => {
                let message = event.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
                gather(live, (gathered, breath), message.and_then(|message: Message| message.cluster));
            }
            News::Old(event) => {
                let text = event.data().as_string().unwrap_or_default();
                live.old.try_set(serde_json::from_str::<Option<Old>>(&text).unwrap_or_default());
            }
            News::Broken => {
                live.link.try_set(Link::Reconnecting);
                if source.state() == State::Closed {
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

/// The batch that is on its way, if there is one: whose rows changed, or none for those of no cluster.
type Gathered = Option<HashSet<Option<ClusterId>>>;

/// Adds a change to the batch that is on its way, or begins one.
fn gather(
    live: Live,
    (gathered, breath): (StoredValue<Gathered>, StoredValue<Breath>),
    cluster: Option<ClusterId>,
) {
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
                tell_any(live, breath);
            },
            GATHER,
        );
    }
}

/// Where a second after a change stands in which no other is told to those who show everything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Breath {
    /// None has begun: the next change is told at once.
    Ready,
    /// It goes on.
    Taken,
    /// It goes on, and something has changed meanwhile.
    Owing,
}

/// Tells those who show everything, at once or when the second is over.
fn tell_any(live: Live, breath: StoredValue<Breath>) {
    match breath.try_get_value() {
        Some(Breath::Ready) => {}
        Some(Breath::Taken | Breath::Owing) => {
            breath.try_set_value(Breath::Owing);
            return;
        }
        None => return,
    }
    live.any.try_update(|any| *any += 1);
    breath.try_set_value(Breath::Taken);
    set_timeout(
        move || {
            let owing = breath.try_get_value() == Some(Breath::Owing);
            breath.try_set_value(Breath::Ready);
            if owing {
                tell_any(live, breath);
            }
        },
        BREATH,
    );
}
