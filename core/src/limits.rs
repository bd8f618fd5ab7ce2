//! What one call may use, set by the host and never by a plan.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::error::{Error, LimitKind, Result};

/// What one call may use. The host sets it; a plan can't.
///
/// Everything is checked before anything is allocated, and the deadline and the cancel flag are checked
/// between rows, inside the decoders' own loops.
///
/// ```
/// use std::time::Duration;
/// let limits = keenpix::Limits::new().with_deadline(Duration::from_secs(5));
/// assert_eq!(limits.pixels, 268_402_689);
/// ```
///
/// In JSON, names are in camelCase (`inputBytes`; `input_bytes` is accepted too). JSON has no time limit: a deadline
/// and a cancel flag come from the host's own clock and threads.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Limits {
    /// Maximum pixels in a frame of the input, and of each output. Default: 268,402,689 (16,383²).
    pub pixels: u64,
    /// Maximum width of the input and of each output. Default: 65,535.
    #[serde(deserialize_with = "at_most")]
    pub width: u32,
    /// Maximum height of the input and of each output. Default: 65,535.
    #[serde(deserialize_with = "at_most")]
    pub height: u32,
    /// Maximum bytes of input. Default: 512 MiB.
    #[serde(alias = "input_bytes")]
    pub input_bytes: u64,
    /// Maximum bytes for pixels and tables, for all stages together, on top of the input itself. Default: 512 MB.
    pub memory: u64,
    /// Maximum frames decoded from an animation. Default: 1,000.
    #[serde(deserialize_with = "at_most")]
    pub frames: u32,
    /// Maximum pixels decoded in the call: those of all frames of an animation, of the passes that a trim adds, and of
    /// layers. Default: 2,000,000,000.
    #[serde(alias = "total_pixels")]
    pub total_pixels: u64,
    /// Maximum scans of a JPEG: each may go over every pixel again. Default: 100.
    #[serde(deserialize_with = "at_most")]
    pub scans: u32,
    /// Time limit for the call, from its start. Default: none. On `wasm32-unknown-unknown`, which has no clock, a call
    /// with a deadline is refused.
    #[serde(skip)]
    pub deadline: Option<Duration>,
    /// A flag that stops the call when another thread sets it. Default: none.
    #[serde(skip)]
    pub cancel: Option<Cancel>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            pixels: 268_402_689,
            width: 65_535,
            height: 65_535,
            input_bytes: 512 << 20,
            memory: 512_000_000,
            frames: 1_000,
            total_pixels: 2_000_000_000,
            scans: 100,
            deadline: None,
            cancel: None,
        }
    }
}

impl Limits {
    /// The default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`Limits::pixels`].
    pub fn with_pixels(mut self, pixels: u64) -> Self {
        self.pixels = pixels;
        self
    }

    /// Sets [`Limits::width`].
    pub fn with_width(mut self, width: u32) -> Self {
        self.width = width;
        self
    }

    /// Sets [`Limits::height`].
    pub fn with_height(mut self, height: u32) -> Self {
        self.height = height;
        self
    }

    /// Sets [`Limits::input_bytes`].
    pub fn with_input_bytes(mut self, input_bytes: u64) -> Self {
        self.input_bytes = input_bytes;
        self
    }

    /// Sets [`Limits::memory`].
    pub fn with_memory(mut self, memory: u64) -> Self {
        self.memory = memory;
        self
    }

    /// Sets [`Limits::frames`].
    pub fn with_frames(mut self, frames: u32) -> Self {
        self.frames = frames;
        self
    }

    /// Sets [`Limits::total_pixels`].
    pub fn with_total_pixels(mut self, total_pixels: u64) -> Self {
        self.total_pixels = total_pixels;
        self
    }

    /// Sets [`Limits::scans`].
    pub fn with_scans(mut self, scans: u32) -> Self {
        self.scans = scans;
        self
    }

    /// Sets [`Limits::deadline`].
    pub fn with_deadline(mut self, deadline: impl Into<Option<Duration>>) -> Self {
        self.deadline = deadline.into();
        self
    }

    /// Sets [`Limits::cancel`].
    pub fn with_cancel(mut self, cancel: impl Into<Option<Cancel>>) -> Self {
        self.cancel = cancel.into();
        self
    }

    /// Reads limits from JSON; those that are not given are the defaults.
    ///
    /// # Errors
    ///
    /// [`Error::BadArgument`] names the limit and says what is expected.
    ///
    /// ```
    /// let limits = keenpix::Limits::from_json(r#"{"pixels": 50000000}"#).unwrap();
    /// assert_eq!((limits.pixels, limits.width), (50_000_000, 65_535));
    /// let error = keenpix::Limits::from_json(r#"{"pixels": -5}"#).unwrap_err();
    /// assert_eq!(error.place(), Some("limits.pixels"));
    /// ```
    pub fn from_json(json: &str) -> Result<Self> {
        crate::json::read(json, &[]).map_err(|error| error.at("limits").into_bad_argument())
    }

    pub(crate) fn check_input(&self, bytes: &[u8]) -> Result<()> {
        within(LimitKind::InputBytes, bytes.len() as u64, self.input_bytes)
    }

    pub(crate) fn check_frames(&self, frames: u32) -> Result<()> {
        within(LimitKind::Frames, frames.into(), self.frames.into())
    }

    pub(crate) fn check_total(&self, pixels: u64) -> Result<()> {
        within(LimitKind::TotalPixels, pixels, self.total_pixels)
    }

    /// Checks the size of the input, of the output or of a picture on the way.
    pub(crate) fn check_size(&self, (width, height): (u32, u32)) -> Result<()> {
        within(LimitKind::Width, width.into(), self.width.into())?;
        within(LimitKind::Height, height.into(), self.height.into())?;
        within(LimitKind::Pixels, u64::from(width) * u64::from(height), self.pixels)
    }
}

/// A number; values beyond a `u32` mean no limit.
fn at_most<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    u64::deserialize(deserializer).map(|most| u32::try_from(most).unwrap_or(u32::MAX))
}

fn within(what: LimitKind, actual: u64, limit: u64) -> Result<()> {
    if actual <= limit {
        Ok(())
    } else {
        Err(Error::limit(what, actual, limit))
    }
}

/// A flag that stops a running call from another thread. Clones share the flag.
///
/// ```
/// use keenpix::{Cancel, Limits, Plan, transform};
///
/// let cancel = Cancel::default();
/// let limits = Limits::new().with_cancel(cancel.clone());
/// cancel.cancel(); // usually from another thread
/// let error = transform(include_bytes!("../tests/images/rgb.png"), &Plan::new(), &limits).unwrap_err();
/// assert_eq!(error.code(), "CANCELLED");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Stops every call that was given this flag, within a few rows.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the flag is up.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
