//! Whole files: against another decoder, at all scales, damaged and hostile.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{Colour, Decoder, Picture, Scale};
use crate::error::Error;
use crate::limits::Limits;
use crate::request::Tolerate;

const SAMPLINGS: [SamplingFactor; 8] = [
    SamplingFactor::F_1_1,
    SamplingFactor::F_2_1,
    SamplingFactor::F_1_2,
    SamplingFactor::F_2_2,
    SamplingFactor::F_4_1,
    SamplingFactor::F_4_2,
    SamplingFactor::F_1_4,
    SamplingFactor::F_2_4,
];

/// Edges, gradients and noise.
fn scene(width: u16, height: u16, channels: usize) -> Vec<u8> {
    let mut state = 1u32;
    let mut samples = Vec::new();
    for y in 0..usize::from(height) {
        for x in 0..usize::from(width) {
            for channel in 0..channels {
                state = state.wrapping_mul(1664525).wrapping_add(1013904223);
                let noise = (state >> 27) as usize;
                let wave = 90.0 + 80.0 * ((x * (channel + 1)) as f64 / 17.0).sin() * (y as f64 / 11.0).cos();
                let edge = if (x / 13 + y / 9) % 3 == channel % 3 { 40 } else { 0 };
                samples.push((wave as usize + edge + noise).min(255) as u8);
            }
        }
    }
    samples
}

struct Options {
    size: (u16, u16),
    sampling: SamplingFactor,
    progressive: bool,
    restart: u16,
    colour: ColorType,
    quality: u8,
}

const PLAIN: Options = Options {
    size: (133, 77),
    sampling: SamplingFactor::F_2_2,
    progressive: false,
    restart: 0,
    colour: ColorType::Rgb,
    quality: 90,
};

fn encode(options: &Options) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, options.quality);
    encoder.set_sampling_factor(options.sampling);
    encoder.set_progressive(options.progressive);
    encoder.set_restart_interval(options.restart);
    encoder.set_optimized_huffman_tables(options.restart == 0);
    let channels = match options.colour {
        ColorType::Luma => 1,
        ColorType::Rgb => 3,
        _ => 4,
    };
    let (width, height) = options.size;
    encoder
        .encode(&scene(width, height, channels), width, height, options.colour)
        .unwrap();
    file
}

fn rgb(file: &[u8], scale: Scale) -> Picture {
    let decoder = Decoder::new(file).unwrap().scale(scale).tolerate(Tolerate::None);
    decoder.rgb(&Limits::default()).unwrap()
}

fn planes(file: &[u8], scale: Scale) -> Picture {
    let decoder = Decoder::new(file).unwrap().scale(scale).tolerate(Tolerate::None);
    decoder.planes(&Limits::default()).unwrap()
}

/// What zune-jpeg makes of it: RGB, or grey.
fn peer(file: &[u8], grey: bool) -> Vec<u8> {
    use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
    let space = if grey { ColorSpace::Luma } else { ColorSpace::RGB };
    let options = DecoderOptions::default().jpeg_set_out_colorspace(space);
    zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(file), options)
        .decode()
        .unwrap()
}

fn furthest(a: &[u8], b: &[u8]) -> u8 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}

#[test]
fn another_decoder_sees_the_same() {
    for progressive in [false, true] {
        for restart in [0, 1, 7] {
            for size in [(133, 77), (16, 16), (129, 40)] {
                let options = Options {
                    size,
                    progressive,
                    restart,
                    sampling: SamplingFactor::F_1_1,
                    ..PLAIN
                };
                let file = encode(&options);
                let ours = rgb(&file, Scale::Full);
                assert!(
                    furthest(&ours.planes[0].data, &peer(&file, false)) <= 2,
                    "{size:?} {progressive} {restart}"
                );
                let grey = encode(&Options {
                    colour: ColorType::Luma,
                    ..options
                });
                let ours = rgb(&grey, Scale::Full);
                assert_eq!(ours.colour, Colour::Grey);
                assert!(furthest(&ours.planes[0].data, &peer(&grey, true)) <= 1);
            }
        }
    }
}

