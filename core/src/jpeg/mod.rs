//! A JPEG engine of its own (ITU-T T.81), usable without the rest of the crate.
//!
//! It shrinks while it decodes, hands over Y'CbCr planes without a detour through RGB, and works row by row.

pub mod decode;
