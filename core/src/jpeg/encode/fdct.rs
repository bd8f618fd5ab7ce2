//! The forward DCT (T.81 A.3.3) of a row of blocks, followed by quantisation.
//!
//! Integer arithmetic with 13-bit constants: each of the two passes is within half a unit of the exact sums,
//! at a scale of 4 after the first and of 8 (against the standard's formula) after the second.

use fearless_simd::Level;

use super::quant::Quantiser;
use super::zigzag::{Block, nonzero};

/// Transforms `blocks.len()` neighbouring blocks; `rows` are as wide as they are. With a quantiser the blocks
/// are quantised; without one they are 8 times the standard's coefficients. `masks` get the places, in the
/// zig-zag sequence, of the nonzero coefficients.
pub(super) fn transform_row(
    level: Level,
    rows: &[&[u8]; 8],
    quantiser: Option<&Quantiser>,
    blocks: &mut [Block],
    masks: &mut [u64],
) {
    let done = pairs(level, rows, quantiser, blocks, masks);
    let (blocks, masks) = (&mut blocks[done..], &mut masks[done..]);
    fearless_simd::dispatch!(level, simd => portable_row(simd, rows, done, quantiser, blocks, masks));
}

/// Does as many blocks as this machine's kernels can; returns how many.
#[cfg(target_arch = "x86_64")]
fn pairs(
    level: Level,
    rows: &[&[u8]; 8],
    quantiser: Option<&Quantiser>,
    blocks: &mut [Block],
    masks: &mut [u64],
) -> usize {
    let Some(avx2) = level.as_avx2() else { return 0 };
    match quantiser {
        Some(quantiser) => super::fdct_avx2::transform_quantise(avx2, rows, quantiser, blocks, masks),
        None => super::fdct_avx2::transform(avx2, rows, blocks, masks),
    }
    let done = blocks.len() & !1;
    for mask in &mut masks[..done] {
        *mask = super::zigzag::zigzag_mask(*mask);
    }
    done
}

#[cfg(not(target_arch = "x86_64"))]
fn pairs(_: Level, _: &[&[u8]; 8], _: Option<&Quantiser>, _: &mut [Block], _: &mut [u64]) -> usize {
    0
}

#[inline(always)]
fn portable_row<S: fearless_simd::Simd>(
    _simd: S,
    rows: &[&[u8]; 8],
    first: usize,
    quantiser: Option<&Quantiser>,
    blocks: &mut [Block],
    masks: &mut [u64],
) {
    for ((index, block), mask) in (first..).zip(blocks).zip(masks) {
        let samples = rows.map(|row| row[8 * index..].first_chunk::<8>().copied().unwrap_or([128; 8]));
        *block = forward(&samples);
        *mask = match quantiser {
            Some(quantiser) => quantiser.quantise(block),
            None => nonzero(block),
        };
    }
}

/// `C[k][n]`: `√2 × cos((2n + 1) k π / 16)` in units of 2^-13, for the first four samples; the others mirror
/// them, with the opposite sign for odd `k`.
pub(super) const ODD: [[i16; 4]; 4] = [
    [11363, 9633, 6437, 2260],
    [9633, -2260, -11363, -6437],
    [6437, -11363, 2260, 9633],
    [2260, -6437, 9633, -11363],
];
/// `√2 × cos(π / 8)` and `√2 × sin(π / 8)` in units of 2^-13.
pub(super) const EVEN: [i16; 2] = [10703, 4433];

/// The transform of one block of samples, times 8, at the places of a [`Block`].
#[inline(always)]
pub(super) fn forward(samples: &[[u8; 8]; 8]) -> Block {
    // `columns[v][x]`, then transposed, `lines[x][v]`, so that both passes add whole vectors.
    let centred: [[i32; 8]; 8] = std::array::from_fn(|y| std::array::from_fn(|x| i32::from(samples[y][x]) - 128));
    let columns = pass::<11>(&centred);
    let turned: [[i32; 8]; 8] = std::array::from_fn(|x| std::array::from_fn(|v| columns[v][x]));
    let lines = pass::<15>(&turned);
    let mut block = [0; 64];
    for (line, out) in lines.iter().zip(block.chunks_exact_mut(8)) {
        for (value, out) in line.iter().zip(out) {
            *out = *value as i16;
        }
    }
    block
}

