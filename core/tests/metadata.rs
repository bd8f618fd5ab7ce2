//! Metadata is dropped unless requested, and never makes viewers rotate an image twice.

mod support;

use keenpix::encode::{Chroma, Encode, Gif, Jpeg, Png, Webp};
use keenpix::plan::{Metadata, Orient, Profile};
use keenpix::{Limits, Plan, inspect, probe, transform};
use support::image;

fn keep_exif(encode: impl Into<Encode>) -> Plan {
    Plan::new()
        .with_metadata(Metadata::new().with_exif(true))
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
    let plan = keep_exif(Jpeg::new()).with_orient(Orient::new().with_auto(false));
    let output = transform(&image("orientation-6.jpg"), &plan, &Limits::default()).unwrap();
    let info = probe(&output.bytes).unwrap();
    assert_eq!((info.width, info.height, info.orientation), (72, 96, 6));
}

fn written(encode: impl Into<Encode>, name: &str, metadata: Metadata) -> keenpix::Inspection {
    let plan = Plan::new().with_metadata(metadata).with_encode(encode);
    let output = transform(&image(name), &plan, &Limits::default()).unwrap();
    inspect(&output.bytes).unwrap()
}

#[test]
fn tags_are_written_with_and_without_a_kept_block() {
    let encodes: [Encode; 3] = [Jpeg::new().into(), Png::new().into(), Webp::new().into()];
    for encode in encodes {
        for exif in [false, true] {
            let metadata = Metadata::new().with_exif(exif).with_orientation(6).with_density(144.0);
            let found = written(encode, "orientation-3.jpg", metadata);
            assert_eq!(
                (found.info.orientation, found.info.density),
                (6, Some(144)),
                "{encode:?}, {exif}"
            );
        }
        let density = Metadata::new().with_density(299.6);
        let found = written(encode, "rgb.png", density);
        assert_eq!((found.info.orientation, found.info.density), (1, Some(300)));
        assert_eq!(found.exif.is_some(), encode == Webp::new().into());
    }
}

#[test]
fn tags_out_of_range_are_refused() {
    let code = |metadata: Metadata| {
        let plan = Plan::new().with_metadata(metadata);
        transform(&image("rgb.png"), &plan, &Limits::default())
            .map(|_| ())
            .map_err(|error| error.code())
    };
    let orientation = |tag| Metadata::new().with_orientation(tag);
    let density = |dpi| Metadata::new().with_density(dpi);
    assert_eq!([1, 8].map(|tag| code(orientation(tag))), [Ok(()); 2]);
    assert_eq!([0, 9].map(|tag| code(orientation(tag))), [Err("BAD_PLAN"); 2]);
    assert_eq!([1.0, 65_535.0].map(|dpi| code(density(dpi))), [Ok(()); 2]);
    for dpi in [0.9, 65_536.0, f64::NAN, -1.0, f64::INFINITY] {
        assert_eq!(code(density(dpi)), Err("BAD_PLAN"), "{dpi}");
    }
}

#[test]
fn a_profile_is_embedded_and_meant() {
    let encodes: [Encode; 4] = [
        Jpeg::new().with_quality(100).with_chroma(Chroma::Full).into(),
        Png::new().into(),
        Webp::new().with_lossless(true).into(),
        Gif::new().into(),
    ];
    for encode in encodes {
        for profile in [Profile::Srgb, Profile::P3] {
            let plan = Plan::new()
                .with_encode(encode)
                .with_metadata(Metadata::new().with_profile(profile.clone()));
            let output = transform(&image("rgb.png"), &plan, &Limits::default()).unwrap();
            let gif = encode == Gif::new().into();
            assert_eq!(probe(&output.bytes).unwrap().icc > 0, !gif, "{encode:?}, {profile:?}");
            // When read back, the colours are the original ones.
            let back = transform(&output.bytes, &Plan::new().with_encode(Png::new()), &Limits::default()).unwrap();
            let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().to_rgb8();
            let (got, expected) = (pixels(&back.bytes), pixels(&image("rgb.png")));
            let sum: u64 = got
                .iter()
                .zip(expected.iter())
                .map(|(a, b)| u64::from(a.abs_diff(*b)))
                .sum();
            let mean = sum as f64 / expected.len() as f64;
            assert!(mean < if gif { 8.0 } else { 2.0 }, "{encode:?}, {profile:?}: {mean}");
        }
    }
}

#[test]
fn a_grey_png_has_no_profile_of_rgb() {
    let metadata = Metadata::new().with_profile(Profile::P3);
    assert_eq!(written(Png::new(), "grey.png", metadata.clone()).info.icc, 0);
    // Stored as RGB, but all grey.
    let plan = Plan::from_json(
        r##"{"input": {"create": {"width": 4, "height": 4, "channels": 3, "background": "#808080"}}}"##,
    )
    .unwrap()
    .with_metadata(metadata);
    let output = transform(&[], &plan, &Limits::default()).unwrap();
    let info = probe(&output.bytes).unwrap();
    assert!(info.icc > 0 && info.channels == 3, "{info:?}");
}
