//! Programs that try to do harm while they are checked or while they run: each is refused with its sentence, and nothing
//! of it stays.

use std::time::{Duration, Instant};

use domain::lifecycle::{Ask, Phase, Restore};
use domain::view::Check;
use orchestrator::first_pool as lab;
use orchestrator::{ControlPlane, Desk, PlaneConfig};

use crate::preflight::{checks, failed, with_jars};
use crate::world::{World, spec, test};

const TRIALS: &str = "jars/trials.jar";
const GOOD: &str = "jars/samples.jar";

/// A portal with the trials and a good program in its storage.
async fn portal(world: &World) -> (ControlPlane, Desk) {
    let trials = std::fs::read(world.config.jars.join("penstock-trials.jar")).unwrap();
    let good = std::fs::read(world.jar()).unwrap();
    with_jars(&world.config, &[(TRIALS, trials), (GOOD, good)]).await
}

async fn tried(desk: &Desk, class: &str, args: &str) -> Vec<Check> {
    let class = format!("penstock.trials.{class}");
    checks(desk, TRIALS, &class, |form| form.args = args.to_owned()).await
}

/// Live processes whose command line holds this word.
fn running(word: &str) -> usize {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.filter(|line| line.split(|byte| *byte == 0).any(|found| found == word.as_bytes())).count()
}

/// Whether this machine keeps programs from it; one that cannot says so, and there is nothing to be tried.
async fn kept(desk: &Desk, title: &str) -> bool {
    desk.safeguards().await.unwrap().iter().any(|safeguard| safeguard.title == title && safeguard.there)
}

/// The first failed check's words.
fn words(checks: &[Check]) -> String {
    let failed = failed(checks);
    failed.first().map(|(_, words)| words.clone()).unwrap_or_default()
}

/// What the checks could not find out: the bounds of a check are not those of a cluster.
fn not_known(checks: &[Check]) -> String {
    assert_eq!(failed(checks), []);
    let told = checks.iter().find(|check| check.detail.starts_with("Not known: "));
    told.map(|check| format!("{}\n{}", check.detail, check.exception)).unwrap_or_default()
}

#[test]
fn a_checked_main_sees_neither_the_portal_nor_its_data() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        if !kept(&desk, "Files").await || !kept(&desk, "Other processes").await {
            return;
        }
        let data = world.config.data.canonicalize().unwrap();
        let other = data.join("clusters/other/1/conf");
        std::fs::create_dir_all(&other).unwrap();
        std::fs::write(other.join("config.yaml"), "a: b").unwrap();
        let me = std::process::id();
        let attempts = [
            format!("read:/proc/{me}/environ"),
            format!("read:/proc/{me}/maps"),
            format!("list:/proc/{me}/cwd/"),
            format!("kill:{me}"),
            format!("read:{}/penstock.db", data.display()),
            format!("write:{}/penstock.db", data.display()),
            format!("write:{}/new", data.display()),
            format!("list:{}", data.display()),
            format!("read:{}/config.yaml", other.display()),
            "list:/root".to_owned(),
            "list:/home".to_owned(),
            "read:/etc/shadow".to_owned(),
            "write:/tmp/penstock-trial".to_owned(),
            "write:/dev/shm/penstock-trial".to_owned(),
            "listen:127.0.0.1".to_owned(),
        ];
        let said = words(&tried(&desk, "Peeks", &format!("main {}", attempts.join(" "))).await);
        say(&said, &attempts, "refused");
        // And what it needs it has.
        let said = words(
            &tried(&desk, "Peeks", "main read:/etc/hosts read:/proc/self/status write:/dev/null").await,
        );
        assert!(said.contains("main throws") && !said.contains("refused"), "{said}");
        plane.close().await;
    });
}

/// What a job may read when it runs its `main` may read when it is checked: else it would be refused for nothing.
#[test]
fn a_checked_main_reads_what_its_pool_lends() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        if !kept(&desk, "Files").await {
            return;
        }
        let lent = tempfile::tempdir().unwrap();
        let file = lent.path().join("catalogue");
        std::fs::write(&file, "numbers").unwrap();
        let attempts = [format!("read:{}", file.display())];
        let args = format!("main {}", attempts[0]);
        say(&words(&tried(&desk, "Peeks", &args).await), &attempts, "refused");
        desk.let_read(&lab(), &lent.path().display().to_string()).await.unwrap();
        say(&words(&tried(&desk, "Peeks", &args).await), &attempts, "allowed");
        plane.close().await;
    });
}

#[test]
fn a_forged_answer_is_not_believed_and_a_flood_is_not_read() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let forged = not_known(&tried(&desk, "Forges", "").await);
        assert!(forged.contains("It is not believed"), "{forged}");
        let flooded = not_known(&tried(&desk, "Floods", "").await);
        assert!(flooded.contains("more than 8 MB"), "{flooded}");
        plane.close().await;
    });
}

#[test]
fn memory_beside_the_heap_is_bounded() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let hoarded = not_known(&tried(&desk, "Hoards", "3000").await);
        assert!(hoarded.contains("OutOfMemoryError") || hoarded.contains("1536 MB"), "{hoarded}");
        plane.close().await;
    });
}

