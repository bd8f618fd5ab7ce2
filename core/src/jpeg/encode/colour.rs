//! Converts R'G'B' to JFIF's Y'CbCr (BT.601, full range), with chroma averaged over the pixels it covers.
//!
//! Chroma is computed from sums of pixels, so each sample is rounded only once. Constants have 14 bits.

use fearless_simd::Level;

use crate::budget::{Budget, Buffer};
use crate::error::Result;

/// A row of pixels, split by channel, and the sums over the rows of a chroma row.
pub(super) struct Split {
    channels: [Buffer<u8>; 3],
    sums: [Buffer<u16>; 3],
}

impl Split {
    /// For rows that are padded to `width` pixels.
    pub(super) fn new(width: usize, budget: &Budget) -> Result<Self> {
        let channel = || budget.zeroed(width, "a row of pixels");
        let sum = || budget.zeroed(width, "a row of sums");
        Ok(Split {
            channels: [channel()?, channel()?, channel()?],
            sums: [sum()?, sum()?, sum()?],
        })
    }

    /// Takes a row of interleaved pixels: writes its luma and adds it to the sums, or starts new sums.
    pub(super) fn row(&mut self, level: Level, pixels: &[u8], luma: &mut [u8], first: bool) {
        let [r, g, b] = &mut self.channels;
        let width = pixels.len() / 3;
        split(level, pixels, &mut r[..width], &mut g[..width], &mut b[..width]);
        for channel in [&mut *r, g, b] {
            let last = channel[width - 1];
            channel[width..].fill(last);
        }
        let [rs, gs, bs] = &mut self.sums;
        fearless_simd::dispatch!(level, simd => luma_row(simd, [r, g, b], luma));
        fearless_simd::dispatch!(level, simd => sum_row(simd, [r, g, b], [rs, gs, bs], first));
    }

    /// The chroma of the rows taken since the sums were started, `v` of them.
    pub(super) fn chroma(&mut self, level: Level, (h, v): (usize, usize), cb: &mut [u8], cr: &mut [u8]) {
        let sums = self.sums.each_ref().map(|sum| &sum[..]);
        match (h, v) {
            (1, 1) => fearless_simd::dispatch!(level, simd => chroma_row::<_, 1, 14>(simd, sums, cb, cr)),
            (1, _) => fearless_simd::dispatch!(level, simd => chroma_row::<_, 1, 15>(simd, sums, cb, cr)),
            (_, 1) => fearless_simd::dispatch!(level, simd => chroma_row::<_, 2, 15>(simd, sums, cb, cr)),
            _ => fearless_simd::dispatch!(level, simd => chroma_row::<_, 2, 16>(simd, sums, cb, cr)),
        }
    }
}

#[inline(always)]
fn luma_row<S: fearless_simd::Simd>(_simd: S, [r, g, b]: [&[u8]; 3], luma: &mut [u8]) {
    for (((y, &r), &g), &b) in luma.iter_mut().zip(r).zip(g).zip(b) {
        *y = ((4899 * i32::from(r) + 9617 * i32::from(g) + 1868 * i32::from(b) + (1 << 13)) >> 14) as u8;
    }
}

#[inline(always)]
fn sum_row<S: fearless_simd::Simd>(_simd: S, channels: [&[u8]; 3], sums: [&mut [u16]; 3], first: bool) {
    for (sums, channel) in sums.into_iter().zip(channels) {
        if first {
            for (sum, &sample) in sums.iter_mut().zip(channel) {
                *sum = u16::from(sample);
            }
        } else {
            for (sum, &sample) in sums.iter_mut().zip(channel) {
                *sum += u16::from(sample);
            }
        }
    }
}

/// `H` neighbours make a sample; `SHIFT` is 14 plus the base-2 logarithm of the number of pixels summed.
#[inline(always)]
fn chroma_row<S: fearless_simd::Simd, const H: usize, const SHIFT: u32>(
    _simd: S,
    [r, g, b]: [&[u16]; 3],
    cb: &mut [u8],
    cr: &mut [u8],
) {
    let sum = |channel: &[u16]| channel.iter().map(|&s| i32::from(s)).sum::<i32>();
    let (r, g, b) = (r.chunks_exact(H), g.chunks_exact(H), b.chunks_exact(H));
    for ((((cb, cr), r), g), b) in cb.iter_mut().zip(cr).zip(r).zip(g).zip(b) {
        let (r, g, b) = (sum(r), sum(g), sum(b));
        // 128 plus a half for rounding, less one unit so that 255.5 does not round up to 256.
        let centre = (128 << SHIFT) + (1 << (SHIFT - 1)) - 1;
        *cb = ((8192 * b - 2764 * r - 5428 * g + centre) >> SHIFT) as u8;
        *cr = ((8192 * r - 6860 * g - 1332 * b + centre) >> SHIFT) as u8;
    }
}

/// Splits interleaved pixels into channels.
fn split(level: Level, pixels: &[u8], r: &mut [u8], g: &mut [u8], b: &mut [u8]) {
    let done = split_groups(level, pixels, r, g, b);
    split_scalar(&pixels[3 * done..], &mut r[done..], &mut g[done..], &mut b[done..]);
}

/// Does as many pixels as this machine's kernels can; returns how many.
#[cfg(target_arch = "x86_64")]
fn split_groups(level: Level, pixels: &[u8], r: &mut [u8], g: &mut [u8], b: &mut [u8]) -> usize {
    let Some(sse) = level.as_sse4_2() else { return 0 };
    split_sse(sse, pixels, r, g, b);
    r.len() & !15
}

