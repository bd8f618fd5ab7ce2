//! A global allocator that returns large buffers to the system at once.
//!
//! An image's buffers are large, live for milliseconds, and differ in size from call to call. glibc keeps such memory:
//! it raises its threshold for mappings to up to 32 MB when the first one is freed, and each thread of a pool has its
//! own heap, so a process that makes thumbnails grows to a multiple of what it uses. This allocator gives every buffer
//! of [`LARGE`] bytes or more its own mapping, and unmaps it when it is freed. The system allocates smaller ones, and
//! on systems other than Linux all of them.
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
