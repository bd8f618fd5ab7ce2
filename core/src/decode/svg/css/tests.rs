use super::super::plain;
use crate::budget::Budget;
use crate::limits::Limits;

/// The plain text of what is within the outermost element, and the warning.
fn plain(content: &str) -> (String, Option<String>) {
    let text = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" style="--c:red">{content}</svg>"#);
    let document = super::super::parse(&text).unwrap();
    let plain = plain::of(&document, None, 72.0, &Budget::new(&Limits::default())).unwrap();
    let inner = plain.text.split_once('>').unwrap().1.strip_suffix("</svg>").unwrap();
    (inner.to_owned(), plain.notes.warning())
}

/// The fills of the rectangles, in document order.
fn fills(content: &str) -> Vec<String> {
    let (text, warning) = plain(content);
    assert_eq!(warning, None, "{content}");
    let fill = |rect: &str| {
        let attributes = &rect[..rect.find('>').unwrap()];
        let value = attributes
            .split_once("fill=\"")
            .map_or("", |(_, rest)| rest.split_once('"').unwrap().0);
        value.to_owned()
    };
    text.split("<rect").skip(1).map(fill).collect()
}

#[test]
fn selectors_find_their_elements() {
    let content = |selector: &str| {
        format!(
            "<style>{selector}{{fill:red}}</style><g class='o p'><rect id='a' class='x'/><rect id='b' class='y x'/>\
             <circle/><rect id='c' data-k='one two' lang='en-GB'/></g><rect id='d'/>"
        )
    };
    for (selector, expected) in [
        ("rect", "abcd"),
        ("*", "abcd"),
        (".x", "ab"),
        (".x.y", "b"),
        ("#c", "c"),
        ("g rect", "abc"),
        ("g > .y", "b"),
        ("svg>rect", "d"),
        (":root rect", "abcd"),
        (":root > rect", "d"),
        (".o.p > #a + rect", "b"),
        ("#a ~ rect", "bc"),
        ("rect:first-child", "a"),
        ("rect:last-child", "cd"),
        ("rect:nth-child(2)", "b"),
        ("rect:nth-child(odd)", "ad"),
        ("rect:nth-child(2n)", "bc"),
        ("rect:nth-child(n+3)", "cd"),
        ("rect:nth-child(-n + 2)", "ab"),
        ("rect:nth-last-child(1)", "cd"),
        ("rect:nth-of-type(3)", "c"),
        ("rect:last-of-type", "cd"),
        ("rect:not(.x)", "cd"),
        ("rect:not(.x, #d)", "c"),
        (":is(.y, #d)", "bd"),
        (":where(g) rect:not(:first-child)", "bc"),
        ("[data-k]", "c"),
        ("[data-k~=two]", "c"),
        ("[lang|='en']", "c"),
        ("[id^='a'], [id$=d]", "ad"),
        ("[data-k*='e t']", "c"),
        ("rect:hover", ""),
        ("svg|rect", "abcd"),
        ("rect:only-child", ""),
    ] {
        let ids = ["a", "b", "c", "d"];
        let fills = fills(&content(selector));
        let found: String = ids
            .iter()
            .zip(&fills)
            .filter(|(_, fill)| *fill == "red")
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(found, expected, "{selector}");
    }
}

#[test]
fn the_strongest_declaration_counts() {
    for (content, expected) in [
        ("<rect fill='red'/>", "red"),
        ("<style>rect{fill:lime}</style><rect fill='red'/>", "lime"),
        ("<style>.a{fill:lime}rect{fill:blue}</style><rect class='a'/>", "lime"),
        ("<style>rect{fill:lime}rect{fill:blue}</style><rect/>", "blue"),
        ("<style>#i{fill:lime}</style><rect id='i' style='fill:blue'/>", "blue"),
        (
            "<style>rect{fill:lime!important}</style><rect style='fill:blue'/>",
            "lime",
        ),
        (
            "<style>:where(#i){fill:lime}rect{fill:blue}</style><rect id='i'/>",
            "blue",
        ),
        ("<style>rect{fill:lime;fill:rgb(1 2)}</style><rect/>", "lime"),
        ("<style>@media print{rect{fill:lime}}</style><rect fill='red'/>", "red"),
        (
            "<style>@media (prefers-color-scheme: dark){rect{fill:lime}}</style><rect fill='red'/>",
            "red",
        ),
        (
            "<style>@media screen{rect{fill:lime}}</style><rect fill='red'/>",
            "lime",
        ),
        (
            "<style>@font-face{font-family:x}/* rect{} */rect{fill:lime}</style><rect/>",
            "lime",
        ),
        ("<style><![CDATA[rect{fill:lime}]]></style><rect/>", "lime"),
    ] {
        assert_eq!(fills(content), [expected], "{content}");
    }
}

