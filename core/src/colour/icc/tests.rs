use super::*;
use crate::limits::Limits;

const P3: &[u8] = include_bytes!("../testdata/DisplayP3-v4.icc");
const ADOBE: &[u8] = include_bytes!("../testdata/AdobeCompat-v4.icc");
const SRGB: &[u8] = include_bytes!("../testdata/sRGB-v2-nano.icc");

fn image(layout: Layout, pixels: &[u8]) -> Image {
    let width = (pixels.len() / layout.channels()) as u32;
    let mut plane = Plane::new(width, 1, layout.channels(), &Budget::new(&Limits::default())).unwrap();
    plane.row_mut(0).copy_from_slice(pixels);
    Image {
        width,
        height: 1,
        layout,
        planes: vec![plane],
    }
}

fn converted(layout: Layout, pixels: &[u8], icc: Option<&[u8]>) -> (Layout, Vec<u8>, Vec<String>) {
    let mut warnings = Vec::new();
    let image = image(layout, pixels);
    let image = to_srgb(image, icc, &Budget::new(&Limits::default()), &mut warnings).unwrap();
    (image.layout, image.planes[0].data.to_vec(), warnings)
}

#[track_caller]
fn assert_near(got: &[u8], expected: &[u8], tolerance: u8) {
    assert_eq!(got.len(), expected.len());
    let far = got.iter().zip(expected).any(|(a, b)| a.abs_diff(*b) > tolerance);
    assert!(!far, "{got:?}\nis not within {tolerance} of\n{expected:?}");
}

const COLOURS: [[u8; 3]; 11] = [
    [0, 0, 0],
    [255, 255, 255],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [128, 128, 128],
    [200, 100, 50],
    [12, 34, 56],
    [224, 172, 105],
    [1, 2, 3],
    [90, 200, 180],
];

/// The expected values come from LittleCMS 2, perceptual intent.
#[test]
fn rgb_profiles_agree_with_littlecms() {
    let p3 = [
        [0, 0, 0],
        [255, 255, 255],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [128, 128, 128],
        [215, 93, 31],
        [3, 35, 58],
        [234, 169, 92],
        [1, 2, 3],
        [0, 203, 180],
    ];
    let adobe = [
        [0, 0, 0],
        [255, 255, 255],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [129, 129, 129],
        [227, 100, 42],
        [0, 28, 54],
        [242, 173, 101],
        [0, 1, 1],
        [0, 201, 181],
    ];
    for (icc, expected) in [(P3, p3), (ADOBE, adobe)] {
        let (layout, got, warnings) = converted(Layout::Rgb, COLOURS.as_flattened(), Some(icc));
        assert_eq!((layout, warnings), (Layout::Rgb, vec![]));
        assert_near(&got, expected.as_flattened(), 1);
        let with_alpha = |colours: [[u8; 3]; 11]| -> Vec<u8> {
            colours
                .iter()
                .enumerate()
                .flat_map(|(i, [r, g, b])| [*r, *g, *b, i as u8 * 20])
                .collect()
        };
        let (layout, got, _) = converted(Layout::Rgba, &with_alpha(COLOURS), Some(icc));
        assert_eq!(layout, Layout::Rgba);
        assert_near(&got, &with_alpha(expected), 1);
    }
}

#[test]
fn srgb_and_no_profile_change_nothing() {
    for icc in [None, Some(SRGB)] {
        for layout in [Layout::Rgb, Layout::Rgba] {
            let pixels: Vec<u8> = (0..=239).collect();
            assert_eq!(converted(layout, &pixels, icc), (layout, pixels, vec![]));
        }
    }
}

/// A grey profile with a gamma of 2.2, as short as can be.
fn gamma(space: &[u8; 4]) -> Vec<u8> {
    let mut icc = vec![0; 128];
    icc[8..10].copy_from_slice(&[2, 0x40]);
    icc[12..16].copy_from_slice(b"mntr");
    icc[16..20].copy_from_slice(b"GRAY");
    icc[20..24].copy_from_slice(space);
    icc[36..40].copy_from_slice(b"acsp");
    icc.extend([0, 0, 0, 1]);
    icc.extend(b"kTRC\0\0\0\x90\0\0\0\x0e");
    icc.extend(b"curv\0\0\0\0\0\0\0\x01\x02\x33\0\0");
    let size = icc.len() as u32;
    icc[..4].copy_from_slice(&size.to_be_bytes());
    icc
}

