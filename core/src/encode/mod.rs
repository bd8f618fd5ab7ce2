//! Pixels to bytes: one adapter for each format.

pub(crate) mod jpeg;
