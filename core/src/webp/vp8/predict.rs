//! Intra prediction (RFC 6386, 12).

use super::Mode;

/// The pixels around a subblock: four to the left from bottom to top, the corner, then eight above from left to right,
/// the last of them twice. What follows is there for vectors only.
pub(in crate::webp) type Edge = [u8; 18];

/// The corner's place in an edge.
pub(in crate::webp) const CORNER: usize = 4;

/// The means of two neighbours, from each place on.
#[inline(always)]
fn means_of_two(edge: &Edge) -> [u8; 16] {
    let mut means = [0; 16];
    for i in 0..16 {
        means[i] = ((u16::from(edge[i]) + u16::from(edge[i + 1]) + 1) >> 1) as u8;
    }
    means
}

/// The means of three neighbours, the middle one counted twice, from each place on.
#[inline(always)]
fn means_of_three(edge: &Edge) -> [u8; 16] {
    let mut means = [0; 16];
    for i in 0..16 {
        means[i] = ((u16::from(edge[i]) + 2 * u16::from(edge[i + 1]) + u16::from(edge[i + 2]) + 2) >> 2) as u8;
    }
    means
}

/// A subblock, row by row.
#[inline(always)]
pub(in crate::webp) fn subblock(mode: Mode, edge: &Edge) -> [[u8; 4]; 4] {
    let row = |of: &[u8; 16], at: usize| [of[at], of[at + 1], of[at + 2], of[at + 3]];
    // The mean of the lowest pixels at the left, of which there is no third.
    let lowest = || ((3 * u16::from(edge[0]) + u16::from(edge[1]) + 2) >> 2) as u8;
    match mode {
        Mode::Dc => {
            let sum: u16 = edge[..4].iter().chain(&edge[5..9]).map(|&v| u16::from(v)).sum();
            [[((sum + 4) >> 3) as u8; 4]; 4]
        }
        Mode::TrueMotion => {
            let mut rows = [[0; 4]; 4];
            for (y, row) in rows.iter_mut().enumerate() {
                let base = i16::from(edge[3 - y]) - i16::from(edge[CORNER]);
                for (x, pixel) in row.iter_mut().enumerate() {
                    *pixel = (base + i16::from(edge[5 + x])).clamp(0, 255) as u8;
                }
            }
            rows
        }
        Mode::Vertical => [row(&means_of_three(edge), 4); 4],
        Mode::Horizontal => {
            let three = means_of_three(edge);
            [[three[2]; 4], [three[1]; 4], [three[0]; 4], [lowest(); 4]]
        }
        Mode::RightDown => {
            let three = means_of_three(edge);
            [row(&three, 3), row(&three, 2), row(&three, 1), row(&three, 0)]
        }
        Mode::LeftDown => {
            let three = means_of_three(edge);
            [row(&three, 5), row(&three, 6), row(&three, 7), row(&three, 8)]
        }
        Mode::VerticalRight => {
            let (two, three) = (means_of_two(edge), means_of_three(edge));
            [
                row(&two, 4),
                row(&three, 3),
                [three[2], two[4], two[5], two[6]],
                [three[1], three[3], three[4], three[5]],
            ]
        }
        Mode::VerticalLeft => {
            let (two, three) = (means_of_two(edge), means_of_three(edge));
            [
                row(&two, 5),
                row(&three, 5),
                [two[6], two[7], two[8], three[9]],
                [three[6], three[7], three[8], three[10]],
            ]
        }
        Mode::HorizontalDown => {
            let (two, three) = (means_of_two(edge), means_of_three(edge));
            [
                [two[3], three[3], three[4], three[5]],
                [two[2], three[2], two[3], three[3]],
                [two[1], three[1], two[2], three[2]],
                [two[0], three[0], two[1], three[1]],
            ]
        }
        Mode::HorizontalUp => {
            let (two, three, last) = (means_of_two(edge), means_of_three(edge), edge[0]);
            [
                [two[2], three[1], two[1], three[0]],
                [two[1], three[0], two[0], lowest()],
                [two[0], lowest(), last, last],
                [last; 4],
            ]
        }
    }
}

/// A square block of `N` pixels. Outside the picture there is nothing for `Dc` to count; the other modes take what
/// stands there.
#[inline(always)]
pub(in crate::webp) fn square<const N: usize>(
    mode: Mode,
    above: &[u8; N],
    left: &[u8; N],
    corner: u8,
    (has_above, has_left): (bool, bool),
) -> [[u8; N]; N] {
    match mode {
        Mode::Vertical => [*above; N],
        Mode::Horizontal => left.map(|pixel| [pixel; N]),
        Mode::TrueMotion => left.map(|pixel| {
            let base = i16::from(pixel) - i16::from(corner);
            above.map(|above| (base + i16::from(above)).clamp(0, 255) as u8)
        }),
        // Whole blocks have no other modes.
        _ => {
            let sum = |edge: &[u8; N]| edge.iter().map(|&v| u16::from(v)).sum::<u16>();
            let count = N as u16;
            let mean = match (has_above, has_left) {
                (true, true) => (sum(above) + sum(left) + count) / (2 * count),
                (true, false) => (sum(above) + count / 2) / count,
                (false, true) => (sum(left) + count / 2) / count,
                (false, false) => 128,
            };
            [[mean as u8; N]; N]
        }
    }
}
