//! The output formats and their options: each option lives in the format that has it.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Reason, Result};
use crate::format::Format;
use crate::options::options;

/// The output's format and its options: `{"format": "webp", "quality": 80}`.
///
/// ```
/// use keenpix::encode::{Encode, Jpeg};
/// use keenpix::{Format, Plan};
///
/// let plan = Plan::from_json(r#"{"encode": {"format": "jpeg", "quality": 70}}"#)?;
/// assert_eq!(plan.encode, Some(Encode::Jpeg(Jpeg::new().with_quality(70))));
/// assert_eq!(Encode::default_for(Format::Bmp), None); // read only
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "format", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Encode {
    /// JPEG.
    Jpeg(Jpeg),
    /// PNG.
    Png(Png),
    /// WebP.
    Webp(Webp),
    /// GIF.
    Gif(Gif),
    /// AVIF; needs the feature `avif`.
    Avif(Avif),
    /// Pixels without a header, 8 bits per channel, interleaved.
    Raw(RawPixels),
}

impl Encode {
    /// The default options of a format, or `None` for one that keenpix only reads.
    pub fn default_for(format: Format) -> Option<Self> {
        Some(match format {
            Format::Jpeg => Encode::Jpeg(Jpeg::default()),
            Format::Png => Encode::Png(Png::default()),
            Format::Webp => Encode::Webp(Webp::default()),
            Format::Gif => Encode::Gif(Gif::default()),
            Format::Avif => Encode::Avif(Avif::default()),
            Format::Raw => Encode::Raw(RawPixels::default()),
            Format::Bmp | Format::Ico | Format::Svg => return None,
        })
    }

    /// The format.
    pub fn format(&self) -> Format {
        match self {
            Encode::Jpeg(_) => Format::Jpeg,
            Encode::Png(_) => Format::Png,
            Encode::Webp(_) => Format::Webp,
            Encode::Gif(_) => Format::Gif,
            Encode::Avif(_) => Format::Avif,
            Encode::Raw(_) => Format::Raw,
        }
    }

    /// Refuses numbers out of their ranges, options that contradict each other, and formats that this build can't
    /// write.
    pub(crate) fn check(&self) -> Result<()> {
        let available = match self {
            Encode::Jpeg(_) => cfg!(feature = "jpeg"),
            Encode::Png(_) => cfg!(feature = "png"),
            Encode::Webp(_) => cfg!(feature = "webp"),
            Encode::Gif(_) => cfg!(feature = "gif"),
            Encode::Avif(_) => cfg!(feature = "avif"),
            Encode::Raw(_) => true,
        };
        if !available {
            return Err(Error::not_written(self.format()));
        }
        match self {
            Encode::Jpeg(options) => options.check_ranges(),
            Encode::Png(options) => options.check_ranges(),
            Encode::Webp(options) => options.check(),
            Encode::Gif(options) => options.check_ranges(),
            Encode::Avif(options) => options.check_ranges(),
            Encode::Raw(RawPixels {}) => Ok(()),
        }
    }
}

options! {
    /// JPEG options.
    ///
    /// ```
    /// use keenpix::encode::{Chroma, Jpeg};
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_encode(Jpeg::new().with_quality(70).with_chroma(Chroma::Full));
    /// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
    /// assert_eq!(output.bytes[..2], [0xff, 0xd8]);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Jpeg {
        /// Quality, 1 to 100, on libjpeg's scale. Default: 80.
        quality (with_quality): u8 = 80, 1..=100;
        /// Whether the image is stored in passes from coarse to fine. Default: `false`.
        progressive (with_progressive): bool = false;
        /// Chroma subsampling. Default: `4:2:0`.
        chroma (with_chroma): Chroma = Chroma::Half;
        /// Whether to optimise the Huffman tables even at an `effort` below 3. Default: `false`.
        optimise (with_optimise): bool = false;
        /// Effort for fewer bytes at the same quality, 0 to 9: from 3 on optimised Huffman tables, from 5 on trellis
        /// quantisation, from 7 on a progressive file whose scans are chosen by trial. Default: 3.
        effort (with_effort): u8 = 3, 0..=9;
    }
}

