//! Animated PNG (PNG 3rd edition, 4.9 and 11.3.8): where its frames are, and how they are laid on the canvas.

use super::chunks::{Chunk, Chunks, Ihdr, SIGNATURE};
use super::state::State;
use crate::budget::{Budget, Buffer};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::Info;
use crate::rows::{self, RowSink};

/// An animation of at least two frames.
#[derive(Debug)]
pub(super) struct Animation {
    /// How many times it plays; 0 means forever.
    pub(super) plays: u32,
    pub(super) frames: Vec<Frame>,
}

/// How many frames there are of how many, in a file that is cut off between two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lost {
    arrived: u32,
    announced: u32,
}

impl Lost {
    pub(super) fn error(self) -> Error {
        let Lost { arrived, announced } = self;
        Error::truncated(
            Format::Png,
            format_args!("the file ends after {arrived} of {announced} frames"),
        )
    }
}

/// A frame's control chunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) delay_ms: u32,
    width: u32,
    height: u32,
    left: u32,
    top: u32,
    dispose: Dispose,
    /// Lays the pixels over those that are there, by their alpha.
    blends: bool,
    /// Where its pixels begin.
    at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dispose {
    Keep,
    Background,
    Previous,
}

impl Animation {
    /// `None` for a still. A control chunk that makes no sense ends the animation, as in browsers. Then what was lost,
    /// if the file ends before the frames that it announces.
    pub(super) fn read(bytes: &[u8], ihdr: Ihdr) -> (Option<Self>, Option<Lost>) {
        let mut plays = None;
        let mut frames = Vec::new();
        let (mut pixels, mut announced, mut ended) = (false, 0, false);
        for (at, chunk) in Chunks::placed(bytes).filter(|(_, chunk)| chunk.complete) {
            match &chunk.kind {
                b"IDAT" => pixels = true,
                b"acTL" if !pixels && chunk.data.len() == 8 && chunk.checksum_matches() => {
                    announced = plays.map_or(long(&chunk, 0), |_| announced);
                    plays = plays.or(Some(long(&chunk, 4)));
                }
                b"IEND" => ended = true,
                b"fcTL" if plays.is_some() => match Frame::read(&chunk, ihdr, at) {
                    Some(frame) => frames.push(frame),
                    None => {
                        ended = true;
                        break;
                    }
                },
                _ => {}
            }
        }
        let arrived = frames.len() as u32;
        let lost = (!ended && arrived < announced).then_some(Lost { arrived, announced });
        let animation = plays.filter(|_| arrived > 1).map(|plays| Animation { plays, frames });
        (animation, lost)
    }

    /// Adds to the default image's header what the animation changes.
    pub(super) fn describe(&self, ihdr: Ihdr, info: &mut Info) {
        info.frames = self.frames.len() as u32;
        info.delays = self.frames.iter().map(|frame| frame.delay_ms).collect();
        info.loops = Some(self.plays);
        info.alpha |= self.has_holes(ihdr);
    }

    /// Whether parts of the canvas may be transparent, although no pixel of the file is.
    fn has_holes(&self, ihdr: Ihdr) -> bool {
        let covers = |frame: &Frame| (frame.width, frame.height) == (ihdr.width, ihdr.height);
        // Before the first frame there is nothing to go back to.
        let first = |first: &Frame| !covers(first) || first.dispose == Dispose::Previous;
        self.frames.first().is_some_and(first) || self.frames.iter().any(|frame| frame.dispose == Dispose::Background)
    }
}

impl Frame {
    fn read(chunk: &Chunk<'_>, ihdr: Ihdr, at: usize) -> Option<Self> {
        let &[.., n0, n1, d0, d1, dispose, blend] = chunk.data else {
            return None;
        };
        if chunk.data.len() != 26 || !chunk.checksum_matches() {
            return None;
        }
        let [width, height, left, top] = [4, 8, 12, 16].map(|at| long(chunk, at));
        let inside =
            |offset: u32, length: u32, of: u32| length > 0 && offset.checked_add(length).is_some_and(|end| end <= of);
        if !inside(left, width, ihdr.width) || !inside(top, height, ihdr.height) {
            return None;
        }
        let parts = match u16::from_be_bytes([d0, d1]) {
            0 => 100,
            parts => u32::from(parts),
        };
        Some(Frame {
            delay_ms: (u32::from(u16::from_be_bytes([n0, n1])) * 1000 + parts / 2) / parts,
            width,
            height,
            left,
            top,
            dispose: match dispose {
                0 => Dispose::Keep,
                1 => Dispose::Background,
                2 => Dispose::Previous,
                _ => return None,
            },
            blends: blend == 1,
            at: at + chunk.whole.len(),
        })
    }

