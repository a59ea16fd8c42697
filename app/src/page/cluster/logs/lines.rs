//! The lines of a log file's end: parts come as the file grows, and a part may end in the middle of a line.

use domain::view::LogPart;

/// Lines that stay on the page.
const KEPT: usize = 2_000;

/// A line with its number since the page began to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    number: u64,
    pub(super) text: String,
}

impl Line {
    /// What tells whether it is drawn already: a line that has grown is drawn anew.
    pub(super) fn face(&self) -> (u64, usize) {
        (self.number, self.text.len())
    }
}

/// The newest lines, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    kept: Vec<Line>,
    /// The last line has not ended.
    open: bool,
    next: u64,
}

impl Lines {
    /// The end of a file. It begins anywhere; what remains of the line that was cut is left out.
    pub(super) fn ending(part: &LogPart) -> Self {
        let mut lines = Self::default();
        let cut = part.text.split_once('\n').filter(|_| part.from > 0);
        lines.take(cut.map_or(part.text.as_str(), |(_, whole)| whole));
        lines
    }

    /// What came when the file was asked from there on. A file that was rolled over begins anew, with a line of its own.
    pub(super) fn add(&mut self, part: &LogPart, asked: u64) {
        self.open &= part.from == asked;
        self.take(&part.text);
    }

    /// Every line.
    pub(super) fn all(&self) -> Vec<Line> {
        self.kept.clone()
    }

    fn take(&mut self, text: &str) {
        for piece in text.split_inclusive('\n') {
            let words = piece.trim_end_matches(['\n', '\r']);
            match self.kept.last_mut().filter(|_| self.open) {
                Some(last) => last.text.push_str(words),
                None => {
                    self.kept.push(Line { number: self.next, text: words.to_owned() });
                    self.next += 1;
                }
            }
            self.open = !piece.ends_with('\n');
        }
        let surplus = self.kept.len().saturating_sub(KEPT);
        self.kept.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(from: u64, text: &str) -> LogPart {
        LogPart { text: text.to_owned(), from, next: from + text.len() as u64 }
    }

    fn texts(lines: &Lines) -> Vec<String> {
        lines.all().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_line_that_comes_in_two_parts_is_one_line() {
        let mut lines = Lines::ending(&part(0, "one\ntw"));
        let before = lines.all()[1].face();
        lines.add(&part(6, "o\nthree\n"), 6);
        lines.add(&part(13, "\nfour"), 13);
        assert_eq!(texts(&lines), ["one", "two", "three", "", "four"]);
        assert_ne!(lines.all()[1].face(), before);
    }

    #[test]
    fn a_file_that_was_rolled_over_does_not_go_on_with_the_old_line() {
        let mut lines = Lines::ending(&part(0, "old"));
        lines.add(&part(0, "new"), 3);
        assert_eq!(texts(&lines), ["old", "new"]);
    }

    #[test]
    fn an_end_begins_with_a_whole_line_and_holds_so_many() {
        let mut lines = Lines::ending(&part(9, "rest of a line\nwhole\n"));
        assert_eq!(texts(&lines), ["whole"]);
        lines.add(&part(0, &"x\n".repeat(KEPT + 7)), 0);
        assert_eq!(lines.all().len(), KEPT);
    }
}
