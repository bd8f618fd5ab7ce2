//! The EXIF tags that say how to show the pixels: orientation and density. EXIF is a TIFF structure (TIFF 6.0, section
//! 2).

const ORIENTATION: u16 = 0x0112;
const X_RESOLUTION: u16 = 0x011a;
const Y_RESOLUTION: u16 = 0x011b;
const RESOLUTION_UNIT: u16 = 0x0128;
const SHORT: u16 = 3;
const RATIONAL: u16 = 5;
const INCH: u16 = 2;
const CENTIMETRE: u16 = 3;

/// The orientation, 1 to 8; 1 if there is none, or the block is damaged.
pub(crate) fn orientation(exif: &[u8]) -> u8 {
    Tiff::new(exif)
        .and_then(|tiff| tiff.orientation())
        .map_or(1, |(value, _)| value)
}

/// Dots per inch across, if the block says it in inches or centimetres; inches are the default (TIFF 6.0, section 8).
pub(crate) fn density(exif: &[u8]) -> Option<f64> {
    let tiff = Tiff::new(exif)?;
    let at = tiff.rational(X_RESOLUTION)?;
    let (above, below) = (f64::from(tiff.long(at)?), f64::from(tiff.long(at + 4)?));
    let unit = tiff
        .find(RESOLUTION_UNIT, SHORT)
        .map_or(Some(INCH), |at| tiff.short(at))?;
    match unit {
        INCH if below > 0.0 => Some(above / below),
        CENTIMETRE if below > 0.0 => Some(above / below * 2.54),
        _ => None,
    }
}

/// Sets the orientation tag, if there is one, to 1: upright.
pub(crate) fn reset_orientation(exif: &mut [u8]) {
    if let Some(tiff) = Tiff::new(exif)
        && let Some((_, at)) = tiff.orientation()
    {
        let upright = tiff.short_bytes(1);
        exif[at..at + 2].copy_from_slice(&upright);
    }
}

/// Writes orientation (1 to 8) and density (dots per inch, up to 65,535) into a block: over the tags that it has, or
/// else into a directory at its end that takes the place of the first one, so that nothing else moves. A block that
/// can't be read is replaced.
pub(crate) fn set(exif: &mut Vec<u8>, orientation: Option<u8>, density: Option<f64>) {
    let mut missing: Vec<(u16, Value)> = Vec::new();
    let rational = density.map(|dpi| Value::Rational((dpi * 1000.0).round() as u32, 1000));
    let wanted = [
        (ORIENTATION, orientation.map(|value| Value::Short(value.into()))),
        (X_RESOLUTION, rational),
        (Y_RESOLUTION, rational),
        (RESOLUTION_UNIT, density.map(|_| Value::Short(INCH))),
    ];
    if Tiff::new(exif).is_none() {
        *exif = b"II\x2a\0\0\0\0\0".to_vec();
    }
    for (tag, value) in wanted.into_iter().filter_map(|(tag, value)| Some((tag, value?))) {
        let Some(tiff) = Tiff::new(exif) else { return };
        let (place, bytes) = match value {
            Value::Short(value) => (tiff.find(tag, SHORT), tiff.short_bytes(value).to_vec()),
            Value::Rational(above, below) => (
                tiff.rational(tag),
                [tiff.long_bytes(above), tiff.long_bytes(below)].concat(),
            ),
        };
        match place.and_then(|at| exif.get_mut(at..at + bytes.len())) {
            Some(place) => place.copy_from_slice(&bytes),
            None => missing.push((tag, value)),
        }
    }
    if !missing.is_empty() {
        append(exif, &missing);
    }
}

#[derive(Debug, Clone, Copy)]
enum Value {
    Short(u16),
    Rational(u32, u32),
}

