//! Inverse transforms (RFC 6386, 14.3 and 14.4), in 16 bits, which is enough for what an encoder writes; in 32 bits for
//! larger coefficients.

/// The first coefficients of the sixteen luma blocks, from a block of their own.
#[inline(always)]
pub(in crate::webp) fn walsh_hadamard(second: &[i16; 16]) -> [i16; 16] {
    let mut columns = [0i32; 16];
    for x in 0..4 {
        let [a, b, c, d] = [0, 4, 8, 12].map(|row| i32::from(second[row + x]));
        columns[x] = a + d + b + c;
        columns[4 + x] = a - d + b - c;
        columns[8 + x] = a + d - b - c;
        columns[12 + x] = a - d - b + c;
    }
    let mut firsts = [0; 16];
    for (&[a, b, c, d], out) in columns.as_chunks::<4>().0.iter().zip(firsts.as_chunks_mut::<4>().0) {
        let a = a + 3;
        *out = [a + d + b + c, a - d + b - c, a + d - b - c, a - d - b + c].map(|sum| (sum >> 3) as i16);
    }
    firsts
}

/// √2 cos(π/8) less one, and √2 sin(π/8) less one, with 16 fraction bits.
const COS: i32 = 20091;
const SIN: i32 = 35468 - (1 << 16);

/// One pass over four columns.
#[inline(always)]
fn pass(rows: [[i16; 4]; 4], bias: i16) -> [[i16; 4]; 4] {
    let mut out = [[0; 4]; 4];
    let times = |value: i16, factor: i32| value.wrapping_add(((i32::from(value) * factor) >> 16) as i16);
    for x in 0..4 {
        let [a, b, c, d] = [rows[0][x].wrapping_add(bias), rows[1][x], rows[2][x], rows[3][x]];
        let (sum, difference) = (a.wrapping_add(c), a.wrapping_sub(c));
        let turned = times(b, SIN).wrapping_sub(times(d, COS));
        let other = times(b, COS).wrapping_add(times(d, SIN));
        out[0][x] = sum.wrapping_add(other);
        out[1][x] = difference.wrapping_add(turned);
        out[2][x] = difference.wrapping_sub(turned);
        out[3][x] = sum.wrapping_sub(other);
    }
    out
}

#[inline(always)]
fn transpose(rows: [[i16; 4]; 4]) -> [[i16; 4]; 4] {
    let [a, b, c, d] = rows;
    [
        [a[0], b[0], c[0], d[0]],
        [a[1], b[1], c[1], d[1]],
        [a[2], b[2], c[2], d[2]],
        [a[3], b[3], c[3], d[3]],
    ]
}

/// What a block adds to its prediction, row by row.
#[inline(always)]
pub(in crate::webp) fn inverse(block: &[i16; 16]) -> [[i16; 4]; 4] {
    let mut rows = [[0; 4]; 4];
    rows.as_flattened_mut().copy_from_slice(block);
    let mut rows = transpose(pass(transpose(pass(rows, 0)), 4));
    rows.as_flattened_mut().iter_mut().for_each(|value| *value >>= 3);
    rows
}

/// The same as [`inverse`], for any coefficients, with libwebp's products of 32 bits.
#[cold]
pub(in crate::webp) fn inverse_large(block: &[i16; 16]) -> [[i16; 4]; 4] {
    let mut values = block.map(i32::from);
    large_pass(&mut values, 4, 1, 0);
    large_pass(&mut values, 1, 4, 4);
    let mut rows = [[0; 4]; 4];
    for (out, value) in rows.as_flattened_mut().iter_mut().zip(values) {
        // Further than any pixel is from another.
        *out = (value >> 3).clamp(-1024, 1024) as i16;
    }
    rows
}

fn large_pass(values: &mut [i32; 16], step: usize, next: usize, bias: i32) {
    let cos = |value: i32| value + (value.wrapping_mul(COS) >> 16);
    let sin = |value: i32| value.wrapping_mul(SIN + (1 << 16)) >> 16;
    for x in 0..4 {
        let at = |number: usize| number * step + x * next;
        let [a, b, c, d] = [0, 1, 2, 3].map(|number| values[at(number)]);
        let (sum, difference) = (a + bias + c, a + bias - c);
        let turned = sin(b) - cos(d);
        let other = cos(b) + sin(d);
        values[at(0)] = sum + other;
        values[at(1)] = difference + turned;
        values[at(2)] = difference - turned;
        values[at(3)] = sum - other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the sums of these coefficients may need more than 16 bits: each of the two passes makes them larger by a
    /// factor of less than 4.
    fn is_large(block: &[i16; 16]) -> bool {
        block.iter().fold(0, |bits, &value| bits | value ^ (value >> 15)) >= 1 << 11
    }

    #[test]
    fn both_inverses_are_the_same_up_to_what_is_large() {
        let mut seed = 1u32;
        for round in 0..2000 {
            let block: [i16; 16] = std::array::from_fn(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                match round % 3 {
                    0 => 2047 * ((seed >> 30) as i16 - 1).signum(),
                    1 => (seed >> 20) as i16 - 2048,
                    _ => (seed >> 24) as i16 * i16::from(seed & 3 == 0),
                }
            });
            assert!(!is_large(&block));
            let clamped = inverse(&block).map(|row| row.map(|value| value.clamp(-1024, 1024)));
            assert_eq!(inverse_large(&block), clamped);
        }
    }

    #[test]
    fn large_coefficients_are_not_wrapped() {
        let mut block = [0; 16];
        (block[0], block[1], block[4]) = (i16::MAX, i16::MAX, i16::MAX);
        assert!(is_large(&block));
        assert_eq!(inverse_large(&block)[0][0], 1024);
        assert!(is_large(&block.map(|value| -value)));
        assert!(is_large(&[i16::MIN; 16]));
    }
}
