//! A value is planted in each place where a person can type, and searched wherever somebody could look: pages, answers,
//! files, the database's bytes, logs, processes. On real Flink, since that is where it has to arrive.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::portal::PortalProcess;

/// Every planted value holds this; nothing else does.
pub(crate) const MARK: &str = "sesame4711";

/// A value of its own for each place.
fn planted(place: &str) -> String {
    format!("{MARK}{place}")
}

#[tokio::test]
async fn a_secret_reaches_the_job_and_nobody_else() {
    let log = std::env::temp_dir().join(format!("portal-{}.log", uuid::Uuid::now_v7().simple()));
    let portal = PortalProcess::within(&format!("export RUST_LOG=info\nexec 2>{}", log.display())).await;
    let processes = Watch::begin();
    let jar = format!("{}/penstock-samples.jar", std::env::var("PENSTOCK_FLINK_JARS").expect("set"));
    let jar = std::fs::read(jar).expect("the samples");
    let put = portal.known("PUT", "/files/lake/flink/jars/samples.jar").body(jar).send();
    assert_eq!(put.await.expect("an answer").status(), 201);

    let draft = in_every_field(&portal).await;
    let (operation, seen) = created(&portal, &draft).await;
    let id = seen["cluster"].as_str().expect("its id").to_owned();
    arrived(&portal.data, &id, 1, &seen);
    pages_hold_none(&portal, &id, &operation).await;
    files_hold_none(&portal.data, &[1]);

    let operation = updated(&portal, &id).await;
    arrived(&portal.data, &id, 2, &seen);
    pages_hold_none(&portal, &id, &operation).await;
    files_hold_none(&portal.data, &[2]);

    refused_with_an_exception(&portal, &id).await;
    act(&portal, &id, "STOP").await;
    // Its processes are ended after it was told.
    let told = Instant::now();
    while !kept(&portal.data, &[]).is_empty() && told.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    files_hold_none(&portal.data, &[]);
    processes.end();
    let said = std::fs::read_to_string(&log).expect("its log");
    assert!(!said.is_empty() && !said.contains(MARK), "the portal's log: {said}");

    act(&portal, &id, "DELETE").await;
    files_hold_none(&portal.data, &[]);
    drop(std::fs::remove_file(log));
}

/// A draft with a secret in each of its fields, right or wrong; then the same with what can be created.
async fn in_every_field(portal: &PortalProcess) -> String {
    let draft = asked(portal, "new-draft", json!({ "pool": "Penstock/streaming/lab" })).await;
    let draft = draft.as_str().expect("its id").to_owned();
    let context = asked(portal, "creation", json!({ "id": draft })).await;
    let defaults = context["context"]["defaults"].clone();
    let mut everywhere = defaults.clone();
    for (field, value) in everywhere.as_object_mut().expect("a form") {
        if value.is_string() {
            *value = format!("https://me:{}@host/x?password={}", planted(field), planted(field)).into();
        }
    }
    everywhere["args"] = format!("--password '{} not closed", planted("line")).into();
    everywhere["tags"] = json!([{ "key": "password", "value": planted("tag") }]);
    everywhere["options"] = json!([
        { "key": "s3.access-key", "value": planted("option") },
        { "key": "taskmanager.numberOfTaskSlots", "value": format!("password={}", planted("slots")) },
    ]);
    let kept = asked(portal, "keep-draft", json!({ "id": draft, "form": everywhere })).await;
    assert!(kept.to_string().contains("******"), "{kept}");
    draft_holds_none(portal, &draft).await;

    let mut form = defaults;
    form["name"] = "orders".into();
    form["jar"] = "abfs://flink@lake.dfs.core.windows.net/jars/samples.jar".into();
    form["entry_class"] = "penstock.samples.Counter".into();
    form["args"] = format!(
        "--rate 50 --password {} --db jdbc:postgresql://me:{}@db/x --set my.secret={} --set '-Dtoken={} x'",
        planted("arg"),
        planted("address"),
        planted("word"),
        planted("quoted"),
    )
    .into();
    let options = [
        ("my.passphrase", planted("passphrase")),
        ("my.credential", planted("credential")),
        ("s3.access-key", planted("access")),
        ("s3.secret-key", planted("secret")),
        ("db.pwd", planted("pwd")),
        ("my.private.key", planted("private")),
        ("my.db", format!("jdbc:mysql://db/x?user=me&password={}", planted("query"))),
        ("execution.checkpointing.interval", "2 s".to_owned()),
    ];
    let options = options.into_iter().map(|(key, value)| json!({ "key": key, "value": value }));
    form["options"] = options.collect();
    asked(portal, "keep-draft", json!({ "id": draft, "form": form })).await;
    draft_holds_none(portal, &draft).await;
    draft
}

