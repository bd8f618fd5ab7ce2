//! The output formats and their options: each option lives in the format that has it.

use serde::{Deserialize, Serialize};

use crate::format::Format;

/// The output's format and its options: `{"format": "webp", "quality": 80}`.
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
    /// Pixels without a header, 8 bits a channel, interleaved.
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
}

/// JPEG options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Jpeg {
    /// Quality, 1 to 100, on libjpeg's scale. Default: 80.
    pub quality: u8,
    /// Whether the picture comes in passes from coarse to fine. Default: `false`.
    pub progressive: bool,
    /// Chroma subsampling. Default: `4:2:0`.
    pub chroma: Chroma,
    /// Whether the Huffman tables are made for the picture at an `effort` below 3 too. Default: `false`.
    pub optimise: bool,
    /// Effort for fewer bytes at the same quality, 0 to 9: from 3 on Huffman tables made for the picture, from 5 on
    /// trellis quantisation, from 7 on a progressive file whose scans are chosen by trying. Default: 3.
    pub effort: u8,
}

impl Default for Jpeg {
    fn default() -> Self {
        Jpeg {
            quality: 80,
            progressive: false,
            chroma: Chroma::Half,
            optimise: false,
            effort: 3,
        }
    }
}

/// Chroma subsampling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Chroma {
    /// 4:2:0: half the columns and half the rows.
    #[default]
    #[serde(rename = "4:2:0")]
    Half,
    /// 4:2:2: half the columns.
    #[serde(rename = "4:2:2")]
    HalfWidth,
    /// 4:4:4: all of it.
    #[serde(rename = "4:4:4")]
    Full,
}

/// PNG options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Png {
    /// Compression, 0 (none) to 9 (smallest and slowest): 1 is a fast method of one filter, 2 to 5 one of five filters
    /// that is smaller than zlib's level 5 in a sixth of its time, 6 to 9 are zlib's levels. Default: 2.
    pub compression: u8,
    /// Whether the picture comes in seven passes from coarse to fine (Adam7), for more bytes. Default: `false`.
    pub progressive: bool,
    /// Whether each row gets the filter that suits it best; if not, all get the same: the row above taken off at a
    /// `compression` of 1 to 5, and none at 6 to 9 and for a palette. Default: `true` from a `compression` of 2 on,
    /// but `false` for a palette.
    pub adaptive: Option<bool>,
    /// Whether colours are reduced to a palette. Default: `false`.
    pub palette: bool,
    /// Most colours in the palette, 2 to 256. Default: 256.
    pub colours: u16,
    /// Quality of a palette image, 0 to 100: below 100 it gets only as many of its `colours` as it needs to come that
    /// near to the picture. Default: 100.
    pub quality: u8,
    /// Strength of the dithering of a palette image, 0 to 100. Default: 100.
    pub dither: u8,
    /// Whether channels without content are left out: alpha that is opaque everywhere, colours that are all grey.
    /// Default: `true`.
    pub reduce: bool,
}

impl Default for Png {
    fn default() -> Self {
        Png {
            compression: 2,
            progressive: false,
            adaptive: None,
            palette: false,
            colours: 256,
            quality: 100,
            dither: 100,
            reduce: true,
        }
    }
}

/// WebP options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Webp {
    /// Quality, 0 to 100; for `lossless` the effort spent on size. Default: 80.
    pub quality: u8,
    /// Whether every pixel is kept. Default: `false`.
    pub lossless: bool,
    /// Effort, 0 (fastest) to 6 (smallest). Default: 4.
    pub effort: u8,
    /// Quality of the alpha channel, 0 to 100. Default: 100.
    pub alpha: u8,
    /// With `lossless`, how near to the picture pixels stay where a change makes the file smaller, 0 (farthest) to 100
    /// (the same). Default: 100.
    pub near: u8,
    /// Whether chroma is halved with an eye on sharp edges between colours, which takes longer. Default: `false`.
    pub sharp: bool,
    /// Whether the colours of transparent pixels are kept. Default: `false`.
    pub exact: bool,
    /// What kind of picture lossy compression is tuned for. Default: `default`.
    pub preset: Preset,
    /// How often an animation plays, 0 for ever. Default: as often as the input's.
    pub loops: Option<u16>,
    /// How long each frame of an animation is shown, in milliseconds. Default: as long as the input's.
    pub delay: Option<u16>,
}

