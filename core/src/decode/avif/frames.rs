//! Decodes AV1 data to samples: one image, or a grid of them assembled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use keenpix_avif_decode as av1;

use super::boxes::bad;
use super::meta::Nclx;
use super::obu;
use super::source::{Coded, Tile};
use crate::budget::{Budget, Buffer, Reserved};
use crate::error::{Error, LimitKind, Result};
use crate::format::Format;

/// Maximum frames that one image may be coded as: hidden frames and layers each cost a whole decode.
const MOST_FRAMES: usize = 8;

/// Decoded samples, in their coded depth.
pub(super) enum Samples {
    Picture(
        Box<av1::Picture>,
        #[expect(dead_code, reason = "held until the picture's memory is free")] Reserved,
    ),
    Canvas(Canvas),
}

/// A grid's tiles in one piece.
pub(super) struct Canvas {
    shape: Shape,
    planes: Vec<Buffer<u16>>,
}

/// The description of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) bits: u8,
    pub(super) planes: usize,
    pub(super) half_width: bool,
    pub(super) half_height: bool,
}

impl Shape {
    /// Columns and rows of a plane.
    pub(super) fn plane(&self, plane: usize) -> (usize, usize) {
        let half = |size: usize, half: bool| if half && plane > 0 { size.div_ceil(2) } else { size };
        (half(self.width, self.half_width), half(self.height, self.half_height))
    }
}

impl Samples {
    pub(super) fn shape(&self) -> Shape {
        match self {
            Samples::Canvas(canvas) => canvas.shape,
            Samples::Picture(picture, _) => shape_of(picture),
        }
    }

    /// What the AV1 data says about colour; a canvas has lost it.
    pub(super) fn colour(&self) -> Option<Nclx> {
        match self {
            Samples::Picture(picture, _) => picture.colour().map(|colour| Nclx {
                primaries: colour.primaries.into(),
                transfer: colour.transfer.into(),
                matrix: colour.matrix.into(),
                full_range: colour.full_range,
            }),
            Samples::Canvas(_) => None,
        }
    }

    /// A row of 8-bit samples, if that is what there is.
    pub(super) fn row8(&self, plane: usize, y: usize) -> Option<&[u8]> {
        match self {
            Samples::Picture(picture, _) => picture.row(plane, y),
            Samples::Canvas(_) => None,
        }
    }

    /// Copies a row as coded; the excess part of `row` is unchanged.
    pub(super) fn copy_row(&self, plane: usize, y: usize, row: &mut [u16]) {
        match self {
            Samples::Picture(picture, _) => copy_row(picture, plane, y, row),
            Samples::Canvas(canvas) => {
                let width = canvas.shape.plane(plane).0;
                let samples = canvas
                    .planes
                    .get(plane)
                    .and_then(|plane| plane.get(y * width..)?.get(..width));
                for (to, &from) in row.iter_mut().zip(samples.unwrap_or_default()) {
                    *to = from;
                }
            }
        }
    }
}

/// Decodes a coded picture.
pub(super) fn decode(coded: &Coded, budget: &Budget) -> Result<Samples> {
    match coded.tiles.as_slice() {
        [tile] if coded.columns * coded.rows == 1 => {
            let (picture, booked) = decode_tile(tile, budget)?;
            Ok(Samples::Picture(Box::new(picture), booked))
        }
        _ => decode_grid(coded, budget).map(Samples::Canvas),
    }
}

fn decode_grid(coded: &Coded, budget: &Budget) -> Result<Canvas> {
    let mut canvas: Option<Canvas> = None;
    for (tile, index) in coded.tiles.iter().zip(0usize..) {
        let (picture, _booked) = decode_tile(tile, budget)?;
        let shape = Shape {
            width: coded.width as usize,
            height: coded.height as usize,
            ..shape_of(&picture)
        };
        // Chroma samples must align at the seams.
        let odd = |size: u32, half: bool| half && size % 2 == 1;
        if odd(tile.width, shape.half_width) || odd(tile.height, shape.half_height) {
            return Err(bad(format!(
                "grid tiles of {} × {} with halved chroma",
                tile.width, tile.height
            )));
        }
        let canvas = match &mut canvas {
            Some(canvas) if canvas.shape == shape => canvas,
            Some(_) => return Err(bad("the tiles of a grid differ in depth or chroma")),
            None => canvas.insert(Canvas::new(shape, budget)?),
        };
        let (row, column) = (index / coded.columns as usize, index % coded.columns as usize);
        canvas.paste(
            &picture,
            column * tile.width as usize,
            row * tile.height as usize,
            budget,
        )?;
    }
    canvas.ok_or_else(|| bad("a grid without tiles"))
}

