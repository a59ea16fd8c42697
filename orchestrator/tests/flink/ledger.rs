//! No number is lost and none is done twice: a job that writes every number down with the count in its state, driven
//! through the desk of the whole portal. Where a run begins is exact, so nobody who dropped state could write the same.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::action::Action;
use domain::address::Address;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::lifecycle::Restore;
use domain::state::State;
use domain::view::OperationView;
use futures::StreamExt;
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;
use orchestrator::{ControlPlane, Desk};
use rustix::process::Signal;

use crate::line::ended;
use crate::world::{World, test};

/// Flink takes a snapshot only where it is asked to.
pub(crate) const SELDOM: (&str, &str) = ("execution.checkpointing.interval", "10 min");
pub(crate) const OFTEN: (&str, &str) = ("execution.checkpointing.interval", "1 s");
/// A job that fails stays so.
pub(crate) const ONCE: (&str, &str) = ("restart-strategy.type", "none");

#[test]
fn stop_start_and_update_go_on_at_the_very_next_number() {
    test(async |mut world| {
        let line = Line::open(&mut world, "", &[OFTEN]).await;
        line.grows(1).await;
        line.succeeds(Action::Stop, State::Stopped).await;
        line.succeeds(Action::Start, State::Running).await;
        line.grows(2).await;
        line.succeeds(Action::Update, State::Running).await;
        line.grows(3).await;
        assert_eq!(line.lives(1).first().map(|life| life.start), Some(0));
        for run in [2, 3] {
            let (before, now) = (line.lives(run - 1), line.lives(run));
            assert_eq!(
                now.first().unwrap().start,
                before.last().unwrap().end,
                "run {run}: {before:?}, {now:?}"
            );
        }
        line.plane.close().await;
    });
}

#[test]
fn what_failed_or_was_cancelled_goes_on_from_its_newest_checkpoint_and_not_from_an_older_savepoint() {
    test(async |mut world| {
        let line = Line::open(&mut world, "fails 800", &[OFTEN, ONCE]).await;
        line.grows(1).await;
        assert_eq!(line.act(Action::Savepoint).await.succeeded, Some(true));
        let saved = line.count(1);
        line.until(State::Failed).await;
        line.succeeds(Action::Start, State::Running).await;
        line.grows(2).await;
        let begun = line.lives(2)[0].start;
        assert!(begun > saved && begun <= line.lives(1)[0].end, "{begun}, saved at {saved}");
        line.until(State::Failed).await;

        // Corrected while it is at rest.
        let corrected = ClusterForm { args: String::new(), ..line.form.clone() };
        let arguments = Arguments { form: Some(corrected), ..Arguments::default() };
        let update = line.desk.act(line.id, Action::Update, arguments).await.unwrap();
        let update = ended(&line.desk, update).await;
        assert_eq!(update.succeeded, Some(true), "{}", update.message);
        let reached = line.checkpointed(3).await;
        assert!(line.lives(3)[0].start > begun, "{:?}, {begun}", line.lives(3));
        line.succeeds(Action::Cancel, State::Canceled).await;
        line.succeeds(Action::Start, State::Running).await;
        line.grows(4).await;
        assert!(line.lives(4)[0].start >= reached, "{:?}, reached {reached}", line.lives(4));

        // What was dropped on purpose does not come back by itself.
        line.succeeds(Action::StatelessUpdate, State::Running).await;
        let reached = line.checkpointed(5).await;
        line.succeeds(Action::Cancel, State::Canceled).await;
        line.succeeds(Action::Start, State::Running).await;
        line.grows(6).await;
        assert_eq!(line.lives(5)[0].start, 0);
        let begun = line.lives(6)[0].start;
        assert!(begun >= reached && begun <= line.lives(5)[0].end, "{begun}, reached {reached}");
        line.plane.close().await;
    });
}

#[test]
fn a_lost_job_manager_costs_what_came_after_its_newest_checkpoint() {
    test(async |mut world| {
        let line = Line::open(&mut world, "", &[OFTEN]).await;
        line.loses_its_job_manager(&mut world).await;
        line.plane.close().await;
    });
}

#[test]
fn a_stop_whose_savepoint_is_complete_has_stopped_whatever_becomes_of_the_job() {
    test(async |mut world| {
        let line = Line::open(&mut world, "commits", &[SELDOM]).await;
        line.grows(1).await;
        line.succeeds(Action::Stop, State::Stopped).await;
        let events = line.desk.activity_of(line.id).await.unwrap().events;
        let told = events.iter().find(|event| event.title == "The job failed while it was stopped");
        assert!(told.is_some_and(|event| event.detail.contains("savepoint is complete")), "{events:#?}");
        line.succeeds(Action::Start, State::Running).await;
        line.grows(2).await;
        assert_eq!(line.lives(2)[0].start, line.lives(1).last().unwrap().end);
        line.plane.close().await;
    });
}

