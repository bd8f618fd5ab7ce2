//! A JPEG engine of its own, in safe Rust, usable without the rest of the crate: ITU-T T.81 | ISO/IEC 10918-1.
//!
//! [`decode`] shrinks while it decodes, hands over Y'CbCr planes without a detour through RGB, and works row by row.
//! [`encode`] writes baseline and progressive files from Y'CbCr planes, grey or RGB.

pub mod decode;
pub mod encode;