/// Adds a first directory with these tags, and those that are there under other names.
fn append(exif: &mut Vec<u8>, tags: &[(u16, Value)]) {
    exif.resize(exif.len().next_multiple_of(2), 0);
    let Some(tiff) = Tiff::new(exif) else { return };
    let kept = tiff.entries().filter_map(|at| {
        let entry = *exif.get(at..)?.first_chunk::<12>()?;
        let tag = tiff.short(at)?;
        (tags.iter().all(|(new, _)| *new != tag)).then_some((tag, entry))
    });
    // The number of entries has 16 bits.
    let mut entries: Vec<(u16, [u8; 12])> = kept.take(usize::from(u16::MAX) - tags.len()).collect();
    let mut values = Vec::new();
    for (tag, value) in tags {
        let (kind, field) = match value {
            Value::Short(value) => {
                let [a, b] = tiff.short_bytes(*value);
                (SHORT, [a, b, 0, 0])
            }
            Value::Rational(above, below) => {
                let at = exif.len() + values.len();
                values.extend(tiff.long_bytes(*above));
                values.extend(tiff.long_bytes(*below));
                (RATIONAL, tiff.long_bytes(at as u32))
            }
        };
        let mut entry = [0; 12];
        entry[..2].copy_from_slice(&tiff.short_bytes(*tag));
        entry[2..4].copy_from_slice(&tiff.short_bytes(kind));
        entry[4..8].copy_from_slice(&tiff.long_bytes(1));
        entry[8..].copy_from_slice(&field);
        entries.push((*tag, entry));
    }
    entries.sort_by_key(|(tag, _)| *tag);
    let start = tiff.long_bytes((exif.len() + values.len()) as u32);
    let mut directory = tiff.short_bytes(entries.len() as u16).to_vec();
    directory.extend(entries.iter().flat_map(|(_, entry)| entry));
    directory.extend(tiff.long_bytes(tiff.next().unwrap_or(0)));
    exif.extend(values);
    exif.extend(directory);
    exif[4..8].copy_from_slice(&start);
}

/// A TIFF structure: header, and the place of the first directory.
#[derive(Debug, Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let little = match bytes.get(..8)? {
            [b'I', b'I', 0x2a, 0, ..] => true,
            [b'M', b'M', 0, 0x2a, ..] => false,
            _ => return None,
        };
        Some(Tiff { bytes, little })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(if self.little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<4>()?;
        Some(if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn short_bytes(&self, value: u16) -> [u8; 2] {
        if self.little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    }

    fn long_bytes(&self, value: u32) -> [u8; 4] {
        if self.little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    }

    /// Where the entries of the first directory begin, and how many it claims.
    fn directory(&self) -> Option<(usize, usize)> {
        let directory = self.long(4)? as usize;
        // An offset of 0 is no directory: the header is there.
        let entries = self.short(directory).filter(|_| directory > 0)?;
        Some((directory.checked_add(2)?, entries.into()))
    }

    /// Where each entry is that the bytes hold whole.
    fn entries(self) -> impl Iterator<Item = usize> + 'a {
        let (first, entries) = self.directory().unwrap_or_default();
        (0..entries)
            .map(move |i| first.saturating_add(12 * i))
            .take_while(move |at| at.saturating_add(12) <= self.bytes.len())
    }

    /// The place of the second directory, which holds a thumbnail.
    fn next(&self) -> Option<u32> {
        let (first, entries) = self.directory()?;
        self.long(first.checked_add(12 * entries)?)
    }

    /// Where the field of a tag with one value of this kind is.
    fn find(&self, tag: u16, kind: u16) -> Option<usize> {
        let at = self.entries().find(|&at| self.short(at) == Some(tag))?;
        (self.short(at + 2) == Some(kind) && self.long(at + 4) == Some(1)).then_some(at + 8)
    }

    /// Where the two numbers of a rational are.
    fn rational(&self, tag: u16) -> Option<usize> {
        let at = self.long(self.find(tag, RATIONAL)?)? as usize;
        (at >= 8 && at.checked_add(8)? <= self.bytes.len()).then_some(at)
    }

    /// The orientation's value, and where it stands: a SHORT is left-justified in its field of 4 bytes.
    fn orientation(&self) -> Option<(u8, usize)> {
        let at = self.find(ORIENTATION, SHORT)?;
        let value = self.short(at)?;
        (1..=8).contains(&value).then_some((value as u8, at))
    }
}

#[cfg(test)]
mod tests;
