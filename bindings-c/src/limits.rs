//! Limits as a struct that a caller fills.

use std::time::Duration;

/// What one call may cost; a field that is 0 keeps the default.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Most pixels in the input's frame and in an output's. Default: 268,402,689.
    pub pixels: u64,
    /// Most bytes of input. Default: 512 MiB.
    pub input_bytes: u64,
    /// Most bytes for pixels and tables, all stages of a call together. Default: 512 MB.
    pub memory: u64,
    /// Time for the call, in milliseconds. Default: as long as it takes.
    pub deadline_ms: u64,
    /// Largest width of the input and of an output. Default: 65,535.
    pub width: u32,
    /// Largest height of the input and of an output. Default: 65,535.
    pub height: u32,
    /// Most frames that are decoded from an animation. Default: 1,000.
    pub frames: u32,
    /// Most scans of a JPEG. Default: 100.
    pub scans: u32,
}

impl Limits {
    pub(crate) fn resolve(&self) -> keenpix::Limits {
        let default = keenpix::Limits::default();
        keenpix::Limits {
            pixels: or(self.pixels, default.pixels),
            width: or(self.width, default.width),
            height: or(self.height, default.height),
            input_bytes: or(self.input_bytes, default.input_bytes),
            memory: or(self.memory, default.memory),
            frames: or(self.frames, default.frames),
            scans: or(self.scans, default.scans),
            deadline: (self.deadline_ms > 0).then(|| Duration::from_millis(self.deadline_ms)),
            cancel: None,
        }
    }
}

fn or<T: Default + PartialEq>(given: T, default: T) -> T {
    if given == T::default() { default } else { given }
}
