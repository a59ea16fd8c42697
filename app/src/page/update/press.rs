//! The button that updates: active once every check of what stands in the form has passed.

use domain::form::ClusterForm;
use domain::view::Preflight;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api::{self, ApiError};
use crate::part::Icon;

/// The form that was checked, with what was found.
pub(super) type Checked = Option<(ClusterForm, Result<Preflight, ApiError>)>;

/// Why it cannot be pressed yet; none if it can. `going`: the first checks have been asked for.
pub(super) fn why_not(checked: &Checked, going: bool, form: &ClusterForm) -> Option<&'static str> {
    match checked {
        None if going => Some("The checks have not ended yet."),
        None => Some("The checks have not run yet; press Check first."),
        Some((then, _)) if then != form => Some("The form has changed; it is checked again in a moment."),
        Some((_, Ok(report))) if report.succeeded() => None,
        Some(_) => Some("Every check must have passed first."),
    }
}

/// The button.
#[component]
pub(super) fn Press(
    /// "Update", "Stateless update".
    word: &'static str,
    /// Why not, if not.
    #[prop(into)]
    refused: Signal<Option<&'static str>>,
    /// The request is on its way.
    asking: RwSignal<bool>,
) -> impl IntoView {
    let post = <api::Update as ServerFn>::url();
    let no = move || refused.with(Option::is_some);
    view! {
        <span class="has-tip">
            <button class="button primary" type=move || if no() { "button" } else { "submit" } formmethod="post"
                formaction=post name="back" value="update" aria-busy=move || asking.get().then_some("true")
                aria-disabled=move || no().then_some("true") aria-describedby=move || no().then_some("why-update")>
                <Icon name="update"/>{word}
            </button>
            <span class="tip" role="tooltip" id="why-update" hidden=move || !no()>
                {move || refused.get().unwrap_or_default()}
            </span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use domain::view::{Check, CheckResult};

    use super::*;

    fn report(result: CheckResult) -> Preflight {
        let check = Check {
            title: String::new(),
            detail: String::new(),
            result,
            field: None,
            exception: String::new(),
            took_ms: 0,
        };
        Preflight { checks: vec![check], took_ms: 0, configuration: Vec::new(), as_text: Default::default() }
    }

    #[test]
    fn only_passed_checks_of_the_very_form_let_it_through() {
        let form = ClusterForm { jar: "j".into(), ..ClusterForm::default() };
        let other = ClusterForm::default();
        let passed = Some((form.clone(), Ok(report(CheckResult::Passed))));
        let failed = Some((form.clone(), Ok(report(CheckResult::Failed))));
        assert_eq!(why_not(&passed, true, &form), None);
        assert!(why_not(&passed, true, &other).is_some());
        assert!(why_not(&failed, true, &form).is_some());
        assert!(why_not(&None, false, &form).is_some());
    }
}
