//! Reads AVIF: AV1 images in HEIF boxes. Both the boxes and the samples are read by Rust only.

mod boxes;
mod convert;
mod frames;
mod meta;
mod obu;
mod overrun;
mod sequence;
mod source;
#[cfg(test)]
mod tests;
mod tile;

use boxes::{Reader, bad};
use convert::{Levels, Matrix, Rgb, unpremultiply};
use frames::Samples;
use meta::{Meta, Nclx};
use source::{Contents, Crop};

use super::{Decoder, Opened};
use crate::budget::Budget;
use crate::colour::space;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::{ColourModel, Info};
use crate::metadata::{MetadataBlocks, Space};
use crate::request::Request;
use crate::rows::{Frame, PlaneShape, RowSink};

/// Reads the boxes, and of the AV1 data only the sequence header.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>> {
    let source = parse(bytes)?;
    let config = source
        .colour
        .tiles
        .first()
        .map(|tile| tile.config)
        .ok_or_else(|| bad("no picture"))?;
    let code = source.colour_code();
    let (width, height) = source.size();
    // Unreadable metadata doesn't make the image unreadable.
    let exif = source.exif.as_ref().and_then(|data| tiff(data.block().ok()?));
    let xmp = source.xmp.as_ref().and_then(|data| data.block().ok());
    let icc = source.icc.filter(|icc| !icc.is_empty()).map(<[u8]>::to_vec);
    let space = match (&icc, code) {
        (None, Some(code)) => {
            // Browsers view BT.601, BT.709 and BT.2020 as sRGB here.
            space::of_codes(code.primaries, code.transfer, config.mono, None).unwrap_or_default()
        }
        _ => Space::Embedded,
    };
    let colour = match code {
        _ if config.mono => ColourModel::Grey,
        Some(Nclx { matrix: 0, .. }) => ColourModel::Rgb,
        _ => ColourModel::Ycbcr,
    };
    let info = Info {
        orientation: source.orientation(),
        alpha: source.alpha.is_some(),
        bits: config.bits,
        frames: source.frames,
        ..Info::still(Format::Avif, width, height, colour)
    };
    let metadata = MetadataBlocks {
        icc,
        space,
        exif,
        xmp,
        ..MetadataBlocks::default()
    };
    Ok(Opened::new(info, metadata, source))
}

impl Decoder for Contents<'_> {
    /// Decodes the image, or the first one of a sequence, and passes on its rows.
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        let source = self;
        if request.animated && source.frames > 1 {
            warnings.push(format!(
                "AVIF sequence of {} images: only the first is decoded",
                source.frames
            ));
        }
        check_size(source.colour.width, source.colour.height, budget)?;
        let samples = frames::decode(&source.colour, budget)?;
        let alpha = match &source.alpha {
            Some(coded) => {
                check_size(coded.width, coded.height, budget)?;
                Some(frames::decode(coded, budget)?)
            }
            None => None,
        };
        let shape = samples.shape();
        let code = source
            .nclx
            .or_else(|| samples.colour())
            .or_else(|| source.colour_code())
            .unwrap_or(UNSPECIFIED);
        let crop = source.crop.unwrap_or(Crop {
            left: 0,
            top: 0,
            width: shape.width as u32,
            height: shape.height as u32,
        });
        let output = Output {
            samples,
            alpha,
            code,
            premultiplied: source.premultiplied,
            crop,
        };
        let whole = (crop.width as usize, crop.height as usize) == (shape.width, shape.height);
        match shape.planes {
            1 => output.grey(budget, sink),
            _ if request.planar && output.alpha.is_none() && whole && Matrix::of(code)?.is_bt601() => {
                output.planar(budget, sink)
            }
            _ => output.rgb(budget, sink),
        }
    }
}

const UNSPECIFIED: Nclx = Nclx {
    primaries: 2,
    transfer: 2,
    matrix: 2,
    full_range: true,
};

