//! Secrets: what a person typed once is shown to nobody again, and still reaches the job.

use domain::action::Action;
use domain::form::{ClusterForm, Pair};
use domain::id::ClusterId;
use domain::lifecycle::{JobStatus, Restore};
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::secret::HIDDEN;
use domain::spec::ClusterSpec;
use domain::state::State;

use super::database::on_both;
use super::{Portal, spec};
use crate::command::{self, Arguments, NewCluster};

on_both! {
    a_secret_is_shown_to_nobody_and_survives_an_update,
    a_draft_keeps_its_secrets_and_shows_none,
    an_exception_that_quotes_a_secret_is_kept_without_it,
}

/// What stands in [`secret_spec`] and may be shown nowhere.
const SESAMES: [&str; 4] = ["sesame-option", "sesame-argument", "sesame-word", "sesame-address"];

pub(super) fn secret_spec(name: &str) -> ClusterSpec {
    let mut spec = spec(name);
    spec.job.args = "--rate 5 --password sesame-argument --db.secret=sesame-word".to_owned();
    spec.job.options.insert("my.passphrase".to_owned(), "sesame-option".to_owned());
    spec.job.options.insert("my.db".to_owned(), "jdbc:postgresql://me:sesame-address@db/x".to_owned());
    spec
}

pub(super) async fn create(portal: &Portal, spec: &ClusterSpec) -> ClusterId {
    let pool = portal.desk.pool_row("lab").await.expect("there");
    let new = NewCluster { pool: &pool, spec, from: Restore::Fresh, key: None };
    command::create(&portal.plane, portal.desk.actor(), &new).await.expect("created").0
}

/// Everything that pages and programs are given of a cluster.
async fn shown(portal: &Portal, id: ClusterId) -> String {
    let desk = &portal.desk;
    let operations = desk.operations(id).await.expect("operations");
    let all = (
        portal.view(id).await,
        operations,
        desk.activity_of(id).await.expect("a history"),
        desk.runs(id).await.expect("runs"),
        desk.home().await.expect("home"),
        desk.activity(&Default::default()).await.expect("the activity"),
        desk.jobs(&Default::default()).await.expect("the grid"),
        desk.timeline(id, 60).await.expect("a timeline"),
    );
    serde_json::to_string(&all).expect("JSON")
}

fn holds_none(what: &str, text: &str) {
    for sesame in SESAMES {
        assert!(!text.contains(sesame), "{what} holds {sesame}: {text}");
    }
}

async fn a_secret_is_shown_to_nobody_and_survives_an_update(portal: Portal) {
    let spec = secret_spec("orders");
    let id = create(&portal, &spec).await;
    portal.until(id, State::Running).await;
    holds_none("what is shown", &shown(&portal, id).await);

    let view = portal.view(id).await;
    assert_eq!(view.spec.job.args, "--rate 5 --password ****** --db.secret=******");
    let args = view.spec.job.args.replace("--rate 5", "--rate 6");
    let form = ClusterForm { args, ..ClusterForm::from(&view.spec) };
    let update = |form| Arguments { form: Some(form), ..Arguments::default() };
    portal.desk.act(id, Action::Update, update(form.clone())).await.expect("asked");
    portal.until(id, State::Running).await;
    let launched = portal.fake.with(id, |world| world.launched.clone()).expect("launched");
    assert_eq!(launched.job.args, "--rate 6 --password sesame-argument --db.secret=sesame-word");
    assert_eq!(launched.job.options, spec.job.options);
    holds_none("what is shown after the update", &shown(&portal, id).await);

    // A hidden value of which nothing is kept is refused, where it stands.
    let form = ClusterForm { args: format!("--token {HIDDEN}"), ..form };
    let refused = portal.desk.act(id, Action::Update, update(form)).await;
    let Err(Refusal::Invalid(errors)) = refused else { panic!("{refused:?}") };
    assert!(errors[0].field == "args" && errors[0].message.contains("Write the value itself"), "{errors:?}");
}

async fn a_draft_keeps_its_secrets_and_shows_none(portal: Portal) {
    let desk = &portal.desk;
    let draft = desk.new_draft("lab").await.expect("begun");
    let context = desk.create_context("lab").await.expect("a context");
    let options = vec![Pair { key: "s3.access-key".to_owned(), value: "sesame-option".to_owned() }];
    let form = ClusterForm {
        args: "--password 'sesame-argument".to_owned(), // not closed yet
        savepoint: "https://me:sesame-address@host/x".to_owned(),
        options,
        ..context.defaults
    };
    let kept = desk.keep_draft(draft, &form).await.expect("kept");
    holds_none("the answer", &serde_json::to_string(&kept).expect("JSON"));
    let shown = desk.draft(draft).await.expect("there");
    holds_none("the draft", &serde_json::to_string(&shown).expect("JSON"));
    holds_none("the list", &serde_json::to_string(&desk.drafts("lab").await.expect("a list")).expect("JSON"));

    // What a page sends back while it does not know them leaves them as they are.
    let typed = ClusterForm { name: "orders".to_owned(), ..shown.form };
    desk.keep_draft(draft, &typed).await.expect("kept again");
    let whole = desk.kept_draft(draft).await.expect("there").form;
    assert_eq!(whole, ClusterForm { name: "orders".to_owned(), ..form });
    let errors = desk.draft_errors(draft, &desk.create_context("lab").await.expect("a context")).await;
    holds_none("its errors", &format!("{:?}", errors.expect("errors")));
}

async fn an_exception_that_quotes_a_secret_is_kept_without_it(portal: Portal) {
    let id = create(&portal, &secret_spec("orders")).await;
    portal.until(id, State::Running).await;
    portal.fake.with(id, |world| {
        world.job = Some(JobStatus::Failed);
        world.failure = Some(Reason {
            exception: "no sign-in by sesame-argument\nCaused by: jdbc://me:other@db, api.key=third"
                .to_owned(),
            ..Reason::new("JOB_FAILED", "It was refused with sesame-option.")
        });
    });
    portal.until(id, State::Failed).await;
    let text = shown(&portal, id).await;
    holds_none("what is shown", &text);
    assert!(text.contains(&format!("no sign-in by {HIDDEN}")), "the rest of it is told: {text}");
    assert!(!text.contains("other@db") && !text.contains("=third"), "{text}");
    let standing = portal.plane.standing(id).await.expect("there");
    holds_none("its row", &format!("{standing:?}"));
}
