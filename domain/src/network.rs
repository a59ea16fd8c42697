//! Ranges of loopback addresses: what a virtual network has, and which part of it a subnet takes.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Addresses that begin alike: `127.4.0.0/16`. Written in one spelling: nothing stands behind the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Range {
    first: u32,
    prefix: u8,
}

/// The shortest and the longest prefix: of 127.0.0.0/8 half at most, and a run's neighbours are not looked for one by one.
const PREFIXES: std::ops::RangeInclusive<u8> = 9..=24;

/// Of each subnet the network's own address, the portal's and the last one are no run's.
const NOT_FOR_RUNS: u32 = 3;

impl Range {
    /// Whether every address of the other one is in it.
    pub fn contains(self, other: Range) -> bool {
        self.prefix <= other.prefix && other.first & mask(self.prefix) == self.first
    }

    /// Whether an address is in both.
    pub fn overlaps(self, other: Range) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// How many runs can have an address of their own in it.
    pub fn runs(self) -> u32 {
        (u32::MAX >> self.prefix).saturating_add(1).saturating_sub(NOT_FOR_RUNS)
    }

    /// A range of this machine's loopback addresses, as a person types it.
    ///
    /// # Errors
    /// The sentence that says what is wrong with it and how it is written.
    pub fn local(text: &str) -> Result<Self, String> {
        let range: Range = text.trim().parse()?;
        if range.first >> 24 != 127 {
            return Err(format!(
                "{range} is not of this machine alone. Name one of 127.0.0.0/8, such as 127.8.0.0/24."
            ));
        }
        if !PREFIXES.contains(&range.prefix) {
            return Err(format!(
                "{range} is too small or too large. Name one from /9 to /24, such as 127.8.0.0/24."
            ));
        }
        let own = Range { first: u32::from(Ipv4Addr::LOCALHOST), prefix: 32 };
        if range.contains(own) {
            return Err(format!(
                "{range} holds 127.0.0.1, where this machine's own programs listen. Name another one, such as 127.8.0.0/24."
            ));
        }
        Ok(range)
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(u32::from(32 - prefix.min(32))).unwrap_or(0)
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.first), self.prefix)
    }
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is no range of addresses. Write it as 127.8.0.0/24.");
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let address: Ipv4Addr = address.parse().map_err(|_| wrong())?;
        let prefix = prefix.parse().ok().filter(|prefix| *prefix <= 32).ok_or_else(wrong)?;
        let range = Range { first: u32::from(address) & mask(prefix), prefix };
        if Ipv4Addr::from(range.first) != address {
            return Err(format!(
                "{text} begins in the middle of a range. The range that holds it is {range}."
            ));
        }
        Ok(range)
    }
}

impl TryFrom<String> for Range {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Range> for String {
    fn from(range: Range) -> String {
        range.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range() -> impl Strategy<Value = Range> {
        // Few addresses and all prefixes, so that ranges often meet.
        (0..6_u32, 0..4_u32, 8..=32_u8)
            .prop_map(|(b, c, prefix)| Range { first: (127 << 24 | b << 16 | c << 8) & mask(prefix), prefix })
    }

    /// Its first and its last address.
    fn ends(range: Range) -> (u32, u32) {
        (range.first, range.first | !mask(range.prefix))
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(range in range()) {
            prop_assert_eq!(range.to_string().parse::<Range>(), Ok(range));
            let json = serde_json::to_string(&range).expect("text");
            prop_assert_eq!(serde_json::from_str::<Range>(&json).expect("text"), range);
        }

        #[test]
        fn two_overlap_exactly_where_they_share_an_address(a in range(), b in range()) {
            let ((from, to), (other_from, other_to)) = (ends(a), ends(b));
            prop_assert_eq!(a.overlaps(b), from <= other_to && other_from <= to);
            prop_assert_eq!(a.overlaps(b), b.overlaps(a));
            prop_assert_eq!(a.contains(b), from <= other_from && other_to <= to);
        }

        #[test]
        fn nothing_that_is_typed_makes_it_stumble(text in "[0-9./ -]{0,20}") {
            if let Ok(range) = Range::local(&text) {
                prop_assert!(PREFIXES.contains(&range.prefix) && range.runs() >= 253);
            }
        }
    }

    #[test]
    fn only_ranges_of_this_machine_are_taken() {
        for (text, runs) in [("127.8.0.0/24", 253), (" 127.8.4.0/22 ", 1_021), ("127.64.0.0/10", 4_194_301)] {
            assert_eq!(Range::local(text).map(Range::runs), Ok(runs), "{text}");
        }
        for (text, says) in [
            ("", "no range"),
            ("127.8.0.0", "no range"),
            ("127.8.0.0/33", "no range"),
            ("127.8.0.7/24", "The range that holds it is 127.8.0.0/24"),
            ("10.0.0.0/16", "not of this machine alone"),
            ("127.8.0.0/25", "too small"),
            ("127.0.0.0/8", "too small or too large"),
            ("127.0.0.0/16", "127.0.0.1"),
        ] {
            let refused = Range::local(text).expect_err(text);
            assert!(refused.contains(says), "{refused}");
        }
    }
}
