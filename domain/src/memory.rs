//! Flink's memory model: how the memory of a process is split, the JVM flags that follow, and the dynamic
//! properties that Flink's own scripts would pass. Equal to Flink 1.20's `bash-java-utils.jar`, which
//! `tests/memory_against_flink.rs` proves. What is *typed* for a process is checked in [`crate::form`].

mod job_manager;
mod size;
mod task_manager;

pub use job_manager::JobManagerMemory;
pub use size::{human, parse as parse_size, share};
pub use task_manager::TaskManagerMemory;

use serde::{Deserialize, Serialize};

use crate::option::FlinkOptions;

/// A mebibyte. What people call MB here and in Flink.
pub const MB: u64 = 1 << 20;

/// A part of a process' memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPart {
    /// "Task heap", "Managed (state)", "Network", "Framework", "Metaspace", "JVM".
    pub name: String,
    /// MB, rounded so that the sum is exact.
    pub mb: u32,
}

/// Why memory cannot be split: Flink's rule, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct MemoryError {
    /// The option that breaks the rule, if it is one; otherwise it is the process' size.
    pub key: Option<&'static str>,
    /// The rule, the figures and the way out.
    pub rule: String,
}

impl MemoryError {
    fn sum(rule: String) -> Self {
        Self { key: None, rule }
    }
}

/// A size option, or its default.
fn size_of(options: &FlinkOptions, key: &'static str, default: u64) -> Result<u64, MemoryError> {
    Ok(configured(options, key)?.unwrap_or(default))
}

/// A size option, if it is set.
fn configured(options: &FlinkOptions, key: &'static str) -> Result<Option<u64>, MemoryError> {
    let Some(text) = options.get(key) else { return Ok(None) };
    let size =
        size::parse(text).map_err(|rule| MemoryError { key: Some(key), rule: format!("{key}: {rule}") })?;
    Ok(Some(size))
}

/// A part that is a fraction of a whole, within limits.
struct Fraction {
    fraction: f64,
    min: u64,
    max: u64,
}

impl Fraction {
    /// A fraction and its limits, each an option with a default.
    fn within(
        options: &FlinkOptions,
        keys: [&'static str; 3],
        fraction: f32,
        min: u64,
        max: u64,
    ) -> Result<Fraction, MemoryError> {
        let [fraction_key, min_key, max_key] = keys;
        let (min, max) = (size_of(options, min_key, min)?, size_of(options, max_key, max)?);
        if min > max {
            return Err(MemoryError {
                key: Some(if options.contains_key(min_key) { min_key } else { max_key }),
                rule: format!(
                    "{min_key} ({}) is more than {max_key} ({}); make them fit.",
                    human(min),
                    human(max)
                ),
            });
        }
        Ok(Fraction { min, max, ..Self::of(options, fraction_key, fraction)? })
    }

    /// A fraction without limits.
    fn of(options: &FlinkOptions, key: &'static str, default: f32) -> Result<Fraction, MemoryError> {
        let text = options.get(key).map(|text| text.trim());
        match text.map_or(Ok(default), str::parse::<f32>) {
            Ok(fraction) if (0.0..=1.0).contains(&fraction) => {
                Ok(Fraction { fraction: f64::from(fraction), min: 0, max: i64::MAX as u64 })
            }
            _ => Err(MemoryError {
                key: Some(key),
                rule: format!(
                    "{key} is “{}”; it takes a fraction from 0 to 1; default {default}.",
                    text.unwrap_or_default()
                ),
            }),
        }
    }

    fn of_whole(&self, whole: u64) -> u64 {
        share(whole, self.fraction).clamp(self.min, self.max)
    }

    /// The part, where only the rest of the whole is known.
    fn of_rest(&self, rest: u64) -> u64 {
        share(rest, self.fraction / (1.0 - self.fraction)).clamp(self.min, self.max)
    }

    fn holds(&self, size: u64) -> bool {
        (self.min..=self.max).contains(&size)
    }
}

/// The two parts of a process that belong to the JVM itself.
struct Jvm {
    metaspace: u64,
    overhead: Fraction,
}

impl Jvm {
    const KEYS: [&'static str; 4] =
        ["jvm-metaspace.size", "jvm-overhead.fraction", "jvm-overhead.min", "jvm-overhead.max"];

    fn of(options: &FlinkOptions, keys: [&'static str; 4]) -> Result<Jvm, MemoryError> {
        debug_assert!(
            keys.iter().zip(Self::KEYS).all(|(key, end)| key.ends_with(end)),
            "keys in their order"
        );
        let [metaspace, fraction, min, max] = keys;
        Ok(Jvm {
            metaspace: size_of(options, metaspace, 256 * MB)?,
            overhead: Fraction::within(options, [fraction, min, max], 0.1, 192 * MB, 1024 * MB)?,
        })
    }

    /// Overhead, and what is left for Flink, of a process of this size.
    fn within(&self, process: u64) -> Result<(u64, u64), MemoryError> {
        let overhead = self.overhead.of_whole(process);
        match self.metaspace.checked_add(overhead).and_then(|jvm| process.checked_sub(jvm)) {
            Some(flink) => Ok((overhead, flink)),
            None => Err(MemoryError::sum(format!(
                "JVM metaspace ({}) and JVM overhead ({}) exceed the process' memory ({}); give it more, or less to them.",
                human(self.metaspace),
                human(overhead),
                human(process)
            ))),
        }
    }

    /// Overhead of a process of this size, where what Flink gets is fixed by options.
    fn around(&self, process: u64, flink: u64) -> Result<u64, MemoryError> {
        let taken = flink.saturating_add(self.metaspace);
        let Some(overhead) = process.checked_sub(taken) else {
            return Err(MemoryError::sum(format!(
                "The process' memory ({}) is less than Flink's fixed parts ({}) and the JVM metaspace ({}); give it more, \
                 or less to them.",
                human(process),
                human(flink),
                human(self.metaspace)
            )));
        };
        if self.overhead.holds(overhead) {
            Ok(overhead)
        } else {
            Err(MemoryError::sum(format!(
                "With these fixed parts {} remain as JVM overhead, which must lie between {} and {}; change the parts, \
                 the process' memory or that range.",
                human(overhead),
                human(self.overhead.min),
                human(self.overhead.max)
            )))
        }
    }
}

/// The parts in MB, rounded so that they add up to the process' memory exactly: those that lose most by rounding
/// down get the megabytes that are left. Parts of nothing are left out.
fn parts(process: u64, sizes: &[(&str, u64)]) -> Vec<MemoryPart> {
    let mb = |bytes: u64| u32::try_from(bytes / MB).unwrap_or(u32::MAX);
    let mut rows: Vec<(MemoryPart, u64)> = sizes
        .iter()
        .filter(|(_, bytes)| *bytes > 0)
        .map(|(name, bytes)| (MemoryPart { name: (*name).to_owned(), mb: mb(*bytes) }, bytes % MB))
        .collect();
    let missing = mb(process).saturating_sub(rows.iter().map(|(part, _)| part.mb).sum());
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&row| std::cmp::Reverse(rows[row].1));
    for row in order.into_iter().take(missing as usize) {
        rows[row].0.mb += 1;
    }
    rows.into_iter().map(|(part, _)| part).collect()
}
