//! Round trip: libwebp's decoder and keenpix's read whatever keenpix writes as WebP, and see the same; a lossless file
//! has the pixels that were given.

use keenpix::encode::{Preset, Webp};
use keenpix::input::Tolerate;
use keenpix::plan::Frames;
use keenpix::transform;

use crate::libwebp;
use crate::shared::{Picture, limits, pixels, rgba, same};

/// Three bytes of options, then a picture.
pub fn check(bytes: &[u8]) {
    let Some((&[quality, effort, flags], rest)) = bytes.split_first_chunk() else {
        return;
    };
    let Some(picture) = Picture::read(rest) else { return };
    let lossless = flags & 1 != 0;
    let presets = [Preset::Default, Preset::Photo, Preset::Drawing, Preset::Text];
    let options = Webp::new()
        .with_quality(quality % 101)
        .with_effort(effort % 7)
        .with_lossless(lossless)
        .with_exact(flags & 2 != 0)
        .with_sharp(flags & 4 != 0)
        .with_alpha(if flags & 8 != 0 { 100 } else { quality % 101 })
        .with_near(if lossless && flags & 16 != 0 { 60 } else { 100 })
        .with_preset(presets[usize::from(flags >> 5 & 3)]);
    let written = transform(&picture.samples, &picture.plan().with_encode(options), &limits())
        .expect("every picture can be written");
    let ours = pixels(&written.bytes, Tolerate::None, Frames::First).expect("keenpix reads it");
    assert!(ours.warnings.is_empty(), "{:?}", ours.warnings);
    assert_eq!((ours.width, ours.height), (picture.width, picture.height));
    let (width, height, theirs) = libwebp::still(&written.bytes).expect("libwebp reads it");
    assert_eq!((width, height), (picture.width, picture.height));
    let ours = rgba(&ours);
    same(&ours, &theirs);
    if lossless && options.near == 100 {
        let given = pixels_of(&picture);
        for (given, got) in given.as_chunks::<4>().0.iter().zip(ours.as_chunks::<4>().0) {
            assert!(
                given == got || (given[3] == 0 && got[3] == 0 && !options.exact),
                "{given:?} is {got:?}"
            );
        }
    }
}

fn pixels_of(picture: &Picture) -> Vec<u8> {
    let plan = picture.plan().with_encode(keenpix::encode::RawPixels::new());
    rgba(&transform(&picture.samples, &plan, &limits()).expect("samples are a picture"))
}
