use super::*;
use crate::decode::testing::{self, run};
use crate::limits::Limits;
use crate::request::Tolerate;

fn svg(attributes: &str, content: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{content}</svg>"#
    )
}

fn opened(bytes: &[u8], density: f64) -> Result<Opened<'_>> {
    open(bytes, density, &Budget::new(&Limits::default()))
}

fn size(attributes: &str, density: f64) -> Result<(u32, u32)> {
    let rect = r#"<rect width="10" height="10" fill="red"/>"#;
    opened(svg(attributes, rect).as_bytes(), density).map(|opened| opened.size())
}

pub(super) fn draw(content: &str, limits: &Limits) -> Result<Vec<u8>> {
    let text = svg(r#"width="40" height="30""#, content);
    let (sink, _) = run(
        |bytes| opened(bytes, DENSITY),
        text.as_bytes(),
        &testing::request(Tolerate::None, false),
        limits,
    )?;
    Ok(sink.pixels().to_vec())
}

/// The pixels of a whole file.
pub(super) fn pixels(text: &str) -> Vec<u8> {
    let request = testing::request(Tolerate::None, false);
    let (sink, _) = run(
        |bytes| opened(bytes, DENSITY),
        text.as_bytes(),
        &request,
        &Limits::default(),
    )
    .unwrap();
    sink.pixels().to_vec()
}

pub(super) fn error_of(text: &str, limits: &Limits) -> Error {
    let request = testing::request(Tolerate::None, false);
    let drawn = run(|bytes| opened(bytes, DENSITY), text.as_bytes(), &request, limits);
    drawn.expect_err("an error")
}

#[test]
fn sizes_are_librsvgs() {
    // As sharp 0.35 has it.
    for (attributes, density, expected) in [
        (r#"width="1in" height="2cm""#, 72.0, (72, 57)),
        (r#"width="1in" height="2cm""#, 144.0, (288, 227)),
        (r#"width="40.4" height="40.6""#, 72.0, (40, 41)),
        (r#"width="40" height="30""#, 100.0, (56, 42)),
        (r#"viewBox="0 0 30 20""#, 72.0, (30, 20)),
        (r#"width="50" viewBox="0 0 30 20""#, 72.0, (50, 33)),
        (r#"width="100%" height="100%" viewBox="0,0 33 20""#, 72.0, (33, 20)),
        (r#"width="50%" height="50%" viewBox="0 0 33 20""#, 72.0, (33, 20)),
        (r#"width="2em" height="10pt""#, 72.0, (24, 10)),
        (r#"width="1e1" height="1.5e+1px""#, 72.0, (10, 15)),
        ("", 72.0, (10, 10)),
    ] {
        assert_eq!(
            size(attributes, density).unwrap(),
            expected,
            "{attributes} at {density}"
        );
    }
    for attributes in [
        r#"width="0.3" height="0.3""#,
        r#"width="0" height="10""#,
        r#"width="-5" height="10""#,
    ] {
        assert_eq!(size(attributes, 72.0).unwrap_err().code(), "BAD_INPUT", "{attributes}");
    }
}

#[test]
fn colours_are_not_premultiplied() {
    let pixels = draw(
        r#"<rect width="40" height="30" fill="rgb(200,100,50)" opacity="0.5"/>"#,
        &Limits::default(),
    );
    let pixels = pixels.unwrap();
    assert_eq!(pixels.len(), 40 * 30 * 4);
    for (actual, expected) in pixels[..4].iter().zip([200u8, 100, 50, 128]) {
        assert!(actual.abs_diff(expected) <= 1, "{:?}", &pixels[..4]);
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let doubling = |levels: usize| {
        let uses = |i: usize| format!(r##"<use xlink:href="#g{i}"/>"##).repeat(10);
        let groups: String = (1..levels)
            .map(|i| format!(r#"<g id="g{i}">{}</g>"#, uses(i - 1)))
            .collect();
        format!(
            r#"<defs><g id="g0"><path d="M0 0h9v9z"/></g>{groups}</defs>{}"#,
            uses(levels - 1)
        )
    };
    let masks = |levels: usize| {
        let rects = |i: usize| format!(r#"<rect width="9" height="9" mask="url(#m{i})"/>"#).repeat(10);
        (1..levels)
            .map(|i| format!(r#"<mask id="m{i}">{}</mask>"#, rects(i - 1)))
            .collect::<String>()
            + &rects(levels - 1)
    };
    let styled = |levels: usize| {
        let css: String = (0..levels).map(|i| format!(".c{i}{{mask:url('#m{i}')}}")).collect();
        let rects = |i: usize| format!(r#"<rect width="9" height="9" class="c{i}"/>"#).repeat(10);
        let all: String = (1..levels)
            .map(|i| format!(r#"<mask id="m{i}">{}</mask>"#, rects(i - 1)))
            .collect();
        format!("<style>{css}</style>{all}{}", rects(levels - 1))
    };
    let chain = |length: usize| {
        let masks: String = (0..length)
            .map(|i| {
                format!(
                    r#"<mask id="m{i}" mask="url(#m{})"><rect width="9" height="9"/></mask>"#,
                    i + 1
                )
            })
            .collect();
        format!(r#"{masks}<rect width="9" height="9" mask="url(#m0)"/>"#)
    };
    let markers = format!(
        r#"<marker id="m"><g>{}</g></marker><path marker-mid="url(#m)" d="M0 0{}"/>"#,
        r#"<rect width="1" height="1"/>"#.repeat(1000),
        "h1".repeat(1000)
    );
    // Lines all over the picture: each has to be sorted past all others.
    let criss_cross = |lines: i32| {
        let line = |i: i32| format!("L{} {}", i * 7919 % 40, i % 2 * 30);
        format!(r#"<path d="M0 0{}"/>"#, (0..lines).map(line).collect::<String>())
    };
    let rules = |count: usize| {
        let rule = |i: usize| format!("g g .c{i}>rect{{fill:red}}");
        let css: String = (0..count).map(rule).collect();
        let groups = r#"<g><g><g class="a"><rect width="9" height="9"/></g></g></g>"#.repeat(count / 10);
        format!("<style>{css}</style>{groups}")
    };
    let bombs = [
        criss_cross(100_000),
        rules(20_000),
        doubling(9),
        masks(9),
        styled(9),
        chain(400),
        markers,
        "<g>".repeat(1000) + &"</g>".repeat(1000),
        r##"<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>"##.into(),
        // A tile of a million pixels squared.
        r#"<pattern id="p" width="1e6" height="1e6" patternUnits="userSpaceOnUse"><rect width="9" height="9"/></pattern>
           <rect width="40" height="30" fill="url(#p)"/>"#
            .into(),
        r#"<filter id="f"><feMorphology operator="dilate" radius="20000"/></filter>
           <rect width="40" height="30" filter="url(#f)"/>"#
            .into(),
    ];
    for (i, bomb) in bombs.iter().enumerate() {
        let started = std::time::Instant::now();
        let Err(error) = draw(bomb, &Limits::default()) else {
            panic!("{i} is drawn, in {:?}", started.elapsed());
        };
        assert!(
            matches!(error.code(), "BAD_INPUT" | "LIMIT_DRAWING" | "LIMIT_MEMORY"),
            "{i}: {error}"
        );
        assert!(started.elapsed().as_secs() < 5, "{i} took {:?}", started.elapsed());
    }
    // The same in small.
    for harmless in [
        criss_cross(1000),
        rules(100),
        doubling(3),
        masks(3),
        styled(3),
        chain(20),
    ] {
        draw(&harmless, &Limits::default()).unwrap();
    }
}

#[test]
fn patterns_that_fill_themselves_by_inheritance_are_refused() {
    for (paint, content) in [
        ("fill='url(#p)'", "<rect width='2' height='2'/>"),
        ("style='stroke:url(#p)'", "<g><path d='M0 0h2'/></g>"),
        ("fill='url(#p)'", "<g fill='inherit'><use href='#r'/></g>"),
    ] {
        let pattern = format!("<pattern id='p' width='4' height='4' patternUnits='userSpaceOnUse'>{content}</pattern>");
        let shapes = "<defs><rect id='r' width='3' height='3'/></defs><rect width='9' height='9'/>";
        let text = svg(
            &format!("width='40' height='30' {paint}"),
            &format!("{pattern}{shapes}"),
        );
        assert_eq!(error_of(&text, &Limits::default()).code(), "BAD_INPUT", "{text}");
        // What says itself how it is filled does not inherit.
        let own = text.replace("<rect width='2'", "<rect fill='red' stroke='none' width='2'");
        if own != text {
            assert_eq!(pixels(&own)[..4], [255, 0, 0, 255]);
        }
    }
}

#[test]
fn limits_hold_in_both_directions() {
    let rect = r#"<rect width="40" height="30" fill="red"/>"#;
    let pixels = |pixels| Limits::new().with_pixels(pixels);
    draw(rect, &pixels(1200)).unwrap();
    assert_eq!(draw(rect, &pixels(1199)).unwrap_err().code(), "LIMIT_PIXELS");
    let memory = |memory| Limits::new().with_memory(memory);
    draw(rect, &memory(20_000)).unwrap();
    assert_eq!(draw(rect, &memory(4_799)).unwrap_err().code(), "LIMIT_MEMORY");
    let late = Limits::new().with_deadline(std::time::Duration::ZERO);
    assert_eq!(draw(rect, &late).unwrap_err().code(), "DEADLINE");
}

#[test]
fn nothing_is_loaded_and_what_is_left_out_is_said() {
    let text = svg(
        r#"width="4" height="3""#,
        r#"<image href="/etc/hostname" width="4" height="3"/><text>hello</text>"#,
    );
    let request = testing::request(Tolerate::None, false);
    let (sink, warnings) = run(
        |bytes| opened(bytes, DENSITY),
        text.as_bytes(),
        &request,
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(sink.pixels(), [0; 48]);
    assert_eq!(warnings, ["left out of the drawing: pictures and text"]);
}

#[test]
fn damage_gives_an_error_or_a_picture() {
    let text = svg(
        r#"width="40" height="30""#,
        r##"<g id="a" transform="rotate(9)"><circle cx="9" cy="9" r="8" style="fill:url(#b);opacity:.5"/></g>
           <linearGradient id="b"><stop offset="0" stop-color="red"/></linearGradient><use href="#a" x="9"/>"##,
    );
    testing::survives_damage(|bytes| opened(bytes, DENSITY), text.as_bytes());
}

/// The colours of a whole file at these places, without tolerance for warnings.
fn colours(file: &[u8], places: &[(usize, usize)]) -> Vec<[u8; 4]> {
    let request = testing::request(Tolerate::None, false);
    let (sink, warnings) = run(|bytes| opened(bytes, DENSITY), file, &request, &Limits::default()).unwrap();
    assert_eq!(warnings, Vec::<String>::new());
    let width = opened(file, DENSITY).unwrap().size().0 as usize;
    let at = |(x, y): &(usize, usize)| *sink.pixels()[(y * width + x) * 4..].first_chunk().unwrap();
    places.iter().map(at).collect()
}

#[test]
fn drawings_of_today_are_drawn_as_browsers_do() {
    const RED: [u8; 4] = [255, 0, 0, 255];
    const BLUE: [u8; 4] = [0, 0, 255, 255];
    const NONE: [u8; 4] = [0; 4];
    let size = r#"width="200" height="50""#;
    for (file, places, expected) in [
        // The second child is a rectangle: the style sheet is the first one.
        (
            svg(
                size,
                r#"<style>.a{fill:red} @media (prefers-color-scheme: dark){.a{fill:lime}} rect:nth-child(3){fill:blue}</style>
                   <rect class="a" width="50" height="50"/><rect x="100" width="50" height="50"/>"#,
            ),
            [(25, 25), (75, 25), (125, 25)],
            [RED, NONE, BLUE],
        ),
        (
            svg(
                r#"width="200" height="50" style="--c:red""#,
                r#"<rect width="50" height="50" style="fill:var(--c)"/>
                   <rect x="100" width="50" height="50" fill="var(--d, blue)"/>"#,
            ),
            [(25, 25), (75, 25), (125, 25)],
            [RED, NONE, BLUE],
        ),
        (
            svg(
                size,
                r#"<rect width="50" height="50" style="fill:rgb(255 0 0 / 100%)"/>
                   <rect width="50" height="50" style="fill:color(display-p3 0 0 1);transform:translate(100px)"/>"#,
            ),
            [(25, 25), (75, 25), (125, 25)],
            [RED, NONE, BLUE],
        ),
    ] {
        assert_eq!(colours(file.as_bytes(), &places), expected, "{file}");
    }
    // A filter's primitive draws within its own region, by default that of what it takes.
    for (units, primitives) in [
        ("", "<feOffset dx='10' x='0' width='50'/>"),
        (
            "",
            "<feFlood flood-color='red' width='40' height='50'/><feOffset dx='10'/>",
        ),
        (
            "primitiveUnits='objectBoundingBox'",
            "<feFlood flood-color='red'/><feOffset dx='.05' x='0' width='.25' y='0' height='1'/>",
        ),
        (
            "primitiveUnits='objectBoundingBox'",
            "<feFlood flood-color='red' x='0' y='0' width='.25' height='1' result='a'/><feMerge><feMergeNode in='a'/></feMerge>",
        ),
    ] {
        let file = svg(
            size,
            &format!(
                "<filter id='f' {units} x='0' y='0' width='1' height='1'>{primitives}</filter>
                 <rect width='200' height='50' fill='red' filter='url(#f)'/>"
            ),
        );
        assert_eq!(
            colours(file.as_bytes(), &[(30, 25), (55, 25), (125, 25)]),
            [RED, NONE, NONE],
            "{file}"
        );
    }
    // Tiles have the colours of what they are made of, in whatever space that is.
    let tiles = svg(
        size,
        "<filter id='f' x='0' y='0' width='1' height='1'><feOffset x='0' y='0' width='20' height='10' result='a'/>
         <feFlood/><feTile in='a'/></filter><rect width='200' height='50' fill='#bcbcbc' filter='url(#f)'/>",
    );
    assert_eq!(
        colours(tiles.as_bytes(), &[(10, 5), (55, 25), (125, 45)]),
        [[0xbc, 0xbc, 0xbc, 255]; 3]
    );
    let latin =
        b"<?xml version='1.0' encoding='ISO-8859-1'?><svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'>\
        <title>caf\xe9</title><rect width='10' height='20' fill='red'/></svg>";
    assert_eq!(colours(latin, &[(5, 5), (15, 5)]), [RED, NONE]);
}

#[test]
fn coordinates_of_any_size_end_in_a_picture() {
    let path = r#"<path d="M52 -1e30L90 90L10 50z"/>"#;
    let text = svg(r#"viewBox="0 0 100 100""#, path);
    assert_eq!(
        colours(text.as_bytes(), &[(60, 60), (95, 10)]),
        [[0, 0, 0, 255], [0; 4]]
    );
}

#[test]
fn heavy_texts_are_refused_at_once() {
    let attributes: String = (0..50_000).map(|i| format!("a{i}='' ")).collect();
    let declarations = "fill:red;".repeat(60_000);
    let heavy = [format!("<rect {attributes}/>"), "<g>".repeat(300)];
    for content in &heavy {
        let started = std::time::Instant::now();
        let text = svg(r#"width="40" height="30""#, content);
        assert_eq!(opened(text.as_bytes(), DENSITY).unwrap_err().code(), "LIMIT_DRAWING");
        assert!(started.elapsed().as_secs() < 2);
    }
    let started = std::time::Instant::now();
    let rect = format!("<rect width='40' height='30' style='{declarations}'/>");
    assert_eq!(draw(&rect, &Limits::default()).unwrap()[..4], [255, 0, 0, 255]);
    assert!(started.elapsed().as_secs() < 2);
    // Opening looks at the deadline too.
    let late = Budget::new(&Limits::new().with_deadline(std::time::Duration::ZERO));
    let text = svg(r#"width="40" height="30""#, "");
    assert_eq!(open(text.as_bytes(), DENSITY, &late).unwrap_err().code(), "DEADLINE");
}
