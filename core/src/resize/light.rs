//! Between 8-bit samples and the 16-bit ones that the passes compute with: scale, alpha, transfer curve.

use std::sync::LazyLock;

use fearless_simd::{Level, dispatch};

/// Fraction bits of a 16-bit sample. 255 becomes 16,320; a kernel with negative lobes takes that to 1.3 times as
/// much and 0 below zero, in either pass, and nothing is clamped until both are done.
pub(super) const FRACTION_BITS: u32 = 6;

const FULL: i32 = 255 << FRACTION_BITS;

/// What the samples of a plane mean to the resampler.
#[derive(Debug, Clone, Copy)]
pub(super) struct Light {
    pub(super) channels: usize,
    /// The last channel is alpha: colours are multiplied by it, so that what can't be seen does not bleed.
    pub(super) alpha: bool,
    /// Colours follow the transfer curve of sRGB, and light is what is averaged.
    pub(super) linear: bool,
}

impl Light {
    /// Pixels of 8-bit samples to 16-bit samples. Both slices are whole pixels, equally many.
    pub(super) fn widen(self, level: Level, row: &[u8], out: &mut [i16]) {
        match (self.alpha, self.channels) {
            (false, _) if self.linear => {
                let curve = &*TO_LINEAR;
                out.iter_mut()
                    .zip(row)
                    .for_each(|(out, &sample)| *out = curve[usize::from(sample)]);
            }
            (false, _) => dispatch!(level, _simd => widen(row, out)),
            (true, 2) if self.linear => premultiply_linear::<2>(row, out),
            (true, 2) => dispatch!(level, _simd => premultiply::<2>(row, out)),
            (true, _) if self.linear => premultiply_linear::<4>(row, out),
            (true, _) => dispatch!(level, _simd => premultiply::<4>(row, out)),
        }
    }

    /// The way back.
    pub(super) fn narrow(self, level: Level, row: &[i16], out: &mut [u8]) {
        match (self.alpha, self.channels) {
            (false, _) if self.linear => {
                let curve = &*FROM_LINEAR;
                out.iter_mut()
                    .zip(row)
                    .for_each(|(out, &sample)| *out = curve[i32::from(sample).clamp(0, FULL) as usize]);
            }
            (false, _) => dispatch!(level, _simd => narrow(row, out)),
            (true, 2) => unpremultiply::<2>(row, out, self.linear),
            (true, _) => unpremultiply::<4>(row, out, self.linear),
        }
    }
}

#[inline(always)]
fn widen(row: &[u8], out: &mut [i16]) {
    out.iter_mut()
        .zip(row)
        .for_each(|(out, &sample)| *out = i16::from(sample) << FRACTION_BITS);
}

#[inline(always)]
fn narrow(row: &[i16], out: &mut [u8]) {
    out.iter_mut()
        .zip(row)
        .for_each(|(out, &sample)| *out = level_of(sample));
}

#[inline(always)]
fn level_of(sample: i16) -> u8 {
    (sample.saturating_add(1 << (FRACTION_BITS - 1)) >> FRACTION_BITS).clamp(0, 255) as u8
}

#[inline(always)]
fn premultiply<const C: usize>(row: &[u8], out: &mut [i16]) {
    for (out, pixel) in out.as_chunks_mut::<C>().0.iter_mut().zip(row.as_chunks::<C>().0) {
        let alpha = u32::from(pixel[C - 1]);
        for (out, &sample) in out[..C - 1].iter_mut().zip(pixel) {
            // 64 / 255 in 16 bits, rounded up so that nothing is lost where alpha is 255.
            *out = ((u32::from(sample) * alpha * 16_449) >> 16) as i16;
        }
        out[C - 1] = (alpha << FRACTION_BITS) as i16;
    }
}

