//! The decoder for callers outside the pipeline.

use super::header::{Colour, Header, Parsed};
use super::stream::{self, Scaling};
use crate::budget::{Budget, Reserved};
use crate::error::{Error, LimitKind, Result};
use crate::limits::Limits;
use crate::request::Request;
use crate::request::Tolerate;
use crate::rows::{Frame, RowSink};

/// Decodes one JPEG file, at full size or smaller.
///
/// ```
/// use keenpix::{Limits, jpeg::decode::{Decoder, Scale}};
/// # let mut file = Vec::new();
/// # let encoder = jpeg_encoder::Encoder::new(&mut file, 90);
/// # encoder.encode(&[200; 3 * 40 * 30], 40, 30, jpeg_encoder::ColorType::Rgb).unwrap();
/// let decoder = Decoder::new(&file)?;
/// assert_eq!((decoder.header().width, decoder.header().height), (40, 30));
/// let half = decoder.scale(Scale::Half).rgb(&Limits::default())?;
/// assert_eq!((half.planes[0].width, half.planes[0].height), (20, 15));
/// assert_eq!(half.planes[0].data.len(), 20 * 15 * 3);
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Decoder<'a> {
    file: Parsed<'a>,
    scale: Scale,
    tolerate: Tolerate,
}

/// The size to decode to; smaller scales take less time. A file with a sampling factor of 3 may come out larger
/// than this, but never larger than it is, because there is no inverse DCT for a third of a block. A lossless file has
/// no DCT at all and comes out at full size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Full size.
    #[default]
    Full,
    /// Half in each direction.
    Half,
    /// A quarter in each direction.
    Quarter,
    /// An eighth in each direction.
    Eighth,
}

/// A decoded image.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Picture {
    /// What the samples mean. [`Colour::YCbCr`] has three planes; everything else has one plane of interleaved
    /// pixels. Those of [`Colour::Cmyk`] are amounts of ink: 0 is none.
    pub colour: Colour,
    /// The samples.
    pub planes: Vec<Plane>,
    /// Faults in the file that were tolerated.
    pub warnings: Vec<String>,
}

/// Samples in rows, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plane {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Samples per pixel.
    pub channels: u32,
    /// `width × height × channels` samples.
    pub data: Vec<u8>,
}

impl<'a> Decoder<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// Those of [`Header::parse`].
    pub fn new(bytes: &'a [u8]) -> Result<Self> {
        Ok(Decoder {
            file: Parsed::new(bytes)?,
            scale: Scale::Full,
            tolerate: Tolerate::default(),
        })
    }

    /// The file's header.
    pub fn header(&self) -> &Header<'a> {
        &self.file.header
    }

    /// Sets the scale. Default: full size.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.scale = scale;
        self
    }

    /// Sets how much damage is accepted. Default: [`Tolerate::Truncated`].
    #[must_use]
    pub fn tolerate(mut self, tolerate: Tolerate) -> Self {
        self.tolerate = tolerate;
        self
    }

    /// Decodes to Y'CbCr planes with their own chroma sampling; grey, RGB and CMYK files give one plane.
    ///
    /// ```
    /// # let mut file = Vec::new();
    /// # let mut encoder = jpeg_encoder::Encoder::new(&mut file, 90);
    /// # encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    /// # encoder.encode(&[200; 3 * 40 * 30], 40, 30, jpeg_encoder::ColorType::Rgb).unwrap();
    /// use keenpix::{Limits, jpeg::decode::Decoder};
    /// let picture = Decoder::new(&file)?.planes(&Limits::default())?;
    /// let widths: Vec<u32> = picture.planes.iter().map(|plane| plane.width).collect();
    /// assert_eq!(widths, [40, 20, 20]);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BadInput`] and [`Error::Truncated`] for damage that is not accepted, [`Error::Limit`],
    /// [`Error::Deadline`] and [`Error::Cancelled`] if the limits are exceeded.
    pub fn planes(&self, limits: &Limits) -> Result<Picture> {
        self.run(limits, true)
    }

    /// Decodes to interleaved RGB; grey and CMYK files keep their channels.
    ///
    /// # Errors
    /// Those of [`Decoder::planes`].
    pub fn rgb(&self, limits: &Limits) -> Result<Picture> {
        self.run(limits, false)
    }

    fn run(&self, limits: &Limits, planar: bool) -> Result<Picture> {
        self.check(limits)?;
        let step = match self.scale {
            Scale::Full => 1.0,
            Scale::Half => 2.0,
            Scale::Quarter => 4.0,
            Scale::Eighth => 8.0,
        };
        let budget = Budget::new(limits);
        let mut warnings = Vec::new();
        let mut collect = Collect {
            budget: &budget,
            planes: Vec::new(),
            reserved: Vec::new(),
        };
        let request = Request {
            luma_step: step,
            chroma_step: step,
            planar,
            ..Request::whole(self.tolerate)
        };
        // Planes keep their sampling: all components shrink by the same factor.
        let scaling = if planar { Scaling::Alike(step) } else { Scaling::Within };
        stream::decode_scaled(&self.file, &request, scaling, &budget, &mut collect, &mut warnings)?;
        let colour = match (self.file.header.colour, planar) {
            (Colour::YCbCr, false) => Colour::Rgb,
            (Colour::Cmyk | Colour::Ycck, _) => Colour::Cmyk,
            (colour, _) => colour,
        };
        Ok(Picture {
            colour,
            planes: collect.planes,
            warnings,
        })
    }

    fn check(&self, limits: &Limits) -> Result<()> {
        let (width, height) = (u64::from(self.file.header.width), u64::from(self.file.header.height));
        for (what, actual, limit) in [
            (LimitKind::Width, width, u64::from(limits.width)),
            (LimitKind::Height, height, u64::from(limits.height)),
            (LimitKind::Pixels, width * height, limits.pixels),
            (LimitKind::InputBytes, self.file.bytes.len() as u64, limits.input_bytes),
        ] {
            if actual > limit {
                return Err(Error::limit(what, actual, limit));
            }
        }
        Ok(())
    }
}

/// A sink that keeps everything.
struct Collect<'b> {
    budget: &'b Budget,
    planes: Vec<Plane>,
    reserved: Vec<Reserved>,
}

impl RowSink for Collect<'_> {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        for shape in &frame.planes {
            let channels = frame.layout.channels();
            let bytes = u64::from(shape.width) * u64::from(shape.height) * channels as u64;
            self.reserved.push(self.budget.reserve(bytes)?);
            let mut data = Vec::new();
            let refused = |_| Error::OutOfMemory { bytes, what: "pixels" };
            data.try_reserve_exact(bytes as usize).map_err(refused)?;
            self.planes.push(Plane {
                width: shape.width,
                height: shape.height,
                channels: channels as u32,
                data,
            });
        }
        Ok(())
    }

    fn row(&mut self, plane: usize, row: &[u8]) -> Result<()> {
        self.planes[plane].data.extend_from_slice(row);
        Ok(())
    }
}
