use super::*;

/// Figures of sharp 0.35.5, whose Laplacian has the precision of 32-bit floats.
#[test]
fn figures_are_sharps() {
    let rgba = stats(
        include_bytes!("../../tests/images/rgba.png"),
        Tolerate::Truncated,
        &Limits::default(),
    )
    .unwrap();
    let [red, .., alpha] = &rgba.channels[..] else {
        panic!("{rgba:?}");
    };
    assert_eq!(
        (red.min, red.max, red.sum, red.squares_sum),
        (20, 255, 829_475, 118_387_823)
    );
    assert_eq!((red.min_x, red.min_y, red.max_x, red.max_y), (17, 45, 65, 9));
    close(red.mean, 120.005_063_657_407_4, 1e-9);
    close(red.stdev, 52.221_136_961_311_46, 1e-9);
    assert_eq!(
        (alpha.min, alpha.max, alpha.sum, alpha.squares_sum),
        (0, 255, 1_030_656, 246_929_840)
    );
    assert!(!rgba.is_opaque);
    close(rgba.entropy, 6.234_436_556_929_722, 0.001);
    close(rgba.sharpness, 8.015_584_246_413_004, 0.001);
    assert_eq!(rgba.dominant, Dominant { r: 104, g: 152, b: 232 });

    let grey = stats(
        include_bytes!("../../tests/images/grey.png"),
        Tolerate::Truncated,
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(grey.channels.len(), 1);
    assert!(grey.is_opaque);
    close(grey.entropy, 6.372_317_259_665_579, 1e-6);
    close(grey.sharpness, 8.646_662_743_447_921, 1e-4);
    assert_eq!(grey.dominant, Dominant { r: 152, g: 152, b: 152 });

    let lines = stats(
        include_bytes!("../../tests/images/lines.png"),
        Tolerate::Truncated,
        &Limits::default(),
    )
    .unwrap();
    assert_eq!((lines.channels[1].min_x, lines.channels[1].max_x), (1, 0));
    close(lines.entropy, 0.918_295_800_685_882_6, 1e-6);
    close(lines.sharpness, 39.652_667_387_167_8, 1e-4);
    assert_eq!(lines.dominant, Dominant { r: 8, g: 8, b: 8 });
}

fn close(actual: f64, expected: f64, by: f64) {
    assert!((actual - expected).abs() <= by, "{actual}, expected {expected}");
}

#[test]
fn names_are_sharps() {
    let stats = stats(
        include_bytes!("../../tests/images/grey.png"),
        Tolerate::Truncated,
        &Limits::default(),
    )
    .unwrap();
    let json = serde_json::to_value(&stats).unwrap();
    assert!(json["isOpaque"].as_bool().unwrap());
    assert!(json["dominant"]["r"].is_u64());
    for name in [
        "min",
        "max",
        "sum",
        "squaresSum",
        "mean",
        "stdev",
        "minX",
        "minY",
        "maxX",
        "maxY",
    ] {
        assert!(json["channels"][0][name].is_number(), "{name}");
    }
}

#[test]
fn limits_hold_in_both_directions() {
    let rgb = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    let pixels = |pixels| Limits::new().with_pixels(pixels);
    stats(rgb, Tolerate::Truncated, &pixels(64 * 48)).unwrap();
    assert_eq!(
        stats(rgb, Tolerate::Truncated, &pixels(64 * 48 - 1))
            .unwrap_err()
            .code(),
        "LIMIT_PIXELS"
    );
    assert_eq!(
        stats(b"", Tolerate::Truncated, &Limits::default()).unwrap_err().code(),
        "NOT_AN_IMAGE"
    );
}

#[test]
fn one_pixel_has_no_deviation() {
    let budget = Budget::new(&Limits::default());
    let mut collector = Collector::new(&budget).unwrap();
    collector.begin(&Frame::still(Layout::GreyAlpha, 1, 1)).unwrap();
    collector.row(0, &[77, 255]).unwrap();
    let stats = collector.finish().unwrap();
    assert_eq!(
        (stats.channels[0].stdev, stats.sharpness, stats.entropy),
        (0.0, 0.0, 0.0)
    );
    assert!(stats.is_opaque);
    assert_eq!(stats.dominant, Dominant { r: 72, g: 72, b: 72 });
}
