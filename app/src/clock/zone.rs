//! The zone in which times are written: UTC, or the reader's own. The cookie `zone` tells the server.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::{cookie, set_cookie};

/// A zone of choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Coordinated universal time.
    Utc,
    /// The reader's own, by its IANA name.
    Own(String),
}

impl Zone {
    /// What the cookie says; UTC as long as nothing is known of the reader.
    pub(crate) fn chosen() -> Self {
        match cookie("zone") {
            Some(name) if name != "UTC" => Self::Own(name),
            _ => Self::Utc,
        }
    }

    /// In the browser, once: without a choice, the reader's own zone becomes it.
    pub(crate) fn settle() -> Option<Self> {
        let own = Self::own()?;
        match cookie("zone") {
            Some(name) if name == "UTC" || own == Self::Own(name.clone()) => None,
            _ => {
                own.keep();
                Some(own)
            }
        }
    }

    /// The browser's own zone.
    pub(crate) fn own() -> Option<Self> {
        let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
        let name = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into()).ok()?.as_string()?;
        Some(Self::Own(name))
    }

    /// Keeps the choice in the cookie.
    pub(crate) fn keep(&self) {
        match self {
            Self::Utc => set_cookie("zone", "UTC"),
            Self::Own(name) => set_cookie("zone", name),
        }
    }

    /// How far it is from UTC at that time.
    pub(crate) fn offset(&self, at: Timestamp) -> Offset {
        match self {
            Self::Utc => Offset::UTC,
            Self::Own(name) => own_offset(name, at),
        }
    }

    /// `UTC`, `UTC+02`.
    pub(crate) fn label(&self, at: Timestamp) -> String {
        let offset = self.offset(at);
        if offset == Offset::UTC { "UTC".to_owned() } else { format!("UTC{offset}") }
    }
}

#[cfg(feature = "ssr")]
fn own_offset(name: &str, at: Timestamp) -> Offset {
    jiff::tz::TimeZone::get(name).map_or(Offset::UTC, |zone| zone.to_offset(at))
}

/// The browser knows its own zone's rules; no table of them is sent to it.
#[cfg(not(feature = "ssr"))]
fn own_offset(_name: &str, at: Timestamp) -> Offset {
    #[expect(clippy::cast_precision_loss, reason = "exact for some 285,000 years")]
    let date = js_sys::Date::new(&(at.as_millisecond() as f64).into());
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a day")]
    let seconds = (date.get_timezone_offset() * -60.0) as i32;
    Offset::from_seconds(seconds).unwrap_or(Offset::UTC)
}
