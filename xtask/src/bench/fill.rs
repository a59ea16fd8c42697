//! Fills a portal's store: one cluster is really created and stopped through the portal, and then copied.

use super::http::Client;
use crate::{say, shell, tools};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// The cluster that a portal makes on its first start with `--sample`.
pub(super) const SAMPLE: &str = "sample-counter";

const COPY: &str = include_str!("fill.py");

/// Stops the sample cluster through the portal as a person would, so that its rows are real and nothing runs.
pub(super) fn stop_sample(client: &Client) -> Result<()> {
    let id = wait_for(client, "RUNNING")?;
    say::now("The sample cluster runs; stopping it");
    client.post_form("/api/ui/act", &format!("action=STOP&clusters[0]={id}"))?;
    wait_for(client, "STOPPED").map(drop)
}

/// Copies a cluster while no portal has the store open.
pub(super) fn copy(data: &Path, name: &str, times: u32) -> Result<()> {
    let store = data.join("penstock.db");
    let mut python = Command::new(tools::python());
    python.args(["-c", COPY]).arg(store).args([name, &times.to_string()]);
    shell::ask(&mut python).map(drop).context("the store could not be filled")
}

/// The copy's id; `fill.py` makes the same.
pub(super) fn id(number: usize) -> String {
    format!("00000000-0000-7000-8000-{number:012x}")
}

/// The copy's name; `fill.py` makes the same.
pub(super) fn name(number: usize) -> String {
    format!("bench-{number:05}")
}

/// Gives the sample's id once it is in that state.
fn wait_for(client: &Client, state: &str) -> Result<String> {
    let deadline = Instant::now() + Duration::from_secs(180);
    let query = serde_json::json!({ "query": { "text": SAMPLE, "state": state } }).to_string();
    loop {
        let page = client.post_json("/api/ui/jobs", "identity", &query)?;
        let jobs: serde_json::Value = serde_json::from_slice(&page.body)?;
        if let Some(id) = jobs["rows"][0]["cluster"].as_str() {
            return Ok(id.to_owned());
        }
        if Instant::now() > deadline {
            bail!("the sample cluster did not become {state}");
        }
        thread::sleep(Duration::from_millis(500));
    }
}