#[test]
fn what_a_main_leaves_behind_is_ended_and_keeps_nobody_waiting() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        // A number that no other process of this machine sleeps for.
        let seconds = (900_000 + std::process::id()).to_string();
        let began = Instant::now();
        let orphans = tried(&desk, "Orphans", &seconds);
        let (one, two) = tokio::join!(orphans, tried(&desk, "Orphans", &seconds));
        let good = checks(&desk, GOOD, "", |_| {}).await;
        // They hold the output open for days: whoever waited for its end would wait for the limit of 80 seconds.
        assert!(began.elapsed() < Duration::from_secs(70), "{:?}", began.elapsed());
        assert!(words(&one).contains("ended Java by itself"), "{one:#?}");
        assert!(words(&two).contains("ended Java by itself"), "{two:#?}");
        assert_eq!(failed(&good), []);
        assert_eq!(running(&seconds), 0);
        plane.close().await;
    });
}

#[test]
fn a_bomb_of_processes_is_bounded_and_cleared() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let seconds = (1_900_000 + std::process::id()).to_string();
        let bounded = kept(&desk, "Processes of a checked program").await;
        let (mut most, mut bombs) = (0, std::pin::pin!(tried(&desk, "Bombs", &seconds)));
        let checks = loop {
            tokio::select! {
                checks = &mut bombs => break checks,
                () = tokio::time::sleep(Duration::from_millis(20)) => most = most.max(running(&seconds)),
            }
        };
        assert!(words(&checks).contains("The bomb has gone off"), "{checks:#?}");
        assert!(most > 0 && (!bounded || most <= 512), "{most}");
        assert_eq!(running(&seconds), 0);
        plane.close().await;
    });
}

#[test]
fn a_check_that_nobody_waits_for_any_more_is_ended() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let seconds = (3_900_000 + std::process::id()).to_string();
        tokio::select! {
            checks = tried(&desk, "Bombs", &seconds) => panic!("it ended before it was seen: {checks:#?}"),
            () = until_running(&seconds, |running| running > 0) => {}
        }
        until_running(&seconds, |running| running == 0).await;
        plane.close().await;
    });
}

async fn until_running(word: &str, is: impl Fn(usize) -> bool) {
    let began = Instant::now();
    while !is(running(word)) {
        assert!(began.elapsed() < Duration::from_secs(60), "{} run", running(word));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The same where no portal is open: one is, for a moment and on a folder of its own.
async fn kept_here(world: &World, title: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let config = PlaneConfig { data: folder.path().to_owned(), ..world.config.clone() };
    let (plane, desk) = with_jars(&config, &[]).await;
    let kept = kept(&desk, title).await;
    plane.close().await;
    kept
}

/// Runs a job whose task makes these attempts and fails; what it says.
async fn at_work(world: &mut World, attempts: &[String]) -> String {
    std::fs::copy(world.config.jars.join("penstock-trials.jar"), world.jar()).unwrap();
    let mut spec =
        spec("Counter", &format!("task {}", attempts.join(" ")), &[("restart-strategy.type", "none")]);
    spec.job.entry_class = Some("penstock.trials.Peeks".to_owned());
    world.revisions = vec![spec];
    world.ask(Ask::Start { revision: 1, from: Restore::Fresh }).await;
    world.until("the job has failed", |world| matches!(world.phase, Phase::Failed { .. })).await;
    let Phase::Failed { reason, .. } = &world.phase else { unreachable!() };
    format!("{}\n{}", reason.message, reason.exception)
}

fn say(said: &str, attempts: &[String], what: &str) {
    for attempt in attempts {
        let words = format!("{} is {what}", attempt.replacen(':', " ", 1));
        assert!(said.contains(&words), "{words}? {said}");
    }
}

#[test]
fn a_running_job_reads_what_its_pool_lets_it_and_neither_the_portal_nor_other_clusters() {
    test(async |mut world| {
        if !kept_here(&world, "Files").await || !kept_here(&world, "Other processes").await {
            return;
        }
        let data = world.config.data.canonicalize().unwrap();
        let other = data.join("clusters/other/1/conf");
        std::fs::create_dir_all(&other).unwrap();
        std::fs::write(other.join("config.yaml"), "a: b").unwrap();
        let lent = tempfile::tempdir().unwrap();
        std::fs::write(lent.path().join("lent"), "numbers").unwrap();
        world.readable = vec![lent.path().to_owned()];
        let me = std::process::id();
        let refused = [
            format!("read:{}/penstock.db", data.display()),
            format!("write:{}/penstock.db", data.display()),
            format!("list:{}", data.display()),
            format!("read:{}/config.yaml", other.display()),
            format!("read:/proc/{me}/environ"),
            format!("kill:{me}"),
            "list:/root".to_owned(),
            format!("write:{}/lent", lent.path().display()),
        ];
        let allowed = [format!("read:{}/lent", lent.path().display()), "read:/etc/hosts".to_owned()];
        let said = at_work(&mut world, &[&refused[..], &allowed[..]].concat()).await;
        say(&said, &refused, "refused");
        say(&said, &allowed, "allowed");
    });
}

#[test]
fn what_a_job_has_started_ends_with_it() {
    test(async |mut world| {
        let seconds = (2_900_000 + std::process::id()).to_string();
        let mut attempts = vec![format!("child:{seconds}")];
        if kept_here(&world, "Children of a job's processes").await {
            attempts.push(format!("orphan:{seconds}"));
        }
        let said = at_work(&mut world, &attempts).await;
        say(&said, &attempts, "allowed");
        assert_eq!(running(&seconds), 0);
    });
}