#[test]
fn variables_are_inherited_and_have_fallbacks() {
    for (content, expected) in [
        ("<rect style='fill:var(--c)'/>", "red"),
        ("<rect fill='var(--d, blue)'/>", "blue"),
        ("<rect fill='var(--d)' style='fill:var(--e,var(--c))'/>", "red"),
        ("<g style='--c:lime'><rect fill='var(--c)'/></g>", "lime"),
        (
            "<style>:root{--d:blue} g{--d:lime}</style><g><rect fill='var(--d)'/></g>",
            "lime",
        ),
        ("<rect style='--e:var(--c);fill:var(--e)'/>", "red"),
        ("<rect style='--e:var(--e);fill:var(--e, lime)'/>", "lime"),
        ("<rect style='--r:255 0;fill:rgb(var(--r) 0 / 1)'/>", "#ff0000ff"),
        ("<rect fill='url(#x) var(--c)'/>", "url(#x) red"),
    ] {
        assert_eq!(fills(content), [expected], "{content}");
    }
    let bomb: String = (0..40)
        .map(|i| format!("--v{i}:var(--v{0}) var(--v{0});", i + 1))
        .collect();
    let document = format!("<svg><rect style='{bomb}--v40:x;fill:var(--v0)'/></svg>");
    let document = super::super::parse(&document).unwrap();
    let _ = plain::of(&document, None, 72.0, &Budget::new(&Limits::default())); // it ends
}

