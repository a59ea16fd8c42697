//! What no field can say alone: the processes fit on the nodes, their memory can be split, slots are enough.

use super::ClusterDraft;
use super::findings::Findings;
use crate::memory::{JobManagerMemory, MemoryError, TaskManagerMemory};
use crate::offer::NodeSize;
use crate::option::FlinkOptions;
use crate::spec::{self, Resources};

impl ClusterDraft {
    /// Holds the parts against each other; a part with an error of its own is left out.
    pub(super) fn fits(
        &self,
        found: &mut Findings<'_>,
        node: Option<&NodeSize>,
        nodes: Option<u32>,
        task_manager: Option<Resources>,
        job_manager: Option<Resources>,
        options: &FlinkOptions,
    ) {
        if let Some(size) = job_manager
            && let Err(error) = JobManagerMemory::split(size.memory_mb(), options)
        {
            self.memory(found, "job_manager_memory", size, error);
        }
        let Some(size) = task_manager else { return };
        if let Err(error) = TaskManagerMemory::split(size.memory_mb(), options) {
            self.memory(found, "task_manager_memory", size, error);
        }
        let Some(node) = node else { return };
        if let Some(head) = job_manager {
            place(found, "job_manager", "The job manager", "head node", head, node);
        }
        if !place(found, "task_manager", "A task manager", "worker node", size, node) {
            return;
        }
        let Some(nodes) = nodes else { return };
        let task_managers = nodes.saturating_mul(spec::fitting(size, node));
        let slots = task_managers.saturating_mul(spec::slots(options, size));
        // A batch job takes it as a limit.
        let batch =
            options.get("execution.runtime-mode").is_some_and(|mode| mode.eq_ignore_ascii_case("batch"));
        let fits_itself = batch || is_adaptive(options);
        let parallelism = options.get("parallelism.default").and_then(|text| text.trim().parse::<u32>().ok());
        if let Some(parallelism) = parallelism.filter(|parallelism| *parallelism > slots && !fits_itself) {
            self.at_option(found, "parallelism.default", format!(
                "Parallelism {parallelism} needs as many slots; these nodes give {slots}. Take more nodes or slots, or less parallelism."
            ));
        }
    }

    fn memory(&self, found: &mut Findings<'_>, field: &str, size: Resources, error: MemoryError) {
        match error.key {
            Some(key) => self.at_option(found, key, error.rule),
            None => found.add(field, &size.memory_mb().to_string(), error.rule),
        }
    }

    /// An error at the row that holds this key, unless the row has one already.
    fn at_option(&self, found: &mut Findings<'_>, key: &str, message: String) {
        if let Some(row) = self.options.iter().position(|pair| pair.key.trim() == key) {
            let field = format!("options[{row}].value");
            if !found.has(&field) {
                found.add(field, &self.options[row].value, message);
            }
        }
    }
}

/// Whether the job's scheduler makes do with the slots that are there.
pub fn is_adaptive(options: &FlinkOptions) -> bool {
    ["jobmanager.scheduler", "scheduler-mode"].iter().any(|key| {
        options.get(*key).is_some_and(|word| matches!(&*word.to_lowercase(), "adaptive" | "reactive"))
    })
}

fn place(
    found: &mut Findings<'_>,
    field: &str,
    who: &str,
    place: &str,
    size: Resources,
    node: &NodeSize,
) -> bool {
    let (cpu, memory) = (size.cpu() <= node.cpu + 1e-9, size.memory_mb() <= node.memory_mb);
    if !cpu {
        found.add(format!("{field}_cpu"), &size.cpu().to_string(), format!(
            "{who} with {} CPU does not fit on a {place} of size {} ({} CPU). Take less, or a larger node size.",
            size.cpu(), node.name, node.cpu
        ));
    }
    if !memory {
        found.add(format!("{field}_memory"), &size.memory_mb().to_string(), format!(
            "{who} with {} MB does not fit on a {place} of size {} ({} MB). Take less, or a larger node size.",
            size.memory_mb(), node.name, node.memory_mb
        ));
    }
    cpu && memory
}
