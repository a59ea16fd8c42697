//! From what is typed to what is asked for.

use std::fmt::Display;
use std::str::FromStr;

use super::ClusterForm;
use crate::draft::{
    ClusterDraft, Consequences, JOB_MANAGER_CPU, JOB_MANAGER_MEMORY, Number, TASK_MANAGER_CPU,
    TASK_MANAGER_MEMORY, WORKER_NODES,
};
use crate::offer::Offer;
use crate::option::OptionInfo;
use crate::refusal::Finding;
use crate::spec::ClusterSpec;

impl From<&ClusterForm> for ClusterDraft {
    fn from(form: &ClusterForm) -> Self {
        let text = |typed: &str| Some(typed.to_owned()).filter(|typed| !typed.trim().is_empty());
        let mut unread = Vec::new();
        let script = form.is_script();
        let of_jar = |typed: &str| text(typed).filter(|_| !script);
        ClusterDraft {
            version: text(&form.version),
            name: text(&form.name),
            account: text(&form.account),
            container: text(&form.container),
            network: text(&form.network),
            subnet: text(&form.subnet),
            node_size: text(&form.node_size),
            worker_nodes: number(&mut unread, &WORKER_NODES, &form.worker_nodes),
            jar: of_jar(&form.jar),
            sql: script.then(|| form.sql.clone()),
            more_jars: lines(&form.more_jars),
            entry_class: of_jar(&form.entry_class),
            args: of_jar(&form.args),
            savepoint_directory: text(&form.savepoint_directory),
            savepoint: text(&form.savepoint),
            upgrade_mode: text(&form.upgrade_mode),
            options: form.options.clone(),
            task_manager_cpu: number(&mut unread, &TASK_MANAGER_CPU, &form.task_manager_cpu),
            task_manager_memory: number(&mut unread, &TASK_MANAGER_MEMORY, &form.task_manager_memory),
            job_manager_cpu: number(&mut unread, &JOB_MANAGER_CPU, &form.job_manager_cpu),
            job_manager_memory: number(&mut unread, &JOB_MANAGER_MEMORY, &form.job_manager_memory),
            tags: form.tags.clone(),
            unread,
        }
    }
}

/// The lines that hold something.
fn lines(typed: &str) -> Vec<String> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn number<T: FromStr + Display + Copy>(
    unread: &mut Vec<Finding>,
    field: &Number<T>,
    typed: &str,
) -> Option<T> {
    field.read(typed).unwrap_or_else(|finding| {
        unread.push(finding);
        None
    })
}

impl ClusterForm {
    /// [`ClusterDraft::validate`] of what is typed.
    ///
    /// # Errors
    /// All findings at once, in the order of the form.
    pub fn validate(&self, offer: &Offer, options: &[OptionInfo]) -> Result<ClusterSpec, Vec<Finding>> {
        ClusterDraft::from(self).validate(offer, options)
    }

    /// [`ClusterDraft::consequences`] of what is typed.
    pub fn consequences(&self, offer: &Offer) -> Option<Consequences> {
        ClusterDraft::from(self).consequences(offer)
    }
}
