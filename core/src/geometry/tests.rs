use super::*;
use crate::format::Format;
use crate::info::ColourModel;
use proptest::prelude::*;

fn info(width: u32, height: u32, orientation: u8) -> Info {
    Info {
        orientation,
        ..Info::still(Format::Png, width, height, ColourModel::Rgb)
    }
}

fn solve(width: u32, height: u32, resize: Resize) -> Geometry {
    Geometry::solve(&info(width, height, 1), &Plan::new().with_resize(resize)).unwrap()
}

fn output(source: (u32, u32), width: Option<u32>, height: Option<u32>, edit: impl Fn(Resize) -> Resize) -> (u32, u32) {
    let resize = edit(Resize {
        width,
        height,
        ..Resize::default()
    });
    solve(source.0, source.1, resize).output
}

#[test]
fn missing_dimension_is_rounded_half_up() {
    for (source, width, expected) in [
        ((40, 18), 10, (10, 5)),
        ((40, 22), 10, (10, 6)),
        ((100, 25), 10, (10, 3)),
        ((400, 1), 10, (10, 1)),
    ] {
        for fit in [Fit::Cover, Fit::Contain, Fit::Fill, Fit::Inside, Fit::Outside] {
            assert_eq!(output(source, Some(width), None, |r| r.with_fit(fit)), expected);
        }
    }
    assert_eq!(
        output((40, 18), Some(10), Some(10), |r| r.with_fit(Fit::Outside)),
        (22, 10)
    );
    assert_eq!(output((41, 21), None, Some(10), |r| r), (20, 10));
}

#[test]
fn no_enlargement_and_no_reduction_as_sharp_does_it() {
    let kept = |w, h, fit| output((41, 21), Some(w), Some(h), |r| r.with_fit(fit).with_enlarge(false));
    assert_eq!(kept(100, 100, Fit::Cover), (41, 21));
    assert_eq!(kept(30, 100, Fit::Cover), (30, 21));
    assert_eq!(kept(30, 100, Fit::Inside), (30, 15));
    assert_eq!(kept(100, 100, Fit::Contain), (100, 100));
    assert_eq!(output((41, 21), Some(10), Some(10), |r| r.with_reduce(false)), (10, 10));
    let unscaled = solve(
        41,
        21,
        Resize::new().with_width(30).with_height(100).with_enlarge(false),
    );
    assert_eq!((unscaled.window.width, unscaled.scaled), (30.0, (30, 21)));
}

#[test]
fn cover_keeps_the_asked_part() {
    let window = |position: Position| {
        solve(
            400,
            200,
            Resize::new().with_width(100).with_height(100).with_position(position),
        )
        .window
    };
    let at = |left| Rect {
        left,
        top: 0.0,
        width: 200.0,
        height: 200.0,
    };
    assert_eq!(window(Anchor::Centre.into()), at(100.0));
    assert_eq!(window(Anchor::Left.into()), at(0.0));
    assert_eq!(window(Anchor::RightTop.into()), at(200.0));
    assert_eq!(window(Position::Focal { x: 0.3, y: 0.9 }), at(20.0));
    assert_eq!(window(Position::Focal { x: 0.0, y: 0.0 }), at(0.0));
    assert_eq!(window(Position::Focal { x: 1.0, y: 1.0 }), at(200.0));
}

#[test]
fn contain_places_the_picture() {
    let geometry = solve(
        400,
        200,
        Resize::new().with_width(100).with_height(100).with_fit(Fit::Contain),
    );
    assert_eq!(
        (geometry.scaled, geometry.canvas, geometry.output),
        ((100, 50), Some((0, 25)), (100, 100))
    );
    let exact = solve(
        400,
        200,
        Resize::new().with_width(100).with_height(50).with_fit(Fit::Contain),
    );
    assert_eq!(exact.canvas, None);
}

#[test]
fn a_search_sees_the_whole_picture() {
    let geometry = solve(
        400,
        200,
        Resize::new()
            .with_width(100)
            .with_height(100)
            .with_position(Anchor::Attention),
    );
    assert_eq!((geometry.scaled, geometry.output), ((200, 100), (100, 100)));
    assert_eq!(geometry.search, Some(Anchor::Attention));
}

#[test]
fn a_crop_is_meant_in_the_upright_picture() {
    // Stored 40×20, tag 6: upright 20×40. The top left 5×10 of that is the bottom left 10×5 as stored.
    let plan = Plan::new().with_crop(Crop {
        left: 0,
        top: 0,
        width: 5,
        height: 10,
    });
    let geometry = Geometry::solve(&info(40, 20, 6), &plan).unwrap();
    assert_eq!(
        geometry.bounds,
        Rect {
            left: 0.0,
            top: 15.0,
            width: 10.0,
            height: 5.0
        }
    );
    assert_eq!((geometry.scaled, geometry.output), ((10, 5), (5, 10)));
}

