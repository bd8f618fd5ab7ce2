//! process-image in Rust: the same environment, events and objects as the Node function next to it.
//!
//! [`Config`] reads the environment, [`Function::handle`] is a pure function of event and client, and the binary wires
//! them to Lambda's runtime.

mod config;
mod function;

pub use config::{Config, WrongSetting};
pub use function::Function;
