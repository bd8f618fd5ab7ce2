//! What several effects have in common.

pub(crate) mod alpha;
pub(crate) mod channels;
pub(crate) mod lab;
pub(crate) mod lookup;
pub(crate) mod mask;
pub(crate) mod neighbours;
