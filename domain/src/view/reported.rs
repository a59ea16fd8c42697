//! What a running job says of itself, held against what its run was given: a job's own code may have set it otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::option::millis;

/// What Flink says of a running job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Milliseconds between checkpoints; none where it takes none.
    pub interval_ms: Option<u64>,
    /// `exactly_once`, `at_least_once`; none where it takes no checkpoints.
    pub mode: Option<String>,
    /// How long a checkpoint may take, milliseconds.
    pub timeout_ms: Option<u64>,
    /// The class of its state backend: `HashMapStateBackend`.
    pub backend: Option<String>,
    /// Where its newest complete checkpoint lies, as Flink names it; none before the first.
    pub checkpoint: Option<String>,
    /// The parallelism of its operators that set none.
    pub parallelism: Option<u32>,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Setting {
    /// Time between checkpoints.
    Interval,
    /// Where checkpoints lie.
    Folder,
    /// Exactly once, or at least once.
    Mode,
    /// How long one may take.
    Timeout,
    /// What keeps the state while the job runs.
    Backend,
    /// How many subtasks.
    Parallelism,
}

/// A setting of a running job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedSetting {
    /// Which.
    pub setting: Setting,
    /// What the job says; none where it says that it has none.
    pub says: Option<String>,
    /// What its run was given; none where that is left to Flink.
    pub given: Option<String>,
    /// The job's own code has set it otherwise.
    pub differs: bool,
}

/// All of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedView {
    /// The run.
    pub run: u32,
    /// What it says.
    pub settings: Vec<ReportedSetting>,
}

/// The options that give each, by their present and their earlier names.
const INTERVAL: [&str; 1] = ["execution.checkpointing.interval"];
const FOLDER: [&str; 2] = ["execution.checkpointing.dir", "state.checkpoints.dir"];
const MODE: [&str; 1] = ["execution.checkpointing.mode"];
const TIMEOUT: [&str; 1] = ["execution.checkpointing.timeout"];
const BACKEND: [&str; 2] = ["state.backend.type", "state.backend"];
const PARALLELISM: [&str; 1] = ["parallelism.default"];

impl Reported {
    /// Held against the configuration of its run. Where the run was given nothing nothing differs: Flink's own default
    /// is what was asked for.
    pub fn against(&self, configuration: &BTreeMap<String, String>) -> Vec<ReportedSetting> {
        let given = |keys: &[&str]| keys.iter().find_map(|key| configuration.get(*key)).cloned();
        let told =
            |setting, says: Option<String>, given: Option<String>, same: &dyn Fn(&str, &str) -> bool| {
                let differs = match (&says, &given) {
                    (Some(says), Some(given)) => !same(says, given),
                    // It has none, and was given one.
                    (None, Some(_)) => true,
                    (_, None) => false,
                };
                ReportedSetting { setting, says, given, differs }
            };
        let duration = |ms: u64| format!("{ms} ms");
        let same_time = |says: &str, given: &str| millis(says) == millis(given);
        let same_word = |says: &str, given: &str| word(says) == word(given);
        let mut settings =
            vec![told(Setting::Interval, self.interval_ms.map(duration), given(&INTERVAL), &same_time)];
        if self.interval_ms.is_some() {
            // Until the first one is complete nobody knows where they lie.
            let folder = self.checkpoint.as_deref().and_then(folder);
            if folder.is_some() {
                settings.push(told(Setting::Folder, folder, given(&FOLDER), &|says, given| {
                    place(says) == place(given)
                }));
            }
            settings.push(told(Setting::Mode, self.mode.clone(), given(&MODE), &same_word));
            settings.push(told(Setting::Timeout, self.timeout_ms.map(duration), given(&TIMEOUT), &same_time));
        }
        let other = |setting, says: Option<String>, keys: &[&str], same: &dyn Fn(&str, &str) -> bool| {
            // What it does not say differs from nothing.
            says.map(|says| told(setting, Some(says), given(keys), same))
        };
        settings.extend(other(Setting::Backend, self.backend.clone(), &BACKEND, &same_backend));
        let parallelism = self.parallelism.map(|number| number.to_string());
        settings.extend(other(Setting::Parallelism, parallelism, &PARALLELISM, &|says, given| {
            says.trim() == given.trim()
        }));
        settings
    }
}

/// `EXACTLY_ONCE` and `exactly-once` are one word.
fn word(text: &str) -> String {
    text.trim().to_lowercase().replace('-', "_")
}

/// `EmbeddedRocksDBStateBackend` is `rocksdb`, also by the name of its factory; of a class of somebody's own its name
/// is all there is.
fn same_backend(says: &str, given: &str) -> bool {
    let kind = |name: &str| {
        let name = name.rsplit('.').next().unwrap_or(name).to_lowercase();
        ["rocksdb", "hashmap", "forst"]
            .into_iter()
            .find(|kind| name.contains(kind))
            .map_or(name, str::to_owned)
    };
    kind(says) == kind(given)
}

/// The folder of a checkpoint's job's folder: that which an option names.
fn folder(checkpoint: &str) -> Option<String> {
    let of_job = checkpoint.trim_end_matches('/').rsplit_once('/')?.0;
    Some(of_job.rsplit_once('/')?.0.to_owned())
}

/// `file:/a`, `file:///a/` and `/a` are one place.
fn place(path: &str) -> String {
    let path = path.trim().trim_end_matches('/');
    match path.strip_prefix("file:") {
        Some(local) => format!("/{}", local.trim_start_matches('/')),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported() -> Reported {
        Reported {
            interval_ms: Some(5_000),
            mode: Some("exactly_once".to_owned()),
            timeout_ms: Some(600_000),
            backend: Some("EmbeddedRocksDBStateBackend".to_owned()),
            checkpoint: Some("file:/lake/checkpoints/ab12/chk-3".to_owned()),
            parallelism: Some(2),
        }
    }

    fn differing(reported: &Reported, configuration: &[(&str, &str)]) -> Vec<Setting> {
        let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let settings = reported.against(&configuration.iter().map(pair).collect());
        settings.into_iter().filter(|one| one.differs).map(|one| one.setting).collect()
    }

    #[test]
    fn what_is_written_otherwise_is_not_other() {
        let given = [
            ("execution.checkpointing.interval", "5 s"),
            ("execution.checkpointing.dir", "file:///lake/checkpoints/"),
            ("execution.checkpointing.mode", "EXACTLY_ONCE"),
            ("execution.checkpointing.timeout", "10min"),
            ("state.backend.type", "rocksdb"),
            ("parallelism.default", "2"),
        ];
        assert_eq!(differing(&reported(), &given), []);
        assert_eq!(differing(&reported(), &[]), [], "Flink's own default was asked for");
        assert_eq!(reported().against(&BTreeMap::new()).len(), 6);
    }

    #[test]
    fn what_the_jobs_own_code_has_set_otherwise_is_said() {
        let given = [
            ("execution.checkpointing.interval", "1 min"),
            ("execution.checkpointing.dir", "file:///other"),
            ("state.backend.type", "hashmap"),
        ];
        assert_eq!(differing(&reported(), &given), [Setting::Interval, Setting::Folder, Setting::Backend]);
        let off = Reported { interval_ms: None, ..reported() };
        let settings = off.against(&BTreeMap::from([(INTERVAL[0].to_owned(), "5s".to_owned())]));
        let interval = &settings[0];
        assert!(interval.differs && interval.says.is_none(), "{settings:?}");
        assert!(settings.iter().all(|one| one.setting != Setting::Mode), "it has none: {settings:?}");
    }
}
