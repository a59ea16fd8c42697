//! The form's fields by their names: where each is kept, what it is called in HTML, what a button does to the rows.
//! Pure; the server's form posts and the browser use the same.

use domain::draft::Pair;
use domain::form::{ClusterForm, Tab};

use crate::paths::{tab_name, tab_named};

/// The choice to leave behind the state that no operator takes; it stands on an update's page, for an option.
pub(crate) const IGNORE_UNCLAIMED_STATE: &str = "ignore_unclaimed_state";

/// A list of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// Flink job configuration.
    Options,
    /// Tags.
    Tags,
}

impl Rows {
    /// The name of the list's field.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Rows::Options => "options",
            Rows::Tags => "tags",
        }
    }

    /// The rows of a form.
    pub(crate) fn of(self, form: &mut ClusterForm) -> &mut Vec<Pair> {
        match self {
            Rows::Options => &mut form.options,
            Rows::Tags => &mut form.tags,
        }
    }

    /// How many rows a form has.
    pub(crate) fn count(self, form: &ClusterForm) -> usize {
        match self {
            Rows::Options => form.options.len(),
            Rows::Tags => form.tags.len(),
        }
    }
}

/// What a submit button asks for: the value of `go`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Go {
    /// Another tab.
    To(Tab),
    /// One more row.
    Add(Rows),
    /// One row less.
    Remove(Rows, usize),
    /// The same tab again, with what the server finds.
    Stay,
    /// Create the cluster.
    Create,
}

impl Go {
    /// What a button of that value asks for; anything unknown stays where it is.
    pub(crate) fn named(value: &str) -> Go {
        if let Some(tab) = tab_named(value) {
            return Go::To(tab);
        }
        for rows in [Rows::Options, Rows::Tags] {
            match value.split_once(rows.name()) {
                Some(("add-", "")) => return Go::Add(rows),
                Some(("remove-", row)) => {
                    if let Some(row) = row.strip_prefix('-').and_then(|row| row.parse().ok()) {
                        return Go::Remove(rows, row);
                    }
                }
                _ => {}
            }
        }
        if value == "create" { Go::Create } else { Go::Stay }
    }

    /// Changes the rows, if that is what was asked.
    pub(crate) fn apply(self, form: &mut ClusterForm) {
        match self {
            Go::Add(rows) => rows.of(form).push(Pair::default()),
            Go::Remove(rows, row) => {
                let rows = rows.of(form);
                if row < rows.len() {
                    rows.remove(row);
                }
            }
            Go::To(_) | Go::Stay | Go::Create => {}
        }
    }
}

/// The tabs whose errors are shown: those of a list `basics.configuration`.
pub(crate) fn tabs_named(list: &str) -> Vec<Tab> {
    list.split('.').filter_map(tab_named).collect()
}

/// The list with one tab more; going to Review shows the errors of all.
pub(crate) fn with_tab(list: &str, left: Tab, next: Tab) -> String {
    let shown = tabs_named(list);
    let tabs = Tab::ALL.into_iter().filter(|tab| *tab != Tab::Review);
    let tabs = tabs.filter(|tab| next == Tab::Review || *tab == left || shown.contains(tab));
    tabs.map(tab_name).collect::<Vec<_>>().join(".")
}

/// Takes over what one tab's form holds; everything else stays.
#[cfg(any(test, feature = "ssr"))]
pub(crate) fn take(form: &mut ClusterForm, tab: Tab, posted: ClusterForm) {
    match tab {
        Tab::Basics => {
            form.version = posted.version;
            form.name = posted.name;
            form.account = posted.account;
            form.container = posted.container;
            form.network = posted.network;
            form.subnet = posted.subnet;
        }
        Tab::Configuration => {
            let kept = std::mem::take(form);
            *form = ClusterForm {
                version: kept.version,
                name: kept.name,
                account: kept.account,
                container: kept.container,
                network: kept.network,
                subnet: kept.subnet,
                tags: kept.tags,
                ..posted
            };
        }
        Tab::Tags => form.tags = posted.tags,
        Tab::Review => {}
    }
}

/// The text of a field: `name`, `options[2].value`.
pub(crate) fn get(form: &ClusterForm, field: &str) -> String {
    // A clone of a small form is cheaper to read than a second list of all its fields.
    text_mut(&mut form.clone(), field).cloned().unwrap_or_default()
}

/// Writes the text of a field.
pub(crate) fn set(form: &mut ClusterForm, field: &str, text: String) {
    if let Some(old) = text_mut(form, field) {
        *old = text;
    }
}

/// A field's name in HTML forms: `form[options][2][value]`.
pub(crate) fn input_name(field: &str) -> String {
    let flat = field.replace("].", "][");
    match flat.split_once('[') {
        Some((list, rest)) => format!("form[{list}][{rest}]"),
        None => format!("form[{flat}]"),
    }
}

