//! Where a plot's points lie: x in shares of the width, y from the top of the drawing.

use domain::view::Plot;
use jiff::{SignedDuration, Timestamp};

/// The axes of a plot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    from: f64,
    until: f64,
    /// Samples that are further apart, seconds, have nothing between them.
    gap: f64,
    /// The value at the top: a round number above every value.
    pub(super) top: f64,
}

impl Frame {
    /// The axes that hold everything; none if nothing was measured.
    pub(super) fn of(plot: &Plot) -> Option<Self> {
        let largest = plot.lines.iter().flat_map(|(_, values)| values).flatten().copied().reduce(f64::max)?;
        let (from, until) = (seconds(plot.from), seconds(plot.until));
        let mut steps: Vec<_> = plot.times.windows(2).map(|two| seconds(two[1]) - seconds(two[0])).collect();
        steps.sort_by(f64::total_cmp);
        let usual = steps.get(steps.len() / 2).copied().unwrap_or_default();
        Some(Self { from, until: until.max(from + 1.0), gap: usual * 4.0, top: round_up(largest) })
    }

    /// A time's place, 0 to 1.
    pub(super) fn x(self, when: Timestamp) -> f64 {
        ((seconds(when) - self.from) / (self.until - self.from)).clamp(0.0, 1.0)
    }

    /// The sample that is nearest to a share of the width.
    pub(super) fn nearest(self, plot: &Plot, share: f64) -> Option<usize> {
        let distance = |when: &Timestamp| (self.x(*when) - share).abs();
        let best = plot.times.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
        best.map(|(i, _)| i)
    }

    /// A line, broken where nothing was measured.
    pub(super) fn path(self, times: &[Timestamp], values: &[Option<f64>]) -> String {
        self.parts(times, values).iter().map(|part| format!("M{}", part.join("L"))).collect()
    }

    /// What lies below a line.
    pub(super) fn area(self, times: &[Timestamp], values: &[Option<f64>]) -> String {
        let foot = |point: &String| format!("{},100", point.split(',').next().unwrap_or_default());
        let below = |part: &Vec<String>| {
            let (first, last) = (part.first().map(foot)?, part.last().map(foot)?);
            Some(format!("M{first}L{}L{last}Z", part.join("L")))
        };
        self.parts(times, values).iter().filter_map(below).collect()
    }

    /// The points `x,y` of a line, part by part: one ends where a value is missing, or where samples are, as of a time
    /// in which the job was stopped or the portal away.
    fn parts(self, times: &[Timestamp], values: &[Option<f64>]) -> Vec<Vec<String>> {
        let mut parts: Vec<Vec<String>> = Vec::new();
        let mut last = None;
        for (when, value) in times.iter().zip(values) {
            let goes_on = last.is_some_and(|last| seconds(*when) - last <= self.gap);
            last = value.map(|_| seconds(*when));
            let Some(value) = value else { continue };
            let point = format!("{:.1},{:.1}", self.x(*when) * 1000.0, self.y(*value));
            match parts.last_mut().filter(|_| goes_on) {
                Some(part) => part.push(point),
                None => parts.push(vec![point]),
            }
        }
        parts
    }

    /// About four round times.
    pub(super) fn ticks(self) -> Vec<Timestamp> {
        let span = self.until - self.from;
        let step = [
            60.0,
            120.0,
            300.0,
            600.0,
            900.0,
            1_800.0,
            3_600.0,
            7_200.0,
            21_600.0,
            43_200.0,
            86_400.0,
            172_800.0,
            604_800.0,
            2_592_000.0,
        ]
        .into_iter()
        .find(|step| span / step <= 5.0)
        .unwrap_or(7_776_000.0);
        let mut ticks = Vec::new();
        let mut at = (self.from / step).ceil() * step;
        while at <= self.until {
            let after = SignedDuration::try_from_secs_f64(at).unwrap_or_default();
            ticks.extend(Timestamp::UNIX_EPOCH.checked_add(after));
            at += step;
        }
        ticks.retain(|tick| (0.02..0.98).contains(&self.x(*tick)));
        ticks
    }

    fn y(self, value: f64) -> f64 {
        100.0 - value / self.top * 100.0
    }
}

/// `61.3%`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "exact for some 285,000 years")]
fn seconds(when: Timestamp) -> f64 {
    when.as_millisecond() as f64 / 1e3
}

/// The next of 1, 2, 4, 5, 10, ... that is not below.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let scale = 10_f64.powf(value.log10().floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0]
        .into_iter()
        .map(|n| n * scale)
        .find(|top| *top >= value)
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_round_and_above() {
        assert_eq!(round_up(31_400.0), 40_000.0);
        assert_eq!(round_up(0.0), 1.0);
        assert_eq!(round_up(1_556.0), 2_000.0);
    }

    fn plot(minutes: &[i64], values: &[Option<f64>]) -> Plot {
        let times: Vec<_> =
            minutes.iter().map(|i| Timestamp::from_second(1_700_000_000 + i * 60).unwrap()).collect();
        let lines = vec![("in".to_owned(), values.to_vec())];
        let (from, until) = (times[0], times[times.len() - 1]);
        Plot { title: String::new(), unit: String::new(), from, until, times, lines, marks: Vec::new() }
    }

    #[test]
    fn a_value_that_is_missing_breaks_the_line() {
        let values = [Some(1.0), None, Some(1.0)];
        let plot = plot(&[0, 1, 2], &values);
        let frame = Frame::of(&plot).unwrap();
        assert_eq!(frame.path(&plot.times, &values), "M0.0,0.0M1000.0,0.0");
        assert_eq!(frame.area(&plot.times, &values).matches('Z').count(), 2);
        assert_eq!(frame.nearest(&plot, 0.9), Some(2));
    }

    #[test]
    fn a_point_stands_at_its_time_and_a_time_without_samples_stays_empty() {
        let values = [Some(1.0); 5];
        let plot = plot(&[0, 1, 2, 9, 10], &values);
        let frame = Frame::of(&plot).unwrap();
        assert_eq!(frame.path(&plot.times, &values), "M0.0,0.0L100.0,0.0L200.0,0.0M900.0,0.0L1000.0,0.0");
        assert!(
            frame.area(&plot.times, &values).starts_with("M0.0,100L0.0,0.0L100.0,0.0L200.0,0.0L200.0,100Z")
        );
    }
}
