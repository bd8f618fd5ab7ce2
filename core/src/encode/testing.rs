//! Pictures for the encoders' tests.

use crate::budget::Budget;
use crate::image::{Image, Layout, Picture, PictureFrame, Plane};
use crate::limits::Limits;

pub(crate) fn budget() -> Budget {
    Budget::new(&Limits::default())
}

/// An image whose samples are `sample(x, y, channel)`.
pub(crate) fn image(width: u32, height: u32, layout: Layout, mut sample: impl FnMut(u32, u32, usize) -> u8) -> Image {
    let mut plane = Plane::new(width, height, layout.channels(), &budget()).unwrap();
    for y in 0..height {
        let channels = layout.channels();
        for (i, out) in plane.row_mut(y).iter_mut().enumerate() {
            *out = sample((i / channels) as u32, y, i % channels);
        }
    }
    Image {
        width,
        height,
        layout,
        planes: vec![plane],
    }
}

pub(crate) fn still(image: Image) -> Picture {
    Picture {
        frames: vec![PictureFrame { image, delay_ms: 0 }],
        loops: 0,
    }
}