/// Its pages, what programs are told of it, and the list in which another draft names it.
async fn draft_holds_none(portal: &PortalProcess, draft: &str) {
    for tab in ["basics", "configuration", "tags", "review"] {
        page(
            portal,
            &format!("/pools/Penstock/streaming/lab/new/{draft}?tab={tab}&shown=basics.configuration.tags"),
        )
        .await;
    }
    page(portal, &format!("/pools/Penstock/streaming/lab/new/{draft}?tab=review&show=json")).await;
    let creation = asked(portal, "creation", json!({ "id": draft })).await;
    let form = creation["draft"]["form"].clone();
    let report = json!({ "pool": "Penstock/streaming/lab", "form": form, "draft": draft, "cluster": null, "stateless": false });
    asked(portal, "preflight", report).await;
    let other = asked(portal, "new-draft", json!({ "pool": "Penstock/streaming/lab" })).await;
    if other != draft {
        asked(portal, "creation", json!({ "id": other })).await;
        page(portal, &format!("/pools/Penstock/streaming/lab/new/{}", other.as_str().expect("an id"))).await;
    }
}

/// Creates from what a page has, in which every secret is hidden.
pub(crate) async fn created(portal: &PortalProcess, draft: &str) -> (String, Value) {
    let creation = asked(portal, "creation", json!({ "id": draft })).await;
    assert_eq!(creation["errors"], json!([]), "the draft can be created");
    let asking = json!({ "id": draft, "form": creation["draft"]["form"] });
    let operation = asked(portal, "create", asking).await;
    let operation = operation.as_str().expect("its id").to_owned();
    let ended = ended(portal, &operation).await;
    assert_eq!(ended["succeeded"], true, "{ended}");
    (operation, ended)
}

/// Flink was given every one of them, by files that are their owner's alone.
fn arrived(data: &Path, id: &str, run: u32, operation: &Value) {
    let conf = data.join("clusters").join(id.replace('-', "")).join(run.to_string()).join("conf");
    let mut text = String::new();
    for name in ["config.yaml", "job.json"] {
        let file = conf.join(name);
        assert_eq!(file.metadata().expect(name).permissions().mode() & 0o777, 0o600, "{name}");
        text += &std::fs::read_to_string(file).expect("text");
    }
    for place in ["arg", "address", "word", "quoted", "passphrase", "credential", "access", "secret", "pwd"] {
        assert!(text.contains(&planted(place)), "{place} did not arrive in run {run}: {operation}");
    }
    assert!(text.contains(&planted("private")) && text.contains(&planted("query")), "{operation}");
}

async fn pages_hold_none(portal: &PortalProcess, id: &str, operation: &str) {
    for path in [
        "",
        "/jobs",
        "/pools",
        "/pools/Penstock/streaming/lab",
        "/pools/Penstock/streaming/lab/jobs",
        "/activity",
        "/settings",
        "/storage",
    ] {
        page(portal, if path.is_empty() { "/" } else { path }).await;
    }
    page(portal, "/storage/lake/flink").await;
    page(portal, &format!("/operations/{operation}")).await;
    for name in [
        "",
        "/jobs",
        "/details",
        "/operations",
        "/savepoints",
        "/logs",
        "/configuration",
        "/activity",
        "/update",
        "/view",
        "/json",
        "/logs/1/jobmanager.log",
        "/logs/1/taskmanager-1.log",
        "/logs/1/jobmanager.out",
    ] {
        page(portal, &format!("/clusters/{id}{name}")).await;
    }
    for function in ["cluster", "cluster-json", "operations", "activity-of", "runs", "states", "logs"] {
        asked(portal, function, json!({ "id": id })).await;
    }
    let view = asked(portal, "updating", json!({ "id": id, "typed": null })).await;
    assert!(view.to_string().contains("--password ******"), "{view}");
    asked(portal, "job-manager-log", json!({ "id": id })).await;
}

