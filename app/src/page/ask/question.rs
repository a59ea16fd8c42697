//! The question itself: what the action does, what it destroys, and what it needs to know.

mod kept;
mod sentence;
mod start;

use domain::action::Action;
use domain::state::State;
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use super::Question;
use super::results::{Results, announce};
use crate::api::{self, ActionResult, ApiError};
use crate::live::Live;
use crate::part::{Check, Declined, Field, Say};
use crate::paths;
use kept::Kept;
use sentence::sentence;
use start::StartChoices;
pub(crate) use start::States;

pub(crate) use sentence::title;

/// The question's form in the dialog.
pub(crate) fn question_form(question: Question, open: RwSignal<bool>) -> AnyView {
    view! { <QuestionForm question=question in_dialog=open/> }.into_any()
}

/// The form. It posts without script too.
#[component]
pub(super) fn QuestionForm(
    /// What is asked.
    question: Question,
    /// Closed when it is done, in a dialog.
    #[prop(optional)]
    in_dialog: Option<RwSignal<bool>>,
    /// Where a page without script goes on.
    #[prop(optional, into)]
    back: String,
) -> impl IntoView {
    let Question { action, jobs, from, revision } = question.clone();
    let (live, say) = (Live::here(), Say::here());
    let (busy, results) = (RwSignal::new(false), RwSignal::new(None::<Vec<ActionResult>>));
    let refused = RwSignal::new(None::<ApiError>);
    let from = RwSignal::new(from);
    let confirm = RwSignal::new(String::new());
    let (savepoints_too, unseen, native) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let revision = RwSignal::new(revision);
    let key = StoredValue::new(fresh_key());
    let rows = StoredValue::new(jobs.clone());
    let names = jobs.iter().map(|job| job.name.clone()).collect::<Vec<_>>().join(", ");
    let ids: Vec<_> = jobs.iter().map(|job| job.cluster).collect();
    let typed_names = names.clone();
    let typed_field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let (Some(field), Some(open)) = (typed_field.get(), in_dialog) {
            focus_once_shown(field, open);
        }
    });
    let ready = move || action != Action::Delete || confirm.with(|typed| typed.trim() == typed_names);
    let submit_ids = ids.clone();
    let single = jobs.first().filter(|_| jobs.len() == 1).map(|job| job.cluster);
    // A cluster's own pages end with it.
    let path = use_location().pathname;
    let own = move |id| path.with_untracked(|path| path.starts_with(&paths::cluster(id, "")));
    let ends_page = action == Action::Delete && single.is_some_and(own);
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        let Some(open) = in_dialog else { return };
        event.prevent_default();
        busy.set(true);
        refused.set(None);
        let (ids, from, confirm) = (submit_ids.clone(), from.get_untracked(), confirm.get_untracked());
        let ticked = api::Ticked {
            savepoints: savepoints_too.get_untracked(),
            unseen: unseen.get_untracked(),
            native: native.get_untracked(),
        };
        let (revision, key, navigate) = (revision.get_untracked(), key.get_value(), navigate.clone());
        // The dialog may be closed before the answer is there.
        let jobs = rows.get_value();
        spawn_local(async move {
            let revision = revision.map(|number| number.to_string()).unwrap_or_default();
            let start = api::Start { from, revision, ..Default::default() };
            let outcome = api::act(action, ids, start, ticked, confirm, key, String::new()).await;
            live.nudge();
            busy.try_set(false);
            match outcome {
                Ok(asked) if asked.len() == 1 => {
                    announce(say, action, &jobs, &asked);
                    open.try_set(false);
                    if ends_page {
                        navigate("/jobs", NavigateOptions::default());
                    }
                }
                Ok(asked) => {
                    results.try_set(Some(asked));
                }
                Err(error) => {
                    refused.try_set(Some(error));
                }
            }
        });
    };
    let close = move |event: leptos::ev::MouseEvent| {
        if let Some(open) = in_dialog {
            event.prevent_default();
            open.set(false);
        }
    };
    let heading = in_dialog.is_none().then(|| view! { <header><h2>{title(&question)}</h2></header> });
    let hidden = ids.iter().enumerate().map(|(i, id)| {
        view! { <input type="hidden" name=format!("clusters[{i}]") value=id.to_string()/> }
    });
    let hidden = hidden.collect_view();
    // On a page of its own nobody sees by now what the portal will say; in a dialog it has said so.
    let unreachable = in_dialog.is_none() || jobs.iter().any(|job| job.state == State::Unreachable);
    let not_seen = Memo::new(move |_| unreachable || refused.with(Option::is_some));
    let more = match action {
        Action::Start | Action::Relaunch => {
            view! { <StartChoices cluster=single from=from revision=revision/> }.into_any()
        }
        Action::Rollback => {
            let runs = !jobs.iter().all(|job| job.state.at_rest());
            view! { <StartChoices cluster=single from=from revision=revision back=true runs=runs/> }.into_any()
        }
        Action::Delete => view! {
            <Check name="ticked[savepoints]" label="Delete savepoints and checkpoints too" ticked=savepoints_too
                hint="Left unticked, they stay in the storage account and a new cluster can start from them."/>
            {move || not_seen.get().then(|| view! {
                <Check name="ticked[unseen]" label="Also where nothing can be seen of it" ticked=unseen
                    hint="The portal forgets it then: its processes may run on, and its files stay for you to clear away."/>
            })}
            <Field id="confirm" label=format!("Type {names} to confirm")>
                <input class="input code" id="confirm" name="confirm" autocomplete="off" spellcheck="false" required
                    node_ref=typed_field
                    on:input=move |event| confirm.set(event_target_value(&event))/>
            </Field>
        }
        .into_any(),
        Action::Stop | Action::Cancel => {
            single.map(|cluster| view! { <Kept cluster=cluster action=action/> }).into_any()
        }
        Action::Savepoint => view! {
            <Check name="ticked[native]" label="In the state backend’s own format (native)" ticked=native
                hint="Quicker for large state; read by the same state backend alone. Unticked: Flink’s canonical format, which every one reads."/>
        }
        .into_any(),
        Action::Create | Action::Update | Action::StatelessUpdate | Action::LastStateUpdate => ().into_any(),
    };
    let danger = matches!(action, Action::Delete | Action::Cancel);
    let word = if action == Action::Cancel { "Cancel the job" } else { action.word() };
    let sentence = sentence(action, jobs.len());
    let refusal = move || {
        refused.get().map(|error| {
            view! { <Declined what=action.word() done="accepted" error=error/> }
        })
    };
    view! {
        <form method="post" action="/api/ui/act" on:submit=submit>
            {heading}
            <div class="dialog-body" hidden=move || results.with(Option::is_some)>
                <p>{sentence}</p>
                {refusal}
                {more}
            </div>
            {move || results.get().map(|asked| view! { <Results action=action rows=rows asked=asked/> })}
            <input type="hidden" name="action" value=action.name()/>
            <input type="hidden" name="key" value=key.get_value()/>
            <input type="hidden" name="back" value=back.clone()/>
            {hidden}
            <footer>
                <a class="button quiet end" role="button" href=back tabindex="0" on:click=close>
                    {move || if results.with(Option::is_some) { "Close" } else { "Back" }}
                </a>
                <button class=if danger { "button primary danger" } else { "button primary" } type="submit"
                    hidden=move || results.with(Option::is_some) aria-busy=move || busy.get().then_some("true")
                    disabled=move || in_dialog.is_some() && (busy.get() || !ready())>
                    {word}
                </button>
            </footer>
        </form>
    }
}

/// Focuses the field once it can take the focus: its form may be drawn before its dialog is shown, or before it stands in it.
fn focus_once_shown(field: web_sys::HtmlInputElement, open: RwSignal<bool>) {
    if let Ok(Some(_)) = field.closest("dialog[open]") {
        // It can only refuse what is not there.
        let _ = field.focus();
    } else if open.try_get_untracked() == Some(true) {
        request_animation_frame(move || focus_once_shown(field, open));
    }
}

/// A key that makes a request that is sent twice one operation.
pub(super) fn fresh_key() -> String {
    #[cfg(feature = "ssr")]
    let key = uuid::Uuid::now_v7().simple().to_string();
    #[cfg(not(feature = "ssr"))]
    let key = format!("{:x}-{:x}", js_sys::Date::now().to_bits(), js_sys::Math::random().to_bits());
    key
}
