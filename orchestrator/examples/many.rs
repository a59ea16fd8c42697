//! A control plane of thousands of running clusters on the fake provider, in a process of its own: what the reconciler,
//! the sampler and the store need for them. `cargo xtask bench` runs it and copies the clusters in between.
//!
//! ```text
//! many make DIR FLINK_HOME JARS    one running cluster, named `model`; Flink's own classes check what is created
//! many follow DIR SECONDS          follows all that there are, with 50 changes a second; prints figures as JSON
//! ```

use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::lifecycle::JobStatus;
use domain::state::State;
use domain::view::JobQuery;
use orchestrator::clock::SystemClock;
use orchestrator::confine::Launcher;
use orchestrator::first_pool as lab;
use orchestrator::provider::fake::FakeProvider;
use orchestrator::sampler::Sample;
use orchestrator::{ControlPlane, Desk, PlaneConfig, Retention, SessionLimits};
use tokio::sync::broadcast::error::RecvError;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What happens to all clusters together, each second.
const CHANGES: u32 = 50;
/// What a start costs is not measured.
const WARM_UP: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    // Flink's classes are asked within bounds, for which this program starts itself; before there are threads.
    if let Some(done) = orchestrator::confine::asked() {
        return done;
    }
    let done = tokio::runtime::Runtime::new().map_err(Into::into).and_then(|runtime| runtime.block_on(run()));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder, flink_home, jars] => make(Path::new(folder), flink_home.into(), jars.into()).await,
        ["follow", folder, seconds] => follow(Path::new(folder), Duration::from_secs(seconds.parse()?)).await,
        _ => Err("many make DIR FLINK_HOME JARS | many follow DIR SECONDS".into()),
    }
}

async fn open(
    folder: &Path,
    flink_home: PathBuf,
    jars: PathBuf,
) -> Result<(ControlPlane, Arc<FakeProvider>, Desk)> {
    let fake = Arc::new(FakeProvider::default());
    let config = PlaneConfig {
        data: folder.to_owned(),
        database: None,
        key_file: None,
        flink_home,
        jars,
        launcher: Launcher::own(),
        loopback: (127, 91),
        sessions: SessionLimits::default(),
        limits: domain::lifecycle::Limits::default(),
        retention: Retention::default(),
    };
    let plane = ControlPlane::with_provider(config, fake.clone(), Arc::new(SystemClock)).await?;
    let desk = plane.own_desk("Bench");
    Ok((plane, fake, desk))
}

async fn make(folder: &Path, flink_home: PathBuf, jars: PathBuf) -> Result<()> {
    let program = std::fs::read(jars.join("penstock-samples.jar"))?;
    let (plane, _, desk) = open(folder, flink_home, jars).await?;
    let jar = folder.join("storage/lake/flink/model.jar");
    std::fs::create_dir_all(jar.parent().unwrap_or(folder))?;
    std::fs::write(jar, program)?;
    let form = ClusterForm {
        name: "model".to_owned(),
        jar: "abfs://flink@lake.dfs.core.windows.net/model.jar".to_owned(),
        ..desk.create_context(&lab()).await?.defaults
    };
    let (id, _) = desk.create(&lab(), &form, None, None).await?;
    let mut changes = plane.changes();
    plane.start();
    while desk.cluster(id).await?.row.state != State::Running {
        changes.recv().await?;
    }
    plane.close().await;
    Ok(())
}

async fn follow(folder: &Path, measured: Duration) -> Result<()> {
    let (plane, fake, desk) = open(folder, PathBuf::new(), PathBuf::new()).await?;
    let clusters = running(&desk).await?;
    for id in &clusters {
        fake.with(*id, |world| {
            (world.alive, world.last, world.job) = (Some(1), Some(1), Some(JobStatus::Running));
            world.figures = Some(Sample { parallelism: 2, records_in: Some(1000.0), ..Sample::default() });
        });
    }
    let news = Arc::new(News::default());
    let hears = tokio::spawn(hear(plane.clone(), news.clone()));
    plane.start();
    tokio::time::sleep(WARM_UP).await;
    let (processor_before, start) = (processor()?, Instant::now());
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / CHANGES);
    let mut changes = 0;
    for id in clusters.iter().cycle() {
        if start.elapsed() > measured {
            break;
        }
        ticks.tick().await;
        news.changes(*id);
        fake.with(*id, |world| {
            world.job = Some(match world.job {
                Some(JobStatus::Running) => JobStatus::Restarting,
                _ => JobStatus::Running,
            });
        });
        changes += 1;
    }
    let cores = (processor()? - processor_before) / start.elapsed().as_secs_f64();
    let memory_mb = peak_memory_mb()?;
    // What was changed last is told within this.
    tokio::time::sleep(WARM_UP).await;
    let reconciler = plane.reconciler();
    plane.close().await;
    hears.abort();
    let (untold, delay_s) = news.summary();
    let figures = serde_json::json!({
        "clusters": clusters.len(), "changes": changes, "untold": untold, "cores": cores, "memory_mb": memory_mb,
        "delay_s": delay_s, "passes": reconciler.passes, "failures": reconciler.failures,
    });
    println!("{figures}");
    Ok(())
}

/// Every cluster that runs.
async fn running(desk: &Desk) -> Result<Vec<ClusterId>> {
    let mut ids = Vec::new();
    loop {
        let page = u32::try_from(ids.len() / 200)?;
        let rows = desk.jobs(&JobQuery { page, size: 200, ..JobQuery::default() }).await?.rows;
        ids.extend(rows.iter().filter(|row| row.state == State::Running).map(|row| row.cluster));
        if rows.len() < 200 {
            return Ok(ids);
        }
    }
}

/// What was changed, and how long it took until browsers would have been told.
#[derive(Default)]
struct News(Mutex<(HashMap<ClusterId, Instant>, Vec<Duration>)>);

impl News {
    fn changes(&self, id: ClusterId) {
        self.lock().0.insert(id, Instant::now());
    }

    fn told(&self, id: ClusterId) {
        let mut news = self.lock();
        if let Some(changed) = news.0.remove(&id) {
            news.1.push(changed.elapsed());
        }
    }

    /// Changes that were never told, and the delay that one in twenty exceeds, seconds.
    fn summary(&self) -> (usize, f64) {
        let mut news = self.lock();
        news.1.sort();
        let late = news.1.get(news.1.len() * 95 / 100).copied().unwrap_or(Duration::MAX);
        (news.0.len(), late.as_secs_f64())
    }

    fn lock(&self) -> MutexGuard<'_, (HashMap<ClusterId, Instant>, Vec<Duration>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears what browsers are told.
async fn hear(plane: ControlPlane, news: Arc<News>) {
    let mut changes = plane.changes();
    loop {
        match changes.recv().await {
            Ok(change) => change.cluster.into_iter().for_each(|id| news.told(id)),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// What this process has had of processors, seconds.
fn processor() -> Result<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Ok(Duration::try_from(time)?.as_secs_f64())
}

/// The most memory that this process has had at once, MB.
fn peak_memory_mb() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).ok_or("no figure")?.parse()?;
    Ok(kilobytes * 1024.0 / 1e6)
}
