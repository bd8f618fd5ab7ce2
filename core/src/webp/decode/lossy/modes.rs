//! How each macroblock is predicted (RFC 6386, 8.1, 10, 11.2 to 11.4).

use super::boolean::Bools;
use super::header::Header;
use crate::webp::tables::SUBBLOCK_MODES;
use crate::webp::vp8::Mode;

/// The modes of luma.
#[derive(Debug, Clone, Copy)]
pub(super) enum Luma {
    Whole(Mode),
    Subblocks([Mode; 16]),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Macroblock {
    pub(super) segment: u8,
    /// Whether there are no coefficients.
    pub(super) skip: bool,
    pub(super) luma: Luma,
    pub(super) chroma: Mode,
}

impl Macroblock {
    /// Reads the modes of one macroblock, which follow those `above` and to the `left`, and replace them.
    #[inline(always)]
    pub(super) fn read(
        bools: &mut Bools<'_>,
        header: &Header<'_>,
        above: &mut [Mode; 4],
        left: &mut [Mode; 4],
    ) -> Self {
        let segment = match header.segments {
            None => 0,
            Some([half, low, high]) => match bools.get(half) {
                false => u8::from(bools.get(low)),
                true => 2 + u8::from(bools.get(high)),
            },
        };
        let skip = header.skip.is_some_and(|chance| bools.get(chance));
        let luma = if bools.get(145) {
            let mode = match bools.get(156) {
                false if bools.get(163) => Mode::Vertical,
                false => Mode::Dc,
                true if bools.get(128) => Mode::TrueMotion,
                true => Mode::Horizontal,
            };
            (*above, *left) = ([mode; 4], [mode; 4]);
            Luma::Whole(mode)
        } else {
            let mut modes = [Mode::Dc; 16];
            for (row, left) in modes.as_chunks_mut::<4>().0.iter_mut().zip(left) {
                for (mode, above) in row.iter_mut().zip(&mut *above) {
                    *mode = subblock(bools, &SUBBLOCK_MODES[*above as usize][*left as usize]);
                    (*above, *left) = (*mode, *mode);
                }
            }
            Luma::Subblocks(modes)
        };
        let chroma = match bools.get(142) {
            false => Mode::Dc,
            true => match bools.get(114) {
                false => Mode::Vertical,
                true if bools.get(183) => Mode::TrueMotion,
                true => Mode::Horizontal,
            },
        };
        Macroblock {
            segment,
            skip,
            luma,
            chroma,
        }
    }
}

#[inline(always)]
fn subblock(bools: &mut Bools<'_>, chances: &[u8; 9]) -> Mode {
    if !bools.get(chances[0]) {
        return Mode::Dc;
    }
    if !bools.get(chances[1]) {
        return Mode::TrueMotion;
    }
    if !bools.get(chances[2]) {
        return Mode::Vertical;
    }
    if !bools.get(chances[3]) {
        if !bools.get(chances[4]) {
            return Mode::Horizontal;
        }
        return if bools.get(chances[5]) {
            Mode::VerticalRight
        } else {
            Mode::RightDown
        };
    }
    if !bools.get(chances[6]) {
        return Mode::LeftDown;
    }
    if !bools.get(chances[7]) {
        return Mode::VerticalLeft;
    }
    if bools.get(chances[8]) {
        Mode::HorizontalUp
    } else {
        Mode::HorizontalDown
    }
}