#[test]
fn an_update_whose_job_manager_hangs_after_the_savepoint_uses_that_savepoint() {
    test(async |mut world| {
        let heartbeat = [("heartbeat.timeout", "6 s"), ("heartbeat.interval", "1 s")];
        let line = Line::open(&mut world, "", &[SELDOM, heartbeat[0], heartbeat[1]]).await;
        line.grows(1).await;
        let savepoints = line.savepoints();
        let update = line.desk.act(line.id, Action::Update, Arguments::default()).await.unwrap();
        let began = Instant::now();
        while line.savepoints() == savepoints {
            assert!(began.elapsed() < Duration::from_secs(60), "no savepoint is written");
            tokio::task::yield_now().await;
        }
        let hangs = world.signal("jobmanager", Signal::STOP);
        // Longer than the task managers wait for it.
        tokio::time::sleep(Duration::from_secs(9)).await;
        for pid in hangs {
            rustix::process::kill_process(pid, Signal::CONT).unwrap();
        }
        let update = ended(&line.desk, update).await;
        assert_eq!(update.succeeded, Some(true), "{}", update.message);
        line.until_run(2).await;
        line.grows(2).await;
        assert_eq!(line.lives(2)[0].start, line.lives(1).last().unwrap().end);
        line.plane.close().await;
    });
}

#[test]
fn a_savepoint_that_was_downloaded_and_deleted_comes_back_by_upload_with_the_very_count() {
    test(async |mut world| {
        let line = Line::open(&mut world, "", &[SELDOM]).await;
        line.grows(1).await;
        line.succeeds(Action::Stop, State::Stopped).await;
        let taken = line.desk.snapshots(line.id).await.unwrap().remove(0);
        let address = Address::parse(&taken.path).unwrap();
        let (size, bytes) =
            line.desk.download_savepoint("lake", "flink", address.path().as_str()).await.unwrap();
        let chunks: Vec<Bytes> = bytes.map(Result::unwrap).collect().await;
        assert_eq!(size, chunks.iter().map(|chunk| chunk.len() as u64).sum::<u64>());

        // Nobody needs it any more once the job has gone on from it and was ended.
        line.succeeds(Action::Start, State::Running).await;
        line.succeeds(Action::Cancel, State::Canceled).await;
        line.desk.delete_snapshot(line.id, taken.id).await.unwrap();
        let on_disk = line.data.join("storage/lake/flink").join(address.path().as_str());
        line.wait("its end", async || !on_disk.exists()).await;

        let mut upload = line.desk.receive_savepoint("lake", "flink", "brought", None).await.unwrap();
        let bytes = futures::stream::iter(chunks.into_iter().map(Ok));
        upload.archive("carried.tar", bytes).await.unwrap();
        let brought = line.desk.keep_savepoint(upload).await.unwrap();
        assert_eq!(brought.name, address.name());
        // As a person finds it in a log of Flink's.
        let data = std::path::absolute(&line.data).unwrap();
        let pasted =
            format!("\"file://{}/storage/lake/flink/brought/{}/_metadata\" ", data.display(), brought.name);
        let from = Some(Restore::at(&pasted));
        let arguments = Arguments { from, ..Arguments::default() };
        let start = line.desk.act(line.id, Action::Start, arguments).await.unwrap();
        let start = ended(&line.desk, start).await;
        assert_eq!(start.succeeded, Some(true), "{}", start.message);
        assert_eq!(start.arguments["From"], brought.address);
        line.grows(3).await;
        assert_eq!(line.lives(3)[0].start, line.lives(1).last().unwrap().end);
        line.plane.close().await;
    });
}

/// A portal with the one cluster.
pub(crate) struct Line {
    pub(crate) plane: ControlPlane,
    pub(crate) desk: Desk,
    pub(crate) id: ClusterId,
    pub(crate) data: PathBuf,
    pub(crate) form: ClusterForm,
}

impl Line {
    pub(crate) async fn open(world: &mut World, args: &str, options: &[(&str, &str)]) -> Self {
        let plane = ControlPlane::open(world.config.clone()).await.unwrap();
        let desk = plane.own_desk("Ada");
        let jar = std::fs::read(world.config.jars.join("penstock-trials.jar")).unwrap();
        let bytes = futures::stream::once(async { Ok(Bytes::from(jar)) }).boxed();
        let jar = desk.upload("lake", "flink", "trials", false, bytes).await.unwrap().address;
        let pair = |&(key, value): &(&str, &str)| Pair { key: key.to_owned(), value: value.to_owned() };
        let form = ClusterForm {
            name: "ledger".to_owned(),
            jar,
            entry_class: "penstock.trials.Ledger".to_owned(),
            args: args.to_owned(),
            // One task manager on its node.
            task_manager_cpu: "2".to_owned(),
            options: options.iter().map(pair).collect(),
            ..desk.create_context(&lab()).await.unwrap().defaults
        };
        let (id, create) = desk.create(&lab(), &form, None, None).await.unwrap();
        world.cluster = id;
        let create = ended(&desk, create).await;
        assert_eq!(create.succeeded, Some(true), "{}", create.message);
        Self { plane, desk, id, data: world.config.data.clone(), form }
    }

