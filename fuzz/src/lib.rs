//! What must hold for any bytes. Each module has one property, which its first lines state: `check` panics if it
//! doesn't hold. libFuzzer calls them with bytes of its own (`libfuzzer/`), the test `fuzzed` with those that it left
//! behind (`corpus/`).

#[cfg(feature = "avif")]
pub mod avif;
pub mod bmp;
pub mod gif;
pub mod jpeg_decode;
pub mod jpeg_encode;
pub mod metadata;
pub mod plan;
pub mod png;
pub mod png_encode;
pub mod probe;
pub mod svg;
pub mod transform;
pub mod webp_decode;
pub mod webp_encode;

mod libwebp;
mod shared;

/// A property: panics if these bytes break it.
pub type Check = fn(&[u8]);

/// All of them, by name.
pub const CHECKS: &[(&str, Check)] = &[
    #[cfg(feature = "avif")]
    ("avif", avif::check),
    ("bmp", bmp::check),
    ("gif", gif::check),
    ("jpeg_decode", jpeg_decode::check),
    ("jpeg_encode", jpeg_encode::check),
    ("metadata", metadata::check),
    ("plan", plan::check),
    ("png", png::check),
    ("png_encode", png_encode::check),
    ("probe", probe::check),
    ("svg", svg::check),
    ("transform", transform::check),
    ("webp_decode", webp_decode::check),
    ("webp_encode", webp_encode::check),
];
