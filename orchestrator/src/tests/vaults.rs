//! Key vaults: a secret's value reaches the job that names it, and nobody else; what cannot be had is said at its field
//! and starts nothing; a job that runs goes on.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::lifecycle::{JobStatus, Restore};
use domain::policy::Role;
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::secret::HIDDEN;
use domain::spec::ClusterSpec;
use domain::state::State;
use domain::view::CheckResult;

use super::database::on_both;
use super::secrets::create;
use super::{Arguments, TestPortal, lab, spec};

on_both! {
    a_reference_becomes_its_value_at_launch_and_nowhere_else,
    what_cannot_be_had_is_said_at_its_field,
    a_secret_that_is_withheld_keeps_a_lost_job_waiting_and_lets_another_run_on,
    what_clusters_name_stays,
    who_read_a_secret_is_written_down,
    vaults_are_seen_by_all_and_changed_by_owners_of_everything,
}

const OLD: &str = "sesame-the-first";
const NEW: &str = "sesame \"the\" second's\nline";

async fn vault(portal: &TestPortal) {
    portal.desk.new_vault("kv").await.expect("made");
    portal.desk.write_secret("kv", "db", OLD, "").await.expect("written");
}

fn naming(name: &str, reference: &str) -> ClusterSpec {
    let mut spec = spec(name);
    spec.job.args = format!("--user {reference} --password {reference} --literal '$${{kv/db}}'");
    spec.job.options.insert("my.plain".to_owned(), format!("a {reference} b"));
    spec
}

fn launched(portal: &TestPortal, id: ClusterId) -> ClusterSpec {
    portal.fake.with(id, |world| world.launched.clone()).expect("launched")
}

fn words(spec: &ClusterSpec) -> Vec<String> {
    domain::args::split(&spec.job.args).expect("a line")
}

/// Everything that pages and programs are told, and every row.
async fn everything(portal: &TestPortal, id: ClusterId) -> String {
    let desk = &portal.desk;
    let told = (
        portal.view(id).await,
        desk.operations(id).await.expect("operations"),
        desk.activity_of(id).await.expect("a history"),
        desk.activity(&Default::default()).await.expect("the activity"),
        desk.runs(id).await.expect("runs"),
        desk.jobs(&Default::default()).await.expect("the grid"),
        desk.vaults().await.expect("vaults"),
        desk.vault("kv").await.expect("the vault"),
        desk.create_context(&lab()).await.expect("a context"),
    );
    let told = serde_json::to_string(&told).expect("JSON");
    format!("{told}{}", super::secrets::rows(portal).await)
}

fn holds_none(text: &str) {
    for part in [OLD, "sesame", "second's"] {
        assert!(!text.contains(part), "{part} stands in {text}");
    }
}

async fn a_reference_becomes_its_value_at_launch_and_nowhere_else(portal: TestPortal) {
    vault(&portal).await;
    let id = create(&portal, &naming("orders", "${kv/db}")).await;
    portal.until(id, State::Running).await;
    let given = launched(&portal, id);
    assert_eq!(words(&given), ["--user", OLD, "--password", OLD, "--literal", "${kv/db}"]);
    assert_eq!(given.job.options["my.plain"], format!("a {OLD} b"));
    let view = portal.view(id).await;
    assert_eq!(view.spec.job.args, naming("orders", "${kv/db}").job.args, "a reference is shown");
    holds_none(&everything(&portal, id).await);

    // A new version is for the next launch.
    portal.desk.write_secret("kv", "db", NEW, "").await.expect("written");
    portal.second().await;
    assert_eq!(words(&launched(&portal, id))[1], OLD);
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(words(&launched(&portal, id))[1], NEW);

    // What the job quotes of it is hidden, of the old version too.
    portal.fake.with(id, |world| {
        world.job = Some(JobStatus::Failed);
        let exception = format!("no sign-in by {OLD}\nCaused by: nor by {NEW}");
        world.failure =
            Some(Reason { exception, ..Reason::new("JOB_FAILED", format!("Refused with {NEW}.")) });
    });
    portal.until(id, State::Failed).await;
    let text = everything(&portal, id).await;
    holds_none(&text);
    assert!(text.contains(&format!("no sign-in by {HIDDEN}")), "the rest of it is told: {text}");
}