impl Default for Webp {
    fn default() -> Self {
        Webp {
            quality: 80,
            lossless: false,
            effort: 4,
            alpha: 100,
            near: 100,
            sharp: false,
            exact: false,
            preset: Preset::Default,
            loops: None,
            delay: None,
        }
    }
}

/// A kind of picture: libwebp's presets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Any.
    #[default]
    Default,
    /// A portrait or an indoor shot.
    Picture,
    /// An outdoor photograph.
    Photo,
    /// A drawing with lines of high contrast.
    Drawing,
    /// A small, colourful image.
    Icon,
    /// Text.
    Text,
}

/// GIF options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Gif {
    /// Most colours in a frame, 2 to 256. Default: 256.
    pub colours: u16,
    /// Strength of the dithering, 0 to 100. Default: 100.
    pub dither: u8,
    /// Whether the rows of a frame come in four passes from coarse to fine. Default: `false`.
    pub progressive: bool,
    /// Whether a frame that equals the one before it is written; if not, the one before it is shown for longer.
    /// Default: `true`.
    pub duplicates: bool,
    /// How far the colour of a pixel may be from what is shown there to stay as it is, 0 to 32 levels: the farther, the
    /// smaller an animation without transparency. Default: 0.
    pub change: u8,
    /// How often an animation plays, 0 for ever. Default: as often as the input's.
    pub loops: Option<u16>,
    /// How long each frame of an animation is shown, in milliseconds; GIF counts in tens. Default: as long as the
    /// input's.
    pub delay: Option<u16>,
}

impl Default for Gif {
    fn default() -> Self {
        Gif {
            colours: 256,
            dither: 100,
            progressive: false,
            duplicates: true,
            change: 0,
            loops: None,
            delay: None,
        }
    }
}

/// AVIF options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Avif {
    /// Quality, 1 to 100. Default: 50.
    pub quality: u8,
    /// Effort, 0 (fastest) to 9 (smallest). Default: 4.
    pub effort: u8,
    /// Chroma subsampling. Default: `4:2:0`.
    pub chroma: Chroma,
    /// Whether every pixel is kept, whatever `quality` and `chroma` say. Default: `false`.
    pub lossless: bool,
}

impl Default for Avif {
    fn default() -> Self {
        Avif {
            quality: 50,
            effort: 4,
            chroma: Chroma::Half,
            lossless: false,
        }
    }
}

/// Raw output: it has no options. How many channels there are, the output says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RawPixels {}

/// `new` and `with_*` for the options of a format, and its way into [`Encode`].
macro_rules! options {
    ($format:ident => $variant:ident { $($field:ident: $type:ty, $setter:ident;)* }) => {
        impl $format {
            /// The default options.
            pub fn new() -> Self {
                Self::default()
            }
            $(
                #[doc = concat!("Sets [`", stringify!($format), "::", stringify!($field), "`].")]
                pub fn $setter(mut self, $field: $type) -> Self {
                    self.$field = $field;
                    self
                }
            )*
        }

        impl From<$format> for Encode {
            fn from(options: $format) -> Self {
                Encode::$variant(options)
            }
        }
    };
}

options!(Jpeg => Jpeg { quality: u8, with_quality; progressive: bool, with_progressive; chroma: Chroma, with_chroma; optimise: bool, with_optimise; effort: u8, with_effort; });
options!(Png => Png { compression: u8, with_compression; progressive: bool, with_progressive; adaptive: Option<bool>, with_adaptive;
    palette: bool, with_palette; colours: u16, with_colours; quality: u8, with_quality; dither: u8, with_dither; reduce: bool, with_reduce; });
options!(Webp => Webp { quality: u8, with_quality; lossless: bool, with_lossless; effort: u8, with_effort; alpha: u8, with_alpha; near: u8, with_near;
    sharp: bool, with_sharp; exact: bool, with_exact; preset: Preset, with_preset;
    loops: Option<u16>, with_loops; delay: Option<u16>, with_delay; });
options!(Gif => Gif { colours: u16, with_colours; dither: u8, with_dither; progressive: bool, with_progressive; duplicates: bool, with_duplicates;
    change: u8, with_change; loops: Option<u16>, with_loops; delay: Option<u16>, with_delay; });
options!(Avif => Avif { quality: u8, with_quality; effort: u8, with_effort; chroma: Chroma, with_chroma; lossless: bool, with_lossless; });
options!(RawPixels => Raw {});
