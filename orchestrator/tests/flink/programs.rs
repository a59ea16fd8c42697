//! What the checks say of programs that Flink itself would run otherwise than their authors think: batch jobs, several
//! jobs of one `main`, a `main` that goes on, jars with another's signature or with newer classes.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use domain::action::Action;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::refusal::Refusal;
use domain::state::State;
use domain::view::{Check, CheckResult};
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;
use orchestrator::{ControlPlane, Desk};

use crate::launches::of_version;
use crate::line::{act, ended};
use crate::preflight::{checks, failed, form, with_jars};
use crate::world::{World, test};

const JAR: &str = "jars/samples.jar";
const TRIALS: &str = "jars/trials.jar";

/// A portal over the data folder, with the jars of samples and trials.
async fn portal(world: &World) -> (ControlPlane, Desk) {
    let config = world.config.clone();
    let trials = std::fs::read(config.jars.join("penstock-trials.jar")).unwrap();
    with_jars(&config, &[(JAR, std::fs::read(world.jar()).unwrap()), (TRIALS, trials)]).await
}

async fn tried(desk: &Desk, class: &str, args: &str, options: &[(&str, &str)]) -> Vec<Check> {
    let pair = |(key, value): &(&str, &str)| Pair { key: (*key).to_owned(), value: (*value).to_owned() };
    let options = options.iter().map(pair).collect();
    checks(desk, JAR, &format!("penstock.samples.{class}"), |form| {
        form.args = args.to_owned();
        form.options = options;
    })
    .await
}

/// The details of all checks that came out like this.
fn told(checks: &[Check], result: CheckResult) -> String {
    let told = checks.iter().filter(|check| check.result == result).map(|check| &*check.detail);
    told.collect::<Vec<_>>().join("\n")
}

fn check<'a>(checks: &'a [Check], title: &str) -> &'a Check {
    checks.iter().find(|check| check.title == title).unwrap_or_else(|| panic!("{title}? {checks:#?}"))
}

#[test]
fn a_batch_job_needs_the_slots_of_its_widest_region() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let pipelined = [("execution.batch-shuffle-mode", "ALL_EXCHANGES_PIPELINED")];
        for (args, options, slots) in [
            // Flink decides on the parallelism when the job runs.
            ("", &[][..], "2 slots for a parallelism that is left to Flink"),
            // Each subtask is a region of its own: they run one after the other.
            ("--parallelism 3", &[], "2 slots for parallelism 3"),
            ("--parallelism 2", &pipelined, "2 slots for parallelism 2"),
        ] {
            let checks = tried(&desk, "Batch", args, options).await;
            assert_eq!(failed(&checks), [], "{args} {options:?}");
            assert_eq!(check(&checks, "Slots are enough").detail, slots);
            let graph = check(&checks, "Its main builds a job graph");
            assert_eq!(graph.result, CheckResult::Warned);
            assert!(graph.detail.contains("has no savepoints, and begins anew when it is lost"), "{graph:?}");
        }
        let wide = tried(&desk, "Batch", "--parallelism 3", &pipelined).await;
        let says = "Its widest stage needs 3 slots, and 2 task managers give 2";
        assert!(told(&wide, CheckResult::Failed).contains(says), "{wide:#?}");
        plane.close().await;
    });
}

