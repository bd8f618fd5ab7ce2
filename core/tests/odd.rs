//! Files that standards leave open or forbid: they are shown as everybody shows them. `odd/README.md` lists them.

use keenpix::encode::{Encode, Jpeg, Png, RawPixels, Webp};
use keenpix::input::Tolerate;
use keenpix::plan::{Frames, Metadata};
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

/// A chunk with its checksum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let typed = [&kind[..], data].concat();
    let checksum = typed.iter().fold(!0u32, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    });
    [
        &(data.len() as u32).to_be_bytes()[..],
        &typed,
        &(!checksum).to_be_bytes(),
    ]
    .concat()
}

/// A PNG of 2 × 1 pixels with these chunks before its pixels (all bytes 1), and these after them.
fn png(colour: u8, depth: u8, before: &[Vec<u8>], after: &[Vec<u8>]) -> Vec<u8> {
    let channels = [1, 0, 3, 1, 2, 0, 4][usize::from(colour)];
    let row = [&[0][..], &vec![1; (2 * channels * usize::from(depth)).div_ceil(8)]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 1, depth, colour, 0, 0, 0]),
        before.concat(),
        chunk(b"IDAT", &stored(&row)),
        after.concat(),
        chunk(b"IEND", b""),
    ]
    .concat()
}

/// A zlib stream that is not compressed.
fn stored(row: &[u8]) -> Vec<u8> {
    let adler = row.iter().fold((1u32, 0u32), |(a, b), &byte| {
        (a + u32::from(byte), b + a + u32::from(byte))
    });
    let length = (row.len() as u16).to_le_bytes();
    let checksum = (adler.1 << 16 | adler.0).to_be_bytes();
    [&[0x78, 1, 1][..], &length, &length.map(|byte| !byte), row, &checksum].concat()
}

#[test]
fn a_header_and_its_pixels_have_the_same_channels() {
    let palette = || chunk(b"PLTE", &[7; 12]);
    let alphas = |length: usize| chunk(b"tRNS", &vec![9; length]);
    let mut broken = alphas(2);
    *broken.last_mut().unwrap() ^= 1;
    for (file, channels) in [
        (png(3, 8, &[palette(), alphas(0)], &[]), 3),
        (png(3, 8, &[palette(), alphas(5)], &[]), 3),
        (png(3, 8, &[alphas(2), palette()], &[]), 3),
        (png(3, 8, &[palette()], &[alphas(2)]), 3),
        (png(3, 8, &[palette(), broken], &[]), 3),
        (png(3, 8, &[palette(), alphas(0), alphas(2)], &[]), 4),
        (png(3, 8, &[palette(), alphas(4), alphas(2)], &[]), 4),
        (png(0, 8, &[alphas(2)], &[]), 2),
        (png(0, 8, &[alphas(1)], &[]), 1),
        (png(0, 8, &[alphas(3)], &[]), 1),
        (png(2, 8, &[alphas(6)], &[]), 4),
        (png(2, 8, &[alphas(5)], &[]), 3),
        (png(4, 8, &[alphas(2)], &[]), 2),
        (png(6, 8, &[alphas(6)], &[]), 4),
        (odd("op_pil.webp"), 4),
        (odd("pal_trns_empty.png"), 3),
    ] {
        let (info, output) = (probe(&file).unwrap(), raw(&file));
        assert_eq!((info.channels, info.alpha), (channels, channels % 2 == 0));
        assert_eq!((output.channels, output.alpha), (channels, channels % 2 == 0));
        assert_eq!(
            output.bytes.len() as u32,
            output.width * output.height * u32::from(channels)
        );
    }
}

