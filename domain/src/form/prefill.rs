//! The form of a cluster that exists, for an update.

use super::{ClusterForm, Pair};
use crate::secret::HIDDEN;
use crate::spec::ClusterSpec;

impl From<&ClusterSpec> for ClusterForm {
    fn from(spec: &ClusterSpec) -> Self {
        let rows = |map: &std::collections::BTreeMap<String, String>| {
            map.iter().map(|(key, value)| Pair { key: key.clone(), value: value.clone() }).collect()
        };
        ClusterForm {
            version: spec.version.clone(),
            name: spec.name.to_string(),
            account: spec.account.to_string(),
            container: spec.container.to_string(),
            node_size: spec.node_size.clone(),
            worker_nodes: spec.worker_nodes.to_string(),
            jar: spec.job.jar.to_string(),
            entry_class: spec.job.entry_class.clone().unwrap_or_default(),
            args: spec.job.args.clone(),
            savepoint: spec.job.savepoint.as_ref().map(ToString::to_string).unwrap_or_default(),
            upgrade_mode: spec.job.upgrade_mode.name().to_owned(),
            options: rows(&spec.job.options),
            task_manager_cpu: spec.task_manager.cpu().to_string(),
            task_manager_memory: spec.task_manager.memory_mb().to_string(),
            job_manager_cpu: spec.job_manager.cpu().to_string(),
            job_manager_memory: spec.job_manager.memory_mb().to_string(),
            tags: rows(&spec.tags),
        }
    }
}

impl ClusterForm {
    /// Another cluster like this one. Its secrets are not shown, so they have to be typed again.
    pub fn again(spec: &ClusterSpec) -> ClusterForm {
        let mut form = ClusterForm::from(spec);
        for row in form.options.iter_mut().filter(|row| row.value == HIDDEN) {
            row.value.clear();
        }
        form
    }

    /// This form as an update of a cluster: its name, its version, where its state lies and what it was created from
    /// are not an update's to change. What is hidden in it stays as it is (`current` with its
    /// secrets open).
    pub fn updating(&self, current: &ClusterSpec) -> ClusterForm {
        let kept = ClusterForm::from(current);
        self.carrying(&kept).over(kept)
    }

    /// The form of an update: of what is typed, but for what an update leaves as it is.
    #[must_use]
    pub fn over(self, present: ClusterForm) -> ClusterForm {
        ClusterForm {
            version: present.version,
            name: present.name,
            account: present.account,
            container: present.container,
            savepoint: present.savepoint,
            ..self
        }
    }
}
