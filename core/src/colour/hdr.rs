//! Maps light of high dynamic range (ITU-R BT.2100) to sRGB, as browsers do for a screen that has none.
//!
//! White is at 203 nits (ITU-R BT.2408). The brightest channel of a pixel is compressed by Reinhard's extended curve,
//! which maps the peak to the screen's white, and the others keep their ratio to it, so that hues stay.

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
    /// From the file's primaries to sRGB's.
    matrix: [[f32; 3]; 3],
    luminance: [f32; 3],
    /// 1 / peak², relative to white.
    shoulder: f32,
    stored: Vec<u8>,
}

impl Mapping {
    fn new(hdr: Hdr) -> Self {
        let source = space::linear(hdr.primaries);
        let matrix = source.transform_matrix(&moxcms::ColorProfile::new_srgb());
        let peak = match hdr.transfer {
            Transfer::Pq => hdr.peak.clamp(WHITE, 10_000.0),
            Transfer::Hlg => HLG_PEAK,
        };
        let curve = match hdr.transfer {
            Transfer::Pq => |value: f32| pq(value) / WHITE,
            Transfer::Hlg => hlg,
        };
        Mapping {
            transfer: hdr.transfer,
            light: std::array::from_fn(|value| curve(value as f32 / 255.0)),
            matrix: matrix.v.map(|row| row.map(|value| value as f32)),
            luminance: source.colorant_matrix().v[1].map(|value| value as f32),
            shoulder: (WHITE / peak).powi(2),
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
        let most = light.iter().fold(0.0, |most: f32, &value| most.max(value));
        let gain = (1.0 + self.shoulder * most) / (1.0 + most);
        self.matrix.map(|row| {
            let value: f32 = row.iter().zip(light).map(|(factor, light)| factor * light).sum();
            let step = (value * gain).clamp(0.0, 1.0) * (STEPS - 1) as f32;
            self.stored[step.round() as usize]
        })
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
mod tests {
    use super::*;
    use crate::encode::testing::{budget, image};

    fn mapped(transfer: Transfer, primaries: u16, pixel: [u8; 3]) -> [u8; 3] {
        let hdr = Hdr {
            transfer,
            primaries,
            peak: 1000.0,
        };
        let made = |layout| {
            let image = image(1, 1, layout, |_, _, c| [pixel[0], pixel[1], pixel[2], 77][c]);
            tone_map(image, hdr, &budget()).unwrap().planes[0].data.to_vec()
        };
        assert_eq!(made(Layout::Rgba)[3], 77);
        if pixel == [pixel[0]; 3] {
            assert_eq!(made(Layout::Grey)[0], made(Layout::Rgb)[0]);
        }
        made(Layout::Rgb).try_into().unwrap()
    }

    #[test]
    fn curves_are_those_of_the_standard() {
        for (value, nits) in [
            (0.0, 0.0),
            (0.5081, 100.0),
            (0.5807, 203.0),
            (0.7518, 1000.0),
            (1.0, 10_000.0),
        ] {
            assert!((pq(value) - nits).abs() <= nits * 0.002, "{value}: {}", pq(value));
        }
        for (value, light) in [(0.0, 0.0), (0.5, 1.0 / 12.0), (0.75, 0.265), (1.0, 1.0)] {
            assert!((hlg(value) - light).abs() < 0.001, "{value}: {}", hlg(value));
        }
    }

    #[test]
    fn the_peak_is_white_and_grey_stays_grey() {
        for (transfer, peak) in [(Transfer::Pq, 192), (Transfer::Hlg, 255)] {
            assert_eq!(mapped(transfer, 9, [0; 3]), [0; 3]);
            assert_eq!(mapped(transfer, 9, [peak; 3]), [255; 3]);
            let mut before = 0;
            for value in 0..=255 {
                let [red, green, blue] = mapped(transfer, 9, [value; 3]);
                assert!(red.abs_diff(green) <= 1 && red.abs_diff(blue) <= 1 && red >= before);
                before = red;
            }
        }
        // White of 203 nits: (1 + 0.041) / 2 of the screen's.
        assert!(mapped(Transfer::Pq, 9, [148; 3])[0].abs_diff(190) <= 2);
    }

    #[test]
    fn wide_primaries_are_more_colourful() {
        let [red, green, blue] = mapped(Transfer::Pq, 1, [148, 100, 100]);
        let wide = mapped(Transfer::Pq, 9, [148, 100, 100]);
        assert!(wide[0] > red && wide[1] < green && wide[2] <= blue);
        assert_eq!(mapped(Transfer::Pq, 9, [150, 0, 0])[1..], [0, 0]);
    }
}
