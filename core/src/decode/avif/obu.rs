//! Open bitstream units: where each one ends, and the sequence header (AV1 specification, 5.3 to 5.5).

use super::boxes::bad;
use super::meta::Nclx;
use crate::error::Result;

/// What a sequence header says about the frames that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sequence {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bits: u8,
    pub(super) mono: bool,
    pub(super) half_width: bool,
    pub(super) half_height: bool,
    pub(super) colour: Nclx,
    /// Frames may be coded narrower and widened afterwards: one more image in memory.
    pub(super) superres: bool,
    /// Film grain may be added to a copy of the image: one more image in memory.
    pub(super) film_grain: bool,
}

const SEQUENCE_HEADER: u8 = 1;
const FRAME_HEADER: u8 = 3;
const FRAME: u8 = 6;

/// One unit, header included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit<'a> {
    kind: u8,
    pub(super) bytes: &'a [u8],
    payload: &'a [u8],
}

impl Unit<'_> {
    /// Whether a frame starts here.
    pub(super) fn starts_frame(&self) -> bool {
        matches!(self.kind, FRAME_HEADER | FRAME)
    }
}

/// Splits an item's data into its units.
pub(super) fn units(data: &[u8]) -> impl Iterator<Item = Result<Unit<'_>>> {
    let mut rest = data;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let unit = unit(rest);
        rest = unit.as_ref().map_or(&[][..], |unit| &rest[unit.bytes.len()..]);
        Some(unit)
    })
}

/// The first sequence header in an item's data.
pub(super) fn sequence(data: &[u8]) -> Result<Sequence> {
    for unit in units(data) {
        let unit = unit?;
        if unit.kind == SEQUENCE_HEADER {
            return parse_sequence(&mut Bits {
                data: unit.payload,
                at: 0,
            });
        }
    }
    Err(bad("no AV1 sequence header"))
}

fn unit(data: &[u8]) -> Result<Unit<'_>> {
    let cut = || bad("an AV1 unit is longer than the data");
    let header = *data.first().ok_or_else(cut)?;
    if header & 0x80 != 0 {
        return Err(bad("an AV1 unit starts with a forbidden bit"));
    }
    let mut at = if header & 4 != 0 { 2 } else { 1 };
    let len = if header & 2 != 0 {
        // leb128: seven bits per byte, lowest first, at most eight bytes.
        let mut len = 0u64;
        for i in 0.. {
            let byte = *data.get(at).ok_or_else(cut)?;
            at += 1;
            len |= u64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                break;
            }
            if i == 7 {
                return Err(bad("the length of an AV1 unit has more than eight bytes"));
            }
        }
        usize::try_from(len).map_err(|_| cut())?
    } else {
        data.len().checked_sub(at).ok_or_else(cut)?
    };
    let end = at.checked_add(len).ok_or_else(cut)?;
    let bytes = data.get(..end).ok_or_else(cut)?;
    Ok(Unit {
        kind: header >> 3 & 15,
        bytes,
        payload: &bytes[at..],
    })
}

fn parse_sequence(bits: &mut Bits) -> Result<Sequence> {
    let profile = bits.take(3)?;
    bits.skip(1)?;
    let reduced = bits.flag()?;
    if reduced {
        bits.skip(5)?;
    } else {
        operating_points(bits)?;
    }
    let (width_bits, height_bits) = (bits.take(4)? + 1, bits.take(4)? + 1);
    let (width, height) = (bits.take(width_bits)? + 1, bits.take(height_bits)? + 1);
    if !reduced && bits.flag()? {
        bits.skip(4 + 3)?;
    }
    bits.skip(3)?;
    if !reduced {
        tools(bits)?;
    }
    let superres = bits.flag()?;
    bits.skip(2)?;

    let high = bits.flag()?;
    let twelve = profile == 2 && high && bits.flag()?;
    let depth = if twelve { 12 } else { 8 + 2 * u8::from(high) };
    let mono = profile != 1 && bits.flag()?;
    let (primaries, transfer, matrix) = match bits.flag()? {
        true => (bits.take(8)?, bits.take(8)?, bits.take(8)?),
        false => (2, 2, 2),
    };
    let (full_range, half_width, half_height) = if mono {
        (bits.flag()?, true, true)
    } else if (primaries, transfer, matrix) == (1, 13, 0) {
        (true, false, false)
    } else {
        let range = bits.flag()?;
        let (x, y) = match (profile, twelve) {
            (0, _) => (true, true),
            (1, _) => (false, false),
            (_, false) => (true, false),
            (_, true) => {
                let x = bits.flag()?;
                (x, x && bits.flag()?)
            }
        };
        if x && y {
            bits.skip(2)?;
        }
        (range, x, y)
    };
    if !mono {
        bits.skip(1)?;
    }
    Ok(Sequence {
        width,
        height,
        bits: depth,
        mono,
        half_width,
        half_height,
        colour: Nclx {
            primaries: primaries as u16,
            transfer: transfer as u16,
            matrix: matrix as u16,
            full_range,
        },
        superres,
        film_grain: bits.flag()?,
    })
}