/// Updates from what the form shows, in which every secret is hidden.
async fn updated(portal: &PortalProcess, id: &str) -> String {
    let view = asked(portal, "updating", json!({ "id": id, "typed": null })).await;
    let form = with(&view["form"], |args| args.replace("--rate 50", "--rate 60"));
    let report = json!({ "pool": "Penstock/streaming/lab", "form": form, "draft": null, "cluster": id, "stateless": false });
    let report = asked(portal, "preflight", report).await;
    assert!(!report["checks"].to_string().contains("\"failed\""), "{report}");
    let operation = answer("update", form_post(portal, "update", &update_of(id, 1, &form))).await;
    let operation = operation.as_str().expect("an operation").to_owned();
    let ended = ended(portal, &operation).await;
    assert_eq!(ended["succeeded"], true, "{ended}");
    operation
}

/// An update whose `main` complains about its arguments, and quotes a secret: it is refused in its words, but for that.
async fn refused_with_an_exception(portal: &PortalProcess, id: &str) {
    let view = asked(portal, "updating", json!({ "id": id, "typed": null })).await;
    let form = with(&view["form"], |args| format!("{args} db.token=quoted-by-the-job"));
    let refused = form_post(portal, "update", &update_of(id, 2, &form)).send().await.expect("an answer");
    assert_eq!(refused.status(), 400);
    let told = refused.text().await.expect("text");
    assert!(told.contains("Expected --name value") && !told.contains("quoted-by-the-job"), "{told}");
}

fn with(form: &Value, change: impl FnOnce(&str) -> String) -> Value {
    let mut form = form.clone();
    form["args"] = change(form["args"].as_str().expect("a line")).into();
    form
}

fn update_of(id: &str, revision: u32, form: &Value) -> Vec<(String, String)> {
    let mut fields =
        vec![("cluster".to_owned(), id.to_owned()), ("revision".to_owned(), revision.to_string())];
    fields.push(("key".to_owned(), uuid::Uuid::now_v7().to_string()));
    fields.push(("action".to_owned(), "UPDATE".to_owned()));
    for (name, value) in form.as_object().expect("a form") {
        if let Some(text) = value.as_str() {
            fields.push((format!("form[{name}]"), text.to_owned()));
        }
        for (row, pair) in value.as_array().into_iter().flatten().enumerate() {
            for side in ["key", "value"] {
                let text = pair[side].as_str().expect("text").to_owned();
                fields.push((format!("form[{name}][{row}][{side}]"), text));
            }
        }
    }
    fields
}

