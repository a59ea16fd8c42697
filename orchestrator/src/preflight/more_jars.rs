//! More jars in the job's class path: each is opened as the job's own is, once for the same bytes.

use std::time::Instant;

use domain::spec::ClusterSpec;
use domain::view::{Check, JarView};

use super::{Subject, Verdict};
use crate::jar::JarError;
use crate::probe::JarFile;

/// What was found of all of them.
#[derive(Default)]
struct Found {
    files: Vec<JarFile>,
    wrong: Vec<String>,
    doubtful: Vec<String>,
}

impl Subject<'_> {
    /// The jars, and the check that they can be used; nothing where the job has its own alone.
    pub(super) async fn more_jars(&self, spec: &ClusterSpec) -> (Vec<JarFile>, Option<Check>) {
        if spec.job.more_jars.is_empty() {
            return (Vec::new(), None);
        }
        let began = Instant::now();
        let version = self.context.offer.versions.iter().find(|version| version.version == spec.version);
        let java = version.map_or(17, |version| version.java);
        let mut found = Found::default();
        match &self.kept {
            Some(kept) => {
                for file in &kept.more {
                    let view = self.readings.open_file(file.place.clone()).await;
                    found.add(&file.digest[..12.min(file.digest.len())], view, java, file.clone());
                }
            }
            None => self.more_in_storage(spec, java, &mut found).await,
        }
        let Found { files, wrong, doubtful } = found;
        let verdict = if !wrong.is_empty() {
            Verdict::failed(wrong.join(" "))
        } else if !doubtful.is_empty() {
            Verdict::warned(doubtful.join(" "))
        } else {
            Verdict::passed(if files.len() == 1 {
                "1 jar".to_owned()
            } else {
                format!("{} jars", files.len())
            })
        };
        (files, Some(verdict.check("More jars can be read and fit Java", "more_jars", began)))
    }

    async fn more_in_storage(&self, spec: &ClusterSpec, java: u32, found: &mut Found) {
        for address in &spec.job.more_jars {
            let at = address.clone();
            let jars = match self.storage.off(move |storage| storage.jars_at(&at)).await.and_then(|jars| jars)
            {
                Ok(jars) => jars,
                Err(why) => {
                    found.wrong.push(why.to_string());
                    continue;
                }
            };
            for jar in jars {
                let view = self.readings.open(self.storage, &jar).await;
                let at = jar.clone();
                let place =
                    match self.storage.off(move |storage| storage.file(&at)).await.and_then(|place| place) {
                        Ok(place) => place,
                        Err(why) => {
                            found.wrong.push(why.to_string());
                            continue;
                        }
                    };
                let digest = view.as_ref().map(|view| view.sha256.to_string()).unwrap_or_default();
                found.add(jar.name(), view, java, JarFile { place, digest });
            }
        }
    }
}

impl Found {
    fn add(&mut self, name: &str, view: Result<JarView, String>, java: u32, file: JarFile) {
        match view {
            // It may hold what a connector is found by, and nothing else.
            Err(why) if why == JarError::Empty.to_string() => {
                self.doubtful.push(format!("{name} holds no class."));
            }
            Err(why) => return self.wrong.push(format!("{name}: {why}")),
            Ok(view) if !view.foreign_signatures.is_empty() => {
                return self.wrong.push(format!(
                    "{name} carries the signature of a library ({}), which is not its own, and Java loads nothing from \
                     such a jar. Leave META-INF/*.SF, *.RSA, *.DSA and *.EC out when you build it.",
                    view.foreign_signatures.join(", ")
                ));
            }
            Ok(view) if view.java > java => self.doubtful.push(format!(
                "{} in {name} needs Java {}, and the cluster version runs Java {java}. That fails only if it is used.",
                view.newest_class, view.java
            )),
            Ok(_) => {}
        }
        self.files.push(file);
    }
}
