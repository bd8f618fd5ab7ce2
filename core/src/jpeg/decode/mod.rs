//! Decoding JPEG files: ITU-T T.81 baseline, extended sequential and progressive with 8 bits, Huffman or arithmetic
//! coding; lossless with 2 to 16 bits, brought to 8, and Huffman coding.
//!
//! The path of the data, file by file:
//!
//! | file | what | T.81 |
//! |---|---|---|
//! | `markers` | marker segments | B.1 |
//! | `header` | frame header, application segments: the kind of file | B.2 |
//! | `tables` | tables as the file defines them | B.2.4 |
//! | `frame` | components, blocks, scale | A.1, A.2 |
//! | `scan` | scan headers | B.2.3 |
//! | `entropy` | bytes of a scan, restart intervals | E.2.4, F.1.2.3 |
//! | `bits` | bits of those | F.2.2 |
//! | `huffman` | look-up tables | C, F.2.2.3 |
//! | `arithmetic` | numbers from binary decisions | D, F.1.4 |
//! | `blocks`, `sequential` | coefficients of sequential scans | F.2 |
//! | `progressive` | coefficients of progressive scans | G |
//! | `lossless` | samples of lossless scans | H |
//! | `idct` | samples, at four scales | A.3.3 |
//! | `output`, `upsample`, `colour` | rows of planes or of pixels | A.2, JFIF |
//! | `stream` | all of it | |

mod api;
mod arithmetic;
mod bits;
mod blocks;
mod colour;
#[cfg(target_arch = "x86_64")]
mod colour_x86;
mod damage;
mod entropy;
mod frame;
mod header;
mod huffman;
mod idct;
mod lossless;
mod markers;
mod output;
mod progressive;
mod scan;
mod sequential;
mod stream;
mod tables;
#[cfg(test)]
mod tests;
mod upsample;

pub use api::{Decoder, Picture, Plane, Scale};
pub(crate) use header::Parsed;
pub use header::{Colour, Header};
pub(crate) use stream::decode;
