use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::super::fonts::Fonts;
use super::super::{DENSITY, open_with};
use crate::budget::Budget;
use crate::decode::testing::{self, run};
use crate::error::Result;
use crate::limits::Limits;
use crate::request::Tolerate;

/// `Blocks`: A is the whole em, B its lower half, C its left half; Blocks Bold has A only, a square of half the size.
fn fonts() -> Option<&'static Fonts> {
    static FONTS: LazyLock<Option<Fonts>> =
        LazyLock::new(|| Fonts::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fonts").as_ref()));
    FONTS.as_ref()
}

fn svg(content: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30' font-size='10'>{content}</svg>")
}

fn attempt(content: &str, limits: &Limits) -> Result<(Vec<u8>, Vec<String>)> {
    let text = svg(content);
    let (sink, warnings) = run(
        |bytes| open_with(bytes, DENSITY, fonts, &Budget::new(&Limits::default())),
        text.as_bytes(),
        &testing::request(Tolerate::None, false),
        limits,
    )?;
    Ok((sink.pixels().to_vec(), warnings))
}

/// The bounds of what is opaque: left, top, right, bottom.
fn bounds(content: &str) -> Option<[usize; 4]> {
    let (pixels, warnings) = attempt(content, &Limits::default()).unwrap_or_else(|error| panic!("{content}: {error}"));
    assert_eq!(warnings, Vec::<String>::new(), "{content}");
    let opaque = (0..1200)
        .filter(|at| pixels[at * 4 + 3] > 127)
        .map(|at| (at % 40, at / 40));
    opaque.fold(None, |bounds, (x, y)| {
        let [left, top, right, bottom] = bounds.unwrap_or([x, y, x + 1, y + 1]);
        Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
    })
}

fn warnings(content: &str) -> Vec<String> {
    attempt(content, &Limits::default()).unwrap().1
}

#[test]
fn text_is_drawn_with_the_fonts_of_the_host() {
    for (content, expected) in [
        ("<text x='5' y='20'>A</text>", [5, 10, 15, 20]),
        ("<text x='5' y='20'>BB</text>", [5, 15, 25, 20]),
        ("<text x='5' y='20'>\n  B\n  <tspan>B</tspan>\n</text>", [5, 15, 35, 20]),
        ("<text x='5' y='20' xml:space='preserve'> B</text>", [15, 15, 25, 20]),
        ("<text x='5' y='20' style='white-space:pre'> B</text>", [15, 15, 25, 20]),
        ("<text x='5 25' y='20'>BB</text>", [5, 15, 35, 20]),
        ("<text x='20' y='20' text-anchor='middle'>AA</text>", [10, 10, 30, 20]),
        ("<text x='5' y='20' font-weight='600'>A</text>", [5, 15, 10, 20]),
        (
            "<text x='5' y='20' style='font:bold 20px/1.2 Blocks'>A</text>",
            [5, 10, 15, 20],
        ),
        (
            "<style>text{font-size:20px}</style><text x='5' y='20'>A</text>",
            [5, 0, 25, 20],
        ),
        // No such font: any; a character that its weight lacks: from another one.
        ("<text x='5' y='20' font-family='Nowhere'>A</text>", [5, 10, 15, 20]),
        ("<text x='5' y='20' font-weight='bold'>B</text>", [5, 15, 15, 20]),
        ("<text x='5' y='20'><a href='x'>A</a></text>", [5, 10, 15, 20]),
        (
            "<defs><text id='t' x='5' y='20'>A</text></defs><use href='#t' x='10'/>",
            [15, 10, 25, 20],
        ),
        (
            "<g transform='translate(5 5)'><text y='10' textLength='30'>AAA</text></g>",
            [5, 5, 35, 15],
        ),
        (
            "<path id='p' d='M5 20H40' fill='none'/><text><textPath href='#p'>A</textPath></text>",
            [5, 10, 15, 20],
        ),
        (
            "<clipPath id='c'><text x='5' y='20'>A</text></clipPath><rect width='40' height='30' clip-path='url(#c)'/>",
            [5, 10, 15, 20],
        ),
        (
            "<mask id='m'><text x='5' y='20' fill='#fff'>A</text></mask><rect width='40' height='30' mask='url(#m)'/>",
            [5, 10, 15, 20],
        ),
        (
            "<pattern id='q' width='40' height='30' patternUnits='userSpaceOnUse'><text x='5' y='20'>A</text></pattern>\
          <rect width='40' height='30' fill='url(#q)'/>",
            [5, 10, 15, 20],
        ),
        (
            "<marker id='m' overflow='visible' markerUnits='userSpaceOnUse'><text y='10'>A</text></marker>\
          <path d='M5 10h1' marker-start='url(#m)'/>",
            [5, 10, 15, 20],
        ),
        (
            "<filter id='f'><feOffset dx='5'/></filter><text y='20' filter='url(#f)'>A</text>",
            [5, 10, 11, 20], // what lies in the region of the filter
        ),
        (
            "<text x='5' y='20' stroke='#000' stroke-width='2'>A</text>",
            [4, 9, 16, 21],
        ),
    ] {
        assert_eq!(bounds(content), Some(expected), "{content}");
    }
    for nothing in [
        "<text y='9'> </text>",
        "<tspan>A</tspan>",
        "<text y='9' font-size='0'>A</text>",
        "<text y='-9'>A</text>",
    ] {
        assert_eq!(bounds(nothing), None, "{nothing}");
    }
}

