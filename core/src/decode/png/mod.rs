//! Reads PNG, with the crate `png`. Rows of a non-interlaced image go to the sink as they are inflated.

mod apng;
mod chunks;
mod colours;
mod state;
mod text;

use png::{ColorType, DecodingError, InterlaceInfo, Transformations};

use self::apng::{Animation, Canvas, Lost};
use self::chunks::{Chunks, Essence, Ihdr, Progress};
use crate::budget::Budget;
use crate::decode::{Decoder, Opened};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::metadata::Comment;
use crate::request::Request;
use crate::request::Tolerate;
use crate::rows::{Frame, RowSink};

#[derive(Debug)]
struct Png<'a> {
    bytes: &'a [u8],
    ihdr: Ihdr,
    /// Whether there is alpha in any of it.
    alpha: bool,
    animation: Option<Animation>,
    /// Frames that the file ends before.
    lost: Option<Lost>,
}

/// Reads size, colour and metadata, but no pixels.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>> {
    let (ihdr, mut info, metadata) = chunks::read(bytes)?;
    let (animation, lost) = Animation::read(bytes, ihdr);
    if let Some(animation) = &animation {
        animation.describe(ihdr, &mut info);
    }
    let alpha = info.alpha;
    let png = Png {
        bytes,
        ihdr,
        alpha,
        animation,
        lost,
    };
    Ok(Opened::new(info, metadata, png))
}

impl Decoder for Png<'_> {
    /// Decodes the image, or all frames of an animation, composited.
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        if let (Some(lost), Tolerate::None) = (self.lost, request.tolerate) {
            return Err(lost.error());
        }
        match &self.animation {
            Some(animation) if request.animated => self.frames(animation, request, budget, sink, warnings),
            Some(animation) => {
                let frames = animation.frames.len();
                warnings.push(format!(
                    "png: an animation of {frames} frames is shown as its default image"
                ));
                let mut sink = WithAlpha {
                    sink,
                    missing: self.alpha,
                    channels: 1,
                    row: Vec::new(),
                };
                still((self.bytes, self.ihdr), request, budget, &mut sink, warnings)
            }
            None => {
                let lost = self.lost.filter(|_| request.animated);
                warnings.extend(lost.map(|lost| lost.error().to_string()));
                still((self.bytes, self.ihdr), request, budget, sink, warnings)
            }
        }
    }

    fn comments(&self) -> Vec<Comment> {
        text::comments(self.bytes)
    }
}

impl Png<'_> {
    fn frames(
        &self,
        animation: &Animation,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        let mut canvas = Canvas::new(self.ihdr, budget)?;
        let opaque = match self.ihdr.colour {
            0 | 4 => Layout::Grey,
            _ => Layout::Rgb,
        };
        let layout = if self.alpha { with_alpha(opaque) } else { opaque };
        for (number, &frame) in animation.frames.iter().enumerate() {
            budget.check()?;
            let _booked = budget.reserve(self.bytes.len() as u64 * 2)?;
            let (file, ihdr) = frame.file(self.bytes, self.ihdr, !request.tolerate.damage())?;
            let mut draw = canvas.draw(frame, budget)?;
            if let Err(error) = still((&file, ihdr), request, budget, &mut draw, warnings) {
                let tolerable = match error {
                    Error::Truncated { .. } => request.tolerate != Tolerate::None,
                    Error::BadInput { .. } => request.tolerate.damage(),
                    _ => false,
                };
                if number == 0 || !tolerable {
                    return Err(error);
                }
                warnings.push(format!("{error}; {number} frames arrived"));
                return Ok(());
            }
            let announced = Frame {
                delay_ms: frame.delay_ms,
                loops: animation.plays,
                ..Frame::still(layout, self.ihdr.width, self.ihdr.height)
            };
            canvas.deliver(&announced, budget, sink)?;
            canvas.dispose(frame);
        }
        warnings.extend(self.lost.map(|lost| lost.error().to_string()));
        Ok(())
    }
}