async fn what_cannot_be_had_is_said_at_its_field(portal: TestPortal) {
    vault(&portal).await;
    let desk = &portal.desk;
    desk.write_secret("kv", "over", OLD, "2026-11-23T12:00:01Z").await.expect("written");
    desk.write_secret("kv", "off", OLD, "").await.expect("written");
    desk.change_secret("kv", "off", 1, false, "").await.expect("disabled");
    portal.second().await;
    portal.second().await;
    for (reference, says) in [
        ("${none/db}", "There is no key vault “none”"),
        ("${kv/none}", "has no secret “none”"),
        ("${kv/db/7}", "Version 7 of the secret kv/db does not exist"),
        ("${kv/off}", "is disabled"),
        ("${kv/off/1}", "Version 1 of the secret kv/off is disabled"),
        ("${kv/over}", "has expired"),
        ("${kv/}", "is no reference"),
    ] {
        let mut wrong = ClusterForm::from(&spec("orders"));
        wrong.args = format!("--password {reference}");
        let checked = desk.preflight(&lab(), &wrong, None, false).await.expect("checks");
        let failed: Vec<_> =
            checked.checks.iter().filter(|check| check.result == CheckResult::Failed).collect();
        let of_args = failed.iter().find(|check| check.field.as_deref() == Some("args"));
        assert!(of_args.is_some_and(|check| check.detail.contains(says)), "{reference}: {failed:?}");
        let refused = desk.create(&lab(), &wrong, None, None).await.expect_err("it cannot be launched");
        assert_eq!((refused.code(), refused.target()), ("InvalidClusterSpec", Some("args")), "{refused}");
        assert!(refused.to_string().contains(says), "{refused}");

        let mut wrong = ClusterForm::from(&spec("orders"));
        wrong.options.push(domain::draft::Pair { key: "my.key".to_owned(), value: reference.to_owned() });
        let refused = desk.create(&lab(), &wrong, None, None).await.expect_err("it cannot be launched");
        assert_eq!(refused.target(), Some("options[0].value"), "{refused}");
    }
    assert!(desk.jobs(&Default::default()).await.expect("the grid").rows.is_empty(), "nothing was created");

    // A start of what is there already is refused beforehand as well.
    let id = create(&portal, &naming("orders", "${kv/db}")).await;
    portal.until(id, State::Running).await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    desk.change_secret("kv", "db", 1, false, "").await.expect("disabled");
    let fresh = Arguments { from: Some(Restore::Fresh), ..Arguments::default() };
    for arguments in [Arguments::default(), fresh] {
        let refused = desk.act(id, Action::Start, arguments).await.expect_err("it would be launched without");
        assert_eq!((refused.code(), refused.target()), ("InvalidClusterSpec", Some("args")), "{refused}");
        assert!(refused.to_string().contains("The secret kv/db is disabled"), "{refused}");
    }
    assert_eq!(portal.view(id).await.row.state, State::Stopped);
}

async fn a_secret_that_is_withheld_keeps_a_lost_job_waiting_and_lets_another_run_on(portal: TestPortal) {
    vault(&portal).await;
    let id = create(&portal, &naming("orders", "${kv/db}")).await;
    portal.until(id, State::Running).await;
    portal.desk.change_secret("kv", "db", 1, false, "").await.expect("disabled");
    for _ in 0..5 {
        portal.second().await;
    }
    assert_eq!(portal.view(id).await.row.state, State::Running, "a job that runs goes on");

    portal.fake.with(id, |world| world.alive = None);
    for _ in 0..8 {
        portal.pass().await;
    }
    let row = portal.view(id).await.row;
    assert!(row.note.contains("The secret kv/db is disabled"), "{row:?}");
    portal.desk.change_secret("kv", "db", 1, true, "").await.expect("enabled");
    portal.until(id, State::Running).await;
    assert_eq!(words(&launched(&portal, id))[1], OLD);
}

