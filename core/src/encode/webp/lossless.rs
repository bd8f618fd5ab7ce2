//! Lossless stills.

use super::container::{self, Features};
use crate::budget::{Budget, Buffer};
use crate::encode::options;
use crate::error::Result;
use crate::image::Image;
use crate::metadata::MetadataBlocks;
use crate::webp::encode::lossless::{self, Options};

/// The signature of VP8L (RFC 9649, 3.4).
const SIGNATURE: u8 = 0x2f;

pub(super) fn still(
    image: &Image,
    options: &options::Webp,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let (mut pixels, alpha) = argb(image, options.exact, budget)?;
    let features = Features::new(image, alpha);
    container::file(features, metadata, |out| {
        picture(&mut pixels, image.width as usize, alpha, options, budget, out)
    })
}

/// Appends a chunk with the picture, and leaves anything in `pixels`.
pub(super) fn picture(
    pixels: &mut [u32],
    width: usize,
    alpha: bool,
    options: &options::Webp,
    budget: &Budget,
    out: &mut Vec<u8>,
) -> Result<()> {
    container::chunk(out, b"VP8L", |out| {
        out.push(SIGNATURE);
        let height = pixels.len() / width;
        let header = (width as u32 - 1) | (height as u32 - 1) << 14 | u32::from(alpha) << 28;
        out.extend_from_slice(&header.to_le_bytes());
        let options = Options {
            effort: options.effort,
            near: options.near,
        };
        lossless::encode(pixels, width, options, budget, out)
    })
}

/// Pixels as VP8L has them, and whether any is not opaque. Colours under full transparency are kept if `exact`.
fn argb(image: &Image, exact: bool, budget: &Budget) -> Result<(Buffer<u32>, bool)> {
    let width = image.width as usize;
    let mut pixels = budget.zeroed::<u32>(width * image.height as usize, "WebP pixels")?;
    let mut wide = vec![[0; 4]; width];
    let mut least = 255;
    for (y, row) in (0..image.height).zip(pixels.chunks_exact_mut(width)) {
        budget.check()?;
        image.layout.widen(image.planes[0].row(y), &mut wide);
        for (pixel, &[red, green, blue, alpha]) in row.iter_mut().zip(&wide) {
            least = least.min(alpha);
            *pixel = match alpha {
                0 if !exact => 0,
                _ => u32::from_le_bytes([blue, green, red, alpha]),
            };
        }
    }
    Ok((pixels, least < 255))
}
