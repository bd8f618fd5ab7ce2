//! What the measuring programs share: where the pictures are, what the process has used, and the way in which every
//! runner of `peers/compare.py` is called.

mod bitmap;
mod inputs;
mod process;
mod runner;

pub use bitmap::bitmap;
pub use inputs::{Inputs, example_photo};
pub use process::{cpu_time, peak_memory_kb};
pub use runner::{Runner, run};
