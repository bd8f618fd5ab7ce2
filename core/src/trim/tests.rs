use super::*;
use crate::limits::Limits;

/// Feeds a grey picture, and tells what differs from its first pixel: left, top, width and height.
fn find(rows: &[&[u8]], trim: Trim, background: Background) -> Option<[f64; 4]> {
    let budget = Budget::new(&Limits::default());
    let mut finder = Finder::new(trim, background, &budget);
    finder
        .begin(&Frame::still(Layout::Grey, rows[0].len() as u32, rows.len() as u32))
        .unwrap();
    rows.iter().for_each(|row| finder.row(0, row).unwrap());
    let found = finder.found().unwrap()?.rect();
    Some([found.left, found.top, found.width, found.height])
}

const SPECK: [&[u8]; 4] = [&[9, 9, 9, 9, 9], &[9, 9, 9, 90, 9], &[9, 9, 9, 9, 9], &[9, 9, 9, 9, 9]];

#[test]
fn single_pixels_count_in_drawings_only() {
    let lineart = Trim {
        lineart: true,
        ..Trim::default()
    };
    assert_eq!(find(&SPECK, Trim::default(), Background::First), None);
    assert_eq!(find(&SPECK, lineart, Background::First), Some([3.0, 1.0, 1.0, 1.0]));
}

#[test]
fn the_threshold_is_the_last_level_of_the_border() {
    let at = |threshold| Trim {
        threshold,
        lineart: true,
        ..Trim::default()
    };
    assert_eq!(find(&SPECK, at(81.0), Background::First), None);
    assert!(find(&SPECK, at(80.0), Background::First).is_some());
    assert!(find(&SPECK, at(80.9), Background::First).is_some());
}

#[test]
fn medians_are_those_of_nine_with_edges_repeated() {
    let mut random = crate::decode::testing::Random(7);
    for _ in 0..200 {
        let (width, height) = (1 + random.below(6), 1 + random.below(6));
        let picture: Vec<Vec<u8>> = (0..height)
            .map(|_| (0..width).map(|_| random.below(40) as u8).collect())
            .collect();
        let rows: Vec<&[u8]> = picture.iter().map(Vec::as_slice).collect();
        let background = Background::Pixel([20, 0, 0, 0]);
        let mut expected: Option<[usize; 4]> = None;
        for y in 0..height {
            for x in 0..width {
                let mut nine = Vec::new();
                for dy in [-1i32, 0, 1] {
                    for dx in [-1i32, 0, 1] {
                        let row = (y as i32 + dy).clamp(0, height as i32 - 1) as usize;
                        nine.push(picture[row][(x as i32 + dx).clamp(0, width as i32 - 1) as usize]);
                    }
                }
                nine.sort_unstable();
                if nine[4].abs_diff(20) > 10 {
                    let [left, top, right, bottom] = expected.unwrap_or([x, y, x, y]);
                    expected = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
                }
            }
        }
        let expected = expected.map(|[left, top, right, bottom]| {
            [left, top, right - left + 1, bottom - top + 1].map(|length| length as f64)
        });
        assert_eq!(find(&rows, Trim::default(), background), expected, "{picture:?}");
    }
}

#[test]
fn margins_stay_within_the_picture() {
    let rect = Rect {
        left: 3.0,
        top: 4.0,
        width: 5.0,
        height: 6.0,
    };
    let margin = |margin| {
        let crop = with_margin(rect, margin, (20, 12));
        [crop.left, crop.top, crop.width, crop.height]
    };
    assert_eq!(margin(0), [3, 4, 5, 6]);
    assert_eq!(margin(2), [1, 2, 9, 10]);
    assert_eq!(margin(5), [0, 0, 15, 12]);
    assert_eq!(margin(u32::MAX), [0, 0, 20, 12]);
}

#[test]
fn crops_count_from_the_trimmed_corner() {
    let crop = |left, top, width, height| Crop {
        left,
        top,
        width,
        height,
    };
    let trimmed = crop(3, 4, 5, 6);
    assert_eq!(within(None, trimmed).unwrap(), trimmed);
    assert_eq!(within(Some(crop(1, 2, 4, 4)), trimmed).unwrap(), crop(4, 6, 4, 4));
    for bad in [crop(2, 2, 4, 4), crop(1, 3, 4, 4), crop(u32::MAX, 0, 1, 1)] {
        assert_eq!(within(Some(bad), trimmed).unwrap_err().code(), "BAD_PLAN");
    }
}

#[cfg(feature = "png")]
mod whole {
    use crate::encode::{Png, RawPixels};
    use crate::input::Input;
    use crate::limits::Limits;
    use crate::plan::{Orient, Plan, Trim};
    use crate::{Output, Result, transform};

    /// A grey picture of 12 × 8 with a block of 4 × 3 at 5, 2, as PNG.
    fn block() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 12, 8);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        let inside = |x, y| (5..9).contains(&x) && (2..5).contains(&y);
        let pixels: Vec<u8> = (0..96).map(|i| if inside(i % 12, i / 12) { 200 } else { 10 }).collect();
        writer.write_image_data(&pixels).unwrap();
        writer.finish().unwrap();
        bytes
    }

    fn trimmed(trim: Trim, orient: Orient) -> Result<Output> {
        let plan = Plan::new()
            .with_trim(trim)
            .with_orient(orient)
            .with_encode(RawPixels::new());
        assert_eq!(plan.input, Input::File);
        transform(&block(), &plan, &Limits::default())
    }

    #[test]
    fn the_box_is_upright() {
        for (rotate, flip, flop, offset, size) in [
            (0, false, false, (5, 2), (4, 3)),
            (90, false, false, (3, 5), (3, 4)),
            (180, false, false, (3, 3), (4, 3)),
            (270, false, false, (2, 3), (3, 4)),
            (0, true, false, (5, 3), (4, 3)),
            (90, false, true, (2, 5), (3, 4)),
        ] {
            let orient = Orient {
                rotate,
                flip,
                flop,
                ..Orient::default()
            };
            let output = trimmed(Trim::default(), orient).unwrap();
            assert_eq!(output.trim, Some(offset), "{orient:?}");
            assert_eq!((output.width, output.height), size, "{orient:?}");
        }
    }

    #[test]
    fn a_picture_that_is_all_border_stays() {
        let all = Trim {
            threshold: 190.0,
            ..Trim::default()
        };
        let output = trimmed(all, Orient::default()).unwrap();
        assert_eq!((output.width, output.height, output.trim), (12, 8, Some((0, 0))));
        let other = trimmed(
            Trim {
                threshold: 189.0,
                ..Trim::default()
            },
            Orient::default(),
        );
        assert_eq!(other.unwrap().trim, Some((5, 2)));
        let plan = Plan::new().with_encode(Png::new());
        assert_eq!(transform(&block(), &plan, &Limits::default()).unwrap().trim, None);
    }
}
