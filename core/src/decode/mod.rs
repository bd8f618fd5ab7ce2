//! Decodes bytes to rows: one adapter for each format.

#[cfg(feature = "avif")]
pub(crate) mod avif;
#[cfg(feature = "bmp")]
mod bmp;
mod diagnose;
#[cfg(feature = "gif")]
pub(crate) mod gif;
#[cfg(feature = "bmp")]
mod ico;
#[cfg(feature = "jpeg")]
mod jpeg;
#[cfg(feature = "png")]
pub(crate) mod png;
mod raw;
mod sniff;
#[cfg(feature = "svg")]
mod svg;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(feature = "webp")]
pub(crate) mod webp;

use crate::budget::Budget;
#[allow(unused_imports, reason = "with all features on, nothing is left out")]
use crate::error::{Error, Result};
use crate::format::Format;
use crate::info::{ColourModel, Info, whole_dpi};
use crate::input::Input;
use crate::metadata::{Comment, MetadataBlocks, exif};
use crate::request::Request;
use crate::rows::RowSink;
use sniff::sniff;

/// Dots per inch at which a drawing's pixel is a pixel of the picture.
pub(crate) const DENSITY: f64 = 72.0;

/// An image whose header is known, and of which nothing is decoded.
#[derive(Debug)]
pub(crate) struct Opened<'a> {
    pub(crate) info: Info,
    pub(crate) metadata: MetadataBlocks,
    decoder: Box<dyn Decoder + 'a>,
}

/// What is known of a file of some format, as far as its decoder needs it.
trait Decoder: std::fmt::Debug {
    /// Decodes the frames that are asked for into `sink`, row by row; what was wrong with the file and was tolerated
    /// goes to `warnings`.
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()>;

    fn comments(&self) -> Vec<Comment> {
        Vec::new()
    }
}

/// Reads the image's header, or takes it from the plan for inputs without one. A drawing's size follows the density, in
/// dots per inch.
pub(crate) fn open<'a>(bytes: &'a [u8], input: &Input, density: f64, budget: &Budget) -> Result<Opened<'a>> {
    let mut opened = match input {
        Input::File => file(bytes, density, budget),
        Input::Raw(pixels) => raw::open(bytes, *pixels),
        Input::Create(picture) => raw::create(bytes, *picture),
    }?;
    let info = &mut opened.info;
    info.channels = u8::from(info.alpha)
        + match info.colour {
            ColourModel::Grey => 1,
            ColourModel::Cmyk => 4,
            ColourModel::Rgb | ColourModel::Ycbcr | ColourModel::Palette => 3,
        };
    Ok(opened)
}

#[cfg_attr(
    not(feature = "svg"),
    allow(unused_variables, reason = "only drawings have a density, and take long to open")
)]
fn file<'a>(bytes: &'a [u8], density: f64, budget: &Budget) -> Result<Opened<'a>> {
    let mut opened: Opened<'_> = match sniff(bytes)? {
        #[cfg(feature = "jpeg")]
        Format::Jpeg => jpeg::open(bytes),
        #[cfg(feature = "png")]
        Format::Png => png::open(bytes),
        #[cfg(feature = "webp")]
        Format::Webp => webp::open(bytes),
        #[cfg(feature = "gif")]
        Format::Gif => gif::open(bytes),
        #[cfg(feature = "bmp")]
        Format::Bmp => bmp::open(bytes),
        #[cfg(feature = "bmp")]
        Format::Ico => ico::open(bytes),
        #[cfg(feature = "avif")]
        Format::Avif => avif::open(bytes),
        #[cfg(feature = "svg")]
        Format::Svg => svg::open(bytes, density, budget),
        #[allow(unreachable_patterns, reason = "with all features on, nothing is left")]
        other => Err(Error::not_read(other, None)),
    }?;
    let (info, metadata) = (&mut opened.info, &opened.metadata);
    let length = |block: &Option<Vec<u8>>| block.as_ref().map_or(0, Vec::len);
    (info.icc, info.exif, info.xmp) = (length(&metadata.icc), length(&metadata.exif), length(&metadata.xmp));
    let exif = metadata.exif.as_deref();
    if let Some(density) = exif.and_then(exif::density).and_then(whole_dpi) {
        info.density = Some(density);
    }
    // AVIF stores its orientation in its own boxes; EXIF's has already been applied there (MIAF, 7.3.10).
    if let Some(exif) = exif
        && info.format != Format::Avif
    {
        info.orientation = exif::orientation(exif);
    }
    Ok(opened)
}

impl<'a> Opened<'a> {
    fn new(info: Info, metadata: MetadataBlocks, decoder: impl Decoder + 'a) -> Self {
        Opened {
            info,
            metadata,
            decoder: Box::new(decoder),
        }
    }

    /// Width and height as stored.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.info.width, self.info.height)
    }

    /// Decodes the frames that are asked for into `sink`, row by row; what was wrong with the file and was tolerated
    /// goes to `warnings`.
    pub(crate) fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        self.count(request, budget)?;
        self.decoder.decode(request, budget, sink, warnings)
    }

    /// Refuses what is more than the limits allow, going by the header: many large frames fit into a small file.
    fn count(&self, request: &Request, budget: &Budget) -> Result<()> {
        let Info {
            format,
            width,
            height,
            frames,
            ..
        } = self.info;
        // Of a sequence in AVIF the picture that stands for it is decoded.
        let frames = if request.animated && format != Format::Avif {
            frames
        } else {
            1
        };
        budget.limits().check_frames(frames)?;
        let each = u64::from(width) * u64::from(height);
        budget.count_pixels(each.saturating_mul(frames.into()))
    }

    /// The texts that stand beside the picture.
    pub(crate) fn comments(&self) -> Vec<Comment> {
        self.decoder.comments()
    }
}
