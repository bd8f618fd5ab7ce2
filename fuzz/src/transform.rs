//! Any bytes through the whole pipeline: the result is an image of the requested size that can be read again, or an
//! error whose code is not that of a panic, within the limits of memory and time.

use keenpix::encode::{Encode, Gif, Jpeg, Png, RawPixels, Webp};
use keenpix::input::Tolerate;
use keenpix::plan::{Anchor, Frames, Light, Metadata, Trim};
use keenpix::{Fit, Plan, Resize, transform};

use crate::shared::{done, limits};

/// Two bytes of options, then a file.
pub fn check(bytes: &[u8]) {
    let Some((&[choice, more], file)) = bytes.split_first_chunk() else {
        return;
    };
    let tolerate = [Tolerate::None, Tolerate::Truncated, Tolerate::Errors][usize::from(choice) % 3];
    let fit = [Fit::Cover, Fit::Contain, Fit::Inside, Fit::Fill][usize::from(choice >> 2) % 4];
    let encode: Encode = match more % 5 {
        0 => Png::new().into(),
        1 => Jpeg::new().into(),
        2 => Webp::new().with_effort(0).into(),
        3 => Gif::new().into(),
        _ => RawPixels::new().into(),
    };
    let mut resize = Resize::new().with_width(33).with_height(21).with_fit(fit);
    if choice & 0x40 != 0 {
        resize = resize.with_light(Light::Linear);
    }
    if more & 0x80 != 0 && fit == Fit::Cover {
        resize = resize.with_position(Anchor::Attention);
    }
    let (icc, rest) = (more & 0x20 != 0, more & 0x10 != 0);
    let mut plan = Plan::new()
        .with_tolerate(tolerate)
        .with_frames(if choice & 0x80 == 0 { Frames::First } else { Frames::All })
        .with_metadata(
            Metadata::new()
                .with_icc(icc)
                .with_exif(rest)
                .with_xmp(rest)
                .with_iptc(rest),
        )
        .with_resize(resize)
        .with_encode(encode);
    if more & 0x40 != 0 {
        plan = plan.with_trim(Trim::new());
    }
    let Some(output) = done(transform(file, &plan, &limits())) else {
        return;
    };
    assert!(output.width <= 33 && output.height <= 21);
    assert!(fit == Fit::Inside || (output.width, output.height) == (33, 21));
    if more % 5 == 4 {
        let samples = output.width * output.height * u32::from(output.channels) * output.frames;
        assert_eq!(output.bytes.len(), samples as usize);
    } else {
        let info = keenpix::probe(&output.bytes).expect("what was written can be read");
        assert_eq!((info.width, info.height), (output.width, output.height));
        assert_eq!(info.orientation, 1);
        assert!(
            info.frames <= output.frames,
            "{} frames of {}",
            info.frames,
            output.frames
        );
    }
}
