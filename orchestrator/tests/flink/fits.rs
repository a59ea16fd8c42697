//! State against a new jar: an update of a running job is held against what that job itself has, by name; what does not
//! fit is refused with its own cause before anything is stopped, and what is left behind on purpose is let through.

use std::time::Duration;

use domain::action::Action;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::refusal::Refusal;
use domain::state::State;
use domain::view::{Check, CheckResult, Fits, FitsView, StateFit};
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;
use orchestrator::{ControlPlane, Desk};

use crate::line::{act, ended};
use crate::preflight::{failed, form, with_jars};
use crate::world::test;

const JAR: &str = "jars/samples.jar";

/// The form with other arguments and options.
fn with(form: &ClusterForm, args: &str, options: &[(&str, &str)]) -> ClusterForm {
    let pair = |(key, value): &(&str, &str)| Pair { key: (*key).to_owned(), value: (*value).to_owned() };
    ClusterForm { args: args.to_owned(), options: options.iter().map(pair).collect(), ..form.clone() }
}

async fn of_update(desk: &Desk, id: ClusterId, form: &ClusterForm) -> Vec<Check> {
    desk.preflight(&lab(), form, Some(id), false).await.unwrap().checks
}

async fn updated(desk: &Desk, id: ClusterId, form: ClusterForm) -> Result<(), Refusal> {
    let arguments = Arguments { form: Some(form), ..Arguments::default() };
    let operation = desk.act(id, Action::Update, arguments).await?;
    let operation = ended(desk, operation).await;
    assert_eq!(operation.succeeded, Some(true), "{}", operation.message);
    Ok(())
}

/// Each way in which a change does not fit: arguments, and words of the one check that fails.
const CLASHES: [(&str, [&str; 2]); 3] = [
    (
        "--second no",
        ["“Second largest” finds no place in this jar", "Go on without the state that no operator takes"],
    ),
    (
        "--max-parallelism 64",
        ["“First largest” was written with maximum parallelism 128, and the job sets 64", "to 128 again"],
    ),
    ("--keys text", ["The keys of “First largest” were written by LongSerializer", "StringSerializer"]),
];

/// What stands beside the states once nothing is being looked at.
async fn settled(plane: &ControlPlane, desk: &Desk, id: ClusterId) -> FitsView {
    let mut changes = plane.changes();
    loop {
        let fits = desk.fits(id).await.unwrap();
        let counted = |fits: &Fits| !matches!(fits, Fits::Looking | Fits::Yes { operators: None, .. });
        let states = desk.states(id).await.unwrap().states;
        let kept = states.iter().filter(|state| !state.id.0.is_nil());
        if kept.map(|state| &fits.by_path[&state.path]).all(counted) {
            return fits;
        }
        let change = tokio::time::timeout(Duration::from_secs(60), changes.recv()).await;
        assert!(change.is_ok(), "nothing was said: {fits:?}");
    }
}

async fn each_clash_has_its_own_sentence(desk: &Desk, id: ClusterId, form: &ClusterForm) {
    for (args, says) in CLASHES {
        let checks = of_update(desk, id, &with(form, args, &[])).await;
        let failed = failed(&checks);
        assert_eq!(failed.len(), 1, "{args}: {failed:#?}");
        for words in says {
            assert!(failed[0].1.contains(words), "{args}: {words}? {failed:#?}");
        }
    }
}