/// The field of a name in HTML forms: `form[options][0][key]` names `options[0].key`.
#[cfg(any(test, feature = "hydrate"))]
pub(crate) fn named(name: &str) -> Option<String> {
    let inner = name.strip_prefix("form[")?.strip_suffix(']')?;
    let mut parts = inner.split("][");
    match (parts.next()?, parts.next(), parts.next()) {
        (field, None, None) => Some(field.to_owned()),
        (list, Some(row), Some(side)) => Some(format!("{list}[{row}].{side}")),
        _ => None,
    }
}

/// A field's id in the page.
pub(crate) fn id(field: &str) -> String {
    field.replace("].", "-").replace(['[', '_', '.'], "-").replace(']', "")
}

fn text_mut<'a>(form: &'a mut ClusterForm, field: &str) -> Option<&'a mut String> {
    Some(match field {
        "version" => &mut form.version,
        "name" => &mut form.name,
        "account" => &mut form.account,
        "container" => &mut form.container,
        "network" => &mut form.network,
        "subnet" => &mut form.subnet,
        "node_size" => &mut form.node_size,
        "worker_nodes" => &mut form.worker_nodes,
        "jar" => &mut form.jar,
        "program" => &mut form.program,
        "sql" => &mut form.sql,
        "more_jars" => &mut form.more_jars,
        "entry_class" => &mut form.entry_class,
        "args" => &mut form.args,
        "savepoint_directory" => &mut form.savepoint_directory,
        "savepoint" => &mut form.savepoint,
        "upgrade_mode" => &mut form.upgrade_mode,
        "task_manager_cpu" => &mut form.task_manager_cpu,
        "task_manager_memory" => &mut form.task_manager_memory,
        "job_manager_cpu" => &mut form.job_manager_cpu,
        "job_manager_memory" => &mut form.job_manager_memory,
        _ => {
            let (list, rest) = field.split_once('[')?;
            let (row, side) = rest.split_once("].")?;
            let rows = if list == "tags" { &mut form.tags } else { &mut form.options };
            let pair = rows.get_mut(row.parse::<usize>().ok()?)?;
            if side == "key" { &mut pair.key } else { &mut pair.value }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_where_to_go() {
        assert_eq!(Go::named("configuration"), Go::To(Tab::Configuration));
        assert_eq!(Go::named("add-tags"), Go::Add(Rows::Tags));
        assert_eq!(Go::named("remove-options-12"), Go::Remove(Rows::Options, 12));
        for unknown in ["", "remove-options-", "remove-options--1", "add-optionsx", "check-jar"] {
            assert_eq!(Go::named(unknown), Go::Stay);
        }
    }

    #[test]
    fn rows_come_and_go_and_a_row_that_is_not_there_changes_nothing() {
        let mut form = ClusterForm::default();
        Go::named("add-options").apply(&mut form);
        set(&mut form, "options[0].key", "a".into());
        assert_eq!(get(&form, "options[0].key"), "a");
        Go::named("remove-options-7").apply(&mut form);
        assert_eq!(form.options.len(), 1);
        Go::named("remove-options-0").apply(&mut form);
        assert!(form.options.is_empty());
    }

    #[test]
    fn a_tab_takes_only_its_own_fields() {
        let mut form = ClusterForm { name: "a".into(), jar: "j".into(), ..ClusterForm::default() };
        take(&mut form, Tab::Configuration, ClusterForm { jar: "k".into(), ..ClusterForm::default() });
        assert_eq!((form.name.as_str(), form.jar.as_str()), ("a", "k"));
        take(&mut form, Tab::Basics, ClusterForm { name: "b".into(), ..ClusterForm::default() });
        assert_eq!((form.name.as_str(), form.jar.as_str()), ("b", "k"));
    }

    #[test]
    fn names_and_ids_are_those_of_html() {
        assert_eq!(input_name("options[2].value"), "form[options][2][value]");
        assert_eq!(input_name("node_size"), "form[node_size]");
        for field in ["options[2].value", "node_size"] {
            assert_eq!(named(&input_name(field)).as_deref(), Some(field));
        }
        assert_eq!(named("go"), None);
        assert_eq!(id("options[2].value"), "options-2-value");
    }

    #[test]
    fn review_shows_the_errors_of_every_tab() {
        assert_eq!(with_tab("", Tab::Basics, Tab::Configuration), "basics");
        assert_eq!(with_tab("basics", Tab::Tags, Tab::Basics), "basics.tags");
        assert_eq!(with_tab("", Tab::Basics, Tab::Review), "basics.configuration.tags");
    }
}
