//! The tab Review + create: every check, run for real, and the button that creates.

use domain::form::Tab;
use domain::id::DraftId;
use domain::view::{Check, CheckResult, OperatorState, Preflight, StateFit};
use leptos::prelude::*;

use super::FormState;
use super::summary::Summary;
use crate::api;
use crate::fields::{self, IGNORE_UNCLAIMED_STATE};
use crate::part::{Exception, Icon, Trouble};
use crate::paths::tab_name;
use crate::{paths, words};

/// The tab.
#[component]
pub(crate) fn Review(
    /// The form.
    filling: FormState,
    /// The draft.
    id: DraftId,
    /// The request to create is on its way.
    creating: RwSignal<bool>,
) -> impl IntoView {
    let pool = filling.context.with_value(|context| context.pool.path.clone());
    let form = filling.form.get_untracked();
    let (asked_pool, asked_form) = (pool.clone(), form.clone());
    let report = Resource::new(
        || (),
        move |()| api::preflight(asked_pool.clone(), asked_form.clone(), Some(id), None, false),
    );
    let pool = StoredValue::new(pool);
    let ways = Callback::new(move |field: String| {
        let at = pool.with_value(|pool| paths::draft(pool, id, Tab::of(&field), "basics.configuration.tags"));
        format!("{at}#{}", fields::id(&field))
    });
    let left = move || {
        Suspend::new(async move {
            match report.await {
                Ok(report) => {
                    let why = (!report.succeeded()).then_some("A check failed. Mend what it names first.");
                    view! { <Checks report=report field=ways/><Foot why=why creating=creating/> }.into_any()
                }
                // The portal checks by itself what it is asked to create.
                Err(error) => view! { <Trouble error=error/><Foot why=None creating=creating/> }.into_any(),
            }
        })
    };
    let right = move || {
        let form = form.shown();
        Suspend::new(async move {
            let report = report.await.ok();
            view! { <Summary filling=filling id=id form=form report=report/> }
        })
    };
    view! {
        <div class="columns review">
            <div class="stack">
                <Suspense fallback=move || view! { <Validating/><Foot why=Some("The checks have not ended yet.") creating=creating/> }>{left}</Suspense>
            </div>
            <div class="stack">
                <Suspense fallback=|| view! { <span class="skeleton block"></span> }>{right}</Suspense>
            </div>
        </div>
    }
}

/// While the checks run.
#[component]
pub(crate) fn Validating() -> impl IntoView {
    view! {
        <div class="notice move" role="status">
            <Icon name="info"/>
            <div><b>"Validating"</b><p>"The jar is opened and its main is run as far as its job graph; usually 2 to 4 s."</p></div>
        </div>
    }
}

/// What the preflight found, check by check.
#[component]
pub(crate) fn Checks(
    /// What it found.
    report: Preflight,
    /// Where a field is.
    field: Callback<String, String>,
) -> impl IntoView {
    let failed = report.checks.iter().filter(|check| check.result == CheckResult::Failed).count();
    let sum = format!(
        "{}, {}",
        words::count(report.checks.len(), "check", "checks"),
        words::millis(report.took_ms)
    );
    let warnings = report.warnings();
    let notice = if failed == 0 {
        let known = (warnings > 0).then(|| {
            let many = words::count(warnings, "warning", "warnings");
            view! { <p>{many}" below: nothing that is certain to fail, but read it first."</p> }
        });
        view! {
            <div class="notice good" role="status">
                <Icon name="check"/><div><b>"Validation succeeded"</b>{known}</div><span class="end">{sum}</span>
            </div>
        }
        .into_any()
    } else {
        let title =
            if failed == 1 { "One check failed".to_owned() } else { format!("{failed} checks failed") };
        view! {
            <div class="notice bad" role="alert">
                <Icon name="warn"/>
                <div><b>{title}</b><p>"Nothing was done. Mend what it names, then come back here."</p></div>
                <span class="end">{sum}</span>
            </div>
        }
        .into_any()
    };
    let checks =
        report.checks.into_iter().map(|check| view! { <Line check=check field=field/> }).collect_view();
    view! { {notice}<ul class="checks">{checks}</ul> }
}

#[component]
fn Line(check: Check, field: Callback<String, String>) -> impl IntoView {
    let kind = match check.result {
        CheckResult::Passed => "passed",
        CheckResult::Warned => "warned",
        CheckResult::Failed => "failed",
    };
    let way = check.field.map(|name| {
        let words = label(&name);
        view! { " "<a href=field.run(name)>{words}</a> }
    });
    // There in any case: what is remembered takes no time, and both faces must show the same elements.
    let took = view! { <time>{words::millis(check.took_ms)}</time> };
    view! {
        <li data-check=kind>
            <p><b>{check.title}</b>" "{check.detail}{way}</p>
            {took}
            <Operators operators=check.operators/>
            <Exception text=check.exception/>
        </li>
    }
}

/// Every operator with state, and what becomes of it.
#[component]
fn Operators(operators: Vec<OperatorState>) -> impl IntoView {
    if operators.is_empty() {
        return ().into_any();
    }
    let many = words::count(operators.len(), "operator with state", "operators with state");
    let open = operators.iter().any(|operator| !matches!(operator.fit, StateFit::TakenUp | StateFit::New));
    let rows = operators.into_iter().map(|OperatorState { id, name, fit }| {
        view! {
            <tr role="row">
                <td role="cell" data-phone="name">{name.unwrap_or_else(|| "Name not known".to_owned())}</td>
                <td role="cell" data-phone="state">{fit.word()}</td>
                <td role="cell" class="code">{id}</td>
            </tr>
        }
    });
    view! {
        <details open=open>
            <summary class="quiet">{many}</summary>
            <div class="grid-frame">
                <table class="grid plain compact" role="table" aria-label="Operators">
                    <thead>
                        <tr role="row">
                            <th role="columnheader" scope="col">"Operator"</th>
                            <th role="columnheader" scope="col">"Its state"</th>
                            <th role="columnheader" scope="col">"Id"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

/// "Go to the jar path".
fn label(field: &str) -> String {
    if field == IGNORE_UNCLAIMED_STATE {
        return "Go to the choice".to_owned();
    }
    let name = field.split(['[', '.']).next().unwrap_or(field).replace('_', " ");
    format!("Go to the {}", if name == "options" { "option" } else { &name })
}

#[component]
fn Foot(
    /// Why nothing can be created yet, if it cannot.
    why: Option<&'static str>,
    /// The request is on its way.
    creating: RwSignal<bool>,
) -> impl IntoView {
    let good = why.is_none();
    view! {
        <footer class="form-foot">
            <button class="button" name="go" value=tab_name(Tab::Tags)>"Previous: Tags"</button>
            <span class="has-tip">
                <button class="button primary" type=if good { "submit" } else { "button" } name="go" value="create"
                    aria-busy=move || creating.get().then_some("true") aria-disabled=(!good).then_some("true")
                    aria-describedby=(!good).then_some("why-create")>
                    {move || if creating.get() { "Creating" } else { "Create" }}
                </button>
                <span class="tip" role="tooltip" id="why-create" hidden=good>{why}</span>
            </span>
        </footer>
    }
}
