//! Makes an honest jar and changes some things of it: fields of the archive and of the classes in it, their order,
//! their length, single bytes.

use fastrand::Rng;

use crate::class::Class;
use crate::written::Written;
use crate::zip::{Entry, archive};

/// A jar that is almost right.
pub(crate) fn jar(rng: &mut Rng) -> Vec<u8> {
    let mut entries = Vec::new();
    for number in 0..rng.usize(1..6) {
        let entry = entry(rng, number);
        let again = rng.u8(..10) == 0;
        let twin = again.then(|| entry.named(format!("a/C{}.class", rng.usize(..6))));
        entries.push(entry);
        entries.extend(twin);
    }
    if rng.u8(..30) == 0 {
        // A jar in a jar: its own directory stands in the middle of the outer one's data.
        let inner = archive(&entries, rng.bool(), false).bytes;
        entries.push(Entry::stored("lib/inner.jar", &inner));
    }
    let mut jar = archive(&entries, rng.u8(..4) == 0, rng.u8(..20) == 0);
    for _ in 0..rng.usize(..4) {
        change(rng, &mut jar);
    }
    let mut bytes = jar.bytes;
    if rng.u8(..8) == 0 {
        tear(rng, &mut bytes);
    }
    bytes
}

fn entry(rng: &mut Rng, number: usize) -> Entry {
    let (name, data) = match rng.u8(..10) {
        0 => ("META-INF/MANIFEST.MF".to_owned(), manifest(rng)),
        1 => ("META-INF/maven/org.apache.flink/a/pom.properties".to_owned(), text(rng, "version=1.20.5\n")),
        2 => (format!("data-{number}"), (0..rng.usize(..2_000)).map(|_| rng.u8(..)).collect()),
        _ => (format!("a/C{number}.class"), class(rng, number)),
    };
    let mut name = name.into_bytes();
    if rng.u8(..20) == 0 {
        tear(rng, &mut name);
    }
    if rng.bool() { Entry::deflated(name, &data) } else { Entry::stored(name, &data) }
}

fn class(rng: &mut Rng, number: usize) -> Vec<u8> {
    // Much of the one or much of the other: of both, a class would have a hundred megabytes.
    let (others, nested) = match rng.u8(..40) {
        0 => (rng.u16(..2_000), 1),
        1 => (1, rng.u32(..20_000)),
        _ => (rng.u16(..6), rng.u32(..4)),
    };
    let class = Class {
        name: format!("a/C{number}"),
        major: rng.choice([45, 52, 55, 61, 65, 0xffff]).unwrap_or(61),
        main: rng.u8(..4) > 0,
        others,
        nested,
    };
    let mut file = class.write();
    if rng.bool() {
        for _ in 0..rng.usize(1..5) {
            change(rng, &mut file);
        }
    }
    let mut bytes = file.bytes;
    if rng.u8(..10) == 0 {
        tear(rng, &mut bytes);
    }
    bytes
}

fn manifest(rng: &mut Rng) -> Vec<u8> {
    let keys = ["Main-Class", "program-class", "MAIN-CLASS", "Class-Path", ""];
    let ends = ["\n", "\r\n", "\r", "\n ", ""];
    let mut lines = String::new();
    for _ in 0..rng.usize(..8) {
        let (key, end) = (rng.choice(keys).unwrap_or_default(), rng.choice(ends).unwrap_or_default());
        lines += &format!("{key}: a.C{}{end}", "x".repeat(rng.usize(..90)));
    }
    text(rng, &lines)
}

fn text(rng: &mut Rng, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    if rng.u8(..5) == 0 {
        tear(rng, &mut bytes);
    }
    bytes
}

/// Gives one field another value: one that is likely to be at the edge of something, or another field's.
fn change(rng: &mut Rng, file: &mut Written) {
    let Some(field) = rng.choice(&file.fields).copied() else { return };
    let held = file.get(field);
    let other = rng.choice(&file.fields).map_or(0, |other| file.get(*other));
    let length = file.bytes.len() as u64;
    let number = match rng.u8(..12) {
        0 => 0,
        1 => 1,
        2 => u64::MAX,
        3 => u64::MAX >> 1,
        4 => held.wrapping_add(1),
        5 => held.wrapping_sub(1),
        6 => held.wrapping_mul(2),
        7 => held ^ 1 << rng.u32(..64),
        8 => other,
        9 => rng.u64(..=length),
        10 => length.wrapping_sub(rng.u64(..64)),
        _ => rng.u64(..),
    };
    file.set(field, number);
}

/// Changes bytes with no regard to what they mean.
fn tear(rng: &mut Rng, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let at = rng.usize(..bytes.len());
    let length = rng.usize(..=(bytes.len() - at).min(64));
    match rng.u8(..5) {
        0 => bytes[at] = rng.u8(..),
        1 => bytes.truncate(at),
        2 => drop(bytes.drain(at..at + length)),
        3 => bytes.extend_from_within(at..at + length),
        _ => {
            let part = bytes[at..at + length].to_vec();
            let to = rng.usize(..bytes.len());
            bytes.splice(to..to, part);
        }
    }
}
