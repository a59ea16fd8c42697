//! The job manager's memory.

use super::{Jvm, MB, MemoryError, MemoryPart, configured, human, parts, size_of};
use crate::option::FlinkOptions;

const HEAP: &str = "jobmanager.memory.heap.size";
const OFF_HEAP: &str = "jobmanager.memory.off-heap.size";
const DIRECT_LIMIT: &str = "jobmanager.memory.enable-jvm-direct-memory-limit";

/// The memory of a job manager, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names are those of Flink's memory model.
pub struct JobManagerMemory {
    pub heap: u64,
    pub off_heap: u64,
    pub metaspace: u64,
    pub overhead: u64,
    /// The JVM is told to keep direct memory within `off_heap`.
    pub direct_limit: bool,
}

impl JobManagerMemory {
    /// Splits the memory of a job manager's process, honouring the user's options for its parts.
    ///
    /// # Errors
    /// Flink's rule that these sizes break.
    pub fn split(process_mb: u32, options: &FlinkOptions) -> Result<Self, MemoryError> {
        let process = u64::from(process_mb) * MB;
        let jvm = Jvm::of(
            options,
            [
                "jobmanager.memory.jvm-metaspace.size",
                "jobmanager.memory.jvm-overhead.fraction",
                "jobmanager.memory.jvm-overhead.min",
                "jobmanager.memory.jvm-overhead.max",
            ],
        )?;
        let off_heap = size_of(options, OFF_HEAP, 128 * MB)?;
        let (heap, overhead) = match configured(options, HEAP)? {
            Some(heap) => (heap, jvm.around(process, heap.saturating_add(off_heap))?),
            None => {
                let (overhead, flink) = jvm.within(process)?;
                match flink.checked_sub(off_heap) {
                    Some(heap) if heap > 0 => (heap, overhead),
                    _ => {
                        return Err(MemoryError::sum(format!(
                            "The job manager's off-heap memory ({}) leaves nothing of the {} that Flink gets of it; give \
                             it more, or make {OFF_HEAP} smaller.",
                            human(off_heap),
                            human(flink)
                        )));
                    }
                }
            }
        };
        let direct_limit =
            options.get(DIRECT_LIMIT).is_some_and(|text| text.trim().eq_ignore_ascii_case("true"));
        Ok(Self { heap, off_heap, metaspace: jvm.metaspace, overhead, direct_limit })
    }

    /// All of it.
    pub fn process(&self) -> u64 {
        self.heap + self.off_heap + self.metaspace + self.overhead
    }

    /// The JVM flags.
    pub fn jvm_flags(&self) -> Vec<String> {
        let mut flags = vec![format!("-Xmx{}", self.heap), format!("-Xms{}", self.heap)];
        if self.direct_limit {
            flags.push(format!("-XX:MaxDirectMemorySize={}", self.off_heap));
        }
        flags.push(format!("-XX:MaxMetaspaceSize={}", self.metaspace));
        flags
    }

    /// What Flink's scripts pass with `-D`, as key and value.
    pub fn dynamic_properties(&self) -> Vec<(String, String)> {
        [
            (HEAP, self.heap),
            (OFF_HEAP, self.off_heap),
            ("jobmanager.memory.jvm-metaspace.size", self.metaspace),
            ("jobmanager.memory.jvm-overhead.min", self.overhead),
            ("jobmanager.memory.jvm-overhead.max", self.overhead),
        ]
        .map(|(key, bytes)| (key.to_owned(), format!("{bytes}b")))
        .to_vec()
    }

    /// As the form shows it.
    pub fn parts(&self) -> Vec<MemoryPart> {
        parts(
            self.process(),
            &[
                ("Heap", self.heap),
                ("Off-heap", self.off_heap),
                ("Metaspace", self.metaspace),
                ("JVM", self.overhead),
            ],
        )
    }
}
