//! Metadata is dropped unless it is asked for, and never turns a picture twice.

mod support;

use keenpix::{Encode, Jpeg, Limits, Metadata, Orient, Plan, Png, Webp, probe, transform};
use support::image;

fn keep_exif(encode: impl Into<Encode>) -> Plan {
    Plan::new()
        .with_metadata(Metadata {
            exif: true,
            ..Metadata::default()
        })
        .with_encode(encode)
}

#[test]
fn metadata_is_dropped_by_default() {
    let output = transform(&image("orientation-6.jpg"), &Plan::new(), &Limits::default()).unwrap();
    let info = probe(&output.bytes).unwrap();
    assert_eq!((info.exif, info.icc, info.xmp, info.orientation), (0, 0, 0, 1));
    assert_eq!((info.width, info.height), (96, 72));
}

#[test]
fn a_kept_exif_block_is_upright() {
    let encodes: [Encode; 3] = [Jpeg::new().into(), Png::new().into(), Webp::new().into()];
    for encode in encodes {
        for tag in 1..=8 {
            let photo = image(&format!("orientation-{tag}.jpg"));
            let output = transform(&photo, &keep_exif(encode), &Limits::default()).unwrap();
            let info = probe(&output.bytes).unwrap();
            assert_eq!(
                (info.width, info.height, info.orientation),
                (96, 72, 1),
                "{encode:?}, tag {tag}"
            );
            assert!(info.exif > 0, "{encode:?}, tag {tag}");
        }
    }
}

#[test]
fn pixels_that_were_not_turned_keep_their_tag() {
    let plan = keep_exif(Jpeg::new()).with_orient(Orient {
        auto: false,
        ..Orient::default()
    });
    let output = transform(&image("orientation-6.jpg"), &plan, &Limits::default()).unwrap();
    let info = probe(&output.bytes).unwrap();
    assert_eq!((info.width, info.height, info.orientation), (72, 96, 6));
}
