//! A session as its person sees it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One session of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// What it is called; its secret is not to be had from it.
    pub name: String,
    /// The browser that began it, as it called itself; empty if it did not, or if it was not recorded.
    pub agent: String,
    /// The network address from which it was begun; empty if it was not recorded.
    pub address: String,
    /// When it was begun.
    pub begun: Timestamp,
    /// When it was last used.
    pub used: Timestamp,
    /// Whether it is the one by which this was asked.
    pub here: bool,
}

impl SessionView {
    /// `Firefox on Linux`: what a person calls the browser.
    pub fn browser(&self) -> String {
        let named = |names: &[(&str, &'static str)]| {
            names.iter().find(|(mark, _)| self.agent.contains(mark)).map(|(_, name)| *name)
        };
        // Browsers call themselves by the names of those that were there before them, so the order tells.
        let browser = named(&[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
            ("curl/", "curl"),
        ]);
        let system = named(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => "A program".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        let browser = |agent: &str| {
            let at = Timestamp::UNIX_EPOCH;
            let (name, address, agent) = (String::new(), String::new(), agent.to_owned());
            SessionView { name, agent, address, begun: at, used: at, here: false }.browser()
        };
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(browser(chrome), "Chrome on Linux");
        assert_eq!(
            browser(&format!("{chrome} Edg/140.0").replace("X11; Linux", "Windows NT 10.0")),
            "Edge on Windows"
        );
        assert_eq!(
            browser("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:140.0) Gecko Firefox/140.0"),
            "Firefox on macOS"
        );
        assert_eq!(browser("curl/8.5.0"), "curl");
        assert_eq!(browser(""), "A program");
    }
}
