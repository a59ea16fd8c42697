//! Class files by hand: a `main`, attributes that nest, a constant pool with one of everything.

use crate::written::Written;

/// What a class is to have.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// As class files write it: `a/b/C`.
    pub(crate) name: String,
    /// 61 is Java 17.
    pub(crate) major: u16,
    /// It has a `public static void main(String[])`.
    pub(crate) main: bool,
    /// Other methods, and as many fields.
    pub(crate) others: u16,
    /// So deep is an annotation's value nested, each time in an array.
    pub(crate) nested: u32,
}

impl Class {
    /// One with a `main` and nothing else.
    pub(crate) fn with_main(name: &str) -> Self {
        Self { name: name.to_owned(), major: 61, main: true, others: 0, nested: 0 }
    }

    /// The class file.
    pub(crate) fn write(&self) -> Written {
        let mut file = Written::default();
        file.big(4, 0xcafe_babe);
        file.big(2, 0);
        file.big(2, self.major.into());
        self.pool(&mut file);
        for number in [0x21, 2, 4, 1, 4] {
            file.big(2, number); // public; this; super; one interface, which is it again
        }
        file.big(2, self.others.into());
        for _ in 0..self.others {
            member(&mut file, 0x0001, 9, |_| 0);
        }
        file.big(2, u64::from(self.others) + u64::from(self.main));
        for number in 0..self.others {
            member(&mut file, 0x0001, 9, |file| self.attributes(file, number));
        }
        if self.main {
            member(&mut file, 0x0009, 5, |file| self.attributes(file, 1));
        }
        let count = file.fields.len();
        file.big(2, 0);
        let attributes = self.attributes(&mut file, 0);
        let field = file.fields[count];
        file.set(field, attributes);
        file
    }

    fn pool(&self, file: &mut Written) {
        file.big(2, 25);
        text(file, &self.name); // 1
        one(file, 7, 2, 1); // 2
        text(file, "java/lang/Object"); // 3
        one(file, 7, 2, 3); // 4
        text(file, "main"); // 5
        text(file, "([Ljava/lang/String;)V"); // 6
        text(file, "RuntimeVisibleAnnotations"); // 7
        text(file, "Lpenstock/A;"); // 8
        text(file, "run"); // 9
        text(file, "Code"); // 10
        one(file, 3, 4, 7); // 11: an int
        one(file, 4, 4, 0x3f80_0000); // 12: a float
        one(file, 5, 8, u64::MAX); // 13 and 14: a long
        one(file, 6, 8, 0); // 15 and 16: a double
        one(file, 8, 2, 1); // 17: a string
        one(file, 12, 4, 0x0005_0006); // 18: name and type
        for tag in [9, 10, 11] {
            one(file, tag, 4, 0x0002_0012); // 19 to 21: field, method, method of an interface
        }
        one(file, 15, 3, 0x06_0014); // 22: a method handle
        one(file, 16, 2, 6); // 23: a method type
        one(file, 18, 4, 0x0000_0012); // 24: made at run time
    }

    /// Writes attributes and gives how many.
    fn attributes(&self, file: &mut Written, kind: u16) -> u64 {
        match kind % 3 {
            0 => self.annotation(file),
            1 => code(file, |file| self.annotation(file)),
            _ => code(file, |file| code(file, |_| 0)),
        }
    }

    fn annotation(&self, file: &mut Written) -> u64 {
        attribute(file, 7, |file| {
            file.big(2, 1);
            for number in [8, 1, 9] {
                file.big(2, number);
            }
            // Fields would be as many as there are levels; one is enough to change.
            file.big(1, u64::from(b'['));
            file.raw(&[0, 1]);
            for _ in 0..self.nested {
                file.raw(b"[\0\x01");
            }
            file.big(1, u64::from(b's'));
            file.big(2, 9);
        });
        1
    }
}

fn text(file: &mut Written, text: &str) {
    file.big(1, 1);
    file.big(2, text.len() as u64);
    file.raw(text.as_bytes());
}

fn one(file: &mut Written, tag: u64, width: usize, value: u64) {
    file.big(1, tag);
    match width {
        3 => {
            file.big(1, value >> 16);
            file.big(2, value & 0xffff);
        }
        _ => file.big(width, value),
    }
}

fn member(file: &mut Written, flags: u64, name: u64, attributes: impl FnOnce(&mut Written) -> u64) {
    file.big(2, flags);
    file.big(2, name);
    file.big(2, 6);
    let count = file.fields.len();
    file.big(2, 0);
    let attributes = attributes(file);
    let field = file.fields[count];
    file.set(field, attributes);
}

fn code(file: &mut Written, inner: impl FnOnce(&mut Written) -> u64) -> u64 {
    attribute(file, 10, |file| {
        file.big(2, 1);
        file.big(2, 1);
        file.big(4, 1);
        file.raw(&[0xb1]);
        file.big(2, 0);
        let count = file.fields.len();
        file.big(2, 0);
        let attributes = inner(file);
        let field = file.fields[count];
        file.set(field, attributes);
    });
    1
}

fn attribute(file: &mut Written, name: u64, content: impl FnOnce(&mut Written)) {
    file.big(2, name);
    let length = file.fields.len();
    file.big(4, 0);
    let begin = file.bytes.len();
    content(file);
    let written = (file.bytes.len() - begin) as u64;
    let field = file.fields[length];
    file.set(field, written);
}
