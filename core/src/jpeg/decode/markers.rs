//! Markers and marker segments (T.81 B.1.1).

use super::damage::Damage;
use crate::error::{Error, Result};
use crate::format::Format;

pub(super) const SOF0: u8 = 0xC0;
pub(super) const SOF15: u8 = 0xCF;
pub(super) const DHT: u8 = 0xC4;
pub(super) const JPG: u8 = 0xC8;
pub(super) const DAC: u8 = 0xCC;
pub(super) const RST0: u8 = 0xD0;
pub(super) const RST7: u8 = 0xD7;
pub(super) const SOI: u8 = 0xD8;
pub(super) const EOI: u8 = 0xD9;
pub(super) const SOS: u8 = 0xDA;
pub(super) const DQT: u8 = 0xDB;
const DNL: u8 = 0xDC;
pub(super) const DRI: u8 = 0xDD;
pub(super) const APP0: u8 = 0xE0;
pub(super) const APP1: u8 = 0xE1;
pub(super) const APP2: u8 = 0xE2;
pub(super) const APP13: u8 = 0xED;
pub(super) const APP14: u8 = 0xEE;
const APP15: u8 = 0xEF;
const COM: u8 = 0xFE;
/// JPEG-LS (ITU-T T.87) uses the frame marker of an extension.
pub(super) const SOF55: u8 = 0xF7;
const TEM: u8 = 0x01;

/// Iterates over the marker segments of a file, from front to back.
#[derive(Debug, Clone)]
pub(super) struct Segments<'a> {
    bytes: &'a [u8],
    pos: usize,
}

/// One marker, and the parameters that follow it (empty for markers that stand alone).
#[derive(Debug, Clone, Copy)]
pub(super) struct Segment<'a> {
    pub(super) marker: u8,
    pub(super) body: &'a [u8],
}

impl<'a> Segments<'a> {
    /// Starts after SOI, which must be the first marker.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        match bytes {
            [0xFF, SOI, ..] => Ok(Segments { bytes, pos: 2 }),
            [] | [0xFF] => Err(Error::truncated(Format::Jpeg, "no bytes where SOI should be")),
            _ => Err(Error::bad_input(Format::Jpeg, "does not start with SOI (FF D8)")),
        }
    }

    /// Where the next byte will be read: after SOS, the first entropy-coded byte.
    pub(super) fn position(&self) -> usize {
        self.pos
    }

    pub(super) fn seek(&mut self, pos: usize) {
        self.pos = pos.min(self.bytes.len());
    }

    /// The next segment; `None` at the end of the file.
    pub(super) fn next(&mut self, damage: &mut Damage<'_>) -> Result<Option<Segment<'a>>> {
        let Some((at, marker)) = find_marker(self.bytes, self.pos) else {
            self.pos = self.bytes.len();
            return Ok(None);
        };
        if at > self.pos {
            damage.harmless(format_args!(
                "{} extraneous bytes before marker FF {marker:02X}",
                at - self.pos
            ))?;
        }
        self.pos = skip_fill(self.bytes, at) + 1;
        if matches!(marker, TEM | RST0..=RST7 | SOI | EOI) {
            return Ok(Some(Segment { marker, body: &[] }));
        }
        let rest = &self.bytes[self.pos..];
        let Some(&[high, low]) = rest.first_chunk::<2>() else {
            damage.truncated(format_args!("the file ends inside segment FF {marker:02X}"))?;
            self.pos = self.bytes.len();
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length < 2 {
            let reason = format_args!("segment FF {marker:02X} has length {length}, at least 2 expected");
            if !matches!(marker, APP0..=APP15 | COM) {
                return Err(Error::bad_input(Format::Jpeg, reason));
            }
            damage.harmless(reason)?;
            self.pos += 2;
            return Ok(Some(Segment { marker, body: &[] }));
        }
        let Some(body) = rest.get(2..length) else {
            damage.truncated(format_args!(
                "segment FF {marker:02X} has length {length} where {} bytes remain",
                rest.len()
            ))?;
            self.pos = self.bytes.len();
            return Ok(None);
        };
        self.pos += length;
        Ok(Some(Segment { marker, body }))
    }
}

/// The place of the next marker's first FF at or after `pos`, and the marker. FF 00 is a stuffed data byte.
pub(super) fn find_marker(bytes: &[u8], pos: usize) -> Option<(usize, u8)> {
    let mut pos = pos;
    loop {
        let at = pos + memchr::memchr(0xFF, bytes.get(pos..)?)?;
        let end = skip_fill(bytes, at);
        match bytes.get(end)? {
            0 => pos = end + 1,
            &marker => return Some((at, marker)),
        }
    }
}

/// Skips the FFs from `at` on, of which there may be any number before a marker (T.81 B.1.1.2).
pub(super) fn skip_fill(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|&&byte| byte == 0xFF).count()
}

/// Whether a marker may stand between two scans, or end the image.
pub(super) fn follows_scan(marker: u8) -> bool {
    matches!(marker, DHT | DAC | DQT | DRI | DNL | SOS | EOI | APP0..=APP15 | COM)
}

/// The next marker other than a restart marker, at or after `pos`: where a scan ends.
pub(super) fn end_of_scan(bytes: &[u8], pos: usize) -> usize {
    let mut pos = pos;
    while let Some((at, marker)) = find_marker(bytes, pos) {
        if !(RST0..=RST7).contains(&marker) {
            return at;
        }
        pos = skip_fill(bytes, at) + 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Tolerate;

    #[test]
    fn fill_bytes_and_stuffing_are_no_markers() {
        assert_eq!(find_marker(&[1, 2, 0xFF, 0, 0xFF, 0xFF, 0xD9], 0), Some((4, 0xD9)));
        assert_eq!(find_marker(&[1, 0xFF], 0), None);
        assert_eq!(find_marker(&[], 5), None);
        assert_eq!(end_of_scan(&[7, 0xFF, 0xD3, 9, 0xFF, 0, 0xFF, 0xD9], 0), 6);
    }

    #[test]
    fn garbage_between_segments_is_reported() {
        let bytes = [0xFF, 0xD8, 9, 9, 0xFF, 0xFE, 0, 3, 1, 0xFF, 0xD9];
        let mut warnings = Vec::new();
        let mut segments = Segments::new(&bytes).unwrap();
        let mut damage = Damage::new(Tolerate::Truncated, &mut warnings);
        let comment = segments.next(&mut damage).unwrap().unwrap();
        assert_eq!((comment.marker, comment.body), (0xFE, &[1][..]));
        assert_eq!(segments.next(&mut damage).unwrap().unwrap().marker, EOI);
        assert!(segments.next(&mut damage).unwrap().is_none());
        assert_eq!(warnings.len(), 1);
    }

    #[test]
    fn impossible_lengths_are_errors() {
        let mut warnings = Vec::new();
        let mut damage = Damage::new(Tolerate::None, &mut warnings);
        let mut short = Segments::new(&[0xFF, 0xD8, 0xFF, 0xDB, 0, 1]).unwrap();
        assert_eq!(short.next(&mut damage).unwrap_err().code(), "BAD_INPUT");
        let mut long = Segments::new(&[0xFF, 0xD8, 0xFF, 0xFE, 0, 9]).unwrap();
        assert_eq!(long.next(&mut damage).unwrap_err().code(), "TRUNCATED");
    }
}
