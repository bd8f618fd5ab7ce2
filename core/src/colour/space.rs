//! Colour spaces that files state without a profile: as code points (ITU-T H.273), or as numbers. They become profiles.

use moxcms::{Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile};
use moxcms::{MatrixCoefficients, ToneReprCurve, TransferCharacteristics, XyY};

use crate::metadata::{Hdr, Space, Transfer};

/// What monitors have: a gamma of 2.2, which nobody tells from sRGB's curve, give or take what libpng does.
const USUAL_GAMMA: std::ops::Range<f64> = 0.4318..0.4773;

/// The nits that light of high dynamic range reaches, if the file doesn't say.
const PEAK: f32 = 1000.0;

/// The space with these code points. `None` if they say nothing, or nothing that is known.
///
/// The transfer functions of BT.601, BT.709 and BT.2020 are those of cameras. Browsers view what they made with this
/// exponent, or as sRGB without one.
pub(crate) fn of_codes(primaries: u16, transfer: u16, grey: bool, camera: Option<f32>) -> Option<Space> {
    if (primaries, transfer) == (2, 2) {
        return None;
    }
    let primaries = known(primaries)?;
    let hdr = |transfer| Hdr {
        transfer,
        primaries: primaries as u16,
        peak: PEAK,
    };
    // Parameters of ICC's curves: exponent, factor, offset, and the factor of a straight part that ends there.
    let curve = match transfer {
        1 | 6 | 11 | 14 | 15 => camera.map(|exponent| vec![exponent]),
        2 | 13 => None,
        4 => Some(vec![2.2]),
        5 => Some(vec![2.8]),
        7 => Some(vec![1.0 / 0.45, 1.0 / 1.1115, 0.1115 / 1.1115, 0.25, 0.0912]),
        8 => Some(vec![1.0]),
        16 => return Some(Space::Hdr(hdr(Transfer::Pq))),
        17 => Some(vec![2.6, (52.37_f32 / 48.0).powf(1.0 / 2.6), 0.0, 0.0, 0.0]),
        18 => return Some(Space::Hdr(hdr(Transfer::Hlg))),
        _ => return None,
    };
    let curve = curve.map(ToneReprCurve::Parametric);
    let profile = match (curve, grey) {
        (Some(curve), true) => {
            let mut profile = ColorProfile::new_gray_with_gamma(1.0);
            profile.gray_trc = Some(curve);
            profile
        }
        (None, true) => return Some(Space::Srgb),
        (None, _) if primaries == CicpColorPrimaries::Bt709 => return Some(Space::Srgb),
        (curve, _) => {
            let mut profile = made(primaries, TransferCharacteristics::Srgb);
            if let Some(curve) = curve {
                (profile.red_trc, profile.green_trc) = (Some(curve.clone()), Some(curve.clone()));
                profile.blue_trc = Some(curve);
                profile.cicp = None;
            }
            profile
        }
    };
    profile.encode().ok().map(Space::Made)
}

/// Unspecified primaries are sRGB's. XYZ, of digital cinema, is none of those that become profiles.
fn known(primaries: u16) -> Option<CicpColorPrimaries> {
    match CicpColorPrimaries::try_from(u8::try_from(primaries).ok()?).ok()? {
        CicpColorPrimaries::Reserved | CicpColorPrimaries::Xyz => None,
        CicpColorPrimaries::Unspecified => Some(CicpColorPrimaries::Bt709),
        known => Some(known),
    }
}

fn made(color_primaries: CicpColorPrimaries, transfer_characteristics: TransferCharacteristics) -> ColorProfile {
    ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    })
}

/// The linear light of these primaries, as a profile.
pub(super) fn linear(primaries: u16) -> ColorProfile {
    let primaries = known(primaries).unwrap_or(CicpColorPrimaries::Bt709);
    made(primaries, TransferCharacteristics::Linear)
}

/// The space of a PNG's `gAMA` (the exponent that the samples were made with) and `cHRM` (x and y of white, red, green
/// and blue). Without points, they are sRGB's; without an exponent, the points say nothing, as in browsers. `None` for
/// what makes no sense.
pub(crate) fn of_numbers(gamma: Option<f64>, points: Option<[f64; 8]>, grey: bool) -> Option<Space> {
    let gamma = gamma.filter(|gamma| (0.01..100.0).contains(gamma))?;
    let points = points.filter(makes_sense);
    let usual = USUAL_GAMMA.contains(&gamma);
    if usual && (grey || points.as_ref().is_none_or(is_srgb)) {
        return Some(Space::Srgb);
    }
    let exponent = (1.0 / gamma) as f32;
    let profile = match grey {
        true => ColorProfile::new_gray_with_gamma(exponent),
        false => {
            let mut profile = ColorProfile::new_srgb();
            if let Some([white_x, white_y, rx, ry, gx, gy, bx, by]) = points {
                let point = |x: f64, y: f64| Chromaticity::new(x as f32, y as f32);
                let white = XyY {
                    x: white_x,
                    y: white_y,
                    yb: 1.0,
                };
                let primaries = ColorPrimaries {
                    red: point(rx, ry),
                    green: point(gx, gy),
                    blue: point(bx, by),
                };
                profile.update_rgb_colorimetry(white, primaries);
            }
            let curve = Some(ToneReprCurve::Parametric(vec![exponent]));
            (profile.red_trc, profile.green_trc, profile.blue_trc) = (curve.clone(), curve.clone(), curve);
            profile.cicp = None;
            profile
        }
    };
    profile.encode().ok().map(Space::Made)
}