    pub(crate) async fn act(&self, action: Action) -> OperationView {
        let operation = self.desk.act(self.id, action, Arguments::default()).await.unwrap();
        ended(&self.desk, operation).await
    }

    pub(crate) async fn succeeds(&self, action: Action, state: State) {
        let operation = self.act(action).await;
        assert_eq!(operation.succeeded, Some(true), "{}", operation.message);
        self.until(state).await;
    }

    pub(crate) async fn until(&self, state: State) {
        self.wait(&format!("{state:?}"), async || {
            self.desk.cluster(self.id).await.unwrap().row.state == state
        })
        .await;
    }

    pub(crate) async fn until_run(&self, run: u32) {
        self.wait(&format!("run {run}"), async || {
            let row = self.desk.cluster(self.id).await.unwrap().row;
            row.run == Some(run) && row.state == State::Running
        })
        .await;
    }

    /// Kills the job manager of the first run: the next one begins at its newest checkpoint or later.
    pub(crate) async fn loses_its_job_manager(&self, world: &mut World) {
        self.loses(world, 1).await;
    }

    /// The same of a later run.
    pub(crate) async fn loses(&self, world: &mut World, run: u32) {
        let reached = self.checkpointed(run).await;
        world.kill("jobmanager");
        self.until_run(run + 1).await;
        self.grows(run + 1).await;
        let begun = self.lives(run + 1)[0].start;
        assert!(begun >= reached && begun <= self.lives(run)[0].end, "{begun}, reached {reached}");
    }

    /// Waits until this run has written ten numbers more.
    pub(crate) async fn grows(&self, run: u32) {
        let before = self.lives(run).last().map_or(0, |life| life.end - life.start);
        self.wait("progress", async || {
            self.lives(run).last().is_some_and(|life| life.end - life.start > before + 10)
        })
        .await;
    }

    /// How far the job was before a checkpoint that is complete by now.
    pub(crate) async fn checkpointed(&self, run: u32) -> u64 {
        self.grows(run).await;
        let reached = self.count(run);
        // What is shown may be a little old, and a checkpoint may have been under way: the third one began later.
        for _ in 0..3 {
            let before = self.checkpoint().await;
            self.wait("a later checkpoint", async || self.checkpoint().await != before).await;
        }
        reached
    }

    async fn checkpoint(&self) -> Option<jiff::Timestamp> {
        self.desk.cluster(self.id).await.unwrap().row.checkpoint_at
    }

    pub(crate) fn count(&self, run: u32) -> u64 {
        self.lives(run).last().map_or(0, |life| life.end)
    }

    /// The numbers that a run wrote from each of its starts on, in order; each with the count that was in the state.
    pub(crate) fn lives(&self, run: u32) -> Vec<Range<u64>> {
        let folder = self.data.join("clusters").join(self.id.0.simple().to_string());
        let mut lives: Vec<Range<u64>> = Vec::new();
        for line in lines(&folder.join(run.to_string()).join("log")) {
            let Some((_, said)) = line.split_once(" ledger ") else { continue };
            let words: Vec<&str> = said.split_whitespace().collect();
            match words.as_slice() {
                ["begins", count] => {
                    let count = count.parse().unwrap();
                    lives.push(count..count);
                }
                ["entry", number, count] => {
                    let life = lives.last_mut().expect("it begins before it goes on");
                    assert_eq!(
                        (*number, *count),
                        (&*life.end.to_string(), &*life.end.to_string()),
                        "run {run}"
                    );
                    life.end += 1;
                }
                other => panic!("half a line: {other:?}"),
            }
        }
        lives
    }

    fn savepoints(&self) -> usize {
        let folder =
            self.data.join("storage/lake/flink").join(self.id.0.simple().to_string()).join("savepoints");
        let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
        let taken = inside(folder).flat_map(|trigger| inside(trigger.path()));
        taken.filter(|savepoint| savepoint.path().join("_metadata").is_file()).count()
    }

    pub(crate) async fn wait(&self, what: &str, is: impl AsyncFn() -> bool) {
        let began = Instant::now();
        while !is().await {
            let row = self.desk.cluster(self.id).await.unwrap().row;
            assert!(began.elapsed() < Duration::from_secs(120), "{what} does not come: {row:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The whole lines of the task managers' logs: what is just being written is read the next time.
fn lines(folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.starts_with("taskmanager") && name.ends_with(".log") {
            let text = std::fs::read_to_string(file.path()).unwrap();
            let whole = text.rfind('\n').map_or("", |end| &text[..end]);
            lines.extend(whole.lines().map(str::to_owned));
        }
    }
    lines
}