#[test]
fn a_palette_has_the_entries_that_indices_can_name() {
    let long = chunk(b"PLTE", &(0..48).collect::<Vec<u8>>());
    let last = [9, 10, 11];
    assert_eq!(raw(&png(3, 2, &[long], &[])).bytes[3..], [0, 1, 2]);
    assert_eq!(
        raw(&png(3, 8, &[chunk(b"PLTE", &[&[0; 3][..], &last].concat())], &[])).bytes[3..],
        last
    );
    for length in [0, 10, 771] {
        let wrong = || chunk(b"PLTE", &vec![5; length]);
        let error = transform(&png(3, 8, &[wrong()], &[]), &Plan::new(), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "BAD_INPUT");
        // Where pixels are no indices, it is a suggestion.
        for colour in [0, 2, 4, 6] {
            let output = raw(&png(colour, 8, &[wrong(), wrong()], &[]));
            assert!(output.bytes.iter().all(|&byte| byte == 1));
        }
    }
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

#[test]
fn colours_mean_what_a_browser_takes_them_for() {
    let cicp = |primaries, transfer| chunk(b"cICP", &[primaries, transfer, 0, 1]);
    let gamma = |value: u32| chunk(b"gAMA", &value.to_be_bytes());
    let points = |points: [u32; 8]| chunk(b"cHRM", &points.map(u32::to_be_bytes).concat());
    let p3 = || points([31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000]);
    let srgb = || chunk(b"sRGB", &[0]);
    // Pixels of 200, 100, 50.
    let shown = |before: &[Vec<u8>]| {
        let plan = Plan::new().with_encode(Encode::Raw(RawPixels::default()));
        let palette = chunk(b"PLTE", &[200, 100, 50, 200, 100, 50]);
        let file = png(3, 8, &[before, &[palette]].concat(), &[]);
        transform(&file, &plan, &Limits::default()).unwrap().bytes[..3].to_vec()
    };
    let same = [200, 100, 50];
    // Display P3's own arithmetic, and a gamma of 1: sRGB's curve.
    let wide = [215, 93, 31];
    let bright = [229, 168, 122];
    for (chunks, expected) in [
        (vec![], same),
        (vec![cicp(12, 13)], wide),
        (vec![cicp(1, 13)], same),
        (vec![cicp(1, 13), gamma(100_000)], same),
        (vec![cicp(2, 2), gamma(100_000)], bright),
        (vec![gamma(100_000)], bright),
        (vec![gamma(100_000), srgb()], same),
        (vec![gamma(45_455)], same),
        // As Chromium 156 shows them.
        (vec![p3()], same),
        (vec![p3(), gamma(45_455)], [216, 93, 24]),
        (vec![cicp(1, 1)], [197, 91, 39]),
        (vec![cicp(9, 14)], [239, 63, 5]),
        (vec![cicp(12, 2)], same),
        (vec![cicp(6, 13)], [196, 102, 49]),
        (vec![cicp(1, 17)], [200, 87, 34]),
        (vec![cicp(1, 7)], [206, 115, 68]),
        (vec![cicp(4, 4)], [233, 93, 22]),
        (vec![cicp(9, 18)], [230, 48, 17]),
        (vec![cicp(1, 18)], [187, 80, 39]),
        (vec![p3(), srgb()], same),
        (vec![points([0; 8])], same),
        (vec![chunk(b"cICP", &[12, 13, 0])], same),
    ] {
        let got = shown(&chunks);
        assert!(
            got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1),
            "{got:?} for {expected:?}"
        );
    }
    // After the pixels they come too late.
    let late = raw(&png(2, 8, &[], &[gamma(100_000), cicp(12, 13)]));
    assert!(late.bytes.iter().all(|&byte| byte == 1));
    // Grey has no primaries, but a curve.
    assert!(
        raw(&png(0, 8, &[gamma(100_000)], &[]))
            .bytes
            .iter()
            .all(|&byte| byte == 13)
    );
    assert!(raw(&png(0, 8, &[p3()], &[])).bytes.iter().all(|&byte| byte == 1));
    // The file's own description is not its ICC profile.
    let output = raw(&odd("c_cicp_p3.png"));
    let expected = [17, 61, 218];
    assert!(is_near(centre(&output), &expected), "{:?}", centre(&output));
}

#[test]
fn high_dynamic_range_is_mapped_to_the_screens() {
    let light = |transfer, value: u8| {
        let palette = chunk(b"PLTE", &[value; 6]);
        raw(&png(3, 8, &[chunk(b"cICP", &[9, transfer, 0, 1]), palette], &[])).bytes[0]
    };
    // Nothing, 203 nits and 1,000.
    assert_eq!([0, 192].map(|value| light(16, value)), [0, 255]);
    assert!(light(16, 148).abs_diff(188) <= 2);
    assert_eq!([0, 255].map(|value| light(18, value)), [0, 255]);
}

/// A frame of an APNG: control and data of its pixels, all of them `pixel`.
fn frame(number: u32, [left, top, width, height]: [u32; 4], [dispose, blend]: [u8; 2], pixel: [u8; 4]) -> Vec<u8> {
    let place = [2 * number, width, height, left, top].map(u32::to_be_bytes).concat();
    let control = [&place[..], &[0, 3, 0, 20, dispose, blend]].concat();
    let row = [&[0][..], &pixel.repeat(width as usize)].concat();
    let pixels = stored(&row.repeat(height as usize));
    let data = [&(2 * number + 1).to_be_bytes()[..], &pixels].concat();
    [chunk(b"fcTL", &control), chunk(b"fdAT", &data)].concat()
}

