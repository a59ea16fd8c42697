//! `cargo xtask bench`: what the portal promises to be, measured on a release build: quick to start, small in memory,
//! light on the wire, live. Prints a line for each promise and writes the figures as JSON.
//!
//! It measures what a browser would get, from outside the process, over loopback; and the control plane alone with as many
//! clusters as no machine runs.

mod fill;
mod http;
mod many;
mod portal;
mod weight;

use crate::{build, paths, say};
use anyhow::{Context, Result, bail};
use clap::Args;
use http::Client;
use portal::MeasuredPortal;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// With which Flink.
#[derive(Args)]
pub(crate) struct BenchArgs {
    /// A Flink distribution that is here already.
    #[arg(long, value_name = "DIR")]
    flink_home: Option<PathBuf>,
}

/// One promise: a figure that may not be above its goal.
struct Line {
    what: &'static str,
    unit: &'static str,
    goal: f64,
    measured: f64,
}

const STARTS: usize = 5;
const JOBS: u32 = 10_000;
const PAGES: usize = 21;
const CHANGES: usize = 5;

/// Measures everything; an error when a promise is not held.
pub(crate) fn bench(options: &BenchArgs) -> Result<()> {
    let built = build::build(&build::BuildArgs { release: true, flink_home: options.flink_home.clone() })?;
    let data = paths::made().join("bench");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot empty {}", data.display()))?;
    }
    let mut lines = Vec::new();

    say::now("Starting a portal with its sample cluster");
    let portal = MeasuredPortal::start(&built, &data, true)?;
    fill::stop_sample(&portal.signed_in()?)?;
    drop(portal);
    say::now("Starting it a few times");
    let starts = (0..STARTS)
        .map(|_| MeasuredPortal::start(&built, &data, false).map(|portal| portal.took.as_secs_f64()));
    let starts = starts.collect::<Result<Vec<_>>>()?;
    lines.push(Line { what: "start to first 200", unit: "s", goal: 0.5, measured: median(starts) });

    say::now(&format!("Filling the store with {JOBS} jobs"));
    fill::copy(&data, fill::SAMPLE, JOBS)?;
    let portal = MeasuredPortal::start(&built, &data, false)?;
    let client = portal.signed_in()?;
    let weights = weight::weights(&client, &later_pages(&client)?)?;
    for (what, goal, bytes) in [
        ("Home, all that it fetches", 400.0, weights.first),
        ("heaviest page", 700.0, weights.heaviest),
        ("all pages together", 1600.0, weights.together),
    ] {
        lines.push(Line { what, unit: "KB", goal, measured: kilobytes(bytes) });
    }
    say::now("Asking for pages of 50 jobs");
    let (time, size) = page_of_jobs(&client)?;
    lines.push(Line { what: "page of 50 of 10 000 jobs", unit: "ms", goal: 30.0, measured: time });
    lines.push(Line { what: "page of 50, compressed", unit: "KB", goal: 15.0, measured: size });
    say::now("Changing something and waiting for the news");
    lines.push(Line { what: "change to the browser", unit: "s", goal: 1.0, measured: change(&client)? });
    lines.push(Line { what: "idle memory", unit: "MB", goal: 60.0, measured: portal.idle_memory()? });
    drop(portal);
    lines.extend(many::lines(&built.flink_home)?);
    report(&lines)
}

/// A page of each part of the browser's code but the first.
fn later_pages(client: &Client) -> Result<[String; 4]> {
    let home = client.get("/", "identity")?.text();
    let new = home.split('"').find(|link| link.starts_with("/pools/") && link.ends_with("/new"));
    let begun = client.ask("GET", new.context("Home leads to no form")?, "Accept: text/html\r\n", "")?;
    let form = begun.header("location").context("a new cluster leads to no form")?;
    Ok(["/jobs".to_owned(), form.to_owned(), "/pools".to_owned(), "/settings".to_owned()])
}

fn page_of_jobs(client: &Client) -> Result<(f64, f64)> {
    let ask = || client.post_json("/api/ui/jobs", "br, gzip", r#"{"query":{"size":50}}"#);
    ask()?; // the first one opens the store's connections
    let mut times = Vec::new();
    let mut size = 0;
    for _ in 0..PAGES {
        let answer = ask()?;
        times.push(answer.took.as_secs_f64() * 1000.0);
        size = answer.wire;
    }
    Ok((median(times), kilobytes(size)))
}

/// From sending a command until a browser that listens is told.
fn change(client: &Client) -> Result<f64> {
    let mut times = Vec::new();
    let mut news = client.listen("/live")?;
    for number in 1..=CHANGES {
        let id = fill::id(number);
        let start = Instant::now();
        client.post_form(
            "/api/ui/act",
            &format!("action=DELETE&clusters[0]={id}&confirm={}", fill::name(number)),
        )?;
        news.wait_for(&id, Duration::from_secs(10))?;
        times.push(start.elapsed().as_secs_f64());
    }
    Ok(median(times))
}

fn report(lines: &[Line]) -> Result<()> {
    println!("\n{:<28}{:>15}{:>15}", "", "measured", "goal");
    for Line { what, unit, goal, measured } in lines {
        let held = if measured <= goal { "held" } else { "missed" };
        println!("{what:<28}{measured:>9.2} {unit:<5}{goal:>9.1} {unit:<5}  {held}");
    }
    let figures: Vec<_> = lines
        .iter()
        .map(|line| {
            serde_json::json!({ "what": line.what, "unit": line.unit, "goal": line.goal,
                "measured": line.measured, "held": line.measured <= line.goal })
        })
        .collect();
    let file = paths::made().join("bench.json");
    fs::write(&file, serde_json::to_vec_pretty(&figures)?)?;
    println!("\nThe figures are in {}", file.display());
    let missed = lines.iter().filter(|line| line.measured > line.goal).count();
    if missed > 0 {
        bail!("{missed} of {} goals were missed", lines.len());
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "no file of ours has 2^52 bytes")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
