//! The part of CSS that drawings use (Selectors 4, Cascade 5, Variables 1, Color 4), because usvg knows that of 2005:
//! which declarations count for an element, and what their values are in terms that usvg understands.

mod colour;
mod select;
mod sheet;
#[cfg(test)]
mod tests;
mod transform;
mod value;

pub(super) use select::{Places, Steps};
pub(super) use sheet::{Declaration, Sheet, declarations};
pub(super) use value::{Variables, substitute, usable};
