//! Every method of the desk, asked by an owner of everything, a contributor of one pool and a reader of one cluster in
//! another, about a cluster in either pool. A method that is not in the table fails.

use std::collections::BTreeSet;
use std::path::Path;

use domain::account::AccountForm;
use domain::action::Action;
use domain::database::DatabaseForm;
use domain::draft::ClusterDraft;
use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, OperationId, SnapshotId, TokenId};
use domain::policy::{Permission, Role};
use domain::pool::{PoolForm, PoolPath};
use domain::refusal::Refusal;
use domain::scope::Scope;
use domain::token::{Lifetime, NewToken};
use domain::view::{JobQuery, Scope as Jobs};
use futures::StreamExt;
use uuid::Uuid;

use super::super::database::on_both;
use super::super::{Arguments, TestPortal};
use super::{FORGE, LAB, World};
use crate::Desk;

on_both!(everyone_is_answered_by_the_table);

/// What the owner, the contributor of lab and the reader of b1 are answered about a1, in lab, and about b1, in forge.
/// `+`: it is done, or refused for what it is; `-`: the role does not suffice; `0`: there is no such thing.
type Expected = [&'static str; 2];

const SEES_A_CLUSTER: Expected = ["++0", "+0+"];
const RUNS_A_CLUSTER: Expected = ["++0", "+0-"];
const IN_A_POOL: Expected = ["++0", "+00"];
const OWNS_A_POOL: Expected = ["+-0", "+00"];
const USES_FILES: Expected = ["++-", "++-"];
const SEES_EVERYTHING: Expected = ["+00", "+00"];
const OWNS_EVERYTHING: Expected = ["+--", "+--"];
/// Lists and what every role has: what they hold is for other tests.
const ANYBODY: Expected = ["+++", "+++"];
/// What is the owner's alone, such as a draft.
const OF_THE_OWNER: Expected = ["+00", "+00"];
/// What is done by those who may it somewhere.
const RUNS_SOMEWHERE: Expected = ["++-", "++-"];

const TABLE: &[(&str, Expected)] = &[
    ("account", ANYBODY),
    ("accounts", ANYBODY),
    ("act", RUNS_A_CLUSTER),
    ("activity", ANYBODY),
    ("activity_of", SEES_A_CLUSTER),
    ("asked", RUNS_SOMEWHERE),
    ("caller", ANYBODY),
    ("carried_update", OF_THE_OWNER),
    ("change_account", OWNS_EVERYTHING),
    ("change_database", OWNS_EVERYTHING),
    ("change_secret", OWNS_EVERYTHING),
    ("cluster", SEES_A_CLUSTER),
    ("cluster_name", SEES_A_CLUSTER),
    ("cluster_named", SEES_A_CLUSTER),
    ("change_pool", OWNS_A_POOL),
    ("change_subnet", OWNS_A_POOL),
    ("compare", SEES_A_CLUSTER),
    ("create", IN_A_POOL),
    ("create_asked", IN_A_POOL),
    ("create_context", IN_A_POOL),
    ("created", RUNS_SOMEWHERE),
    ("database", ANYBODY),
    ("databases", ANYBODY),
    ("delete", RUNS_A_CLUSTER),
    ("delete_account", OWNS_EVERYTHING),
    ("delete_database", OWNS_EVERYTHING),
    ("delete_network", OWNS_A_POOL),
    ("delete_pool", OWNS_A_POOL),
    ("delete_scope", OF_THE_OWNER),
    ("delete_secret", OWNS_EVERYTHING),
    ("delete_snapshot", RUNS_A_CLUSTER),
    ("delete_vault", OWNS_EVERYTHING),
    ("doomed_snapshots", SEES_A_CLUSTER),
    ("download", RUNS_A_CLUSTER),
    ("download_savepoint", RUNS_A_CLUSTER),
    ("draft", OF_THE_OWNER),
    ("draft_errors", OF_THE_OWNER),
    ("drafts", IN_A_POOL),
    ("drop_draft", OF_THE_OWNER),
    ("end_other_sessions", ANYBODY),
    ("end_session", ANYBODY),
    ("entry", SEES_A_CLUSTER),
    ("fits", SEES_A_CLUSTER),
    ("form_of", RUNS_A_CLUSTER),
    ("free_name", IN_A_POOL),
    ("give_role", OWNS_A_POOL),
    ("home", ANYBODY),
    ("jar", SEES_A_CLUSTER),
    ("jobs", SEES_A_CLUSTER),
    ("keep_draft", OF_THE_OWNER),
    ("keep_savepoint", USES_FILES),
    ("keep_update", RUNS_A_CLUSTER),
    ("let_read", OWNS_A_POOL),
    ("list", SEES_A_CLUSTER),
    ("list_after", SEES_A_CLUSTER),
    ("log", SEES_A_CLUSTER),
    ("logs", SEES_A_CLUSTER),
    ("name_taken", IN_A_POOL),
    ("new_account", OWNS_EVERYTHING),
    ("new_container", USES_FILES),
    ("new_database", OWNS_EVERYTHING),
    ("networks", IN_A_POOL),
    ("new_draft", IN_A_POOL),
    ("new_group", OF_THE_OWNER),
    ("new_network", OWNS_A_POOL),
    ("new_pool", OF_THE_OWNER),
    ("new_pool_edit", ANYBODY),
    ("new_subnet", OWNS_A_POOL),
    ("new_subscription", SEES_EVERYTHING),
    ("new_token", RUNS_A_CLUSTER),
    ("new_vault", OWNS_EVERYTHING),
    ("notices", ANYBODY),
    ("operation", SEES_A_CLUSTER),
    ("operations", SEES_A_CLUSTER),
    ("options", ANYBODY),
    ("parse_sql", ANYBODY),
    ("permit", SEES_A_CLUSTER),
    ("plots", SEES_A_CLUSTER),
    ("pool", IN_A_POOL),
    ("pool_details", IN_A_POOL),
    ("pool_edit", OWNS_A_POOL),
    ("pool_names", ANYBODY),
    ("pools", ANYBODY),
    ("pools_called", ANYBODY),
    ("preflight", RUNS_A_CLUSTER),
    ("preflight_draft", OF_THE_OWNER),
    ("receive_savepoint", USES_FILES),
    ("reconciler", SEES_EVERYTHING),
    ("reported", SEES_A_CLUSTER),
    ("rename_subscription", OF_THE_OWNER),
    ("revoke_token", OF_THE_OWNER),
    ("rights", ANYBODY),
    ("runs", SEES_A_CLUSTER),
    ("safeguards", ANYBODY),
    ("savepoints_in", ANYBODY),
    ("scopes", ANYBODY),
    ("search", ANYBODY),
    ("sessions", ANYBODY),
    ("set_quota", OWNS_EVERYTHING),
    ("set_quota_text", OWNS_EVERYTHING),
    ("sign_out", ANYBODY),
    ("snapshots", SEES_A_CLUSTER),
    ("states", SEES_A_CLUSTER),
    ("take_role", OWNS_A_POOL),
    ("test_account", USES_FILES),
    ("test_database", OWNS_EVERYTHING),
    ("timeline", SEES_A_CLUSTER),
    ("tokens", ANYBODY),
    ("update_context", RUNS_A_CLUSTER),
    ("upload", USES_FILES),
    ("vault", ANYBODY),
    ("vaults", ANYBODY),
    ("watches", SEES_EVERYTHING),
    ("write_secret", OWNS_EVERYTHING),
];

/// A cluster in its pool, and what is needed to ask about it.
struct About {
    cluster: ClusterId,
    pool: PoolPath,
    name: &'static str,
    operation: OperationId,
    /// The folder of its state.
    folder: String,
    scope: Scope,
    pool_scope: Scope,
}

async fn everyone_is_answered_by_the_table(portal: TestPortal) {
    let world = World::of(portal).await;
    let owner = world.portal.desk.clone();
    let contributor = world.portal.person_at("Cid", Role::Contributor, LAB).await;
    let reader = world.portal.person_at("Rea", Role::Reader, &format!("{FORGE}/clusters/b1")).await;
    let known: BTreeSet<&str> = TABLE.iter().map(|(method, _)| *method).collect();
    assert_eq!(methods(), known.into_iter().map(str::to_owned).collect());
    let places = [("lab", "a1", LAB, world.a1), ("forge", "b1", FORGE, world.b1)];
    let mut wrong = Vec::new();
    for &(method, expected) in TABLE {
        for ((pool, name, scope, cluster), expected) in places.into_iter().zip(expected) {
            let operation = owner.operations(cluster).await.expect("seen").remove(0).id;
            let pool_scope: Scope = scope.parse().expect("a scope");
            let folder = cluster.0.simple().to_string();
            let scope = pool_scope.within(name);
            let pool = super::pool(pool);
            let about = About { cluster, pool, name, operation, folder, scope, pool_scope };
            // Who may most is last, for what it does may be done once.
            let mut answered = Vec::new();
            for desk in [&reader, &contributor, &owner] {
                let outcome = Box::pin(ask(method, &world, desk, &about)).await;
                answered.insert(0, sign(&outcome));
            }
            let answered: String = answered.into_iter().collect();
            if answered != expected {
                wrong.push(format!("{method} about {name}: {answered}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn folder_account(name: &str) -> AccountForm {
    AccountForm { name: name.to_owned(), kind: "local".to_owned(), ..AccountForm::default() }
}

/// Every method of the desk that asks something, by its own source.
fn methods() -> BTreeSet<String> {
    fn named(text: &str) -> Vec<String> {
        let named = text.lines().filter_map(|line| line.strip_prefix("    pub async fn "));
        named.filter_map(|rest| rest.split('(').next()).map(str::to_owned).collect()
    }
    fn read(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in folder.read_dir().expect("the desk").flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("text");
            found.extend(named(&text));
        }
    }
    let mut found = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    read(&source.join("desk"), &mut found);
    found.extend(named(&std::fs::read_to_string(source.join("desk.rs")).expect("text")));
    // What an upload and the hints do, which a desk has let in.
    for other in ["archive", "file", "next"] {
        assert!(found.remove(other), "{other}");
    }
    found
}

fn sign(outcome: &Result<(), Refusal>) -> char {
    // What is there and holds nothing of that name says so in its own words.
    const OWN: [&str; 3] = ["has no log file", "There is no such savepoint", "This session is over"];
    match outcome {
        Err(Refusal::Forbidden(_)) => '-',
        Err(Refusal::NotFound(why)) if !OWN.iter().any(|own| why.contains(own)) => '0',
        Err(Refusal::InvalidArgument(wrong)) if wrong.message.starts_with("There is nothing at") => '0',
        _ => '+',
    }
}

async fn ask(method: &str, world: &World, desk: &Desk, about: &About) -> Result<(), Refusal> {
    let About { cluster, pool, name, operation, folder, scope, pool_scope } = about;
    let (id, owner) = (*cluster, &world.portal.desk);
    let lake = world.portal.folder.path().join("data/storage/lake/flink");
    std::fs::create_dir_all(lake.join(folder)).expect("made");
    std::fs::write(lake.join(folder).join("x"), "x").expect("written");
    let (form, file) = (ClusterForm::default(), format!("{folder}/x"));
    let draft = async || owner.keep_update(id, None, &ClusterForm::default(), &[]).await.expect("a draft");
    let database = async || {
        let text = |text: &str| text.to_owned();
        let (port, tls) = (text("5432"), text("disable"));
        let form = DatabaseForm { name: text("hive"), host: text("db"), port, database: text("hive"), tls };
        drop(owner.new_database(&form).await);
        "hive"
    };
    let vault = async || {
        // It is there already when it was asked before.
        drop(owner.new_vault("kv").await);
        "kv"
    };
    let upload = || futures::stream::empty().boxed();
    match method {
        "accounts" => desk.accounts().await.map(drop),
        "act" => desk.act(id, Action::Savepoint, Arguments::default()).await.map(drop),
        "activity" => desk.activity(&Default::default()).await.map(drop),
        "activity_of" => desk.activity_of(id).await.map(drop),
        "asked" => desk.asked("key").await.map(drop),
        "caller" => desk.caller().await.map(drop),
        "carried_update" => desk.carried_update(id, Some(draft().await), form).await.map(drop),
        "cluster" => desk.cluster(id).await.map(drop),
        "cluster_name" => desk.cluster_name(id).await.map(drop),
        "cluster_named" => desk.cluster_named(pool, name).await.map(drop),
        "change_pool" => desk.change_pool(pool, &PoolForm::default()).await,
        "change_subnet" => desk.change_subnet(pool, "default", "default", "").await,
        "compare" => desk.compare(id, 1, 1).await.map(drop),
        "create" => desk.create(pool, &form, None, None).await.map(drop),
        "create_asked" => desk.create_asked(pool, &ClusterDraft::default(), None).await.map(drop),
        "create_context" => desk.create_context(pool).await.map(drop),
        "created" => desk.created(DraftId(Uuid::nil())).await.map(drop),
        "delete" => desk.delete("lake", "flink", &file).await,
        "delete_network" => desk.delete_network(pool, "default", None).await,
        "delete_pool" => desk.delete_pool(pool).await,
        "delete_scope" => desk.delete_scope(pool.subscription(), Some(pool.group())).await,
        "delete_snapshot" => desk.delete_snapshot(id, SnapshotId(Uuid::nil())).await,
        "doomed_snapshots" => desk.doomed_snapshots(id).await.map(drop),
        "download" => desk.download("lake", "flink", &file).await.map(drop),
        "download_savepoint" => desk.download_savepoint("lake", "flink", folder).await.map(drop),
        "draft" => desk.draft(draft().await).await.map(drop),
        "draft_errors" => {
            let context = owner.create_context(pool).await.expect("a context");
            desk.draft_errors(draft().await, &context).await.map(drop)
        }
        "drafts" => desk.drafts(pool).await.map(drop),
        "drop_draft" => desk.drop_draft(draft().await).await,
        "end_other_sessions" => desk.end_other_sessions().await.map(drop),
        "end_session" => desk.end_session("none").await,
        "entry" => desk.entry("lake", "flink", &file).await.map(drop),
        "fits" => desk.fits(id).await.map(drop),
        "form_of" => desk.form_of(id, 1).await.map(drop),
        "free_name" => desk.free_name(pool, "name").await.map(drop),
        "give_role" => {
            let to = world.portal.nobody("Ben").await.actor().id;
            desk.give_role(to, Role::Reader, pool_scope).await.map(drop)
        }
        "home" => desk.home().await.map(drop),
        "jar" => desk.jar(&format!("abfs://flink@lake.dfs.core.windows.net/{file}")).await.map(drop),
        "jobs" => desk.jobs(&JobQuery { scope: Jobs::Cluster(id), ..JobQuery::default() }).await.map(drop),
        "keep_draft" => desk.keep_draft(draft().await, &form).await.map(drop),
        "keep_savepoint" => {
            let upload = owner.receive_savepoint("lake", "flink", "in", Some("s")).await.expect("begun");
            desk.keep_savepoint(upload).await.map(drop)
        }
        "keep_update" => desk.keep_update(id, None, &form, &[]).await.map(drop),
        "let_read" => desk.let_read(pool, "").await,
        "list" => desk.list("lake", "flink", folder).await.map(drop),
        "list_after" => desk.list_after("lake", "flink", folder, "").await.map(drop),
        "log" => desk.log(id, 1, "none.log", None).await.map(drop),
        "logs" => desk.logs(id).await.map(drop),
        "name_taken" => desk.name_taken(pool, "name").await.map(drop),
        "new_container" => desk.new_container("lake", "new").await,
        "networks" => desk.networks(pool).await.map(drop),
        "new_group" => desk.new_group(pool.subscription(), "").await,
        "new_network" => desk.new_network(pool, "", "").await,
        "new_pool" => desk.new_pool(pool.subscription(), pool.group(), &PoolForm::default()).await.map(drop),
        "new_pool_edit" => desk.new_pool_edit().await.map(drop),
        "new_subnet" => desk.new_subnet(pool, "default", "", "").await,
        "new_subscription" => desk.new_subscription("").await,
        "new_draft" => desk.new_draft(pool).await.map(drop),
        "new_token" => {
            let lifetime = Lifetime::default();
            let new =
                NewToken { name: "ci".to_owned(), role: Role::Contributor, scope: scope.clone(), lifetime };
            desk.new_token(&new).await.map(drop)
        }
        "notices" => desk.notices().await.map(drop),
        "operation" => desk.operation(*operation).await.map(drop),
        "operations" => desk.operations(id).await.map(drop),
        "options" => desk.options("1.2.1").await.map(drop),
        "parse_sql" => desk.parse_sql("").await.map(drop),
        "permit" => desk.permit(Permission::See, scope).await.map(drop),
        "plots" => desk.plots(id, 30).await.map(drop),
        "pool" => desk.pool(pool).await.map(drop),
        "pool_details" => desk.pool_details(pool).await.map(drop),
        "pool_edit" => desk.pool_edit(pool).await.map(drop),
        "pool_names" => desk.pool_names().await.map(drop),
        "pools" => desk.pools().await.map(drop),
        "pools_called" => desk.pools_called("lab").await.map(drop),
        "preflight" => desk.preflight(pool, &form, Some(id), false).await.map(drop),
        "preflight_draft" => desk.preflight_draft(draft().await, &form).await.map(drop),
        "receive_savepoint" => desk.receive_savepoint("lake", "flink", "in", None).await.map(drop),
        "reconciler" => desk.reconciler().await.map(drop),
        "reported" => desk.reported(id).await.map(drop),
        "rename_subscription" => desk.rename_subscription(pool.subscription(), "").await,
        "revoke_token" => {
            let (lifetime, scope) = (Lifetime::default(), scope.clone());
            let new = NewToken { name: "ci".to_owned(), role: Role::Reader, scope, lifetime };
            let made: TokenId = owner.new_token(&new).await.expect("made").0.id;
            desk.revoke_token(made).await
        }
        "rights" => desk.rights().await.map(drop),
        "runs" => desk.runs(id).await.map(drop),
        "safeguards" => desk.safeguards().await.map(drop),
        "savepoints_in" => desk.savepoints_in("lake", "flink").await.map(drop),
        "scopes" => desk.scopes().await.map(drop),
        "search" => desk.search("").await.map(drop),
        "account" => desk.account("lake").await.map(drop),
        "change_account" => desk.change_account(&folder_account("lake")).await,
        "delete_account" => desk.delete_account("lake").await,
        "new_account" => {
            let name = format!("new-{}", Uuid::new_v4().simple());
            desk.new_account(&folder_account(&name), "flink").await
        }
        "test_account" => desk.test_account("lake", "flink").await.map(drop),
        "sessions" => desk.sessions().await.map(drop),
        "set_quota" => desk.set_quota("lake", None).await,
        "set_quota_text" => desk.set_quota_text("lake", "").await,
        "sign_out" => desk.sign_out().await,
        "snapshots" => desk.snapshots(id).await.map(drop),
        "states" => desk.states(id).await.map(drop),
        "take_role" => {
            let to = world.portal.nobody("Ben").await.actor().id;
            let given = owner.give_role(to, Role::Reader, pool_scope).await.expect("given");
            desk.take_role(given).await
        }
        "timeline" => desk.timeline(id, 30).await.map(drop),
        "tokens" => desk.tokens().await.map(drop),
        "update_context" => desk.update_context(id).await.map(drop),
        "upload" => desk.upload("lake", "flink", "new/file", true, upload()).await.map(drop),
        "watches" => desk.watches().await,
        "databases" => desk.databases().await.map(drop),
        "database" => desk.database(database().await).await.map(drop),
        "new_database" => desk.new_database(&DatabaseForm::default()).await,
        "change_database" => desk.change_database(database().await, &DatabaseForm::default()).await,
        "delete_database" => desk.delete_database(database().await).await,
        "test_database" => desk.test_database(database().await, "", "").await.map(drop),
        "vaults" => desk.vaults().await.map(drop),
        "vault" => desk.vault(vault().await).await.map(drop),
        "new_vault" => desk.new_vault("new").await,
        "delete_vault" => desk.delete_vault(vault().await).await,
        "write_secret" => desk.write_secret(vault().await, "s", "value", "").await.map(drop),
        "change_secret" => {
            owner.write_secret(vault().await, "s", "value", "").await.expect("written");
            desk.change_secret("kv", "s", 1, true, "").await
        }
        "delete_secret" => {
            owner.write_secret(vault().await, "s", "value", "").await.expect("written");
            desk.delete_secret("kv", "s").await
        }
        other => panic!("{other} is asked by nobody here"),
    }
}
