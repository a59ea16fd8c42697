//! What time it is for the reader: one ticking "now" and the zone of choice, the same on both faces.

mod cookie;
mod zone;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;

pub(crate) use cookie::{cookie, set_cookie};
pub(crate) use zone::Zone;

/// The page's clock, from context. Copy it where a time is shown.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    now: RwSignal<Timestamp>,
    zone: RwSignal<Zone>,
}

impl Clock {
    /// Sets the clock by the server's, so that both faces write the same words, and lets it tick in the browser.
    pub(crate) fn provide() {
        let start = SharedValue::new(Timestamp::now).into_inner();
        let clock = Self { now: RwSignal::new(start), zone: RwSignal::new(Zone::chosen()) };
        provide_context(clock);
        Effect::new(move |_| {
            if let Some(zone) = Zone::settle() {
                clock.zone.set(zone);
            }
            let skew = start.duration_since(Timestamp::now());
            let tick = move || clock.now.set(Timestamp::now() + skew);
            if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_secs(1)) {
                on_cleanup(move || handle.clear());
            }
        });
    }

    /// The clock of this page.
    pub(crate) fn here() -> Self {
        expect_context::<Self>()
    }

    /// The zone of choice.
    pub(crate) fn zone(self) -> RwSignal<Zone> {
        self.zone
    }

    /// Now; ticks each second in the browser.
    pub(crate) fn now(self) -> Timestamp {
        self.now.get()
    }

    /// Now, without following it.
    pub(crate) fn now_untracked(self) -> Timestamp {
        self.now.get_untracked()
    }

    /// How long ago: `12 s`, `2 h 5 min`.
    pub(crate) fn ago(self, at: Timestamp) -> String {
        crate::words::span(self.now.get().duration_since(at).as_secs())
    }

    /// `14:07:31` today, `22 Nov 14:07:31` before.
    pub(crate) fn time(self, at: Timestamp) -> String {
        let (then, now) = (self.civil(at), self.civil(self.now.get_untracked()));
        if then.date() == now.date() {
            then.strftime("%H:%M:%S").to_string()
        } else {
            then.strftime("%-d %b %H:%M:%S").to_string()
        }
    }

    /// `Today 13:58`, `Yesterday 23:10`, `17 Nov 09:14`.
    pub(crate) fn day_time(self, at: Timestamp) -> String {
        let (then, now) = (self.civil(at), self.civil(self.now.get_untracked()));
        if then.date() == now.date() {
            then.strftime("Today %H:%M").to_string()
        } else if now.date().yesterday().is_ok_and(|day| day == then.date()) {
            then.strftime("Yesterday %H:%M").to_string()
        } else if then.year() == now.year() {
            then.strftime("%-d %b %H:%M").to_string()
        } else {
            then.strftime("%-d %b %Y").to_string()
        }
    }

    /// `13:10`, a moment of an axis that is so long; with its day on one that is longer than a day.
    pub(crate) fn moment(self, at: Timestamp, axis: SignedDuration) -> String {
        if axis > SignedDuration::from_hours(24) {
            self.day_time(at)
        } else {
            self.tick(at, SignedDuration::ZERO)
        }
    }

    /// A tick of an axis: `13:10`, or `22 Nov` where ticks are days apart.
    pub(crate) fn tick(self, at: Timestamp, apart: SignedDuration) -> String {
        let days = apart >= SignedDuration::from_hours(24);
        self.civil(at).strftime(if days { "%-d %b" } else { "%H:%M" }).to_string()
    }

    /// `2026-11-23 14:03:12 UTC`: what stands on hover.
    pub(crate) fn exact(self, at: Timestamp) -> String {
        let zone = self.zone.get();
        format!("{} {}", self.civil(at).strftime("%Y-%m-%d %H:%M:%S"), zone.label(at))
    }

    fn civil(self, at: Timestamp) -> DateTime {
        self.zone.with(|zone| zone.offset(at)).to_datetime(at)
    }
}
