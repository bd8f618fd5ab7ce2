//! The running account of one call: memory in use, pixels decoded, time spent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, LimitKind, Result};
use crate::limits::{Cancel, Limits};

/// `Instant::now` panics in WebAssembly without a host interface.
const HAS_CLOCK: bool = !cfg!(all(target_family = "wasm", target_os = "unknown"));

/// The running account of one call against its [`Limits`]: memory in use, pixels decoded, time spent. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Account>);

#[derive(Debug)]
struct Account {
    limits: Limits,
    /// When the call began, if it has a deadline and the platform has a clock.
    started: Option<Instant>,
    memory: AtomicU64,
    decoded: AtomicU64,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Budget(Arc::new(Account {
            limits: limits.clone(),
            started: limits.deadline.filter(|_| HAS_CLOCK).map(|_| Instant::now()),
            memory: AtomicU64::new(0),
            decoded: AtomicU64::new(0),
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
        let Some(started) = self.0.started else {
            return Err(Error::bad_argument(
                "deadline",
                "none: this platform has no clock",
                "one",
            ));
        };
        if started.elapsed() < deadline {
            return Ok(());
        }
        Err(self.too_late())
    }

    /// Time to the deadline, if there is one.
    #[cfg_attr(
        not(feature = "svg"),
        allow(dead_code, reason = "only drawings are estimated beforehand")
    )]
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.0
            .limits
            .deadline
            .map(|deadline| deadline.saturating_sub(self.elapsed()))
    }

    fn elapsed(&self) -> Duration {
        self.0.started.map_or(Duration::ZERO, |started| started.elapsed())
    }

    /// The error for work that can't be done before the deadline, or was not.
    pub(crate) fn too_late(&self) -> Error {
        Error::Deadline {
            elapsed_ms: self.elapsed().as_millis() as u64,
            deadline_ms: self.0.limits.deadline.unwrap_or_default().as_millis() as u64,
        }
    }

    /// Counts pixels before they are decoded, on top of those that the call has decoded already.
    pub(crate) fn count_pixels(&self, pixels: u64) -> Result<()> {
        let before = self.0.decoded.fetch_add(pixels, Ordering::Relaxed);
        self.0.limits.check_total(before.saturating_add(pixels))
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
