//! The loop filter across an edge (RFC 6386, 15), at sixteen places at a time.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i8x16, u8x16};

use super::header::Strength;

/// Sixteen places along an edge: the pixels across it, four from either side.
pub(super) type Across<S> = [u8x16<S>; 8];

/// What an edge is filtered with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    edge: u8,
    interior: u8,
    high_variance: u8,
}

impl Limits {
    /// Between macroblocks.
    pub(super) fn outer(strength: Strength) -> Self {
        Limits {
            edge: strength.limit + 4,
            ..Limits::inner(strength)
        }
    }

    /// Within a macroblock.
    pub(super) fn inner(strength: Strength) -> Self {
        Limits {
            edge: strength.limit,
            interior: strength.interior,
            high_variance: strength.high_variance,
        }
    }
}

#[inline(always)]
fn difference<S: Simd>(simd: S, a: u8x16<S>, b: u8x16<S>) -> u8x16<S> {
    simd.saturating_sub_u8x16(a, b) | simd.saturating_sub_u8x16(b, a)
}

/// Whether the step at the edge is small enough to come from coding.
#[inline(always)]
fn is_step<S: Simd>(
    simd: S,
    [_, _, p1, p0, q0, q1, _, _]: Across<S>,
    limits: Limits,
) -> <u8x16<S> as SimdBase<S>>::Mask {
    let near = difference(simd, p0, q0);
    let beyond = difference(simd, p1, q1) >> 1;
    let step = simd.saturating_add_u8x16(simd.saturating_add_u8x16(near, near), beyond);
    step.simd_le(u8x16::splat(simd, limits.edge))
}

/// Pixels as signed numbers around 0, and back.
#[inline(always)]
fn signed<S: Simd>(simd: S, pixels: u8x16<S>) -> i8x16<S> {
    (pixels ^ u8x16::splat(simd, 0x80)).bitcast()
}

#[inline(always)]
fn unsigned<S: Simd>(simd: S, values: i8x16<S>) -> u8x16<S> {
    values.bitcast::<u8x16<S>>() ^ u8x16::splat(simd, 0x80)
}

/// `base + 3 · (q0 − p0)`, clamped. Clamping each sum gives the same: after the first all go the same way.
#[inline(always)]
fn tilt<S: Simd>(simd: S, base: i8x16<S>, p0: i8x16<S>, q0: i8x16<S>) -> i8x16<S> {
    let step = simd.saturating_sub_i8x16(q0, p0);
    let sum = simd.saturating_add_i8x16(base, step);
    simd.saturating_add_i8x16(simd.saturating_add_i8x16(sum, step), step)
}

/// By how much the pixels at the edge move: `q0` down, `p0` up.
#[inline(always)]
fn moves<S: Simd>(simd: S, tilt: i8x16<S>) -> (i8x16<S>, i8x16<S>) {
    let down = simd.saturating_add_i8x16(tilt, i8x16::splat(simd, 4)) >> 3;
    let up = simd.saturating_add_i8x16(tilt, i8x16::splat(simd, 3)) >> 3;
    (down, up)
}

/// 15.2: the simple filter.
#[inline(always)]
pub(super) fn simple<S: Simd>(simd: S, across: &mut Across<S>, limits: Limits) {
    let step = is_step(simd, *across, limits);
    let (p1, p0) = (signed(simd, across[2]), signed(simd, across[3]));
    let (q0, q1) = (signed(simd, across[4]), signed(simd, across[5]));
    let tilt = tilt(simd, simd.saturating_sub_i8x16(p1, q1), p0, q0);
    let (down, up) = moves(simd, step.select(tilt, i8x16::splat(simd, 0)));
    across[3] = unsigned(simd, simd.saturating_add_i8x16(p0, up));
    across[4] = unsigned(simd, simd.saturating_sub_i8x16(q0, down));
}