/// Chroma subsampling.
///
/// ```
/// use keenpix::encode::{Avif, Chroma};
///
/// let sharp_text = Avif::new().with_chroma(Chroma::Full);
/// assert_ne!(sharp_text.chroma, Chroma::default()); // 4:2:0
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Chroma {
    /// 4:2:0: half the columns and half the rows.
    #[default]
    #[serde(rename = "4:2:0")]
    Half,
    /// 4:2:2: half the columns.
    #[serde(rename = "4:2:2")]
    HalfWidth,
    /// 4:4:4: full resolution.
    #[serde(rename = "4:4:4")]
    Full,
}

impl Chroma {
    /// Columns and rows of pixels that share a sample.
    pub(super) fn cell(self) -> (u32, u32) {
        match self {
            Chroma::Half => (2, 2),
            Chroma::HalfWidth => (2, 1),
            Chroma::Full => (1, 1),
        }
    }
}

options! {
    /// PNG options.
    ///
    /// ```
    /// use keenpix::encode::Png;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_encode(Png::new().with_palette(true).with_colours(16));
    /// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
    /// assert!(output.bytes.starts_with(b"\x89PNG"));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Png {
        /// Compression, 0 (none) to 10 (smallest and slowest). From 1 on, the row filter and the way to compress are
        /// those that suit the picture best, by a sample of its rows; 10 tries all of them on all rows and looks for
        /// the fewest bits, for files that are made once: it takes twenty times as long as 9, or more. Default: 2.
        compression (with_compression): u8 = 2, 0..=10;
        /// Whether the image is stored in seven passes from coarse to fine (Adam7), at the cost of more bytes. Default:
        /// `false`.
        progressive (with_progressive): bool = false;
        /// Whether each row gets a filter of its own, or all the same one. Default: what suits the picture; the same
        /// one, none, with a palette.
        adaptive (with_adaptive): bool;
        /// Whether colours are reduced to a palette. Default: `false`.
        palette (with_palette): bool = false;
        /// Maximum colours in the palette, 2 to 256. Default: 256.
        colours (with_colours): u16 = 256, 2..=256;
        /// Quality of a palette image, 0 to 100: below 100 it uses only as many of its `colours` as it needs to reach
        /// that quality. Default: 100.
        quality (with_quality): u8 = 100, 0..=100;
        /// Strength of dithering for a palette image, 0 to 100. Default: 100.
        dither (with_dither): u8 = 100, 0..=100;
        /// Whether to drop channels without content: alpha that is opaque everywhere, colours that are all grey.
        /// Default: `true`.
        reduce (with_reduce): bool = true;
        /// How many times an animation plays, 0 for forever. Default: as in the input.
        loops (with_loops): u16;
        /// How long each frame of an animation is shown, in milliseconds. Default: as in the input.
        delay (with_delay): u16;
    }
}

options! {
    /// WebP options.
    ///
    /// ```
    /// use keenpix::encode::Webp;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_encode(Webp::new().with_quality(75).with_effort(2));
    /// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
    /// assert_eq!(output.bytes[8..12], *b"WEBP");
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Webp {
        /// Quality of lossy compression, 0 to 100. Default: 80.
        quality (with_quality): u8 = 80, 0..=100;
        /// Whether compression is lossless. Default: `false`.
        lossless (with_lossless): bool = false;
        /// Effort, 0 (fastest) to 6 (smallest). Default: 4.
        effort (with_effort): u8 = 4, 0..=6;
        /// Quality of the alpha channel, 0 to 100. Default: 100.
        alpha (with_alpha): u8 = 100, 0..=100;
        /// With `lossless`, how close pixels stay to the original where a change makes the file smaller, 0 (farthest)
        /// to 100 (unchanged). Default: 100.
        near (with_near): u8 = 100, 0..=100;
        /// Whether to subsample chroma with care for sharp edges between colours, which takes longer. Default: `false`.
        sharp (with_sharp): bool = false;
        /// Whether to keep the colours of transparent pixels. Default: `false`.
        exact (with_exact): bool = false;
        /// The kind of image to tune lossy compression for. Default: `default`.
        preset (with_preset): Preset = Preset::Default;
        /// How many times an animation plays, 0 for forever. Default: as in the input.
        loops (with_loops): u16;
        /// How long each frame of an animation is shown, in milliseconds. Default: as in the input.
        delay (with_delay): u16;
    }
}

