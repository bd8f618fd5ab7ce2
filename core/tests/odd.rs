//! Files that standards leave open or forbid: they are shown as everybody shows them. `odd/README.md` lists them.

use keenpix::encode::{Encode, Jpeg, Png, RawPixels};
use keenpix::plan::Metadata;
use keenpix::{Crop, Inspection, Limits, Output, Plan, inspect, probe, transform};

fn odd(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/odd")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn raw(bytes: &[u8]) -> Output {
    let plan = Plan::new().with_encode(Encode::Raw(RawPixels::default()));
    transform(bytes, &plan, &Limits::default()).unwrap()
}

/// The pixel in the middle.
fn centre(output: &Output) -> &[u8] {
    let channels = output.bytes.len() / (output.width * output.height) as usize;
    let at = (output.height / 2 * output.width + output.width / 2) as usize;
    &output.bytes[at * channels..][..channels]
}

fn is_near(pixel: &[u8], expected: &[u8]) -> bool {
    pixel.len() == expected.len() && pixel.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= 4)
}

#[test]
fn ink_is_stored_inverted_with_and_without_adobes_marker() {
    let bare = odd("cm_bare.jpg");
    let insert = |segment: &[u8]| [&bare[..2], segment, &bare[2..]].concat();
    let jfif = insert(b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let adobe = insert(b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0");
    for file in [&bare, &jfif, &adobe] {
        let output = raw(file);
        // sharp's, with the same profile for a press.
        assert!(is_near(centre(&output), &[172, 146, 144]), "{:?}", centre(&output));
    }
}

#[test]
fn an_orientation_of_four_bytes_counts() {
    let file = odd("ex_long6.jpg");
    assert_eq!(probe(&file).unwrap().orientation, 6);
    let output = raw(&file);
    assert_eq!((output.width, output.height), (80, 120));
}

#[test]
fn a_picture_that_would_be_invisible_is_shown() {
    let output = raw(&odd("b32_v4_alpha0.bmp"));
    assert!(output.alpha);
    assert!(output.bytes.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255));
    assert_eq!(centre(&output), [30, 60, 210, 255]);
}

fn keeping_all(bytes: &[u8], plan: Plan) -> Inspection {
    let all = Metadata::new().with_exif(true).with_xmp(true).with_iptc(true);
    let output = transform(bytes, &plan.with_metadata(all), &Limits::default()).unwrap();
    inspect(&output.bytes).unwrap()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn metadata_that_is_kept_stays_true() {
    let file = odd("meta0.jpg");
    let before = inspect(&file).unwrap();
    let jpeg = b"\xff\xd8\xff";
    assert!(contains(before.exif.as_deref().unwrap(), jpeg));
    let plan = Plan::new().with_crop(Crop::new(8, 16, 100, 50));
    let after = keeping_all(&file, plan.clone().with_encode(Jpeg::new()));
    assert_eq!((after.xmp, after.iptc), (before.xmp, before.iptc));
    let exif = after.exif.unwrap();
    assert!(!contains(&exif, jpeg), "a thumbnail of what was cut away");
    for text in [&b"Apple"[..], b"iPhone", b"(c) Me"] {
        assert!(contains(&exif, text));
    }
    // PixelXDimension and PixelYDimension, as LONG.
    for (tag, length) in [(0xa002u16, 100u32), (0xa003, 50)] {
        let entry = [&tag.to_be_bytes()[..], b"\0\x04\0\0\0\x01", &length.to_be_bytes()].concat();
        let little = [&tag.to_le_bytes()[..], b"\x04\0\x01\0\0\0", &length.to_le_bytes()].concat();
        assert!(contains(&exif, &entry) || contains(&exif, &little), "{tag:#x}");
    }
    // PNG has no place for IPTC.
    let png = keeping_all(&file, plan.with_encode(Png::new()));
    assert!(png.iptc.is_none() && png.exif.is_some_and(|exif| !contains(&exif, jpeg)));
}

#[test]
fn a_gain_map_that_is_gone_is_not_announced() {
    let file = odd("ultrahdr.jpg");
    assert!(contains(&inspect(&file).unwrap().xmp.unwrap(), b"GainMap"));
    let xmp = keeping_all(&file, Plan::new()).xmp.unwrap();
    for text in [&b"GainMap"[..], b"hdrgm", b"gain-map", b"Directory"] {
        assert!(!contains(&xmp, text), "{}", String::from_utf8_lossy(&xmp));
    }
}
