//! Round trip: another decoder reads every PNG, whatever the options, and gets the pixels that were given; of a palette
//! picture, as many colours as were allowed.

use std::collections::BTreeSet;

use keenpix::encode::{Png, RawPixels};
use keenpix::input::Tolerate;
use keenpix::plan::Frames;
use keenpix::transform;

use crate::png::peer;
use crate::shared::{Picture, limits, pixels, rgba, same};

/// Three bytes of options, then a picture.
pub fn check(bytes: &[u8]) {
    let Some((&[compression, flags, colours], rest)) = bytes.split_first_chunk() else {
        return;
    };
    let Some(picture) = Picture::read(rest) else { return };
    let palette = flags & 7 == 7;
    let most = u16::from(colours).max(1) + 1;
    let mut options = Png::new()
        .with_compression(compression % 10)
        .with_progressive(flags & 8 != 0)
        .with_reduce(flags & 16 != 0)
        .with_palette(palette)
        .with_colours(most)
        .with_quality(if palette { colours % 101 } else { 100 })
        .with_dither(if flags & 128 != 0 { 100 } else { 0 });
    if flags & 32 != 0 {
        options = options.with_adaptive(flags & 64 != 0);
    }
    let written = transform(&picture.samples, &picture.plan().with_encode(options), &limits())
        .expect("every picture can be written");
    let theirs = peer(&written.bytes).expect("another decoder reads it");
    let ours = pixels(&written.bytes, Tolerate::None, Frames::First).expect("keenpix reads it");
    assert!(ours.warnings.is_empty(), "{:?}", ours.warnings);
    assert_eq!((ours.width, ours.height), (picture.width, picture.height));
    same(&rgba(&ours), &theirs);
    if palette {
        let seen: BTreeSet<_> = theirs.as_chunks::<4>().0.iter().collect();
        assert!(seen.len() <= usize::from(most), "{} colours of {most}", seen.len());
    } else {
        let given = picture.plan().with_encode(RawPixels::new());
        let given = transform(&picture.samples, &given, &limits()).expect("samples are a picture");
        for (given, got) in rgba(&given).as_chunks::<4>().0.iter().zip(theirs.as_chunks::<4>().0) {
            // Colours that don't show may go with the channels.
            let unseen = options.reduce && given[3] == 0 && got[3] == 0;
            assert!(given == got || unseen, "{given:?} is {got:?}");
        }
    }
}