/// Subsampled chroma is upsampled in different ways; luma is comparable all the same.
#[test]
fn another_decoder_sees_the_same_luma() {
    // The peer cannot read the others, nor subsampled components in scans of their own.
    for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_2_2] {
        for (progressive, restart) in [(false, 11), (false, 3), (true, 0), (true, 5)] {
            let file = encode(&Options {
                sampling,
                progressive,
                restart,
                ..PLAIN
            });
            let ours = planes(&file, Scale::Full);
            let theirs = peer(&file, true);
            assert!(
                furthest(&ours.planes[0].data, &theirs) <= 1,
                "{sampling:?} {progressive} {restart}"
            );
        }
    }
}

#[test]
fn progressive_is_sequential_in_another_order() {
    for sampling in SAMPLINGS {
        for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
            let sequential = encode(&Options { sampling, ..PLAIN });
            let progressive = encode(&Options {
                sampling,
                progressive: true,
                ..PLAIN
            });
            assert_eq!(planes(&sequential, scale).planes, planes(&progressive, scale).planes);
            assert_eq!(rgb(&sequential, scale).planes, rgb(&progressive, scale).planes);
        }
    }
}

#[test]
fn smaller_scales_are_means() {
    for colour in [ColorType::Rgb, ColorType::Luma] {
        let file = encode(&Options {
            size: (128, 96),
            colour,
            quality: 98,
            ..PLAIN
        });
        let full = planes(&file, Scale::Full);
        for (scale, step) in [(Scale::Half, 2), (Scale::Quarter, 4), (Scale::Eighth, 8)] {
            let small = planes(&file, scale);
            for (full, small) in full.planes.iter().zip(&small.planes) {
                assert_eq!(
                    (small.width, small.height),
                    (full.width.div_ceil(step), full.height.div_ceil(step))
                );
                let (mut sum, mut full_sum) = (0, 0);
                small.data.iter().for_each(|&sample| sum += u64::from(sample));
                full.data.iter().for_each(|&sample| full_sum += u64::from(sample));
                let (mean, full_mean) = (
                    sum as f64 / small.data.len() as f64,
                    full_sum as f64 / full.data.len() as f64,
                );
                assert!((mean - full_mean).abs() < 1.0, "{mean} for {full_mean}");
            }
        }
    }
}

#[test]
fn chroma_takes_a_finer_scale_for_rgb() {
    let file = encode(&PLAIN);
    let half = rgb(&file, Scale::Half);
    assert_eq!((half.planes[0].width, half.planes[0].height), (67, 39));
    let luma = &planes(&file, Scale::Half).planes[0];
    // Chroma at full size: RGB has no other luma than the plane.
    for (pixel, &luma) in half.planes[0].data.chunks_exact(3).zip(&luma.data) {
        let mixed = 0.299 * f64::from(pixel[0]) + 0.587 * f64::from(pixel[1]) + 0.114 * f64::from(pixel[2]);
        assert!(pixel.contains(&0) || pixel.contains(&255) || (mixed - f64::from(luma)).abs() < 1.5);
    }
}

#[test]
fn tiny_pictures() {
    for sampling in SAMPLINGS {
        for progressive in [false, true] {
            for size in [(1, 1), (2, 3), (8, 8), (9, 1), (1, 17), (17, 33)] {
                let file = encode(&Options {
                    size,
                    sampling,
                    progressive,
                    restart: 1,
                    ..PLAIN
                });
                for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
                    let picture = rgb(&file, scale);
                    let plane = &picture.planes[0];
                    assert_eq!(plane.data.len(), (plane.width * plane.height * 3) as usize);
                    assert!(plane.width >= 1 && plane.height >= 1 && picture.warnings.is_empty());
                    planes(&file, scale);
                }
            }
        }
    }
}

