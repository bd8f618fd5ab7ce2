//! What to make of an image: plain data.

use serde::{Deserialize, Serialize};

/// How much damage in the input is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tolerate {
    /// Any damage is an error.
    None,
    /// A file that ends too early gives the part that arrived, with a warning.
    #[default]
    Truncated,
    /// Whatever can be decoded is, with a warning for each fault.
    Errors,
}
