//! A JPEG encoder: baseline and progressive DCT with Huffman coding, 8 bits (T.81 Annexes F and G).
//!
//! | file | what | T.81 |
//! |---|---|---|
//! | `options` | the options and their defaults | |
//! | `frame` | components, MCUs, scans | A.1, A.2, B.2.2 |
//! | `source`, `colour` | blocks of samples from planes or RGB | JFIF |
//! | `fdct`, `fdct_avx2` | the forward DCT | A.3.3 |
//! | `quant` | tables and division | A.3.4, K.1 |
//! | `zigzag` | the order of coefficients | A.3.6 |
//! | `sequential`, `progressive` | from blocks to Huffman symbols | F.1.2, G.1.2 |
//! | `trellis` | quantisation for the fewest bits at the same quality | |
//! | `script` | the scans of a progressive file | G.1.1 |
//! | `tokens`, `huffman`, `bits` | from symbols to codes to bytes | C, K.2, K.3, F.1.2.3 |
//! | `markers` | everything between | B |
//!
//! # Choosing
//!
//! 13 photographs, 0.2 to 0.8 megapixels, RGB to 4:2:0 at quality 80. Bytes are the geometric mean against sharp
//! 0.35's default (Annex K tables, optimised Huffman tables) at equal SSIMULACRA2, image by image; CPU
//! is that of 720×588 from planes, against libjpeg-turbo 2.1.5 with Annex K and standard Huffman tables (0.77 ms).
//!
//! | setting | bytes | worst image | CPU |
//! |---|---|---|---|
//! | Annex K, effort 0 | 1.018 | 1.040 | 0.95 |
//! | Annex K, effort 3 | 1.000 | 1.006 | 1.08 |
//! | Robidoux, effort 0 | 0.938 | 1.000 | 0.92 |
//! | Robidoux, effort 3 | 0.917 | 0.989 | 1.08 |
//! | adaptive, effort 0 | 0.934 | 0.988 | 0.92 |
//! | **adaptive, effort 3** | **0.910** | **0.968** | **1.08** |
//! | adaptive, progressive | 0.889 | 0.945 | 2.2 |
//! | adaptive, effort 5 | 0.893 | 0.949 | 6.4 |
//! | adaptive, effort 7 | 0.872 | 0.921 | 14.8 |
//! | sharp with `mozjpeg: true` | 0.894 | 0.966 | about 50 |
//!
//! The default is in bold: counting symbols adds a sixth of the time and saves 2.5 % of the bytes. The
//! program `jpeg-encode` in `benches` repeats the timings.

mod bits;
mod coefficients;
mod colour;
mod fdct;
#[cfg(target_arch = "x86_64")]
mod fdct_avx2;
mod file;
mod frame;
mod huffman;
mod markers;
mod options;
mod progressive;
mod quant;
mod script;
mod sequential;
mod source;
#[cfg(test)]
mod tests;
mod tokens;
mod trellis;
mod zigzag;

pub use options::{Options, QuantTables, Subsampling};

use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::limits::Limits;

/// Rows of 8-bit samples, planar or interleaved.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Samples, or pixels, in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes from the start of one row to the start of the next.
    pub stride: usize,
    /// The rows; the last one may end with its last sample.
    pub data: &'a [u8],
}

