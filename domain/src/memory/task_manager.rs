//! A task manager's memory.

use super::{Fraction, Jvm, MB, MemoryError, MemoryPart, configured, human, parts, size_of};
use crate::option::FlinkOptions;

const TASK_HEAP: &str = "taskmanager.memory.task.heap.size";
const MANAGED: &str = "taskmanager.memory.managed.size";

/// The memory of one task manager, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are those of Flink's memory model.
pub struct TaskManagerMemory {
    pub framework_heap: u64,
    pub task_heap: u64,
    pub framework_off_heap: u64,
    pub task_off_heap: u64,
    pub managed: u64,
    pub network: u64,
    pub metaspace: u64,
    pub overhead: u64,
}

impl TaskManagerMemory {
    /// Splits the memory of a task manager's process, honouring the user's options for its parts.
    ///
    /// # Errors
    /// Flink's rule that these sizes break.
    pub fn split(process_mb: u32, options: &FlinkOptions) -> Result<Self, MemoryError> {
        let process = u64::from(process_mb) * MB;
        let jvm = Jvm::of(
            options,
            [
                "taskmanager.memory.jvm-metaspace.size",
                "taskmanager.memory.jvm-overhead.fraction",
                "taskmanager.memory.jvm-overhead.min",
                "taskmanager.memory.jvm-overhead.max",
            ],
        )?;
        let network = Fraction::within(
            options,
            [
                "taskmanager.memory.network.fraction",
                "taskmanager.memory.network.min",
                "taskmanager.memory.network.max",
            ],
            0.1,
            64 * MB,
            i64::MAX as u64,
        )?;
        let fixed = TaskManagerMemory {
            framework_heap: size_of(options, "taskmanager.memory.framework.heap.size", 128 * MB)?,
            task_heap: 0,
            framework_off_heap: size_of(options, "taskmanager.memory.framework.off-heap.size", 128 * MB)?,
            task_off_heap: size_of(options, "taskmanager.memory.task.off-heap.size", 0)?,
            managed: 0,
            network: 0,
            metaspace: jvm.metaspace,
            overhead: 0,
        };
        match (configured(options, TASK_HEAP)?, configured(options, MANAGED)?) {
            (Some(task_heap), Some(managed)) => fixed.outwards(task_heap, managed, &network, &jvm, process),
            (task_heap, managed) => {
                let (overhead, flink) = jvm.within(process)?;
                let managed = match managed {
                    Some(managed) => managed,
                    None => {
                        Fraction::of(options, "taskmanager.memory.managed.fraction", 0.4)?.of_whole(flink)
                    }
                };
                Self { managed, overhead, ..fixed }.inwards(task_heap, &network, flink)
            }
        }
    }

    /// Task heap and managed memory are fixed: the rest is built around them.
    fn outwards(
        self,
        task_heap: u64,
        managed: u64,
        network: &Fraction,
        jvm: &Jvm,
        process: u64,
    ) -> Result<Self, MemoryError> {
        let mut memory = Self { task_heap, managed, ..self };
        memory.network = network.of_rest(memory.flink());
        memory.overhead = jvm.around(process, memory.flink())?;
        Ok(memory)
    }

    /// What Flink gets is known: network memory or task heap takes what the other parts leave.
    fn inwards(
        mut self,
        task_heap: Option<u64>,
        network: &Fraction,
        flink: u64,
    ) -> Result<Self, MemoryError> {
        match task_heap {
            Some(task_heap) => {
                self.task_heap = task_heap;
                self.network = flink.checked_sub(self.flink()).ok_or_else(|| self.too_small(flink))?;
                if !network.holds(self.network) {
                    return Err(MemoryError::sum(format!(
                        "With this task heap {} remain as network memory, which must lie between {} and {}; change the \
                         task heap, the process' memory or that range.",
                        human(self.network),
                        human(network.min),
                        human(network.max)
                    )));
                }
            }
            None => {
                self.network = network.of_whole(flink);
                self.task_heap = flink.checked_sub(self.flink()).ok_or_else(|| self.too_small(flink))?;
            }
        }
        Ok(self)
    }

    fn too_small(&self, flink: u64) -> MemoryError {
        MemoryError::sum(format!(
            "The parts of a task manager's memory exceed the {} that Flink gets of it: framework heap {}, framework \
             off-heap {}, task heap {}, task off-heap {}, managed {}, network {}. Give it more, or less to them.",
            human(flink),
            human(self.framework_heap),
            human(self.framework_off_heap),
            human(self.task_heap),
            human(self.task_off_heap),
            human(self.managed),
            human(self.network)
        ))
    }

    /// What Flink gets: everything without metaspace and overhead.
    pub fn flink(&self) -> u64 {
        [self.task_heap, self.framework_off_heap, self.task_off_heap, self.managed, self.network]
            .into_iter()
            .fold(self.framework_heap, u64::saturating_add)
    }

    /// All of it.
    pub fn process(&self) -> u64 {
        self.flink() + self.metaspace + self.overhead
    }

    /// The JVM flags.
    pub fn jvm_flags(&self) -> Vec<String> {
        let heap = self.framework_heap + self.task_heap;
        let direct = self.framework_off_heap + self.task_off_heap + self.network;
        vec![
            format!("-Xmx{heap}"),
            format!("-Xms{heap}"),
            format!("-XX:MaxDirectMemorySize={direct}"),
            format!("-XX:MaxMetaspaceSize={}", self.metaspace),
        ]
    }

    /// What Flink's scripts pass with `-D`, as key and value.
    pub fn dynamic_properties(&self, slots: u32) -> Vec<(String, String)> {
        let sizes = [
            ("taskmanager.memory.framework.heap.size", self.framework_heap),
            ("taskmanager.memory.framework.off-heap.size", self.framework_off_heap),
            (TASK_HEAP, self.task_heap),
            ("taskmanager.memory.task.off-heap.size", self.task_off_heap),
            ("taskmanager.memory.network.min", self.network),
            ("taskmanager.memory.network.max", self.network),
            (MANAGED, self.managed),
            ("taskmanager.memory.jvm-metaspace.size", self.metaspace),
            ("taskmanager.memory.jvm-overhead.min", self.overhead),
            ("taskmanager.memory.jvm-overhead.max", self.overhead),
        ];
        let sizes = sizes.into_iter().map(|(key, bytes)| (key.to_owned(), format!("{bytes}b")));
        let others = [
            ("taskmanager.cpu.cores", format!("{slots}.0")),
            ("taskmanager.numberOfTaskSlots", slots.to_string()),
            ("external-resources", "none".to_owned()),
        ];
        sizes.chain(others.map(|(key, value)| (key.to_owned(), value))).collect()
    }

    /// As the form shows it.
    pub fn parts(&self) -> Vec<MemoryPart> {
        parts(
            self.process(),
            &[
                ("Task heap", self.task_heap),
                ("Task off-heap", self.task_off_heap),
                ("Managed (state)", self.managed),
                ("Network", self.network),
                ("Framework", self.framework_heap + self.framework_off_heap),
                ("Metaspace", self.metaspace),
                ("JVM", self.overhead),
            ],
        )
    }
}
