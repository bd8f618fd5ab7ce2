//! Pixels between the stages: planes of 8-bit samples, interleaved or planar.

use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// What the samples of an image mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One plane, one channel.
    Grey,
    /// One plane, two channels: grey, alpha (not premultiplied).
    GreyAlpha,
    /// One plane, three channels.
    Rgb,
    /// One plane, four channels; alpha is not premultiplied.
    Rgba,
    /// Three planes of one channel: Y', Cb, Cr of JFIF (full range, BT.601). The chroma planes may be smaller.
    YCbCr,
    /// One plane, four channels; 0 is no ink.
    Cmyk,
}

impl Layout {
    /// Number of planes of an image with this layout.
    #[cfg(test)]
    pub(crate) fn planes(self) -> usize {
        if self == Layout::YCbCr { 3 } else { 1 }
    }

    /// Samples per pixel of each plane.
    pub(crate) fn channels(self) -> usize {
        match self {
            Layout::Grey | Layout::YCbCr => 1,
            Layout::GreyAlpha => 2,
            Layout::Rgb => 3,
            Layout::Rgba | Layout::Cmyk => 4,
        }
    }

    /// Samples per pixel, all planes together.
    pub(crate) fn colour_channels(self) -> u8 {
        if self == Layout::YCbCr {
            3
        } else {
            self.channels() as u8
        }
    }

    /// Whether the last channel is alpha.
    pub(crate) fn has_alpha(self) -> bool {
        matches!(self, Layout::GreyAlpha | Layout::Rgba)
    }

    /// Fills `out` with interleaved grey or RGB pixels, converted to RGBA.
    pub(crate) fn widen(self, row: &[u8], out: &mut [[u8; 4]]) {
        let pixels = out.iter_mut();
        match self {
            Layout::Grey => pixels.zip(row).for_each(|(out, &v)| *out = [v, v, v, 255]),
            Layout::GreyAlpha => {
                pixels
                    .zip(row.as_chunks::<2>().0)
                    .for_each(|(out, &[v, a])| *out = [v, v, v, a]);
            }
            Layout::Rgb => pixels
                .zip(row.as_chunks::<3>().0)
                .for_each(|(out, &[r, g, b])| *out = [r, g, b, 255]),
            _ => pixels
                .zip(row.as_chunks::<4>().0)
                .for_each(|(out, pixel)| *out = *pixel),
        }
    }
}

/// One plane of samples: `height` rows of `width × channels` bytes, without padding.
#[derive(Debug)]
pub(crate) struct Plane {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: usize,
    pub(crate) data: Buffer<u8>,
}

impl Plane {
    pub(crate) fn new(width: u32, height: u32, channels: usize, budget: &Budget) -> Result<Self> {
        let len = width as usize * height as usize * channels;
        Ok(Plane {
            width,
            height,
            channels,
            data: budget.zeroed(len, "pixels")?,
        })
    }

    /// Bytes in a row.
    pub(crate) fn stride(&self) -> usize {
        self.width as usize * self.channels
    }

    pub(crate) fn row(&self, y: u32) -> &[u8] {
        let stride = self.stride();
        &self.data[y as usize * stride..][..stride]
    }

    pub(crate) fn row_mut(&mut self, y: u32) -> &mut [u8] {
        let stride = self.stride();
        &mut self.data[y as usize * stride..][..stride]
    }
}

/// A whole image: one interleaved plane, or three of Y'CbCr.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) layout: Layout,
    /// [`Layout::planes`] of them; the first one is `width × height`.
    pub(crate) planes: Vec<Plane>,
}

impl Image {
    /// The interleaved pixels as RGBA.
    #[cfg(any(feature = "gif", feature = "png", feature = "webp"))]
    pub(crate) fn to_rgba(&self, budget: &Budget) -> Result<Buffer<u8>> {
        let stride = self.width as usize * 4;
        let mut rgba = budget.zeroed::<u8>(stride * self.height as usize, "RGBA pixels")?;
        for (y, out) in (0..self.height).zip(rgba.chunks_exact_mut(stride)) {
            budget.check()?;
            self.layout.widen(self.planes[0].row(y), out.as_chunks_mut().0);
        }
        Ok(rgba)
    }
}

/// What goes to an encoder: one frame, or the frames of an animation, all of the same size and layout.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) frames: Vec<PictureFrame>,
    /// How many times an animation plays; 0 means forever.
    pub(crate) loops: u32,
}

#[derive(Debug)]
pub(crate) struct PictureFrame {
    pub(crate) image: Image,
    /// How long it is shown, in milliseconds.
    pub(crate) delay_ms: u32,
}
