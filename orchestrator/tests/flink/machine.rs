//! What the system itself says of a world's processes, past all that the provider believes.

use std::net::Ipv4Addr;

use rustix::process::{Pid, Signal};

use crate::world::World;

impl World {
    /// The pids of this world's live processes whose role begins so, from the system itself.
    pub(crate) fn pids(&self, role: &str) -> Vec<i32> {
        let mark = format!(":{}:", self.cluster.0.simple());
        let mut pids = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).into_owned();
            let marked = |word: &str| {
                word.starts_with("-Dpenstock.run=")
                    && word.contains(&mark)
                    && word.rsplit(':').next().is_some_and(|found| found.starts_with(role))
            };
            if line.split('\0').any(marked) {
                pids.push(pid);
            }
        }
        pids
    }

    /// Where this world's processes listen, from the system itself.
    pub(crate) fn listeners(&self) -> Vec<(Ipv4Addr, u16)> {
        let table =
            ["/proc/net/tcp", "/proc/net/tcp6"].map(|file| std::fs::read_to_string(file).unwrap_or_default());
        let listening: Vec<(&str, &str)> = table
            .iter()
            .flat_map(|table| table.lines().skip(1))
            .filter_map(|line| {
                let fields: Vec<&str> = line.split_ascii_whitespace().collect();
                (fields.get(3) == Some(&"0A")).then(|| (fields[1], fields[9]))
            })
            .collect();
        let mut found = Vec::new();
        for pid in self.pids("") {
            for handle in std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten() {
                let Ok(target) = std::fs::read_link(handle.path()) else { continue };
                let target = target.to_string_lossy().into_owned();
                let Some(inode) = target.strip_prefix("socket:[").and_then(|rest| rest.strip_suffix(']'))
                else {
                    continue;
                };
                let own = listening.iter().filter(|(_, listener)| *listener == inode);
                found.extend(own.map(|(local, _)| address(local)));
            }
        }
        found
    }

    /// Kills as a crash would.
    pub(crate) fn kill(&self, role: &str) {
        self.signal(role, Signal::KILL);
    }

    /// Sends a signal to processes of this world; gives which.
    pub(crate) fn signal(&self, role: &str, signal: Signal) -> Vec<Pid> {
        let pids: Vec<Pid> = self.pids(role).into_iter().filter_map(Pid::from_raw).collect();
        assert!(!pids.is_empty(), "there is no {role}");
        for pid in &pids {
            rustix::process::kill_process(*pid, signal).unwrap();
        }
        pids
    }
}

/// `0200007F:1F91` is 127.0.0.2:8081; an IPv6 address holds the IPv4 one in its last digits, or is none.
fn address(text: &str) -> (Ipv4Addr, u16) {
    let (address, port) = text.split_once(':').unwrap();
    let last = u32::from_str_radix(&address[address.len() - 8..], 16).unwrap();
    (Ipv4Addr::from(last.swap_bytes()), u16::from_str_radix(port, 16).unwrap())
}
