//! A picture to bytes: one adapter for each format.

#[cfg(feature = "avif")]
pub(crate) mod avif;