pub(crate) async fn act(portal: &PortalProcess, id: &str, action: &str) {
    let fields =
        [("action", action), ("clusters[0]", id), ("confirm", "orders"), ("ticked[savepoints]", "true")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let asked = posted(portal, "act", &fields).await;
    let operation = asked[0]["operation"].as_str().expect("an operation").to_owned();
    let ended = ended(portal, &operation).await;
    assert_eq!(ended["succeeded"], true, "{ended}");
}

async fn ended(portal: &PortalProcess, operation: &str) -> Value {
    let began = Instant::now();
    loop {
        let view = asked(portal, "operation", json!({ "id": operation })).await;
        if !view["ended"].is_null() {
            return view;
        }
        assert!(began.elapsed() < Duration::from_secs(240), "{view}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// A page as a browser without script gets it.
pub(crate) async fn page(portal: &PortalProcess, path: &str) -> String {
    let answer = portal.known("GET", path).header("accept", "text/html").send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("text");
    assert!(!text.contains(MARK), "{path} shows {}", around(&text));
    assert!(status.is_success() || status.is_redirection() || status == 404, "{path}: {status}");
    text
}

/// What a server function answers.
pub(crate) async fn asked(portal: &PortalProcess, function: &str, question: Value) -> Value {
    let asked =
        portal.known("POST", &format!("/api/ui/{function}")).header("content-type", "application/json");
    answer(function, asked.body(question.to_string())).await
}

async fn posted(portal: &PortalProcess, function: &str, fields: &[(String, String)]) -> Value {
    answer(function, form_post(portal, function, fields)).await
}

pub(crate) fn form_post(
    portal: &PortalProcess,
    function: &str,
    fields: &[(String, String)],
) -> reqwest::RequestBuilder {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    let kind = "application/x-www-form-urlencoded";
    let asked = portal.known("POST", &format!("/api/ui/{function}")).header("content-type", kind);
    asked.body(body.collect::<Vec<_>>().join("&"))
}

async fn answer(function: &str, asked: reqwest::RequestBuilder) -> Value {
    let answer = asked.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("text");
    assert!(!text.contains(MARK), "{function} answers {}", around(&text));
    assert!(status.is_success(), "{function}: {status} {text}");
    serde_json::from_str(&text).expect("JSON")
}

pub(crate) fn around(text: &str) -> &str {
    let at = text.find(MARK).unwrap_or(0);
    let from = (0..=at.saturating_sub(200)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let until = (at + 60..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    &text[from..until]
}

/// No file of the data folder holds one, the database and Flink's logs included, but the two that these runs need.
pub(crate) fn files_hold_none(data: &Path, runs: &[u32]) {
    let found = kept(data, runs);
    assert!(found.is_empty(), "with runs {runs:?} alive: {found:?}");
}

pub(crate) fn kept(data: &Path, runs: &[u32]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    look(data, &mut found);
    let needed = |path: &PathBuf| {
        let of_run = |run: &u32| path.components().any(|part| part.as_os_str() == run.to_string().as_str());
        (path.ends_with("conf/config.yaml") || path.ends_with("conf/job.json")) && runs.iter().any(of_run)
    };
    // What is checked behind a page has a folder of its own, which goes with the check.
    let checks = data.join("checks");
    found.retain(|path| !(needed(path) || path.starts_with(&checks) && goes(path)));
    found
}

fn goes(path: &Path) -> bool {
    let began = Instant::now();
    while path.exists() && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(50));
    }
    !path.exists()
}

fn look(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => look(&entry.path(), found),
            Ok(kind) if kind.is_file() => {
                let bytes = std::fs::read(entry.path()).unwrap_or_default();
                if bytes.windows(MARK.len()).any(|part| part == MARK.as_bytes()) {
                    found.insert(entry.path());
                }
            }
            _ => {}
        }
    }
}

/// Looks at every process of the machine, over and over, as another user could.
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<(u32, BTreeSet<String>)>,
}

impl Watch {
    pub(crate) fn begin() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let ends = stop.clone();
        let thread = std::thread::spawn(move || {
            let (mut looks, mut found) = (0, BTreeSet::new());
            while !ends.load(Ordering::Relaxed) {
                for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
                    for name in ["cmdline", "environ"] {
                        let bytes = std::fs::read(entry.path().join(name)).unwrap_or_default();
                        let text = String::from_utf8_lossy(&bytes);
                        if text.contains(MARK) {
                            found.insert(text.replace('\0', " "));
                        }
                    }
                }
                looks += 1;
                std::thread::park_timeout(Duration::from_millis(100));
            }
            (looks, found)
        });
        Self { stop, thread }
    }

    pub(crate) fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        let (looks, found) = self.thread.join().expect("it looks");
        assert!(looks > 10 && found.is_empty(), "{looks} looks: {found:?}");
    }
}
