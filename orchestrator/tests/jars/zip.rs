//! Zip archives by hand: every field in reach, entries that share bytes, sizes in 64 bits.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::written::Written;

/// An entry, packed.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    name: Vec<u8>,
    method: u64,
    packed: Vec<u8>,
    crc: u64,
    size: u64,
}

impl Entry {
    /// One that is not compressed.
    pub(crate) fn stored(name: impl Into<Vec<u8>>, data: &[u8]) -> Self {
        Self {
            name: name.into(),
            method: 0,
            packed: data.to_owned(),
            crc: crc(data),
            size: data.len() as u64,
        }
    }

    /// One that is.
    pub(crate) fn deflated(name: impl Into<Vec<u8>>, data: &[u8]) -> Self {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(data).expect("memory");
        Self { method: 8, packed: packer.finish().expect("memory"), ..Self::stored(name, data) }
    }

    /// The same under another name.
    pub(crate) fn named(&self, name: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), ..self.clone() }
    }
}

/// The sum as zip archives have it.
pub(crate) fn crc(data: &[u8]) -> u64 {
    let mut crc = Crc::new();
    crc.update(data);
    crc.sum().into()
}

/// An archive of these entries. With `wide`, sizes and places stand in fields of 64 bits. With `over`, all of them are
/// the first one, under names of their own.
pub(crate) fn archive(entries: &[Entry], wide: bool, over: bool) -> Written {
    let mut file = Written::default();
    let mut places = Vec::new();
    for entry in entries {
        if over && !places.is_empty() {
            places.push(0);
            continue;
        }
        places.push(file.bytes.len() as u64);
        file.little(4, 0x0403_4b50);
        file.little(2, 20);
        file.little(2, 0);
        file.little(2, entry.method);
        file.little(4, 0x21_0000);
        file.little(4, entry.crc);
        file.little(4, entry.packed.len() as u64);
        file.little(4, entry.size);
        file.little(2, entry.name.len() as u64);
        file.little(2, 0);
        file.raw(&entry.name);
        file.raw(&entry.packed);
    }
    let begin = file.bytes.len() as u64;
    for (entry, place) in entries.iter().zip(places) {
        directory_entry(&mut file, entry, place, wide);
    }
    let size = file.bytes.len() as u64 - begin;
    let count = entries.len() as u64;
    if wide || count > 0xffff {
        wide_end(&mut file, count, size, begin);
    }
    file.little(4, 0x0605_4b50);
    file.little(2, 0);
    file.little(2, 0);
    file.little(2, count.min(0xffff));
    file.little(2, count.min(0xffff));
    file.little(4, if wide { 0xffff_ffff } else { size });
    file.little(4, if wide { 0xffff_ffff } else { begin });
    file.little(2, 0);
    file
}

fn directory_entry(file: &mut Written, entry: &Entry, place: u64, wide: bool) {
    let narrow = |number: u64| if wide { 0xffff_ffff } else { number };
    file.little(4, 0x0201_4b50);
    file.little(2, 45);
    file.little(2, 20);
    file.little(2, 0);
    file.little(2, entry.method);
    file.little(4, 0x21_0000);
    file.little(4, entry.crc);
    file.little(4, narrow(entry.packed.len() as u64));
    file.little(4, narrow(entry.size));
    file.little(2, entry.name.len() as u64);
    file.little(2, if wide { 28 } else { 0 });
    for width in [2, 2, 2, 4] {
        file.little(width, 0);
    }
    file.little(4, narrow(place));
    file.raw(&entry.name);
    if wide {
        file.little(2, 1);
        file.little(2, 24);
        for number in [entry.size, entry.packed.len() as u64, place] {
            file.little(8, number);
        }
    }
}

fn wide_end(file: &mut Written, count: u64, size: u64, begin: u64) {
    let at = file.bytes.len() as u64;
    file.little(4, 0x0606_4b50);
    file.little(8, 44);
    file.little(2, 45);
    file.little(2, 45);
    file.little(4, 0);
    file.little(4, 0);
    for number in [count, count, size, begin] {
        file.little(8, number);
    }
    file.little(4, 0x0706_4b50);
    file.little(4, 0);
    file.little(8, at);
    file.little(4, 1);
}
