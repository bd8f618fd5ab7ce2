//! CIE L\*a\*b\* (D65) from sRGB and back, a block of pixels at a time, so that the arithmetic vectorises.
//!
//! The constants and the table from light to levels are libvips'.

use std::sync::LazyLock;

use fearless_simd::{Level, dispatch};

use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Layout};

/// Pixels that are converted at a time.
pub(crate) const BLOCK: usize = 64;

/// Three planes of a block: red, green and blue light, 0 to 1; or L\*, a\*, b\*.
pub(crate) type Block = [[f32; BLOCK]; 3];

/// The curve of sRGB, in both directions.
pub(crate) struct Tables {
    /// Light of a level, 0 to 1.
    light: [f32; 256],
    /// What a level adds to the luminance, for each colour, with [`GREY_BITS`] more bits than an index of `levels`.
    luminance: [[u32; 256]; 3],
    /// The level of `i / STEPS` of light.
    levels: Box<[u8]>,
}

/// Steps from black to white: a fifth of a level where the curve is steepest.
pub(crate) const STEPS: usize = 1 << 14;
const GREY_BITS: u32 = 8;

/// Luminance of red, green and blue light.
const LUMINANCE: [f32; 3] = [0.2126, 0.7152, 0.0722];

impl Tables {
    pub(crate) fn shared() -> &'static Tables {
        static TABLES: LazyLock<Tables> = LazyLock::new(Tables::new);
        &TABLES
    }

    fn new() -> Self {
        let light = std::array::from_fn(|i| {
            let v = i as f32 / 255.0;
            if v <= 0.04045 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        });
        let exact: [f32; 257] = std::array::from_fn(|i| {
            let v = i.min(255) as f32 / 255.0;
            let level = if v <= 0.003_130_8 {
                12.92 * v
            } else {
                1.055 * v.powf(1.0 / 2.4) - 0.055
            };
            (255.0 * level).round()
        });
        // libvips has 256 levels of light and draws lines between them.
        let levels = (0..=STEPS).map(|i| {
            let position = i as f32 * 255.0 / STEPS as f32;
            let below = position as usize;
            (exact[below] + (exact[below + 1] - exact[below]) * position.fract()).round() as u8
        });
        let unit = (STEPS << GREY_BITS) as f32;
        Tables {
            luminance: LUMINANCE.map(|weight| light.map(|light: f32| (light * weight * unit).round() as u32)),
            light,
            levels: levels.collect(),
        }
    }

    /// The luminance of a colour, 0 to [`STEPS`].
    #[inline(always)]
    pub(crate) fn luminance(&self, red: u8, green: u8, blue: u8) -> usize {
        let [of_red, of_green, of_blue] = &self.luminance;
        let sum = of_red[usize::from(red)] + of_green[usize::from(green)] + of_blue[usize::from(blue)];
        (((sum + (1 << (GREY_BITS - 1))) >> GREY_BITS) as usize).min(STEPS)
    }

    /// The grey of the same luminance.
    #[inline(always)]
    pub(crate) fn grey(&self, red: u8, green: u8, blue: u8) -> u8 {
        self.levels[self.luminance(red, green, blue)]
    }

    /// The level that light has; light out of range is cut.
    #[inline(always)]
    pub(crate) fn level(&self, light: f32) -> u8 {
        let index = (light * STEPS as f32 + 0.5).clamp(0.0, STEPS as f32) as usize;
        self.levels[index.min(STEPS)]
    }

    /// The lightness of a grey level.
    pub(crate) fn lightness(&self, level: u8) -> f32 {
        lightness(self.light[usize::from(level)])
    }

    /// The light of pixels of `C` samples, the first three of which are colours.
    #[inline(always)]
    pub(crate) fn read<const C: usize>(&self, pixels: &[u8], block: &mut Block) {
        for (i, pixel) in pixels.as_chunks::<C>().0.iter().enumerate().take(BLOCK) {
            for (plane, &sample) in block.iter_mut().zip(pixel) {
                plane[i] = self.light[usize::from(sample)];
            }
        }
    }

    #[inline(always)]
    pub(crate) fn write<const C: usize>(&self, block: &Block, pixels: &mut [u8]) {
        for (i, pixel) in pixels.as_chunks_mut::<C>().0.iter_mut().enumerate().take(BLOCK) {
            for (plane, sample) in block.iter().zip(pixel) {
                *sample = self.level(plane[i]);
            }
        }
    }
}

/// Changes the colours of a picture in L\*a\*b\*; `change` gets the three planes of a block. Alpha stays, and grey
/// stays grey.
pub(crate) fn change(mut image: Image, budget: &Budget, change: impl Fn(&mut Block) + Copy) -> Result<Image> {
    let tables = Tables::shared();
    if matches!(image.layout, Layout::Grey | Layout::GreyAlpha) {
        let mut curve: [u8; 256] = std::array::from_fn(|i| i as u8);
        let coloured: Vec<u8> = curve.iter().flat_map(|&v| [v; 3]).collect();
        let mut changed = coloured;
        change_row::<3>(tables, &mut changed, change);
        for (out, &[r, g, b]) in curve.iter_mut().zip(changed.as_chunks::<3>().0) {
            *out = tables.grey(r, g, b);
        }
        let identity = std::array::from_fn(|i| i as u8);
        return super::lookup::apply_to_colours(image, &curve, &identity, budget);
    }
    let level = Level::new();
    for y in 0..image.height {
        budget.check()?;
        let row = image.planes[0].row_mut(y);
        if image.layout.has_alpha() {
            dispatch!(level, _simd => change_row::<4>(tables, row, change));
        } else {
            dispatch!(level, _simd => change_row::<3>(tables, row, change));
        }
    }
    Ok(image)
}

