//! CPU and memory of one process.

use serde::{Deserialize, Serialize};

/// CPU and memory of one process.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Resources {
    cpu: f64,
    memory_mb: u32,
}

/// The same, unchecked, as it stands in JSON.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Raw {
    cpu: f64,
    memory_mb: u32,
}

impl Resources {
    /// The least memory of a process, MB.
    pub const LEAST_MEMORY_MB: u32 = 1800;
    /// The most memory of a process, MB: 4 TB.
    pub const MOST_MEMORY_MB: u32 = 4 << 20;
    /// The most cores of a process.
    pub const MOST_CPU: f64 = 1024.0;

    /// CPU and memory of a process.
    ///
    /// # Errors
    /// The rule in a sentence.
    pub fn new(cpu: f64, memory_mb: u32) -> Result<Self, String> {
        if !(cpu > 0.0 && cpu <= Self::MOST_CPU) {
            return Err(format!("CPU is {cpu}; it takes more than 0 and up to {} cores.", Self::MOST_CPU));
        }
        if !(Self::LEAST_MEMORY_MB..=Self::MOST_MEMORY_MB).contains(&memory_mb) {
            return Err(format!(
                "Memory is {memory_mb} MB; it takes {} to {} MB.",
                Self::LEAST_MEMORY_MB,
                Self::MOST_MEMORY_MB
            ));
        }
        Ok(Self { cpu, memory_mb })
    }

    /// Cores, > 0.
    pub fn cpu(self) -> f64 {
        self.cpu
    }

    /// Megabytes, >= 1800.
    pub fn memory_mb(self) -> u32 {
        self.memory_mb
    }
}

impl TryFrom<Raw> for Resources {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        Self::new(raw.cpu, raw.memory_mb)
    }
}

impl From<Resources> for Raw {
    fn from(resources: Resources) -> Raw {
        Raw { cpu: resources.cpu, memory_mb: resources.memory_mb }
    }
}
