//! The TIFF structure of an EXIF block (TIFF 6.0, section 2): a header, and directories of entries of 12 bytes.

/// Types of values.
const BYTE: u16 = 1;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
/// The place of a directory.
const DIRECTORY: u16 = 13;
const SIGNED_RATIONAL: u16 = 10;

/// A number to write.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    Short(u16),
    Long(u32),
    Rational(u32, u32),
}

/// Header and byte order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

/// Tag, type, number of values; then the value itself, or where it is if it has more than 4 bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) tag: u16,
    kind: u16,
    count: u32,
    /// Where the entry is.
    pub(super) at: usize,
}

impl Entry {
    /// Bytes of the value. 0 for types that don't exist.
    fn size(self) -> usize {
        let each = match self.kind {
            BYTE | 2 | 6 | 7 => 1,
            SHORT | 8 => 2,
            LONG | 9 | 11 | DIRECTORY => 4,
            RATIONAL | SIGNED_RATIONAL | 12 => 8,
            _ => 0,
        };
        (self.count as usize).saturating_mul(each)
    }
}

impl<'a> Tiff<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let little = match bytes.get(..8)? {
            [b'I', b'I', 0x2a, 0, ..] => true,
            [b'M', b'M', 0, 0x2a, ..] => false,
            _ => return None,
        };
        Some(Tiff { bytes, little })
    }

    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        let mut bytes = *self.bytes.get(at..)?.first_chunk::<N>()?;
        if !self.little {
            bytes.reverse();
        }
        Some(bytes)
    }

    fn short(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub(super) fn long(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    pub(super) fn short_bytes(&self, value: u16) -> [u8; 2] {
        if self.little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    }

    pub(super) fn long_bytes(&self, value: u32) -> [u8; 4] {
        if self.little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    }

    /// Where the first directory is. An offset of 0 means none, because the header is there.
    pub(super) fn first(&self) -> Option<usize> {
        Some(self.long(4)? as usize).filter(|&at| at > 0)
    }

    /// The entries of the directory at this place that the bytes hold whole.
    pub(super) fn entries(self, directory: Option<usize>) -> impl Iterator<Item = Entry> + 'a {
        let count = directory.and_then(|at| self.short(at)).unwrap_or(0);
        let first = directory.unwrap_or(0).saturating_add(2);
        (0..usize::from(count)).map_while(move |i| {
            let at = first.saturating_add(12 * i);
            self.bytes.get(at..at.checked_add(12)?)?;
            Some(Entry {
                tag: self.short(at)?,
                kind: self.short(at + 2)?,
                count: self.long(at + 4)?,
                at,
            })
        })
    }

    pub(super) fn find(&self, directory: Option<usize>, tag: u16) -> Option<Entry> {
        self.entries(directory).find(|entry| entry.tag == tag)
    }

    /// The directory that an entry of the first one points to.
    pub(super) fn child(&self, tag: u16) -> Option<usize> {
        let entry = self.find(self.first(), tag)?;
        Some(self.long(entry.at + 8)? as usize).filter(|&at| at > 0)
    }

    /// Where the place of the directory after this one is written.
    pub(super) fn link(&self, directory: usize) -> Option<usize> {
        let count = usize::from(self.short(directory)?);
        let at = directory.checked_add(2 + 12 * count)?;
        self.long(at).map(|_| at)
    }

    /// Where the value of an entry is: in the entry itself if it fits.
    pub(super) fn place(&self, entry: Entry) -> Option<std::ops::Range<usize>> {
        let at = match entry.size() {
            0 => return None,
            1..=4 => entry.at + 8,
            // A value can't be in the header.
            _ => Some(self.long(entry.at + 8)? as usize).filter(|&at| at >= 8)?,
        };
        let end = at.checked_add(entry.size())?;
        (end <= self.bytes.len()).then_some(at..end)
    }

    /// The first number of a tag of the first directory, whatever its type: writers differ in it.
    pub(super) fn number(&self, tag: u16) -> Option<f64> {
        let entry = self.find(self.first(), tag)?;
        let at = self.place(entry)?.start;
        let signed = |at| self.array(at).map(i32::from_le_bytes).map(f64::from);
        let ratio = |above: f64, below: f64| (below != 0.0).then(|| above / below);
        match entry.kind {
            BYTE => Some(f64::from(*self.bytes.get(at)?)),
            6 => Some(f64::from(*self.bytes.get(at)? as i8)),
            SHORT => self.short(at).map(f64::from),
            8 => self.array(at).map(i16::from_le_bytes).map(f64::from),
            LONG => self.long(at).map(f64::from),
            9 => signed(at),
            RATIONAL => ratio(self.long(at)?.into(), self.long(at + 4)?.into()),
            SIGNED_RATIONAL => ratio(signed(at)?, signed(at + 4)?),
            11 => self.array(at).map(f32::from_le_bytes).map(f64::from),
            12 => self.array(at).map(f64::from_le_bytes),
            _ => None,
        }
    }

    /// The values of an entry of lengths or places.
    pub(super) fn integers(&self, entry: Entry) -> Vec<usize> {
        let place = self.place(entry).unwrap_or_default();
        match entry.kind {
            SHORT => place.step_by(2).filter_map(|at| Some(self.short(at)?.into())).collect(),
            LONG | DIRECTORY => place
                .step_by(4)
                .filter_map(|at| Some(self.long(at)? as usize))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Type, number and value of an entry with one number. A rational's numbers stand elsewhere, at `at`.
    pub(super) fn described(&self, value: Value, at: usize) -> [u8; 10] {
        let (kind, field) = match value {
            Value::Short(value) => {
                let [a, b] = self.short_bytes(value);
                (SHORT, [a, b, 0, 0])
            }
            Value::Long(value) => (LONG, self.long_bytes(value)),
            Value::Rational(..) => (RATIONAL, self.long_bytes(at as u32)),
        };
        let mut bytes = [0; 10];
        bytes[..2].copy_from_slice(&self.short_bytes(kind));
        bytes[2..6].copy_from_slice(&self.long_bytes(1));
        bytes[6..].copy_from_slice(&field);
        bytes
    }

    /// The bytes to write over others, with their places, so that an entry has this value and no other; `None` if it
    /// has no room for it.
    pub(super) fn overwrite(&self, entry: Entry, value: Value) -> Option<Vec<(usize, Vec<u8>)>> {
        let mut patches = Vec::new();
        let mut at = 0;
        if let Value::Rational(above, below) = value {
            let place = self.place(entry)?;
            if place.len() < 8 {
                return None;
            }
            at = place.start;
            patches.push((at, [self.long_bytes(above), self.long_bytes(below)].concat()));
        }
        patches.push((entry.at + 2, self.described(value, at).to_vec()));
        Some(patches)
    }
}
