//! Effects that turn or replace the hue, in CIE L\*a\*b\*.

use crate::budget::Budget;
use crate::colour::convert;
use crate::error::Result;
use crate::image::{Image, Layout};
use crate::plan::{Modulate, Tint};

use super::lab::{self, BLOCK, Block, Tables};

/// The lightness of each pixel with the hue of one colour: full in the middle tones, none in black and white. What is
/// grey has no room for a hue.
pub(super) fn tint(image: Image, options: &Tint, budget: &Budget) -> Result<Image> {
    let tables = Tables::shared();
    let curve = tinted_greys(tables, options);
    match image.layout {
        Layout::Rgb => convert(&image, Layout::Rgb, budget, |[r, g, b]: [u8; 3]| {
            curve[usize::from(tables.grey(r, g, b))]
        }),
        Layout::Rgba => convert(&image, Layout::Rgba, budget, |[r, g, b, alpha]: [u8; 4]| {
            let [r, g, b] = curve[usize::from(tables.grey(r, g, b))];
            [r, g, b, alpha]
        }),
        _ => Ok(image),
    }
}

fn tinted_greys(tables: &Tables, options: &Tint) -> [[u8; 3]; 256] {
    let mut block = [[0.0; BLOCK]; 3];
    tables.read::<3>(
        &[options.colour.red, options.colour.green, options.colour.blue],
        &mut block,
    );
    lab::to_lab(&mut block);
    let [_, a, b] = block.map(|plane| plane[0]);
    let mut curve = [[0; 3]; 256];
    for (first, greys) in curve.chunks_mut(BLOCK).enumerate() {
        let mut block = [[0.0; BLOCK]; 3];
        let [l_plane, a_plane, b_plane] = &mut block;
        for (i, ((l_out, a_out), b_out)) in l_plane.iter_mut().zip(a_plane).zip(b_plane).enumerate() {
            let lightness = tables.lightness((first * BLOCK + i) as u8);
            let from_middle = lightness / 100.0 - 0.5;
            let weight = 1.0 - 4.0 * from_middle * from_middle;
            (*l_out, *a_out, *b_out) = (lightness, weight * a, weight * b);
        }
        lab::from_lab(&mut block);
        tables.write::<3>(&block, greys.as_flattened_mut());
    }
    curve
}

pub(super) fn modulate(image: Image, options: &Modulate, budget: &Budget) -> Result<Image> {
    let (brightness, lightness) = (options.brightness as f32, options.lightness as f32);
    let angle = options.hue.to_radians();
    let turn = (
        (options.saturation * angle.cos()) as f32,
        (options.saturation * angle.sin()) as f32,
    );
    // A chroma and a hue are a* and b* in polar coordinates: scaling the one and adding to the other needs neither.
    lab::change(
        image,
        budget,
        #[inline(always)]
        |[l, a, b]: &mut Block| {
            for ((l, a), b) in l.iter_mut().zip(a).zip(b) {
                *l = *l * brightness + lightness;
                (*a, *b) = (turn.0 * *a - turn.1 * *b, turn.1 * *a + turn.0 * *b);
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LAYOUTS, budget, image, noise};
    use super::*;

    #[test]
    fn a_tint_keeps_the_lightness_and_grey() {
        let options = Tint {
            colour: "#ff8000".parse().unwrap(),
        };
        let tables = Tables::shared();
        for v in 0..=255 {
            let orange = tint(image(Layout::Rgba, 1, &[v, v, v, 9]), &options, &budget()).unwrap();
            let [r, g, b, alpha] = orange.planes[0].data[..] else {
                panic!()
            };
            assert_eq!(alpha, 9);
            assert!(r >= g && g >= b);
            // Where the gamut holds the colour, the lightness is the same.
            if b > 0 && r < 255 {
                assert!(tables.grey(r, g, b).abs_diff(v) <= 2);
            }
        }
        let grey = noise(Layout::GreyAlpha, 5, 5, 1);
        let same = tint(grey, &options, &budget()).unwrap();
        assert_eq!(
            same.planes[0].data[..],
            noise(Layout::GreyAlpha, 5, 5, 1).planes[0].data[..]
        );
    }

    #[test]
    fn modulating_by_nothing_is_nothing() {
        for layout in LAYOUTS {
            for hue in [0.0, 360.0, -720.0] {
                let options = Modulate {
                    hue,
                    ..Default::default()
                };
                let same = modulate(noise(layout, 40, 30, 9), &options, &budget()).unwrap();
                for (same, sample) in same.planes[0]
                    .data
                    .iter()
                    .zip(&noise(layout, 40, 30, 9).planes[0].data[..])
                {
                    assert!(same.abs_diff(*sample) <= 1);
                }
            }
        }
    }

    #[test]
    fn without_saturation_all_is_grey() {
        let options = Modulate {
            saturation: 0.0,
            lightness: 10.0,
            ..Default::default()
        };
        let grey = modulate(noise(Layout::Rgb, 40, 30, 9), &options, &budget()).unwrap();
        for &[r, g, b] in grey.planes[0].data.as_chunks::<3>().0 {
            assert!(r.abs_diff(g) <= 1 && g.abs_diff(b) <= 1);
        }
    }
}
