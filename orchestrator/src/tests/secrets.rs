//! Secrets: what a person typed once is shown to nobody again, and still reaches the job.

use domain::action::Action;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::lifecycle::{JobStatus, Restore};
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::secret::HIDDEN;
use domain::spec::ClusterSpec;
use domain::state::State;

use super::database::on_both;
use super::{TestPortal, lab, spec};
use crate::command::{self, Arguments, NewCluster};

on_both! {
    a_secret_is_shown_to_nobody_and_survives_an_update,
    a_draft_keeps_its_secrets_and_shows_none,
    an_exception_that_quotes_a_secret_is_kept_without_it,
    what_is_stored_holds_no_secret,
    without_its_key_everything_runs_on_but_what_needs_a_secret,
    rows_of_an_older_portal_are_sealed_hidden_and_overwritten,
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

pub(super) async fn create(portal: &TestPortal, spec: &ClusterSpec) -> ClusterId {
    let pool = portal.desk.pool_row(&lab()).await.expect("there");
    let new = NewCluster { pool: &pool, spec, from: Restore::Fresh, key: None };
    command::create(&portal.plane, &portal.in_lab().await, &new).await.expect("created").0
}

/// Everything that pages and programs are given of a cluster.
async fn shown(portal: &TestPortal, id: ClusterId) -> String {
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

async fn a_secret_is_shown_to_nobody_and_survives_an_update(portal: TestPortal) {
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
    let refused = portal.desk.act(id, Action::Update, update(form)).await.expect_err("nothing is kept of it");
    assert_eq!((refused.code(), refused.target()), ("InvalidClusterSpec", Some("args")));
    assert!(refused.to_string().contains("Write the value itself"), "{refused}");
}

async fn a_draft_keeps_its_secrets_and_shows_none(portal: TestPortal) {
    let desk = &portal.desk;
    let draft = desk.new_draft(&lab()).await.expect("begun");
    let context = desk.create_context(&lab()).await.expect("a context");
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
    holds_none(
        "the list",
        &serde_json::to_string(&desk.drafts(&lab()).await.expect("a list")).expect("JSON"),
    );

    // What a page sends back while it does not know them leaves them as they are.
    let typed = ClusterForm { name: "orders".to_owned(), ..shown.form };
    desk.keep_draft(draft, &typed).await.expect("kept again");
    let whole = desk.kept_draft(draft).await.expect("there").1.form;
    assert_eq!(whole, ClusterForm { name: "orders".to_owned(), ..form });
    let errors = desk.draft_errors(draft, &desk.create_context(&lab()).await.expect("a context")).await;
    holds_none("its errors", &format!("{:?}", errors.expect("errors")));
}

async fn an_exception_that_quotes_a_secret_is_kept_without_it(portal: TestPortal) {
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
    let standing = portal.plane.cluster_record(id).await.expect("there");
    holds_none("its row", &format!("{standing:?}"));
}

/// Every text in every table that may hold a secret.
pub(super) async fn rows(portal: &TestPortal) -> String {
    let mut text = String::new();
    for statement in [
        "select cluster, spec from revision",
        "select form, errors from draft",
        "select arguments || message, steps || coalesce(reason, '') from operation",
        "select phase_data || seen || note || step_detail, coalesce(reason, '') || coalesce(result_message, '') from status",
        "select why, configuration from run",
        "select title, detail from event",
        "select words, coalesce(data, '') from event",
        "select coalesce(outcome, ''), '' from operation",
        "select before_json, after_json from audit",
    ] {
        let mut connection = portal.plane.store().reading().await.expect("a connection");
        let found: Vec<(String, String)> =
            sqlx::query_as(statement).fetch_all(&mut *connection).await.expect("rows");
        text.extend(found.into_iter().flat_map(|(a, b)| [a, b]));
    }
    text
}

/// Nothing of what lies in the data folder holds a secret. The database is closed, so that all of it is there.
fn files_hold_none(folder: &std::path::Path) {
    for entry in folder.read_dir().expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_hold_none(&path);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        for sesame in SESAMES {
            let found = bytes.windows(sesame.len()).any(|part| part == sesame.as_bytes());
            assert!(!found, "{} holds {sesame}", path.display());
        }
    }
}

async fn what_is_stored_holds_no_secret(portal: TestPortal) {
    let id = create(&portal, &secret_spec("orders")).await;
    portal.until(id, State::Running).await;
    let draft = portal.desk.new_draft(&lab()).await.expect("begun");
    let form = ClusterForm::from(&secret_spec("other"));
    portal.desk.keep_draft(draft, &form).await.expect("kept");
    let rows = rows(&portal).await;
    holds_none("a row", &rows);
    assert!(rows.contains("age:"), "they are there all the same");
    let folder = portal.folder.path().to_owned();
    files_hold_none(&folder);
    let portal = portal.reopened().await;
    files_hold_none(&folder);
    assert_eq!(portal.desk.kept_draft(draft).await.expect("there").1.form, form);
}

async fn without_its_key_everything_runs_on_but_what_needs_a_secret(mut portal: TestPortal) {
    let (secret, plain) =
        (create(&portal, &secret_spec("secret")).await, create(&portal, &spec("plain")).await);
    portal.until(secret, State::Running).await;
    portal.until(plain, State::Running).await;
    let key = portal.folder.path().join("data/portal.key");
    let kept = std::fs::read(&key).expect("the key lies beside the database");
    let update = async |portal: &TestPortal, id| {
        let form = ClusterForm::from(&portal.view(id).await.spec);
        let arguments = Arguments { form: Some(form), ..Arguments::default() };
        portal.desk.act(id, Action::Update, arguments).await
    };
    for other in [None, Some("AGE-SECRET-KEY-1".to_owned()), Some(another_key())] {
        match &other {
            None => std::fs::remove_file(&key).expect("removed"),
            Some(other) => std::fs::write(&key, other).expect("written"),
        }
        portal = portal.reopened().await;
        assert_eq!(std::fs::read_to_string(&key).ok(), other, "no new key takes the place of the old one");

        portal.until(secret, State::Running).await;
        holds_none("what is shown", &shown(&portal, secret).await);
        let refused = update(&portal, secret).await;
        let Err(Refusal::Unavailable(sentence)) = refused else { panic!("{refused:?}") };
        assert!(
            sentence.contains("secrets cannot be opened") && sentence.contains("--key-file"),
            "{sentence}"
        );
        portal.act(secret, Action::Savepoint).await.expect("what needs no secret goes on");
        portal.until(secret, State::Running).await;
        update(&portal, plain).await.expect("what has no secret is updated");
        portal.until(plain, State::Running).await;
        // A run that is lost waits for the key.
        portal.fake.with(secret, |world| world.alive = None);
        for _ in 0..8 {
            portal.pass().await;
        }
        let row = portal.view(secret).await.row;
        assert!(row.note.contains("secrets cannot be opened"), "{row:?}");

        std::fs::write(&key, &kept).expect("put back");
        for _ in 0..20 {
            portal.clock.advance(jiff::SignedDuration::from_secs(60));
            portal.pass().await;
        }
        portal.until(secret, State::Running).await;
        let launched = portal.fake.with(secret, |world| world.launched.clone()).expect("launched");
        assert_eq!(launched.job, secret_spec("secret").job, "it runs with its secrets");
    }
    update(&portal, secret).await.expect("as ever");
    portal.until(secret, State::Running).await;
}

fn another_key() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("other.key");
    crate::seal::Seal::of(&file, None).expect("made");
    std::fs::read_to_string(file).expect("the key")
}

