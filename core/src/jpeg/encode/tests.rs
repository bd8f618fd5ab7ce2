//! Files, read back by another decoder.

use super::*;
use proptest::prelude::*;
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};

/// The decoded samples, as Y'CbCr or grey.
fn decode(file: &[u8], grey: bool) -> (usize, usize, Vec<u8>) {
    let space = if grey { ColorSpace::Luma } else { ColorSpace::YCbCr };
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(space)
        .set_strict_mode(true);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(file), options);
    let pixels = decoder.decode().expect("a file that decodes");
    let (width, height) = decoder.dimensions().expect("dimensions");
    (width, height, pixels)
}

fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: f64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2))
        .sum();
    10.0 * (255.0 * 255.0 / (sum / a.len() as f64).max(1e-9)).log10()
}

/// A smooth picture with some structure.
fn plane(width: u32, height: u32, phase: f64) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let (x, y) = (f64::from(x), f64::from(y));
        127.0 + 60.0 * (x / 9.0 + phase).sin() * (y / 7.0 - phase).cos() + 30.0 * ((x + y) / 23.0).sin()
    };
    (0..height)
        .flat_map(|y| (0..width).map(move |x| pixel(x, y) as u8))
        .collect()
}

fn view(width: u32, height: u32, channels: usize, data: &[u8]) -> View<'_> {
    View {
        width,
        height,
        stride: width as usize * channels,
        data,
    }
}

fn options() -> impl Strategy<Value = Options> {
    let subsampling = prop::sample::select(vec![
        Subsampling::None,
        Subsampling::Horizontal,
        Subsampling::Vertical,
        Subsampling::Both,
    ]);
    let tables = prop::sample::select(vec![
        QuantTables::Standard,
        QuantTables::Robidoux,
        QuantTables::Adaptive,
        QuantTables::Flat,
    ]);
    let interval = prop::sample::select(vec![0, 0, 1, 2, 7, 1000]);
    (subsampling, tables, any::<bool>(), any::<bool>(), interval, 0..=9u8).prop_map(
        |(subsampling, tables, progressive, optimise, restart_interval, effort)| Options {
            quality: 96,
            tables,
            subsampling,
            progressive,
            optimise,
            restart_interval,
            effort,
        },
    )
}

proptest! {
    #[test]
    fn planes_come_back(width in 1..=70u32, height in 1..=70u32, options in options()) {
        let (h, v) = options.subsampling.ratios();
        let (cw, ch) = (width.div_ceil(u32::from(h)), height.div_ceil(u32::from(v)));
        let (y, cb, cr) = (plane(width, height, 0.0), plane(cw, ch, 1.0), plane(cw, ch, 2.0));
        let picture = Picture::YCbCr([view(width, height, 1, &y), view(cw, ch, 1, &cb), view(cw, ch, 1, &cr)]);
        let file = encode(&picture, &options, &Metadata::default()).unwrap();
        let (w, h, pixels) = decode(&file, false);
        prop_assert_eq!((w, h), (width as usize, height as usize));
        let luma: Vec<u8> = pixels.iter().step_by(3).copied().collect();
        prop_assert!(psnr(&luma, &y) > 38.0, "luma {}", psnr(&luma, &y));
        if options.subsampling == Subsampling::None {
            let chroma: Vec<u8> = pixels.iter().skip(1).step_by(3).copied().collect();
            prop_assert!(psnr(&chroma, &cb) > 38.0, "chroma {}", psnr(&chroma, &cb));
        }
    }

    #[test]
    fn grey_comes_back(width in 1..=70u32, height in 1..=70u32, options in options()) {
        let samples = plane(width, height, 0.5);
        let file = encode(&Picture::Grey(view(width, height, 1, &samples)), &options, &Metadata::default()).unwrap();
        let (w, h, pixels) = decode(&file, true);
        prop_assert_eq!((w, h), (width as usize, height as usize));
        prop_assert!(psnr(&pixels, &samples) > 38.0);
    }

    #[test]
    fn rgb_comes_back(width in 1..=70u32, height in 1..=70u32, options in options()) {
        let grey = plane(width, height, 0.5);
        let rgb: Vec<u8> = grey.iter().flat_map(|&g| [g, g / 2 + 60, 255 - g]).collect();
        let file = encode(&Picture::Rgb(view(width, height, 3, &rgb)), &options, &Metadata::default()).unwrap();
        let (_, _, pixels) = decode(&file, false);
        let luma: Vec<u8> = pixels.iter().step_by(3).copied().collect();
        let expected: Vec<u8> = rgb
            .chunks_exact(3)
            .map(|p| (0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2])).round() as u8)
            .collect();
        prop_assert!(psnr(&luma, &expected) > 38.0);
    }

    #[test]
    fn every_way_of_coding_gives_the_same_pixels(
        samples in prop::collection::vec(any::<u8>(), 40 * 40),
        width in 1..=40u32,
        height in 1..=40u32,
        quality in 1..=100u8,
        interval in 0..9u16,
        smooth in any::<bool>(),
    ) {
        let smoothed = plane(40, 40, 1.5);
        let samples = if smooth { &smoothed } else { &samples };
        let (cw, ch) = (width.div_ceil(2), height.div_ceil(2));
        let chroma = View { width: cw, height: ch, stride: 40, data: samples };
        let luma = View { width, height, stride: 40, data: samples };
        let picture = Picture::YCbCr([luma, chroma, chroma]);
        let file = |progressive, optimise, restart_interval| {
            let options = Options { quality, progressive, optimise, restart_interval, effort: 0, ..Options::default() };
            encode(&picture, &options, &Metadata::default()).unwrap()
        };
        let plain = file(false, false, 0);
        let best = file(false, true, 0);
        prop_assert!(best.len() <= plain.len());
        let pixels = decode(&plain, false);
        prop_assert_eq!(&decode(&best, false), &pixels);
        prop_assert_eq!(&decode(&file(false, false, interval), false), &pixels);
        prop_assert_eq!(&decode(&file(false, true, interval), false), &pixels);
        prop_assert_eq!(&decode(&file(true, false, 0), false), &pixels);
        prop_assert_eq!(&decode(&file(true, false, interval), false), &pixels);
    }
}

