//! Asking for an action: at once, by a question in a dialog, or, without script, by a question on its own page.

mod question;
mod results;

use domain::action::Action;
use domain::id::ClusterId;
use domain::inside::Inside;
use domain::view::JobRow;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::api::{self, ApiError};
use crate::live::Live;
use crate::part::{Crumbs, Empty, Notice, PageHead, Say, Trouble, Waiting, not_done};
use crate::paths;

use question::{QuestionForm, fresh_key};
pub(crate) use question::{States, question_form, title as question_title};

/// An action and the jobs that it is asked of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// The action.
    pub(crate) action: Action,
    /// The jobs.
    pub(crate) jobs: Vec<JobRow>,
    /// What starts: the state that is chosen at first; empty for the newest.
    pub(crate) from: String,
    /// What starts: the revision that is chosen at first; none for the one that ran well last.
    pub(crate) revision: Option<u32>,
}

impl Question {
    /// The page that asks the same.
    pub(crate) fn address(&self, back: &str) -> String {
        let ids = self.jobs.iter().map(|job| job.cluster).collect::<Vec<_>>();
        let address = paths::ask_from(self.action, &ids, &self.from, back);
        match self.revision {
            Some(revision) => format!("{address}&revision={revision}"),
            None => address,
        }
    }
}

/// The question that the dialog over the page shows, from context. It outlives the page's content, which is made anew
/// whenever something changes.
#[derive(Clone, Copy)]
pub(crate) struct OpenQuestion(pub(crate) RwSignal<Option<Question>>);

/// Goes to an address of the portal.
type Navigate = Box<dyn Fn(&str) + Send + Sync>;

/// What it takes to begin an action, gathered while a component is made.
#[derive(Clone, Copy)]
pub(crate) struct Begin {
    question: RwSignal<Option<Question>>,
    say: Say,
    live: Live,
    navigate: StoredValue<Navigate>,
}

impl Begin {
    /// From context.
    pub(crate) fn here() -> Self {
        let OpenQuestion(question) = expect_context();
        let navigate = use_navigate();
        let go: Navigate = Box::new(move |place| navigate(place, NavigateOptions::default()));
        Self { question, say: Say::here(), live: Live::here(), navigate: StoredValue::new(go) }
    }

    /// An update goes to its form, a savepoint is taken at once, everything else asks first.
    pub(crate) fn begin(self, action: Action, jobs: Vec<JobRow>) {
        match (action, jobs.first()) {
            (_, None) => {}
            (Action::Update | Action::StatelessUpdate | Action::LastStateUpdate, Some(job)) => {
                let place = paths::of_action(action, job.cluster);
                self.navigate.with_value(|go| go(&place));
            }
            (Action::Savepoint, Some(_)) => spawn_local(async move {
                let ids = jobs.iter().map(|job| job.cluster).collect();
                let none = String::new;
                match api::act(
                    action,
                    ids,
                    Default::default(),
                    Default::default(),
                    none(),
                    fresh_key(),
                    none(),
                )
                .await
                {
                    Ok(asked) => results::announce(self.say, action, &jobs, &asked),
                    Err(error) => {
                        self.say.say(false, not_done(action.word(), "accepted", &error), error.to_string())
                    }
                }
                self.live.nudge();
            }),
            _ => self.question.set(Some(Question { action, jobs, from: String::new(), revision: None })),
        }
    }

    /// Asks how a savepoint is to be taken.
    pub(crate) fn take_savepoint(self, job: JobRow) {
        let (action, jobs) = (Action::Savepoint, vec![job]);
        self.question.set(Some(Question { action, jobs, from: String::new(), revision: None }));
    }

    /// Asks whether to start a job, with a savepoint or checkpoint already chosen.
    pub(crate) fn start_from(self, job: JobRow, from: String) {
        self.question.set(Some(Question { action: Action::Start, jobs: vec![job], from, revision: None }));
    }
}

/// What the address of the question's own page asks.
#[derive(Clone, PartialEq)]
struct AskAddress {
    action: Option<Action>,
    ids: Vec<ClusterId>,
    back: String,
    from: String,
    revision: Option<u32>,
    error: Option<String>,
}

/// The question on its own page.
#[component]
pub(crate) fn Ask() -> impl IntoView {
    let map = use_query_map();
    let asked = Memo::new(move |_| {
        map.with(|map| {
            let action = map.get("action").and_then(|name| Action::named(&name));
            let ids: Vec<ClusterId> =
                map.get_all("cluster").unwrap_or_default().iter().filter_map(|id| id.parse().ok()).collect();
            let back = Inside::or_jobs(&map.get("back").unwrap_or_default()).to_string();
            let error = map.get("__err").and_then(|text| server_error(&text));
            AskAddress {
                action,
                ids,
                back,
                from: map.get("from").unwrap_or_default(),
                revision: map.get("revision").and_then(|revision| revision.parse().ok()),
                error,
            }
        })
    });
    let jobs = Resource::new(
        move || asked.with(|asked| asked.ids.clone()),
        |ids| async move {
            let mut jobs = Vec::with_capacity(ids.len());
            for id in ids.into_iter().take(200) {
                jobs.push(api::cluster(id).await?.row);
            }
            Ok::<_, ApiError>(jobs)
        },
    );
    let content = move || {
        let AskAddress { action, back, from, revision, error, .. } = asked.get();
        Suspend::new(async move {
            match (action, jobs.await) {
                (_, Err(error)) => view! { <Trouble error=error/> }.into_any(),
                (Some(action), Ok(jobs)) if !jobs.is_empty() => {
                    if let (
                        Action::Update | Action::StatelessUpdate | Action::LastStateUpdate,
                        [job, ..],
                    ) = (action, jobs.as_slice())
                    {
                        crate::navigation::go(&paths::of_action(action, job.cluster));
                    }
                    view! {
                        {error.map(|error| view! { <Notice tone="bad" title="Nothing was done"><p>{error}</p></Notice> })}
                        <section class="dialog">
                            <QuestionForm question=Question { action, jobs, from, revision } back=back/>
                        </section>
                    }
                    .into_any()
                }
                _ => view! {
                    <Empty icon="jobs" title="No job is selected" text="Tick the jobs that you mean, then choose what to do.">
                        <a class="button" href=back>"Back"</a>
                    </Empty>
                }
                .into_any(),
            }
        })
    };
    view! {
        <Crumbs above=vec![("Flink Jobs".to_owned(), "/jobs".to_owned())] here="Confirm"/>
        <PageHead title="Confirm"/>
        <Transition fallback=|| view! { <Waiting/> }>{content}</Transition>
    }
    .into_any()
}

/// What a form post without script brought back.
fn server_error(text: &str) -> Option<String> {
    use leptos::server_fn::error::ServerFnUrlError;
    Some(ServerFnUrlError::<ApiError>::decode_err(text).to_string()).filter(|sentence| !sentence.is_empty())
}