    /// The frame as a PNG of its own, and its header.
    pub(super) fn file(&self, bytes: &[u8], ihdr: Ihdr, checks: bool) -> Result<(Vec<u8>, Ihdr)> {
        let ihdr = Ihdr {
            width: self.width,
            height: self.height,
            ..ihdr
        };
        let mut file = SIGNATURE.to_vec();
        let mut header = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        header.extend([ihdr.depth, ihdr.colour, 0, 0, u8::from(ihdr.interlaced)]);
        push(&mut file, b"IHDR", &header);
        let mut state = State::new(ihdr);
        for chunk in Chunks::new(bytes).take_while(|chunk| &chunk.kind != b"IDAT") {
            if matches!(&chunk.kind, b"PLTE" | b"tRNS") && state.counts(&chunk)? {
                file.extend_from_slice(&state.fitted(&chunk));
            }
        }
        let mut data = Vec::new();
        let mut complete = false;
        for chunk in Chunks::from(bytes, self.at) {
            let part = match &chunk.kind {
                b"IDAT" => chunk.data,
                b"fdAT" => chunk.data.get(4..).unwrap_or_default(),
                b"fcTL" | b"IEND" => {
                    complete = true;
                    break;
                }
                _ => continue,
            };
            if chunk.complete && checks && !chunk.checksum_matches() {
                return Err(Error::bad_input(Format::Png, "a checksum in a frame does not match"));
            }
            data.extend_from_slice(part);
        }
        push(&mut file, b"IDAT", &data);
        if complete {
            push(&mut file, b"IEND", b"");
        }
        Ok((file, ihdr))
    }
}

fn long(chunk: &Chunk<'_>, at: usize) -> u32 {
    let bytes = chunk.data.get(at..).and_then(|rest| rest.first_chunk());
    bytes.map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

fn push(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let from = file.len();
    file.extend(kind);
    file.extend(data);
    let checksum = crc32fast::hash(&file[from..]);
    file.extend(checksum.to_be_bytes());
}

/// What the frames are drawn on, in RGBA.
pub(super) struct Canvas {
    width: usize,
    data: Buffer<u8>,
    before: Option<Buffer<u8>>,
}

impl Canvas {
    pub(super) fn new(ihdr: Ihdr, budget: &Budget) -> Result<Self> {
        let (width, height) = (ihdr.width as usize, ihdr.height as usize);
        Ok(Canvas {
            width,
            data: budget.zeroed(width.saturating_mul(height).saturating_mul(4), "PNG canvas")?,
            before: None,
        })
    }

    /// Takes a frame's rows, after what it is to be disposed to is kept.
    pub(super) fn draw(&mut self, frame: Frame, budget: &Budget) -> Result<Draw<'_>> {
        if frame.dispose == Dispose::Previous {
            let before = match &mut self.before {
                Some(before) => before,
                none => none.insert(budget.zeroed(self.data.len(), "PNG canvas")?),
            };
            before.copy_from_slice(&self.data);
        }
        Ok(Draw {
            canvas: self,
            frame,
            y: 0,
            layout: Layout::Rgba,
            row: vec![[0; 4]; frame.width as usize],
        })
    }

    pub(super) fn deliver(&self, frame: &rows::Frame, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
        sink.begin(frame)?;
        let channels = frame.layout.channels();
        let mut narrow = vec![0; self.width * channels];
        for row in self.data.chunks_exact(self.width * 4) {
            budget.check()?;
            for (out, pixel) in narrow.chunks_exact_mut(channels).zip(row.as_chunks::<4>().0) {
                match out {
                    [grey, alpha] => (*grey, *alpha) = (pixel[0], pixel[3]),
                    out => out.copy_from_slice(&pixel[..channels]),
                }
            }
            sink.row(0, &narrow)?;
        }
        Ok(())
    }

    pub(super) fn dispose(&mut self, frame: Frame) {
        match (frame.dispose, &self.before) {
            (Dispose::Keep, _) => {}
            (Dispose::Previous, Some(before)) => self.data.copy_from_slice(before),
            _ => (0..frame.height).for_each(|y| span(&mut self.data, self.width, frame, y).fill([0; 4])),
        }
    }
}

/// The part of the canvas that row `y` of a frame covers.
fn span(canvas: &mut [u8], width: usize, frame: Frame, y: u32) -> &mut [[u8; 4]] {
    let start = (frame.top + y) as usize * width + frame.left as usize;
    &mut canvas.as_chunks_mut::<4>().0[start..][..frame.width as usize]
}

/// Lays a frame on the canvas.
pub(super) struct Draw<'c> {
    canvas: &'c mut Canvas,
    frame: Frame,
    y: u32,
    layout: Layout,
    row: Vec<[u8; 4]>,
}

impl RowSink for Draw<'_> {
    fn begin(&mut self, frame: &rows::Frame) -> Result<()> {
        self.layout = frame.layout;
        Ok(())
    }

    fn row(&mut self, _plane: usize, row: &[u8]) -> Result<()> {
        self.layout.widen(row, &mut self.row);
        let target = span(&mut self.canvas.data, self.canvas.width, self.frame, self.y);
        for (below, &above) in target.iter_mut().zip(&self.row) {
            *below = match self.frame.blends {
                true => over(above, *below),
                false => above,
            };
        }
        self.y += 1;
        Ok(())
    }
}

/// Alpha compositing of what is not premultiplied (PNG 13.16).
fn over(above: [u8; 4], below: [u8; 4]) -> [u8; 4] {
    match (above[3], below[3]) {
        (255, _) | (_, 0) => above,
        (0, _) => below,
        (a, b) => {
            let rest = u32::from(b) * (255 - u32::from(a));
            let alpha = u32::from(a) * 255 + rest;
            let mix = |c: usize| {
                let sum = u32::from(above[c]) * u32::from(a) * 255 + u32::from(below[c]) * rest;
                ((sum + alpha / 2) / alpha) as u8
            };
            [mix(0), mix(1), mix(2), ((alpha + 127) / 255) as u8]
        }
    }
}
