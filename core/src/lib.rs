//! Image bytes and a plan in, right-sized image bytes out.
#![forbid(unsafe_code)]

mod decode;
#[cfg(feature = "avif")]
mod encode;
mod error;
mod format;
mod image;
pub mod jpeg;
mod limits;
mod plan;
mod probe;
mod resize;
mod smartcrop;

pub use error::{Error, LimitKind, Result};
pub use format::Format;
pub use limits::{Cancel, Limits};
pub use plan::{
    Anchor, Avif, Chroma, Colour, Crop, Encode, Fit, Frames, Gif, Jpeg, Kernel, Metadata, Orient, Plan, Png, Position,
    Resize, Tolerate, Webp,
};
pub use probe::{ColourModel, Info};
