//! Words that a stranger can put into an address and a person into the store: on no page do they become an element, an
//! attribute or a place to go.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::draft::Pair;
use domain::form::ClusterForm;
use futures::StreamExt;
use html5gum::{StartTag, Token, Tokenizer};
use orchestrator::clock::SystemClock;
use orchestrator::confine::Launcher;
use orchestrator::first_pool as lab;
use orchestrator::provider::fake::FakeProvider;
use orchestrator::{ControlPlane, Origin, PlaneConfig, Retention, SessionLimits};

use crate::portal::{PortalProcess, fresh_folder, needed, serve};

/// Closes whatever it may stand in, and opens what is not the portal's.
const HOSTILE: &str =
    "</title></script></style>--><pwn pwn=\"1\">\"><pwn>'><pwn>\" pwn=\"1\" x=\"' pwn='1' x='";
/// The same where only a few characters fit.
const SHORT: &str = "\"><pwn>'";
/// As the names of files that lie in storage.
const FILE: &str = "\"><pwn x='1'> pwn=1 &lt;pwn&gt;";

/// What a data folder holds that a hostile person filled.
struct Filled {
    cluster: String,
    draft: String,
    operation: String,
    data: PathBuf,
}

#[tokio::test]
async fn no_page_takes_words_for_markup() {
    let filled = Box::pin(fill()).await;
    let Filled { cluster, draft, operation, data } = &filled;
    let command = serve(data, "");
    let portal = PortalProcess::started(command, data.clone()).await;
    let encoded: String = HOSTILE.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let query = query(&encoded, cluster);
    let (mut seen, mut pages) = (BTreeSet::new(), 0);
    for route in leptos_axum::generate_route_list(app::App) {
        let own = |name: &str| match name {
            "id" => cluster.clone(),
            "subscription" => "Penstock".to_owned(),
            "group" => "streaming".to_owned(),
            "pool" => "lab".to_owned(),
            "draft" => draft.clone(),
            "operation" => operation.clone(),
            "account" => "lake".to_owned(),
            "vault" => "kv".to_owned(),
            "database" => "hive".to_owned(),
            "container" => "flink".to_owned(),
            _ => String::new(),
        };
        let address = |place: &dyn Fn(&str) -> String| {
            let parts = route.path().split('/').map(|part| match part.strip_prefix('{') {
                Some(name) => place(name.trim_matches(['*', '}'])),
                None => part.to_owned(),
            });
            parts.collect::<Vec<_>>().join("/")
        };
        let mut addresses = vec![address(&own), address(&|_| encoded.clone())];
        // Each place alone too: a page may be written only where the others are right.
        for odd in
            ["id", "subscription", "group", "pool", "draft", "operation", "account", "container", "path"]
        {
            addresses.push(address(&|name| if name == odd { encoded.clone() } else { own(name) }));
        }
        for address in addresses.into_iter().collect::<BTreeSet<_>>() {
            for asked in [address.clone(), format!("{address}?{query}")] {
                let answer = portal.page(&asked).await;
                if let Some(leads) = answer.headers().get("location") {
                    let leads = leads.to_str().expect("text");
                    assert!(leads.starts_with('/') && !leads.starts_with("//"), "{asked} leads to {leads}");
                }
                let status = answer.status();
                assert!(!status.is_server_error(), "{asked}: {status}");
                let page = answer.text().await.expect("text");
                innocent(&asked, &page);
                seen.extend(page.contains("&lt;pwn").then(|| route.path().to_owned()));
                pages += 1;
            }
        }
    }
    assert!(pages > 100, "the routes are not missing by mistake: {pages}");
    for shows in [
        "/jobs",
        "/clusters/{id}/configuration",
        "/pools/{subscription}/{group}/{pool}/new/{draft}",
        "/activity",
    ] {
        assert!(seen.contains(shows), "{shows} shows what was typed: {seen:?}");
    }
    let lost = portal.page(&format!("/{encoded}")).await.text().await.expect("text");
    innocent("nowhere", &lost);
}

/// No element and no attribute is called as the hostile text would have it, and no address in an attribute leads out.
fn innocent(address: &str, page: &str) {
    for Ok(token) in Tokenizer::new(page) {
        let Token::StartTag(StartTag { name, attributes, .. }) = token else { continue };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let name = text(&name);
        assert!(!name.contains("pwn"), "{address} has an element {name}");
        for (attribute, value) in attributes {
            let (attribute, value) = (text(&attribute), text(&value.value));
            assert!(!attribute.contains("pwn"), "{address} has an attribute {attribute} of {name}");
            assert!(!attribute.starts_with("on"), "{address} has a script in {attribute} of {name}");
            let leads = ["href", "src", "action", "formaction"].contains(&attribute.as_str());
            let inside =
                value.is_empty() || (value.starts_with(['/', '#', '?', '.']) && !value.starts_with("//"));
            assert!(!leads || inside, "{address}: {attribute} of {name} leads to {value}");
        }
    }
}

