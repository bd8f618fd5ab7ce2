//! Image bytes and a plan in, right-sized image bytes out.
#![forbid(unsafe_code)]

mod decode;
mod encode;
mod error;
mod format;
mod image;
pub mod jpeg;
mod limits;
mod plan;

pub use error::{Error, LimitKind, Result};
pub use format::Format;
pub use limits::{Cancel, Limits};
pub use plan::Tolerate;
