//! Parts of an image.

use crate::orientation::Orientation;

/// A rectangle, in pixels; fractions are significant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The same part in the stored orientation.
pub(crate) fn to_stored(rect: Rect, (stored_width, stored_height): (f64, f64), orientation: Orientation) -> Rect {
    let (width, height) = orientation.size((stored_width, stored_height));
    let left = if orientation.flop {
        width - rect.left - rect.width
    } else {
        rect.left
    };
    let top = if orientation.flip {
        height - rect.top - rect.height
    } else {
        rect.top
    };
    if orientation.transpose {
        Rect {
            left: top,
            top: left,
            width: rect.height,
            height: rect.width,
        }
    } else {
        Rect { left, top, ..rect }
    }
}

/// The inverse: a part of the stored image, in the upright orientation.
pub(crate) fn to_upright(rect: Rect, stored: (f64, f64), orientation: Orientation) -> Rect {
    let (width, height) = orientation.size(stored);
    let rect = if orientation.transpose {
        Rect {
            left: rect.top,
            top: rect.left,
            width: rect.height,
            height: rect.width,
        }
    } else {
        rect
    };
    Rect {
        left: if orientation.flop {
            width - rect.left - rect.width
        } else {
            rect.left
        },
        top: if orientation.flip {
            height - rect.top - rect.height
        } else {
            rect.top
        },
        ..rect
    }
}
