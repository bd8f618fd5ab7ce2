//! Any text as a drawing: it is drawn in the probed size, and in the requested one, or refused; a second drawing is the
//! same.

use keenpix::encode::RawPixels;
use keenpix::input::Tolerate;
use keenpix::plan::Frames;
use keenpix::{Fit, Format, Plan, Resize, transform};

use crate::shared::{done, limits, pixels, same};

/// See above.
pub fn check(bytes: &[u8]) {
    let Ok(info) = keenpix::probe(bytes) else { return };
    if info.format != Format::Svg {
        return;
    }
    if u64::from(info.width) * u64::from(info.height) <= 1 << 16
        && let Some(drawn) = pixels(bytes, Tolerate::Errors, Frames::First)
    {
        assert_eq!((drawn.width, drawn.height), (info.width, info.height));
    }
    let resize = Resize::new().with_width(33).with_height(21).with_fit(Fit::Fill);
    let plan = Plan::new().with_resize(resize).with_encode(RawPixels::new());
    if let Some(drawn) = done(transform(bytes, &plan, &limits())) {
        assert_eq!((drawn.width, drawn.height), (33, 21));
        let again = done(transform(bytes, &plan, &limits())).expect("what was drawn once");
        same(&drawn.bytes, &again.bytes);
    }
}
