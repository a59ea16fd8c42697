//! A small line without axes: what the last half hour looked like.

use leptos::prelude::*;

use crate::words::compact;

const WIDTH: f32 = 92.0;
const HEIGHT: f32 = 20.0;

/// Values oldest first, evenly spaced.
#[component]
pub(crate) fn Spark(
    /// The values.
    values: Vec<f32>,
    /// What they are, for screen readers: "Records per second, last 30 minutes".
    #[prop(into)]
    label: String,
    /// A tone; empty for the accent.
    #[prop(optional)]
    tone: &'static str,
    /// Fills its card.
    #[prop(optional)]
    wide: bool,
) -> impl IntoView {
    let last = values.last().copied().unwrap_or_default();
    let line = path(&values);
    let area = if line.is_empty() { String::new() } else { format!("{line}L{WIDTH},{HEIGHT}L0,{HEIGHT}Z") };
    let label = format!("{label}: now {}", compact(f64::from(last)));
    view! {
        <svg class="spark" class:wide=wide data-tone=tone viewBox="0 0 92 20" preserveAspectRatio="none"
            role="img" aria-label=label>
            <path class="area" d=area></path>
            <path class="line" d=line></path>
        </svg>
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen points")]
fn path(values: &[f32]) -> String {
    let top = values.iter().copied().fold(0.0_f32, f32::max).max(f32::MIN_POSITIVE);
    let step = WIDTH / values.len().saturating_sub(1).max(1) as f32;
    let mut path = String::with_capacity(values.len() * 12);
    for (i, value) in values.iter().enumerate() {
        let y = (HEIGHT - 1.0) - value / (top * 1.1) * (HEIGHT - 3.0);
        path += &format!("{}{:.1},{y:.1}", if i == 0 { 'M' } else { 'L' }, i as f32 * step);
    }
    path
}
