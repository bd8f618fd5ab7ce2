//! Maps light of high dynamic range (ITU-R BT.2100) to sRGB, as browsers do for a screen that has none.
//!
//! White is at 203 nits (ITU-R BT.2408). The brightest channel of a pixel, in BT.2020's primaries, is mapped by the
//! curve that SMPTE ST 2094-50 has for pictures that bring none: up to white a factor, which leaves half of the
//! screen's light for what is brighter if that is 1,000 nits or more; then a parabola (a quadratic Bézier curve) to the
//! peak, which becomes the screen's white. The other channels keep their ratio to it, so that hues stay.

use super::icc::broken;
use super::profile::encode;
use super::space;
use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::metadata::{Hdr, Transfer};

/// Nits of white.
const WHITE: f32 = 203.0;
/// Nits of HLG's peak, for which its gamma is 1.2.
const HLG_PEAK: f32 = 1000.0;
/// The code point of the primaries of BT.2020.
const BT_2020: u16 = 9;
/// Steps of the table from light to stored values: in the dark, where sRGB is steepest, 5 for a level.
const STEPS: usize = 1 << 14;

/// Converts interleaved pixels, grey or with three channels, to sRGB.
pub(crate) fn tone_map(mut image: Image, hdr: Hdr, budget: &Budget) -> Result<Image> {
    let mapping = Mapping::new(hdr);
    let Some(plane) = image.planes.first_mut() else {
        return Ok(image);
    };
    let channels = match image.layout {
        Layout::Grey | Layout::GreyAlpha => 1,
        Layout::Rgb | Layout::Rgba => 3,
        other => return Err(broken(format!("{other:?} pixels of high dynamic range"))),
    };
    let pixel_bytes = plane.channels;
    for y in 0..plane.height {
        budget.check()?;
        for pixel in plane.row_mut(y).chunks_exact_mut(pixel_bytes) {
            match &mut pixel[..channels] {
                [red, green, blue] => [*red, *green, *blue] = mapping.map([*red, *green, *blue]),
                grey => grey.fill(mapping.map([grey[0]; 3])[0]),
            }
        }
    }
    Ok(image)
}

struct Mapping {
    transfer: Transfer,
    /// The light of each stored value: of PQ relative to white, of HLG in the scene.
    light: [f32; 256],
    /// From the file's primaries to those in which channels are compared, and to sRGB's.
    compared: [[f32; 3]; 3],
    matrix: [[f32; 3]; 3],
    luminance: [f32; 3],
    curve: Curve,
    stored: Vec<u8>,
}

impl Mapping {
    fn new(hdr: Hdr) -> Self {
        let source = space::linear(hdr.primaries);
        let to = |target: &moxcms::ColorProfile| {
            let matrix = source.transform_matrix(target);
            matrix.v.map(|row| row.map(|value| value as f32))
        };
        let light = match hdr.transfer {
            Transfer::Pq => |value: f32| pq(value) / WHITE,
            Transfer::Hlg => hlg,
        };
        Mapping {
            transfer: hdr.transfer,
            light: std::array::from_fn(|value| light(value as f32 / 255.0)),
            compared: to(&space::linear(BT_2020)),
            matrix: to(&moxcms::ColorProfile::new_srgb()),
            curve: Curve::new(hdr.peak),
            luminance: source.colorant_matrix().v[1].map(|value| value as f32),
            stored: (0..STEPS)
                .map(|step| (255.0 * encode(step as f32 / (STEPS - 1) as f32)).round() as u8)
                .collect(),
        }
    }

    fn map(&self, pixel: [u8; 3]) -> [u8; 3] {
        let mut light = pixel.map(|value| self.light[usize::from(value)]);
        if self.transfer == Transfer::Hlg {
            // The system's gamma (BT.2100, table 5).
            let luminance: f32 = light.iter().zip(self.luminance).map(|(a, b)| a * b).sum();
            let gain = luminance.powf(0.2) * HLG_PEAK / WHITE;
            light = light.map(|value| value * gain);
        }
        let row_times_light = |row: [f32; 3]| -> f32 { row.iter().zip(light).map(|(a, b)| a * b).sum() };
        let most = self.compared.map(row_times_light).into_iter().fold(0.0, f32::max);
        let gain = self.curve.gain(most);
        self.matrix.map(|row| {
            let step = (row_times_light(row) * gain).clamp(0.0, 1.0) * (STEPS - 1) as f32;
            self.stored[step.round() as usize]
        })
    }
}

/// The light of the screen for that of the file, both relative to white.
struct Curve {
    peak: f32,
    /// What white becomes.
    white: f32,
    /// The middle one of the three points of the curve above white.
    middle: [f32; 2],
}

impl Curve {
    fn new(peak: f32) -> Self {
        /// How far the middle point is on the way from white straight up to the light where the screen ends.
        const WAY: f32 = 0.65;
        let peak = (peak / WHITE).clamp(1.0, 10_000.0 / WHITE);
        let headroom = (peak.log2() / (1000.0_f32 / WHITE).log2()).min(1.0);
        let white = 1.0 - 0.5 * headroom;
        Curve {
            peak,
            white,
            middle: [1.0 - WAY + WAY / white, (1.0 - WAY) * white + WAY],
        }
    }

    fn gain(&self, light: f32) -> f32 {
        if light <= 1.0 {
            return self.white;
        }
        if light >= self.peak {
            return 1.0 / light;
        }
        // Where on the curve that light is: t in (1 − t)² + 2 t (1 − t) middle + t² peak.
        let [x, y] = self.middle;
        let (square, linear) = (1.0 - 2.0 * x + self.peak, 2.0 * (x - 1.0));
        let root = (linear * linear - 4.0 * square * (1.0 - light)).max(0.0).sqrt();
        // This form of the solution holds for a straight line, too.
        let t = 2.0 * (light - 1.0) / (linear + root);
        let rest = 1.0 - t;
        (rest * rest * self.white + 2.0 * t * rest * y + t * t) / light
    }
}

/// Nits of a value from 0 to 1 (SMPTE ST 2084; BT.2100, table 4).
fn pq(value: f32) -> f32 {
    let root = value.powf(32.0 / 2523.0);
    let ratio = (root - 0.835_937_5).max(0.0) / (18.851_563 - 18.6875 * root);
    10_000.0 * ratio.powf(16_384.0 / 2610.0)
}

/// Light of the scene from 0 to 1 (ARIB STD-B67; BT.2100, table 5).
fn hlg(value: f32) -> f32 {
    if value <= 0.5 {
        value * value / 3.0
    } else {
        (((value - 0.559_910_7) / 0.178_832_77).exp() + 0.284_668_92) / 12.0
    }
}

#[cfg(test)]
mod tests;
