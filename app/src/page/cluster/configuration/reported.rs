//! What the running job says of its own settings, beside what its run was given.

use domain::option::millis;
use domain::view::{ReportedSetting, ReportedView, Setting};
use leptos::prelude::*;

use crate::words;

/// The card; nothing while no job answers.
#[component]
pub(super) fn ReportedCard(
    /// What it says.
    reported: Signal<Option<ReportedView>>,
) -> impl IntoView {
    move || {
        let ReportedView { run, settings } = reported.get()?;
        let others = settings.iter().filter(|setting| setting.differs).count();
        let note = match others {
            0 => "nothing was set otherwise by its own code".to_owned(),
            _ => format!(
                "{} otherwise by its own code",
                words::count(others, "setting is set", "settings are set")
            ),
        };
        let rows = settings.into_iter().map(row).collect_view();
        Some(view! {
            <section class="card">
                <header><h2>{format!("What the job of run {run} says")}</h2><small>{note}</small></header>
                <div class="grid-frame">
                    <table class="grid plain compact reported" role="table" aria-label="What the running job says">
                        <thead role="rowgroup">
                            <tr role="row">
                                <th role="columnheader" scope="col">"Setting"</th>
                                <th role="columnheader" scope="col">"The job says"</th>
                                <th role="columnheader" scope="col">"Its run was given"</th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">{rows}</tbody>
                    </table>
                </div>
            </section>
        })
    }
}

fn row(told: ReportedSetting) -> impl IntoView {
    let ReportedSetting { setting, says, given, differs } = told;
    let says = match (says, setting) {
        (Some(says), Setting::Interval | Setting::Timeout) => millis(&says).map_or(says, words::millis),
        (Some(says), _) => says,
        (None, Setting::Interval) => "none: it takes no checkpoints".to_owned(),
        (None, _) => "none".to_owned(),
    };
    let mark = if differs { "◆ " } else { "" };
    view! {
        <tr role="row">
            <td role="cell" data-phone="name">{word(setting)}</td>
            <td role="cell" class="code" data-phone="state" data-tone=differs.then_some("warn")>{mark}{says}</td>
            <td role="cell" class="code" data-phone="note">{given.unwrap_or_else(|| "Flink’s default".to_owned())}</td>
        </tr>
    }
}

fn word(setting: Setting) -> &'static str {
    match setting {
        Setting::Interval => "Time between checkpoints",
        Setting::Folder => "Where they lie",
        Setting::Mode => "Mode",
        Setting::Timeout => "A checkpoint may take",
        Setting::Backend => "State backend",
        Setting::Parallelism => "Parallelism",
    }
}
