//! Reads WebP: lossy stills with the crate's own decoder, all else with the crate `image-webp`, which decodes one image
//! at a time. The container is read here; animations are composited here.

mod lossy;
mod riff;

use std::io::Cursor;

use image_webp::{DecodingError, WebPDecoder};

use self::riff::{Bitstream, Container};
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

/// Pixels per second that no known machine exceeds with `image-webp`: 42 million were measured for lossy images.
/// An image is decoded in one call that can't be interrupted, so one that can't finish in time is not started.
const FASTEST: f64 = 100e6;

#[derive(Debug)]
struct Webp<'a> {
    bytes: &'a [u8],
    container: Container<'a>,
}

/// Reads size, frames and metadata, but no pixels.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>> {
    let container = riff::read(bytes)?;
    let first = &container.frames[0].picture;
    let copy = |block: Option<&[u8]>| block.filter(|block| !block.is_empty()).map(<[u8]>::to_vec);
    let metadata = MetadataBlocks {
        icc: copy(container.icc),
        exif: copy(
            container
                .exif
                .map(|exif| exif.strip_prefix(b"Exif\0\0").unwrap_or(exif)),
        ),
        xmp: copy(container.xmp),
        ..MetadataBlocks::default()
    };
    let info = Info {
        alpha: layout(&container) == Layout::Rgba,
        frames: container.frames.len() as u32,
        loops: container.animated.then_some(container.loops),
        delays: match container.animated {
            true => container.frames.iter().map(|frame| frame.delay_ms).collect(),
            false => Vec::new(),
        },
        ..Info::still(
            Format::Webp,
            container.width,
            container.height,
            if first.lossless {
                ColourModel::Rgb
            } else {
                ColourModel::Ycbcr
            },
        )
    };
    Ok(Opened::new(info, metadata, Webp { bytes, container }))
}

impl Decoder for Webp<'_> {
    /// Decodes the image, or all frames of an animation, composited. A truncated image is an error unless hardly
    /// anything is missing; of an animation, the frames that arrived are kept.
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        let Webp { bytes, container } = self;
        let most = budget.limits().frames;
        let (announced, length) = (riff::announced(bytes), bytes.len());
        if request.tolerate == Tolerate::None && announced > length as u64 {
            return Err(Error::truncated(
                Format::Webp,
                format_args!("{length} bytes of {announced}"),
            ));
        }
        let count = container.frames.len();
        if request.animated && count > most as usize {
            return Err(Error::limit(LimitKind::Frames, count as u64, most.into()));
        }
        if request.animated && count > 1 {
            return animation(container, request.tolerate, budget, sink, warnings);
        }
        let first = &container.frames[0].picture;
        if !container.animated && !first.lossless && !first.alpha {
            return lossy::still(first, request, budget, sink, warnings);
        }
        if !first.complete {
            // The decoder reads missing bytes at the end as zeros, and returns an image if only a few are missing.
            let error = Error::truncated(Format::Webp, "the file ends before the pixels do");
            if !request.tolerate.truncation() {
                return Err(error);
            }
            warnings.push(error.to_string());
        }
        if !container.animated || layout(container) == Layout::Rgb {
            return still(container, budget, sink);
        }
        // The first frame of an animation, on the canvas.
        let mut canvas = Canvas::new(container, budget)?;
        canvas.draw(&container.frames[0], budget)?;
        canvas.deliver(
            Frame::still(Layout::Rgba, container.width, container.height),
            budget,
            sink,
        )
    }
}

/// Of all frames, as the header says it: later ones of an animation may have holes, even where the first is opaque.
fn layout(container: &Container<'_>) -> Layout {
    let picture = &container.frames[0].picture;
    let covers = (picture.width, picture.height) == (container.width, container.height);
    match picture.alpha || !covers || container.frames.len() > 1 {
        true => Layout::Rgba,
        false => Layout::Rgb,
    }
}

