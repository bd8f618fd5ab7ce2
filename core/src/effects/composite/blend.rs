//! Two pixels to one: the operators of Porter and Duff, and the blend modes of PDF (ISO 32000-1, 11.3.5) as cairo and
//! libvips compute them, on premultiplied colours.

use serde::{Deserialize, Serialize};

/// How a layer (the source) is blended with what is below it (the destination): the Porter-Duff operators and PDF's
/// blend modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Blend {
    /// Nothing.
    Clear,
    /// Only the source.
    Source,
    /// The source over the destination.
    #[default]
    Over,
    /// The source where the destination is.
    In,
    /// The source where the destination is not.
    Out,
    /// The source, only where the destination is, over it.
    Atop,
    /// Only the destination.
    Dest,
    /// The destination over the source.
    DestOver,
    /// The destination where the source is: a mask.
    DestIn,
    /// The destination where the source is not.
    DestOut,
    /// The destination, only where the source is, over it.
    DestAtop,
    /// Either, but not both.
    Xor,
    /// The sum.
    Add,
    /// The sum, up to opaque.
    Saturate,
    /// The product.
    Multiply,
    /// The inverse of the product of the inverses.
    Screen,
    /// Multiply or screen, depending on the destination.
    Overlay,
    /// The darker one.
    Darken,
    /// The lighter one.
    Lighten,
    /// The destination brightened by the source.
    ColourDodge,
    /// The destination darkened by the source.
    ColourBurn,
    /// Multiply or screen, depending on the source.
    HardLight,
    /// Darken or lighten softly, depending on the source.
    SoftLight,
    /// The difference.
    Difference,
    /// Like the difference, with less contrast.
    Exclusion,
}

/// Red, green, blue, premultiplied, and alpha: 0 to 1.
type Pixel = [f32; 4];

/// Whether a transparent layer changes nothing, so that everything outside the layer stays unchanged.
pub(super) fn keeps_surroundings(blend: Blend) -> bool {
    !matches!(
        blend,
        Blend::Clear | Blend::Source | Blend::In | Blend::Out | Blend::DestIn | Blend::DestAtop
    )
}

/// Mixes the pixels `above` into those `below`.
pub(super) fn row(blend: Blend, below: &mut [Pixel], above: &[[u8; 4]]) {
    // One loop for each mode: the compiler makes the most of it.
    match blend {
        Blend::Clear => each(below, above, |_, _| [0.0; 4]),
        Blend::Source => each(below, above, |_, a| a),
        Blend::Over => each(below, above, |b, a| sum(a, 1.0, b, 1.0 - a[3])),
        Blend::In => each(below, above, |b, a| a.map(|v| v * b[3])),
        Blend::Out => each(below, above, |b, a| a.map(|v| v * (1.0 - b[3]))),
        Blend::Atop => each(below, above, |b, a| with_alpha(sum(a, 1.0, b, 1.0 - a[3]), b[3])),
        Blend::Dest => {}
        Blend::DestOver => each(below, above, |b, a| sum(b, 1.0, a, 1.0 - b[3])),
        Blend::DestIn => each(below, above, |b, a| b.map(|v| v * a[3])),
        Blend::DestOut => each(below, above, |b, a| b.map(|v| v * (1.0 - a[3]))),
        Blend::DestAtop => each(below, above, |b, a| with_alpha(sum(a, 1.0 - b[3], b, 1.0), a[3])),
        Blend::Xor => each(below, above, |b, a| sum(a, 1.0 - b[3], b, 1.0 - a[3])),
        Blend::Add => each(below, above, |b, a| {
            with_alpha(sum(a, 1.0, b, 1.0), (a[3] + b[3]).min(1.0))
        }),
        Blend::Saturate => each(below, above, |b, a| {
            with_alpha(sum(a, a[3].min(1.0 - b[3]), b, 1.0), (a[3] + b[3]).min(1.0))
        }),
        Blend::Multiply => pdf(below, above, |b, a| a * b),
        Blend::Screen => pdf(below, above, |b, a| a + b - a * b),
        Blend::Overlay => pdf(below, above, |b, a| hard_light(a, b)),
        Blend::Darken => pdf(below, above, f32::min),
        Blend::Lighten => pdf(below, above, f32::max),
        Blend::ColourDodge => pdf(
            below,
            above,
            |b, a| if a < 1.0 { (b / (1.0 - a)).min(1.0) } else { 1.0 },
        ),
        Blend::ColourBurn => pdf(
            below,
            above,
            |b, a| {
                if a > 0.0 { 1.0 - ((1.0 - b) / a).min(1.0) } else { 0.0 }
            },
        ),
        Blend::HardLight => pdf(below, above, hard_light),
        Blend::SoftLight => pdf(below, above, soft_light),
        Blend::Difference => pdf(below, above, |b, a| (b - a).abs()),
        Blend::Exclusion => pdf(below, above, |b, a| a + b - 2.0 * a * b),
    }
}

