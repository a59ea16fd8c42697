//! Which bytes a cluster runs and which ones an update would take, as its pages say it; on real Flink, since only what
//! was created has any.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::portal::PortalProcess;
use crate::secrets::{act, asked, created, page};

const JAR: &str = "/files/lake/flink/jars/samples.jar";

#[tokio::test]
async fn pages_say_which_bytes_run_and_what_an_update_would_take() {
    let portal = PortalProcess::signed_in().await;
    let samples = format!("{}/penstock-samples.jar", std::env::var("PENSTOCK_FLINK_JARS").expect("set"));
    let old = std::fs::read(samples).expect("the samples");
    put(&portal, JAR, &old).await;
    let id = orders(&portal).await;

    let digest = hex::encode(Sha256::digest(&old));
    let update = format!("/clusters/{id}/update");
    let same = format!("Nothing in the form. The jar at its address is the very same: {}, ", &digest[..12]);
    assert!(page(&portal, &update).await.contains(&same));
    assert!(page(&portal, &format!("/clusters/{id}/configuration")).await.contains(&digest));
    let told = asked(&portal, "cluster-json", json!({ "id": id })).await;
    assert!(told.as_str().is_some_and(|told| told.contains(&format!("\"sha256\": \"{digest}\""))), "{told}");

    let one = "1 cluster uses it; it goes on with the bytes that it has until it is updated.";
    assert!(page(&portal, "/storage/lake/flink/jars").await.contains(one));
    let delete = "/storage/delete?account=lake&container=flink&path=jars/samples.jar&back=/storage";
    assert!(page(&portal, delete).await.contains(one));

    // The zip format lets an archive end with a comment: other bytes, the same classes.
    let mut new = old.clone();
    let length = new.len() - 2;
    new[length..].copy_from_slice(&4_u16.to_le_bytes());
    new.extend(b"anew");
    put(&portal, &format!("{JAR}?replace=true"), &new).await;
    let shown = page(&portal, &update).await;
    let short = &hex::encode(Sha256::digest(&new))[..12];
    for part in ["Nothing in the form.", "jar file", &digest[..12], short] {
        assert!(shown.contains(part), "{part}");
    }
    assert!(page(&portal, &format!("/clusters/{id}/configuration")).await.contains(&digest));
    act(&portal, &id, "DELETE").await;
}

async fn put(portal: &PortalProcess, path: &str, jar: &[u8]) {
    let answer = portal.known("PUT", path).body(jar.to_vec()).send().await.expect("an answer");
    assert_eq!(answer.status(), 201);
}

/// A cluster that runs that jar.
async fn orders(portal: &PortalProcess) -> String {
    let draft = asked(portal, "new-draft", json!({ "pool": "Penstock/streaming/lab" })).await;
    let draft = draft.as_str().expect("its id").to_owned();
    let mut form = asked(portal, "creation", json!({ "id": draft })).await["context"]["defaults"].clone();
    form["name"] = "orders".into();
    form["jar"] = "abfs://flink@lake.dfs.core.windows.net/jars/samples.jar".into();
    form["entry_class"] = "penstock.samples.Counter".into();
    asked(portal, "keep-draft", json!({ "id": draft, "form": form })).await;
    let (_, operation) = created(portal, &draft).await;
    operation["cluster"].as_str().expect("its id").to_owned()
}