/// Puts rows back into the shape in which an older portal wrote them, and forgets that they were ever converted.
async fn make_old(portal: &TestPortal, id: ClusterId, draft: domain::id::DraftId) {
    let store = portal.plane.store();
    let json = |spec: &ClusterSpec| serde_json::to_string(spec).expect("JSON");
    let old = secret_spec("orders");
    let form = serde_json::to_string(&ClusterForm::from(&old)).expect("JSON");
    let reason = serde_json::to_string(&Reason::new("X", "refused with sesame-option")).expect("JSON");
    let configuration = r#"{"my.passphrase":"sesame-option","a.b":"c"}"#.to_owned();
    let words = "by sesame-argument at p://u:sesame-address@h".to_owned();
    for (statement, text) in [
        ("update revision set spec = $1 where cluster = $2", json(&old)),
        ("update draft set form = $1 where id = $2", form),
        ("update audit set after_json = $1 where action = 'cluster/CREATE' and target = $2", json(&old)),
        ("update operation set reason = $1 where cluster = $2", reason),
        ("update run set configuration = $1 where cluster = $2", configuration),
        ("update event set detail = $1 where cluster = $2", words.clone()),
        ("update status set note = $1 where cluster = $2", words),
        ("update portal_key set sealed = null, scrubbed = null where $1 = $2", "1".to_owned()),
    ] {
        let key = match statement {
            statement if statement.contains("draft") => draft.to_string(),
            statement if statement.contains("portal_key") => "1".to_owned(),
            _ => id.to_string(),
        };
        store.write(sqlx::query(statement).bind(text).bind(key)).await.expect("written");
    }
}

async fn rows_of_an_older_portal_are_sealed_hidden_and_overwritten(portal: TestPortal) {
    let id = create(&portal, &secret_spec("orders")).await;
    portal.until(id, State::Running).await;
    let dropped = portal.desk.new_draft(&lab()).await.expect("begun");
    let draft = portal.desk.new_draft(&lab()).await.expect("begun");
    make_old(&portal, id, dropped).await;
    make_old(&portal, id, draft).await;
    // What was deleted lies in the file until its place is needed.
    portal.desk.drop_draft(dropped).await.expect("dropped");
    assert!(rows(&portal).await.contains(SESAMES[0]), "it is as it was");

    let portal = portal.reopened().await;
    let text = rows(&portal).await;
    holds_none("a row", &text);
    assert!(text.contains("by ****** at p://u:******@h") && text.contains("refused with ******"), "{text}");
    files_hold_none(&portal.folder.path().join("data"));
    let spec = portal.desk.open_spec(id, 1).await.expect("the revision");
    assert_eq!(spec, secret_spec("orders"));
    assert_eq!(
        portal.desk.kept_draft(draft).await.expect("there").1.form,
        ClusterForm::from(&secret_spec("orders"))
    );
    assert_eq!(sealings(&portal).await, 1, "it is told once");
    let portal = portal.reopened().await;
    assert_eq!(sealings(&portal).await, 1, "and done once");
}

async fn sealings(portal: &TestPortal) -> i64 {
    let mut connection = portal.plane.store().reading().await.expect("a connection");
    let (count,): (i64,) = sqlx::query_as("select count(*) from audit where action = 'portal/SEAL'")
        .fetch_one(&mut *connection)
        .await
        .expect("rows");
    count
}
