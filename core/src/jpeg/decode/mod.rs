//! Decoding JPEG files: ITU-T T.81 baseline, extended sequential and progressive, with Huffman coding and 8 bits.
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
//! | `blocks`, `sequential` | coefficients of sequential scans | F.2 |
//! | `progressive` | coefficients of progressive scans | G |
//! | `idct` | samples, at four scales | A.3.3 |
//! | `output`, `upsample`, `colour` | rows of planes or of pixels | A.2, JFIF |
//! | `stream` | all of it | |

mod api;
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