async fn what_clusters_name_stays(portal: TestPortal) {
    vault(&portal).await;
    let desk = &portal.desk;
    desk.write_secret("kv", "other", OLD, "").await.expect("written");
    // What is sealed as a whole, since a part of it is secret, is counted too.
    let mut hidden = spec("orders");
    hidden.job.options.insert("my.password".to_owned(), "x${kv/db}".to_owned());
    let id = create(&portal, &hidden).await;
    portal.until(id, State::Running).await;
    assert_eq!(launched(&portal, id).job.options["my.password"], format!("x{OLD}"));
    let view = desk.vault("kv").await.expect("there");
    let used: Vec<_> = view.secrets.iter().map(|one| (one.name.as_str(), one.used_by.len())).collect();
    assert_eq!(used, [("db", 1), ("other", 0)]);
    assert_eq!(desk.vaults().await.expect("vaults")[0].clusters, 1);

    for refused in [desk.delete_secret("kv", "db").await, desk.delete_vault("kv").await] {
        let refused = refused.expect_err("it is named");
        assert_eq!(refused.code(), "ResourceInUse");
        assert!(refused.to_string().contains("orders"), "{refused}");
    }
    desk.delete_secret("kv", "other").await.expect("nobody names it");
    portal.act(id, Action::Delete).await.expect("asked");
    while portal.desk.cluster(id).await.is_ok() {
        portal.pass().await;
    }
    desk.delete_secret("kv", "db").await.expect("nobody names it any more");
    desk.delete_vault("kv").await.expect("nobody names it");
    assert!(matches!(desk.vault("kv").await, Err(Refusal::NotFound(_))));
    let titles: Vec<_> = desk
        .activity(&Default::default())
        .await
        .expect("a history")
        .events
        .into_iter()
        .map(|event| event.title)
        .collect();
    for title in ["Key vault made", "Secret written", "Secret deleted", "Key vault deleted"] {
        assert!(titles.iter().any(|told| told == title), "{title} is missing in {titles:?}");
    }
}

async fn who_read_a_secret_is_written_down(portal: TestPortal) {
    vault(&portal).await;
    let form = ClusterForm::from(&naming("orders", "${kv/db}"));
    portal.desk.preflight(&lab(), &form, None, false).await.expect("checks");
    portal.desk.preflight(&lab(), &form, None, false).await.expect("checks");
    let id = create(&portal, &naming("orders", "${kv/db}")).await;
    portal.until(id, State::Running).await;
    for _ in 0..3 {
        portal.second().await;
    }
    let view = portal.desk.vault("kv").await.expect("there");
    let read: Vec<_> = view.readings.iter().map(|one| (&*one.by, &*one.what, &*one.purpose)).collect();
    let launch = ("Penstock", "db, version 1", "run 1 of orders");
    assert_eq!(read, [launch, ("Ada", "db, version 1", "a check of orders")], "each once");
    let reader = portal.person("Rea", Role::Reader).await;
    assert!(reader.vault("kv").await.expect("seen").readings.is_empty(), "that is for owners");
}

async fn vaults_are_seen_by_all_and_changed_by_owners_of_everything(portal: TestPortal) {
    vault(&portal).await;
    let desk = &portal.desk;
    assert_eq!(desk.new_vault("kv").await.expect_err("taken").code(), "ResourceAlreadyExists");
    for name in ["", "KV", "1kv", "k_v", "k/v"] {
        assert_eq!(desk.new_vault(name).await.expect_err("no name").target(), Some("name"), "{name}");
    }
    for (secret, value, expires, field) in
        [("d b", "x", "", "secret"), ("db", "", "", "value"), ("db", "x", "soon", "expires")]
    {
        let refused = desk.write_secret("kv", secret, value, expires).await.expect_err("wrong");
        assert_eq!(refused.target(), Some(field));
    }
    let nobody = portal.nobody("Ned").await;
    assert!(nobody.vaults().await.expect("an answer").is_empty());
    assert!(matches!(nobody.vault("kv").await, Err(Refusal::NotFound(_))));
    let contributor = portal.person("Cid", Role::Contributor).await;
    assert_eq!(contributor.vaults().await.expect("seen").len(), 1);
    for refused in [
        contributor.new_vault("mine").await,
        contributor.write_secret("kv", "db", "x", "").await.map(drop),
        contributor.delete_vault("kv").await,
    ] {
        let refused = refused.expect_err("it takes an owner");
        assert!(refused.to_string().contains("Ask one"), "{refused}");
    }
}