fn parse(bytes: &[u8]) -> Result<Contents<'_>> {
    let mut file = Reader(bytes);
    let (mut brands, mut meta, mut movie) = (None, None, None);
    while let Some(part) = match file.next_file_box() {
        // Anything may follow the image's own boxes: padding, or the end of an interrupted upload.
        Err(_) if meta.is_some() || movie.is_some() => None,
        part => part?,
    } {
        match &part.kind {
            b"ftyp" => brands = brands.or(Some(part.body.0)),
            b"meta" if meta.is_none() => meta = Some(Meta::parse(part.body)?),
            b"moov" if movie.is_none() => movie = Some(part.body),
            _ if brands.is_none() => return Err(bad("the file does not start with ftyp")),
            _ => {}
        }
    }
    match (meta, movie) {
        (Some(meta), _) if meta.primary.is_some() => Contents::from_items(bytes, &meta).map(|mut source| {
            if let Some(movie) = movie
                && let Ok(tracks) = Contents::from_tracks(bytes, movie, None)
            {
                source.frames = tracks.frames;
            }
            source
        }),
        (meta, Some(movie)) => Contents::from_tracks(bytes, movie, meta.as_ref()),
        (Some(_), None) => Err(bad("no primary item")),
        (None, None) => Err(Error::truncated(Format::Avif, "the file ends before its meta box")),
    }
}

/// The pipeline has checked the size in the header; alpha and the surroundings of a crop count too.
fn check_size(width: u32, height: u32, budget: &Budget) -> Result<()> {
    let (pixels, limit) = (u64::from(width) * u64::from(height), budget.limits().pixels);
    if pixels <= limit {
        return Ok(());
    }
    Err(Error::limit(crate::error::LimitKind::Pixels, pixels, limit))
}

/// The TIFF structure in an Exif item: the item starts with its offset (ISO/IEC 23008-12, A.2.1).
fn tiff(mut block: Vec<u8>) -> Option<Vec<u8>> {
    let offset = u32::from_be_bytes(*block.first_chunk()?);
    let start = usize::try_from(offset).ok()?.checked_add(4)?;
    let is_tiff = |tail: &[u8]| tail.starts_with(b"II*\0") || tail.starts_with(b"MM\0*");
    is_tiff(block.get(start..)?).then(|| block.split_off(start))
}

/// Decoded pictures on their way to the sink.
struct Output {
    samples: Samples,
    alpha: Option<Samples>,
    code: Nclx,
    premultiplied: bool,
    crop: Crop,
}

impl Output {
    fn begin(&self, layout: Layout, sink: &mut dyn RowSink, planes: Vec<PlaneShape>) -> Result<()> {
        sink.begin(&Frame {
            layout,
            planes,
            delay_ms: 0,
            loops: 0,
        })
    }

    fn whole_plane(&self) -> PlaneShape {
        PlaneShape {
            width: self.crop.width,
            height: self.crop.height,
            step_x: 1.0,
            step_y: 1.0,
        }
    }

    /// Y'CbCr planes as they are coded, brought to 8 bits of full range.
    fn planar(&self, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
        let shape = self.samples.shape();
        let step = |half: bool| if half { 2.0 } else { 1.0 };
        let planes: Vec<PlaneShape> = (0..3)
            .map(|plane| PlaneShape {
                width: shape.plane(plane).0 as u32,
                height: shape.plane(plane).1 as u32,
                step_x: step(plane > 0 && shape.half_width),
                step_y: step(plane > 0 && shape.half_height),
            })
            .collect();
        self.begin(Layout::YCbCr, sink, planes)?;
        let luma = Levels::luma(shape.bits, self.code.full_range);
        let chroma = Levels::chroma(shape.bits, self.code.full_range);
        let mut samples = budget.zeroed::<u16>(shape.width, "a row")?;
        let mut levels = budget.zeroed::<u8>(shape.width, "a row")?;
        // The planes alternate, so that a resampler needs only a few rows of each at a time.
        let rows = |plane: usize| shape.plane(plane).1;
        for y in 0..shape.height {
            for plane in 0..3 {
                let every = if plane > 0 && shape.half_height { 2 } else { 1 };
                if y % every != 0 || y / every >= rows(plane) {
                    continue;
                }
                let (y, width) = (y / every, shape.plane(plane).0);
                match self.samples.row8(plane, y) {
                    Some(row) if self.code.full_range => sink.row(plane, row)?,
                    _ => {
                        self.samples.copy_row(plane, y, &mut samples);
                        let table = if plane == 0 { &luma } else { &chroma };
                        table.map(&samples[..width], &mut levels[..width]);
                        sink.row(plane, &levels[..width])?;
                    }
                }
            }
            if y % 16 == 0 {
                budget.check()?;
            }
        }
        Ok(())
    }

