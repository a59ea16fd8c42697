//! The portal ends when it is told, whatever it is doing then, and nobody has its folder before it is gone.

use std::fs::{File, TryLockError};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures::future::join_all;

use crate::portal::PortalProcess;

/// What is promised.
const MOST: Duration = Duration::from_secs(10);

/// Between two looks at what is waited for.
async fn look_again() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}

/// Tells it, and watches it end.
async fn ends_in_time(mut portal: PortalProcess) {
    let lock = portal.data.join("portal.lock");
    let free =
        || !matches!(File::open(&lock).expect("it is there").try_lock(), Err(TryLockError::WouldBlock));
    assert!(!free());
    portal.terminate();
    let told = Instant::now();
    while !portal.has_ended() {
        assert!(told.elapsed() < MOST, "the portal goes on");
        if free() {
            // The system gives it back with the process, which is gone in the next moment.
            let given_back = Instant::now();
            while !portal.has_ended() {
                assert!(
                    given_back.elapsed() < Duration::from_secs(1),
                    "somebody else may have the folder already"
                );
                look_again().await;
            }
        }
        look_again().await;
    }
    assert!(free());
    assert_eq!(portal.last_line().as_deref(), Some("The portal has ended; the clusters run on."));
}

/// A jar that takes all the time it gets, a pipe that gives nothing, uploads that do not come to their end, and pages
/// that stay open.
#[tokio::test]
async fn a_portal_that_is_busy_ends_in_time() {
    let portal = PortalProcess::signed_in().await;
    let lake = portal.data.join("storage/lake/flink");
    let jar = File::create(lake.join("endless.jar")).expect("a file");
    jar.set_len(1 << 42).expect("a file of nothing, and much of it");
    let made = Command::new("mkfifo").arg(lake.join("pipe")).status().expect("mkfifo runs");
    assert!(made.success());

    let address = r#"{"address":"abfs://flink@lake.dfs.core.windows.net/endless.jar"}"#;
    let asked =
        || portal.known("POST", "/api/ui/jar").header("content-type", "application/json").body(address);
    let reading: Vec<_> = (0..6).map(|_| tokio::spawn(asked().send())).collect();
    let piped = portal.known("GET", "/files/lake/flink/pipe").send().await.expect("an answer");
    assert_eq!(piped.status(), 400);
    assert!(piped.text().await.expect("text").contains("it is a pipe, not a file"));
    let uploads: Vec<_> =
        (0..20).map(|number| portal.begin_upload(&format!("/files/lake/flink/{number}.jar"))).collect();
    let live = join_all((0..200).map(|_| portal.known("GET", "/live").send())).await;
    assert!(live.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.status() == 200)));
    let parts = || portal.data.join("uploads").read_dir().expect("the folder").count();
    while parts() < 20 {
        look_again().await;
    }
    assert!(reading.iter().all(|asked| !asked.is_finished()));
    ends_in_time(portal).await;
    drop((live, uploads));
}

/// Somebody else's transaction holds the database, and the portal waits for it.
#[tokio::test]
async fn a_portal_whose_database_is_locked_ends_in_time() {
    const HOLD: &str = "import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute('begin exclusive')
print('held', flush=True)
sys.stdin.read()";
    let portal = PortalProcess::signed_in().await;
    let mut other = Command::new("python3")
        .args(["-c", HOLD])
        .arg(portal.data.join("penstock.db"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    let mut said = std::io::BufReader::new(other.stdout.take().expect("piped"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).expect("text");
    assert_eq!(line, "held\n");
    let make = |number| {
        let made = format!("account=lake&container=made{number}");
        let asked = portal.known("POST", "/api/ui/new-container");
        asked.header("content-type", "application/x-www-form-urlencoded").body(made).send()
    };
    let making: Vec<_> = (0..12).map(|number| tokio::spawn(make(number))).collect();
    let made = || portal.data.join("storage/lake").read_dir().expect("the account").count();
    while made() < 2 {
        look_again().await;
    }
    ends_in_time(portal).await;
    drop(making);
    drop(other.stdin.take());
    assert!(other.wait().expect("it ends").success());
}
