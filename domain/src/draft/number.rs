//! The fields that take a number: what each may be, and how it says so.

use std::fmt::Display;
use std::str::FromStr;

use super::findings::Findings;
use super::validate::MOST_NODES;
use crate::refusal::Finding;
use crate::spec::Resources;

/// A field that takes a number.
pub(crate) struct Number<T> {
    field: &'static str,
    fits: fn(T) -> bool,
    takes: fn() -> String,
}

pub(crate) const WORKER_NODES: Number<u32> = Number {
    field: "worker_nodes",
    fits: |nodes| (1..=MOST_NODES).contains(&nodes),
    takes: || format!("Number of worker nodes takes a whole number from 1 to {MOST_NODES}."),
};
pub(crate) const TASK_MANAGER_CPU: Number<f64> = cpu("task_manager_cpu", || takes_cpu("Task manager"));
pub(crate) const TASK_MANAGER_MEMORY: Number<u32> =
    memory("task_manager_memory", || takes_memory("Task manager"));
pub(crate) const JOB_MANAGER_CPU: Number<f64> = cpu("job_manager_cpu", || takes_cpu("Job manager"));
pub(crate) const JOB_MANAGER_MEMORY: Number<u32> =
    memory("job_manager_memory", || takes_memory("Job manager"));

const fn cpu(field: &'static str, takes: fn() -> String) -> Number<f64> {
    Number { field, fits: |cpu| cpu > 0.0 && cpu <= Resources::MOST_CPU, takes }
}

const fn memory(field: &'static str, takes: fn() -> String) -> Number<u32> {
    Number { field, fits: |mb| (Resources::LEAST_MEMORY_MB..=Resources::MOST_MEMORY_MB).contains(&mb), takes }
}

fn takes_cpu(who: &str) -> String {
    format!("{who} CPU takes more than 0 and up to {} cores.", Resources::MOST_CPU)
}

fn takes_memory(who: &str) -> String {
    format!("{who} memory takes a whole number of MB, {} or more.", Resources::LEAST_MEMORY_MB)
}

impl<T: FromStr + Display + Copy> Number<T> {
    /// What is typed, as a number; none if nothing is.
    ///
    /// # Errors
    /// That it is none.
    pub(crate) fn read(&self, text: &str) -> Result<Option<T>, Finding> {
        let typed = text.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        typed.parse::<T>().map(Some).map_err(|_| {
            let is = if typed.bytes().all(|byte| byte.is_ascii_digit()) {
                "is out of range"
            } else if "0.5".parse::<T>().is_err() {
                "is not a whole number"
            } else {
                "is not a number"
            };
            self.finding(typed, &format!("“{typed}” {is}."))
        })
    }

    /// A number that the field takes.
    pub(super) fn check(&self, found: &mut Findings, given: Option<T>) -> Option<T> {
        match given {
            Some(number) if (self.fits)(number) => return Some(number),
            Some(number) => {
                let number = number.to_string();
                found.push(self.finding(&number, &format!("“{number}” is out of range.")));
            }
            None => found.missed(self.finding("", "It is empty.")),
        }
        None
    }

    fn finding(&self, value: &str, what: &str) -> Finding {
        let value = value.chars().take(200).collect();
        Finding { field: self.field.to_owned(), message: format!("{what} {}", (self.takes)()), value }
    }
}
