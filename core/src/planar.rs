//! From a row of each of three planes to a row of pixels.

use fearless_simd::Simd;

/// Pixels that are converted at a time: few enough for the three colours to stay in or near registers, and
/// enough for the widest vectors.
const BLOCK: usize = 64;

/// Converts as many pixels as `out` takes, each by `pixel`, in blocks: first the arithmetic on each colour in turn,
/// which vectorises, then the interleaving. The rows may be longer than `out`.
#[inline(always)]
pub(crate) fn interleave<S: Simd>(
    simd: S,
    [first, second, third]: [&[u8]; 3],
    out: &mut [u8],
    pixel: impl Fn(u8, u8, u8) -> [u8; 3],
) {
    simd.vectorize(
        #[inline(always)]
        || {
            let width = out.len() / 3;
            let (first, first_rest) = first[..width].as_chunks::<BLOCK>();
            let (second, second_rest) = second[..width].as_chunks::<BLOCK>();
            let (third, third_rest) = third[..width].as_chunks::<BLOCK>();
            let mut blocks = out.chunks_exact_mut(BLOCK * 3);
            for (((a, b), c), out) in first.iter().zip(second).zip(third).zip(&mut blocks) {
                let mut colours = [[0; BLOCK]; 3];
                for i in 0..BLOCK {
                    let [red, green, blue] = pixel(a[i], b[i], c[i]);
                    colours[0][i] = red;
                    colours[1][i] = green;
                    colours[2][i] = blue;
                }
                for (i, out) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                    *out = [colours[0][i], colours[1][i], colours[2][i]];
                }
            }
            let rest = blocks.into_remainder().as_chunks_mut::<3>().0;
            for (((&a, &b), &c), out) in first_rest.iter().zip(second_rest).zip(third_rest).zip(rest) {
                *out = pixel(a, b, c);
            }
        },
    );
}
