//! Words and names of every script reach the job and come back from it, whatever the locale of the portal: the test
//! command runs these tests in the poorest one, `C`.

use domain::address::Address;

use crate::world::{ACCOUNT, CONTAINER, spec, test};

const WORDS: &str = "Zürich 日本語 🙂";

#[test]
fn umlauts_han_and_emoji_in_the_jars_name_and_in_arguments_are_what_was_typed() {
    test(async |mut world| {
        let name = "größe/数え-🙂.jar";
        let place = world.jar().with_file_name(name);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::rename(world.jar(), &place).unwrap();
        let mut revision = spec("Counter", &format!("--rate 200 --label '{WORDS}'"), &[]);
        let address = format!("abfs://{CONTAINER}@{ACCOUNT}.dfs.core.windows.net/jars/{name}");
        revision.job.jar = Some(Address::parse(&address).unwrap());
        world.revisions = vec![revision];
        world.create().await;
        for (log, says) in [("jobmanager.out", "is printed"), ("jobmanager.log", "is logged")] {
            let text = world.provider.log(world.cluster, 1, log, Some(0)).await.unwrap().text;
            assert!(text.contains(&format!("{WORDS} {says}")), "{log}: {text}");
        }
    });
}
