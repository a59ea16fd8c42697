//! Where a plot's points lie: x in shares of the width, y from the top of the drawing.

use domain::view::Plot;
use jiff::{SignedDuration, Timestamp};

/// The axes of a plot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    from: f64,
    until: f64,
    count: usize,
    /// The value at the top: a round number above every value.
    pub(super) top: f64,
}

impl Frame {
    /// The axes that hold everything; none if nothing was measured.
    pub(super) fn of(plot: &Plot) -> Option<Self> {
        let largest = plot.lines.iter().flat_map(|(_, values)| values).flatten().copied().reduce(f64::max)?;
        let (from, until) = (seconds(*plot.times.first()?), seconds(*plot.times.last()?));
        Some(Self { from, until: until.max(from + 1.0), count: plot.times.len(), top: round_up(largest) })
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
    pub(super) fn path(self, values: &[Option<f64>]) -> String {
        let mut path = String::with_capacity(values.len() * 12);
        let mut pen_down = false;
        for (i, value) in values.iter().enumerate() {
            if let Some(value) = value {
                path +=
                    &format!("{}{:.1},{:.1}", if pen_down { 'L' } else { 'M' }, self.at(i), self.y(*value));
            }
            pen_down = value.is_some();
        }
        path
    }

    /// What lies below a line.
    pub(super) fn area(self, values: &[Option<f64>]) -> String {
        let mut path = String::with_capacity(values.len() * 12);
        for part in
            values.iter().enumerate().collect::<Vec<_>>().chunk_by(|a, b| a.1.is_some() == b.1.is_some())
        {
            let points: Vec<_> = part.iter().filter_map(|(i, value)| Some((*i, (**value)?))).collect();
            let (Some(first), Some(last)) = (points.first(), points.last()) else { continue };
            path += &format!("M{:.1},100", self.at(first.0));
            for (i, value) in &points {
                path += &format!("L{:.1},{:.1}", self.at(*i), self.y(*value));
            }
            path += &format!("L{:.1},100Z", self.at(last.0));
        }
        path
    }

    /// About four round times.
    pub(super) fn ticks(self) -> Vec<Timestamp> {
        let span = self.until - self.from;
        let step =
            [60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 21_600.0, 43_200.0, 86_400.0]
                .into_iter()
                .find(|step| span / step <= 5.0)
                .unwrap_or(172_800.0);
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

    #[expect(clippy::cast_precision_loss, reason = "a few hundred samples")]
    fn at(self, i: usize) -> f64 {
        i as f64 / (self.count.saturating_sub(1).max(1)) as f64 * 1000.0
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

    #[test]
    fn a_gap_breaks_the_line() {
        let times = (0..3).map(|i| Timestamp::from_second(1_700_000_000 + i * 60).unwrap()).collect();
        let values = vec![Some(1.0), None, Some(1.0)];
        let lines = vec![("in".to_owned(), values.clone())];
        let plot = Plot { title: String::new(), unit: String::new(), times, lines, marks: Vec::new() };
        let frame = Frame::of(&plot).unwrap();
        assert_eq!(frame.path(&values), "M0.0,0.0M1000.0,0.0");
        assert_eq!(frame.area(&values).matches('Z').count(), 2);
        assert_eq!(frame.nearest(&plot, 0.9), Some(2));
    }
}