impl Canvas {
    fn new(shape: Shape, budget: &Budget) -> Result<Self> {
        let planes = (0..shape.planes).map(|plane| {
            let (width, height) = shape.plane(plane);
            budget.zeroed(width.saturating_mul(height), "the pictures of a grid")
        });
        Ok(Canvas {
            shape,
            planes: planes.collect::<Result<_>>()?,
        })
    }

    fn paste(&mut self, picture: &av1::Picture, left: usize, top: usize, budget: &Budget) -> Result<()> {
        let shape = self.shape;
        for (plane, samples) in self.planes.iter_mut().enumerate() {
            let (width, height) = shape.plane(plane);
            let left = if shape.half_width && plane > 0 { left / 2 } else { left };
            let top = if shape.half_height && plane > 0 { top / 2 } else { top };
            for y in top..height.min(top.saturating_add(picture.plane_size(plane).1)) {
                let row = samples.get_mut(y * width..).and_then(|rest| rest.get_mut(left..width));
                copy_row(picture, plane, y - top, row.unwrap_or_default());
            }
        }
        budget.check()
    }
}

fn copy_row(picture: &av1::Picture, plane: usize, y: usize, row: &mut [u16]) {
    if let Some(samples) = picture.row(plane, y) {
        row.iter_mut().zip(samples).for_each(|(to, &from)| *to = from.into());
    } else if let Some(samples) = picture.row16(plane, y) {
        row.iter_mut().zip(samples).for_each(|(to, &from)| *to = from);
    }
}

fn shape_of(picture: &av1::Picture) -> Shape {
    let (half_width, half_height) = picture.subsampling();
    Shape {
        width: picture.width(),
        height: picture.height(),
        bits: picture.bits(),
        planes: picture.planes(),
        half_width,
        half_height,
    }
}

/// Decodes one tile. Its cost is charged before it starts: the sequence header gives the size of a frame, and the
/// units give their number. The decoder refuses anything beyond that.
///
/// It works in its own thread, which is abandoned when the deadline passes, because a frame can't be interrupted.
/// The thread keeps its memory charged until it ends, which it does after its current frame.
fn decode_tile(tile: &Tile, budget: &Budget) -> Result<(av1::Picture, Reserved)> {
    let (data, _booked) = tile.data.bytes(budget)?;
    let cost = Cost::of(tile, &data)?;
    let pictures = budget.reserve(cost.pictures)?;
    let job = Job {
        settings: av1::Settings {
            pixels: u32::try_from(cost.pixels).unwrap_or(u32::MAX),
            bytes: cost.pictures,
            operating_point: tile.operating_point,
            layers: tile.layer.is_some(),
        },
        layer: tile.layer,
        stop: Arc::default(),
        _work: budget.reserve(cost.work.saturating_add(2 * data.len() as u64))?,
        data: data.into_owned(),
    };
    let stop = StopOnDrop(Arc::clone(&job.stop));
    let (sender, receiver) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("keenpix-av1".into());
    let spawned = thread.spawn(move || {
        let result = job.run();
        drop(job);
        // The receiver may be gone.
        let _ = sender.send((result, pictures));
    });
    spawned.map_err(|error| stuck(&error.to_string()))?;
    let started = Instant::now();
    let (result, pictures) = loop {
        match receiver.recv_timeout(Duration::from_millis(10)) {
            Ok(finished) => break finished,
            Err(RecvTimeoutError::Timeout) => budget.check()?,
            Err(RecvTimeoutError::Disconnected) => return Err(stuck("the decoder panicked")),
        }
        if started.elapsed() > cost.patience {
            return Err(stuck("the decoder did not finish"));
        }
    };
    drop(stop);
    let picture = result?;
    if (picture.width(), picture.height()) != (tile.width as usize, tile.height as usize) {
        let coded = format!("{} × {}", picture.width(), picture.height());
        return Err(bad(format!(
            "ispe announces {} × {} and the data hold {coded}",
            tile.width, tile.height
        )));
    }
    Ok((picture, pictures))
}