#[test]
fn metadata_is_carried() {
    let icc: Vec<u8> = (0..150_000u32).map(|i| (i * 31 % 251) as u8).collect();
    let metadata = Metadata {
        icc: Some(&icc),
        exif: Some(b"II*\0\x08\0\0\0\0\0\0\0\0\0"),
        xmp: Some(b"<x:xmpmeta/>"),
        iptc: Some(b"Photoshop 3.0\0"),
        density: Some(300),
    };
    let samples = plane(20, 20, 0.0);
    let file = encode(
        &Picture::Grey(view(20, 20, 1, &samples)),
        &Options::default(),
        &metadata,
    )
    .unwrap();
    let mut decoder = zune_jpeg::JpegDecoder::new(ZCursor::new(&file));
    decoder.decode().unwrap();
    assert_eq!(decoder.icc_profile().as_deref(), metadata.icc);
    assert_eq!(decoder.exif().map(|exif| exif.as_slice()), metadata.exif);
    assert_eq!(decoder.xmp().map(|xmp| xmp.as_slice()), metadata.xmp);
    let header = crate::jpeg::decode::Header::parse(&file).unwrap();
    assert_eq!((header.iptc, header.density), (metadata.iptc, Some(300)));
}

#[test]
fn a_profile_may_fill_255_segments() {
    let icc = vec![7; 255 * 65_519];
    let metadata = Metadata {
        icc: Some(&icc),
        ..Metadata::default()
    };
    let picture = Picture::Grey(view(1, 1, 1, &[0]));
    let file = encode(&picture, &Options::default(), &metadata).unwrap();
    let header = crate::jpeg::decode::Header::parse(&file).unwrap();
    assert!(header.icc.as_deref() == Some(&icc[..]));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let data = vec![0; 100];
    let code = |picture: Picture| {
        encode(&picture, &Options::default(), &Metadata::default())
            .unwrap_err()
            .code()
    };
    let good = view(10, 10, 1, &data);
    assert_eq!(code(Picture::Grey(view(0, 10, 1, &data))), "ENCODER");
    assert_eq!(code(Picture::Grey(view(10, 0, 1, &data))), "ENCODER");
    assert_eq!(code(Picture::Grey(view(10, 11, 1, &data))), "ENCODER");
    assert_eq!(code(Picture::Rgb(good)), "ENCODER");
    assert_eq!(code(Picture::Grey(View { stride: 9, ..good })), "ENCODER");
    assert_eq!(
        code(Picture::Grey(View {
            height: u32::MAX,
            stride: usize::MAX,
            ..good
        })),
        "ENCODER"
    );
    for (width, height) in [(4, 5), (5, 4), (6, 5), (10, 6), (1, 1)] {
        let chroma = View { width, height, ..good };
        assert_eq!(
            code(Picture::YCbCr([good, chroma, chroma])),
            "ENCODER",
            "{width}×{height}"
        );
    }
    let half = View { width: 5, ..good };
    assert_eq!(code(Picture::YCbCr([good, good, half])), "ENCODER");
    let long = vec![0; 65_536];
    assert_eq!(code(Picture::Grey(view(65_536, 1, 1, &long))), "ENCODER");
    let metadata = Metadata {
        exif: Some(&long),
        ..Metadata::default()
    };
    assert_eq!(
        encode(&Picture::Grey(good), &Options::default(), &metadata)
            .unwrap_err()
            .code(),
        "ENCODER"
    );
    for options in [
        Options {
            quality: 0,
            ..Options::default()
        },
        Options {
            effort: 10,
            ..Options::default()
        },
    ] {
        let result = encode(&Picture::Grey(good), &options, &Metadata::default());
        assert_eq!(result.unwrap_err().code(), "BAD_PLAN");
    }
}

#[test]
fn limits_hold_in_both_directions() {
    let samples = plane(200, 200, 0.0);
    let picture = Picture::Grey(view(200, 200, 1, &samples));
    let options = Options {
        progressive: true,
        ..Options::default()
    };
    let with = |memory| {
        let budget = Budget::new(&Limits::new().with_memory(memory));
        encode_within(&picture, &options, &Metadata::default(), &budget)
    };
    assert_eq!(with(50_000).unwrap_err().code(), "LIMIT_MEMORY");
    assert!(with(250_000).is_ok());
    let late = Limits::new().with_deadline(std::time::Duration::ZERO);
    let result = encode_within(&picture, &Options::default(), &Metadata::default(), &Budget::new(&late));
    assert_eq!(result.unwrap_err().code(), "DEADLINE");
}
