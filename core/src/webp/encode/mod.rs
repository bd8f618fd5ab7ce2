//! Encoding pictures, without their container.

pub(crate) mod alpha;
pub(crate) mod lossless;
pub(crate) mod lossy;
