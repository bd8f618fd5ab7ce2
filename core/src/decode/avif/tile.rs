//! Decodes one AV1 image in a thread of its own, within its memory and its time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use keenpix_avif_decode as av1;

use super::boxes::bad;
use super::obu;
use super::overrun::{self, Permit, Work};
use super::source::Tile;
use crate::budget::{Budget, Reserved};
use crate::error::{Error, LimitKind, Result};
use crate::format::Format;

/// Maximum frames that one image may be coded as: hidden frames and layers each cost a whole decode.
const MOST_FRAMES: usize = 8;

/// How often the waiting thread looks around. Patience is counted in these, not by the clock: where a busy host or a
/// suspended machine gives the process no time, the waiting thread gets none either.
const TICK: Duration = Duration::from_millis(5);

/// Decodes one tile. Its cost is charged before it starts: the sequence header gives the size of a frame, and the
/// units give their number. The decoder refuses anything beyond that.
///
/// A frame can't be interrupted, so it is refused if there is no time for it, and otherwise decoded in a thread that is
/// left behind when the deadline passes: see [`overrun`] for how that stays an exception. The thread keeps its memory
/// charged until it ends, which it does after its current frame.
pub(super) fn decode(tile: &Tile, budget: &Budget) -> Result<(av1::Picture, Reserved)> {
    let (data, _booked) = tile.data.bytes(budget)?;
    let cost = Cost::of(tile, &data)?;
    let pictures = budget.reserve(cost.pictures)?;
    let working = budget.reserve(cost.working.saturating_add(2 * data.len() as u64))?;
    let ties = Arc::new(Ties::default());
    if let Some(permit) = overrun::enter(cost.work, cost.patience, budget)? {
        let _ = ties.permit.set(permit);
    }
    let job = Job {
        settings: av1::Settings {
            pixels: u32::try_from(cost.frame).unwrap_or(u32::MAX),
            bytes: cost.pictures,
            operating_point: tile.operating_point,
            layers: tile.layer.is_some(),
        },
        layer: tile.layer,
        data: data.into_owned(),
        ties: Arc::clone(&ties),
        _working: working,
    };
    let (sender, receiver) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("keenpix-av1".into());
    let spawned = thread.spawn(move || {
        let result = job.run();
        drop(job);
        // The receiver may be gone.
        let _ = sender.send((result, pictures));
    });
    spawned.map_err(|error| stuck(&error.to_string()))?;
    let mut waited = Duration::ZERO;
    let (result, pictures) = loop {
        match receiver.recv_timeout(TICK) {
            Ok(finished) => break finished,
            Err(RecvTimeoutError::Timeout) => waited += TICK,
            Err(RecvTimeoutError::Disconnected) => return Err(stuck("the decoder panicked")),
        }
        if waited > cost.patience {
            return Err(stuck("the decoder did not finish"));
        }
        if let Err(error) = budget.check()
            && ties.may_be_left(&cost)
        {
            return Err(error);
        }
    };
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

/// What a tile costs in time.
pub(super) fn work(tile: &Tile, budget: &Budget) -> Result<Work> {
    let (data, _booked) = tile.data.bytes(budget)?;
    Cost::of(tile, &data).map(|cost| cost.work)
}

/// What the decoding thread needs.
struct Job {
    data: Vec<u8>,
    settings: av1::Settings,
    layer: Option<u16>,
    ties: Arc<Ties>,
    _working: Reserved,
}

/// Between the decoding thread and the one that waits for it.
#[derive(Default)]
struct Ties {
    /// Nobody waits any more.
    left: AtomicBool,
    permit: OnceLock<Arc<Permit>>,
}

impl Ties {
    /// Leaves the decoder behind, unless there is one already.
    fn may_be_left(&self, cost: &Cost) -> bool {
        if self.permit.get().is_none()
            && let Some(permit) = overrun::take(cost.work, cost.patience)
        {
            let _ = self.permit.set(permit);
        }
        let may = self.permit.get().is_some();
        self.left.store(may, Ordering::Relaxed);
        may
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let (true, Some(permit)) = (self.ties.left.load(Ordering::Relaxed), self.ties.permit.get()) {
            permit.was_late();
        }
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
            if self.ties.left.load(Ordering::Relaxed) {
                return Err(stuck("the decoder was left behind"));
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
    /// Pixels of a frame.
    frame: u64,
    /// Bytes of all pictures alive at a time.
    pictures: u64,
    /// Bytes of the decoder's own tables.
    working: u64,
    work: Work,
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
        let whole = pixels.saturating_mul(frames.max(1) as u64);
        Ok(Cost {
            frame: pixels,
            pictures: picture.saturating_mul(frames.max(1) as u64 + extra),
            // Coefficients of the whole frame take twice the picture; measured: modes, filter levels and motion vectors
            // take up to 3 bytes a pixel, the threads' contexts and the rows kept for the filters 4 MB.
            working: (luma + chroma).saturating_mul(2 * sample).saturating_add(3 * pixels) + (4 << 20),
            work: Work {
                pixels: whole,
                samples: (luma + chroma).min(3 * pixels).saturating_mul(frames.max(1) as u64),
                bytes: data.len() as u64,
            },
            patience: Duration::from_secs(10) + Duration::from_micros(whole.saturating_mul(2)),
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
