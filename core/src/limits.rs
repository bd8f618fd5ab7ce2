//! What one call may cost, set by the host and never by a plan, and the running account of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, LimitKind, Result};
use crate::geometry::Geometry;
use crate::probe::Info;

/// What one call may cost. The host sets it; a plan can't.
///
/// Everything is checked before anything is allocated, and the deadline and the cancel flag are looked at
/// between rows, inside the decoders' own loops.
///
/// ```
/// use std::time::Duration;
/// let limits = keenpix::Limits { deadline: Some(Duration::from_secs(5)), ..Default::default() };
/// assert_eq!(limits.pixels, 268_402_689);
/// ```
#[derive(Debug, Clone)]
pub struct Limits {
    /// Most pixels in the input's frame and in an output's. Default: 268,402,689 (16,383²).
    pub pixels: u64,
    /// Largest width of the input and of an output. Default: 65,535.
    pub width: u32,
    /// Largest height of the input and of an output. Default: 65,535.
    pub height: u32,
    /// Most bytes of input. Default: 512 MiB.
    pub input_bytes: u64,
    /// Most bytes for pixels and tables, all stages of a call together, over the input's own. Default: 512 MB.
    pub memory: u64,
    /// Most frames that are decoded from an animation. Default: 1,000.
    pub frames: u32,
    /// Most scans of a JPEG: each may pass over every pixel once more. Default: 100.
    pub scans: u32,
    /// Time for the call, from its start. Default: none.
    pub deadline: Option<Duration>,
    /// Raise it from another thread to stop the call. Default: none.
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
            scans: 100,
            deadline: None,
            cancel: None,
        }
    }
}

impl Limits {
    pub(crate) fn check_input(&self, bytes: &[u8]) -> Result<()> {
        within(LimitKind::InputBytes, bytes.len() as u64, self.input_bytes)
    }

    /// Checks what the header says of the input.
    pub(crate) fn check_source(&self, info: &Info) -> Result<()> {
        self.check_size((info.width, info.height))
    }

    /// Checks what the plan makes of it: a plan may ask to enlarge.
    pub(crate) fn check_target(&self, geometry: &Geometry) -> Result<()> {
        self.check_size(geometry.scaled)?;
        self.check_size(geometry.output)
    }

    /// Checks a size on the way to the output.
    pub(crate) fn check_size(&self, (width, height): (u32, u32)) -> Result<()> {
        within(LimitKind::Width, width.into(), self.width.into())?;
        within(LimitKind::Height, height.into(), self.height.into())?;
        within(LimitKind::Pixels, u64::from(width) * u64::from(height), self.pixels)
    }
}

fn within(what: LimitKind, actual: u64, limit: u64) -> Result<()> {
    if actual <= limit {
        Ok(())
    } else {
        Err(Error::limit(what, actual, limit))
    }
}

/// A flag that stops a running call from another thread. Clones share the flag.
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

/// The running account of one call against its [`Limits`]: memory in use, time spent. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Account>);

#[derive(Debug)]
struct Account {
    limits: Limits,
    started: Instant,
    memory: AtomicU64,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Budget(Arc::new(Account {
            limits: limits.clone(),
            started: Instant::now(),
            memory: AtomicU64::new(0),
        }))
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Looks at the cancel flag and the deadline. Costs about 30 ns: call it once a row, or per block of work.
    pub(crate) fn check(&self) -> Result<()> {
        let limits = &self.0.limits;
        if limits.cancel.as_ref().is_some_and(Cancel::is_cancelled) {
            return Err(Error::Cancelled);
        }
        let Some(deadline) = limits.deadline else { return Ok(()) };
        let elapsed = self.0.started.elapsed();
        if elapsed < deadline {
            return Ok(());
        }
        Err(self.too_late())
    }

    /// Time to the deadline, if there is one.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.0
            .limits
            .deadline
            .map(|deadline| deadline.saturating_sub(self.0.started.elapsed()))
    }

    /// The error for work that can't be done before the deadline, or was not.
    pub(crate) fn too_late(&self) -> Error {
        Error::Deadline {
            elapsed_ms: self.0.started.elapsed().as_millis() as u64,
            deadline_ms: self.0.limits.deadline.unwrap_or_default().as_millis() as u64,
        }
    }

    /// Books `bytes` before they are allocated; dropping the result gives them back.
    pub(crate) fn reserve(&self, bytes: u64) -> Result<Reserved> {
        let limit = self.0.limits.memory;
        let before = self.0.memory.fetch_add(bytes, Ordering::Relaxed);
        let reserved = Reserved {
            budget: self.clone(),
            bytes,
        };
        match before.checked_add(bytes) {
            Some(actual) if actual <= limit => Ok(reserved),
            actual => Err(Error::limit(LimitKind::Memory, actual.unwrap_or(u64::MAX), limit)),
        }
    }

    /// A buffer of zeros within the memory limit, allocated fallibly.
    pub(crate) fn zeroed<T: bytemuck::Zeroable>(&self, len: usize, what: &'static str) -> Result<Buffer<T>> {
        let bytes = (len as u64).saturating_mul(size_of::<T>() as u64);
        let reserved = self.reserve(bytes)?;
        let data = bytemuck::allocation::try_zeroed_vec(len).map_err(|()| Error::OutOfMemory { bytes, what })?;
        Ok(Buffer {
            data,
            _reserved: reserved,
        })
    }
}

/// Memory that is booked in a [`Budget`] until this is dropped.
#[derive(Debug)]
pub(crate) struct Reserved {
    budget: Budget,
    bytes: u64,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.budget.0.memory.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A slice that is booked in a [`Budget`].
#[derive(Debug)]
pub(crate) struct Buffer<T> {
    data: Vec<T>,
    _reserved: Reserved,
}

impl<T> std::ops::Deref for Buffer<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.data
    }
}

impl<T> std::ops::DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.data
    }
}
