//! The alpha of lossy pictures (RFC 9649, 2.7.1.2).

use super::lossless;
use crate::budget::{Budget, Buffer};
use crate::error::{Error, Result};
use crate::format::Format;

/// Decodes a whole plane.
pub(crate) fn decode(data: &[u8], (width, height): (usize, usize), budget: &Budget) -> Result<Buffer<u8>> {
    let short = || Error::truncated(Format::Webp, "the data ends before the alpha does");
    let (&header, data) = data.split_first().ok_or_else(short)?;
    let mut plane = budget.zeroed::<u8>(width * height, "WebP alpha")?;
    match header & 3 {
        0 => plane.copy_from_slice(data.get(..width * height).ok_or_else(short)?),
        1 => {
            let mut rows = plane.chunks_exact_mut(width);
            let arrived = lossless::decode(data, (width, height), budget, &mut |pixels| {
                for (alpha, pixel) in rows.next().into_iter().flatten().zip(pixels) {
                    *alpha = (pixel >> 8) as u8;
                }
                Ok(())
            })?;
            if arrived < height {
                return Err(short());
            }
        }
        other => {
            let reason = format_args!("alpha compressed by a method number {other}");
            return Err(Error::bad_input(Format::Webp, reason));
        }
    }
    let filter = header >> 2 & 3;
    let (first, rest) = plane.split_at_mut(width);
    if filter > 0 {
        add_left(first, 0);
    }
    let mut above = first;
    for row in rest.chunks_exact_mut(width) {
        match filter {
            1 => add_left(row, above[0]),
            2 => row
                .iter_mut()
                .zip(&*above)
                .for_each(|(alpha, above)| *alpha = alpha.wrapping_add(*above)),
            3 => add_gradient(row, above),
            _ => {}
        }
        above = row;
    }
    Ok(plane)
}

fn add_left(row: &mut [u8], first: u8) {
    row.iter_mut().fold(first, |left, alpha| {
        *alpha = alpha.wrapping_add(left);
        *alpha
    });
}

/// Left plus above less the corner; the first pixel has neither left nor corner.
fn add_gradient(row: &mut [u8], above: &[u8]) {
    let (mut left, mut corner) = (above[0], above[0]);
    for (alpha, &above) in row.iter_mut().zip(above) {
        let gradient = i16::from(left) + i16::from(above) - i16::from(corner);
        *alpha = alpha.wrapping_add(gradient.clamp(0, 255) as u8);
        (left, corner) = (*alpha, above);
    }
}
