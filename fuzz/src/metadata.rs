//! Any bytes as metadata: a file with an EXIF, ICC, XMP or IPTC block gives a picture, what `inspect` finds is the
//! block, and what is kept is true: upright where the pixels were turned, of the right size, without a thumbnail of
//! what was cropped, and the same if it is kept once more.

use std::sync::OnceLock;

use keenpix::encode::{Jpeg, Png, Webp};
use keenpix::jpeg::encode::{Metadata as Blocks, Options, Picture, View, encode};
use keenpix::plan::{Metadata, Orient};
use keenpix::{Error, Inspection, Plan, inspect, transform};

use crate::shared::{done, limits};

const WIDTH: u32 = 16;
const HEIGHT: u32 = 8;

/// A byte of choices, then the block.
pub fn check(bytes: &[u8]) {
    let Some((&choice, block)) = bytes.split_first() else {
        return;
    };
    if block.is_empty() || block.len() > 60_000 {
        return;
    }
    let blocks = match choice & 3 {
        0 => Blocks::new().with_exif(block),
        1 => Blocks::new().with_icc(block),
        2 => Blocks::new().with_xmp(block),
        _ => Blocks::new().with_iptc(block),
    };
    let Some(file) = file(&blocks) else { return };
    let found = found(&file);
    // An EXIF block may stand behind its six bytes twice; a profile may be none.
    for (found, given) in [
        (&found.exif, blocks.exif),
        (&found.icc, blocks.icc),
        (&found.xmp, blocks.xmp),
    ] {
        if let Some(found) = found {
            assert!(
                given.is_some_and(|given| given.ends_with(found)),
                "not the block that was given"
            );
        }
    }
    let keep = Metadata::new()
        .with_exif(true)
        .with_xmp(true)
        .with_iptc(true)
        .with_icc(choice & 4 != 0);
    let auto = choice & 8 == 0;
    let plan = Plan::new()
        .with_metadata(keep)
        .with_orient(Orient::new().with_auto(auto));
    let plan = match choice >> 4 & 3 {
        0 | 1 => plan.with_encode(Jpeg::new()),
        2 => plan.with_encode(Png::new().with_compression(0)),
        _ => plan.with_encode(Webp::new().with_effort(0)),
    };
    let Some(output) = done(transform(&file, &plan, &limits())) else {
        return;
    };
    let turned = auto && found.info.orientation >= 5;
    let size = if turned { (HEIGHT, WIDTH) } else { (WIDTH, HEIGHT) };
    assert_eq!((output.width, output.height), size);
    let kept = self::found(&output.bytes);
    let orientation = if auto { 1 } else { found.info.orientation };
    assert_eq!(kept.info.orientation, orientation, "after {}", found.info.orientation);
    let again = done(transform(&output.bytes, &plan, &limits())).expect("what was written can be read");
    let again = self::found(&again.bytes);
    assert_eq!((kept.exif, kept.iptc), (again.exif, again.iptc));
    // What is left of a packet that isn't XML may not be read the second time.
    assert!(again.xmp.is_none() || again.xmp == kept.xmp, "XMP that changes again");
}

fn found(file: &[u8]) -> Inspection {
    match inspect(file) {
        Ok(found) => found,
        Err(error @ Error::Internal { .. }) => panic!("{error}"),
        Err(error) => panic!("the picture is sound, whatever its metadata: {error}"),
    }
}

/// A JPEG with these blocks.
fn file(blocks: &Blocks<'_>) -> Option<Vec<u8>> {
    static SAMPLES: OnceLock<Vec<u8>> = OnceLock::new();
    let data = SAMPLES.get_or_init(|| (0..WIDTH * HEIGHT * 3).map(|at| at as u8).collect());
    let view = View {
        width: WIDTH,
        height: HEIGHT,
        stride: WIDTH as usize * 3,
        data,
    };
    encode(&Picture::Rgb(view), &Options::new(), blocks).ok()
}
