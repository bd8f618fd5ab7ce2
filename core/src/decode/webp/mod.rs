//! Reads WebP, with the crate's own decoder. The container is read here; animations are composited here.

mod picture;
mod riff;

use self::riff::Container;
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
    /// Decodes the image, or all frames of an animation, composited. Of a truncated image the rows that arrived are
    /// kept, of an animation the frames.
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
        if request.animated && first.complete {
            // One is all that arrived; `None` has refused such a file.
            warnings.extend(lost(container).map(|error| error.to_string()));
        }
        if !first.complete && !request.tolerate.truncation() {
            return Err(Error::truncated(Format::Webp, "the file ends before the pixels do"));
        }
        let covers = (first.width, first.height) == (container.width, container.height);
        if covers && picture::layout(first) == layout(container) {
            return picture::still(first, request, budget, sink, warnings);
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
    if let Some(error) = lost(container) {
        if tolerate == Tolerate::None {
            return Err(error);
        }
        warnings.push(error.to_string());
    }
    Ok(())
}

/// The error for an animation that ends before its last frame.
fn lost(container: &Container<'_>) -> Option<Error> {
    let frames = container.frames.len();
    let error = || Error::truncated(Format::Webp, format_args!("the file ends after {frames} frames"));
    (container.animated && container.truncated).then(error)
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
        let mut y = 0;
        let arrived = picture::pixels(&frame.picture, budget, &mut |row| {
            let target = self.span(frame, y);
            y += 1;
            match picture::layout(&frame.picture) {
                Layout::Rgba if frame.blend => {
                    for (pixel, source) in target.iter_mut().zip(row.as_chunks::<4>().0) {
                        *pixel = over(*source, *pixel);
                    }
                }
                layout => layout.widen(row, target),
            }
            Ok(())
        })?;
        match arrived == frame.picture.height as usize {
            true => Ok(()),
            false => Err(picture::truncated(arrived, &frame.picture)),
        }
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

#[cfg(test)]
mod tests;
