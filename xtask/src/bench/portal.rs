//! A portal of its own for the measurement: own data, own port, own loopback range; ended when dropped.

use super::http::Client;
use crate::{build::Built, shell};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) struct MeasuredPortal {
    program: Child,
    client: Client,
    link: String,
    /// From starting the program to its first page.
    pub(super) took: Duration,
}

impl MeasuredPortal {
    /// Starts one and waits for its first page.
    pub(super) fn start(built: &Built, data: &Path, sample: bool) -> Result<MeasuredPortal> {
        let address: SocketAddr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let start = Instant::now();
        let mut program = Command::new(&built.penstock)
            .args(["serve", "--loopback", "127.90.0.0/16", "--listen", &address.to_string()])
            .arg("--flink-home")
            .arg(&built.flink_home)
            .arg("--data")
            .arg(data)
            .args(sample.then_some("--sample"))
            .env("PENSTOCK_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the portal")?;
        let output = program.stdout.take().context("the portal's output is piped")?;
        let client = Client { portal: address, cookie: String::new() };
        let mut portal = MeasuredPortal { program, client, link: String::new(), took: Duration::ZERO };
        while !portal.client.get("/sign-in", "identity").is_ok_and(|page| page.status == 200) {
            if portal.program.try_wait()?.is_some() || start.elapsed() > TIMEOUT {
                bail!("the portal did not come up");
            }
            thread::sleep(Duration::from_millis(2));
        }
        portal.took = start.elapsed();
        let mut lines = BufReader::new(output).lines();
        let link =
            lines.find_map(|line| line.ok()?.split_once("/sign-in/").map(|(_, token)| token.to_owned()));
        portal.link = link.context("the portal printed no sign-in link")?;
        // Whatever it still prints must not fill the pipe.
        thread::spawn(move || lines.for_each(drop));
        Ok(portal)
    }

    /// A client with a session, by the link that the portal printed.
    pub(super) fn signed_in(&self) -> Result<Client> {
        let answer = self.client.ask("POST", &format!("/sign-in/{}", self.link.trim()), "", "")?;
        let cookie = answer.header("set-cookie").context("the sign-in link gave no session")?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Client { portal: self.client.portal, cookie })
    }

    /// Megabytes that it holds when nobody asks for anything.
    pub(super) fn idle_memory(&self) -> Result<f64> {
        let pid = self.program.id().to_string();
        let kilobytes: f64 =
            shell::ask(Command::new("ps").args(["-o", "rss=", "-p", &pid]))?.trim().parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

impl Drop for MeasuredPortal {
    fn drop(&mut self) {
        let asked = Command::new("kill").args(["-INT", &self.program.id().to_string()]).status();
        let start = Instant::now();
        while asked.is_ok() && start.elapsed() < TIMEOUT {
            match self.program.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(20)),
                _ => return,
            }
        }
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
