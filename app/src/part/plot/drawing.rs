//! What of a plot is drawn: paths, marks with the words that have room, round times.

use domain::view::Plot;
use jiff::Timestamp;

use super::geometry::Frame;

/// A word on a mark, as a share of the width: `Stateless update` on a narrow card.
const LABEL: f64 = 0.2;

/// Beyond this share of the width a word stands before its mark.
const EDGE: f64 = 0.8;

/// Everything that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawing {
    /// Up to three lines, the foremost first.
    pub(super) lines: Vec<String>,
    /// What lies below the foremost.
    pub(super) area: Option<String>,
    /// The newest first.
    pub(super) marks: Vec<Mark>,
    /// Places and times.
    pub(super) ticks: Vec<(f64, Timestamp)>,
    /// The value at the top.
    pub(super) top: f64,
}

/// When something was done.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    /// Its place, 0 to 1.
    pub(super) x: f64,
    /// What was done, where there is room for it.
    pub(super) word: Option<String>,
}

impl Mark {
    /// Whether its word stands before it.
    pub(super) fn before(&self) -> bool {
        self.x > EDGE
    }
}

impl Drawing {
    /// Of what was measured; none if nothing was.
    pub(super) fn of(plot: &Plot) -> Option<Self> {
        let frame = Frame::of(plot)?;
        let lines = plot.lines.iter().take(3).map(|(_, values)| frame.path(&plot.times, values)).collect();
        let area = plot.lines.first().map(|(_, values)| frame.area(&plot.times, values));
        // The newest keep their words; where lines stand closer than a word is long, the older ones go without.
        let mut free = f64::INFINITY;
        let marks = plot.marks.iter().rev().map(|(when, what)| {
            let mut mark = Mark { x: frame.x(*when), word: None };
            let (from, until) =
                if mark.before() { (mark.x - LABEL, mark.x) } else { (mark.x, mark.x + LABEL) };
            if until <= free {
                free = from;
                mark.word = Some(what.clone());
            }
            mark
        });
        let marks = marks.collect();
        let ticks = frame.ticks().into_iter().map(|when| (frame.x(when), when)).collect();
        Some(Self { lines, area, marks, ticks, top: frame.top })
    }
}