/// Every field that a page of the portal reads from its address, but for the notices: each filled with the same.
fn query(words: &str, cluster: &str) -> String {
    let fields = "text state group flink owner tag sort down page size open tab shown from account container path \
                  snapshot run file go revision key stateless like start[from] start[revision] show before back confirm form[name] form[jar] \
                  form[args] form[entry_class] form[options][0][key] form[options][0][value] form[tags][0][key]";
    let filled: Vec<String> = fields.split_whitespace().map(|field| format!("{field}={words}")).collect();
    format!("action=STOP&cluster={cluster}&{}", filled.join("&"))
}

/// A data folder with a cluster whose launch failed, drafts and files, all named by somebody who means harm.
async fn fill() -> Filled {
    let data = fresh_folder();
    let fake = Arc::new(FakeProvider::default());
    let config = PlaneConfig {
        data: data.clone(),
        database: None,
        key_file: None,
        launcher: Launcher::at(needed("PENSTOCK_BIN").as_ref()),
        flink_home: needed("PENSTOCK_FLINK_HOME").into(),
        jars: needed("PENSTOCK_FLINK_JARS").into(),
        loopback: (127, 87),
        sessions: SessionLimits::default(),
        limits: Default::default(),
        retention: Retention::default(),
    };
    let jar = config.jars.join("penstock-samples.jar");
    let plane =
        ControlPlane::with_provider(config, fake.clone(), Arc::new(SystemClock)).await.expect("it opens");
    let link = plane.new_link().await.expect("a link");
    let secret =
        plane.redeem_link(&link, &Origin { agent: HOSTILE.to_owned(), address: HOSTILE.to_owned() }).await;
    let session = plane.session(&secret.expect("a session")).await.expect("the store").expect("it lasts");
    let desk = session.desk;

    let bytes = |bytes: Vec<u8>| futures::stream::iter([Ok(bytes.into())]).boxed();
    let whole = std::fs::read(&jar).expect("the jar");
    let address =
        desk.upload("lake", "flink", "job.jar", false, bytes(whole)).await.expect("uploaded").address;
    for name in [format!("{FILE}.txt"), format!("{FILE}/{FILE}.jar")] {
        put(&data.join("storage/lake/flink").join(name));
    }

    let context = desk.create_context(&lab()).await.expect("a context");
    let pair = |key: &str, value: &str| Pair { key: key.to_owned(), value: value.to_owned() };
    let typed = ClusterForm {
        name: "hostile".to_owned(),
        jar: address,
        args: format!("--say '{}'", HOSTILE.replace('\'', "")),
        options: vec![pair("metrics.scope.jm", HOSTILE), pair("user.note", HOSTILE)],
        tags: vec![pair("team", SHORT)],
        ..context.defaults.clone()
    };
    let (id, operation) = desk.create(&lab(), &typed, None, None).await.expect("created");
    fake.with(id, |world| world.refuses = Some((HOSTILE.to_owned(), false)));
    let mut changes = plane.changes();
    plane.start();
    while desk.operation(operation).await.expect("the operation").ended.is_none() {
        changes.recv().await.expect("the loop runs");
    }
    assert!(desk.operation(operation).await.expect("the operation").ended.is_some());

    let (asks, pool) = (&desk, &lab());
    let drafts: Vec<_> = futures::stream::iter(0..2).then(|_| asks.new_draft(pool)).collect().await;
    let odd = || HOSTILE.to_owned();
    let form = ClusterForm {
        version: odd(),
        name: odd(),
        account: odd(),
        container: odd(),
        network: odd(),
        subnet: odd(),
        node_size: odd(),
        worker_nodes: odd(),
        jar: odd(),
        program: "sql".to_owned(),
        sql: odd(),
        more_jars: odd(),
        entry_class: odd(),
        savepoint_directory: odd(),
        args: odd(),
        savepoint: odd(),
        upgrade_mode: odd(),
        options: vec![pair(HOSTILE, HOSTILE)],
        task_manager_cpu: odd(),
        task_manager_memory: odd(),
        job_manager_cpu: odd(),
        job_manager_memory: odd(),
        tags: vec![pair(HOSTILE, HOSTILE)],
    };
    let mut draft = String::new();
    for id in drafts {
        let id = id.expect("a draft");
        desk.keep_draft(id, &form).await.expect("kept");
        draft = id.to_string();
    }
    drop(desk);
    plane.close().await;
    Filled { cluster: id.to_string(), draft, operation: operation.to_string(), data }
}

fn put(file: &Path) {
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(file, "x").expect("written");
}