/// What the decoding thread needs.
struct Job {
    data: Vec<u8>,
    settings: av1::Settings,
    layer: Option<u16>,
    stop: Arc<AtomicBool>,
    _work: Reserved,
}

struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Job {
    fn run(&self) -> Result<av1::Picture> {
        let failed = |error| failure(error, self.settings.bytes);
        let nothing = || bad("the AV1 data has no visible frame");
        let wanted = |picture: &av1::Picture| self.layer.is_none_or(|layer| layer == u16::from(picture.layer()));
        let mut decoder = av1::Decoder::new(&self.settings).map_err(failed)?;
        for unit in obu::units(&self.data) {
            let unit = unit?;
            while !decoder.send(unit.bytes).map_err(failed)? {
                if let Some(picture) = decoder.picture().map_err(failed)?.filter(wanted) {
                    return Ok(picture);
                }
            }
            if self.stop.load(Ordering::Relaxed) {
                return Err(stuck("the decoder was abandoned"));
            }
        }
        loop {
            let picture = decoder.picture().map_err(failed)?.ok_or_else(nothing)?;
            if wanted(&picture) {
                return Ok(picture);
            }
        }
    }
}

fn stuck(reason: &str) -> Error {
    Error::internal("decoding AV1", reason)
}

/// What decoding a tile may use.
struct Cost {
    pixels: u64,
    /// Bytes of all pictures alive at a time.
    pictures: u64,
    /// Bytes of the decoder's own tables.
    work: u64,
    /// How long to wait for a decoder that may have lost a thread to a panic. A slow machine needs a fifth of it.
    patience: Duration,
}

impl Cost {
    fn of(tile: &Tile, data: &[u8]) -> Result<Self> {
        let sequence = obu::sequence(data)?;
        let mut frames = 0;
        for unit in obu::units(data) {
            frames += usize::from(unit?.starts_frame());
        }
        if frames > MOST_FRAMES {
            return Err(Error::unsupported(format!(
                "AVIF whose image is coded as {frames} frames"
            )));
        }
        // A sequence announces the largest of its frames, and a sample may hold no more than the picture.
        let (width, height) = (sequence.width.max(tile.width), sequence.height.max(tile.height));
        let pixels = u64::from(width) * u64::from(height);
        let side = |size: u32| u64::from(size).next_multiple_of(128);
        let luma = side(width) * side(height);
        let chroma = match (sequence.mono, sequence.half_width, sequence.half_height) {
            (true, ..) => 0,
            (_, true, true) => luma / 2,
            (_, true, false) => luma,
            _ => 2 * luma,
        };
        let sample = if sequence.bits > 8 { 2 } else { 1 };
        // The rows' padding against cache conflicts, see the allocator.
        let padding = 3 * 64 * side(height) + 64;
        let picture = (luma + chroma).saturating_mul(sample).saturating_add(padding);
        let extra = u64::from(sequence.superres) + u64::from(sequence.film_grain);
        Ok(Cost {
            pixels,
            pictures: picture.saturating_mul(frames.max(1) as u64 + extra),
            // Coefficients of the whole frame take twice the picture; measured: modes, filter levels and motion vectors
            // take up to 3 bytes a pixel, the threads' contexts and the rows kept for the filters 4 MB.
            work: (luma + chroma).saturating_mul(2 * sample).saturating_add(3 * pixels) + (4 << 20),
            patience: Duration::from_secs(10) + Duration::from_micros(pixels.saturating_mul(2 * frames.max(1) as u64)),
        })
    }
}

fn failure(error: av1::Error, allowed: u64) -> Error {
    match error {
        av1::Error::Memory => Error::limit(LimitKind::Memory, allowed.saturating_add(1), allowed),
        av1::Error::Unsupported => Error::unsupported("AVIF whose AV1 data uses a feature that is not supported"),
        error => Error::bad_input(Format::Avif, error),
    }
}