fn still(container: &Container<'_>, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
    let decoded = unpack(&container.frames[0].picture, budget)?;
    sink.begin(&Frame::still(decoded.layout, container.width, container.height))?;
    for row in decoded
        .data
        .chunks_exact(container.width as usize * decoded.layout.channels())
    {
        budget.check()?;
        sink.row(0, row)?;
    }
    Ok(())
}

fn animation(
    container: &Container<'_>,
    tolerate: Tolerate,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    let mut canvas = Canvas::new(container, budget)?;
    for (number, frame) in container.frames.iter().enumerate() {
        match canvas.draw(frame, budget) {
            Ok(()) => {}
            Err(error) => {
                let tolerable = match error {
                    Error::Truncated { .. } => tolerate != Tolerate::None,
                    Error::BadInput { .. } => tolerate.damage(),
                    _ => false,
                };
                if number == 0 || !tolerable {
                    return Err(error);
                }
                warnings.push(format!("{error}; {number} frames arrived"));
                return Ok(());
            }
        }
        let still = Frame::still(Layout::Rgba, container.width, container.height);
        let announced = Frame {
            delay_ms: frame.delay_ms,
            loops: container.loops,
            ..still
        };
        canvas.deliver(announced, budget, sink)?;
        if frame.dispose {
            canvas.clear(frame);
        }
    }
    if container.truncated {
        let error = Error::truncated(
            Format::Webp,
            format_args!("the file ends after {} frames", container.frames.len()),
        );
        if tolerate == Tolerate::None {
            return Err(error);
        }
        warnings.push(error.to_string());
    }
    Ok(())
}

/// RGBA, transparent where nothing was drawn: like browsers, this ignores the file's background colour.
struct Canvas {
    width: usize,
    data: Buffer<u8>,
}

impl Canvas {
    fn new(container: &Container<'_>, budget: &Budget) -> Result<Self> {
        let (width, height) = (container.width as usize, container.height as usize);
        Ok(Canvas {
            width,
            data: budget.zeroed(width.saturating_mul(height).saturating_mul(4), "WebP canvas")?,
        })
    }

    fn draw(&mut self, frame: &riff::Frame<'_>, budget: &Budget) -> Result<()> {
        let decoded = unpack(&frame.picture, budget)?;
        let channels = decoded.layout.channels();
        let stride = frame.picture.width as usize * channels;
        for (y, row) in decoded.data.chunks_exact(stride).enumerate() {
            budget.check()?;
            let target = self.span(frame, y);
            if channels == 3 {
                for (pixel, source) in target.iter_mut().zip(row.as_chunks::<3>().0) {
                    *pixel = [source[0], source[1], source[2], 255];
                }
            } else if frame.blend {
                for (pixel, source) in target.iter_mut().zip(row.as_chunks::<4>().0) {
                    *pixel = over(*source, *pixel);
                }
            } else {
                target.copy_from_slice(row.as_chunks::<4>().0);
            }
        }
        Ok(())
    }

    fn clear(&mut self, frame: &riff::Frame<'_>) {
        for y in 0..frame.picture.height as usize {
            self.span(frame, y).fill([0; 4]);
        }
    }

    /// The frame's part of row `y` of the frame; the container has been checked to keep frames on the canvas.
    fn span(&mut self, frame: &riff::Frame<'_>, y: usize) -> &mut [[u8; 4]] {
        let start = (frame.y as usize + y) * self.width + frame.x as usize;
        &mut self.data.as_chunks_mut::<4>().0[start..][..frame.picture.width as usize]
    }

    fn deliver(&self, frame: Frame, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
        sink.begin(&frame)?;
        for row in self.data.chunks_exact(self.width * 4) {
            budget.check()?;
            sink.row(0, row)?;
        }
        Ok(())
    }
}

