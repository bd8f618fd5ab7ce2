//! Black point compensation: a press's darkest black is a dark grey, and is mapped to the screen's black.
//!
//! The perceptual intent of an ICC v4 destination (sRGB's own profile is one) calls for it: each axis of XYZ is
//! stretched so that the source's black lands on zero and white stays. In linear sRGB this is a matrix and an
//! offset for each channel, so that all of it can be built into the destination: the matrix into its primaries,
//! the offsets into its curves.

use moxcms::{ColorProfile, DataColorSpace, LutDataType, LutStore, LutType, LutWarehouse, Matrix3d};
use moxcms::{ProfileVersion, ToneReprCurve, Vector3d};

use super::profile::light;

/// The connection space's white, D50.
const WHITE: [f64; 3] = [0.9642, 1.0, 0.8249];

/// The reference medium's black, as a fraction of its white: version 4's perceptual tables are made for it
/// (ICC.1:2022, 6.3.3).
const REFERENCE: [f64; 3] = [0.003_473_1; 3];

/// sRGB whose black is the darkest colour of `source`.
pub(super) fn destination(source: &ColorProfile) -> ColorProfile {
    let mut srgb = ColorProfile::new_srgb();
    let Some(black) = darkest(source) else { return srgb };
    let primaries = srgb.colorant_matrix();
    // X' = (X - black) / (1 - black) on each axis, and so sRGB' = primaries⁻¹ (X / (1 - black)) - offset.
    let offset = std::array::from_fn(|axis| WHITE[axis] * black[axis] / (1.0 - black[axis]));
    let offset = primaries.inverse().mul_vector(Vector3d { v: offset }).v;
    // The curves end at 1: each channel is scaled down by what its offset adds to white.
    let mut shifted = primaries;
    for (row, black) in shifted.v.iter_mut().zip(black) {
        for (value, offset) in row.iter_mut().zip(offset) {
            *value *= (1.0 - black) * (1.0 + offset);
        }
    }
    set_primaries(&mut srgb, shifted);
    let curves = offset.map(|offset| Some(curve(offset as f32)));
    [srgb.red_trc, srgb.green_trc, srgb.blue_trc] = curves;
    srgb.cicp = None;
    srgb
}

fn set_primaries(profile: &mut ColorProfile, Matrix3d { v: [x, y, z] }: Matrix3d) {
    let colorants = [
        &mut profile.red_colorant,
        &mut profile.green_colorant,
        &mut profile.blue_colorant,
    ];
    for (channel, colorant) in colorants.into_iter().enumerate() {
        (colorant.x, colorant.y, colorant.z) = (x[channel], y[channel], z[channel]);
    }
}

/// `(sRGB's curve + offset) / (1 + offset)`, as a parametric curve of type 4 (ICC.1:2022, 10.18).
fn curve(offset: f32) -> ToneReprCurve {
    let gain = 1.0 / (1.0 + offset);
    let scale = gain.powf(1.0 / 2.4) / 1.055;
    let start = offset * gain;
    ToneReprCurve::Parametric(vec![2.4, scale, 0.055 * scale, gain / 12.92, 0.04045, start, start])
}

/// XYZ, each axis as a fraction of white, of all inks on or all lights off; `None` if there is nothing to do.
fn darkest(source: &ColorProfile) -> Option<[f64; 3]> {
    let inks = source.color_space == DataColorSpace::Cmyk;
    match source.lut_a_to_b_perceptual.as_ref()? {
        // The transform itself handles version 4's RGB tables.
        _ if source.version() >= ProfileVersion::V4_0 => inks.then_some(REFERENCE),
        LutWarehouse::Lut(lut) if source.pcs == DataColorSpace::Lab => {
            let [l, a, b] = corner(lut, inks)?;
            // In version 2, 16-bit values end at 0xff00. Nothing lighter than L* = 50 counts as black.
            let full = if lut.lut_type == LutType::Lut16 {
                65535.0 / 65280.0
            } else {
                1.0
            };
            let (lightness, a, b) = ((l * full).min(0.5), a * full * 255.0 - 128.0, b * full * 255.0 - 128.0);
            let black = [lightness + a * 0.232 / 100.0, lightness, lightness - b * 0.58 / 100.0];
            let black = black.map(|axis| f64::from(light(axis)).clamp(0.0, 0.25));
            Some(black).filter(|black| black.iter().all(|axis| axis.is_finite()))
        }
        _ => None,
    }
}

/// The outputs of a table's last entry, or of its first.
fn corner(lut: &LutDataType, last: bool) -> Option<[f32; 3]> {
    let value = |store: &LutStore, at: usize| match store {
        LutStore::Store8(values) => values.get(at).map(|v| f32::from(*v) / 255.0),
        LutStore::Store16(values) => values.get(at).map(|v| f32::from(*v) / 65535.0),
    };
    let entries = usize::from(lut.num_output_table_entries);
    let cells = usize::from(lut.num_clut_grid_points).checked_pow(u32::from(lut.num_input_channels))?;
    let node = if last { cells.checked_sub(1)?.checked_mul(3)? } else { 0 };
    let output = |channel: usize| {
        let position = value(&lut.clut_table, node + channel)? * (entries.checked_sub(1)? as f32);
        let low = (position as usize).min(entries - 1);
        let below = value(&lut.output_table, channel * entries + low)?;
        let above = value(&lut.output_table, channel * entries + (low + 1).min(entries - 1))?;
        Some(below + position.fract() * (above - below))
    };
    Some([output(0)?, output(1)?, output(2)?]).filter(|_| lut.num_output_channels == 3)
}
