//! Converts between 8-bit samples and the passes' 16-bit ones: scale, alpha, transfer curve.

use std::sync::{Arc, LazyLock};

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};

use super::Light;

/// Fraction bits of a 16-bit sample. 255 becomes 16,320; a kernel with negative lobes can take that to 1.3 times as
/// much, and 0 to below zero, in either pass, and nothing is clamped until both are done.
pub(super) const FRACTION_BITS: u32 = 6;

const FULL: i32 = 255 << FRACTION_BITS;

/// What the samples of a plane mean to the resampler.
#[derive(Debug, Clone)]
pub(super) struct Widener {
    pub(super) channels: usize,
    /// The last channel is alpha: colours are multiplied by it, so that invisible colours do not bleed.
    pub(super) alpha: bool,
    /// What is averaged instead of the colours' levels.
    curve: Option<Arc<Curve>>,
}

/// A transfer curve: between 8-bit levels and the values that are averaged.
#[derive(Debug)]
struct Curve {
    to: [i16; 256],
    /// The nearest level to every value.
    from: Box<[u8]>,
}

impl Widener {
    /// Pixels of `channels` samples each, the last one alpha or not; `light` is what of the colours is averaged.
    pub(super) fn new(channels: usize, alpha: bool, light: Light) -> Self {
        let curve = match light {
            Light::Linear => Some(Arc::clone(&SRGB)),
            Light::Gamma(gamma) if gamma != 1.0 => Some(Arc::new(Curve::new(|level| (level / 255.0).powf(gamma)))),
            Light::Encoded | Light::Gamma(_) => None,
        };
        Widener { channels, alpha, curve }
    }

    /// Whether a 16-bit sample is just the 8-bit one, scaled.
    pub(super) fn plain(&self) -> bool {
        !self.alpha && self.curve.is_none()
    }

    /// Converts 8-bit pixels to 16 bits. Both slices hold the same number of whole pixels.
    pub(super) fn widen(&self, level: Level, row: &[u8], out: &mut [i16]) {
        match (self.alpha, self.channels, self.curve.as_deref()) {
            (false, _, Some(curve)) => {
                out.iter_mut()
                    .zip(row)
                    .for_each(|(out, &sample)| *out = curve.to[usize::from(sample)]);
            }
            (false, _, None) => dispatch!(level, _simd => widen(row, out)),
            (true, 2, Some(curve)) => premultiply_curved::<2>(row, out, curve),
            (true, 2, None) => dispatch!(level, _simd => premultiply::<2>(row, out)),
            (true, _, Some(curve)) => premultiply_curved::<4>(row, out, curve),
            (true, _, None) => dispatch!(level, _simd => premultiply::<4>(row, out)),
        }
    }

    /// Converts back to 8 bits.
    pub(super) fn narrow(&self, level: Level, row: &[i16], out: &mut [u8]) {
        let curve = self.curve.as_deref();
        match (self.alpha, self.channels, curve) {
            (false, _, Some(curve)) => {
                out.iter_mut()
                    .zip(row)
                    .for_each(|(out, &sample)| *out = curve.from[i32::from(sample).clamp(0, FULL) as usize]);
            }
            (false, _, None) => dispatch!(level, _simd => narrow(row, out)),
            (true, 2, _) => dispatch!(level, simd => unpremultiply::<_, 2>(simd, row, out, curve)),
            (true, _, _) => dispatch!(level, simd => unpremultiply::<_, 4>(simd, row, out, curve)),
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
            // 64 / 255 in 16 bits, rounded up so that nothing is lost if alpha is 255.
            *out = ((u32::from(sample) * alpha * 16_449) >> 16) as i16;
        }
        out[C - 1] = (alpha << FRACTION_BITS) as i16;
    }
}

fn premultiply_curved<const C: usize>(row: &[u8], out: &mut [i16], curve: &Curve) {
    for (out, pixel) in out.as_chunks_mut::<C>().0.iter_mut().zip(row.as_chunks::<C>().0) {
        let alpha = i32::from(pixel[C - 1]);
        for (out, &sample) in out[..C - 1].iter_mut().zip(pixel) {
            *out = ((i32::from(curve.to[usize::from(sample)]) * alpha + 127) / 255) as i16;
        }
        out[C - 1] = (alpha << FRACTION_BITS) as i16;
    }
}

/// A pixel whose alpha rounds to 0 gets no colour either: it would only be noise.
#[inline(always)]
fn unpremultiply<S: Simd, const C: usize>(simd: S, row: &[i16], out: &mut [u8], curve: Option<&Curve>) {
    let (blocks, rest) = row.as_chunks::<BLOCK>();
    let (out_blocks, out_rest) = out.as_chunks_mut::<BLOCK>();
    for (block, out) in blocks.iter().zip(out_blocks) {
        *out = unpremultiply_block::<S, C>(simd, block, curve);
    }
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    out_rest.copy_from_slice(&unpremultiply_block::<S, C>(simd, &last, curve)[..rest.len()]);
}

/// Samples that are divided by their alpha at once: as many as the longest vector holds.
const BLOCK: usize = 32;

