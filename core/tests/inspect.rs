//! What headers say about files: the facts that programs show.

mod support;

use keenpix::encode::{Gif, Webp};
use keenpix::{ColourModel, Limits, Plan, inspect, probe, transform};
use support::image;

#[test]
fn jpeg_says_its_sampling() {
    for (name, chroma, channels) in [
        ("420.jpg", "4:2:0", 3),
        ("422.jpg", "4:2:2", 3),
        ("444.jpg", "4:4:4", 3),
        ("grey.jpg", "4:4:4", 1),
        ("cmyk.jpg", "4:4:4:4", 4),
    ] {
        let info = probe(&image(name)).unwrap();
        assert_eq!(
            (info.chroma.as_deref(), info.channels),
            (Some(chroma), channels),
            "{name}"
        );
    }
}

#[test]
fn png_says_depth_and_palette() {
    for (name, colour, bits, channels) in [
        ("one-bit.png", ColourModel::Grey, 1, 1),
        ("grey-4.png", ColourModel::Grey, 4, 1),
        ("grey-alpha.png", ColourModel::Grey, 8, 2),
        ("rgba-16.png", ColourModel::Rgb, 16, 4),
        ("palette.png", ColourModel::Palette, 8, 3),
        ("palette-alpha.png", ColourModel::Palette, 8, 4),
    ] {
        let info = probe(&image(name)).unwrap();
        assert_eq!(
            (info.colour, info.bits, info.channels),
            (colour, bits, channels),
            "{name}"
        );
        assert_eq!((info.loops, info.delays.len(), info.density), (None, 0, None));
    }
}

#[test]
fn animations_say_their_times() {
    let gif = probe(&image("animated.gif")).unwrap();
    assert_eq!((gif.frames, gif.loops), (4, Some(0)));
    assert_eq!(gif.delays, [100, 200, 300, 400]);
    assert_eq!((gif.background, gif.bits), (Some([225, 215, 205]), 6));
    let webp = probe(&image("animated.webp")).unwrap();
    assert_eq!(
        (webp.frames, webp.loops, webp.delays),
        (4, Some(3), vec![100, 200, 300, 400])
    );
    assert_eq!(probe(&image("lossy.webp")).unwrap().loops, None);
    // Three plays are three plays, however the format counts them.
    let plan = Plan::from_json(r#"{"frames": "all"}"#).unwrap();
    let as_gif = transform(
        &image("animated.webp"),
        &plan.clone().with_encode(Gif::new()),
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(probe(&as_gif.bytes).unwrap().loops, Some(3));
    let netscape = as_gif.bytes.windows(11).position(|w| w == b"NETSCAPE2.0").unwrap();
    assert_eq!(as_gif.bytes[netscape + 11..][..4], [3, 1, 2, 0]);
    let and_back = transform(&as_gif.bytes, &plan.with_encode(Webp::new()), &Limits::default()).unwrap();
    assert_eq!(probe(&and_back.bytes).unwrap().loops, Some(3));
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], &body, &[0; 4]].concat()
}

fn with_chunk(name: &str, kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let file = image(name);
    [&file[..33], &chunk(kind, data), &file[33..]].concat()
}

#[test]
fn png_says_density_background_and_texts() {
    let metre = [&11_811u32.to_be_bytes()[..], &11_811u32.to_be_bytes(), &[1]].concat();
    let density = |name, data: &[u8]| probe(&with_chunk(name, b"pHYs", data)).unwrap().density;
    assert_eq!(density("rgb.png", &metre), Some(300));
    assert_eq!(density("rgb.png", &[&metre[..8], &[0]].concat()), None);
    assert_eq!(density("rgb.png", &metre[..5]), None);
    let background = |name, data: &[u8]| probe(&with_chunk(name, b"bKGD", data)).unwrap().background;
    assert_eq!(background("rgb.png", &[0, 10, 0, 20, 0, 30]), Some([10, 20, 30]));
    assert_eq!(background("rgb-16.png", &[10, 9, 20, 8, 30, 7]), Some([10, 20, 30]));
    assert_eq!(background("grey-4.png", &[0, 5]), Some([85; 3]));
    assert_eq!(background("rgb.png", &[1]), None);
    let texts = inspect(&with_chunk("rgb.png", b"tEXt", b"Title\0Scene")).unwrap();
    assert_eq!(
        (texts.comments[0].keyword.as_str(), texts.comments[0].text.as_str()),
        ("Title", "Scene")
    );
}

fn with_segment(name: &str, marker: u8, body: &[u8]) -> Vec<u8> {
    let file = image(name);
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&file[..2], &[0xff, marker], &length, body, &file[2..]].concat()
}

#[test]
fn jpeg_says_density_and_hands_over_its_blocks() {
    let jfif = |unit: u8, density: u16| {
        let [high, low] = density.to_be_bytes();
        let body = [b"JFIF\0\x01\x02", &[unit, high, low, high, low, 0, 0][..]].concat();
        probe(&with_segment("orientation-6.jpg", 0xe0, &body)).unwrap()
    };
    // The file's own JFIF segment follows, but has no density.
    for (unit, density, expected) in [(1, 300, Some(300)), (2, 100, Some(254)), (0, 5, None), (1, 0, None)] {
        let info = jfif(unit, density);
        assert_eq!(info.density, expected, "{unit} {density}");
        assert_eq!((info.orientation, info.upright_size()), (6, (96, 72)));
    }
    let found = inspect(&with_segment("orientation-6.jpg", 0xed, b"Photoshop 3.0\x008BIM")).unwrap();
    assert_eq!(found.iptc.as_deref(), Some(&b"Photoshop 3.0\x008BIM"[..]));
    assert_eq!(found.exif.map(|exif| exif.len()), Some(found.info.exif));
}

#[test]
fn options_may_set_the_times() {
    let plan = Plan::from_json(r#"{"frames": "all"}"#).unwrap();
    let encodes: [keenpix::encode::Encode; 2] = [
        Gif::new().with_loops(7).with_delay(250).into(),
        Webp::new().with_loops(7).with_delay(250).into(),
    ];
    for encode in encodes {
        let plan = plan.clone().with_encode(encode);
        let output = transform(&image("animated.gif"), &plan, &Limits::default()).unwrap();
        let info = probe(&output.bytes).unwrap();
        assert_eq!((info.loops, info.delays), (Some(7), vec![250; 4]), "{encode:?}");
    }
    let near = Plan::new().with_encode(Webp::new().with_near(60));
    let error = transform(&image("rgb.png"), &near, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "BAD_PLAN");
}
