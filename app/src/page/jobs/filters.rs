//! Above the grid: filters as chips and menus of links, groups with their counts, the text.

use domain::state::{Group, State};
use domain::view::{JobPage, JobQuery};
use leptos::prelude::*;

use super::asked::Asked;
use crate::part::{Chip, Icon, Status, TextFilter, Typing};
use crate::place;

const GROUPS: [(Group, &str, &str, &str); 4] = [
    (Group::Failing, "failing", "Failing", "failed"),
    (Group::Moving, "moving", "Moving", ""),
    (Group::Running, "running", "Running", ""),
    (Group::Stopped, "stopped", "Stopped", ""),
];

/// Filters and groups.
#[component]
pub(super) fn Filters(
    /// The address.
    asked: Asked,
    /// What the filters offer.
    page: JobPage,
    /// What is typed to filter by name.
    typing: Typing,
) -> impl IntoView {
    let states = State::ALL.map(|state| (state.name().to_owned(), state.word().to_owned())).to_vec();
    let same =
        |values: Vec<String>| values.into_iter().map(|value| (value.clone(), value)).collect::<Vec<_>>();
    let (text, chosen, scope) =
        asked.query.with_untracked(|query| (query.text.clone(), query.group.clone(), query.scope.clone()));
    let groups = GROUPS.map(|(group, name, word, shape)| {
        let count = page.counts.of(group);
        let on = chosen == name;
        let href = asked.with(|query| query.group = if on { String::new() } else { name.to_owned() });
        let inside = if shape.is_empty() || count == 0 {
            view! { {word}" "<b>{count}</b> }.into_any()
        } else {
            view! { <Status shape=shape word=format!("{word} {count}")/> }.into_any()
        };
        view! { <Chip href=href chosen=on>{inside}</Chip> }
    });
    let all = asked.with(|query| query.group.clear());
    let path = place::jobs(&JobQuery { scope, ..JobQuery::default() }, None);
    view! {
        <form class="chips" aria-label="Filters" method="get" action=path
            on:submit=move |event| event.prevent_default()>
            <FilterMenu id="by-state" word="Status" asked=asked choices=states field=|query| &mut query.state/>
            <FilterMenu id="by-flink" word="Flink version" asked=asked choices=same(page.flink_versions)
                field=|query| &mut query.flink/>
            <FilterMenu id="by-owner" word="Owner" asked=asked choices=same(page.owners)
                field=|query| &mut query.owner/>
            <FilterMenu id="by-tag" word="Tag" asked=asked choices=same(page.tags) field=|query| &mut query.tag/>
            <TextFilter name="text" label="Filter by name" value=text typing=typing/>
            <div class="chips end" role="group" aria-label="Groups">
                <Chip href=all chosen=chosen.is_empty()>"All "<b>{page.counts.all}</b></Chip>
                {groups}
            </div>
        </form>
    }
}

/// A filter: a menu of links; once chosen, a chip that takes it off.
#[component]
fn FilterMenu(
    id: &'static str,
    word: &'static str,
    asked: Asked,
    choices: Vec<(String, String)>,
    field: fn(&mut JobQuery) -> &mut String,
) -> impl IntoView {
    let chosen = field(&mut asked.query.get_untracked()).clone();
    if !chosen.is_empty() {
        let shown = choices
            .iter()
            .find(|(value, _)| *value == chosen)
            .map_or(chosen.clone(), |(_, word)| word.clone());
        let off = asked.with(|query| field(query).clear());
        return view! { <Chip href=off chosen=true removes=true>{shown}</Chip> }.into_any();
    }
    if choices.is_empty() {
        return ().into_any();
    }
    let links = choices.into_iter().map(|(value, shown)| {
        let href = asked.with(|query| *field(query) = value);
        view! { <a href=href>{shown}</a> }
    });
    let links = links.collect_view();
    view! {
        <button class="chip" type="button" popovertarget=id>{word}<Icon name="chevron-down"/></button>
        <div class="menu" id=id popover="auto">{links}</div>
    }
    .into_any()
}