#[test]
fn four_components_are_ink() {
    for (colour, adobe) in [(ColorType::Cmyk, false), (ColorType::CmykAsYcck, true)] {
        let file = encode(&Options {
            colour,
            sampling: SamplingFactor::F_1_1,
            quality: 100,
            ..PLAIN
        });
        let picture = rgb(&file, Scale::Full);
        assert_eq!(picture.colour, Colour::Cmyk);
        assert_eq!(Decoder::new(&file).unwrap().header().colour == Colour::Ycck, adobe);
        assert_eq!(picture.planes[0].channels, 4);
    }
}

#[test]
fn a_truncated_file_gives_what_arrived() {
    for (progressive, restart) in [(false, 0), (false, 4), (true, 0)] {
        let file = encode(&Options {
            progressive,
            restart,
            ..PLAIN
        });
        let whole = rgb(&file, Scale::Full);
        let cut = &file[..file.len() * 2 / 3];
        let decoder = Decoder::new(cut).unwrap();
        let part = decoder.rgb(&Limits::default()).unwrap();
        assert!(!part.warnings.is_empty());
        assert_eq!(part.planes[0].data.len(), whole.planes[0].data.len());
        if restart > 0 {
            assert_eq!(
                part.planes[0].data[..133 * 3 * 20],
                whole.planes[0].data[..133 * 3 * 20]
            );
            assert_eq!(part.planes[0].data.last(), Some(&128));
        }
        let strict = decoder.clone().tolerate(Tolerate::None).rgb(&Limits::default());
        assert_eq!(strict.unwrap_err().code(), "TRUNCATED");
    }
}

#[test]
fn a_missing_eoi_is_harmless() {
    let file = encode(&PLAIN);
    let picture = Decoder::new(&file[..file.len() - 2])
        .unwrap()
        .rgb(&Limits::default())
        .unwrap();
    assert_eq!(picture.planes, rgb(&file, Scale::Full).planes);
    assert_eq!(picture.warnings, ["the file ends without EOI"]);
}

#[test]
fn a_lost_restart_marker_costs_its_interval() {
    let file = encode(&Options { restart: 3, ..PLAIN });
    let scan = file.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
    let at = scan + file[scan..].windows(2).position(|two| two == [0xFF, 0xD2]).unwrap();
    let mut broken = file.clone();
    broken[at + 1] = 0xD4;
    let decoder = Decoder::new(&broken).unwrap();
    assert_eq!(decoder.rgb(&Limits::default()).unwrap_err().code(), "BAD_INPUT");
    let picture = decoder.tolerate(Tolerate::Errors).rgb(&Limits::default()).unwrap();
    let whole = rgb(&file, Scale::Full);
    assert_eq!(
        picture.planes[0].data[133 * 3 * 66..],
        whole.planes[0].data[133 * 3 * 66..]
    );
    assert_ne!(picture.planes, whole.planes);
}

/// Every byte of small files changed, cut and doubled: a picture or an error, in bounded time.
#[test]
fn damage_never_panics() {
    for progressive in [false, true] {
        let options = Options {
            size: (40, 24),
            restart: 2,
            progressive,
            quality: 30,
            ..PLAIN
        };
        let file = encode(&options);
        for at in 0..file.len() {
            for value in [0, 0xFF, file[at] ^ 0x10, 0xD0] {
                let mut broken = file.clone();
                broken[at] = value;
                for scale in [Scale::Full, Scale::Quarter, Scale::Eighth] {
                    let Ok(decoder) = Decoder::new(&broken) else { continue };
                    let limits = Limits::new().with_pixels(1_000_000);
                    let _ = decoder.scale(scale).tolerate(Tolerate::Errors).rgb(&limits);
                }
            }
            if let Ok(decoder) = Decoder::new(&file[..at]) {
                let _ = decoder.scale(Scale::Half).planes(&Limits::default());
            }
        }
    }
}