#[test]
fn a_batch_job_goes_from_stage_to_stage_and_is_not_saved() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let form = ClusterForm {
            entry_class: "penstock.samples.Batch".to_owned(),
            args: "--parallelism 1 --items 60 --millis 200".to_owned(),
            ..form(&desk, JAR).await
        };
        let (id, create) = desk.create(&lab(), &form, None, None).await.unwrap();
        let create = ended(&desk, create).await;
        assert_eq!(create.succeeded, Some(true), "{}", create.message);
        for action in [Action::Stop, Action::Savepoint, Action::Update] {
            let arguments =
                Arguments { form: (action == Action::Update).then(|| form.clone()), ..Arguments::default() };
            let refused = desk.act(id, action, arguments).await.unwrap_err();
            assert!(matches!(refused, Refusal::NotAllowed(_)), "{refused:?}");
            assert!(refused.to_string().contains("a batch job has none"), "{refused}");
        }
        // Between its stages no task runs, and that is no restart.
        let began = Instant::now();
        loop {
            let row = desk.cluster(id).await.unwrap().row;
            if row.state == State::Finished {
                break;
            }
            assert_eq!((row.state, row.run), (State::Running, Some(1)));
            assert!(began.elapsed() < Duration::from_secs(120), "it does not end");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(act(&desk, id, Action::Delete).await.succeeded, Some(true));
        plane.close().await;
    });
}

/// Flink would take the savepoint, say nothing, and begin anew.
#[test]
fn a_job_with_state_does_not_become_a_batch_job_that_begins_anew() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let streaming = ClusterForm {
            entry_class: "penstock.samples.Counter".to_owned(),
            args: "--rate 50".to_owned(),
            ..form(&desk, JAR).await
        };
        let (id, create) = desk.create(&lab(), &streaming, None, None).await.unwrap();
        assert_eq!(ended(&desk, create).await.succeeded, Some(true));
        let batch = ClusterForm {
            entry_class: "penstock.samples.Batch".to_owned(),
            args: "--parallelism 1 --items 4 --millis 10".to_owned(),
            ..streaming
        };
        let arguments = Arguments { form: Some(batch.clone()), ..Arguments::default() };
        let refused = desk.act(id, Action::Update, arguments).await.unwrap_err().to_string();
        assert!(refused.contains("would begin anew. If that is meant, use Stateless update."), "{refused}");
        let stopped = act(&desk, id, Action::Stop).await;
        assert_eq!(stopped.succeeded, Some(true), "{}", stopped.message);
        // At rest an update starts from the state that it left.
        let arguments = Arguments { form: Some(batch.clone()), ..Arguments::default() };
        let refused = desk.act(id, Action::Update, arguments).await.unwrap_err().to_string();
        assert!(refused.contains("would begin anew"), "{refused}");
        let arguments = Arguments { form: Some(batch), ..Arguments::default() };
        let stateless = desk.act(id, Action::StatelessUpdate, arguments).await.unwrap();
        let stateless = ended(&desk, stateless).await;
        assert_eq!(stateless.succeeded, Some(true), "{}", stateless.message);
        plane.close().await;
    });
}

#[test]
fn several_jobs_of_one_main_are_refused_and_one_that_goes_on_is_told() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        for then in ["execute", "submit"] {
            let checks = tried(&desk, "Several", &format!("--then {then}"), &[]).await;
            let says =
                "main submits more than one job (“First”, then “Second”), and a cluster runs exactly one";
            assert!(told(&checks, CheckResult::Failed).contains(says), "{then}: {checks:#?}");
        }
        for (then, says) in [
            (
                "throw",
                "After it has submitted the job, main throws java.lang.IllegalStateException: The bookkeeping",
            ),
            ("exit", "calls System.exit after it has submitted the job"),
            ("wait", "still at work 5 s after it has submitted the job"),
        ] {
            let checks = tried(&desk, "Several", &format!("--then {then}"), &[]).await;
            assert_eq!(failed(&checks), [], "{then}");
            let ends = check(&checks, "Its main ends well");
            assert!(ends.result == CheckResult::Warned && ends.detail.contains(says), "{then}: {ends:#?}");
        }
        for then in ["return", "swallow"] {
            let checks = tried(&desk, "Several", &format!("--then {then}"), &[]).await;
            assert_eq!(failed(&checks), [], "{then}");
            assert!(checks.iter().all(|check| check.title != "Its main ends well"), "{then}: {checks:#?}");
        }
        plane.close().await;
    });
}