impl Webp {
    fn check(&self) -> Result<()> {
        self.check_ranges()?;
        if self.near < 100 && !self.lossless {
            return Err(Error::out_of_range("near", "100 without lossless", self.near).because(Reason::Contradiction));
        }
        Ok(())
    }
}

/// A kind of image: libwebp's presets.
///
/// ```
/// use keenpix::encode::{Preset, Webp};
///
/// let drawing = Webp::new().with_preset(Preset::Drawing);
/// assert_eq!(drawing.preset, Preset::Drawing);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Preset {
    /// Any.
    #[default]
    Default,
    /// A portrait or an indoor shot.
    Picture,
    /// An outdoor photograph.
    Photo,
    /// A drawing with high-contrast lines.
    Drawing,
    /// A small, colourful image.
    Icon,
    /// Text.
    Text,
}

options! {
    /// GIF options.
    ///
    /// ```
    /// use keenpix::encode::Gif;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_encode(Gif::new().with_colours(64).with_dither(50));
    /// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
    /// assert!(output.bytes.starts_with(b"GIF89a"));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Gif {
        /// Maximum colours in a frame, 2 to 256. Default: 256.
        colours (with_colours): u16 = 256, 2..=256;
        /// Strength of dithering, 0 to 100. Default: 100.
        dither (with_dither): u8 = 100, 0..=100;
        /// Whether the rows of a frame are stored in four passes from coarse to fine. Default: `false`.
        progressive (with_progressive): bool = false;
        /// Whether to write a frame that equals the one before it; if not, that one is shown for longer. Default:
        /// `true`.
        duplicates (with_duplicates): bool = true;
        /// How far a pixel's colour may differ from the one already shown and still be left unchanged, 0 to 32 levels:
        /// higher values make opaque animations smaller. Default: 0.
        change (with_change): u8 = 0, 0..=32;
        /// How many times an animation plays, 0 for forever. Default: as in the input.
        loops (with_loops): u16;
        /// How long each frame of an animation is shown, in milliseconds, in steps of 10. Default: as in the input.
        delay (with_delay): u16;
    }
}

options! {
    /// AVIF options.
    ///
    /// ```
    /// use keenpix::Plan;
    /// use keenpix::encode::Avif;
    ///
    /// let plan = Plan::new().with_encode(Avif::new().with_quality(60).with_effort(2));
    /// assert_eq!(plan, Plan::from_json(r#"{"encode": {"format": "avif", "quality": 60, "effort": 2}}"#)?);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct Avif {
        /// Quality, 1 to 100. Default: 50.
        quality (with_quality): u8 = 50, 1..=100;
        /// Effort, 0 (fastest) to 9 (smallest). Default: 4.
        effort (with_effort): u8 = 4, 0..=9;
        /// Chroma subsampling. Of a picture so large that it is a grid, `4:4:4` if a side is odd. Default: `4:4:4`.
        chroma (with_chroma): Chroma = Chroma::Full;
        /// Whether compression is lossless, whatever `quality` and `chroma` say. Default: `false`.
        lossless (with_lossless): bool = false;
    }
}

options! {
    /// Raw output: it has no options. How many channels there are, the output says.
    ///
    /// ```
    /// use keenpix::encode::RawPixels;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let plan = Plan::new().with_encode(RawPixels::new());
    /// let output = transform(include_bytes!("../../tests/images/rgb.png"), &plan, &Limits::default())?;
    /// assert_eq!(output.bytes.len(), 64 * 48 * usize::from(output.channels));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    #[derive(Copy, Eq)]
    pub struct RawPixels {}
}

macro_rules! into_encode {
    ($($options:ident => $variant:ident,)*) => {$(
        impl From<$options> for Encode {
            fn from(options: $options) -> Self {
                Encode::$variant(options)
            }
        }
    )*};
}

into_encode! { Jpeg => Jpeg, Png => Png, Webp => Webp, Gif => Gif, Avif => Avif, RawPixels => Raw, }
