//! Values as differences from those around them: none, from the left, from above, from the gradient.

use crate::budget::{Budget, Buffer};
use crate::error::Result;
use crate::webp::encode::lossless::entropy::bits;

/// What a value is predicted by in the first row or column, and elsewhere.
#[inline(always)]
fn predicted(filter: u8, left: u8, above: u8, corner: u8) -> u8 {
    match filter {
        1 => left,
        2 => above,
        3 => (i16::from(left) + i16::from(above) - i16::from(corner)).clamp(0, 255) as u8,
        _ => 0,
    }
}

/// Calls `put` with the differences of a row. `above` is the row before it, if there is one.
#[inline(always)]
fn differences(filter: u8, row: &[u8], above: Option<&[u8]>, mut put: impl FnMut(usize, u8)) {
    if filter == 0 {
        row.iter().enumerate().for_each(|(x, &value)| put(x, value));
        return;
    }
    let Some(above) = above else {
        // The first row is predicted from the left.
        let mut left = 0;
        for (x, &value) in row.iter().enumerate() {
            put(x, value.wrapping_sub(left));
            left = value;
        }
        return;
    };
    // The first column is predicted from above.
    put(0, row[0].wrapping_sub(above[0]));
    for x in 1..row.len() {
        let prediction = predicted(filter, row[x - 1], above[x], above[x - 1]);
        put(x, row[x].wrapping_sub(prediction));
    }
}

/// Puts differences where VP8L has green.
pub(super) fn apply(plane: &[u8], width: usize, filter: u8, pixels: &mut [u32], budget: &Budget) -> Result<()> {
    let mut above = None;
    for (row, out) in plane.chunks_exact(width).zip(pixels.chunks_exact_mut(width)) {
        budget.check()?;
        let put = |x: usize, value: u8| out[x] = 0xff00_0000 | u32::from(value) << 8;
        match filter {
            0 => differences(0, row, above, put),
            1 => differences(1, row, above, put),
            2 => differences(2, row, above, put),
            _ => differences(3, row, above, put),
        }
        above = Some(row);
    }
    Ok(())
}

/// The filter of the least entropy, where values are not as those around them.
pub(super) fn choose(plane: &[u8], width: usize, budget: &Budget) -> Result<u8> {
    let mut counts: Buffer<[u32; 256]> = budget.zeroed(4, "counts of samples")?;
    let mut rows = plane.chunks_exact(width);
    let mut above = rows.next().unwrap_or_default();
    for row in rows {
        budget.check()?;
        for x in 1..width {
            let (value, left, over) = (row[x], row[x - 1], above[x]);
            if value == left && value == over {
                continue;
            }
            for (filter, counts) in (0..4).zip(counts.iter_mut()) {
                let difference = value.wrapping_sub(predicted(filter, left, over, above[x - 1]));
                counts[usize::from(difference)] += 1;
            }
        }
        above = row;
    }
    let costs = counts.iter().map(|counts| bits(counts));
    let best = (0..).zip(costs).min_by(|a, b| a.1.total_cmp(&b.1));
    Ok(best.map_or(0, |(filter, _)| filter))
}