#[test]
fn a_main_runs_once_for_the_check_and_the_creation_after_it() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        // This main takes five seconds, so that each of its runs is seen.
        let args = "--then wait";
        let took = |checks: &[Check]| check(checks, "Its main builds a job graph").took_ms;
        let first = took(&tried(&desk, "Several", args, &[]).await);
        assert!(first >= 5_000, "{first}");
        let again = took(&tried(&desk, "Several", args, &[]).await);
        assert!(again < 5_000, "{again}");
        let began = Instant::now();
        let form = ClusterForm {
            entry_class: "penstock.samples.Several".to_owned(),
            args: args.to_owned(),
            ..form(&desk, JAR).await
        };
        let (id, _) = desk.create(&lab(), &form, None, None).await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        act(&desk, id, Action::Delete).await;
        plane.close().await;
    });
}

#[test]
fn the_portal_itself_refuses_what_is_certain_and_lets_through_what_is_not_known() {
    test(async |world| {
        let (plane, desk) = portal(&world).await;
        let throws =
            ClusterForm { entry_class: "penstock.samples.Throws".to_owned(), ..form(&desk, JAR).await };
        let refused = desk.create(&lab(), &throws, None, None).await.unwrap_err();
        let found = &refused.findings()[0];
        assert_eq!((&*found.field, &*found.value), ("jar", &*throws.jar));
        assert!(refused.to_string().contains("This main throws on purpose"), "{refused}");
        assert_eq!(desk.name_taken(&lab(), &throws.name).await.unwrap(), None, "nothing was created");

        let forges =
            ClusterForm { entry_class: "penstock.trials.Forges".to_owned(), ..form(&desk, TRIALS).await };
        let checks = desk.preflight(&lab(), &forges, None, false).await.unwrap();
        assert!(checks.succeeded() && checks.warnings() > 0, "{checks:#?}");
        assert!(told(&checks.checks, CheckResult::Warned).contains("Not known: "), "{checks:#?}");
        let (id, operation) = desk.create(&lab(), &forges, None, None).await.unwrap();
        // It really is a bad program; but that is found by running it.
        assert_eq!(ended(&desk, operation).await.succeeded, Some(false));
        assert_eq!(act(&desk, id, Action::Delete).await.succeeded, Some(true));
        plane.close().await;
    });
}

#[test]
fn a_signature_of_a_library_is_named_before_anything_runs_and_when_it_runs() {
    test(async |world| {
        let folder = tempfile::tempdir().unwrap();
        let signature = |name: &str| name.starts_with("META-INF/LIB.");
        let library = folder.path().join("library.jar");
        signed(&world.jar(), &library, "SHA-256");
        let own = std::fs::read(&library).unwrap();
        let foreign = merged(&world.jar(), &library, signature);
        // The manifest is as it was signed, and a class is not: that Java finds.
        of_version(&library, 52);
        let changed = std::fs::read(&library).unwrap();
        // What is signed by an older algorithm counts as not signed at all.
        signed(&world.jar(), &library, "SHA-1");
        let older = merged(&world.jar(), &library, signature);
        let jars = [
            ("jars/foreign.jar", foreign),
            ("jars/changed.jar", changed),
            ("jars/own.jar", own),
            ("jars/older.jar", older),
        ];
        let (plane, desk) = with_jars(&world.config, &jars).await;

        let found = checks(&desk, "jars/foreign.jar", "", |_| {}).await;
        assert!(told(&found, CheckResult::Failed).contains("(META-INF/LIB.SF), which is not this jar's own"));
        assert!(found.iter().all(|check| check.title != "Its main builds a job graph"), "{found:#?}");

        let found = checks(&desk, "jars/changed.jar", "penstock.samples.Silent", |_| {}).await;
        let graph = check(&found, "Its main builds a job graph");
        assert_eq!(graph.result, CheckResult::Failed, "{graph:#?}");
        assert!(graph.detail.contains("digest error for penstock/samples/Silent.class"), "{}", graph.detail);
        assert!(graph.detail.contains("Leave META-INF/*.SF"), "{}", graph.detail);

        for jar in ["jars/own.jar", "jars/older.jar"] {
            let found = checks(&desk, jar, "", |_| {}).await;
            assert_eq!(failed(&found), [], "{jar}");
        }
        plane.close().await;
    });
}