#[test]
fn limits_hold_in_both_directions() {
    let file = encode(&Options {
        progressive: true,
        ..PLAIN
    });
    let decoder = Decoder::new(&file).unwrap();
    let with = |limits: &Limits| decoder.rgb(limits);
    let scans = |scans| with(&Limits::new().with_scans(scans));
    let needed = (1..100).find(|&count| scans(count).is_ok()).unwrap();
    assert!(matches!(scans(needed - 1), Err(Error::Limit { actual, .. }) if actual == u64::from(needed)));
    let memory = |memory| with(&Limits::new().with_memory(memory));
    assert_eq!(memory(50_000).unwrap_err().code(), "LIMIT_MEMORY");
    assert!(memory(300_000).is_ok());
    let pixels = |pixels| with(&Limits::new().with_pixels(pixels));
    assert_eq!(pixels(133 * 77 - 1).unwrap_err().code(), "LIMIT_PIXELS");
    assert!(pixels(133 * 77).is_ok());
    let late = Limits::new().with_deadline(std::time::Duration::ZERO);
    assert_eq!(with(&late).unwrap_err().code(), "DEADLINE");
}

#[test]
fn a_run_too_long_leads_to_the_last_place() {
    // One grey block, coarse steps. AC codes: 0 for sixteen zeros, 10 for 15 and a 1, 110 for 14 and a 1, 1110 for the
    // end.
    let file = |frame: u8, scans: &[&[u8]]| {
        let head = [
            &[0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0][..],
            &[200; 64],
            &[0xFF, frame, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0],
            &[0xFF, 0xC4, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &[
                0xFF, 0xC4, 0, 23, 0x10, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0xF1, 0xE1, 0,
            ],
        ];
        let scans = scans.iter().flat_map(|scan| [&[0xFF, 0xDA, 0, 8, 1, 1, 0][..], scan]);
        let parts: Vec<&[u8]> = head.into_iter().chain(scans).chain([&[0xFF, 0xD9][..]]).collect();
        parts.concat()
    };
    let luma = |file: &[u8]| planes(file, Scale::Full).planes[0].data.clone();
    // The mean, three times sixteen zeros, and then a coefficient at place 63, or at 64.
    let sequential = |bits| luma(&file(0xC0, &[&[0, 63, 0, bits]]));
    let (legal, long) = (sequential(0b0000_1101), sequential(0b0000_1011));
    assert_ne!(legal, [128; 64]);
    assert_eq!(legal, long);
    // The same as a refinement of a block that was empty.
    let means = [0, 0, 0, 0b0111_1111];
    let empty = [1, 63, 0x01, 0b1110_1111];
    let refined = |bits| luma(&file(0xC2, &[&means, &empty, &[1, 63, 0x10, bits]]));
    assert_eq!(refined(0b0001_1011), legal);
    assert_eq!(refined(0b0001_0111), legal);
}

#[test]
fn no_pixel_at_all_is_an_error() {
    for progressive in [false, true] {
        let file = encode(&Options { progressive, ..PLAIN });
        let scan = file.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
        let data = scan + 2 + usize::from(u16::from_be_bytes([file[scan + 2], file[scan + 3]]));
        for rest in [&[][..], &[0xFF, 0xD9]] {
            let empty = [&file[..data], rest].concat();
            let decoder = Decoder::new(&empty).unwrap().tolerate(Tolerate::Errors);
            assert_eq!(decoder.rgb(&Limits::default()).unwrap_err().code(), "TRUNCATED");
        }
    }
}

#[test]
fn a_huge_frame_without_data_is_refused() {
    let file = encode(&Options {
        progressive: true,
        ..PLAIN
    });
    let frame = file.windows(2).position(|two| two == [0xFF, 0xC2]).unwrap();
    let scan = file.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
    let mut huge = file[..scan + 30].to_vec();
    huge[frame + 5..frame + 9].copy_from_slice(&[0x3F, 0xFF, 0x3F, 0xFF]);
    let error = Decoder::new(&huge).unwrap().rgb(&Limits::default()).unwrap_err();
    assert_eq!(error.code(), "LIMIT_MEMORY");
}

/// The same coefficients, coded in four ways.
const HUFFMAN: &[u8] = include_bytes!("../../../tests/images/420.jpg");
const ARITHMETIC: [&[u8]; 2] = [
    include_bytes!("../../../tests/images/arithmetic.jpg"),
    include_bytes!("../../../tests/images/arithmetic-progressive.jpg"),
];

#[test]
fn arithmetic_coding_is_huffman_coding_in_other_bits() {
    for file in ARITHMETIC {
        for scale in [Scale::Full, Scale::Half, Scale::Quarter, Scale::Eighth] {
            assert_eq!(planes(file, scale).planes, planes(HUFFMAN, scale).planes);
            assert_eq!(rgb(file, scale).planes, rgb(HUFFMAN, scale).planes);
        }
    }
}

#[test]
fn arithmetic_files_are_cut_and_damaged_like_others() {
    for file in ARITHMETIC {
        let decoder = Decoder::new(&file[..file.len() * 2 / 3]).unwrap();
        let part = decoder.planes(&Limits::default()).unwrap();
        assert!(part.warnings[0].contains("ends inside a scan"), "{:?}", part.warnings);
        let strict = decoder.clone().tolerate(Tolerate::None).rgb(&Limits::default());
        assert_eq!(strict.unwrap_err().code(), "TRUNCATED");
        let no_eoi = Decoder::new(&file[..file.len() - 2]).unwrap();
        let whole = no_eoi.planes(&Limits::default()).unwrap();
        assert_eq!(whole.planes, planes(file, Scale::Full).planes);
        assert_eq!(whole.warnings, ["the file ends without EOI"]);
        for at in (0..file.len()).step_by(3) {
            for value in [0, 0xFF, file[at] ^ 0x10] {
                let mut broken = file.to_vec();
                broken[at] = value;
                let Ok(decoder) = Decoder::new(&broken) else { continue };
                let limits = Limits::new().with_pixels(1_000_000);
                let _ = decoder.scale(Scale::Quarter).tolerate(Tolerate::Errors).planes(&limits);
            }
        }
    }
}

#[test]
fn a_marker_inside_a_scan_ends_what_came_before_it() {
    let restarting = encode(&Options { restart: 3, ..PLAIN });
    // Grey to the end; in a file with restart markers, only up to the next one.
    for (file, restarts) in [(&restarting[..], true), (HUFFMAN, false), (ARITHMETIC[0], true)] {
        let mut broken = file.to_vec();
        let at = broken.len() * 2 / 3;
        broken[at..at + 2].copy_from_slice(&[0xFF, 0x17]);
        let whole = planes(file, Scale::Full).planes[0].data.clone();
        let decoder = Decoder::new(&broken).unwrap();
        let strict = decoder.clone().tolerate(Tolerate::None);
        assert_eq!(strict.rgb(&Limits::default()).unwrap_err().code(), "BAD_INPUT");
        for tolerate in [Tolerate::Truncated, Tolerate::Errors] {
            let lenient = decoder.clone().tolerate(tolerate);
            let picture = lenient.planes(&Limits::default()).unwrap();
            assert!(
                picture.warnings[0].contains("marker FF 17 inside a scan"),
                "{:?}",
                picture.warnings
            );
            let luma = &picture.planes[0].data;
            assert_eq!(luma[..96 * 16], whole[..96 * 16]);
            let end = luma.len() - 8;
            match restarts {
                true => assert_eq!(luma[end..], whole[end..]),
                false => assert_eq!(luma[end..], [128; 8]),
            }
        }
    }
}
