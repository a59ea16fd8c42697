//! The ways on from an operation that failed: what it kept, and what can be asked next.

use domain::action::Action;
use domain::snapshot::called;
use domain::view::OperationView;
use leptos::prelude::*;

use crate::paths;

/// Links, to stand among others.
#[component]
pub(crate) fn WaysOn(
    /// The operation.
    operation: OperationView,
    /// Where a question that is declined leads back to.
    #[prop(into)]
    back: String,
    /// Only what it kept: from what was asked long ago nobody goes on.
    #[prop(optional)]
    past: bool,
) -> impl IntoView {
    let cluster = operation.cluster;
    let kept = operation.savepoint.as_deref().map(|path| {
        let name = called(path);
        view! { <a href=paths::cluster(cluster, "savepoints") title=path.to_owned()>{format!("It took {name}")}</a> }
    });
    let updates = operation.action.updates() && !past;
    let again = operation.revision().filter(|_| updates).map(|revision| {
        // To go back has no form of its own: the revision is there already.
        let action = if operation.action == Action::Rollback { Action::Update } else { operation.action };
        view! { <a href=paths::update_like(cluster, action, revision)>"Update again"</a> }
    });
    let roll_back = updates.then(|| {
        view! { <a href=paths::ask(Action::Rollback, &[cluster], &back)>"Roll back"</a> }
    });
    view! { {again}{roll_back}{kept} }
}
