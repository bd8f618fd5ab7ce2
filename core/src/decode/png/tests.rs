use png::{BitDepth, ColorType};

use super::*;
use crate::decode::testing::{Random, request, run, survives_damage, whole};
use crate::limits::Limits;

/// A PNG of one of the legal forms, noise in it, with the row bytes as they went in.
fn sample(colour: ColorType, depth: BitDepth, size: (u32, u32), trns: Option<&[u8]>) -> (Vec<u8>, Vec<u8>) {
    let mut random = Random(7);
    let bits = colour.samples() * depth as usize * size.0 as usize;
    let raw: Vec<u8> = (0..bits.div_ceil(8) * size.1 as usize)
        .map(|_| random.below(256) as u8)
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.0, size.1);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if colour == ColorType::Indexed {
        encoder.set_palette((0..3 << (depth as u8)).map(|i| (i * 7) as u8).collect::<Vec<_>>());
    }
    if let Some(trns) = trns {
        encoder.set_trns(trns.to_vec());
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&raw).unwrap();
    writer.finish().unwrap();
    (bytes, raw)
}

/// Sample `x` of a row of big-endian packed samples.
fn unpack(row: &[u8], x: usize, depth: usize) -> u32 {
    match depth {
        16 => u32::from(row[x * 2]) << 8 | u32::from(row[x * 2 + 1]),
        8 => u32::from(row[x]),
        _ => u32::from(row[x * depth / 8]) >> (8 - depth - x * depth % 8) & ((1 << depth) - 1),
    }
}

#[test]
fn every_colour_type_and_depth() {
    use BitDepth::{Eight, Four, One, Sixteen, Two};
    use ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
    let size = (13, 5);
    for (colour, depth) in [
        (Grayscale, One),
        (Grayscale, Two),
        (Grayscale, Four),
        (Grayscale, Eight),
        (Grayscale, Sixteen),
        (GrayscaleAlpha, Eight),
        (GrayscaleAlpha, Sixteen),
        (Rgb, Eight),
        (Rgb, Sixteen),
        (Rgba, Eight),
        (Rgba, Sixteen),
        (Indexed, One),
        (Indexed, Two),
        (Indexed, Four),
        (Indexed, Eight),
    ] {
        let (bytes, raw) = sample(colour, depth, size, None);
        let header = open(&bytes).unwrap();
        assert_eq!(
            (header.info.width, header.info.height, header.info.bits),
            (13, 5, depth as u8)
        );
        let sink = whole(open, &bytes, false);
        let bits = depth as usize;
        let max = (1u32 << bits) - 1;
        let per_row = colour.samples() * 13;
        let expected: Vec<u8> = raw
            .chunks_exact((per_row * bits).div_ceil(8))
            .flat_map(|row| (0..per_row).map(move |x| unpack(row, x, bits)))
            .flat_map(|value| match colour {
                Indexed => (0..3).map(|channel| ((value * 3 + channel) * 7) as u8).collect(),
                _ => vec![((value * 255 + max / 2) / max) as u8],
            })
            .collect();
        assert_eq!(sink.pixels(), expected, "{colour:?} {depth:?}");
    }
}

#[test]
fn transparent_colours_become_alpha() {
    let (bytes, raw) = sample(ColorType::Indexed, BitDepth::Two, (16, 16), Some(&[0, 128]));
    assert!(open(&bytes).unwrap().info.alpha);
    let sink = whole(open, &bytes, false);
    assert_eq!(sink.frames[0].frame.layout, Layout::Rgba);
    for (i, pixel) in sink.pixels().chunks_exact(4).enumerate() {
        let index = unpack(&raw[i / 16 * 4..], i % 16, 2);
        assert_eq!(pixel[3], [0, 128, 255, 255][index as usize]);
    }
    // A transparent colour is compared in the depth of the file: 16 bits that only differ in the low byte do too.
    let (bytes, raw) = sample(ColorType::Grayscale, BitDepth::Sixteen, (9, 9), None);
    let key = &raw[20..22];
    let mut with_key = bytes[..33].to_vec();
    let mut chunk = b"tRNS".to_vec();
    chunk.extend_from_slice(key);
    with_key.extend_from_slice(&2u32.to_be_bytes());
    with_key.extend_from_slice(&chunk);
    with_key.extend_from_slice(&crc32fast::hash(&chunk).to_be_bytes());
    with_key.extend_from_slice(&bytes[33..]);
    let sink = whole(open, &with_key, false);
    assert_eq!(sink.frames[0].frame.layout, Layout::GreyAlpha);
    for (pixel, value) in sink.pixels().chunks_exact(2).zip(raw.chunks_exact(2)) {
        assert_eq!(pixel[1] == 0, value == key);
    }
}

#[test]
fn sixteen_bits_are_rounded_and_not_cut() {
    let wide: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_be_bytes).collect();
    let mut narrow = vec![0; 65_536];
    to_8_bits(&wide, &mut narrow);
    for (value, &got) in narrow.iter().enumerate() {
        assert_eq!(usize::from(got), (value * 255 + 32_767) / 65_535);
    }
}

