//! Limits as a struct that the caller fills in.

use std::time::Duration;

/// What one call may use; a field of 0 means the default.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Maximum pixels in a frame of the input, and of each output. Default: 268,402,689.
    pub pixels: u64,
    /// Maximum bytes of input. Default: 512 MiB.
    pub input_bytes: u64,
    /// Maximum bytes for pixels and tables, for all stages together. Default: 512 MB.
    pub memory: u64,
    /// Time limit for the call, in milliseconds. Default: none.
    pub deadline_ms: u64,
    /// Maximum width of the input and of each output. Default: 65,535.
    pub width: u32,
    /// Maximum height of the input and of each output. Default: 65,535.
    pub height: u32,
    /// Maximum frames decoded from an animation. Default: 1,000.
    pub frames: u32,
    /// Maximum scans of a JPEG. Default: 100.
    pub scans: u32,
    /// Maximum pixels decoded, over all frames and passes. Default: 2,000,000,000.
    pub total_pixels: u64,
}

impl Limits {
    pub(crate) fn resolve(&self) -> keenpix::Limits {
        let default = keenpix::Limits::new();
        keenpix::Limits::new()
            .with_pixels(or(self.pixels, default.pixels))
            .with_width(or(self.width, default.width))
            .with_height(or(self.height, default.height))
            .with_input_bytes(or(self.input_bytes, default.input_bytes))
            .with_memory(or(self.memory, default.memory))
            .with_frames(or(self.frames, default.frames))
            .with_scans(or(self.scans, default.scans))
            .with_total_pixels(or(self.total_pixels, default.total_pixels))
            .with_deadline((self.deadline_ms > 0).then(|| Duration::from_millis(self.deadline_ms)))
    }
}

fn or<T: Default + PartialEq>(given: T, default: T) -> T {
    if given == T::default() { default } else { given }
}
