//! BI_RLE8 and BI_RLE4: runs, literals and jumps into a frame of palette indices.

use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// Indices in stored order (bottom row first), 0 where nothing is drawn, and whether the end was reached: the
/// end-of-bitmap code, or the last pixel.
pub(super) fn unpack(
    data: &[u8],
    width: usize,
    height: usize,
    nibbles: bool,
    budget: &Budget,
) -> Result<(Buffer<u8>, bool)> {
    let mut indices = budget.zeroed::<u8>(width.saturating_mul(height), "BMP indices")?;
    let (mut x, mut y) = (0usize, 0usize);
    let mut rest = data;
    let mut steps = 0u32;
    let mut put = |x: &mut usize, y: usize, index: u8| {
        if *x < width && y < height {
            indices[y * width + *x] = index;
        }
        *x += 1;
    };
    let ended = loop {
        steps = steps.wrapping_add(1);
        if steps.is_multiple_of(4096) {
            budget.check()?;
        }
        if y >= height {
            break true;
        }
        let Some((&[count, value], after)) = rest.split_first_chunk::<2>() else {
            break y + 1 == height && x >= width;
        };
        rest = after;
        match (count, value) {
            (0, 0) => (x, y) = (0, y + 1),
            (0, 1) => break true,
            (0, 2) => {
                let Some((&[right, up], after)) = rest.split_first_chunk::<2>() else {
                    break false;
                };
                rest = after;
                (x, y) = (x + usize::from(right), y + usize::from(up));
            }
            (0, literals) => {
                let literals = usize::from(literals);
                let bytes = if nibbles { literals.div_ceil(2) } else { literals };
                for i in 0..literals {
                    let Some(&byte) = rest.get(if nibbles { i / 2 } else { i }) else {
                        break;
                    };
                    put(&mut x, y, if nibbles { nibble(byte, i) } else { byte });
                }
                // Literals are padded to 16 bits.
                rest = rest.get(bytes.next_multiple_of(2)..).unwrap_or_default();
            }
            (count, value) => {
                for i in 0..usize::from(count) {
                    put(&mut x, y, if nibbles { nibble(value, i) } else { value });
                }
            }
        }
    };
    Ok((indices, ended))
}

fn nibble(byte: u8, i: usize) -> u8 {
    if i.is_multiple_of(2) { byte >> 4 } else { byte & 15 }
}
