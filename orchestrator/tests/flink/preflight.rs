//! The preflight really opens, asks and counts: each bad program is refused with its sentence before anything starts.

use bytes::Bytes;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::view::{Check, CheckResult};
use futures::StreamExt;
use orchestrator::first_pool as lab;
use orchestrator::{ControlPlane, Desk, PlaneConfig};

use crate::launches::newer;
use crate::world::test;

/// Also the checks read names and words of every script, whatever the locale of the portal.
const GOOD: &str = "jars/größe/数え.jar";

/// Opens a portal and puts these jars into its storage account.
pub(crate) async fn with_jars(config: &PlaneConfig, jars: &[(&str, Vec<u8>)]) -> (ControlPlane, Desk) {
    let plane = ControlPlane::open(config.clone()).await.unwrap();
    let desk = plane.own_desk("Ada");
    for (path, bytes) in jars {
        let bytes = Bytes::from(bytes.clone());
        let stream = futures::stream::once(async move { Ok(bytes) }).boxed();
        desk.upload("lake", "flink", path, false, stream).await.unwrap();
    }
    (plane, desk)
}

/// A form with this jar.
pub(crate) async fn form(desk: &Desk, jar: &str) -> ClusterForm {
    let defaults = desk.create_context(&lab()).await.unwrap().defaults;
    let jar = format!("abfs://flink@lake.dfs.core.windows.net/{jar}");
    ClusterForm { name: "orders".to_owned(), jar, ..defaults }
}

/// The checks of a form with this jar and class.
pub(crate) async fn checks(
    desk: &Desk,
    jar: &str,
    class: &str,
    change: impl FnOnce(&mut ClusterForm),
) -> Vec<Check> {
    let mut form = ClusterForm { entry_class: class.to_owned(), ..form(desk, jar).await };
    change(&mut form);
    desk.preflight(&lab(), &form, None, false).await.unwrap().checks
}

pub(crate) fn failed(checks: &[Check]) -> Vec<(&str, String)> {
    let failed = checks.iter().filter(|check| check.result == CheckResult::Failed);
    failed
        .map(|check| {
            (check.field.as_deref().unwrap_or_default(), format!("{}\n{}", check.detail, check.exception))
        })
        .collect()
}

#[test]
fn a_bad_program_is_refused_with_its_sentence() {
    test(async |world| {
        let good = std::fs::read(world.jar()).unwrap();
        newer(&world.jar());
        let newer = std::fs::read(world.jar()).unwrap();
        let jars = [
            (GOOD, good.clone()),
            ("jars/cut-off.jar", good[..good.len() / 2].to_vec()),
            ("jars/text.jar", b"This is no jar.".to_vec()),
            ("jars/newer.jar", newer),
        ];
        let (plane, desk) = with_jars(&world.config, &jars).await;
        for (jar, class, field, says) in [
            ("jars/none.jar", "", "jar", "There is no file at abfs://flink@lake"),
            ("jars/cut-off.jar", "", "jar", "This is not a jar"),
            ("jars/text.jar", "", "jar", "This is not a jar"),
            ("jars/newer.jar", "", "jar", "Its entry class needs Java 55"),
            (
                GOOD,
                "NotThere",
                "entry_class",
                "has no class penstock.samples.NotThere with a public static main",
            ),
            (GOOD, "Throws", "jar", "This main throws on purpose"),
            (GOOD, "Exits", "jar", "System.exit"),
            (GOOD, "Silent", "jar", "execute()"),
        ] {
            let class = if class.is_empty() { String::new() } else { format!("penstock.samples.{class}") };
            let checks = checks(&desk, jar, &class, |_| {}).await;
            let failed = failed(&checks);
            let told = failed.iter().any(|(at, sentence)| *at == field && sentence.contains(says));
            assert!(told, "{jar} {class}: {says}? {failed:#?}");
        }
        plane.close().await;
    });
}

#[test]
fn a_good_program_passes_and_what_it_lacks_is_counted() {
    test(async |world| {
        let (plane, desk) = with_jars(&world.config, &[(GOOD, std::fs::read(world.jar()).unwrap())]).await;
        let words = "--label 'Zürich 日本語'";
        let good = checks(&desk, GOOD, "", |form| form.args = words.to_owned()).await;
        assert_eq!(failed(&good), []);
        assert!(good.iter().any(|check| check.detail.contains("with state")), "{good:#?}");

        let many = Pair { key: "parallelism.default".to_owned(), value: "64".to_owned() };
        let slots = checks(&desk, GOOD, "", |form| form.options = vec![many]).await;
        let told = |checks: &[Check], field, says| {
            let failed = failed(checks);
            assert!(failed.iter().any(|(at, why)| *at == field && why.contains(says)), "{failed:#?}");
        };
        told(&slots, "options[0].value", "Parallelism 64 needs as many slots; these nodes give 2");
        let none = checks(&desk, GOOD, "", |form| form.savepoint = "savepoints/none".to_owned()).await;
        told(&none, "savepoint", "its _metadata is missing");
        plane.close().await;
    });
}

/// All of a distribution's options, each with what a person needs to know of it.
#[test]
fn flink_itself_names_its_options() {
    test(async |world| {
        let (plane, desk) = with_jars(&world.config, &[]).await;
        let options = desk.options("1.2.1").await.unwrap();
        // Its classes declare 955 keys; three of them hold for reporters of metrics and of traces, and stand for both.
        assert_eq!(options.len(), 958);
        let interval =
            options.iter().find(|option| option.key == "execution.checkpointing.interval").unwrap();
        assert_eq!(interval.kind, "Duration");
        assert!(interval.description.contains("checkpoint"), "{interval:?}");
        plane.close().await;
    });
}