#[inline(always)]
fn change_row<const C: usize>(tables: &Tables, row: &mut [u8], change: impl Fn(&mut Block)) {
    for pixels in row.chunks_mut(BLOCK * C) {
        let mut block = [[0.0; BLOCK]; 3];
        tables.read::<C>(pixels, &mut block);
        to_lab(&mut block);
        change(&mut block);
        from_lab(&mut block);
        tables.write::<C>(&block, pixels);
    }
}

/// The white that X, Y and Z are divided by: D65.
const WHITE: [f32; 3] = [0.950_470, 1.0, 1.088_827];

#[inline(always)]
pub(crate) fn to_lab([red, green, blue]: &mut Block) {
    for ((red, green), blue) in red.iter_mut().zip(green).zip(blue) {
        let (r, g, b) = (*red, *green, *blue);
        let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) * (1.0 / WHITE[0]);
        let y = LUMINANCE[0] * r + LUMINANCE[1] * g + LUMINANCE[2] * b;
        let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) * (1.0 / WHITE[2]);
        let (x, y, z) = (root(x), root(y), root(z));
        *red = 116.0 * y - 16.0;
        *green = 500.0 * (x - y);
        *blue = 200.0 * (y - z);
    }
}

#[inline(always)]
pub(crate) fn from_lab([l, a, b]: &mut Block) {
    for ((l, a), b) in l.iter_mut().zip(a).zip(b) {
        let root = lightness_root(*l);
        let x = WHITE[0] * cube(root + *a * (1.0 / 500.0));
        let y = light_of(*l);
        let z = WHITE[2] * cube(root - *b * (1.0 / 200.0));
        *l = 3.240_625 * x - 1.537_208 * y - 0.498_629 * z;
        *a = -0.968_931 * x + 1.875_756 * y + 0.041_518 * z;
        *b = 0.055_710 * x - 0.204_021 * y + 1.056_996 * z;
    }
}

/// L\* of a luminance.
#[inline(always)]
pub(crate) fn lightness(luminance: f32) -> f32 {
    116.0 * root(luminance) - 16.0
}

/// The luminance of an L\*.
#[inline(always)]
pub(crate) fn light_of(lightness: f32) -> f32 {
    let root = (lightness + 16.0) * (1.0 / 116.0);
    if lightness < 8.0 {
        lightness * (1.0 / 903.3)
    } else {
        root * root * root
    }
}

#[inline(always)]
fn lightness_root(lightness: f32) -> f32 {
    let linear = 7.787 * (lightness * (1.0 / 903.3)) + 16.0 / 116.0;
    if lightness < 8.0 {
        linear
    } else {
        (lightness + 16.0) * (1.0 / 116.0)
    }
}

/// The cube root, with a straight line near black.
#[inline(always)]
fn root(t: f32) -> f32 {
    let linear = 7.787 * t + 16.0 / 116.0;
    let root = cube_root(t);
    if t < 0.008_856 { linear } else { root }
}

#[inline(always)]
fn cube(root: f32) -> f32 {
    let linear = (root - 0.137_93) * (1.0 / 7.787);
    if root < 0.2069 { linear } else { root * root * root }
}

/// Newton's method from a third of the exponent: two steps come within a millionth, and vectorise.
#[inline(always)]
fn cube_root(x: f32) -> f32 {
    let guess = f32::from_bits(x.to_bits() / 3 + 0x2a51_19f2);
    let better = (2.0 * guess + x / (guess * guess)) * (1.0 / 3.0);
    (2.0 * better + x / (better * better)) * (1.0 / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::testing::{LAYOUTS, budget, noise};

    #[test]
    fn cube_roots_are_right() {
        for i in 1..=10_000 {
            let x = i as f32 / 10_000.0;
            assert!((cube_root(x) / x.cbrt() - 1.0).abs() < 3e-6, "{x}");
        }
    }

    #[test]
    fn there_and_back_is_the_same() {
        for layout in LAYOUTS {
            let same = change(noise(layout, 70, 30, 5), &budget(), |_| {}).unwrap();
            for (same, sample) in same.planes[0]
                .data
                .iter()
                .zip(&noise(layout, 70, 30, 5).planes[0].data[..])
            {
                assert!(same.abs_diff(*sample) <= 1);
            }
        }
    }

    #[test]
    fn known_colours() {
        // From Lindbloom's calculator, sRGB with D65.
        for (rgb, lab) in [
            ([255, 255, 255], [100.0, 0.0, 0.0]),
            ([255, 0, 0], [53.24, 80.09, 67.20]),
            ([0, 0, 255], [32.30, 79.19, -107.86]),
            ([119, 119, 119], [50.03, 0.0, 0.0]),
            ([1, 1, 1], [0.27, 0.0, 0.0]),
        ] {
            let mut block = [[0.0; BLOCK]; 3];
            Tables::shared().read::<3>(&rgb, &mut block);
            to_lab(&mut block);
            for (plane, expected) in block.iter().zip(lab) {
                assert!((plane[0] - expected).abs() < 0.1, "{rgb:?}: {} {expected}", plane[0]);
            }
        }
    }
}