/// An Adam7 image (8.2) of RGBA pixels, written by hand: the crate's encoder has no such form.
fn interlaced(size: (usize, usize), pixel: impl Fn(usize, usize) -> [u8; 4]) -> Vec<u8> {
    let mut stream = Vec::new();
    for (x0, y0, dx, dy) in [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ] {
        for y in (y0..size.1).step_by(dy).filter(|_| x0 < size.0) {
            stream.push(0);
            stream.extend((x0..size.0).step_by(dx).flat_map(|x| pixel(x, y)));
        }
    }
    let mut header = Vec::new();
    header.extend_from_slice(&(size.0 as u32).to_be_bytes());
    header.extend_from_slice(&(size.1 as u32).to_be_bytes());
    header.extend_from_slice(&[8, 6, 0, 0, 1]);
    let mut bytes = chunks::SIGNATURE.to_vec();
    for (kind, data) in [
        (b"IHDR", header),
        (b"IDAT", fdeflate::compress_to_vec(&stream)),
        (b"IEND", Vec::new()),
    ] {
        bytes.extend_from_slice(&(data.len() as u32).to_be_bytes());
        let summed = [kind.as_slice(), &data].concat();
        bytes.extend_from_slice(&summed);
        bytes.extend_from_slice(&crc32fast::hash(&summed).to_be_bytes());
    }
    bytes
}

#[test]
fn interlaced_images_of_every_small_size() {
    let pixel = |x: usize, y: usize| [x as u8 * 9, y as u8 * 5, (x * y) as u8, 255 - x as u8];
    for size in (1..=17).flat_map(|width| [1, 2, 3, 5, 8, 9, 16].map(|height| (width, height))) {
        let bytes = interlaced(size, pixel);
        assert!(open(&bytes).unwrap().info.progressive);
        let expected: Vec<u8> = (0..size.1)
            .flat_map(|y| (0..size.0).flat_map(move |x| pixel(x, y)))
            .collect();
        assert_eq!(whole(open, &bytes, false).pixels(), expected, "{size:?}");
    }
}

#[test]
fn what_arrived_of_a_truncated_image_is_kept() {
    let (bytes, raw) = sample(ColorType::Rgb, BitDepth::Eight, (40, 40), None);
    let cut = &bytes[..bytes.len() / 2];
    let (sink, warnings) = run(open, cut, &request(Tolerate::Truncated, false), &Limits::default()).unwrap();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let pixels = sink.pixels();
    let same = pixels
        .chunks_exact(120)
        .zip(raw.chunks_exact(120))
        .take_while(|(a, b)| a == b)
        .count();
    assert!((15..=20).contains(&same), "{same}");
    assert!(pixels[(same) * 120..].iter().all(|&sample| sample == 255));
    let error = run(open, cut, &request(Tolerate::None, false), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "TRUNCATED");
    let error = run(
        open,
        &bytes[..60],
        &request(Tolerate::Truncated, false),
        &Limits::default(),
    )
    .unwrap_err();
    assert_eq!(error.code(), "TRUNCATED");
}

#[test]
fn checksums_count_unless_errors_are_tolerated() {
    let (mut bytes, raw) = sample(ColorType::Rgb, BitDepth::Eight, (9, 9), None);
    let last = bytes.len() - 13;
    bytes[last] ^= 1;
    for tolerate in [Tolerate::None, Tolerate::Truncated] {
        // The checksum comes after the pixels: they are refused only if it is read before the last row is made.
        let _ = run(open, &bytes, &request(tolerate, false), &Limits::default());
    }
    let (sink, warnings) = run(open, &bytes, &request(Tolerate::Errors, false), &Limits::default()).unwrap();
    assert_eq!(sink.pixels(), raw);
    assert_eq!(warnings.len(), 1);
}

#[test]
fn limits_hold_in_both_directions() {
    let pixel = |x: usize, y: usize| [x as u8, y as u8, 0, 255];
    let bytes = interlaced((100, 100), pixel);
    let needed = 40_000 + (512 << 10) + 100 * 4 * 10;
    let limits = |memory| Limits::new().with_memory(memory);
    assert!(run(open, &bytes, &request(Tolerate::None, false), &limits(needed)).is_ok());
    let error = run(open, &bytes, &request(Tolerate::None, false), &limits(needed - 1)).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
    let cancel = crate::Cancel::default();
    cancel.cancel();
    let cancelled = Limits::new().with_cancel(cancel);
    assert_eq!(
        run(open, &bytes, &request(Tolerate::None, false), &cancelled)
            .unwrap_err()
            .code(),
        "CANCELLED"
    );
}

#[test]
fn metadata_is_found_and_bombs_are_not_inflated() {
    let (bytes, _) = sample(ColorType::Rgb, BitDepth::Eight, (3, 3), None);
    let with = |kind: &[u8; 4], data: &[u8]| {
        let summed = [kind.as_slice(), data].concat();
        let length = (data.len() as u32).to_be_bytes();
        [
            &bytes[..33],
            &length,
            &summed,
            &crc32fast::hash(&summed).to_be_bytes(),
            &bytes[33..],
        ]
        .concat()
    };
    let profile = |inner: &[u8]| [b"name\0\0".as_slice(), &fdeflate::compress_to_vec(inner)].concat();
    assert_eq!(
        open(&with(b"iCCP", &profile(b"a profile")))
            .unwrap()
            .metadata
            .icc
            .unwrap(),
        b"a profile"
    );
    let bomb = with(b"iCCP", &profile(&vec![0; 9 << 20]));
    assert_eq!(open(&bomb).unwrap().metadata.icc, None);
    assert_eq!(
        open(&with(b"eXIf", b"II*\0"))
            .unwrap()
            .metadata
            .exif
            .map(|exif| exif.len()),
        Some(4)
    );
    let xmp = with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>");
    assert_eq!(open(&xmp).unwrap().metadata.xmp.unwrap(), b"<x/>");
}

#[test]
fn damage_is_survived() {
    survives_damage(open, &sample(ColorType::Rgba, BitDepth::Eight, (31, 17), None).0);
    survives_damage(
        open,
        &sample(ColorType::Indexed, BitDepth::Four, (31, 17), Some(&[7, 0, 255])).0,
    );
    survives_damage(open, &interlaced((33, 21), |x, y| [x as u8, y as u8, 3, 4]));
}
