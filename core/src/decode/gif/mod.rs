//! Reads GIF, with the LZW decoder of the crate `weezl` (which `gif` uses too). The image is the logical screen,
//! as in browsers; where no frame draws, it is transparent, or black if nothing in the file is transparent.

mod blocks;
mod lzw;

use self::blocks::{Block, Disposal, GifImage, Screen};
use self::lzw::{Indices, Stop};
use crate::budget::{Budget, Buffer};
use crate::decode::{Decoder, Opened};
use crate::error::{Error, LimitKind, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::{ColourModel, Info};
use crate::metadata::MetadataBlocks;
use crate::request::Request;
use crate::request::Tolerate;
use crate::rows::{Frame, RowSink};

/// Maximum bytes of a metadata block that are kept.
const METADATA_MAX: usize = 8 << 20;

/// Reads size, frames and metadata, but no pixels.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>> {
    let screen = Screen::read(bytes)?;
    let mut metadata = MetadataBlocks::default();
    let (mut first, mut loops, mut delays) = (None, None, Vec::new());
    let mut alpha = Alpha::default();
    for block in screen.blocks() {
        match block {
            Block::Picture(picture) => {
                delays.push(picture.control.delay_ms);
                alpha.take(&picture);
                first.get_or_insert(picture);
            }
            Block::Loops(count) => loops = loops.or(Some(count)),
            Block::Icc(data) if metadata.icc.is_none() => {
                let profile: Vec<u8> = data.flatten().take(METADATA_MAX).copied().collect();
                metadata.icc = Some(profile);
            }
            Block::Xmp(packet) if packet.len() <= METADATA_MAX => metadata.xmp = Some(packet.to_vec()),
            _ => {}
        }
    }
    let first = first.ok_or_else(|| no_picture(&screen))?;
    let (width, height) = canvas(&screen, &first);
    let info = Info {
        alpha: alpha.present,
        bits: if screen.palette.is_empty() {
            bits(first.palette)
        } else {
            bits(screen.palette)
        },
        background: screen.background,
        frames: delays.len() as u32,
        loops: Some(loops.unwrap_or(1)),
        delays,
        progressive: first.interlaced,
        ..Info::still(Format::Gif, width, height, ColourModel::Palette)
    };
    Ok(Opened::new(
        info,
        metadata,
        File {
            screen,
            alpha: alpha.present,
        },
    ))
}

#[derive(Debug)]
struct File<'a> {
    screen: Screen<'a>,
    alpha: bool,
}

impl Decoder for File<'_> {
    /// Decodes the first frame, or all of them composited. Missing pixels are transparent.
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        let (mut pictures, mut loops, mut fault) = (0u32, None, None);
        let (mut first, mut whole) = (None, true);
        for block in self.screen.blocks() {
            budget.check()?;
            match block {
                Block::Picture(picture) => {
                    pictures += 1;
                    if !picture.complete {
                        whole = false;
                        fault = Some(Error::truncated(
                            Format::Gif,
                            format_args!("the file ends in frame {pictures}"),
                        ));
                    }
                    first.get_or_insert(picture);
                    // The rest of the file can't change the first frame, but damage there is still damage to the file.
                    if !request.animated && request.tolerate != Tolerate::None {
                        break;
                    }
                }
                Block::Loops(count) => loops = loops.or(Some(count)),
                Block::Cut => {
                    let reason = format_args!("the file ends in a block after {pictures} frames");
                    fault = Some(Error::truncated(Format::Gif, reason));
                }
                Block::Unknown(byte) => {
                    let reason = format_args!("unexpected byte {byte:#04x} after {pictures} frames");
                    fault = Some(Error::bad_input(Format::Gif, reason));
                }
                Block::Trailer | Block::Icc(_) | Block::Xmp(_) => {}
            }
        }
        let first = first.ok_or_else(|| no_picture(&self.screen))?;
        if request.animated && pictures > budget.limits().frames {
            return Err(Error::limit(
                LimitKind::Frames,
                pictures.into(),
                budget.limits().frames.into(),
            ));
        }
        if let Some(fault) = fault {
            if request.tolerate == Tolerate::None {
                return Err(fault);
            }
            // A frame that is cut off is reported when it is drawn.
            if request.animated && whole {
                warnings.push(fault.to_string());
            }
        }
        let (width, height) = canvas(&self.screen, &first);
        let job = Job {
            screen: self.screen,
            layout: if self.alpha { Layout::Rgba } else { Layout::Rgb },
            width: width as usize,
            height: height as usize,
            tolerate: request.tolerate,
            budget,
            sink,
            warnings,
        };
        if !request.animated || pictures == 1 {
            return job.still(&first);
        }
        // Without the extension, an animation plays once.
        job.animation(loops.unwrap_or(1))
    }
}

