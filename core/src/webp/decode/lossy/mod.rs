//! Decoding lossy pictures: the key frames of VP8 (RFC 6386).
//!
//! The path of the data, file by file:
//!
//! | file | what | RFC 6386 |
//! |---|---|---|
//! | `header` | the frame header | 9.2 to 9.11 |
//! | `boolean` | bits whose chances are known | 7 |
//! | `modes` | how macroblocks are predicted | 8, 11 |
//! | `residual`, `quant` | coefficients | 13, 14.1 |
//! | `transform` | what they add to the prediction | 14.3, 14.4 |
//! | `predict` | the prediction | 12 |
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
mod predict;
mod quant;
mod residual;
mod transform;
mod window;

pub(crate) use output::{pixels, planes};
