//! What is told of states without a look at them, and what differs between revisions.

use domain::action::Action;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::refusal::Refusal;
use domain::state::State;
use domain::view::{Fits, NotKnown};

use super::database::on_both;
use super::{Arguments, TestPortal, spec};

on_both!(
    what_the_same_program_wrote_fits_and_of_others_nobody_knows,
    revisions_are_compared_without_their_secrets
);

async fn updated(portal: &TestPortal, id: domain::id::ClusterId, args: &str, memory: &str, secret: &str) {
    let form = ClusterForm {
        args: args.to_owned(),
        task_manager_memory: memory.to_owned(),
        options: vec![Pair { key: "my.password".to_owned(), value: secret.to_owned() }],
        ..ClusterForm::from(&spec("orders"))
    };
    let arguments = Arguments { form: Some(form), ..Arguments::default() };
    portal.desk.act(id, Action::Update, arguments).await.expect("asked");
    portal.until(id, State::Running).await;
}

async fn what_the_same_program_wrote_fits_and_of_others_nobody_knows(portal: TestPortal) {
    let id = portal.running("orders").await;
    updated(&portal, id, "--a", "2048", "one").await;
    // Another size makes no other program.
    updated(&portal, id, "--a", "2560", "one").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    let states = portal.desk.states(id).await.expect("states");
    assert_eq!((states.line, states.runs.as_ref().map(|runs| runs.last)), (Some(1), Some(3)));
    let fits = portal.desk.fits(id).await.expect("told");
    assert_eq!(fits.revision, 3);
    for state in &states.states {
        let wanted = match state.revision {
            1 => Fits::NotKnown { why: NotKnown::NoGraph },
            _ => Fits::Yes { operators: None, new: 0 },
        };
        assert_eq!(fits.by_path[&state.path], wanted, "{state:?}");
    }
    assert_eq!(states.states.len(), 3, "{states:?}");
}

async fn revisions_are_compared_without_their_secrets(portal: TestPortal) {
    let id = portal.running("orders").await;
    updated(&portal, id, "--a", "2048", "sesame-1").await;
    updated(&portal, id, "--b", "2048", "sesame-2").await;
    let compared = portal.desk.compare(id, 2, 3).await.expect("compared");
    let what: Vec<&str> = compared.changes.iter().map(|change| change.what.as_str()).collect();
    assert_eq!((what, compared.newest), (vec!["args", "my.password"], 3));
    assert!(!format!("{compared:?}").contains("sesame"), "{compared:?}");
    assert_eq!(compared.jars.0, compared.jars.1);
    for (from, to) in [(0, 2), (2, 4)] {
        assert!(matches!(portal.desk.compare(id, from, to).await, Err(Refusal::NotFound(_))));
    }
}
