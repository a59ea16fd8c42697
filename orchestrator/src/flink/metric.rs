//! Metrics. Flink collects them only for those who ask, so the first answer after a while may be empty.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{FlinkError, JobManager};

/// Figures by name; what is not known is absent.
pub type MetricValues = BTreeMap<String, f64>;

/// A figure over several subtasks or processes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Their sum.
    pub sum: f64,
    /// The highest.
    pub max: f64,
}

impl JobManager {
    /// Figures of the job: `numRestarts`, `fullRestarts`, `uptime`.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn job_figures(&self, job: &str, names: &[&str]) -> Result<MetricValues, FlinkError> {
        self.figures(&format!("/jobs/{job}/metrics"), names).await
    }

    /// Figures of the job manager's process: `Status.JVM.Memory.Heap.Used`.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn own_figures(&self, names: &[&str]) -> Result<MetricValues, FlinkError> {
        self.figures("/jobmanager/metrics", names).await
    }

    /// Figures over all task managers.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn task_manager_figures(&self, names: &[&str]) -> Result<BTreeMap<String, Spread>, FlinkError> {
        self.spreads("/taskmanagers/metrics", names).await
    }

    /// Figures over all subtasks of a vertex: `numRecordsInPerSecond`, `busyTimeMsPerSecond`, or an operator's own
    /// metric, `Count.count`.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn vertex_figures(
        &self,
        job: &str,
        vertex: &str,
        names: &[&str],
    ) -> Result<BTreeMap<String, Spread>, FlinkError> {
        self.spreads(&format!("/jobs/{job}/vertices/{vertex}/subtasks/metrics"), names).await
    }

    async fn figures(&self, path: &str, names: &[&str]) -> Result<MetricValues, FlinkError> {
        #[derive(Deserialize)]
        struct Figure {
            id: String,
            value: String,
        }
        let figures: Vec<Figure> = self.get(&format!("{path}?get={}", names.join(","))).await?;
        Ok(figures.into_iter().filter_map(|figure| Some((figure.id, number(&figure.value)?))).collect())
    }

    async fn spreads(&self, path: &str, names: &[&str]) -> Result<BTreeMap<String, Spread>, FlinkError> {
        #[derive(Deserialize)]
        struct Row {
            id: String,
            sum: Option<f64>,
            max: Option<f64>,
        }
        let rows: Vec<Row> = self.get(&format!("{path}?get={}&agg=sum,max", names.join(","))).await?;
        let spread = |row: Row| {
            let (sum, max) = (row.sum?, row.max?);
            (sum.is_finite() && max.is_finite()).then_some((row.id, Spread { sum, max }))
        };
        Ok(rows.into_iter().filter_map(spread).collect())
    }
}

/// A figure as Flink prints it. `NaN` and words are nothing measured.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
