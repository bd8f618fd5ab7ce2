//! What the bytes of a call are, and how much damage in them is accepted.

use serde::{Deserialize, Serialize};

use crate::colour::Colour;
use crate::error::Result;
use crate::options::options;

pub use crate::request::Tolerate;

/// What the bytes of a call are. Default: `"file"`.
///
/// ```
/// use keenpix::input::{Input, Raw};
/// use keenpix::{Limits, Plan, transform};
///
/// let plan = Plan::new().with_input(Input::Raw(Raw::new(2, 1, 3)));
/// let output = transform(&[255, 0, 0, 0, 0, 255], &plan, &Limits::default())?; // a red and a blue pixel
/// assert_eq!((output.width, output.height), (2, 1));
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Input {
    /// An image file; its format is detected from the content.
    #[default]
    File,
    /// Pixels without a header, as many bytes as width × height × channels:
    /// `{"raw": {"width": 2, "height": 1, "channels": 3}}`.
    Raw(Raw),
    /// An image of one colour; no bytes are given.
    Create(Create),
}

impl Input {
    /// Refuses sizes and channels that no picture has.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Input::File => Ok(()),
            Input::Raw(raw) => raw.check_ranges().map_err(|error| error.at("raw")),
            Input::Create(create) => create.check_ranges().map_err(|error| error.at("create")),
        }
    }
}

options! {
    /// The layout of raw pixels: rows from the top, pixels from the left, channels interleaved, 8 bits each, no
    /// padding.
    ///
    /// ```
    /// use keenpix::input::{Input, Raw};
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_input(Input::Raw(Raw::new(2, 2, 1)));
    /// assert!(transform(&[0, 85, 170, 255], &plan, &Limits::default()).is_ok());
    /// let missing = transform(&[0, 85, 170], &plan, &Limits::default());
    /// assert!(missing.is_err());
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Raw (
        /// Width, in pixels, at least 1.
        width: u32, 1..;
        /// Height, in pixels, at least 1.
        height: u32, 1..;
        /// 1 to 4: 1 (grey), 2 (grey, alpha), 3 (sRGB) or 4 (sRGB, alpha); alpha is not premultiplied.
        channels: u8, 1..=4;
    )
}

options! {
    /// An image of one colour.
    ///
    /// ```
    /// use keenpix::input::{Create, Input};
    /// use keenpix::{Colour, Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_input(Input::Create(Create::new(32, 16, 3, Colour::WHITE)));
    /// let blank = transform(&[], &plan, &Limits::default())?;
    /// assert_eq!((blank.width, blank.height), (32, 16));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Create (
        /// Width, in pixels, at least 1.
        width: u32, 1..;
        /// Height, in pixels, at least 1.
        height: u32, 1..;
        /// 3 to 4: 3 (sRGB) or 4 (sRGB, alpha).
        channels: u8, 3..=4;
        /// The colour.
        background: Colour;
    )
}
