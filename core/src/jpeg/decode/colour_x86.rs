//! Y'CbCr to RGB with SSE, sixteen pixels at a time.

use core::arch::x86_64::{
    __m128i, _mm_add_epi16 as add16, _mm_add_epi32 as add32, _mm_madd_epi16 as madd, _mm_mulhrs_epi16 as mul_round,
    _mm_or_si128 as or, _mm_packs_epi32 as packs32, _mm_packus_epi16 as packus16, _mm_set1_epi16 as set16,
    _mm_set1_epi32 as set32, _mm_setzero_si128 as zero, _mm_shuffle_epi8 as shuffle8, _mm_srai_epi32 as sra32,
    _mm_sub_epi16 as sub16, _mm_unpackhi_epi8 as unpackhi8, _mm_unpackhi_epi16 as unpackhi16,
    _mm_unpacklo_epi8 as unpacklo8, _mm_unpacklo_epi16 as unpacklo16,
};

use super::colour::{BLUE, GREEN_CB, GREEN_CR, HALF, RED};

fearless_simd::kernel!(
    /// Converts as many whole sixteens of pixels as there are. Returns how many pixels that is.
    pub(super) fn ycc_to_rgb(sse: Sse4_2, y: &[u8], cb: &[u8], cr: &[u8], pixels: &mut [u8]) -> usize {
        let eight = |y: __m128i, cb: __m128i, cr: __m128i| {
            let (cb, cr) = (sub16(cb, set16(128)), sub16(cr, set16(128)));
            let red = add16(add16(y, cr), mul_round(cr, set16(RED)));
            let blue = sub16(add16(add16(y, cb), cb), mul_round(cb, set16(BLUE)));
            let factors = set32((GREEN_CB as u16 as u32 | (GREEN_CR as u16 as u32) << 16) as i32);
            let low = sra32::<16>(add32(madd(unpacklo16(cb, cr), factors), set32(HALF)));
            let high = sra32::<16>(add32(madd(unpackhi16(cb, cr), factors), set32(HALF)));
            let green = add16(sub16(y, cr), packs32(low, high));
            [red, green, blue]
        };
        let sixteens = y
            .as_chunks::<16>()
            .0
            .iter()
            .zip(cb.as_chunks::<16>().0)
            .zip(cr.as_chunks::<16>().0);
        let mut done = 0;
        for (out, ((y, cb), cr)) in pixels.as_chunks_mut::<48>().0.iter_mut().zip(sixteens) {
            let (y, cb, cr): (__m128i, __m128i, __m128i) =
                (bytemuck::cast(*y), bytemuck::cast(*cb), bytemuck::cast(*cr));
            let low = eight(unpacklo8(y, zero()), unpacklo8(cb, zero()), unpacklo8(cr, zero()));
            let high = eight(unpackhi8(y, zero()), unpackhi8(cb, zero()), unpackhi8(cr, zero()));
            let [red, green, blue] = [
                packus16(low[0], high[0]),
                packus16(low[1], high[1]),
                packus16(low[2], high[2]),
            ];
            for (part, out) in out.as_chunks_mut::<16>().0.iter_mut().enumerate() {
                let place = |channel: usize, samples: __m128i| shuffle8(samples, bytemuck::cast(PLACES[part][channel]));
                *out = bytemuck::cast(or(or(place(0, red), place(1, green)), place(2, blue)));
            }
            done += 16;
        }
        done
    }
);

/// For each third of 48 interleaved bytes and each channel: which sample of the channel goes where; 128 for none.
const PLACES: [[[u8; 16]; 3]; 3] = {
    let mut places = [[[128; 16]; 3]; 3];
    let mut at = 0;
    while at < 48 {
        places[at / 16][at % 3][at % 16] = (at / 3) as u8;
        at += 1;
    }
    places
};
