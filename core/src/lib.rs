//! Image bytes and a plan in, right-sized image bytes out.
//!
//! keenpix decodes, orients, crops, resizes and re-encodes the images that users upload: fast, within limits that the
//! host sets, and with errors that say whose fault it is.
//!
//! ```text
//! bytes → open → limits → geometry → decode (shrink on load) → orient → crop + resize → effects → encode → bytes
//! ```
//!
//! # An avatar
//!
//! ```
//! use keenpix::encode::Webp;
//! use keenpix::plan::Anchor;
//! use keenpix::{Limits, Plan, Resize, transform};
//!
//! # let upload = include_bytes!("../tests/images/orientation-6.jpg");
//! let plan = Plan::new()
//!     .with_resize(Resize::new().with_width(64).with_height(64).with_position(Anchor::Attention))
//!     .with_encode(Webp::new().with_quality(80));
//! let avatar = transform(upload, &plan, &Limits::default())?;
//! assert_eq!((avatar.width, avatar.height, avatar.format.media_type()), (64, 64, "image/webp"));
//! # Ok::<(), keenpix::Error>(())
//! ```
//!
//! A [`Plan`] is plain data, and may come from a JSON file or a request: see [`Plan::from_json`]. What a call
//! may use is not part of it: [`Limits`] belong to the host.
//!
//! - [`transform`] turns one image into another, [`transform_many`] makes several with one decode, [`probe`] reads the
//!   header, [`inspect`] the metadata too, [`stats`] computes pixel statistics.
//! - [`Error::code`] is a stable string for each kind of error.
//! - [`Plan::effects`] are applied to the resized image: blur, sharpen, tint and others, see [`effect`].
//! - Formats are detected by content: JPEG, PNG, WebP, GIF, BMP, ICO and, with the feature `avif`, AVIF.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `jpeg`, `png`, `webp`, `gif` | yes | reading and writing that format |
//! | `bmp` | yes | reading BMP and ICO |
//! | `avif` | no | reading and writing AVIF |
//! | `svg` | no | reading SVG, as input and as a layer |
//! | `s3` | no | [`s3`](https://docs.rs/keenpix/latest/keenpix/s3/): S3 events in, images out |
//! | `schema` | no | `schemars::JsonSchema` for [`Plan`] and [`Info`] |
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(
        feature = "jpeg",
        feature = "png",
        feature = "webp",
        feature = "gif",
        feature = "bmp"
    )),
    allow(
        dead_code,
        unused_imports,
        unused_variables,
        reason = "some parts serve only some of the formats"
    )
)]

mod blob;
mod budget;
mod canvas;
mod colour;
mod decode;
#[cfg(feature = "png")]
mod deflate;
mod effects;
pub mod encode;
mod error;
mod format;
mod frames;
mod geometry;
#[cfg(any(feature = "png", feature = "webp"))]
mod huffman;
mod image;
mod info;
pub mod input;
mod inspect;
#[cfg(feature = "jpeg")]
pub mod jpeg;
mod json;
mod limits;
mod metadata;
mod options;
mod orientation;
mod output;
mod panics;
mod pipeline;
pub mod plan;
mod planar;
mod position;
mod rect;
mod render;
mod request;
mod resize;
mod rows;
#[cfg(feature = "s3")]
pub mod s3;
mod smartcrop;
mod stats;
mod trim;
#[cfg(feature = "webp")]
mod webp;

pub use colour::Colour;
pub use error::{Error, Fault, LimitKind, Reason, Result};
pub use format::Format;
pub use info::{ColourModel, Info};
pub use inspect::{Inspection, inspect};
pub use limits::{Cancel, Limits};
pub use metadata::Comment;
pub use output::Output;
pub use pipeline::{probe, transform, transform_many};
/// What can be done to the resized image: [`Effect`](effect::Effect), and a struct of options for each.
pub mod effect {
    pub use crate::effects::*;
}
pub use plan::{Crop, Fit, Plan, Resize};
pub use stats::{ChannelStats, Dominant, Stats, stats};
