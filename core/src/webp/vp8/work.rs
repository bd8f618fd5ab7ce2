//! The macroblock at work.

/// Where the pixels of a macroblock begin in a row of [`Work`], and those of Cr.
pub(in crate::webp) const AT: usize = 8;
pub(in crate::webp) const RED: usize = 24;

/// Rows of luma, from the one above on.
pub(in crate::webp) type Pixels = [[u8; 32]; 17];

/// A macroblock before the loop filter, with the pixels above and to the left that it is predicted from: in the first
/// row, and just before `AT` and `RED`.
pub(in crate::webp) struct Work {
    pub(in crate::webp) luma: Pixels,
    pub(in crate::webp) chroma: [[u8; 32]; 9],
}

impl Work {
    pub(in crate::webp) fn new() -> Self {
        Work {
            luma: [[127; 32]; 17],
            chroma: [[127; 32]; 9],
        }
    }

    /// What stands to the left of a row of macroblocks.
    pub(in crate::webp) fn begin(&mut self, row: usize) {
        // The macroblock's last pixels become those to the left of the next.
        for (y, row_of) in self.luma.iter_mut().enumerate() {
            row_of[AT + 15] = if y == 0 && row == 0 { 127 } else { 129 };
        }
        for (y, row_of) in self.chroma.iter_mut().enumerate() {
            let pixel = if y == 0 && row == 0 { 127 } else { 129 };
            (row_of[AT + 7], row_of[RED + 7]) = (pixel, pixel);
        }
    }

    /// Moves on to the next macroblock, below sixteen pixels of luma and eight of each chroma.
    #[inline(always)]
    pub(in crate::webp) fn enter(&mut self, above: &[u8; 32]) {
        for row in &mut self.luma {
            row[AT - 1] = row[AT + 15];
        }
        for row in &mut self.chroma {
            (row[AT - 1], row[RED - 1]) = (row[AT + 7], row[RED + 7]);
        }
        self.luma[0][AT..AT + 16].copy_from_slice(&above[..16]);
        self.chroma[0][AT..AT + 8].copy_from_slice(&above[16..24]);
        self.chroma[0][RED..].copy_from_slice(&above[24..]);
    }

    /// The pixels to the right of those above, for the subblocks at the right edge: all four of them take these.
    #[inline(always)]
    pub(in crate::webp) fn set_right(&mut self, right: [u8; 4]) {
        for row in [0, 4, 8, 12] {
            self.luma[row][AT + 16..][..4].copy_from_slice(&right);
        }
    }

    /// Leaves the last row of pixels for the macroblock below.
    #[inline(always)]
    pub(in crate::webp) fn leave(&self, above: &mut [u8; 32]) {
        above[..16].copy_from_slice(&self.luma[16][AT..AT + 16]);
        above[16..24].copy_from_slice(&self.chroma[8][AT..AT + 8]);
        above[24..].copy_from_slice(&self.chroma[8][RED..]);
    }
}