fn no_picture(screen: &Screen<'_>) -> Error {
    match screen.blocks().last() {
        Some(Block::Trailer) => Error::bad_input(Format::Gif, "there is no image before the trailer"),
        Some(Block::Unknown(byte)) => Error::bad_input(
            Format::Gif,
            format_args!("unexpected byte {byte:#04x} where a block should start"),
        ),
        _ => Error::truncated(Format::Gif, "the file ends before the first picture"),
    }
}

/// The logical screen, extended by the first frame if that is larger: some writers leave the screen empty,
/// or smaller than the image. Browsers and libnsgif also enlarge it.
fn canvas(screen: &Screen<'_>, first: &GifImage<'_>) -> (u32, u32) {
    let edge =
        |screen: u16, offset: u16, length: u16| u32::from(screen).max(u32::from(offset) + u32::from(length)).max(1);
    (
        edge(screen.width, first.left, first.width),
        edge(screen.height, first.top, first.height),
    )
}

/// Bits of an index into a palette of 2, 4, … 256 colours.
fn bits(palette: &[u8]) -> u8 {
    (palette.len() / 3).next_power_of_two().trailing_zeros().clamp(1, 8) as u8
}

/// Whether the file has alpha, frame by frame: a colour of some frame is transparent, one is cleared before another is
/// drawn, or part of the first is missing. If it has none, undrawn parts of the screen are black, as in libnsgif and
/// Pillow; a browser shows the page through them.
#[derive(Default)]
struct Alpha {
    present: bool,
    begun: bool,
    clears: bool,
}

impl Alpha {
    fn take(&mut self, picture: &GifImage<'_>) {
        let missing = !self.begun && !picture.complete;
        self.present |= self.clears || missing || picture.control.transparent.is_some();
        self.clears |= picture.control.disposal == Disposal::Background;
        self.begun = true;
    }
}

struct Job<'a> {
    screen: Screen<'a>,
    layout: Layout,
    width: usize,
    height: usize,
    tolerate: Tolerate,
    budget: &'a Budget,
    sink: &'a mut dyn RowSink,
    warnings: &'a mut Vec<String>,
}

