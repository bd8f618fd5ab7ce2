//! Turns colour spaces given as code points (ITU-T H.273) into ICC profiles for the pipeline.

use moxcms::{CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, TransferCharacteristics};

use super::meta::Nclx;

/// The name of a transfer function that holds more than sRGB's range, if that is what the code says.
pub(super) fn high_dynamic_range(code: Nclx) -> Option<&'static str> {
    match code.transfer {
        16 => Some("PQ (SMPTE ST 2084)"),
        18 => Some("HLG (ARIB STD-B67)"),
        _ => None,
    }
}

/// A profile for colours whose primaries are not sRGB's. `None` where the code says sRGB's or nothing, and for transfer
/// functions of high dynamic range, which would need tone mapping.
///
/// The transfer functions of BT.601, BT.709 and BT.2020 are those of cameras; their images are meant to be viewed
/// as sRGB, which is how browsers treat them.
pub(super) fn of(code: Nclx) -> Option<Vec<u8>> {
    let transfer_characteristics = match code.transfer {
        1 | 2 | 6 | 13 | 14 | 15 => TransferCharacteristics::Srgb,
        4 => TransferCharacteristics::Bt470M,
        5 => TransferCharacteristics::Bt470Bg,
        8 => TransferCharacteristics::Linear,
        _ => return None,
    };
    let color_primaries = match code.primaries {
        // BT.709 and unspecified are sRGB's primaries, and those of BT.601 hardly differ.
        1 | 2 | 5..=7 if transfer_characteristics == TransferCharacteristics::Srgb => return None,
        1 | 2 | 5..=7 => CicpColorPrimaries::Bt709,
        9 => CicpColorPrimaries::Bt2020,
        11 => CicpColorPrimaries::Smpte431,
        12 => CicpColorPrimaries::Smpte432,
        _ => return None,
    };
    let profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    });
    profile.encode().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(primaries: u16, transfer: u16) -> Nclx {
        Nclx {
            primaries,
            transfer,
            matrix: 6,
            full_range: true,
        }
    }

    #[test]
    fn wide_gamuts_get_a_profile_and_srgb_gets_none() {
        for (primaries, transfer) in [(1, 13), (2, 2), (1, 1), (6, 6), (12, 16), (9, 18), (99, 13)] {
            assert!(of(code(primaries, transfer)).is_none(), "{primaries} {transfer}");
        }
        for (primaries, transfer) in [(12, 13), (9, 1), (9, 14), (1, 8), (11, 13)] {
            let profile = of(code(primaries, transfer)).unwrap();
            assert!(ColorProfile::new_from_slice(&profile).is_ok(), "{primaries} {transfer}");
        }
    }
}