/// 8-bit levels to fractions, colours multiplied by alpha.
#[inline(always)]
pub(super) fn premultiplied([red, green, blue, alpha]: [u8; 4]) -> Pixel {
    let alpha = f32::from(alpha) * (1.0 / 255.0);
    let factor = alpha * (1.0 / 255.0);
    [
        f32::from(red) * factor,
        f32::from(green) * factor,
        f32::from(blue) * factor,
        alpha,
    ]
}

/// The way back, to the nearest levels; what is transparent has no colour.
#[inline(always)]
pub(super) fn levels(pixel: Pixel) -> [u8; 4] {
    let alpha = pixel[3];
    let factor = if alpha > 0.0 { 255.0 / alpha } else { 0.0 };
    let level = |v: f32| (v + 0.5) as u8; // `as` keeps within 0 and 255
    [
        level(pixel[0] * factor),
        level(pixel[1] * factor),
        level(pixel[2] * factor),
        level(alpha * 255.0),
    ]
}

#[inline(always)]
fn each(below: &mut [Pixel], above: &[[u8; 4]], mix: impl Fn(Pixel, Pixel) -> Pixel) {
    for (below, above) in below.iter_mut().zip(above) {
        *below = mix(*below, premultiplied(*above));
    }
}

/// A mode of PDF: `mode` mixes what both have, by colour; the rest of each shows as it is. The mode sees premultiplied
/// colours, as in libvips.
#[inline(always)]
fn pdf(below: &mut [Pixel], above: &[[u8; 4]], mode: impl Fn(f32, f32) -> f32) {
    each(below, above, |b, a| {
        let both = a[3] * b[3];
        let mut mixed = sum(a, 1.0 - b[3], b, 1.0 - a[3]);
        for (i, mixed) in mixed.iter_mut().take(3).enumerate() {
            *mixed += both * mode(b[i], a[i]);
        }
        with_alpha(mixed, a[3] + b[3] - both)
    });
}

#[inline(always)]
fn sum(a: Pixel, by: f32, b: Pixel, times: f32) -> Pixel {
    std::array::from_fn(|i| a[i] * by + b[i] * times)
}

#[inline(always)]
fn with_alpha([red, green, blue, _]: Pixel, alpha: f32) -> Pixel {
    [red, green, blue, alpha]
}

#[inline(always)]
fn hard_light(below: f32, above: f32) -> f32 {
    if above <= 0.5 {
        2.0 * above * below
    } else {
        1.0 - 2.0 * (1.0 - above) * (1.0 - below)
    }
}

#[inline(always)]
fn soft_light(below: f32, above: f32) -> f32 {
    if above <= 0.5 {
        return below - (1.0 - 2.0 * above) * below * (1.0 - below);
    }
    let bright = if below <= 0.25 {
        ((16.0 * below - 12.0) * below + 4.0) * below
    } else {
        below.sqrt()
    };
    below + (2.0 * above - 1.0) * (bright - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_comes_back() {
        for alpha in 1..=255u8 {
            for colour in 0..=255u8 {
                assert_eq!(levels(premultiplied([colour, 0, 255, alpha])), [colour, 0, 255, alpha]);
            }
        }
        assert_eq!(levels(premultiplied([9, 9, 9, 0])), [0; 4]);
    }

    #[test]
    fn a_transparent_layer_keeps_what_it_should() {
        for blend in super::super::tests::ALL {
            let before = premultiplied([200, 100, 50, 128]);
            let mut below = [before];
            row(blend, &mut below, &[[0; 4]]);
            assert_eq!(
                levels(below[0]) == levels(before),
                keeps_surroundings(blend),
                "{blend:?}: {below:?}"
            );
        }
    }
}
