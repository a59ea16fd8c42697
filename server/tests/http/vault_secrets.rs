//! The same as in [`crate::secrets`] with a secret of a key vault: its value is planted in the vault, named in options and
//! arguments, and searched wherever somebody could look. On real Flink, since that is where it has to arrive.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::portal::PortalProcess;
use crate::secrets::{MARK, Watch, act, asked, created, files_hold_none, form_post, page};

const POOL: &str = "Penstock/streaming/lab";

#[tokio::test]
async fn a_secret_of_a_key_vault_reaches_the_job_and_nobody_else() {
    let log = std::env::temp_dir().join(format!("portal-{}.log", uuid::Uuid::now_v7().simple()));
    let portal = PortalProcess::within(&format!("export RUST_LOG=info\nexec 2>{}", log.display())).await;
    let processes = Watch::begin();
    let jar = format!("{}/penstock-samples.jar", std::env::var("PENSTOCK_FLINK_JARS").expect("set"));
    let jar = std::fs::read(jar).expect("the samples");
    let put = portal.known("PUT", "/files/lake/flink/jars/samples.jar").body(jar).send();
    assert_eq!(put.await.expect("an answer").status(), 201);
    let value = format!("{MARK} 'vault' \"value\"");
    done(&portal, "new-vault", &[("name", "kv")]).await;
    done(&portal, "write-secret", &[("vault", "kv"), ("secret", "db"), ("value", &value)]).await;
    page(&portal, "/vaults/kv").await;

    let draft = asked(&portal, "new-draft", json!({ "pool": POOL })).await;
    let draft = draft.as_str().expect("its id").to_owned();
    let mut form = asked(&portal, "creation", json!({ "id": draft })).await["context"]["defaults"].clone();
    form["name"] = "orders".into();
    form["jar"] = "abfs://flink@lake.dfs.core.windows.net/jars/samples.jar".into();
    form["entry_class"] = "penstock.samples.Counter".into();
    form["args"] = "--rate 50 --password ${kv/db} --user ${kv/db/1}".into();
    form["options"] = json!([
        { "key": "my.plain", "value": "a ${kv/db} b" },
        { "key": "my.password", "value": "${kv/db}" },
        { "key": "execution.checkpointing.interval", "value": "2 s" },
    ]);
    asked(&portal, "keep-draft", json!({ "id": draft, "form": form })).await;
    let report = json!({ "pool": POOL, "form": form, "draft": draft, "cluster": null, "stateless": false });
    let report = asked(&portal, "preflight", report).await;
    assert!(report.to_string().contains("Secrets can be read"), "{report}");
    let (_, seen) = created(&portal, &draft).await;
    let id = seen["cluster"].as_str().expect("its id").to_owned();
    arrived(&portal.data, &id, &value);
    everywhere(&portal, &id).await;
    files_hold_none(&portal.data, &[1]);

    // A `main` that quotes it is refused in its words, but for that.
    let view = asked(&portal, "updating", json!({ "id": id, "typed": null })).await;
    let mut wrong = view["form"].clone();
    assert_eq!(wrong["args"], form["args"], "a reference is shown as it is");
    wrong["args"] = "--rate 50 ${kv/db}".into();
    let check = json!({ "pool": POOL, "form": wrong, "draft": null, "cluster": id, "stateless": false });
    let check = asked(&portal, "preflight", check).await;
    assert!(check.to_string().contains("Expected --name value"), "{check}");

    // A job that runs goes on without it; another start is refused beforehand.
    let off = [("vault", "kv"), ("secret", "db"), ("version", "1"), ("enabled", "false")];
    done(&portal, "change-secret", &off).await;
    act(&portal, &id, "SAVEPOINT").await;
    act(&portal, &id, "STOP").await;
    let told = Instant::now();
    while holds(&portal.data) && told.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    files_hold_none(&portal.data, &[]);
    let fields =
        [("action", "START"), ("clusters[0]", &*id)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let refused =
        form_post(&portal, "act", &fields).send().await.expect("an answer").text().await.expect("text");
    assert!(refused.contains("The secret kv/db is disabled"), "{refused}");
    everywhere(&portal, &id).await;
    processes.end();
    let said = std::fs::read_to_string(&log).expect("its log");
    assert!(!said.is_empty() && !said.contains(MARK), "the portal's log: {said}");
    act(&portal, &id, "DELETE").await;
    files_hold_none(&portal.data, &[]);
    drop(std::fs::remove_file(log));
}

async fn done(portal: &PortalProcess, function: &str, fields: &[(&str, &str)]) {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let answer = form_post(portal, function, &fields).send().await.expect("an answer");
    let (status, text) = (answer.status(), answer.text().await.expect("text"));
    assert!(status.is_success() && !text.contains(MARK), "{function}: {status} {text}");
}

/// Flink was given it, by files that are their owner's alone.
fn arrived(data: &Path, id: &str, value: &str) {
    let conf = data.join("clusters").join(id.replace('-', "")).join("1").join("conf");
    let read = |name: &str| {
        let file = conf.join(name);
        assert_eq!(file.metadata().expect(name).permissions().mode() & 0o777, 0o600, "{name}");
        std::fs::read_to_string(file).expect("text")
    };
    let job: Value = serde_json::from_str(&read("job.json")).expect("JSON");
    assert_eq!(job["arguments"], json!(["--rate", "50", "--password", value, "--user", value]));
    let written = |text: &str| Value::from(text).to_string();
    let options = read("config.yaml");
    for (key, value) in [("my.plain", format!("a {value} b")), ("my.password", value.to_owned())] {
        assert!(options.contains(&format!("\"{key}\": {}\n", written(&value))), "{key} did not arrive");
    }
}

/// Whether any file but those of the portal's own rows still has it.
fn holds(data: &Path) -> bool {
    crate::secrets::kept(data, &[]).into_iter().next().is_some()
}

async fn everywhere(portal: &PortalProcess, id: &str) {
    for path in ["/", "/jobs", "/activity", "/resources", "/vaults/kv"] {
        page(portal, path).await;
    }
    let pages = ["", "/details", "/operations", "/logs", "/configuration", "/activity", "/update", "/view"];
    for name in pages {
        page(portal, &format!("/clusters/{id}{name}")).await;
    }
    for file in ["jobmanager.log", "jobmanager.out", "taskmanager-1.log"] {
        page(portal, &format!("/clusters/{id}/logs?run=1&file={file}")).await;
        let log = json!({ "id": id, "run": 1, "name": file, "from": null });
        if file.ends_with(".log") {
            asked(portal, "log", log).await;
        }
    }
    for function in ["cluster", "cluster-json", "operations", "activity-of", "runs", "states", "reported"] {
        asked(portal, function, json!({ "id": id })).await;
    }
    asked(portal, "vault", json!({ "name": "kv" })).await;
    asked(portal, "updating", json!({ "id": id, "typed": null })).await;
}
