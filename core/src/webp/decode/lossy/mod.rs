//! Decoding lossy pictures: the key frames of VP8 (RFC 6386).
//!
//! The path of the data, file by file:
//!
//! | file | what | RFC 6386 |
//! |---|---|---|
//! | `header` | the frame header | 9.2 to 9.11 |
//! | `boolean` | bits whose chances are known | 7 |
//! | `modes` | how macroblocks are predicted | 8, 11 |
//! | `residual` | coefficients, and what they add to the prediction | 13, 14 |
//! | `frame` | rows of macroblocks | |
//! | `window`, `deblock`, `filter` | the rows at work, the loop filter | 15 |
//! | `output`, `colour` | rows of planes or of pixels | 9.2 |

mod boolean;
mod colour;
mod deblock;
mod filter;
mod frame;
mod header;
mod modes;
mod output;
mod residual;
mod window;

pub(crate) use frame::Edges;
pub(crate) use output::{pixels, planes};

#[cfg(test)]
pub(in crate::webp) mod testing {
    use super::Edges;
    use super::frame;
    use crate::budget::Budget;
    use crate::error::Result;

    /// The size and the planes of a picture, without the loop filter.
    pub(in crate::webp) fn unfiltered(data: &[u8], budget: &Budget) -> Result<(usize, usize, [Vec<u8>; 3])> {
        smoothed(data, Edges::None, budget)
    }

    /// The same with these edges smoothed.
    pub(in crate::webp) fn smoothed(
        data: &[u8],
        edges: Edges,
        budget: &Budget,
    ) -> Result<(usize, usize, [Vec<u8>; 3])> {
        let header = super::header::Header::read(data)?;
        let (width, height) = (header.width, header.height);
        let half = width.div_ceil(2);
        let mut planes = [vec![], vec![], vec![]];
        frame::decode(data, edges, budget, &mut |band| {
            for row in 0..band.rows {
                planes[0].extend_from_slice(&band.luma(row)[..width]);
            }
            let (mut blue, mut red) = (vec![0; half], vec![0; half]);
            for row in 0..band.rows.div_ceil(2) {
                band.chroma(row, &mut blue, &mut red);
                planes[1].extend_from_slice(&blue);
                planes[2].extend_from_slice(&red);
            }
            Ok(())
        })?;
        Ok((width, height, planes))
    }
}
