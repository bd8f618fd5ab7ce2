//! The EXIF tags that say how to show the pixels, and those that a new picture makes untrue. EXIF is a TIFF structure.

mod thumbnail;
mod tiff;

use tiff::{Tiff, Value};

const WIDTH: u16 = 0x0100;
const HEIGHT: u16 = 0x0101;
const ORIENTATION: u16 = 0x0112;
const X_RESOLUTION: u16 = 0x011a;
const Y_RESOLUTION: u16 = 0x011b;
const RESOLUTION_UNIT: u16 = 0x0128;
/// Where the directory of EXIF's own tags is, and those of its tags that say the size again (Exif 2.32, 4.6.5).
const EXIF_DIRECTORY: u16 = 0x8769;
const PIXEL_X_DIMENSION: u16 = 0xa002;
const PIXEL_Y_DIMENSION: u16 = 0xa003;
const INCH: u16 = 2;
const CENTIMETRE: u16 = 3;

/// The orientation, 1 to 8; 1 if there is none, or the block is damaged.
pub(crate) fn orientation(exif: &[u8]) -> u8 {
    Tiff::new(exif)
        .and_then(|tiff| tiff.number(ORIENTATION))
        .and_then(|value| (1..=8).find(|&orientation| f64::from(orientation) == value))
        .unwrap_or(1)
}

/// Dots per inch across, if the block says it in inches or centimetres; inches are the default (TIFF 6.0, section 8).
pub(crate) fn density(exif: &[u8]) -> Option<f64> {
    let tiff = Tiff::new(exif)?;
    let density = tiff.number(X_RESOLUTION)?;
    let unit = tiff.number(RESOLUTION_UNIT).unwrap_or(INCH.into());
    match unit {
        unit if unit == f64::from(INCH) => Some(density),
        unit if unit == f64::from(CENTIMETRE) => Some(density * 2.54),
        _ => None,
    }
}

/// A block for a picture of another size, and `upright` if it is turned: without thumbnails, which may show what was
/// cropped away. `None` if its directories overlap, so that what is written into one changes another for ever.
pub(crate) fn still_true(exif: &[u8], size: (u32, u32), upright: bool) -> Option<Vec<u8>> {
    /// Directories that don't overlap need one time, and another to see it.
    const TIMES: usize = 4;
    let mut before = exif.to_vec();
    for _ in 0..TIMES {
        let mut after = before.clone();
        thumbnail::remove(&mut after);
        set_size(&mut after, size);
        if upright {
            reset_orientation(&mut after);
        }
        if after == before {
            return Some(after);
        }
        before = after;
    }
    None
}

/// Sets the orientation tag, if there is one, to 1: upright.
fn reset_orientation(exif: &mut [u8]) {
    if orientation(exif) != 1 {
        replace(exif, None, ORIENTATION, Value::Short(1));
    }
}

/// Sets the tags for width and height that there are.
fn set_size(exif: &mut [u8], (width, height): (u32, u32)) {
    for (directory, tag, length) in [
        (None, WIDTH, width),
        (None, HEIGHT, height),
        (Some(EXIF_DIRECTORY), PIXEL_X_DIMENSION, width),
        (Some(EXIF_DIRECTORY), PIXEL_Y_DIMENSION, height),
    ] {
        replace(exif, directory, tag, Value::Long(length));
    }
}

/// Writes orientation (1 to 8) and density (dots per inch, up to 65,535) into a block: over the tags that it has, or
/// else into a directory at its end that takes the place of the first one, so that nothing else moves. A block that
/// can't be read is replaced.
pub(crate) fn set(exif: &mut Vec<u8>, orientation: Option<u8>, density: Option<f64>) {
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
    let wanted = wanted.into_iter().filter_map(|(tag, value)| Some((tag, value?)));
    let missing: Vec<(u16, Value)> = wanted
        .filter(|&(tag, value)| !replace(exif, None, tag, value))
        .collect();
    if !missing.is_empty() {
        append(exif, &missing);
    }
}

/// Writes a number over a tag of the first directory, or of the one that this tag of it points to. `false` if there is
/// no such tag, or no room for the number.
fn replace(exif: &mut [u8], directory: Option<u16>, tag: u16, value: Value) -> bool {
    let patches = Tiff::new(exif).and_then(|tiff| {
        let directory = match directory {
            None => tiff.first(),
            Some(tag) => tiff.child(tag),
        };
        tiff.overwrite(tiff.find(directory, tag)?, value)
    });
    for (at, bytes) in patches.iter().flatten() {
        exif[*at..*at + bytes.len()].copy_from_slice(bytes);
    }
    patches.is_some()
}

/// Adds a first directory with these tags, and those that are there under other names.
fn append(exif: &mut Vec<u8>, tags: &[(u16, Value)]) {
    exif.resize(exif.len().next_multiple_of(2), 0);
    let Some(tiff) = Tiff::new(exif) else { return };
    let kept = tiff.entries(tiff.first()).filter_map(|entry| {
        let bytes = *exif.get(entry.at..)?.first_chunk::<12>()?;
        (tags.iter().all(|(new, _)| *new != entry.tag)).then_some((entry.tag, bytes))
    });
    // The number of entries has 16 bits.
    let mut entries: Vec<(u16, [u8; 12])> = kept.take(usize::from(u16::MAX) - tags.len()).collect();
    let mut values = Vec::new();
    for &(tag, value) in tags {
        let mut entry = [0; 12];
        entry[..2].copy_from_slice(&tiff.short_bytes(tag));
        entry[2..].copy_from_slice(&tiff.described(value, exif.len() + values.len()));
        entries.push((tag, entry));
        if let Value::Rational(above, below) = value {
            values.extend(tiff.long_bytes(above));
            values.extend(tiff.long_bytes(below));
        }
    }
    entries.sort_by_key(|(tag, _)| *tag);
    let start = tiff.long_bytes((exif.len() + values.len()) as u32);
    let mut directory = tiff.short_bytes(entries.len() as u16).to_vec();
    directory.extend(entries.iter().flat_map(|(_, entry)| entry));
    let next = tiff.first().and_then(|first| tiff.long(tiff.link(first)?));
    directory.extend(tiff.long_bytes(next.unwrap_or(0)));
    exif.extend(values);
    exif.extend(directory);
    exif[4..8].copy_from_slice(&start);
}

#[cfg(test)]
mod tests;