fn premultiply_linear<const C: usize>(row: &[u8], out: &mut [i16]) {
    let curve = &*TO_LINEAR;
    for (out, pixel) in out.as_chunks_mut::<C>().0.iter_mut().zip(row.as_chunks::<C>().0) {
        let alpha = i32::from(pixel[C - 1]);
        for (out, &sample) in out[..C - 1].iter_mut().zip(pixel) {
            *out = ((i32::from(curve[usize::from(sample)]) * alpha + 127) / 255) as i16;
        }
        out[C - 1] = (alpha << FRACTION_BITS) as i16;
    }
}

/// A pixel whose alpha rounds to 0 gets no colour either: what is left of it would be noise.
fn unpremultiply<const C: usize>(row: &[i16], out: &mut [u8], linear: bool) {
    let curve = &*FROM_LINEAR;
    for (out, pixel) in out.as_chunks_mut::<C>().0.iter_mut().zip(row.as_chunks::<C>().0) {
        let alpha = level_of(pixel[C - 1]);
        if alpha == 0 {
            *out = [0; C];
            continue;
        }
        let exact = i32::from(pixel[C - 1]);
        let most = if linear { FULL as f32 } else { 255.0 };
        // More than opaque is what a kernel's overshoot made of it; the colours share it.
        let factor = most / exact as f32;
        for (out, &sample) in out[..C - 1].iter_mut().zip(pixel) {
            let colour = (f32::from(sample) * factor + 0.5).clamp(0.0, most);
            *out = if linear { curve[colour as usize] } else { colour as u8 };
        }
        out[C - 1] = alpha;
    }
}

/// IEC 61966-2-1, section 5.2: 8-bit sRGB to linear light. The darkest steps are 5 units, so that they survive.
static TO_LINEAR: LazyLock<[i16; 256]> = LazyLock::new(|| std::array::from_fn(|i| to_linear(i as f64).round() as i16));

/// The nearest 8-bit sRGB level for every amount of light, found from the bounds between the levels.
static FROM_LINEAR: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    let mut levels = vec![255; FULL as usize + 1];
    let mut from = 0;
    for level in 0..255 {
        let bound = to_linear(f64::from(level) + 0.5).ceil() as usize;
        levels[from..bound].fill(level);
        from = bound;
    }
    levels.into()
});

fn to_linear(level: f64) -> f64 {
    let encoded = level / 255.0;
    let light = if encoded <= 0.04045 {
        encoded / 12.92
    } else {
        ((encoded + 0.055) / 1.055).powf(2.4)
    };
    light * f64::from(FULL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(light: Light, row: &[u8]) -> Vec<u8> {
        let mut wide = vec![0; row.len()];
        light.widen(Level::new(), row, &mut wide);
        let mut out = vec![0; row.len()];
        light.narrow(Level::new(), &wide, &mut out);
        out
    }

    #[test]
    fn opaque_pixels_come_back_exactly() {
        for linear in [false, true] {
            for (channels, alpha) in [(1, false), (3, false), (2, true), (4, true)] {
                let row: Vec<u8> = (0..=255u8)
                    .flat_map(|v| (0..channels).map(move |c| if alpha && c + 1 == channels { 255 } else { v }))
                    .collect();
                assert_eq!(
                    round_trip(
                        Light {
                            channels,
                            alpha,
                            linear
                        },
                        &row
                    ),
                    row
                );
            }
        }
    }

    #[test]
    fn translucent_pixels_come_back_as_well_as_can_be_seen() {
        for linear in [false, true] {
            for alpha in 0..=255u8 {
                for colour in 0..=255u8 {
                    let light = Light {
                        channels: 2,
                        alpha: true,
                        linear,
                    };
                    let out = round_trip(light, &[colour, alpha]);
                    assert_eq!(out[1], alpha);
                    let seen = f64::from(out[0].abs_diff(colour)) * f64::from(alpha) / 255.0;
                    assert!(alpha == 0 || seen <= 1.0, "{linear} {colour} {alpha} {out:?}");
                }
            }
        }
    }
}