#[test]
fn what_text_lacks_is_said() {
    let left_out = |what: &str| vec![format!("left out of the drawing: {what}")];
    for (content, what) in [
        ("<text y='20'>Aé</text>", "characters that no font has"),
        (
            "<text y='20' style='text-transform:uppercase'>A</text>",
            "text in other letters",
        ),
        (
            "<style>@font-face{font-family:x}</style><text y='20'>A</text>",
            "fonts of the drawing",
        ),
        ("<text x='2e6' y='20'>A</text>", "text too large or too far away"),
        (
            "<mask id='m'><text><textPath href='#p'>A</textPath></text></mask>",
            "text along paths",
        ),
        (
            "<filter id='f'><feOffset/></filter><text y='20' filter='url(#f)'>x</text>",
            "characters that no font has",
        ),
    ] {
        assert_eq!(warnings(content), left_out(what), "{content}");
    }
}

#[test]
fn text_that_would_take_long_is_refused_before_it_is_laid_out() {
    let spans = |count: usize| format!("<text y='20'>{}</text>", "<tspan fill='red'>A</tspan>".repeat(count));
    let along = |segments: usize, words: usize| {
        let path = "q5 5 10 0".repeat(segments);
        format!(
            "<path id='p' d='M0 9{path}'/><text><textPath href='#p'>{}</textPath></text>",
            "A".repeat(words)
        )
    };
    let zoomed = |scale: &str| format!("<g transform='scale({scale})'>{}</g>", along(1, 3));
    let used = |times: usize| {
        let uses = "<use href='#t'/>".repeat(times);
        format!("<defs><text id='t'>{}</text></defs>{uses}", "A".repeat(2000))
    };
    for bomb in [
        format!("<text y='20'>{}</text>", "A".repeat(10_000_000)),
        spans(100_000),
        format!(
            "<text y='20'>{}</text>",
            "<tspan>".repeat(200) + &"A".repeat(30_000) + &"</tspan>".repeat(200)
        ),
        format!("<text x='{}' y='20'>{}</text>", "1 ".repeat(40_000), "A".repeat(40_000)),
        along(100_000, 1000),
        used(200),
        zoomed("1e9"),
        format!("<g transform='scale(1e4)'>{}</g>", zoomed("1e4")),
        format!("<svg viewBox='0 0 1e-6 1e-6'>{}</svg>", along(1, 3)),
    ] {
        let started = Instant::now();
        let error = attempt(&bomb, &Limits::default()).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "LIMIT_DRAWING", "{:.60}", bomb);
        assert!(
            started.elapsed().as_secs() < 5,
            "{:.60} took {:?}",
            bomb,
            started.elapsed()
        );
    }
    for harmless in [spans(300), along(100, 100), zoomed("50"), used(5)] {
        attempt(&harmless, &Limits::default()).unwrap();
    }
}

#[test]
fn text_keeps_the_deadline() {
    let text = format!("<text y='20'>{}</text>", "A".repeat(10_000)).repeat(3);
    for milliseconds in [0, 20, 100] {
        let limits = Limits::new().with_deadline(Duration::from_millis(milliseconds));
        let started = Instant::now();
        if let Err(error) = attempt(&text, &limits) {
            assert_eq!(error.code(), "DEADLINE");
        }
        assert!(started.elapsed().as_millis() < 1500, "{:?}", started.elapsed());
    }
}

#[test]
fn text_of_any_size_ends_in_a_picture_or_an_error() {
    for at in ["1e5", "1e6", "1e9", "1e30", "-1e9", "1e-30", "NaN"] {
        for content in [
            format!("<text x='{at}' y='20' stroke='red'>A</text>"),
            format!("<text y='20' font-size='{at}' stroke='red' stroke-dasharray='1'>A</text>"),
            format!("<text y='20' letter-spacing='{at}' word-spacing='{at}' dx='{at} {at}'>A A</text>"),
            format!("<text y='20' textLength='{at}' rotate='{at}'>A A</text>"),
            format!("<text y='20' textLength='{at}' lengthAdjust='spacingAndGlyphs' stroke='red'>A A</text>"),
            format!("<path id='p' d='M0 9H{at}'/><text><textPath href='#p' startOffset='{at}'>A</textPath></text>"),
            format!("<text y='20' baseline-shift='{at}' transform='scale({at})'>A</text>"),
        ] {
            if let Err(error) = attempt(&content, &Limits::default()) {
                assert!(
                    matches!(error.code(), "LIMIT_DRAWING" | "BAD_INPUT"),
                    "{content}: {error}"
                );
            }
        }
    }
}
