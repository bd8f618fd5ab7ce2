//! What the benchmark programs share: where the images are, what the process has used, and the command line of all
//! runners of `peers/compare.py`; and generated pictures.

mod bitmap;
mod inputs;
pub mod kinds;
mod process;
mod runner;

pub use bitmap::bitmap;
pub use inputs::{Inputs, example_photo};
pub use process::{cpu_time, peak_memory_kb, resident_kb, threads};
pub use runner::{Runner, run};