/// Gives alpha to a picture that has none, because its animation does.
struct WithAlpha<'a> {
    sink: &'a mut dyn RowSink,
    /// Whether alpha is wanted.
    missing: bool,
    channels: usize,
    row: Vec<u8>,
}

impl RowSink for WithAlpha<'_> {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        self.missing &= !frame.layout.has_alpha();
        self.channels = frame.layout.channels();
        let mut frame = frame.clone();
        if self.missing {
            frame.layout = with_alpha(frame.layout);
        }
        self.sink.begin(&frame)
    }

    fn row(&mut self, plane: usize, row: &[u8]) -> Result<()> {
        if !self.missing {
            return self.sink.row(plane, row);
        }
        self.row.clear();
        for pixel in row.chunks_exact(self.channels) {
            self.row.extend_from_slice(pixel);
            self.row.push(255);
        }
        self.sink.row(plane, &self.row)
    }
}

fn with_alpha(layout: Layout) -> Layout {
    match layout {
        Layout::Grey => Layout::GreyAlpha,
        _ => Layout::Rgba,
    }
}

/// Decodes the pixels of a still. Missing ones are white, or transparent in an image with alpha; in an interlaced image
/// they have the colour of the nearest pixel of an earlier pass.
fn still(
    (bytes, ihdr): (&[u8], Ihdr),
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    // The inflater's window and buffer, then some rows: to unfilter, to convert, and in 8 bits.
    let raw_row = u64::from(ihdr.width) * ihdr.channels() * if ihdr.depth == 16 { 2 } else { 1 };
    let _booked = budget.reserve((512 << 10) + raw_row.saturating_mul(10))?;
    let progress = Progress::default();
    let mut decoder = png::Decoder::new_with_limits(
        Essence::new(bytes, ihdr, &progress, budget),
        png::Limits {
            bytes: usize::try_from(budget.limits().memory).unwrap_or(usize::MAX),
        },
    );
    decoder.set_transformations(Transformations::EXPAND);
    if request.tolerate.damage() && has_bad_checksum(bytes, budget)? {
        warnings.push("png: checksums do not match and are ignored".to_owned());
        decoder.ignore_checksums(true);
    }
    let reader = decoder.read_info().map_err(|error| fault(error, &progress))?;
    let (colour, _) = reader.output_color_type();
    let layout = match colour {
        ColorType::Grayscale => Layout::Grey,
        ColorType::GrayscaleAlpha => Layout::GreyAlpha,
        ColorType::Rgba => Layout::Rgba,
        ColorType::Rgb | ColorType::Indexed => Layout::Rgb,
    };
    let mut job = Job {
        reader,
        ihdr,
        layout,
        progress: &progress,
        tolerate: request.tolerate,
        budget,
        sink,
        warnings,
    };
    if ihdr.interlaced {
        let patchy = request.tolerate == Tolerate::Errors || !Chunks::new(bytes).any(|chunk| &chunk.kind == b"IEND");
        job.interlaced(patchy)
    } else {
        job.rows()
    }
}

struct Job<'a> {
    reader: png::Reader<Essence<'a>>,
    ihdr: Ihdr,
    layout: Layout,
    progress: &'a Progress,
    tolerate: Tolerate,
    budget: &'a Budget,
    sink: &'a mut dyn RowSink,
    warnings: &'a mut Vec<String>,
}

