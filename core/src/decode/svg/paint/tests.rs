use super::super::tests::{draw, error_of, pixels};
use crate::limits::Limits;

/// Whether the pixel at this place of a drawing of 40×30 is opaque.
fn opaque(pixels: &[u8], x: usize, y: usize) -> bool {
    pixels[(y * 40 + x) * 4 + 3] == 255
}

#[test]
fn what_reaches_far_is_cut_off_at_the_canvas() {
    let far = ["1e5", "1e6", "1e9", "1e20", "1e30", "3e38"];
    for at in far {
        for (shape, inside, outside) in [
            // The half to the left of a line that starts in the canvas and ends far below it.
            (format!("<path d='M20 0L20 {at}L0 {at}L0 0z'/>"), (10, 15), (30, 15)),
            (format!("<path d='M20 -{at}V{at}H-{at}V-{at}z'/>"), (10, 15), (30, 15)),
            (
                format!("<rect x='-{at}' y='5' width='{at}' height='9'/><rect width='20' height='30'/>"),
                (10, 2),
                (30, 9),
            ),
            // A curve that leaves and comes back.
            (format!("<path d='M0 5C{at} 5 {at} 25 0 25z'/>"), (10, 15), (20, 2)),
            (
                format!("<path d='M0 15H{at}' stroke='red' stroke-width='10'/>"),
                (30, 15),
                (30, 3),
            ),
            (
                format!("<circle r='{at}' cx='20' cy='-{at}'/><rect width='9' height='9'/>"),
                (3, 3),
                (20, 20),
            ),
        ] {
            let pixels = draw(&shape, &Limits::default()).unwrap_or_else(|error| panic!("{shape}: {error}"));
            assert!(opaque(&pixels, inside.0, inside.1), "{shape}");
            assert!(!opaque(&pixels, outside.0, outside.1), "{shape}");
        }
    }
}

#[test]
fn cut_paths_are_drawn_as_whole_ones() {
    // The same shape with and without a point that is beyond what is drawn in one piece.
    let near = "M5 5C5 20 30 20 35 5L35 60L5 60z";
    let far = "M5 5C5 20 30 20 35 5L35 200000L5 200000z";
    let of = |data: &str| draw(&format!("<path d='{data}'/>"), &Limits::default()).unwrap();
    let (near, far) = (of(near), of(far));
    let differs = near.iter().zip(&far).filter(|(a, b)| a.abs_diff(**b) > 24).count();
    assert!(differs < 4, "{differs} samples differ");
}

#[test]
fn filters_get_bounded_numbers() {
    let within = |filter: &str, shape: &str| {
        let content = format!("<filter id='f'>{filter}</filter><g filter='url(#f)'>{shape}</g>");
        draw(&content, &Limits::default())
    };
    let rect = "<rect width='9' height='9'/>";
    for (filter, shape) in [
        ("<feGaussianBlur stdDeviation='1e30'/>", rect),
        ("<feOffset dx='1e30'/>", rect),
        ("<feGaussianBlur/>", "<path d='M0 0L1e7 0L0 9z'/>"),
        ("<feTurbulence baseFrequency='1e9'/>", rect),
    ] {
        let error = within(filter, shape).unwrap_err();
        assert_eq!(error.code(), "LIMIT_DRAWING", "{filter}: {error}");
    }
    let pixels = within("<feGaussianBlur stdDeviation='2'/>", rect).unwrap();
    assert!(pixels[3] > 0);
}

#[test]
fn filters_of_what_is_skewed_flat_are_refused() {
    // resvg would filter a layer of 4·10⁸ pixels, for a canvas of 1400.
    let flat = include_str!("../../../../tests/drawings/saved/filter-of-what-is-skewed-flat.svg");
    assert_eq!(error_of(flat, &Limits::default()).code(), "LIMIT_DRAWING");
    // Turned and skewed as drawings are.
    let turned = "<filter id='f'><feOffset/></filter><g filter='url(#f)' transform='rotate(30) skewX(40)'>\
        <rect x='9' width='19' height='9'/></g>";
    assert!(opaque(&draw(turned, &Limits::default()).unwrap(), 15, 12));
}

#[test]
fn filters_that_take_longer_than_there_is_time_are_refused_before_they_begin() {
    let text = |side: u32| {
        let primitives = "<feTurbulence numOctaves='9'/>".repeat(9);
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{side}' height='{side}'><filter id='f'>{primitives}</filter>\
             <rect width='100%' height='100%' filter='url(#f)'/></svg>"
        )
    };
    let limits = Limits::new().with_deadline(std::time::Duration::from_millis(500));
    assert_eq!(error_of(&text(500), &limits).code(), "DEADLINE");
    let started = std::time::Instant::now();
    assert_eq!(error_of(&text(4000), &Limits::default()).code(), "LIMIT_DRAWING");
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn layers_are_booked() {
    let layers = |count: usize| {
        let groups = "<g opacity='.5'>".repeat(count) + "<rect width='40' height='30'/>" + &"</g>".repeat(count);
        draw(&groups, &Limits::new().with_memory(60_000))
    };
    layers(2).unwrap();
    assert_eq!(layers(30).unwrap_err().code(), "LIMIT_MEMORY");
}

#[test]
fn tiles_of_patterns_keep_their_distance() {
    // Tiles of 9.4 pixels, each with a bar.
    let pattern = "<pattern id='p' width='9.4' height='30' patternUnits='userSpaceOnUse'>\
        <rect width='4.7' height='30'/></pattern><rect width='40' height='30' fill='url(#p)'/>";
    let pixels = draw(pattern, &Limits::default()).unwrap();
    for (x, filled) in [(2, true), (7, false), (11, true), (30, true), (35, false), (39, true)] {
        let alpha = pixels[(15 * 40 + x) * 4 + 3];
        assert_eq!(alpha > 127, filled, "{x}: {alpha}");
    }
    // Tiles smaller than a pixel are drawn too.
    let tiny = pattern.replace("9.4", "0.4").replace("4.7", "0.4");
    assert!(opaque(&draw(&tiny, &Limits::default()).unwrap(), 20, 15));
}

#[test]
fn displacements_are_as_large_as_their_scale() {
    let content = "<filter id='f' x='0' y='0' width='1' height='1' color-interpolation-filters='sRGB'>\
        <feFlood flood-color='red' result='r'/><feDisplacementMap in='SourceGraphic' in2='r' scale='16' xChannelSelector='R' \
        yChannelSelector='A'/></filter><g filter='url(#f)'><rect width='40' height='30' fill='none'/>\
        <rect x='20' y='20' width='9' height='9'/></g>";
    let pixels = draw(content, &Limits::default()).unwrap();
    // Full red and alpha: half the scale from where a pixel is taken.
    assert!(opaque(&pixels, 14, 14) && opaque(&pixels, 19, 19));
    assert!(!opaque(&pixels, 10, 10) && !opaque(&pixels, 22, 22));
}

#[test]
fn the_background_of_the_outermost_element() {
    let svg = |style: &str| format!("<svg xmlns='http://www.w3.org/2000/svg' width='4' height='4' style='{style}'/>");
    for (style, expected) in [
        ("background:red", [255, 0, 0, 255]),
        ("background-color:rgb(0 0 255 / 50%)", [0, 0, 255, 128]),
        ("background:none", [0; 4]),
    ] {
        assert_eq!(pixels(&svg(style))[..4], expected, "{style}");
    }
}
