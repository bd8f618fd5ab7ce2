//! A row of blocks at a time, several blocks at once.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f32x8};

use super::LUMA;

/// Blocks at a time. Rows begin with as many that aren't in the picture, and end with at least as many.
pub(super) const LANES: usize = 8;

/// What the primaries add to brightness in linear light (BT.709).
const BRIGHT: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// For brightness and the differences of blue and red: the four places of the block, or its mean.
#[inline(always)]
fn bright<S: Simd>(simd: S, squares: [f32x8<S>; 3]) -> f32x8<S> {
    let [r, g, b] = squares;
    let sum = r * f32x8::splat(simd, BRIGHT[0]) + g * f32x8::splat(simd, BRIGHT[1]) + b * f32x8::splat(simd, BRIGHT[2]);
    sum.sqrt()
}

#[inline(always)]
fn luma_of<S: Simd>(simd: S, [r, g, b]: [f32x8<S>; 3]) -> f32x8<S> {
    r * f32x8::splat(simd, LUMA[0]) + g * f32x8::splat(simd, LUMA[1]) + b * f32x8::splat(simd, LUMA[2])
}

/// The differences of blue and of red from luma, of the mean of four squares.
#[inline(always)]
fn differences<S: Simd>(simd: S, sums: [f32x8<S>; 3]) -> [f32x8<S>; 2] {
    let [r, g, b] = sums;
    let quarter = f32x8::splat(simd, 0.25);
    let mean = [(r * quarter).sqrt(), (g * quarter).sqrt(), (b * quarter).sqrt()];
    let luma = luma_of(simd, mean);
    [mean[2] - luma, mean[0] - luma]
}

/// What two lines of pixels want, and luma to begin with.
#[inline(always)]
pub(super) fn begin<S: Simd, const N: usize>(
    simd: S,
    lines: [&[[u8; N]]; 2],
    luma: [&mut [f32]; 4],
    wanted: [&mut [f32]; 4],
    mut chroma: [&mut [f32]; 2],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let width = lines[0].len();
            for block in (0..width.div_ceil(2)).step_by(LANES) {
                let at = LANES + block;
                let mut sums = [f32x8::splat(simd, 0.0); 3];
                for place in 0..4 {
                    let line = lines[place / 2];
                    let mut samples = [[0.0; LANES]; 3];
                    for lane in 0..LANES {
                        let pixel = &line[(2 * (block + lane) + place % 2).min(width - 1)];
                        for (samples, &sample) in samples.iter_mut().zip(pixel) {
                            samples[lane] = f32::from(sample);
                        }
                    }
                    let samples = samples.map(|samples| f32x8::from_slice(simd, &samples));
                    let squares = samples.map(|samples| samples * samples);
                    for (sum, square) in sums.iter_mut().zip(squares) {
                        *sum += square;
                    }
                    luma[place][at..at + LANES].copy_from_slice(luma_of(simd, samples).as_slice());
                    wanted[place][at..at + LANES].copy_from_slice(bright(simd, squares).as_slice());
                }
                for (chroma, differences) in chroma.iter_mut().zip(differences(simd, sums)) {
                    chroma[at..at + LANES].copy_from_slice(differences.as_slice());
                }
            }
        },
    );
}

/// Chroma that is changed, and what is wanted of it.
pub(super) type Chroma<'a> = ([&'a mut [f32]; 2], [&'a [f32]; 2]);

/// Corrects luma, and chroma if it is given, by what is seen of them. `around` are the rows of chroma above, here and
/// below, as they are before.
#[inline(always)]
pub(super) fn correct<S: Simd>(
    simd: S,
    around: [[&[f32]; 2]; 3],
    luma: [&mut [f32]; 4],
    wanted: [&[f32]; 4],
    mut chroma: Option<Chroma<'_>>,
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let (zero, most) = (f32x8::splat(simd, 0.0), f32x8::splat(simd, 255.0));
            let [above, here, below] = around;
            for at in (LANES..luma[0].len() - LANES).step_by(LANES) {
                // How viewers spread chroma: nine parts of the nearest sample, three of the next ones, one of that
                // across the corner.
                let mut spread = [[zero; 4]; 2];
                for (n, spread) in spread.iter_mut().enumerate() {
                    let three = f32x8::splat(simd, 3.0);
                    let sixteenth = f32x8::splat(simd, 1.0 / 16.0);
                    for (half, next) in [above[n], below[n]].into_iter().enumerate() {
                        let column = |at: usize| {
                            let load = |row: &[f32]| f32x8::from_slice(simd, &row[at..at + LANES]);
                            load(here[n]) * three + load(next)
                        };
                        let [left, middle, right] = [column(at - 1), column(at), column(at + 1)];
                        let most = middle * three;
                        spread[2 * half] = (most + left) * sixteenth;
                        spread[2 * half + 1] = (most + right) * sixteenth;
                    }
                }
                let mut sums = [zero; 3];
                for place in 0..4 {
                    let [blue, red] = [spread[0][place], spread[1][place]];
                    let green =
                        blue * f32x8::splat(simd, -LUMA[2] / LUMA[1]) + red * f32x8::splat(simd, -LUMA[0] / LUMA[1]);
                    let values = &mut luma[place][at..at + LANES];
                    let value = f32x8::from_slice(simd, values);
                    let seen = [red, green, blue].map(|difference| (value + difference).max(zero).min(most));
                    let squares = seen.map(|seen| seen * seen);
                    for (sum, square) in sums.iter_mut().zip(squares) {
                        *sum += square;
                    }
                    let wanted = f32x8::from_slice(simd, &wanted[place][at..at + LANES]);
                    let value = value + (wanted - bright(simd, squares));
                    values.copy_from_slice(value.max(zero).min(most).as_slice());
                }
                if let Some((chroma, wanted)) = &mut chroma {
                    let found = differences(simd, sums);
                    for (n, found) in found.into_iter().enumerate() {
                        let wanted = f32x8::from_slice(simd, &wanted[n][at..at + LANES]);
                        let old = f32x8::from_slice(simd, &here[n][at..at + LANES]);
                        chroma[n][at..at + LANES].copy_from_slice((old + (wanted - found)).as_slice());
                    }
                }
            }
        },
    );
}
