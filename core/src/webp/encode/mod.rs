//! Encoding pictures, without their container.

pub(crate) mod lossless;