/// 15.3: the normal filter, of an edge between macroblocks if `outer`.
#[inline(always)]
pub(super) fn normal<S: Simd>(simd: S, across: &mut Across<S>, limits: Limits, outer: bool) {
    let [p3, p2, p1, p0, q0, q1, q2, q3] = *across;
    let (left, right) = (difference(simd, p1, p0), difference(simd, q1, q0));
    let beside = left.max(right);
    let rough = beside
        .max(difference(simd, p3, p2).max(difference(simd, p2, p1)))
        .max(difference(simd, q3, q2).max(difference(simd, q2, q1)));
    let step = is_step(simd, *across, limits) & rough.simd_le(u8x16::splat(simd, limits.interior));
    let calm = beside.simd_le(u8x16::splat(simd, limits.high_variance));
    let (p2, p1, p0) = (signed(simd, p2), signed(simd, p1), signed(simd, p0));
    let (q0, q1, q2) = (signed(simd, q0), signed(simd, q1), signed(simd, q2));
    let zero = i8x16::splat(simd, 0);
    let outside = simd.saturating_sub_i8x16(p1, q1);
    if outer {
        let tilt = step.select(tilt(simd, outside, p0, q0), zero);
        let (down, up) = moves(simd, calm.select(zero, tilt));
        // 27, 18 and 9 of 128, where it is calm.
        let (low, high) = simd.widen_i8x16(calm.select(tilt, zero));
        let (mut low, mut high) = (low * 9, high * 9);
        let (low_step, high_step) = (low, high);
        let mut parts = [zero; 3];
        for part in &mut parts {
            *part = simd.saturating_narrow_i16x8((low + 63) >> 7, (high + 63) >> 7);
            low += low_step;
            high += high_step;
        }
        let [far, middle, near] = parts;
        // One of the two is 0.
        let (up, down) = (up + near, down + near);
        across[1] = unsigned(simd, simd.saturating_add_i8x16(p2, far));
        across[2] = unsigned(simd, simd.saturating_add_i8x16(p1, middle));
        across[3] = unsigned(simd, simd.saturating_add_i8x16(p0, up));
        across[4] = unsigned(simd, simd.saturating_sub_i8x16(q0, down));
        across[5] = unsigned(simd, simd.saturating_sub_i8x16(q1, middle));
        across[6] = unsigned(simd, simd.saturating_sub_i8x16(q2, far));
    } else {
        let tilt = tilt(simd, calm.select(zero, outside), p0, q0);
        let (down, up) = moves(simd, step.select(tilt, zero));
        let half = calm.select((down + 1) >> 1, zero);
        across[2] = unsigned(simd, simd.saturating_add_i8x16(p1, half));
        across[3] = unsigned(simd, simd.saturating_add_i8x16(p0, up));
        across[4] = unsigned(simd, simd.saturating_sub_i8x16(q0, down));
        across[5] = unsigned(simd, simd.saturating_sub_i8x16(q1, half));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    /// The same at one place after another, in whole numbers, after RFC 6386.
    fn plain(across: &mut [u8; 8], limits: Limits, simple: bool, outer: bool) {
        let [p3, p2, p1, p0, q0, q1, q2, q3] = across.map(i32::from);
        let clamp = |value: i32| value.clamp(-128, 127);
        let pixel = |value: i32| value.clamp(0, 255) as u8;
        let common = |across: &mut [u8; 8]| {
            let step = clamp(3 * (q0 - p0) + clamp(p1 - q1));
            across[3] = pixel(p0 + (clamp(step + 3) >> 3));
            across[4] = pixel(q0 - (clamp(step + 4) >> 3));
        };
        if 2 * (p0 - q0).abs() + (p1 - q1).abs() / 2 > i32::from(limits.edge) {
            return;
        }
        if simple {
            return common(across);
        }
        let pairs = [p3 - p2, p2 - p1, p1 - p0, q1 - q0, q2 - q1, q3 - q2];
        if pairs.iter().any(|step| step.abs() > i32::from(limits.interior)) {
            return;
        }
        if pairs[2..4]
            .iter()
            .any(|step| step.abs() > i32::from(limits.high_variance))
        {
            common(across);
        } else if outer {
            let step = clamp(3 * (q0 - p0) + clamp(p1 - q1));
            let part = |weight: i32| (weight * step + 63) >> 7;
            let (p, q) = ([p2, p1, p0], [q0, q1, q2]);
            let up: [u8; 3] = std::array::from_fn(|i| pixel(p[i] + part(9 * (i as i32 + 1))));
            let down: [u8; 3] = std::array::from_fn(|i| pixel(q[i] - part(27 - 9 * i as i32)));
            across[1..4].copy_from_slice(&up);
            across[4..7].copy_from_slice(&down);
        } else {
            let step = clamp(3 * (q0 - p0));
            let (up, down) = (clamp(step + 3) >> 3, clamp(step + 4) >> 3);
            let half = (down + 1) >> 1;
            across[2..6].copy_from_slice(&[pixel(p1 + half), pixel(p0 + up), pixel(q0 - down), pixel(q1 - half)]);
        }
    }

    #[inline(always)]
    fn vectors<S: Simd>(simd: S, pixels: &[[u8; 16]; 8], limits: Limits, kind: u32) -> [[u8; 16]; 8] {
        let mut across = pixels.map(|row| row.simd_into(simd));
        match kind {
            0 => simple(simd, &mut across, limits),
            _ => normal(simd, &mut across, limits, kind == 1),
        }
        across.map(|row| row.into())
    }

    #[test]
    fn sixteen_places_are_filtered_as_one() {
        let mut seed = 5u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for round in 0..20_000 {
            let spread = [4, 12, 40, 256][round % 4];
            let base = next(256);
            let pixels: [[u8; 16]; 8] =
                std::array::from_fn(|_| std::array::from_fn(|_| (base + next(spread)).min(255) as u8));
            let limits = Limits {
                edge: 2 + next(192) as u8,
                interior: 1 + next(63) as u8,
                high_variance: next(3) as u8,
            };
            for kind in 0..3 {
                let got = dispatch!(Level::new(), simd => vectors(simd, &pixels, limits, kind));
                for place in 0..16 {
                    let mut expected: [u8; 8] = std::array::from_fn(|k| pixels[k][place]);
                    plain(&mut expected, limits, kind == 0, kind == 1);
                    assert_eq!(std::array::from_fn(|k| got[k][place]), expected);
                }
            }
        }
    }
}
