//! Reads any layout as interleaved bands, a piece of a row at a time.

use crate::image::{Image, Layout};

/// An image seen as rows of 1 (grey), 2, 3 (RGB) or 4 bands. Colours are multiplied by alpha, so that
/// transparent pixels don't count.
pub(super) struct Samples<'a> {
    image: &'a Image,
}

impl<'a> Samples<'a> {
    pub(super) fn new(image: &'a Image) -> Self {
        Samples { image }
    }

    pub(super) fn size(&self) -> (u32, u32) {
        (self.image.width, self.image.height)
    }

    /// Bands per pixel, including alpha.
    pub(super) fn bands(&self) -> usize {
        match self.image.layout {
            Layout::Grey => 1,
            Layout::GreyAlpha => 2,
            Layout::Rgb | Layout::YCbCr | Layout::Cmyk => 3,
            Layout::Rgba => 4,
        }
    }

    /// Writes the pixels `left ..` of row `y` to `out`, which holds a whole number of them.
    pub(super) fn read(&self, y: u32, left: u32, out: &mut [u8]) {
        let plane = &self.image.planes[0];
        let row = &plane.row(y)[left as usize * plane.channels..];
        match self.image.layout {
            Layout::Grey | Layout::Rgb => out.copy_from_slice(&row[..out.len()]),
            Layout::GreyAlpha => premultiply::<2>(row, out),
            Layout::Rgba => premultiply::<4>(row, out),
            Layout::Cmyk => {
                for (ink, pixel) in row.as_chunks::<4>().0.iter().zip(out.as_chunks_mut::<3>().0) {
                    *pixel = rgb_of_ink(*ink);
                }
            }
            Layout::YCbCr => self.read_ycbcr(y, left, row, out),
        }
    }

    /// Takes the nearest chroma sample: smoother interpolation hardly changes the histogram of a slice.
    fn read_ycbcr(&self, y: u32, left: u32, luma: &[u8], out: &mut [u8]) {
        let (width, height) = self.size();
        let chroma = |index: usize| {
            let plane = &self.image.planes[index];
            let row = u64::from(y) * u64::from(plane.height) / u64::from(height.max(1));
            plane.row(row as u32)
        };
        let (blue, red) = (chroma(1), chroma(2));
        // Columns as fixed-point numbers with 32 bits of fraction, started in the middle of a pixel.
        let step = |row: &[u8]| ((row.len() as u64) << 32) / u64::from(width.max(1));
        let (blue_step, red_step) = (step(blue), step(red));
        let start = |step: u64| step * u64::from(left) + step / 2;
        let (mut blue_at, mut red_at) = (start(blue_step), start(red_step));
        for (&luma, pixel) in luma.iter().zip(out.as_chunks_mut::<3>().0) {
            let cb = blue[((blue_at >> 32) as usize).min(blue.len() - 1)];
            let cr = red[((red_at >> 32) as usize).min(red.len() - 1)];
            *pixel = rgb_of_ycbcr(luma, cb, cr);
            blue_at += blue_step;
            red_at += red_step;
        }
    }
}

/// JFIF's matrix with 16 bits of fraction.
fn rgb_of_ycbcr(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let y = (i32::from(y) << 16) + (1 << 15);
    let (cb, cr) = (i32::from(cb) - 128, i32::from(cr) - 128);
    let byte = |v: i32| (v >> 16).clamp(0, 255) as u8;
    [
        byte(y + 91_881 * cr),
        byte(y - 22_554 * cb - 46_802 * cr),
        byte(y + 116_130 * cb),
    ]
}

/// Good enough to tell light from dark and red from blue.
pub(super) fn rgb_of_ink([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let paper = 255 - u32::from(k);
    [c, m, y].map(|ink| (((255 - u32::from(ink)) * paper + 127) / 255) as u8)
}

fn premultiply<const N: usize>(row: &[u8], out: &mut [u8]) {
    for (from, to) in row.as_chunks::<N>().0.iter().zip(out.as_chunks_mut::<N>().0) {
        let alpha = u32::from(from[N - 1]);
        *to = from.map(|v| ((u32::from(v) * alpha + 127) / 255) as u8);
        to[N - 1] = from[N - 1];
    }
}
