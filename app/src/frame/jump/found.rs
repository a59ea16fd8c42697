//! What the palette finds for a text.

use domain::action::Action;
use domain::view::JobRow;

use crate::paths;

/// One line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) icon: &'static str,
    pub(super) word: String,
    pub(super) note: String,
    pub(super) href: String,
}

impl Found {
    /// A cluster's overview.
    pub(super) fn cluster(row: &JobRow) -> Self {
        let note = format!("{} · {}", row.pool_path.name(), row.state.word());
        Self { icon: "jobs", word: row.name.clone(), note, href: paths::cluster(row.cluster, "") }
    }
}

/// The action that a text begins with, and the rest: `stop pay` is Stop of what holds `pay`.
pub(super) fn wanted(text: &str) -> (Option<Action>, String) {
    let text = text.trim().to_lowercase();
    let hit = Action::OFFERED.into_iter().find_map(|action| {
        let rest = text.strip_prefix(&action.word().to_lowercase())?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| (Some(action), rest.trim().to_owned()))
    });
    hit.unwrap_or((None, text))
}

/// The action for each cluster that allows it.
pub(super) fn actions(action: Option<Action>, rows: &[JobRow]) -> Vec<Found> {
    let Some(action) = action else { return Vec::new() };
    let allowed =
        |row: &&JobRow| row.actions.iter().any(|offer| offer.action == action && offer.refused.is_none());
    let found = rows.iter().filter(allowed).map(|row| Found {
        icon: crate::part::icon_of(action),
        word: format!("{} {}", action.word(), row.name),
        note: row.pool_path.name().to_owned(),
        href: paths::of_action(action, row.cluster),
    });
    found.collect()
}

/// Pages of the portal whose name holds the text.
pub(super) fn pages(text: &str) -> Vec<Found> {
    let pages = [
        ("home", "Home", "/"),
        ("pools", "Cluster pools", "/pools"),
        ("jobs", "Flink Jobs", "/jobs"),
        ("storage", "Storage", "/storage"),
        ("activity", "Activity", "/activity"),
        ("settings", "Settings", "/settings"),
    ];
    let text = text.trim().to_lowercase();
    let found = pages.into_iter().filter(|(_, word, _)| word.to_lowercase().contains(&text)).map(
        |(icon, word, href)| Found {
            icon,
            word: word.to_owned(),
            note: "Page".to_owned(),
            href: href.to_owned(),
        },
    );
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_begin_with_an_action() {
        assert_eq!(wanted("Stop pay"), (Some(Action::Stop), "pay".to_owned()));
        assert_eq!(wanted("stopper"), (None, "stopper".to_owned()));
        assert_eq!(wanted("stateless update x"), (Some(Action::StatelessUpdate), "x".to_owned()));
    }
}
