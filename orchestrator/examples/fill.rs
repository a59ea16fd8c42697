//! Fills a data folder with clusters at rest, for benches and screens of many rows:
//! `cargo run --release -p orchestrator --example fill -- DATA 10000`.
//!
//! They go through the store as every cluster does, but no pass ever looks at them: they are not due in this century,
//! and their addresses lie outside every subnet.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use domain::id::{ClusterId, OperationId, PersonId};
use domain::lifecycle::{Ask, Intent, Restore};
use domain::policy::{Actor, Role};
use domain::spec::ClusterSpec;
use domain::state::State;
use jiff::{SignedDuration, Timestamp};
use orchestrator::clock::SystemClock;
use orchestrator::provider::fake::FakeProvider;
use orchestrator::store::figure::Figures;
use orchestrator::store::fill::Picture;
use orchestrator::store::record::Creation;
use orchestrator::store::sample::Sample;
use orchestrator::{ControlPlane, PlaneConfig};
use uuid::Uuid;

const STATES: [State; 10] = [
    State::Running,
    State::Running,
    State::Running,
    State::Running,
    State::Running,
    State::Running,
    State::Stopped,
    State::Canceled,
    State::Failed,
    State::Finished,
];
const TEAMS: [&str; 7] = ["orders", "risk", "web", "supply", "iot", "crm", "core"];

/// Clusters with measurements: those of the first pages.
const MEASURED: u32 = 400;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(data), Some(count)) = (arguments.next(), arguments.next().and_then(|n| n.parse::<u32>().ok()))
    else {
        eprintln!("fill DATA COUNT");
        std::process::exit(2);
    };
    let config = PlaneConfig {
        data: PathBuf::from(data),
        database: arguments.next(),
        flink_home: PathBuf::new(),
        jars: PathBuf::new(),
        loopback: (127, 4),
    };
    let plane =
        match ControlPlane::with_provider(config, Arc::new(FakeProvider::default()), Arc::new(SystemClock))
            .await
        {
            Ok(plane) => plane,
            Err(error) => {
                eprintln!("{error}");
                std::process::exit(1);
            }
        };
    let began = std::time::Instant::now();
    if let Err(error) = fill(&plane, count).await {
        eprintln!("{error}");
        std::process::exit(1);
    }
    plane.close().await;
    println!("{count} clusters in {:.1} s", began.elapsed().as_secs_f64());
}

async fn fill(plane: &ControlPlane, count: u32) -> Result<(), orchestrator::store::StoreError> {
    let store = plane.store();
    store.hurry().await?;
    let Some(pool) = store.pools().await?.into_iter().next() else { return Ok(()) };
    let now = plane.now();
    for n in 0..count {
        let owner = TEAMS[n as usize % TEAMS.len()];
        let actor = Actor { id: PersonId(Uuid::nil()), name: format!("{owner}-team"), role: Role::Owner };
        let spec = spec(n, owner);
        let id = ClusterId(Uuid::new_v4());
        let operation = OperationId(Uuid::now_v7());
        let intent = Intent { operation, ask: Ask::Start { revision: 1, from: Restore::Fresh } };
        let [_, a, b, c] = n.to_be_bytes();
        let creation = Creation {
            id,
            pool: pool.id,
            address: Ipv4Addr::new(10, a, b, c),
            spec: &spec,
            flink: "1.20.5",
            needs: (0, 0),
            intent: &intent,
            actor: &actor,
            arguments: BTreeMap::new(),
            key: None,
        };
        store.create_cluster(&creation, now).await?;
        let ago =
            |seconds: u32| now.checked_sub(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(now);
        let state = STATES[n as usize % STATES.len()];
        let picture = Picture { cluster: id, operation, state, since: ago(n * 37 % 900_000) };
        store.paint(&picture).await?;
        let figures = Figures {
            run: 1,
            parallelism: 1 << (n % 6),
            restarts: n * 7 % 11 / 9,
            checkpoint_at: Some(ago(n * 13 % 600)),
            checkpoint_ms: Some(400),
            checkpoint_size: Some(1 << 20),
            records_in: Some(f64::from(n % 1000)),
        };
        store.keep_figures(id, &figures, now).await?;
        if n < MEASURED {
            measure(plane, id, n, now).await?;
        }
    }
    Ok(())
}

async fn measure(
    plane: &ControlPlane,
    id: ClusterId,
    n: u32,
    now: Timestamp,
) -> Result<(), orchestrator::store::StoreError> {
    for minute in 0..30_u32 {
        let at = now.checked_sub(SignedDuration::from_mins(i64::from(minute))).unwrap_or(now);
        let rate = f64::from(1000 + (n * 31 + minute * 17) % 400);
        let sample = Sample { records_in: Some(rate), records_out: Some(rate / 2.0), ..Sample::default() };
        plane.store().keep_sample(id, &sample, at).await?;
    }
    Ok(())
}

fn spec(n: u32, team: &str) -> ClusterSpec {
    serde_json::from_value(serde_json::json!({
        "name": format!("job-{n:05}"), "version": "1.2.1", "account": "lake", "container": "flink",
        "node_size": "Standard_D2", "worker_nodes": 1,
        "job": {
            "jar": "abfs://flink@lake.dfs.core.windows.net/jars/job.jar", "entry_class": null, "args": "",
            "savepoint": null, "upgrade_mode": "UPDATE", "options": {}
        },
        "task_manager": { "cpu": 2.0, "memory_mb": 2048 },
        "job_manager": { "cpu": 1.0, "memory_mb": 1800 },
        "tags": { "team": team, "tier": (n % 3).to_string() }
    }))
    .expect("this is a specification")
}
