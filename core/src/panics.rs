//! Catches panics at the edge of the crate.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result};

/// A panic is a bug of ours or of a codec. It must not cross the edge, least of all into another language.
pub(crate) fn unpanicked<T>(stage: &'static str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let reason = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a message".into());
        Err(Error::internal(stage, reason))
    })
}
