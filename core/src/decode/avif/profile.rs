//! Colour spaces given as code points (ITU-T H.273), for a pipeline that knows ICC profiles.

use super::meta::Nclx;

/// The name of a transfer function that holds more than sRGB's range, if that is what the code says.
pub(super) fn high_dynamic_range(code: Nclx) -> Option<&'static str> {
    match code.transfer {
        16 => Some("PQ (SMPTE ST 2084)"),
        18 => Some("HLG (ARIB STD-B67)"),
        _ => None,
    }
}

/// A profile for colours that are not sRGB's; `None` where the code says sRGB, says nothing, or has no profile.
pub(super) fn of(_code: Nclx) -> Option<Vec<u8>> {
    None
}