impl Job<'_> {
    /// Row by row, with only the row in memory.
    fn rows(&mut self) -> Result<()> {
        let Ihdr { width, height, .. } = self.ihdr;
        let stride = width as usize * self.layout.channels();
        let deep = self.ihdr.depth == 16;
        let mut row = vec![0; if deep { stride * 2 } else { stride }];
        let mut narrow = vec![0; if deep { stride } else { 0 }];
        for y in 0..height {
            self.budget.check()?;
            match self.reader.read_row(&mut row) {
                Ok(_) => {}
                Err(error) => {
                    self.forgive(error, y == 0, format_args!("{y} of {height} rows"))?;
                    row[..stride].fill(if self.layout.has_alpha() { 0 } else { 255 });
                    for _ in y..height {
                        self.budget.check()?;
                        self.sink.row(0, &row[..stride])?;
                    }
                    return Ok(());
                }
            }
            if y == 0 {
                self.sink.begin(&Frame::still(self.layout, width, height))?;
            }
            if deep {
                to_8_bits(&row, &mut narrow);
                self.sink.row(0, &narrow)?;
            } else {
                self.sink.row(0, &row)?;
            }
        }
        Ok(())
    }

    /// Seven passes into a whole frame. `patchy` fills the gaps that later passes may leave.
    fn interlaced(&mut self, patchy: bool) -> Result<()> {
        let Ihdr { width, height, .. } = self.ihdr;
        let stride = width as usize * self.layout.channels();
        let bits = self.layout.channels() as u8 * 8;
        let mut frame = self
            .budget
            .zeroed::<u8>(stride.saturating_mul(height as usize), "interlaced PNG")?;
        if patchy && !self.layout.has_alpha() {
            frame.fill(255);
        }
        let mut narrow = vec![0; stride];
        let mut rows = 0u32;
        loop {
            self.budget.check()?;
            let (data, place) = match self.reader.next_interlaced_row() {
                Ok(None) => break,
                Ok(Some(row)) => (row.data(), *row.interlace()),
                Err(error) => {
                    self.forgive(error, rows == 0, format_args!("{rows} rows of seven passes"))?;
                    break;
                }
            };
            rows += 1;
            let InterlaceInfo::Adam7(place) = place else { continue };
            let data = if self.ihdr.depth == 16 {
                let narrow = &mut narrow[..data.len() / 2];
                to_8_bits(data, narrow);
                narrow
            } else {
                data
            };
            if patchy {
                png::splat_interlaced_row(&mut frame, stride, data, &place, bits);
            } else {
                png::expand_interlaced_row(&mut frame, stride, data, &place, bits);
            }
        }
        self.sink.begin(&Frame::still(self.layout, width, height))?;
        for row in frame.chunks_exact(stride) {
            self.budget.check()?;
            self.sink.row(0, row)?;
        }
        Ok(())
    }

    /// Turns an error in the middle of the pixels into a warning, if the plan tolerates it.
    fn forgive(&mut self, error: DecodingError, nothing_yet: bool, arrived: std::fmt::Arguments<'_>) -> Result<()> {
        let error = fault(error, self.progress);
        let tolerable = match error {
            Error::Truncated { .. } => self.tolerate.truncation(),
            // What comes after it is lost, so that the image is not all there.
            Error::BadInput { .. } => self.tolerate == Tolerate::Errors,
            _ => false,
        };
        if nothing_yet || !tolerable {
            return Err(error);
        }
        self.warnings.push(format!("{error}; {arrived} arrived"));
        Ok(())
    }
}

/// Classifies an error of the crate. Bytes that end inside a chunk, and pixels that end although the chunks are fine,
/// are both truncation.
fn fault(error: DecodingError, progress: &Progress) -> Error {
    if let Some(stopped) = progress.stopped.take() {
        return stopped;
    }
    match error {
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Error::truncated(Format::Png, "the file ends before the pixels do")
        }
        DecodingError::Format(error) if progress.past_pixels.get() => Error::truncated(Format::Png, error),
        DecodingError::LimitsExceeded => Error::unsupported("PNG rows that do not fit in the address space"),
        other => Error::bad_input(Format::Png, other),
    }
}

fn has_bad_checksum(bytes: &[u8], budget: &Budget) -> Result<bool> {
    for chunk in Chunks::new(bytes) {
        budget.check()?;
        if chunk.complete && !chunk.checksum_matches() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Converts 16-bit big-endian samples to the nearest 8-bit ones (13.12): `round(v · 255 / 65535)`, in integers.
fn to_8_bits(wide: &[u8], narrow: &mut [u8]) {
    for (pair, out) in wide.as_chunks::<2>().0.iter().zip(narrow) {
        *out = ((u32::from(u16::from_be_bytes(*pair)) * 255 + 32_895) >> 16) as u8;
    }
}

#[cfg(test)]
mod tests;
