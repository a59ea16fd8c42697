//! Numbers as people read them: compact, with a thin space and the right unit.

use domain::event::{KEEPS_FAILING, Tone};
use domain::snapshot::SnapshotOrigin;
use domain::state::{Group, State};
use domain::view::{JobRow, SnapshotView};
use jiff::Timestamp;

/// `checkpoint 12 of run 2, 40 s old`: a state, told by what it is, where it comes from and its age.
pub(crate) fn state(state: &SnapshotView, now: Timestamp) -> String {
    let age = span(now.duration_since(state.at).as_secs());
    format!("{} of run {}, {age} old", state.name(), state.run)
}

/// What a state was taken for: `asked by Ada`, `by Update`; of a checkpoint, how the run ended that it stays of. Empty
/// while that run goes on.
pub(crate) fn taken(state: &SnapshotView) -> String {
    let native = if state.native { ", native" } else { "" };
    let taken = match state.origin {
        SnapshotOrigin::Found => "found in the storage".to_owned(),
        SnapshotOrigin::Seen => String::new(),
        SnapshotOrigin::Asked => format!("asked by {}", state.actor),
        SnapshotOrigin::Stop => "by Stop".to_owned(),
        SnapshotOrigin::Update => "by Update".to_owned(),
        how @ (SnapshotOrigin::Failed | SnapshotOrigin::Finished) => format!("of a run that {}", how.name()),
        how @ (SnapshotOrigin::Stopped
        | SnapshotOrigin::Canceled
        | SnapshotOrigin::Lost
        | SnapshotOrigin::Updated) => format!("of a run that was {}", how.name()),
    };
    taken + native
}

/// `31.4 k`, `212 k`, `980`: three digits that matter.
pub(crate) fn compact(value: f64) -> String {
    let size = value.abs();
    let (scaled, unit) = match size {
        s if s >= 1e9 => (value / 1e9, " G"),
        s if s >= 1e6 => (value / 1e6, " M"),
        s if s >= 1e3 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    let digits = match scaled.abs() {
        s if s >= 100.0 || s == 0.0 => 0,
        s if s >= 10.0 => 1,
        _ if unit.is_empty() && scaled.fract() == 0.0 => 0,
        _ => 2,
    };
    let text = format!("{scaled:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{unit}")
}

/// `1.1 GB`, `430 kB`, `12 B`.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} kB", round(size as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{} MB", round(size as f64 / 1e6)),
        _ => format!("{} GB", round(size as f64 / 1e9)),
    }
}

/// `32 GB`, `1.8 GB`, of MB as Flink counts them.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn gigabytes(mb: u64) -> String {
    format!("{} GB", compact((mb as f64 / 1024.0 * 10.0).round() / 10.0))
}

/// `120 ms`, `2.8 s`, `4 min 12 s`.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn millis(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", ms as f64 / 1e3),
        _ => span(i64::try_from(ms / 1000).unwrap_or(i64::MAX)),
    }
}

/// A length of time in its one or two largest units: `12 s`, `5 min`, `2 h 5 min`, `19 d`.
pub(crate) fn span(seconds: i64) -> String {
    let s = seconds.max(0);
    match s {
        0..60 => format!("{s} s"),
        60..3_600 => format!("{} min", s / 60),
        3_600..36_000 if s % 3_600 >= 60 => format!("{} h {} min", s / 3_600, s % 3_600 / 60),
        3_600..86_400 => format!("{} h", s / 3_600),
        _ => format!("{} d", s / 86_400),
    }
}

/// `1 job`, `2 jobs`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The shape that the style sheet draws for a state.
pub(crate) fn shape(state: State) -> &'static str {
    match state {
        State::Running => "running",
        State::Stopped => "stopped",
        State::Failed | State::JobLaunchFailed => "failed",
        State::Waiting | State::Unreachable | State::Unreadable => "attention",
        State::Finished => "finished",
        State::Canceled => "cancelled",
        State::Starting
        | State::Restarting
        | State::Updating
        | State::Stopping
        | State::Canceling
        | State::Deleting => "moving",
    }
}

/// The tone of a job's lines: empty for the quiet one.
pub(crate) fn tone(row: &JobRow) -> &'static str {
    match row.group {
        Group::Running => "",
        Group::Moving => "move",
        Group::Failing if matches!(row.state, State::Unreachable | State::Waiting) => "warn",
        Group::Failing => "bad",
        Group::Stopped => "idle",
    }
}

/// What is said of a job before why: what is restarted again and again is called so, whichever it is just now.
pub(crate) fn headline(row: &JobRow) -> &'static str {
    let loops = row.group == Group::Failing && row.state.group() != Group::Failing;
    if loops { KEEPS_FAILING } else { row.state.headline() }
}

/// The shape of an event's tone.
pub(crate) fn tone_shape(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "running",
        Tone::Move => "moving",
        Tone::Warn => "attention",
        Tone::Bad => "failed",
        Tone::Idle => "finished",
    }
}

fn round(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.1}").replace(".0", "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_the_digits_that_matter() {
        assert_eq!(compact(0.0), "0");
        assert_eq!(compact(31_400.0), "31.4 k");
        assert_eq!(compact(212_000.0), "212 k");
        assert_eq!(compact(7.0), "7");
        assert_eq!(compact(0.25), "0.25");
        assert_eq!(bytes(1_100_000_000), "1.1 GB");
        assert_eq!(bytes(12), "12 B");
        assert_eq!(millis(2_800), "2.8 s");
    }

    #[test]
    fn spans_show_their_largest_units() {
        assert_eq!(span(12), "12 s");
        assert_eq!(span(7_500), "2 h 5 min");
        assert_eq!(span(3_600), "1 h");
        assert_eq!(span(50_000), "13 h");
        assert_eq!(span(1_641_600), "19 d");
        assert_eq!(span(-3), "0 s");
    }
}
