//! Access tokens: what one is asked for with, how long it holds, and how it is listed. Its secret is shown once, by whoever
//! makes it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::TokenId;
use crate::policy::Role;
use crate::scope::Scope;

/// What every token's secret begins with, so that people and programs that look for leaked secrets recognise one.
pub const PREFIX: &str = "penstock_";

/// Longer names help nobody.
const LONGEST_NAME: usize = 64;
/// Longer than any token should hold that ends at all.
const LONGEST_DAYS: i64 = 3650;

/// How long a token holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// So long.
    For(SignedDuration),
    /// Until it is revoked.
    Unlimited,
}

impl Default for Lifetime {
    /// 90 days.
    fn default() -> Self {
        Self::For(SignedDuration::from_hours(24 * 90))
    }
}

impl Lifetime {
    /// What people write: `30d`, `12h`, `45m`, `never`; nothing for the default.
    ///
    /// # Errors
    /// The rule in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.eq_ignore_ascii_case("never") {
            return Ok(Self::Unlimited);
        }
        let refused = || {
            format!(
                "“{text}” is no length of time. Write for example 30d, 12h or 45m, at most {LONGEST_DAYS}d, or never for a \
                 token that holds until it is revoked."
            )
        };
        let unit = text.chars().last().ok_or_else(refused)?;
        let number = &text[..text.len() - unit.len_utf8()];
        let plain = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        let number: i64 = number.parse().ok().filter(|_| plain).ok_or_else(refused)?;
        let minutes = match unit {
            'd' => number.checked_mul(24 * 60),
            'h' => number.checked_mul(60),
            'm' => Some(number),
            _ => None,
        };
        let minutes = minutes.filter(|minutes| (1..=LONGEST_DAYS * 24 * 60).contains(minutes));
        Ok(Self::For(SignedDuration::from_mins(minutes.ok_or_else(refused)?)))
    }

    /// When a token ends that is made now; none for never.
    pub fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::For(span) => Some(now.checked_add(span).unwrap_or(Timestamp::MAX)),
            Self::Unlimited => None,
        }
    }
}

/// A token that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is called, in lists and histories.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// For how long.
    pub lifetime: Lifetime,
}

/// The name without blanks around it, if it is one.
///
/// # Errors
/// The rule in a sentence.
pub fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    match fits {
        true => Ok(name.to_owned()),
        false => Err(format!("A token's name has 1 to {LONGEST_NAME} characters, all of them visible.")),
    }
}

/// A token as a list shows it. Its secret is not to be had from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Which.
    pub id: TokenId,
    /// What it is called.
    pub name: String,
    /// Role and scope; none when what it was for is gone, and with it all that it could do.
    pub role: Option<(Role, Scope)>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made: Timestamp,
    /// When it ends; none for never.
    pub expires: Option<Timestamp>,
    /// When it was used last.
    pub used: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lifetime_is_written_with_its_unit() {
        let days = |days: i64| Ok(Lifetime::For(SignedDuration::from_hours(24 * days)));
        assert_eq!(Lifetime::parse("30d"), days(30));
        assert_eq!(Lifetime::parse(" 48h "), days(2));
        assert_eq!(Lifetime::parse("1440m"), days(1));
        assert_eq!(Lifetime::parse(""), days(90));
        assert_eq!(Lifetime::parse("Never"), Ok(Lifetime::Unlimited));
        let longest = i64::MAX.to_string() + "d";
        for wrong in ["d", "0d", "-1d", "+1d", "30", "30 d", "1.5d", "30s", "30ä", "3651d", &longest, "soon"]
        {
            assert!(Lifetime::parse(wrong).is_err_and(|rule| rule.contains("30d")), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_visible_and_short() {
        assert_eq!(name(" ci-orders "), Ok("ci-orders".to_owned()));
        for wrong in ["", "  ", "a\nb", &"x".repeat(65)] {
            assert!(name(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_makes_it_stumble(text in any::<String>()) {
            let _ = (Lifetime::parse(&text), name(&text));
        }
    }
}