/// Eight one-dimensional transforms side by side; the results are divided by `2^SHIFT` and rounded.
#[inline(always)]
fn pass<const SHIFT: u32>(input: &[[i32; 8]; 8]) -> [[i32; 8]; 8] {
    let mut out = [[0; 8]; 8];
    let half = 1 << (SHIFT - 1);
    for i in 0..8 {
        let sum: [i32; 4] = std::array::from_fn(|n| input[n][i] + input[7 - n][i]);
        let difference: [i32; 4] = std::array::from_fn(|n| input[n][i] - input[7 - n][i]);
        let (a, b) = (sum[0] + sum[3], sum[1] + sum[2]);
        let (c, d) = (sum[0] - sum[3], sum[1] - sum[2]);
        let [cos, sin] = EVEN.map(i32::from);
        out[0][i] = (((a + b) << 13) + half) >> SHIFT;
        out[4][i] = (((a - b) << 13) + half) >> SHIFT;
        out[2][i] = (c * cos + d * sin + half) >> SHIFT;
        out[6][i] = (c * sin - d * cos + half) >> SHIFT;
        for (k, constants) in ODD.iter().enumerate() {
            let dot: i32 = difference.iter().zip(constants).map(|(x, &c)| x * i32::from(c)).sum();
            out[2 * k + 1][i] = (dot + half) >> SHIFT;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::ZIGZAG;
    use crate::jpeg::encode::zigzag::IN_BLOCK;

    fn noise(len: usize, mut state: u64) -> Vec<u8> {
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .take(len)
        .collect()
    }

    /// The standard's formula, times 8, in row-major order.
    fn exact(samples: &[[u8; 8]; 8]) -> [f64; 64] {
        let cosine = |n: usize, k: usize| (std::f64::consts::PI * ((2 * n + 1) * k) as f64 / 16.0).cos();
        let c = |k: usize| if k == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
        std::array::from_fn(|i| {
            let (u, v) = (i % 8, i / 8);
            let mut sum = 0.0;
            for (y, line) in samples.iter().enumerate() {
                for (x, &sample) in line.iter().enumerate() {
                    sum += (f64::from(sample) - 128.0) * cosine(x, u) * cosine(y, v);
                }
            }
            sum * c(u) * c(v) * 2.0
        })
    }

    #[test]
    fn the_transform_is_within_a_fifth_of_a_unit() {
        let mut blocks: Vec<[[u8; 8]; 8]> = (0..500u64)
            .map(|seed| {
                let bytes = noise(64, seed);
                let spread = if seed % 2 == 0 { 1 } else { 255 };
                std::array::from_fn(|y| std::array::from_fn(|x| (bytes[8 * y + x] / 128).wrapping_mul(255) / spread))
            })
            .collect();
        blocks.extend([[[0; 8]; 8], [[255; 8]; 8]]);
        for samples in blocks {
            let (block, exact) = (forward(&samples), exact(&samples));
            for (&natural, &i) in ZIGZAG.iter().zip(&IN_BLOCK) {
                let error = f64::from(block[usize::from(i)]) - exact[usize::from(natural)];
                assert!(error.abs() < 1.6, "{error} of eighths at {natural}");
            }
        }
    }

    #[test]
    fn vectors_give_what_one_block_at_a_time_gives() {
        for count in [1, 2, 3, 7, 8] {
            for seed in 0..40u64 {
                let samples = noise(64 * count, seed);
                // Hard edges reach the extremes of every coefficient, and flat blocks have zeros.
                let samples: Vec<u8> = match seed % 4 {
                    0 => samples,
                    1 => samples.iter().map(|s| if *s < 128 { 0 } else { 255 }).collect(),
                    2 => samples.iter().map(|s| 120 + s / 64).collect(),
                    _ => vec![if seed % 8 == 3 { 0 } else { 255 }; samples.len()],
                };
                let rows: [&[u8]; 8] = std::array::from_fn(|y| &samples[8 * count * y..][..8 * count]);
                let steps = std::array::from_fn(|i| (1 + (i as u64 * seed) % 255) as u8);
                let quantiser = Quantiser::new(&steps);
                for quantiser in [None, Some(&quantiser)] {
                    let (mut blocks, mut masks) = (vec![[0; 64]; count], vec![0; count]);
                    transform_row(Level::new(), &rows, quantiser, &mut blocks, &mut masks);
                    for (index, (block, mask)) in blocks.iter().zip(&masks).enumerate() {
                        let samples = rows.map(|row| *row[8 * index..].first_chunk().unwrap());
                        let mut expected = forward(&samples);
                        if let Some(quantiser) = quantiser {
                            quantiser.quantise(&mut expected);
                        }
                        assert_eq!(*block, expected);
                        assert_eq!(*mask, nonzero(&expected));
                    }
                }
            }
        }
    }
}