impl Job<'_> {
    /// The first frame alone: row by row, or through a frame of indices if it is interlaced.
    fn still(mut self, picture: &GifImage<'_>) -> Result<()> {
        let layout = self.layout;
        let channels = layout.channels();
        let colours = Colours::new(picture, &self.screen);
        let (left, top) = (usize::from(picture.left), usize::from(picture.top));
        let (width, height) = (usize::from(picture.width), usize::from(picture.height));
        let mut source = IndexRows::new(picture, self.budget)?;
        // A frame without its first row is not an image; one without area draws nothing.
        let mut indices = vec![0; width];
        if width > 0 && height > 0 {
            source.start(self.budget)?;
        }
        self.sink
            .begin(&Frame::still(layout, self.width as u32, self.height as u32))?;
        let mut row = vec![0; self.width * channels];
        for y in 0..self.height {
            self.budget.check()?;
            row.fill(0);
            if let Some(inside) = y.checked_sub(top).filter(|y| *y < height) {
                let filled = source.row(inside, &mut indices);
                let visible = filled.min(self.width.saturating_sub(left));
                let target = row.get_mut(left * channels..).unwrap_or_default();
                for (pixel, &index) in target.chunks_exact_mut(channels).zip(&indices[..visible]) {
                    pixel.copy_from_slice(&colours.0[usize::from(index)][..channels]);
                }
            }
            self.sink.row(0, &row)?;
        }
        self.judge(source.stop, picture.complete, 1)
    }

    fn animation(mut self, loops: u32) -> Result<()> {
        let stride = self.width * 4;
        let mut canvas = self
            .budget
            .zeroed::<u8>(stride.saturating_mul(self.height), "GIF canvas")?;
        let mut saved: Option<Buffer<u8>> = None;
        let mut opaque = Vec::new();
        let (screen, mut number) = (self.screen, 0u32);
        for block in screen.blocks() {
            let Block::Picture(picture) = block else { continue };
            number += 1;
            let disposal = picture.control.disposal;
            if disposal == Disposal::Previous {
                let copy = match &mut saved {
                    Some(copy) => copy,
                    none => none.insert(self.budget.zeroed(canvas.len(), "GIF canvas")?),
                };
                copy.copy_from_slice(&canvas);
            }
            let drawn = self.draw(&picture, &mut canvas);
            let (stop, anything) = match drawn {
                Ok(result) => result,
                Err(Error::Truncated { .. } | Error::BadInput { .. }) if number > 1 => (Some(Stop::Ended), false),
                Err(error) => return Err(error),
            };
            self.judge(stop, picture.complete, number)?;
            if number > 1 && !anything && !picture.complete {
                break;
            }
            self.sink.begin(&Frame {
                delay_ms: picture.control.delay_ms,
                loops,
                ..Frame::still(self.layout, self.width as u32, self.height as u32)
            })?;
            for row in canvas.chunks_exact(stride) {
                self.budget.check()?;
                match self.layout {
                    Layout::Rgb => {
                        let pixels = row.as_chunks::<4>().0.iter();
                        opaque.clear();
                        opaque.extend(pixels.flat_map(|&[red, green, blue, _]| [red, green, blue]));
                        self.sink.row(0, &opaque)?;
                    }
                    _ => self.sink.row(0, row)?,
                }
            }
            match (disposal, &saved) {
                (Disposal::Previous, Some(saved)) => canvas.copy_from_slice(saved),
                (Disposal::Background, _) => self.clear(&picture, &mut canvas),
                _ => {}
            }
        }
        Ok(())
    }

    /// Draws a frame on the canvas. Returns why it is incomplete, and whether any of it arrived.
    fn draw(&mut self, picture: &GifImage<'_>, canvas: &mut [u8]) -> Result<(Option<Stop>, bool)> {
        let colours = Colours::new(picture, &self.screen);
        let transparent = picture.control.transparent;
        let (width, height) = (usize::from(picture.width), usize::from(picture.height));
        if width == 0 || height == 0 {
            return Ok((None, false));
        }
        let mut source = IndexRows::new(picture, self.budget)?;
        source.start(self.budget)?;
        let mut indices = vec![0; width];
        for y in 0..height {
            self.budget.check()?;
            let filled = source.row(y, &mut indices);
            let Some(target) = self.span(picture, y, canvas) else {
                break;
            };
            for (pixel, &index) in target.as_chunks_mut::<4>().0.iter_mut().zip(&indices[..filled]) {
                if Some(index) != transparent {
                    *pixel = colours.0[usize::from(index)];
                }
            }
        }
        Ok((source.stop, true))
    }

    fn clear(&self, picture: &GifImage<'_>, canvas: &mut [u8]) {
        for y in 0..usize::from(picture.height) {
            let Some(target) = self.span(picture, y, canvas) else {
                break;
            };
            let end = target.len().min(usize::from(picture.width) * 4);
            target[..end].fill(0);
        }
    }

    /// The canvas from the frame's left edge on, in row `y` of the frame.
    fn span<'c>(&self, picture: &GifImage<'_>, y: usize, canvas: &'c mut [u8]) -> Option<&'c mut [u8]> {
        let y = y + usize::from(picture.top);
        let left = usize::from(picture.left).min(self.width);
        let row = canvas.chunks_exact_mut(self.width * 4).nth(y)?;
        Some(&mut row[left * 4..])
    }

    /// Error, warning or nothing, for an incomplete frame.
    fn judge(&mut self, stop: Option<Stop>, complete: bool, number: u32) -> Result<()> {
        let error = match stop {
            None => return Ok(()),
            Some(Stop::Ended) if complete => Error::truncated(
                Format::Gif,
                format_args!("frame {number} has fewer pixels than it claims"),
            ),
            Some(Stop::Ended) => Error::truncated(Format::Gif, format_args!("the file ends in frame {number}")),
            Some(Stop::Invalid) => Error::bad_input(Format::Gif, format_args!("an invalid LZW code in frame {number}")),
        };
        let tolerable = match error {
            // The first frame has to be all there, unless a file may end before its image does.
            Error::Truncated { .. } if complete || number > 1 => self.tolerate != Tolerate::None,
            Error::Truncated { .. } => self.tolerate.truncation(),
            _ => self.tolerate.damage(),
        };
        if !tolerable {
            return Err(error);
        }
        self.warnings.push(error.to_string());
        Ok(())
    }
}

