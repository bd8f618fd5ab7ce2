//! A WebP engine in safe Rust: RFC 6386 (VP8) and RFC 9649 (WebP).

pub(crate) mod decode;
pub(crate) mod encode;
mod near;
mod tables;
mod vp8;
