//! Waiting until typing pauses.

use std::time::Duration;

use leptos::prelude::*;

/// Runs with the newest value once it has not changed for so many milliseconds; not for the first one. Only in the
/// browser.
pub(crate) fn debounced<T>(value: Signal<T>, pause_ms: u64, run: impl Fn(T) + Clone + 'static)
where
    T: Clone + Send + Sync + 'static,
{
    let changes = StoredValue::new(0_u32);
    Effect::new(move |before: Option<()>| {
        let now = value.get();
        if before.is_none() {
            return;
        }
        changes.update_value(|count| *count += 1);
        let (count, run) = (changes.get_value(), run.clone());
        set_timeout(
            move || {
                if changes.try_get_value() == Some(count) {
                    run(now);
                }
            },
            Duration::from_millis(pause_ms),
        );
    });
}