#[test]
fn impossible_plans_are_refused_with_numbers() {
    let solve = |plan: Plan| Geometry::solve(&info(40, 20, 1), &plan).unwrap_err();
    let error = solve(Plan::new().with_crop(Crop {
        left: 30,
        top: 0,
        width: 11,
        height: 1,
    }));
    assert!(
        error
            .to_string()
            .contains("crop is 11×1 at 30,0, expected a part of the image of 40×20"),
        "{error}"
    );
    let error = solve(Plan::new().with_crop(Crop::new(u32::MAX, 0, 2, 1)));
    assert_eq!(error.code(), "BAD_PLAN");
}

fn any_resize() -> impl Strategy<Value = Resize> {
    let side = || prop_oneof![Just(None), (1u32..3000).prop_map(Some)];
    let fit = prop_oneof![
        Just(Fit::Cover),
        Just(Fit::Contain),
        Just(Fit::Fill),
        Just(Fit::Inside),
        Just(Fit::Outside)
    ];
    let position = prop_oneof![
        Just(Position::Named(Anchor::Centre)),
        Just(Position::Named(Anchor::LeftTop)),
        Just(Position::Named(Anchor::RightBottom)),
        (0.0..=1.0f64, 0.0..=1.0f64).prop_map(|(x, y)| Position::Focal { x, y }),
    ];
    (side(), side(), fit, position, any::<bool>(), any::<bool>()).prop_map(
        |(width, height, fit, position, enlarge, reduce)| Resize {
            width,
            height,
            fit,
            position,
            enlarge,
            reduce,
            ..Resize::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_window_is_never_empty_or_out_of_range(
        width in 1u32..5000, height in 1u32..5000, tag in 1u8..=8, resize in any_resize(),
    ) {
        let geometry = Geometry::solve(&info(width, height, tag), &Plan::new().with_resize(resize)).unwrap();
        let Rect { left, top, width: w, height: h } = geometry.window;
        prop_assert!(w > 0.0 && h > 0.0 && left >= -1e-6 && top >= -1e-6, "{:?}", geometry);
        prop_assert!(left + w <= f64::from(width) + 1e-6 && top + h <= f64::from(height) + 1e-6, "{:?}", geometry);
        prop_assert!(geometry.scaled.0 >= 1 && geometry.scaled.1 >= 1);
        let placed = geometry.orientation.size(geometry.scaled);
        if let Some((x, y)) = geometry.canvas {
            prop_assert!(x + placed.0 <= geometry.output.0 && y + placed.1 <= geometry.output.1);
        } else {
            prop_assert_eq!(placed, geometry.output);
        }
    }

    #[test]
    fn the_box_is_covered(width in 1u32..5000, height in 1u32..5000, resize in any_resize()) {
        let geometry = solve(width, height, Resize { enlarge: true, reduce: true, ..resize });
        if let (Some(w), Some(h)) = (resize.width, resize.height) {
            match resize.fit {
                Fit::Cover | Fit::Contain | Fit::Fill => prop_assert_eq!(geometry.output, (w, h)),
                Fit::Inside => prop_assert!(geometry.output.0 <= w && geometry.output.1 <= h
                    && (geometry.output.0 == w || geometry.output.1 == h)),
                Fit::Outside => prop_assert!(geometry.output.0 >= w && geometry.output.1 >= h
                    && (geometry.output.0 == w || geometry.output.1 == h)),
            }
        }
    }

    #[test]
    fn the_aspect_ratio_is_kept_within_half_a_pixel(width in 1u32..5000, height in 1u32..5000, resize in any_resize()) {
        prop_assume!(resize.fit != Fit::Fill);
        let geometry = solve(width, height, resize);
        let (w, h) = (f64::from(geometry.scaled.0), f64::from(geometry.scaled.1));
        let (scale_x, scale_y) = (w / geometry.window.width, h / geometry.window.height);
        // One of the two scales is the exact one; the other side is that side's exact length, rounded, or 1.
        let holds = |scale: f64| {
            let near = |exact: f64, actual: f64| (exact - actual).abs() <= 0.5 + 1e-6 || (exact < 1.0 && actual == 1.0);
            near(geometry.window.width * scale, w) && near(geometry.window.height * scale, h)
        };
        prop_assert!(holds(scale_x) || holds(scale_y), "{:?}", geometry);
    }

    #[test]
    fn turning_the_file_turns_nothing_in_the_output(
        width in 1u32..3000, height in 1u32..3000, tag in 1u8..=8, resize in any_resize(),
    ) {
        let plan = Plan::new().with_resize(resize);
        let stored = Orientation::from_exif(tag).inverse().size((width, height));
        let turned = Geometry::solve(&info(stored.0, stored.1, tag), &plan).unwrap();
        let upright = Geometry::solve(&info(width, height, 1), &plan).unwrap();
        prop_assert_eq!(turned.output, upright.output);
        prop_assert_eq!(turned.canvas, upright.canvas);
        prop_assert_eq!(turned.scaled, Orientation::from_exif(tag).size(upright.scaled));
    }
}
