//! What this machine has to give to its clusters.

/// A machine's cores and memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Cores of the processor.
    pub cores: u32,
    /// Memory, MB. Counted strictly: memory that is not there ends processes.
    pub memory_mb: u64,
}

/// How many cores of clusters one core of the machine may be promised. Streaming jobs wait most of the time, and a
/// busy core only makes them slower. A larger factor lets a laptop hold more idle clusters; a smaller one keeps a
/// promise of speed.
const PROMISES_PER_CORE: u32 = 8;

impl Machine {
    /// Asks the system. Where it does not tell, two cores and 8 GB.
    pub fn here() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2));
        Self { cores, memory_mb: memory_mb().unwrap_or(8 * 1024) }
    }

    /// Cores that clusters may ask for together.
    pub fn cpu(&self) -> f64 {
        f64::from(self.cores * PROMISES_PER_CORE)
    }
}

fn memory_mb() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}
