use super::*;
use crate::encode::testing::budget;
use crate::limits::Limits;

fn wanted(colours: u16, dither: u8) -> Wanted {
    Wanted {
        colours,
        quality: 100,
        dither,
    }
}

#[test]
fn few_colours_are_kept_exactly() {
    let rgba: Vec<u8> = (0..4096u32)
        .flat_map(|i| [(i % 16) as u8 * 16, (i / 256) as u8, 7, 255])
        .collect();
    let indexed = reduce(&rgba, 64, &wanted(256, 100), &budget()).unwrap();
    assert_eq!(indexed.palette.len(), 256);
    let back: Vec<u8> = indexed
        .indices
        .iter()
        .flat_map(|&i| indexed.palette[usize::from(i)])
        .collect();
    assert_eq!(back, rgba);
}

#[test]
fn where_memory_is_short_some_pixels_stand_for_all() {
    let (width, height) = (800u32, 600u32);
    let rgba: Vec<u8> = (0..width * height)
        .flat_map(|i| {
            let (x, y) = (i % width, i / width);
            [
                (x * 255 / width) as u8,
                (y * 255 / height) as u8,
                ((x * 7 + y * 13) % 256) as u8,
                255,
            ]
        })
        .collect();
    let distance = |memory| {
        let budget = Budget::new(&Limits::new().with_memory(memory));
        let indexed = reduce(&rgba, width, &wanted(256, 0), &budget)?;
        let pairs = rgba.as_chunks::<4>().0.iter().zip(indexed.indices.iter());
        let sum: u64 = pairs
            .flat_map(|(pixel, &i)| pixel.iter().zip(indexed.palette[usize::from(i)]))
            .map(|(a, b)| u64::from(a.abs_diff(b)))
            .sum();
        Ok::<_, Error>(sum as f64 / f64::from(width * height))
    };
    let all = distance(512_000_000).unwrap();
    let some = distance(13_000_000).unwrap();
    assert!(some < all * 1.1, "{some} where every pixel gives {all}");
    assert_eq!(distance(5_000_000).unwrap_err().code(), "LIMIT_MEMORY");
}

#[test]
fn many_colours_come_near() {
    let rgba: Vec<u8> = (0..128 * 128u32)
        .flat_map(|i| [(i % 128 * 2) as u8, (i / 128 * 2) as u8, 90, 255])
        .collect();
    for (colours, most) in [(256, 12.0), (16, 30.0), (2, 100.0)] {
        let indexed = reduce(&rgba, 128, &wanted(colours, 0), &budget()).unwrap();
        assert!(indexed.palette.len() <= usize::from(colours));
        let sum: f64 = rgba
            .chunks_exact(4)
            .zip(indexed.indices.iter())
            .flat_map(|(pixel, &i)| pixel.iter().zip(indexed.palette[usize::from(i)]))
            .map(|(&a, b)| f64::from(a.abs_diff(b)))
            .sum();
        assert!(sum / f64::from(128 * 128 * 3) < most, "{colours}: {sum}");
    }
}

#[test]
fn colours_that_cannot_be_seen_are_one() {
    let rgba: Vec<u8> = (0..1000u32).flat_map(|i| [i as u8, (i / 7) as u8, 3, 0]).collect();
    assert_eq!(
        reduce(&rgba, 100, &wanted(2, 100), &budget()).unwrap().palette,
        [[0; 4]]
    );
}

#[test]
fn fewer_colours_do_for_less_quality() {
    let rgba: Vec<u8> = (0..128 * 128u32)
        .flat_map(|i| [(i % 128) as u8, (i / 128) as u8, 90, 255])
        .collect();
    let mut before = 257;
    for quality in [100, 80, 50, 30, 10, 0] {
        let indexed = reduce(
            &rgba,
            128,
            &Wanted {
                quality,
                ..wanted(256, 0)
            },
            &budget(),
        )
        .unwrap();
        let colours = indexed.palette.len();
        assert!((2..before).contains(&colours), "{quality}: {colours} after {before}");
        before = colours;
        let squares: u32 = rgba
            .chunks_exact(4)
            .zip(indexed.indices.iter())
            .flat_map(|(pixel, &i)| pixel.iter().zip(indexed.palette[usize::from(i)]))
            .map(|(&a, b)| u32::from(a.abs_diff(b)).pow(2))
            .sum();
        let mean = squares as f32 / (128.0 * 128.0);
        // Of 256 colours, 100 can't ask for more; rounded colours are a little off.
        assert!(
            quality == 100 || mean <= squared_error(quality) * 1.05,
            "{quality}: {mean}"
        );
    }
}

#[test]
fn quality_looks_at_few_colours_too() {
    let rgba = [[0, 0, 0, 255], [1, 1, 1, 255], [255, 255, 255, 255]]
        .concat()
        .repeat(300);
    let colours = |quality| {
        let wanted = Wanted {
            quality,
            ..wanted(256, 0)
        };
        reduce(&rgba, 30, &wanted, &budget()).unwrap().palette.len()
    };
    assert_eq!((colours(100), colours(90)), (3, 2));
}

#[test]
fn bands_have_no_seams() {
    let (width, height) = (1000u32, 700u32);
    let rgba: Vec<u8> = (0..width * height)
        .flat_map(|i| [(i % width / 4) as u8, (i / width / 3) as u8, 90, 255])
        .collect();
    let indexed = reduce(&rgba, width, &wanted(16, 100), &budget()).unwrap();
    // The mean of a row's red is that of the image, in each row, above and below the borders of bands.
    let red = |y: usize| {
        let row = &indexed.indices[y * 1000..][..1000];
        row.iter()
            .map(|&index| f64::from(indexed.palette[usize::from(index)][0]))
            .sum::<f64>()
            / 1000.0
    };
    let mean = (0..700).map(red).sum::<f64>() / 700.0;
    let worst = (0..700).map(|y| (red(y) - mean).abs()).fold(0.0, f64::max);
    let border = (BAND / 1000).next_multiple_of(2);
    let here = (border - 3..border + 3)
        .map(|y| (red(y) - mean).abs())
        .fold(0.0, f64::max);
    assert!(here <= worst * 0.9 + 4.0, "{here} at a border, {worst} anywhere");
}