#[test]
fn grey_stays_grey() {
    let ramp: Vec<u8> = (0..=255).collect();
    let (layout, got, warnings) = converted(Layout::Grey, &ramp, Some(&gamma(b"XYZ ")));
    assert_eq!((layout, warnings), (Layout::Grey, vec![]));
    for (value, got) in ramp.iter().zip(&got) {
        let linear = (f64::from(*value) / 255.0).powf(563.0 / 256.0);
        let exact = if linear <= 0.003_130_8 {
            12.92 * linear
        } else {
            1.055 * linear.powf(1.0 / 2.4) - 0.055
        };
        assert!((f64::from(*got) - 255.0 * exact).abs() < 0.51, "{value} became {got}");
    }
    let with_alpha: Vec<u8> = ramp.iter().flat_map(|v| [*v, 255 - v]).collect();
    let (layout, both, _) = converted(Layout::GreyAlpha, &with_alpha, Some(&gamma(b"XYZ ")));
    assert_eq!(layout, Layout::GreyAlpha);
    let expected: Vec<u8> = got.iter().zip(&ramp).flat_map(|(grey, v)| [*grey, 255 - v]).collect();
    assert_eq!(both, expected);
    // A curve of lightness: half is 54 of 255 in light (L* = 0.5^2.2 × 100 = 21.8).
    let (_, got, _) = converted(Layout::Grey, &[0, 128, 255], Some(&gamma(b"Lab ")));
    assert_near(&got, &[0, 53, 255], 1);
}

/// The expected values come from LittleCMS 2 and the whole profile, perceptual intent.
#[test]
fn cmyk_without_a_profile_is_press_ink() {
    let inks = CMYK.map(|(ink, _)| ink);
    let expected = CMYK.map(|(_, rgb)| rgb);
    let (layout, got, warnings) = converted(Layout::Cmyk, inks.as_flattened(), None);
    assert_eq!((layout, warnings), (Layout::Rgb, vec![]));
    assert_near(&got, expected.as_flattened(), 6);
    let (_, same, _) = converted(Layout::Cmyk, inks.as_flattened(), Some(PRESS));
    assert_eq!(same, got);
}

const CMYK: [([u8; 4], [u8; 3]); 10] = [
    ([0, 0, 0, 0], [255, 255, 255]),
    ([255, 0, 0, 0], [0, 153, 227]),
    ([0, 255, 0, 0], [234, 0, 128]),
    ([0, 0, 255, 0], [255, 240, 0]),
    ([0, 0, 0, 255], [20, 5, 0]),
    ([255, 255, 255, 255], [0, 0, 0]),
    ([0, 0, 0, 128], [134, 133, 132]),
    ([100, 50, 30, 20], [138, 160, 180]),
    ([10, 120, 160, 40], [201, 124, 83]),
    ([200, 90, 0, 60], [20, 103, 149]),
];

#[test]
fn a_profile_for_other_pixels_is_ignored() {
    for (layout, icc) in [
        (Layout::Grey, P3),
        (Layout::Rgb, PRESS),
        (Layout::Rgb, &gamma(b"XYZ ")[..]),
    ] {
        let (same, pixels, warnings) = converted(layout, &[1, 2, 3], Some(icc));
        assert_eq!((same, pixels), (layout, vec![1, 2, 3]));
        assert!(
            warnings.len() == 1 && warnings[0].starts_with("profile ignored: it is for"),
            "{warnings:?}"
        );
    }
    let (layout, default, _) = converted(Layout::Cmyk, &[9, 99, 199, 29], None);
    let (_, fallen_back, warnings) = converted(Layout::Cmyk, &[9, 99, 199, 29], Some(P3));
    assert_eq!((layout, fallen_back, warnings.len()), (Layout::Rgb, default, 1));
}

/// Whatever the bytes are: no panic, no error, and either a conversion or a warning.
#[test]
fn damaged_profiles_do_no_harm() {
    let grey = gamma(b"XYZ ");
    let profiles = [
        (Layout::Rgb, P3),
        (Layout::Rgb, ADOBE),
        (Layout::Grey, &grey),
        (Layout::Cmyk, PRESS),
    ];
    for (layout, icc) in profiles {
        let pixels = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
        let step = if layout == Layout::Cmyk { 997 } else { 1 };
        for len in (0..icc.len() - 4).step_by(step) {
            let (_, got, warnings) = converted(layout, &pixels, Some(&icc[..len]));
            if layout != Layout::Cmyk && !warnings.is_empty() {
                assert_eq!(got, pixels);
            }
        }
        assert_eq!(converted(layout, &pixels, Some(&[])).2.len(), 1);
        let mut seed = 7u32;
        let mut random = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize
        };
        for _ in 0..if layout == Layout::Cmyk { 12 } else { 1500 } {
            let mut icc = icc.to_vec();
            for _ in 0..1 + random() % 4 {
                let at = random() % icc.len().min(512);
                icc[at] = [0, 1, 0x7f, 0x80, 0xff, random() as u8][random() % 6];
            }
            let (_, got, warnings) = converted(layout, &pixels, Some(&icc));
            assert!(warnings.iter().all(|warning| warning.starts_with("profile ignored: ")));
            if layout != Layout::Cmyk && !warnings.is_empty() {
                assert_eq!(got, pixels);
            }
        }
    }
}

#[test]
fn tables_count_against_the_memory_limit() {
    let run = |memory| {
        let budget = Budget::new(&Limits::new().with_memory(memory));
        to_srgb(image(Layout::Rgb, &[1, 2, 3]), Some(P3), &budget, &mut Vec::new())
    };
    let needed = TABLES + P3.len() as u64 * 6;
    assert!(run(needed + 3).is_ok());
    assert_eq!(run(needed - 1).unwrap_err().code(), "LIMIT_MEMORY");
}
