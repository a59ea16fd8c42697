//! Scripts of Flink SQL on real Flink, with a function from a jar beside theirs: exact counts over an update with its
//! savepoint, and what is wrong with a script is refused at its line.

use std::time::Instant;

use domain::action::Action;
use domain::form::ClusterForm;
use domain::secret::HIDDEN;
use domain::state::State;
use futures::StreamExt;
use orchestrator::ControlPlane;
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;

use crate::line::until;
use crate::world::test;

/// Counts to 2500, slowly enough to be updated meanwhile, and adds up the doubles.
const SCRIPT: &str = "-- token=sesame12 is nobody's to see
SET 'execution.checkpointing.interval' = '1 s';
CREATE FUNCTION doubled AS 'penstock.trials.Doubled';
CREATE TABLE numbers (n BIGINT) WITH (
  'connector' = 'datagen', 'rows-per-second' = '20',
  'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '2500'
);
CREATE TABLE sums (many BIGINT, total BIGINT) WITH ('connector' = 'print', 'print-identifier' = 'first');
CREATE TABLE evens (n BIGINT) WITH ('connector' = 'blackhole');
EXECUTE STATEMENT SET BEGIN
INSERT INTO sums SELECT COUNT(*), SUM(doubled(n)) FROM numbers;
INSERT INTO evens SELECT n FROM numbers WHERE MOD(n, 2) = 0;
END;
";

#[test]
fn a_script_runs_with_exact_counts_over_an_update_and_is_refused_at_its_line() {
    test(async |mut world| {
        let plane = ControlPlane::open(world.config.clone()).await.unwrap();
        let desk = plane.own_desk("Ada");
        let trials = std::fs::read(world.config.jars.join("penstock-trials.jar")).unwrap();
        let bytes = futures::stream::once(async { Ok(bytes::Bytes::from(trials)) }).boxed();
        desk.upload("lake", "flink", "lib/functions.jar", true, bytes).await.unwrap();
        let form = ClusterForm {
            name: "sums".to_owned(),
            program: "sql".to_owned(),
            sql: SCRIPT.to_owned(),
            more_jars: "lake/flink/lib".to_owned(),
            task_manager_cpu: "2".to_owned(),
            ..desk.create_context(&lab()).await.unwrap().defaults
        };

        // The third of seven statements, and then one that only the planner can judge.
        let began = Instant::now();
        let wrong =
            SCRIPT.replace("CREATE TABLE numbers (n BIGINT)", "CREATE TABLE numbers (n BIGINT,, m INT)");
        let said = desk.parse_sql(&wrong).await.unwrap().unwrap();
        eprintln!("parsed in {:.2} s", began.elapsed().as_secs_f64());
        assert!(said.starts_with("Line 4, column 32: "), "{said}");
        assert_eq!(desk.parse_sql(SCRIPT).await.unwrap(), None);
        for (wrong, line) in
            [(wrong, "Line 4, column 32: "), (SCRIPT.replace("FROM numbers;", "FROM number;"), "Line 11, ")]
        {
            let refused = desk.create(&lab(), &ClusterForm { sql: wrong, ..form.clone() }, None, None).await;
            let refused = refused.unwrap_err();
            assert_eq!(refused.target(), Some("sql"), "{refused}");
            assert!(refused.to_string().contains(line), "{refused}");
        }
        let lost = ClusterForm { more_jars: String::new(), ..form.clone() };
        let refused = desk.create(&lab(), &lost, None, None).await.unwrap_err();
        assert!(refused.to_string().contains("penstock.trials.Doubled"), "{refused}");

        let id = desk.create(&lab(), &form, None, None).await.unwrap().0;
        world.cluster = id;
        until(&desk, id, State::Running, 1).await;
        let view = desk.cluster(id).await.unwrap();
        assert_eq!(view.more_jars.len(), 1);
        let shown = view.spec.job.sql.unwrap();
        assert!(shown.contains(&format!("token={HIDDEN}")) && !shown.contains("sesame12"), "{shown}");

        let next = ClusterForm {
            sql: shown.replace("'first'", "'second'").replace("'20'", "'100000'"),
            ..form.clone()
        };
        let update = Arguments { form: Some(next), ..Arguments::default() };
        desk.act(id, Action::Update, update).await.unwrap();
        until(&desk, id, State::Finished, 2).await;
        let printed = async |run| desk.log(id, run, "taskmanager-1.out", None).await.unwrap().text;
        let (first, second) = (printed(1).await, printed(2).await);
        assert!(first.contains("first> +I[1, 2]") && !first.contains("[2500, "), "{first}");
        assert!(second.contains("second> +U[2500, 6252500]"), "{second}");
        assert!(!second.contains("[1, 2]"), "it goes on where the savepoint was taken");
        assert!(world.run_folder(2).join("usrlib/more-1.jar").exists());

        // What defines and moves nothing has done all that it says.
        let defines = "CREATE TABLE t (n BIGINT) WITH ('connector' = 'blackhole');\nSHOW TABLES;".to_owned();
        let defines = ClusterForm { name: "defines".into(), sql: defines, more_jars: String::new(), ..form };
        let defines = desk.create(&lab(), &defines, None, None).await.unwrap().0;
        until(&desk, defines, State::Finished, 1).await;
        plane.close().await;
    });
}
