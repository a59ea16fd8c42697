//! Above the grid: filters as chips and menus of links, groups with their counts, the text.

use domain::state::{Group, State};
use domain::view::{JobPage, JobQuery};
use leptos::prelude::*;

use super::address::JobsAddress;
use crate::part::{Chip, Each, Icon, Status, TextFilter, Typing};
use crate::paths;

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
    asked: JobsAddress,
    /// What the filters offer.
    page: Signal<JobPage>,
    /// What is typed to filter by name.
    typing: Typing,
) -> impl IntoView {
    let states =
        Memo::new(|_| State::ALL.map(|state| (state.name().to_owned(), state.word().to_owned())).to_vec());
    let same = move |values: fn(&JobPage) -> &Vec<String>| {
        Memo::new(move |_| {
            page.with(|page| {
                values(page).iter().map(|value| (value.clone(), value.clone())).collect::<Vec<_>>()
            })
        })
    };
    let text = Signal::derive(move || asked.query.with(|query| query.text.clone()));
    let chosen = Memo::new(move |_| asked.query.with(|query| query.group.clone()));
    let groups = GROUPS.map(|(group, name, word, shape)| {
        let count = Memo::new(move |_| page.with(|page| page.counts.of(group)));
        let on = Signal::derive(move || chosen.with(|chosen| chosen == name));
        let href = Signal::derive(move || {
            let group = if on.get() { "" } else { name };
            asked.with(|query| group.clone_into(&mut query.group))
        });
        let inside = move || match count.get() {
            count if shape.is_empty() || count == 0 => view! { {word}" "<b>{count}</b> }.into_any(),
            count => view! { <Status shape=shape word=format!("{word} {count}")/> }.into_any(),
        };
        view! { <Chip href=href chosen=on>{inside}</Chip> }
    });
    let all = Signal::derive(move || asked.with(|query| query.group.clear()));
    let none = Signal::derive(move || chosen.with(String::is_empty));
    let count = move || page.with(|page| page.counts.all);
    let path = move || {
        let scope = asked.query.with(|query| query.scope.clone());
        paths::jobs(&JobQuery { scope, ..JobQuery::default() }, None)
    };
    view! {
        <form class="chips" aria-label="Filters" method="get" action=path
            on:submit=move |event| event.prevent_default()>
            <FilterMenu id="by-state" word="Status" asked=asked choices=states field=|query| &mut query.state/>
            <FilterMenu id="by-flink" word="Flink version" asked=asked choices=same(|page| &page.flink_versions)
                field=|query| &mut query.flink/>
            <FilterMenu id="by-owner" word="Owner" asked=asked choices=same(|page| &page.owners)
                field=|query| &mut query.owner/>
            <FilterMenu id="by-tag" word="Tag" asked=asked choices=same(|page| &page.tags)
                field=|query| &mut query.tag/>
            <TextFilter name="text" label="Filter by name" value=text typing=typing/>
            <div class="chips end" role="group" aria-label="Groups">
                <Chip href=all chosen=none>"All "<b>{count}</b></Chip>
                {groups}
            </div>
        </form>
    }
}

/// Value and word of each choice.
type Choices = Vec<(String, String)>;

/// A filter: a menu of links; once chosen, a chip that takes it off.
#[component]
fn FilterMenu(
    id: &'static str,
    word: &'static str,
    asked: JobsAddress,
    choices: Memo<Choices>,
    field: fn(&mut JobQuery) -> &mut String,
) -> impl IntoView {
    let chosen = Memo::new(move |_| field(&mut asked.query.get()).clone());
    let (free, none) = (move || chosen.with(String::is_empty), move || choices.with(Vec::is_empty));
    let face = Memo::new(move |_| (free(), none()));
    move || {
        match face.get() {
        (false, _) => {
            let shown = move || {
                let chosen = chosen.get();
                let word = |choices: &Choices| choices.iter().find(|one| one.0 == chosen).map(|one| one.1.clone());
                choices.with(word).unwrap_or_else(|| chosen.clone())
            };
            let off = Signal::derive(move || asked.with(|query| field(query).clear()));
            view! { <Chip href=off chosen=true removes=true>{shown}</Chip> }.into_any()
        }
        (true, true) => ().into_any(),
        (true, false) => view! {
            <button class="chip" type="button" popovertarget=id>{word}<Icon name="chevron-down"/></button>
            <div class="menu" id=id popover="auto">
                <Each of=choices key=|choice: &(String, String)| choice.0.clone() let:choice>
                    <a href=move || asked.with(|query| *field(query) = choice.get().0)>{move || choice.get().1}</a>
                </Each>
            </div>
        }
        .into_any(),
    }
    }
}
