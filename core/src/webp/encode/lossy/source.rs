//! The picture that is encoded, macroblock by macroblock.

/// Y'CbCr of BT.601 in studio swing (16 to 235, 16 to 240), chroma halved in both directions, rounded up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planes<'a> {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// `width × height` bytes.
    pub(crate) luma: &'a [u8],
    /// Cb and Cr: `⌈width / 2⌉ × ⌈height / 2⌉` bytes each.
    pub(crate) chroma: [&'a [u8]; 2],
}

impl Planes<'_> {
    pub(super) fn columns(&self) -> usize {
        self.width.div_ceil(16)
    }

    pub(super) fn rows(&self) -> usize {
        self.height.div_ceil(16)
    }

    /// Sixteen rows of a macroblock. Beyond the picture, its last row and column are repeated.
    #[inline(always)]
    pub(super) fn luma(&self, row: usize, column: usize) -> [[u8; 16]; 16] {
        block(self.luma, (self.width, self.height), row, column)
    }

    /// Eight rows of Cb and Cr, side by side.
    #[inline(always)]
    pub(super) fn chroma(&self, row: usize, column: usize) -> [[u8; 16]; 8] {
        let size = (self.width.div_ceil(2), self.height.div_ceil(2));
        let [blue, red] = self.chroma.map(|plane| block::<8>(plane, size, row, column));
        let mut rows = [[0; 16]; 8];
        for ((row, blue), red) in rows.iter_mut().zip(&blue).zip(&red) {
            row[..8].copy_from_slice(blue);
            row[8..].copy_from_slice(red);
        }
        rows
    }
}

#[inline(always)]
fn block<const N: usize>(plane: &[u8], (width, height): (usize, usize), row: usize, column: usize) -> [[u8; N]; N] {
    let mut rows = [[0; N]; N];
    let start = column * N;
    for (y, out) in rows.iter_mut().enumerate() {
        let from = (row * N + y).min(height - 1) * width;
        let line = &plane[from + start..from + width];
        match line.first_chunk::<N>() {
            Some(whole) => *out = *whole,
            None => {
                let (inside, beyond) = out.split_at_mut(line.len());
                inside.copy_from_slice(line);
                beyond.fill(line[line.len() - 1]);
            }
        }
    }
    rows
}
