//! The form of a cluster that exists, for an update.

use super::ClusterForm;
use crate::draft::ClusterDraft;
use crate::secret::HIDDEN;
use crate::spec::ClusterSpec;

impl From<&ClusterSpec> for ClusterForm {
    fn from(spec: &ClusterSpec) -> Self {
        ClusterForm::from(ClusterDraft::from(spec))
    }
}

impl From<ClusterDraft> for ClusterForm {
    fn from(draft: ClusterDraft) -> Self {
        let number = |given: Option<u32>| given.map(|number| number.to_string()).unwrap_or_default();
        let cpu = |given: Option<f64>| given.map(|cores| cores.to_string()).unwrap_or_default();
        ClusterForm {
            version: draft.version.unwrap_or_default(),
            name: draft.name.unwrap_or_default(),
            account: draft.account.unwrap_or_default(),
            container: draft.container.unwrap_or_default(),
            network: draft.network.unwrap_or_default(),
            subnet: draft.subnet.unwrap_or_default(),
            node_size: draft.node_size.unwrap_or_default(),
            worker_nodes: number(draft.worker_nodes),
            program: if draft.sql.is_some() { "sql".to_owned() } else { String::new() },
            sql: draft.sql.unwrap_or_default(),
            jar: draft.jar.unwrap_or_default(),
            more_jars: draft.more_jars.join("\n"),
            entry_class: draft.entry_class.unwrap_or_default(),
            args: draft.args.unwrap_or_default(),
            savepoint_directory: draft.savepoint_directory.unwrap_or_default(),
            savepoint: draft.savepoint.unwrap_or_default(),
            upgrade_mode: draft.upgrade_mode.unwrap_or_default(),
            options: draft.options,
            task_manager_cpu: cpu(draft.task_manager_cpu),
            task_manager_memory: number(draft.task_manager_memory),
            job_manager_cpu: cpu(draft.job_manager_cpu),
            job_manager_memory: number(draft.job_manager_memory),
            tags: draft.tags,
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
            network: present.network,
            subnet: present.subnet,
            savepoint: present.savepoint,
            ..self
        }
    }
}
