//! Pixels changed a little, where that can't be seen much and makes the file smaller.

use crate::budget::Budget;
use crate::error::Result;

/// Pictures smaller than this both ways are kept.
const SMALL: usize = 64;

/// Rounds the samples of pixels that are not in smooth places: the lower `near`, 0 to 100, the more.
pub(super) fn apply(pixels: &mut [u32], width: usize, near: u8, budget: &Budget) -> Result<()> {
    let height = pixels.len() / width;
    let most = 5 - u32::from(near.min(100)) / 20;
    if width < SMALL && height < SMALL || width < 3 || height < 3 {
        return Ok(());
    }
    // The row above and the present one, as they were.
    let (mut above, mut now) = (vec![0; width], vec![0; width]);
    for bits in (1..=most).rev() {
        above.copy_from_slice(&pixels[..width]);
        for y in 1..height - 1 {
            budget.check()?;
            let (rows, below) = pixels.split_at_mut((y + 1) * width);
            let row = &mut rows[y * width..];
            now.copy_from_slice(row);
            for x in 1..width - 1 {
                let pixel = now[x];
                let around = [now[x - 1], now[x + 1], above[x], below[x]];
                if !around.iter().all(|&other| near_by(pixel, other, 1 << bits)) {
                    row[x] = rounded(pixel, bits);
                }
            }
            std::mem::swap(&mut above, &mut now);
        }
    }
    Ok(())
}

/// Whether all channels differ by less.
fn near_by(a: u32, b: u32, than: u8) -> bool {
    a.to_le_bytes()
        .iter()
        .zip(b.to_le_bytes())
        .all(|(a, b)| a.abs_diff(b) < than)
}

/// The nearest multiples of `1 << bits`, even ones of two as near; 255 if they would be above.
fn rounded(pixel: u32, bits: u32) -> u32 {
    let round = |sample: u8| {
        let sample = u32::from(sample);
        let rounded = (sample + ((1 << bits) - 1) / 2 + (sample >> bits & 1)) >> bits << bits;
        rounded.min(255) as u8
    };
    u32::from_le_bytes(pixel.to_le_bytes().map(round))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_rounded_to_the_nearest() {
        assert_eq!(rounded(0xff80_0102, 1), 0xff80_0002);
        assert_eq!(rounded(0x0305_fe07, 2), 0x0404_ff08);
        assert!(near_by(0x1020_3040, 0x1121_3141, 2) && !near_by(0x1020_3040, 0x1020_3242, 2));
    }
}
