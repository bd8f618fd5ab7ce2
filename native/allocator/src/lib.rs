//! A global allocator that returns large buffers to the system at once.
//!
//! A picture's buffers are large, live for milliseconds, and have another size at every call. glibc keeps such memory:
//! it moves its threshold for mappings up to 32 MB when the first one is freed, and each thread of a pool has a heap of
//! its own, so that a process that makes thumbnails grows to a multiple of what it uses. This allocator maps every
//! buffer of [`LARGE`] bytes or more for itself, and unmaps it when it is freed. Smaller ones are the system's. On
//! other systems than Linux all of them are.
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: keenpix_allocator::Mapping = keenpix_allocator::Mapping;
//! ```

#[cfg(target_os = "linux")]
mod mapping;

#[cfg(target_os = "linux")]
pub use mapping::{LARGE, Mapping};

/// The system's allocator.
#[cfg(not(target_os = "linux"))]
pub type Mapping = std::alloc::System;

/// The system's allocator.
#[cfg(not(target_os = "linux"))]
#[allow(non_upper_case_globals, reason = "a unit struct's alias has no value of its own")]
pub const Mapping: std::alloc::System = std::alloc::System;