/// 256 colours with alpha. Indices past the table are black, as in libnsgif; so is a missing table, except that its
/// second colour is white.
struct Colours([[u8; 4]; 256]);

impl Colours {
    fn new(picture: &GifImage<'_>, screen: &Screen<'_>) -> Self {
        let mut colours = [[0, 0, 0, 255]; 256];
        colours[1] = [255; 4];
        let palette = if picture.palette.is_empty() {
            screen.palette
        } else {
            picture.palette
        };
        for (colour, &[red, green, blue]) in colours.iter_mut().zip(palette.as_chunks::<3>().0) {
            *colour = [red, green, blue, 255];
        }
        if let Some(index) = picture.control.transparent {
            colours[usize::from(index)] = [0; 4];
        }
        Colours(colours)
    }
}

/// Rows of indices from top to bottom, whatever their order in the file.
struct IndexRows<'a> {
    indices: Indices<'a>,
    width: usize,
    height: usize,
    /// The whole frame if it is interlaced, with the number of indices present in each row; otherwise one row ahead.
    frame: Buffer<u8>,
    filled: Vec<usize>,
    interlaced: bool,
    stop: Option<Stop>,
}

impl<'a> IndexRows<'a> {
    fn new(picture: &GifImage<'a>, budget: &Budget) -> Result<Self> {
        let (width, height) = (usize::from(picture.width), usize::from(picture.height));
        let rows = if picture.interlaced { height } else { 1 };
        Ok(IndexRows {
            indices: Indices::new(picture)?,
            width,
            height,
            frame: budget.zeroed(width * rows, "GIF indices")?,
            filled: vec![0; rows],
            interlaced: picture.interlaced,
            stop: None,
        })
    }

    /// Decodes the first row, or all rows of an interlaced frame. It is an error if there are no indices at all.
    fn start(&mut self, budget: &Budget) -> Result<()> {
        if self.interlaced {
            // Appendix E: every eighth row, the rows between them, and so on.
            'passes: for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
                for y in (first..self.height).step_by(step) {
                    budget.check()?;
                    self.decode(y);
                    if self.stop.is_some() {
                        break 'passes;
                    }
                }
            }
        } else {
            self.decode(0);
        }
        match self.stop {
            Some(Stop::Ended) if self.filled[0] == 0 => {
                Err(Error::truncated(Format::Gif, "the data ends before the first pixel"))
            }
            Some(Stop::Invalid) if self.filled[0] == 0 => Err(Error::bad_input(
                Format::Gif,
                "an invalid LZW code before the first pixel",
            )),
            _ => Ok(()),
        }
    }

    fn decode(&mut self, slot: usize) {
        let row = &mut self.frame[slot * self.width..][..self.width];
        let (filled, stop) = self.indices.fill(row);
        self.filled[slot] = filled;
        self.stop = self.stop.or(stop);
    }

    /// Copies row `y` into `row` and returns how many of its indices are present. Rows are requested in order. If the
    /// row's pass is missing, it is the row of an earlier pass above it.
    fn row(&mut self, y: usize, row: &mut [u8]) -> usize {
        let slot = if self.interlaced {
            (y.saturating_sub(7)..=y)
                .rev()
                .find(|&slot| self.filled[slot] > 0)
                .unwrap_or(y)
        } else {
            if y > 0 {
                self.decode(0);
            }
            0
        };
        row.copy_from_slice(&self.frame[slot * self.width..][..self.width]);
        self.filled[slot]
    }
}

#[cfg(test)]
mod tests;
