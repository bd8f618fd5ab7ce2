//! The one EXIF tag that changes pixels: orientation. EXIF is a TIFF structure (TIFF 6.0, section 2).

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation, 1 to 8; 1 if there is none, or the block is damaged.
pub(crate) fn orientation(exif: &[u8]) -> u8 {
    find(exif).map_or(1, |(value, _)| value)
}

/// Sets the orientation tag, if there is one, to 1: upright.
pub(crate) fn reset_orientation(exif: &mut [u8]) {
    if let Some((_, at)) = find(exif) {
        // A SHORT stands left-justified in its 4-byte field, in the byte order of the file.
        let upright = if exif.starts_with(b"II") { [1, 0] } else { [0, 1] };
        exif[at..at + 2].copy_from_slice(&upright);
    }
}

/// The orientation's value, and where it stands.
fn find(exif: &[u8]) -> Option<(u8, usize)> {
    let little = match exif.get(..4)? {
        b"II\x2a\0" => true,
        b"MM\0\x2a" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *exif.get(at..)?.first_chunk::<2>()?;
        Some(if little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let long = |at: usize| {
        let bytes = *exif.get(at..)?.first_chunk::<4>()?;
        Some(if little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    };
    let directory = long(4)? as usize;
    let entries = short(directory)? as usize;
    let first = directory.checked_add(2)?;
    let entry = (0..entries)
        .map(|i| first.saturating_add(12 * i))
        .take_while(|at| at.saturating_add(12) <= exif.len())
        .find(|&at| short(at) == Some(ORIENTATION))?;
    let at = entry + 8;
    let value = short(at)?;
    let is_one_short = short(entry + 2) == Some(SHORT) && long(entry + 4) == Some(1);
    (is_one_short && (1..=8).contains(&value)).then_some((value as u8, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(little: bool, orientation: u16) -> Vec<u8> {
        let short = |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let long = |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let mut exif = if little {
            b"II\x2a\0".to_vec()
        } else {
            b"MM\0\x2a".to_vec()
        };
        exif.extend(long(8));
        exif.extend(short(2));
        for (tag, value) in [(0x0100, 7), (ORIENTATION, orientation)] {
            exif.extend(short(tag));
            exif.extend(short(SHORT));
            exif.extend(long(1));
            exif.extend(short(value));
            exif.extend([0, 0]);
        }
        exif.extend(long(0));
        exif
    }

    #[test]
    fn finds_and_resets_in_both_byte_orders() {
        for little in [true, false] {
            for value in 1..=8 {
                let mut exif = block(little, value);
                assert_eq!(orientation(&exif), value as u8);
                reset_orientation(&mut exif);
                assert_eq!(exif, block(little, 1));
            }
            assert_eq!(orientation(&block(little, 0)), 1);
            assert_eq!(orientation(&block(little, 9)), 1);
        }
    }

    #[test]
    fn damaged_blocks_are_upright() {
        let whole = block(true, 6);
        for length in 0..whole.len() {
            let mut cut = whole[..length].to_vec();
            let tag_is_whole = length >= 34;
            assert_eq!(orientation(&cut), if tag_is_whole { 6 } else { 1 }, "{length} bytes");
            reset_orientation(&mut cut);
        }
        let mut far = whole;
        far[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(orientation(&far), 1);
    }
}
