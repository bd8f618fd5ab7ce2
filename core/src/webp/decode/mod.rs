//! Decoding pictures, without their container: lossy ones, their alpha, lossless ones.

pub(crate) mod alpha;
pub(crate) mod lossless;
pub(crate) mod lossy;
