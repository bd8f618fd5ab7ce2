//! A JPEG engine in safe Rust, usable without the rest of the crate: ITU-T T.81 | ISO/IEC 10918-1.
//!
//! [`decode`] shrinks while it decodes, delivers Y'CbCr planes without a detour through RGB, and works row by row.
//! [`encode`] writes baseline and progressive files from Y'CbCr planes, grey or RGB.

pub mod decode;
pub mod encode;

/// Zigzag order (T.81 figure A.6): the row-major position in a block of coefficient number `k` of a scan.
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54,
    47, 55, 62, 63,
];

#[cfg(test)]
mod tests {
    use super::ZIGZAG;

    #[test]
    fn zigzag_walks_the_diagonals() {
        let (mut x, mut y) = (0i32, 0i32);
        for &natural in &ZIGZAG {
            assert_eq!(i32::from(natural), y * 8 + x);
            let up = (x + y) % 2 == 0;
            (x, y) = match up {
                true if x == 7 => (x, y + 1),
                true if y == 0 => (x + 1, y),
                true => (x + 1, y - 1),
                false if y == 7 => (x + 1, y),
                false if x == 0 => (x, y + 1),
                false => (x - 1, y + 1),
            };
        }
    }
}
