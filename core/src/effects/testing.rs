//! Pictures for the effects' tests.

use crate::budget::Budget;
use crate::colour::Colour;
use crate::error::Result;
use crate::image::{Image, Layout, Plane};
use crate::limits::Limits;

use super::{Context, EffectOptions};

pub(super) fn budget() -> Budget {
    Budget::new(&Limits::default())
}

/// The picture with the effect, in a plan whose background is white.
pub(super) fn try_apply(image: Image, options: &dyn EffectOptions, budget: &Budget) -> Result<Image> {
    let context = Context {
        background: Colour::WHITE,
        layers: &Vec::new(),
        budget,
    };
    options.apply(image, &context)
}

pub(super) fn applied(image: Image, options: &dyn EffectOptions) -> Image {
    try_apply(image, options, &budget()).unwrap()
}

/// A picture of `width` columns from its samples.
pub(super) fn image(layout: Layout, width: u32, samples: &[u8]) -> Image {
    let height = samples.len() / layout.channels() / width as usize;
    let mut plane = Plane::new(width, height as u32, layout.channels(), &budget()).unwrap();
    plane.data.copy_from_slice(samples);
    Image {
        width,
        height: height as u32,
        layout,
        planes: vec![plane],
    }
}

/// Noise: the hardest picture for everything that looks at neighbours.
pub(super) fn noise(layout: Layout, width: u32, height: u32, seed: u32) -> Image {
    let len = width as usize * height as usize * layout.channels();
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let samples: Vec<u8> = (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 11) as u8
        })
        .collect();
    image(layout, width, &samples)
}

pub(super) const LAYOUTS: [Layout; 4] = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];

/// The sample of a pixel, or of the nearest one at the edges.
pub(super) fn nearest(image: &Image, x: i64, y: i64, channel: usize) -> u8 {
    let x = x.clamp(0, i64::from(image.width) - 1) as usize;
    let y = y.clamp(0, i64::from(image.height) - 1) as u32;
    image.planes[0].row(y)[x * image.layout.channels() + channel]
}