#[inline(always)]
fn unpremultiply_block<S: Simd, const C: usize>(simd: S, row: &[i16; BLOCK], curve: Option<&Curve>) -> [u8; BLOCK] {
    let n = S::i32s::LEN;
    let most = S::f32s::splat(simd, if curve.is_some() { FULL as f32 } else { 255.0 });
    let (spread, is_alpha) = const { alpha_lanes::<C>() };
    let spread = S::u8s::from_slice(simd, &spread[..4 * n]);
    let is_alpha = S::i32s::from_slice(simd, &is_alpha[..n]).simd_lt(S::i32s::splat(simd, 0));
    let mut levels = [0; BLOCK];
    for (row, levels) in row.chunks_exact(2 * n).zip(levels.chunks_exact_mut(2 * n)) {
        let (low, high) = S::i16s::from_slice(simd, row).widen();
        let mut halves = [low, high];
        for half in &mut halves {
            let exact = half.swizzle_dyn_within_blocks(spread);
            // A kernel's overshoot can make alpha more than opaque; the colours have the same overshoot.
            let factor = most / S::f32s::float_from(exact.max(S::i32s::splat(simd, 1)));
            let colour = S::f32s::float_from(*half) * factor + S::f32s::splat(simd, 0.5);
            let colour = S::i32s::truncate_from(colour.max(S::f32s::splat(simd, 0.0)).min(most));
            let unit = S::i32s::splat(simd, 1 << (FRACTION_BITS - 1));
            let alpha = ((exact + unit) >> FRACTION_BITS).min(S::i32s::splat(simd, 255));
            let level = is_alpha.select(alpha, colour);
            *half = exact.simd_lt(unit).select(S::i32s::splat(simd, 0), level);
        }
        halves[0].saturating_narrow(halves[1]).store_slice(levels);
    }
    let mut out = [0; BLOCK];
    if let Some(curve) = curve {
        for (i, (out, &level)) in out.iter_mut().zip(&levels).enumerate() {
            *out = if i % C == C - 1 {
                level as u8
            } else {
                curve.from[level as usize]
            };
        }
    } else {
        for (out, &level) in out.iter_mut().zip(&levels) {
            *out = level as u8;
        }
    }
    out
}

/// For 32-bit lanes: the bytes that spread each pixel's alpha over its samples (in blocks of 16 bytes), and -1 if
/// a lane is alpha.
const fn alpha_lanes<const C: usize>() -> ([u8; 64], [i32; 16]) {
    let (mut spread, mut is_alpha) = ([0; 64], [0; 16]);
    let mut byte = 0;
    while byte < 64 {
        let lane = byte / 4;
        let alpha = lane / C * C + C - 1;
        spread[byte] = (alpha % 4 * 4 + byte % 4) as u8;
        is_alpha[lane] = if lane == alpha { -1 } else { 0 };
        byte += 1;
    }
    (spread, is_alpha)
}

/// IEC 61966-2-1, section 5.2: 8-bit sRGB to linear light. The darkest steps are 5 units, so that they survive.
static SRGB: LazyLock<Arc<Curve>> = LazyLock::new(|| Arc::new(Curve::new(to_linear)));

impl Curve {
    /// `value` rises from 0 to 1, for levels from 0 to 255. The way back is found from the bounds between the levels.
    fn new(value: impl Fn(f64) -> f64) -> Self {
        let value = |level: f64| value(level) * f64::from(FULL);
        let mut from = vec![255; FULL as usize + 1];
        let mut start = 0;
        for level in 0..255 {
            let bound = value(f64::from(level) + 0.5).ceil() as usize;
            from[start..bound].fill(level);
            start = bound;
        }
        Curve {
            to: std::array::from_fn(|level| value(level as f64).round() as i16),
            from: from.into(),
        }
    }
}

fn to_linear(level: f64) -> f64 {
    let encoded = level / 255.0;
    if encoded <= 0.04045 {
        encoded / 12.92
    } else {
        ((encoded + 0.055) / 1.055).powf(2.4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(light: Widener, row: &[u8]) -> Vec<u8> {
        let mut wide = vec![0; row.len()];
        light.widen(Level::new(), row, &mut wide);
        let mut out = vec![0; row.len()];
        light.narrow(Level::new(), &wide, &mut out);
        out
    }

    #[test]
    fn opaque_pixels_come_back_exactly() {
        for averaged in [Light::Encoded, Light::Linear] {
            for (channels, alpha) in [(1, false), (3, false), (2, true), (4, true)] {
                let row: Vec<u8> = (0..=255u8)
                    .flat_map(|v| (0..channels).map(move |c| if alpha && c + 1 == channels { 255 } else { v }))
                    .collect();
                assert_eq!(round_trip(Widener::new(channels, alpha, averaged), &row), row);
            }
        }
    }

    #[test]
    fn translucent_pixels_come_back_as_well_as_can_be_seen() {
        for averaged in [Light::Encoded, Light::Linear] {
            for alpha in 0..=255u8 {
                for colour in 0..=255u8 {
                    let light = Widener::new(2, true, averaged);
                    let out = round_trip(light, &[colour, alpha]);
                    assert_eq!(out[1], alpha);
                    let seen = f64::from(out[0].abs_diff(colour)) * f64::from(alpha) / 255.0;
                    assert!(alpha == 0 || seen <= 1.0, "{averaged:?} {colour} {alpha} {out:?}");
                }
            }
        }
    }

    #[test]
    fn powers_come_back_where_they_can_be_told_apart() {
        for gamma in [1.0, 1.5, 2.2, 3.0] {
            let row: Vec<u8> = (0..=255).collect();
            let out = round_trip(Widener::new(1, false, Light::Gamma(gamma)), &row);
            for (level, back) in row.into_iter().zip(out) {
                // The darkest levels' powers are less than a unit apart.
                let unit = 255.0 * (1.0 / f64::from(FULL)).powf(1.0 / gamma);
                let apart = f64::from(level) > 3.0 * unit;
                assert!(
                    level == back || !apart && f64::from(level.abs_diff(back)) <= 2.0 * unit,
                    "{gamma}: {level} {back}"
                );
            }
        }
    }
}