/// Timing, decoder model and operating points: only their length matters here.
fn operating_points(bits: &mut Bits) -> Result<()> {
    let mut delay_bits = None;
    if bits.flag()? {
        bits.skip(32 + 32)?;
        if bits.flag()? {
            let mut zeros = 0;
            while !bits.flag()? {
                zeros += 1;
            }
            bits.skip(if zeros >= 32 { 0 } else { zeros })?;
        }
        if bits.flag()? {
            delay_bits = Some(bits.take(5)? + 1);
            bits.skip(32 + 5 + 5)?;
        }
    }
    let display_delay = bits.flag()?;
    for _ in 0..=bits.take(5)? {
        bits.skip(12)?;
        if bits.take(5)? > 7 {
            bits.skip(1)?;
        }
        if let Some(n) = delay_bits
            && bits.flag()?
        {
            bits.skip(2 * n + 1)?;
        }
        if display_delay && bits.flag()? {
            bits.skip(4)?;
        }
    }
    Ok(())
}

/// The coding tools that still images don't use.
fn tools(bits: &mut Bits) -> Result<()> {
    bits.skip(4)?;
    let order_hint = bits.flag()?;
    if order_hint {
        bits.skip(2)?;
    }
    let screen_content = bits.flag()? || bits.flag()?;
    if screen_content && !bits.flag()? {
        bits.skip(1)?;
    }
    if order_hint {
        bits.skip(3)?;
    }
    Ok(())
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn flag(&mut self) -> Result<bool> {
        let byte = *self
            .data
            .get(self.at / 8)
            .ok_or_else(|| bad("the AV1 sequence header is too short"))?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Ok(bit == 1)
    }

    fn take(&mut self, count: u32) -> Result<u32> {
        (0..count).try_fold(0, |number, _| Ok(number << 1 | u32::from(self.flag()?)))
    }

    fn skip(&mut self, count: u32) -> Result<()> {
        (0..count).try_for_each(|_| self.flag().map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A temporal delimiter, and the sequence header of a 768×512 4:2:0 still with a reduced header.
    const STILL: &[u8] = &[0x12, 0x00, 0x0a, 0x06, 0x18, 0x26, 0x5f, 0xef, 0xf4, 0x20];

    #[test]
    fn units_are_split_by_their_lengths() {
        let lens: Vec<usize> = units(STILL).map(|unit| unit.unwrap().bytes.len()).collect();
        assert_eq!(lens, [2, 8]);
        // Without a length a unit reaches to the end.
        assert_eq!(units(&[0x08, 1, 2, 3]).next().unwrap().unwrap().payload, [1, 2, 3]);
    }

    #[test]
    fn broken_lengths_end_the_walk_with_an_error() {
        let long: &[u8] = &[0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];
        for data in [
            &[0x0a][..],
            &[0x0a, 5, 1],
            &[0x92, 0],
            &[0x0c],
            long,
            &[0x0a, 0xff, 0xff],
        ] {
            let all: Vec<_> = units(data).collect();
            assert!(all.len() == 1 && all[0].is_err(), "{data:x?}");
        }
    }

    #[test]
    fn every_truncation_of_a_header_is_an_error() {
        assert!(sequence(&[]).is_err());
        for len in 0..6 {
            let mut data = STILL[..4 + len].to_vec();
            data[3] = len as u8;
            // The trailing bits may go; the fields may not.
            if len < 5 {
                assert!(sequence(&data).is_err(), "{len}");
            }
        }
    }
}
