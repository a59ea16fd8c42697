//! The button that updates: active unless a check of what stands in the form has failed.

use domain::form::ClusterForm;
use domain::view::Preflight;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::part::Icon;

/// The form that was checked, with what was found.
pub(super) type Checked = Option<(ClusterForm, Result<Preflight, ApiError>)>;

/// Why it cannot be pressed; none if it can. What was not checked the portal checks when it is pressed. `going`: a check
/// has been asked for.
pub(super) fn why_not(checked: &Checked, going: bool, form: &ClusterForm) -> Option<&'static str> {
    match checked {
        None if going => Some("The checks have not ended yet."),
        Some((then, Ok(report))) if then == form && !report.succeeded() => {
            Some("A check failed. Mend what it names, then check again.")
        }
        None | Some(_) => None,
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
    let no = move || refused.with(Option::is_some);
    view! {
        <span class="has-tip">
            <button class="button primary" type=move || if no() { "button" } else { "submit" }
                name="go" value="update" aria-busy=move || asking.get().then_some("true")
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
            operators: Vec::new(),
        };
        Preflight { checks: vec![check], took_ms: 0, configuration: Vec::new(), as_text: Default::default() }
    }

    #[test]
    fn only_a_failed_check_of_the_very_form_is_in_the_way() {
        let form = ClusterForm { jar: "j".into(), ..ClusterForm::default() };
        let other = ClusterForm::default();
        let checked = |result| Some((form.clone(), Ok(report(result))));
        let failed = checked(CheckResult::Failed);
        assert!(why_not(&failed, true, &form).is_some());
        assert_eq!(why_not(&failed, true, &other), None);
        for result in [CheckResult::Passed, CheckResult::Warned] {
            assert_eq!(why_not(&checked(result), true, &form), None);
        }
        assert!(why_not(&None, true, &form).is_some());
        assert_eq!(why_not(&None, false, &form), None);
    }
}