/// What to encode.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Picture<'a> {
    /// Grey samples.
    Grey(View<'a>),
    /// Red, green and blue, interleaved: three bytes per pixel.
    Rgb(View<'a>),
    /// Y', Cb and Cr as JFIF has them (BT.601, full range). The chroma planes are as wide as luma, or half as
    /// wide (rounded up), and likewise in height; both have the same size.
    YCbCr([View<'a>; 3]),
}

/// What a file carries besides the image.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Metadata<'a> {
    /// An ICC profile, up to 16 MB.
    pub icc: Option<&'a [u8]>,
    /// An EXIF block, from its TIFF header on, up to 65,527 bytes.
    pub exif: Option<&'a [u8]>,
    /// An XMP packet, up to 65,504 bytes.
    pub xmp: Option<&'a [u8]>,
    /// Photoshop's image resources, which hold IPTC's fields: from `Photoshop 3.0` on, up to 65,533 bytes.
    pub iptc: Option<&'a [u8]>,
    /// Dots per inch, for JFIF. Without it the samples are square, with no physical size.
    pub density: Option<u16>,
}

impl<'a> Metadata<'a> {
    /// Nothing besides the image.
    #[must_use]
    pub fn new() -> Self {
        Metadata::default()
    }

    /// Sets [`Metadata::icc`].
    #[must_use]
    pub fn with_icc(mut self, icc: &'a [u8]) -> Self {
        self.icc = Some(icc);
        self
    }

    /// Sets [`Metadata::exif`].
    #[must_use]
    pub fn with_exif(mut self, exif: &'a [u8]) -> Self {
        self.exif = Some(exif);
        self
    }

    /// Sets [`Metadata::xmp`].
    #[must_use]
    pub fn with_xmp(mut self, xmp: &'a [u8]) -> Self {
        self.xmp = Some(xmp);
        self
    }

    /// Sets [`Metadata::iptc`].
    #[must_use]
    pub fn with_iptc(mut self, iptc: &'a [u8]) -> Self {
        self.iptc = Some(iptc);
        self
    }

    /// Sets [`Metadata::density`].
    #[must_use]
    pub fn with_density(mut self, density: u16) -> Self {
        self.density = Some(density);
        self
    }
}

/// Encodes an image.
///
/// ```
/// use keenpix::jpeg::encode::{Metadata, Options, Picture, View, encode};
///
/// let pixels = vec![200; 3 * 64 * 48];
/// let view = View { width: 64, height: 48, stride: 3 * 64, data: &pixels };
/// let options = Options::new().with_quality(75);
/// let file = encode(&Picture::Rgb(view), &options, &Metadata::new())?;
/// assert_eq!(file[..2], [0xff, 0xd8]);
/// # Ok::<(), keenpix::Error>(())
/// ```
///
/// # Errors
/// [`Error::Encoder`] if the views are too short for their size, the chroma planes do not fit the luma plane, a
/// side is 0 or above 65,535, or metadata is too long; [`Error::BadPlan`] for a quality or effort out of range;
/// [`Error::Limit`] above 512 MB of working memory.
pub fn encode(picture: &Picture, options: &Options, metadata: &Metadata) -> Result<Vec<u8>> {
    encode_within(picture, options, metadata, &Budget::new(&Limits::default()))
}

/// Like [`encode`], charging a call's budget.
pub(crate) fn encode_within(
    picture: &Picture,
    options: &Options,
    metadata: &Metadata,
    budget: &Budget,
) -> Result<Vec<u8>> {
    if !(1..=100).contains(&options.quality) {
        return Err(Error::out_of_range("quality", "1 to 100", options.quality));
    }
    if options.effort > 9 {
        return Err(Error::out_of_range("effort", "0 to 9", options.effort));
    }
    file::write(picture, options, metadata, budget)
}

impl<'a> View<'a> {
    /// Row number `y`, with `channels` bytes per pixel.
    fn row(&self, y: usize, channels: usize) -> &'a [u8] {
        &self.data[y * self.stride..][..self.width as usize * channels]
    }

    /// Whether all rows are present.
    fn check(&self, name: &str, channels: usize) -> Result<()> {
        let row = (self.width as usize).saturating_mul(channels);
        let before = (self.height as usize).saturating_sub(1).saturating_mul(self.stride);
        let needed = before.saturating_add(row);
        if self.stride < row || self.data.len() < needed {
            let View {
                width, height, stride, ..
            } = self;
            let bytes = self.data.len();
            let reason =
                format!("{name} of {width}×{height}, rows {stride} bytes apart: {needed} bytes needed, {bytes} given");
            return Err(Error::encoder(Format::Jpeg, reason));
        }
        Ok(())
    }
}