#[test]
fn an_animated_png_has_frames_where_they_are_asked_for() {
    let (first, green, half) = ([1; 4], [0, 255, 0, 255], [0, 0, 255, 128]);
    let frames = [
        chunk(
            b"fcTL",
            &[
                &[0, 2, 1, 0, 0].map(u32::to_be_bytes).concat()[..],
                &[0, 3, 0, 20, 0, 0],
            ]
            .concat(),
        ),
        frame(1, [1, 0, 1, 1], [1, 0], green),
        frame(2, [0, 0, 1, 1], [2, 1], half),
        frame(3, [0, 0, 1, 1], [0, 0], half),
    ];
    let controls = chunk(b"acTL", &[0, 0, 0, 4, 0, 0, 0, 7]);
    let mut file = png(6, 8, &[controls, frames[0].clone()], &frames[1..]);
    // The default picture, of bytes of 1, is the first frame.
    let info = probe(&file).unwrap();
    assert_eq!((info.frames, info.loops, &info.delays[..]), (4, Some(7), &[150; 4][..]));
    let shown = |file: &[u8], start: u32| {
        let plan = Plan::new()
            .with_frames(Frames::Range { start, count: 1 })
            .with_encode(Webp::new().with_lossless(true).with_exact(true));
        raw(&transform(file, &plan, &Limits::default()).unwrap().bytes).bytes
    };
    assert_eq!(shown(&file, 1), [first, green].concat());
    // Its place is cleared; half of blue over nearly nothing is half of blue.
    let third = shown(&file, 2);
    assert!(
        third[2] >= 253 && third[3].abs_diff(128) <= 1 && third[7] == 0,
        "{third:?}"
    );
    // What was there before comes back, and is replaced.
    assert_eq!(shown(&file, 3)[..4], half);
    let all = Plan::new().with_frames(Frames::All).with_encode(Webp::new());
    let animation = transform(&file, &all, &Limits::default()).unwrap();
    assert_eq!((animation.frames, animation.warnings.len()), (4, 0));
    assert_eq!(probe(&animation.bytes).unwrap().delays.iter().sum::<u32>(), 600);
    let still = raw(&file);
    assert_eq!((still.bytes, still.warnings.len()), ([1; 8].to_vec(), 1));
    // Cut in the third frame, the first two remain.
    let third = file
        .windows(8)
        .rposition(|window| window == [0, 0, 0, 5, 0x78, 1, 1, 5])
        .unwrap();
    file.truncate(third + 6);
    let cut = transform(&file, &all, &Limits::default()).unwrap();
    assert_eq!((cut.frames, cut.warnings.len()), (2, 1));
    // Wherever it is cut, what is missing is said, or refused.
    let whole = png(
        6,
        8,
        &[chunk(b"acTL", &[0, 0, 0, 4, 0, 0, 0, 7]), frames[0].clone()],
        &frames[1..],
    );
    let end = whole.len() - 12 - frames[3].len();
    for length in end - frames[2].len()..whole.len() - 12 {
        let cut = &whole[..length];
        let output = transform(cut, &all, &Limits::default()).unwrap();
        assert_eq!(output.warnings.len(), usize::from(output.frames < 4), "{length}");
        let strict = all.clone().with_tolerate(Tolerate::None);
        let refused = transform(cut, &strict, &Limits::default()).is_err();
        assert!(refused || output.frames == 4, "{length}");
    }
}

#[test]
fn a_default_picture_may_be_no_frame() {
    let file = odd("apng_hiddendefault.png");
    let still = raw(&file);
    assert_eq!((still.channels, still.warnings.len()), (3, 1));
    assert_eq!(centre(&still), [255, 0, 0]);
    let frames = probe(&file).unwrap().frames;
    let all = Plan::new()
        .with_frames(Frames::All)
        .with_encode(Webp::new().with_lossless(true));
    let animation = transform(&file, &all, &Limits::default()).unwrap();
    assert_eq!((animation.frames, animation.warnings.len()), (frames, 0));
    assert_ne!(centre(&raw(&animation.bytes))[..3], [255, 0, 0]);
}
