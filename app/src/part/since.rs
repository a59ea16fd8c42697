//! Times: relative, with the exact one on hover, ticking in the browser.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::clock::Clock;

/// How long ago: `12 s`. The exact time stands on hover.
#[component]
pub(crate) fn Ago(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let clock = Clock::here();
    let text = Memo::new(move |_| clock.ago(at));
    view! {
        <time datetime=at.to_string() title=move || clock.exact(at)>
            {move || text.get()}
        </time>
    }
}

/// `4 min, since 14:03:12`.
#[component]
pub(crate) fn Since(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let clock = Clock::here();
    view! { <Ago at=at/>", since "{move || clock.time(at)} }
}

/// A point in time: `Today 13:58`, or `14:07:31` with seconds. The exact time stands on hover.
#[component]
pub(crate) fn Moment(
    /// When.
    at: Timestamp,
    /// With seconds.
    #[prop(optional)]
    seconds: bool,
) -> impl IntoView {
    let clock = Clock::here();
    view! {
        <time datetime=at.to_string() title=move || clock.exact(at)>
            {move || if seconds { clock.time(at) } else { clock.day_time(at) }}
        </time>
    }
}