#[cfg(not(target_arch = "x86_64"))]
fn split_groups(_: Level, _: &[u8], _: &mut [u8], _: &mut [u8], _: &mut [u8]) -> usize {
    0
}

fn split_scalar(pixels: &[u8], r: &mut [u8], g: &mut [u8], b: &mut [u8]) {
    for (((pixel, r), g), b) in pixels.chunks_exact(3).zip(r).zip(g).zip(b) {
        (*r, *g, *b) = (pixel[0], pixel[1], pixel[2]);
    }
}

#[cfg(target_arch = "x86_64")]
fearless_simd::kernel!(
    /// Like [`split_scalar`], for whole groups of 16 pixels; leaves the rest.
    fn split_sse(sse: Sse4_2, pixels: &[u8], r: &mut [u8], g: &mut [u8], b: &mut [u8]) {
        use core::arch::x86_64::*;
        use fearless_simd::{prelude::*, u8x16};

        let outputs = r
            .chunks_exact_mut(16)
            .zip(g.chunks_exact_mut(16))
            .zip(b.chunks_exact_mut(16));
        for (pixels, ((r, g), b)) in pixels.chunks_exact(48).zip(outputs) {
            let part = |i: usize| -> __m128i { u8x16::from_slice(sse, &pixels[16 * i..16 * i + 16]).into() };
            let parts = [part(0), part(1), part(2)];
            for (channel, out) in [r, g, b].into_iter().enumerate() {
                let mut gathered = _mm_setzero_si128();
                for (index, part) in parts.iter().enumerate() {
                    let order: __m128i = u8x16::from_slice(sse, &GATHER[channel][index]).into();
                    gathered = _mm_or_si128(gathered, _mm_shuffle_epi8(*part, order));
                }
                let gathered: u8x16<_> = gathered.simd_into(sse);
                gathered.store_slice(out);
            }
        }
    }
);

/// `GATHER[channel][part]`: which byte of the 16 of `part` goes to each place; 0x80 for none.
#[cfg(target_arch = "x86_64")]
const GATHER: [[[u8; 16]; 3]; 3] = {
    let mut order = [[[0x80; 16]; 3]; 3];
    let mut byte = 0;
    while byte < 48 {
        order[byte % 3][byte / 16][byte / 3] = (byte % 16) as u8;
        byte += 1;
    }
    order
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn conversion_is_the_formula_rounded() {
        let budget = Budget::new(&Limits::default());
        let mut state = 7u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Plenty of extremes.
            (state >> 22).saturating_sub(384).min(255) as u8
        };
        for width in [1, 2, 15, 16, 17, 48, 70] {
            for ratios in [(1, 1), (2, 1), (1, 2), (2, 2)] {
                let padded = usize::next_multiple_of(width, 8 * ratios.0);
                let rows: Vec<Vec<u8>> = (0..ratios.1)
                    .map(|_| (0..3 * width).map(|_| noise()).collect())
                    .collect();
                let mut split = Split::new(padded, &budget).unwrap();
                let mut luma = vec![0; padded];
                let (mut cb, mut cr) = (vec![0; padded / ratios.0], vec![0; padded / ratios.0]);
                for (index, row) in rows.iter().enumerate() {
                    split.row(Level::new(), row, &mut luma, index == 0);
                    for x in 0..padded {
                        let [r, g, b] = [0, 1, 2].map(|c| f64::from(row[3 * x.min(width - 1) + c]));
                        let exact = 0.299 * r + 0.587 * g + 0.114 * b;
                        assert!((f64::from(luma[x]) - exact).abs() < 0.52);
                    }
                }
                split.chroma(Level::new(), ratios, &mut cb, &mut cr);
                for x in 0..padded / ratios.0 {
                    let mean = |c: usize| {
                        let columns = (x * ratios.0..(x + 1) * ratios.0).map(|x| 3 * x.min(width - 1) + c);
                        let sum: f64 = columns
                            .flat_map(|i| rows.iter().map(move |row| f64::from(row[i])))
                            .sum();
                        sum / (ratios.0 * ratios.1) as f64
                    };
                    let (r, g, b) = (mean(0), mean(1), mean(2));
                    let exact_cb = 128.0 - 0.168_736 * r - 0.331_264 * g + 0.5 * b;
                    let exact_cr = 128.0 + 0.5 * r - 0.418_688 * g - 0.081_312 * b;
                    assert!((f64::from(cb[x]) - exact_cb).abs() < 0.52, "{} {exact_cb}", cb[x]);
                    assert!((f64::from(cr[x]) - exact_cr).abs() < 0.52, "{} {exact_cr}", cr[x]);
                }
            }
        }
    }

    #[test]
    fn vectors_split_like_single_pixels() {
        for width in 0..70 {
            let pixels: Vec<u8> = (0..3 * width).map(|i| (i * 37 % 256) as u8).collect();
            let (mut vector, mut scalar) = (vec![vec![0; width]; 3], vec![vec![0; width]; 3]);
            if let [r, g, b] = &mut vector[..] {
                split(Level::new(), &pixels, r, g, b);
            }
            if let [r, g, b] = &mut scalar[..] {
                split_scalar(&pixels, r, g, b);
            }
            assert_eq!(vector, scalar);
        }
    }
}