    fn grey(&self, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
        let shape = self.samples.shape();
        let (layout, channels) = if self.alpha.is_some() {
            (Layout::GreyAlpha, 2)
        } else {
            (Layout::Grey, 1)
        };
        let levels = Levels::luma(shape.bits, self.code.full_range);
        let mut samples = budget.zeroed::<u16>(shape.width, "a row")?;
        let mut row = budget.zeroed::<u8>(shape.width, "a row")?;
        self.interleaved(layout, budget, sink, |source, y, pixels| {
            source.copy_row(0, y, &mut samples);
            levels.map(&samples, &mut row);
            for (pixel, &level) in pixels.chunks_exact_mut(channels).zip(row.iter()) {
                pixel[0] = level;
            }
        })
    }

    fn rgb(&self, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
        let (layout, channels) = if self.alpha.is_some() {
            (Layout::Rgba, 4)
        } else {
            (Layout::Rgb, 3)
        };
        let mut rgb = Rgb::new(
            self.samples.shape(),
            Matrix::of(self.code)?,
            self.code.full_range,
            budget,
        )?;
        self.interleaved(layout, budget, sink, |source, y, pixels| {
            rgb.row(source, y, pixels, channels)
        })
    }

    /// Rows of interleaved pixels: `colours` fills in everything but alpha.
    fn interleaved(
        &self,
        layout: Layout,
        budget: &Budget,
        sink: &mut dyn RowSink,
        mut colours: impl FnMut(&Samples, usize, &mut [u8]),
    ) -> Result<()> {
        let shape = self.samples.shape();
        let channels = layout.channels();
        self.begin(layout, sink, vec![self.whole_plane()])?;
        let mut alpha = match &self.alpha {
            Some(samples) => Some(Alpha::new(samples, budget)?),
            None => None,
        };
        let mut pixels = budget.zeroed::<u8>(shape.width * channels, "a row")?;
        let left = self.crop.left as usize * channels;
        let right = left + self.crop.width as usize * channels;
        for y in self.crop.top..self.crop.top + self.crop.height {
            colours(&self.samples, y as usize, &mut pixels);
            if let Some(alpha) = &mut alpha {
                alpha.row(y as usize, (shape.width, shape.height), &mut pixels, channels);
                if self.premultiplied {
                    pixels.chunks_exact_mut(channels).for_each(unpremultiply);
                }
            }
            let row = pixels
                .get(left..right)
                .ok_or_else(|| bad("clap goes beyond the picture"))?;
            sink.row(0, row)?;
            if y % 16 == 0 {
                budget.check()?;
            }
        }
        Ok(())
    }
}

/// The alpha plane, which may be smaller than the image: then its nearest samples are used.
struct Alpha<'a> {
    samples: &'a Samples,
    levels: Levels,
    coded: crate::budget::Buffer<u16>,
    row: crate::budget::Buffer<u8>,
}

impl<'a> Alpha<'a> {
    fn new(samples: &'a Samples, budget: &Budget) -> Result<Self> {
        let shape = samples.shape();
        let full_range = samples.colour().is_none_or(|colour| colour.full_range);
        Ok(Alpha {
            samples,
            levels: Levels::luma(shape.bits, full_range),
            coded: budget.zeroed(shape.width, "a row")?,
            row: budget.zeroed(shape.width, "a row")?,
        })
    }

    fn row(&mut self, y: usize, (width, height): (usize, usize), pixels: &mut [u8], channels: usize) {
        let shape = self.samples.shape();
        let nearest = |at: usize, from: usize, to: usize| if from == to { at } else { at * to / from };
        self.samples
            .copy_row(0, nearest(y, height, shape.height), &mut self.coded);
        self.levels.map(&self.coded, &mut self.row);
        for (x, pixel) in pixels.chunks_exact_mut(channels).enumerate() {
            if let (Some(alpha), Some(&level)) = (pixel.last_mut(), self.row.get(nearest(x, width, shape.width))) {
                *alpha = level;
            }
        }
    }
}
