//! JPEG, ITU-T T.81 | ISO/IEC 10918-1, in safe Rust.
//!
//! [`encode`] writes baseline and progressive files from Y'CbCr planes, grey or RGB.

pub mod encode;
