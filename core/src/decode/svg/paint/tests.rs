use super::super::tests::draw;
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
    let pixels = |data: &str| draw(&format!("<path d='{data}'/>"), &Limits::default()).unwrap();
    let (near, far) = (pixels(near), pixels(far));
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
fn layers_are_booked() {
    let layers = |count: usize| {
        let groups = "<g opacity='.5'>".repeat(count) + "<rect width='40' height='30'/>" + &"</g>".repeat(count);
        draw(&groups, &Limits::new().with_memory(60_000))
    };
    layers(2).unwrap();
    assert_eq!(layers(30).unwrap_err().code(), "LIMIT_MEMORY");
}