#[test]
fn an_update_is_held_against_the_running_jobs_own_state_and_each_cause_is_told_apart() {
    test(async |world| {
        let config = world.config.clone();
        let (plane, desk) = with_jars(&config, &[(JAR, std::fs::read(world.jar()).unwrap())]).await;
        let fit = ClusterForm { entry_class: "penstock.samples.Fit".to_owned(), ..form(&desk, JAR).await };
        // Without checkpoints nothing but its own job graph tells what it has.
        let (id, create) = desk.create(&lab(), &fit, None, None).await.unwrap();
        let create = ended(&desk, create).await;
        assert_eq!(create.succeeded, Some(true), "{}", create.message);

        let checks = of_update(&desk, id, &fit).await;
        assert_eq!(failed(&checks), []);
        let table = checks.iter().find(|check| !check.operators.is_empty()).unwrap();
        let names: Vec<&str> = table.operators.iter().filter_map(|one| one.name.as_deref()).collect();
        assert_eq!(names, ["Source: Numbers", "First largest", "Second largest"], "{table:#?}");
        assert!(table.operators.iter().all(|one| one.fit == StateFit::TakenUp), "{table:#?}");
        each_clash_has_its_own_sentence(&desk, id, &fit).await;
        let other = ClusterForm { entry_class: "penstock.samples.OtherJob".to_owned(), ..fit.clone() };
        let failed_other = of_update(&desk, id, &other).await;
        assert!(failed(&failed_other)[0].1.contains("it is another job's"), "{failed_other:#?}");

        // Asked for without a look at the checks, it is refused in the same words, and the job runs on.
        let refused = updated(&desk, id, with(&fit, "--second no", &[])).await.unwrap_err();
        assert!(refused.to_string().contains("“Second largest” finds no place"), "{refused}");
        let row = desk.cluster(id).await.unwrap().row;
        assert_eq!((row.state, row.revision, row.run), (State::Running, 1, Some(1)));

        // By its old name and by its present one the choice lets it through, and Flink does as the check said.
        for key in
            ["execution.savepoint.ignore-unclaimed-state", "execution.state-recovery.ignore-unclaimed-state"]
        {
            let checks = of_update(&desk, id, &with(&fit, "--second no", &[(key, "true")])).await;
            assert_eq!(failed(&checks), [], "{key}");
            let left = checks.iter().find(|check| check.title == "All state has an operator").unwrap();
            assert_eq!(left.result, CheckResult::Warned);
            assert!(left.detail.contains("is left behind, as you have chosen"), "{left:?}");
        }
        let mut choice = with(&fit, "--second no", &[]);
        choice.set_ignores_unclaimed_state(true);
        updated(&desk, id, choice).await.unwrap();

        // At rest its savepoint is asked, by the names of the run that wrote it.
        assert_eq!(act(&desk, id, Action::Stop).await.succeeded, Some(true));
        let savepoint = desk.snapshots(id).await.unwrap().remove(0).path;
        let states = desk.states(id).await.unwrap().states;
        let checks = of_update(&desk, id, &other).await;
        assert!(failed(&checks)[0].1.contains("“First largest”"), "{checks:#?}");
        let back = of_update(&desk, id, &with(&fit, "--second yes", &[])).await;
        assert_eq!(failed(&back), []);
        let new =
            back.iter().flat_map(|check| &check.operators).find(|one| one.fit == StateFit::New).unwrap();
        assert_eq!(new.name.as_deref(), Some("Second largest"));

        // So it stands beside each state of the list, by the job graphs that the checks before the launches built.
        let fits = settled(&plane, &desk, id).await;
        let of = |revision: u32| {
            let states = &states;
            move |fits: &FitsView| {
                let state = states.iter().find(|state| state.revision == revision).unwrap();
                fits.by_path[&state.path].clone()
            }
        };
        assert_eq!((fits.revision, of(2)(&fits)), (2, Fits::Yes { operators: Some(2), new: 0 }));
        let Fits::LeftOver { operators, size: Some(size), chosen: true } = of(1)(&fits) else {
            panic!("{fits:?}")
        };
        assert!(operators == ["Second largest"] && size > 0, "{operators:?} {size}");

        // Another cluster that begins there knows only ids, and says so.
        let begins = ClusterForm { name: "begins".to_owned(), savepoint, ..other };
        let refused = desk.create(&lab(), &begins, None, None).await.unwrap_err().to_string();
        assert!(refused.contains("which is known by this id alone"), "{refused}");

        // A fresh start with another maximum parallelism takes up neither of them; nothing of this was run to know it, and
        // another portal on the same folder knows it too.
        let apart = with(&fit, "--max-parallelism 64", &[]);
        let arguments = Arguments { form: Some(apart), ..Arguments::default() };
        let operation = ended(&desk, desk.act(id, Action::StatelessUpdate, arguments).await.unwrap()).await;
        assert_eq!(operation.succeeded, Some(true), "{}", operation.message);
        plane.close().await;
        let (plane, desk) = with_jars(&config, &[]).await;
        let fits = settled(&plane, &desk, id).await;
        for revision in [1, 2] {
            let Fits::Clash { why: StateFit::MaxParallelism, was, wants, .. } = of(revision)(&fits) else {
                panic!("{fits:?}")
            };
            assert_eq!((was.as_str(), wants.as_str()), ("128", "64"));
        }
        assert_eq!(act(&desk, id, Action::Delete).await.succeeded, Some(true));
        plane.close().await;
    });
}
