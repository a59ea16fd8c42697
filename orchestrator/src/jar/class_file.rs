//! The few facts of a class file that matter here: its version, its name, whether it has a `main`. Attributes, in
//! which all that nests lies, are skipped by their length. (The Java Virtual Machine Specification, chapter 4.)

use super::{JarError, Observation};

/// No class of a reasonable job is larger; a hostile one is not read further. Bytes.
pub(super) const LARGEST_CLASS: u64 = 16 << 20;
/// Classes with a `main` in one jar. Nobody chooses from more.
pub(super) const MOST_MAINS: usize = 1_000;
/// Of all names of such classes, bytes.
const LONGEST_MAINS: usize = 128 << 10;
/// Of a class's name or a version, bytes. A file's name has less.
const LONGEST_NAME: usize = 1_000;

const MAIN: &[u8] = b"main";
/// The descriptor of `void main(String[])`.
const MAIN_DESCRIPTOR: &[u8] = b"([Ljava/lang/String;)V";
const PUBLIC_STATIC: u16 = 0x0009;

impl Observation {
    /// Takes up what a class tells. What is no class, or not to be understood, tells nothing: Java may never load it.
    pub(super) fn class(&mut self, file: &[u8], bytes: &[u8]) -> Result<(), JarError> {
        let [0xca, 0xfe, 0xba, 0xbe, _, _, high, low, rest @ ..] = bytes else { return Ok(()) };
        self.classes += 1;
        let java = java_of(u16::from_be_bytes([*high, *low]));
        if java > self.newest.0 {
            let file = &file[..file.len().min(LONGEST_NAME)];
            self.newest = (java, String::from_utf8_lossy(file).into_owned());
        }
        if let Some(name) = Class(rest).main() {
            let length: usize = self.mains.iter().map(|(name, _)| name.len()).sum();
            if self.mains.len() == MOST_MAINS || length + name.len() > LONGEST_MAINS {
                return Err(JarError::Mains);
            }
            self.mains.push((name, java));
        }
        Ok(())
    }
}

/// The Java that a class file of this version needs: versions count from Java 1.1 = 45.
fn java_of(version: u16) -> u32 {
    u32::from(version.saturating_sub(44))
}

/// A name that has a name's length.
pub(super) fn short(name: Option<String>) -> Option<String> {
    name.filter(|name| name.len() <= LONGEST_NAME)
}

/// What is left of a class file; every step takes from its front, so that reading always ends.
struct Class<'a>(&'a [u8]);

impl<'a> Class<'a> {
    /// The name of the class, if it has a public static `main`; stands behind the version.
    fn main(mut self) -> Option<String> {
        let pool = self.pool()?;
        // Most classes have no such method, and are done here.
        if !pool.texts.iter().any(|(_, text)| *text == MAIN_DESCRIPTOR) {
            return None;
        }
        let (_flags, this, _super) = (self.u16()?, self.u16()?, self.u16()?);
        let interfaces = self.u16()?;
        self.skip(usize::from(interfaces) * 2)?;
        self.members(|_, _, _| false)?; // fields
        let is_main = |flags, name, descriptor| {
            flags & PUBLIC_STATIC == PUBLIC_STATIC
                && pool.text(name) == Some(MAIN)
                && pool.text(descriptor) == Some(MAIN_DESCRIPTOR)
        };
        if !self.members(is_main)? {
            return None;
        }
        let name = pool.classes.binary_search_by_key(&this, |(index, _)| *index).ok()?;
        let name = pool.text(pool.classes[name].1)?;
        short(Some(String::from_utf8_lossy(name).replace('/', "."))).filter(|name| !name.is_empty())
    }

    fn pool(&mut self) -> Option<Pool<'a>> {
        let count = self.u16()?;
        let mut pool = Pool::default();
        let mut index = 1;
        while index < count {
            let mut width = 1;
            match self.u8()? {
                1 => {
                    let length = self.u16()?;
                    let text = self.take(usize::from(length))?;
                    pool.texts.push((index, text));
                }
                7 => pool.classes.push((index, self.u16()?)),
                8 | 16 | 19 | 20 => self.skip(2)?,
                15 => self.skip(3)?,
                3 | 4 | 9..=12 | 17 | 18 => self.skip(4)?,
                5 | 6 => {
                    self.skip(8)?;
                    width = 2; // A long and a double take two places.
                }
                _ => return None,
            }
            index = index.checked_add(width)?;
        }
        Some(pool)
    }

    /// Goes over all fields or all methods; whether one is it, by its flags and the places of its name and descriptor.
    fn members(&mut self, is_it: impl Fn(u16, u16, u16) -> bool) -> Option<bool> {
        let mut found = false;
        for _ in 0..self.u16()? {
            found |= is_it(self.u16()?, self.u16()?, self.u16()?);
            for _ in 0..self.u16()? {
                self.skip(2)?;
                let length = self.u32()?;
                self.skip(usize::try_from(length).ok()?)?;
            }
        }
        Some(found)
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.take(length).map(drop)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }
}

/// Of the constant pool: texts and names of classes, by ascending place.
#[derive(Default)]
struct Pool<'a> {
    texts: Vec<(u16, &'a [u8])>,
    classes: Vec<(u16, u16)>,
}

impl<'a> Pool<'a> {
    fn text(&self, index: u16) -> Option<&'a [u8]> {
        let place = self.texts.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        Some(self.texts[place].1)
    }
}