/// Points of the plane, and primaries that span a part of it around white.
fn makes_sense(points: &[f64; 8]) -> bool {
    let [white, red, green, blue] = [0, 2, 4, 6].map(|at| (points[at], points[at + 1]));
    let inside = |(x, y): (f64, f64)| (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y) && x + y <= 1.001;
    let area = |a: (f64, f64), b: (f64, f64), c: (f64, f64)| (b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1);
    let parts = [
        area(red, green, white),
        area(green, blue, white),
        area(blue, red, white),
    ];
    [white, red, green, blue].into_iter().all(inside) && white.1 > 0.05 && parts.iter().all(|&part| part > 0.002)
}

fn is_srgb(points: &[f64; 8]) -> bool {
    let srgb = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
    points.iter().zip(srgb).all(|(a, b)| (a - b).abs() < 0.002)
}

#[cfg(test)]
mod tests {
    use super::*;

    const P3: [f64; 8] = [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06];

    fn is_made(space: Option<Space>) -> bool {
        matches!(space, Some(Space::Made(profile)) if ColorProfile::new_from_slice(&profile).is_ok())
    }

    #[test]
    fn wide_gamuts_get_a_profile_and_srgb_gets_none() {
        let of_codes = |primaries, transfer, grey| of_codes(primaries, transfer, grey, None);
        for (primaries, transfer) in [(1, 13), (1, 1), (1, 6), (2, 13), (1, 2)] {
            assert!(
                matches!(of_codes(primaries, transfer, false), Some(Space::Srgb)),
                "{primaries} {transfer}"
            );
        }
        for (primaries, transfer) in [(2, 2), (3, 13), (10, 13), (99, 13), (1, 99), (0, 0), (300, 13)] {
            assert!(of_codes(primaries, transfer, false).is_none(), "{primaries} {transfer}");
        }
        for (primaries, transfer) in [(12, 13), (9, 1), (9, 14), (1, 8), (11, 13), (6, 6), (1, 17)] {
            assert!(is_made(of_codes(primaries, transfer, false)), "{primaries} {transfer}");
        }
        assert!(matches!(of_codes(12, 13, true), Some(Space::Srgb)));
        assert!(is_made(of_codes(1, 8, true)) && is_made(of_codes(1, 7, true)));
        for (code, transfer) in [(16, Transfer::Pq), (18, Transfer::Hlg)] {
            let hdr = |primaries| Hdr {
                transfer,
                primaries,
                peak: PEAK,
            };
            for (primaries, expected) in [(12, 12), (9, 9), (2, 1)] {
                let found = of_codes(primaries, code, primaries == 9);
                assert!(matches!(found, Some(Space::Hdr(found)) if found == hdr(expected)));
            }
        }
    }

    #[test]
    fn cameras_curves_are_what_their_viewers_take_them_for() {
        for transfer in [1, 6, 11, 14, 15] {
            assert!(matches!(of_codes(1, transfer, false, None), Some(Space::Srgb)));
            assert!(is_made(of_codes(1, transfer, false, Some(2.4))), "{transfer}");
            assert!(is_made(of_codes(1, transfer, true, Some(2.4))), "{transfer}");
        }
        assert!(matches!(of_codes(1, 13, false, Some(2.4)), Some(Space::Srgb)));
    }

    #[test]
    fn numbers_that_are_not_srgbs_get_a_profile() {
        for (gamma, points) in [(Some(1.0), None), (Some(0.45455), Some(P3)), (Some(0.55), None)] {
            assert!(is_made(of_numbers(gamma, points, false)), "{gamma:?} {points:?}");
            assert_eq!(
                is_made(of_numbers(gamma, points, true)),
                gamma.is_some_and(|gamma| gamma > 0.5)
            );
        }
        let srgb = Some([0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]);
        for (gamma, points) in [
            (Some(0.45455), None),
            (Some(0.45455), srgb),
            (Some(0.45455), Some([0.0; 8])),
        ] {
            assert!(matches!(of_numbers(gamma, points, false), Some(Space::Srgb)));
        }
        let flat = Some([0.3127, 0.329, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]);
        for (gamma, points) in [(None, None), (Some(0.0), None), (None, Some(P3)), (None, flat)] {
            assert!(of_numbers(gamma, points, false).is_none());
        }
    }
}