/// RFC 9649, 2.7.1.1: alpha-blending of colours that are not premultiplied.
fn over(source: [u8; 4], below: [u8; 4]) -> [u8; 4] {
    match (source[3], below[3]) {
        (255, _) | (_, 0) => source,
        (0, _) => below,
        (alpha, below_alpha) => {
            let (alpha, rest) = (
                u32::from(alpha) * 255,
                u32::from(below_alpha) * (255 - u32::from(alpha)),
            );
            let total = alpha + rest;
            let mix =
                |i: usize| ((u32::from(source[i]) * alpha + u32::from(below[i]) * rest + total / 2) / total) as u8;
            [mix(0), mix(1), mix(2), ((total + 127) / 255) as u8]
        }
    }
}

struct Decoded {
    layout: Layout,
    data: Buffer<u8>,
}

/// Decodes one image, in a container with nothing else in it.
fn unpack(picture: &Bitstream<'_>, budget: &Budget) -> Result<Decoded> {
    budget.check()?;
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    if budget
        .remaining()
        .is_some_and(|left| pixels as f64 / FASTEST > left.as_secs_f64())
    {
        return Err(budget.too_late());
    }
    let layout = if picture.alpha { Layout::Rgba } else { Layout::Rgb };
    // What the crate allocates besides the output: Y'CbCr planes and macroblocks, an alpha plane via RGBA; for
    // lossless images, RGBA and the transforms' images. The data is held twice.
    let inside = match (picture.lossless, picture.alpha_data) {
        (true, _) => pixels * if picture.alpha { 2 } else { 6 },
        (false, None) => pixels * 2,
        (false, Some(_)) => pixels * 7,
    };
    let held = 2 * (picture.data.len() + picture.alpha_data.map_or(0, <[u8]>::len)) as u64;
    let _booked = budget.reserve(inside + held + (1 << 20))?;
    let mut data = budget.zeroed::<u8>(pixels as usize * layout.channels(), "WebP picture")?;
    let file = wrap(picture);
    let mut decoder = WebPDecoder::new(Cursor::new(file.as_slice())).map_err(|error| fault(error, picture))?;
    decoder.set_memory_limit(usize::try_from(budget.limits().memory).unwrap_or(usize::MAX));
    if decoder.has_alpha() != picture.alpha || decoder.dimensions() != (picture.width, picture.height) {
        return Err(Error::bad_input(Format::Webp, "headers that contradict each other"));
    }
    decoder.read_image(&mut data).map_err(|error| fault(error, picture))?;
    Ok(Decoded { layout, data })
}

/// RFC 9649, 2.5 to 2.7: a file with one image.
fn wrap(picture: &Bitstream<'_>) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WEBP".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        file.extend_from_slice(kind);
        file.extend_from_slice(&(data.len() as u32).to_le_bytes());
        file.extend_from_slice(data);
        if data.len() % 2 == 1 {
            file.push(0);
        }
    };
    if let Some(alpha) = picture.alpha_data {
        let [w0, w1, w2, _] = (picture.width - 1).to_le_bytes();
        let [h0, h1, h2, _] = (picture.height - 1).to_le_bytes();
        chunk(b"VP8X", &[0x10, 0, 0, 0, w0, w1, w2, h0, h1, h2]);
        chunk(b"ALPH", alpha);
    }
    chunk(if picture.lossless { b"VP8L" } else { b"VP8 " }, picture.data);
    let size = (file.len() - 8) as u32;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    file
}

fn fault(error: DecodingError, picture: &Bitstream<'_>) -> Error {
    match error {
        DecodingError::IoError(_) | DecodingError::NotEnoughInitData if !picture.complete => {
            Error::truncated(Format::Webp, "the file ends before the pixels do")
        }
        _ if !picture.complete => Error::truncated(Format::Webp, error),
        DecodingError::IoError(_) => Error::truncated(Format::Webp, "the data ends before the pixels do"),
        DecodingError::MemoryLimitExceeded => Error::unsupported("WebP that needs more memory than its size suggests"),
        DecodingError::UnsupportedFeature(feature) => Error::unsupported(format_args!("WebP with {feature}")),
        other => Error::bad_input(Format::Webp, other),
    }
}

#[cfg(test)]
mod tests;