/// Signs a jar by a key that is made for it.
fn signed(jar: &Path, to: &Path, digest: &str) {
    let store = to.with_extension(format!("{digest}.p12"));
    let store = store.to_str().unwrap();
    let run = |program: &str, words: &[&str]| {
        let ended = Command::new(program).args(words).output().unwrap();
        assert!(ended.status.success(), "{program}: {}", String::from_utf8_lossy(&ended.stdout));
    };
    let key = ["-keystore", store, "-storepass", "changeit", "-storetype", "PKCS12"];
    let make = ["-genkeypair", "-alias", "lib", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=lib"];
    run("keytool", &[&make[..], &key].concat());
    let digests = ["-digestalg", digest, "-sigfile", "LIB", "-signedjar", to.to_str().unwrap()];
    run("jarsigner", &[&digests[..], &key, &[jar.to_str().unwrap(), "lib"]].concat());
}

/// A jar with entries of another one, as a build packs them together.
fn merged(jar: &Path, other: &Path, takes: impl Fn(&str) -> bool) -> Vec<u8> {
    let mut merged = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (place, all) in [(jar, true), (other, false)] {
        let mut archive = zip::ZipArchive::new(std::fs::File::open(place).unwrap()).unwrap();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            if entry.is_dir() || !(all || takes(entry.name())) {
                continue;
            }
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            if entry.name() == "META-INF/MANIFEST.MF" {
                // As a tool that packs jars together writes its own.
                let text = String::from_utf8(bytes).unwrap();
                bytes = text.replacen("Created-By", "Packed-By", 1).into_bytes();
            }
            merged.start_file(entry.name(), zip::write::SimpleFileOptions::default()).unwrap();
            merged.write_all(&bytes).unwrap();
        }
    }
    merged.finish().unwrap().into_inner()
}

#[test]
fn only_the_entry_class_can_be_too_new() {
    test(async |world| {
        let jar = std::fs::read(world.jar()).unwrap();
        let newer = |files: &[(&str, &str)]| {
            let mut archive = zip::ZipWriter::new_append(std::io::Cursor::new(jar.clone())).unwrap();
            let mut old = zip::ZipArchive::new(std::io::Cursor::new(jar.clone())).unwrap();
            for (name, of) in files {
                let mut bytes = Vec::new();
                old.by_name(&format!("penstock/samples/{of}.class"))
                    .unwrap()
                    .read_to_end(&mut bytes)
                    .unwrap();
                bytes[7] = 99;
                archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
                archive.write_all(&bytes).unwrap();
            }
            archive.finish().unwrap().into_inner()
        };
        let jars = [
            ("jars/module.jar", newer(&[("module-info.class", "Silent")])),
            ("jars/unused.jar", newer(&[("dep/Fast.class", "Silent")])),
        ];
        let (plane, desk) = with_jars(&world.config, &jars).await;
        let title = "The jar fits Java and Flink of the cluster version";
        let found = checks(&desk, "jars/module.jar", "", |_| {}).await;
        assert_eq!(check(&found, title).result, CheckResult::Passed, "{found:#?}");
        let found = checks(&desk, "jars/unused.jar", "", |_| {}).await;
        assert_eq!(failed(&found), []);
        let note = "dep/Fast.class needs Java 55, and cluster version 1.2.1 runs Java 17";
        assert!(check(&found, title).detail.starts_with(note), "{found:#?}");
        plane.close().await;
    });
}