#[test]
fn values_in_words_that_are_read() {
    for (style, expected) in [
        ("fill: RGB(255 0 0 / .5)", r##"fill="#ff000080""##),
        ("fill: oklch(1 0 0)", r##"fill="#ffffffff""##),
        ("fill: CurrentColor", r#"fill="currentColor""#),
        (
            "transform: translate(5px, 6px) rotate(.25turn)",
            r#"transform="translate(5 6)rotate(90)""#,
        ),
        (
            "marker: url(#m)",
            r#"marker-end="url(#m)" marker-mid="url(#m)" marker-start="url(#m)""#,
        ),
        (
            "mix-blend-mode: multiply; isolation: isolate",
            r#"style="isolation:isolate;mix-blend-mode:multiply;""#,
        ),
        ("width: 5px; x: 3px; cx: 4", r#"width="5px" x="3px""#),
        ("-inkscape-stroke: none; nonsense: 1", ""),
    ] {
        let (text, warning) = plain(&format!("<rect style='{style}'/>"));
        assert_eq!(warning, None, "{style}");
        let mut actual: Vec<_> = text["<rect".len()..text.find('>').unwrap()]
            .trim()
            .split("\" ")
            .collect();
        actual.sort_unstable();
        let mut wanted: Vec<_> = expected.split("\" ").collect();
        wanted.sort_unstable();
        let bare = |words: &[&str]| {
            words
                .iter()
                .map(|word| word.trim_end_matches('"').to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(bare(&actual), bare(&wanted), "{style}");
    }
}

#[test]
fn what_is_left_out_is_noted() {
    for (content, kind) in [
        (
            "<rect style='fill:color-mix(in srgb, red, blue)'/>",
            "colours of unknown kinds",
        ),
        (
            "<rect style='transform:translate(50%)'/>",
            "transforms with percentages",
        ),
        ("<rect style='clip-path:circle(5px)'/>", "CSS shapes"),
        ("<rect style='width:calc(1px + 2px)'/>", "computed values"),
        ("<style>rect:has(g){fill:red}</style><rect/>", "unknown selectors"),
        ("<style>@import 'x.css';</style>", "style sheets of other files"),
        ("<text>x</text>", "text"),
        ("<g><foreignObject/></g>", "HTML"),
        ("<rect><animate/></rect>", "animations"),
        ("<use href='x.svg#y'/>", "parts of other files"),
        ("<image href='x.png'/>", "pictures"),
        ("<script/>", "scripts"),
        ("<rect style='stroke-width:1e30px'/>", "largest coordinates"),
        ("<rect style='fill:rgb(from gold r g 9)'/>", "colours of unknown kinds"),
        ("<rect style='translate:9px'/>", "properties of their own"),
        (
            "<rect style='transform-box:fill-box'/>",
            "transforms in boxes of their own",
        ),
        (
            "<rect vector-effect='non-scaling-stroke'/>",
            "strokes that keep their width",
        ),
        ("<path pathLength='9'/>", "dashes by a length"),
        ("<rect fill='url(x.svg#a)'/>", "parts of other files"),
        ("<rect mask='url(\"x.svg#a\")'/>", "parts of other files"),
        ("<flowRoot>x</flowRoot>", "text"),
        ("<mesh/>", "unknown elements"),
        ("<feDisplacementMap scale='-5'/>", "displacements to the other side"),
        (
            "<style>@media (min-width:9px){rect{fill:red}}</style>",
            "conditional styles",
        ),
        (
            "<style>@container (width > 9px){rect{fill:red}}</style>",
            "conditional styles",
        ),
    ] {
        let warning = plain(content).1.unwrap_or_else(|| panic!("{content}"));
        assert!(warning.contains(kind), "{content}: {warning}");
    }
    for content in [
        "<text> </text><text/>",
        "<foreignObject requiredExtensions='x'/>",
        "<style media='print'>rect:has(g){fill:red}</style>",
        "<rect style='translate:none;vector-effect:none;fill:url(#a)'/>",
        "<x:y xmlns:x='urn:x'/><metadata>x</metadata><title>x</title>",
        "<style>@font-face{font-family:x;src:url(x.woff)} @page{margin:0}</style>",
    ] {
        assert_eq!(plain(content).1, None, "{content}");
    }
}

#[test]
fn rules_in_rules_and_in_layers() {
    for (css, expected) in [
        ("rect{fill:red;&.a{fill:blue}}", ["blue", "red"]),
        (
            "svg{fill:lime;rect{fill:red} > .a{fill:blue} fill:gold}",
            ["blue", "red"],
        ),
        (".a{& + rect, .b{fill:red}}", ["", "red"]),
        (
            "rect{fill:red;@media screen{fill:blue;&.a{fill:gold}}}",
            ["gold", "blue"],
        ),
        (
            "@layer a,b;@layer b{rect{fill:red}}@layer a{.a{fill:blue}}",
            ["red", "red"],
        ),
        (
            "rect{fill:red}@layer{.a{fill:blue}}@layer{#x{fill:lime}}",
            ["red", "red"],
        ),
        ("@layer a{rect{fill:red}@layer b{.a{fill:blue}}}", ["blue", "red"]),
        (
            "@supports not (fill:red){rect{fill:red}}@supports (fill:red){.a{fill:blue}}",
            ["blue", ""],
        ),
        (
            "@media print{rect{fill:red}}@media print, all and (prefers-color-scheme:light){.a{fill:blue}}",
            ["blue", ""],
        ),
    ] {
        let css = css.replace('&', "&amp;");
        let content = format!("<style>{css}</style><rect class='a' id='x'/><rect class='b'/>");
        assert_eq!(fills(&content), expected, "{css}");
    }
    // What nested selectors become is limited.
    let long = ".abc,".repeat(100) + ".abc";
    let nested = format!("<style>{long}{{{}}}</style>", "a{fill:red}".repeat(1000));
    assert!(plain(&nested).1.unwrap().contains("unknown selectors"));
}

#[test]
fn a_path_by_css() {
    let path = |css: &str| plain(&format!("<path style='d:{css}'/>")).0;
    assert!(path("path(\"M1 2h3\")").contains("d=\"M1 2h3\""));
    assert!(path("none").contains("d=\"\""));
    assert!(!path("M1 2h3").contains("d="));
}
