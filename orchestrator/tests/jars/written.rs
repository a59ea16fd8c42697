//! Bytes that remember where their fields stand, so that one can be changed on purpose.

/// A number within the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Where it begins.
    pub(crate) at: usize,
    /// Bytes: 1, 2, 4 or 8.
    pub(crate) width: usize,
    /// The most significant byte first, as in class files; last, as in zip archives.
    pub(crate) big: bool,
}

/// What was written so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) fields: Vec<Field>,
}

impl Written {
    /// A number as class files have them.
    pub(crate) fn big(&mut self, width: usize, number: u64) {
        self.fields.push(Field { at: self.bytes.len(), width, big: true });
        self.bytes.extend(&number.to_be_bytes()[8 - width..]);
    }

    /// A number as zip archives have them.
    pub(crate) fn little(&mut self, width: usize, number: u64) {
        self.fields.push(Field { at: self.bytes.len(), width, big: false });
        self.bytes.extend(&number.to_le_bytes()[..width]);
    }

    /// Bytes that are no number.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
    }

    /// Changes a field.
    pub(crate) fn set(&mut self, field: Field, number: u64) {
        let place = &mut self.bytes[field.at..field.at + field.width];
        match field.big {
            true => place.copy_from_slice(&number.to_be_bytes()[8 - field.width..]),
            false => place.copy_from_slice(&number.to_le_bytes()[..field.width]),
        }
    }

    /// What a field holds.
    pub(crate) fn get(&self, field: Field) -> u64 {
        let place = &self.bytes[field.at..field.at + field.width];
        let digit = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        if field.big { place.iter().fold(0, digit) } else { place.iter().rev().fold(0, digit) }
    }
}
