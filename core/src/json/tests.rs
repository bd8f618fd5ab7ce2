use serde_json::{Value, json};

use crate::error::{Error, Reason};
use crate::limits::Limits;
use crate::plan::Plan;

fn refused(plan: &str) -> Error {
    match Plan::from_json(plan) {
        Ok(plan) => panic!("accepted: {plan:?}"),
        Err(error) => error,
    }
}

/// Wrong plans, and what is said of them after "bad plan: ".
const WRONG: [(&str, &str); 54] = [
    ("", "the text is empty, expected JSON; the least is {}"),
    (
        "{",
        r#"the text is no complete JSON: it ends after "{", where a quote, a bracket or a value is missing"#,
    ),
    (
        r#"{"resize": {"width": 1"#,
        r#"the text is no complete JSON: it ends after "{"resize": {"width": 1", where a quote, a bracket or a value is missing"#,
    ),
    ("{} x", r#"the text is not JSON from character 4 of line 1 on: "x""#),
    (
        "{\n  'resize': 1}",
        r#"the text is not JSON from character 3 of line 2 on: "'resize': 1}""#,
    ),
    (
        r#"{"trim": NaN}"#,
        r#"the text is not JSON from character 10 of line 1 on: "NaN}""#,
    ),
    (
        r#"{"effects": [{"effect": "blur", "sigma": "NaN"}]}"#,
        "effects[0].sigma is NaN, expected a number",
    ),
    (
        r#"{"resize": {"width": "-Infinity"}}"#,
        "resize.width is -Infinity, expected a whole number from 0 to 4294967295",
    ),
    (
        "null",
        r#"the plan is null, expected an object such as {"resize": {"width": 200}}"#,
    ),
    (
        "[]",
        r#"the plan is a list, expected an object such as {"resize": {"width": 200}}"#,
    ),
    (
        r#""webp""#,
        r#"the plan is the text "webp", expected an object such as {"resize": {"width": 200}}"#,
    ),
    (r#"{"widht": 1}"#, "widht: there is no such option, expected ALL"),
    (
        r#"{"resze": {}}"#,
        "resze: there is no such option; did you mean `resize`?",
    ),
    (
        r#"{"resize": {"widht": 100}}"#,
        "resize.widht: there is no such option; did you mean `width`?",
    ),
    (
        r#"{"resize": 200}"#,
        r#"resize is 200, expected an object such as {"width": 200}"#,
    ),
    (
        r#"{"resize": [100, 50]}"#,
        r#"resize is a list, expected an object such as {"width": 200}"#,
    ),
    (
        r#"{"resize": {"width": "200"}}"#,
        r#"resize.width is the text "200", expected a whole number from 0 to 4294967295"#,
    ),
    (
        r#"{"resize": {"width": -1}}"#,
        "resize.width is -1, expected a whole number from 0 to 4294967295",
    ),
    (
        r#"{"resize": {"width": 200.5}}"#,
        "resize.width is 200.5, expected a whole number from 0 to 4294967295",
    ),
    (
        r#"{"resize": {"width": 5000000000}}"#,
        "resize.width is 5000000000, expected a whole number from 0 to 4294967295",
    ),
    (
        r#"{"resize": {"width": {"px": 2}}}"#,
        "resize.width is an object, expected a whole number from 0 to 4294967295",
    ),
    (
        r#"{"resize": {"fit": "covr"}}"#,
        "resize.fit: there is no `covr`, expected `cover`, `contain`, `fill`, `inside` or `outside`; did you mean `cover`?",
    ),
    (
        r#"{"resize": {"fit": "x"}}"#,
        r#"resize.fit is the text "x", expected `cover`, `contain`, `fill`, `inside` or `outside`"#,
    ),
    (
        r#"{"resize": {"fit": 3}}"#,
        "resize.fit is 3, expected `cover`, `contain`, `fill`, `inside` or `outside`",
    ),
    (
        r#"{"resize": {"fit": {"cover": 1}}}"#,
        r#"resize.fit is an object, expected `cover`, `contain`, `fill`, `inside` or `outside`"#,
    ),
    (
        r#"{"resize": {"enlarge": "no"}}"#,
        r#"resize.enlarge is the text "no", expected true or false"#,
    ),
    (
        r#"{"resize": {"width": 1, "width": 2}}"#,
        "resize.width: it is given twice",
    ),
    (
        r#"{"resize": {"position": "middle"}}"#,
        r#"resize.position is the text "middle", expected a name such as `centre`, `top`, `right top`, `entropy`, `attention`, or a focal point such as {"x": 0.3, "y": 0.6}"#,
    ),
    (
        r#"{"background": "redish"}"#,
        r#"background is the text "redish", expected a colour: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `white`, `black` or `transparent`"#,
    ),
    (
        r#"{"background": [1, 2, 3]}"#,
        "background is a list, expected a colour: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `white`, `black` or `transparent`",
    ),
    (r#"{"flatten": 1}"#, "flatten is 1, expected true or false"),
    (
        r#"{"crop": {"left": 0, "top": 0, "width": 3}}"#,
        "crop.height is missing, expected a whole number",
    ),
    (
        r#"{"frames": "al"}"#,
        "frames: there is no `al`, expected `first`, `all` or `range`; did you mean `all`?",
    ),
    (
        r#"{"frames": "range"}"#,
        r#"frames is the text "range", expected an object such as {"range": …}"#,
    ),
    (
        r#"{"frames": {"range": {"start": 0}}}"#,
        "frames.range.count is missing, expected a whole number",
    ),
    (
        r#"{"input": {"raw": {"width": 1, "height": 1, "channels": 300}}}"#,
        "input.raw.channels is 300, expected a whole number from 0 to 255",
    ),
    (
        r#"{"input": {}}"#,
        "input is an object, expected `file`, `raw` or `create`",
    ),
    (
        r#"{"encode": "webp"}"#,
        r#"encode is the text "webp", expected an object such as {"format": "webp"}"#,
    ),
    (
        r#"{"encode": ["png"]}"#,
        r#"encode is a list, expected an object such as {"format": "webp"}"#,
    ),
    (
        r#"{"encode": {}}"#,
        r#"encode.format is missing, expected a format such as "webp""#,
    ),
    (
        r#"{"encode": {"format": "jpg"}}"#,
        "encode.format: there is no `jpg`, expected `jpeg`, `png`, `webp`, `gif`, `avif` or `raw`; did you mean `jpeg`?",
    ),
    (
        r#"{"encode": {"format": 3}}"#,
        "encode.format is 3, expected `jpeg`, `png`, `webp`, `gif`, `avif` or `raw`",
    ),
    (
        r#"{"encode": {"format": "webp", "quality": "80"}}"#,
        r#"encode.quality is the text "80", expected a whole number from 0 to 255"#,
    ),
    (
        r#"{"encode": {"effort": 3, "quality": 300, "format": "webp"}}"#,
        "encode.quality is 300, expected a whole number from 0 to 255",
    ),
    (
        r#"{"encode": {"format": "png", "compresion": 3}}"#,
        "encode.compresion: there is no such option; did you mean `compression`?",
    ),
    (
        r#"{"effects": {"effect": "flip"}}"#,
        "effects is an object, expected a list",
    ),
    (
        r#"{"effects": ["flip"]}"#,
        r#"effects[0] is the text "flip", expected an object such as {"effect": "blur"}"#,
    ),
    (
        r#"{"effects": [["flip"]]}"#,
        r#"effects[0] is a list, expected an object such as {"effect": "blur"}"#,
    ),
    (
        r#"{"effects": [{"effect": "flip"}, {"sigma": 1}]}"#,
        r#"effects[1].effect is missing, expected an effect such as "blur""#,
    ),
    (
        r#"{"effects": [{"effect": "blurr"}]}"#,
        "effects[0].effect: there is no `blurr`, expected ALL; did you mean `blur`?",
    ),
    (
        r#"{"effects": [{"effect": "flip"}, {"sigma": "1", "effect": "blur"}]}"#,
        r#"effects[1].sigma is the text "1", expected a number"#,
    ),
    (
        r#"{"effects": [{"effect": "linear", "slope": [1, null]}]}"#,
        "effects[0].slope[1] is null, expected a number",
    ),
    (
        r#"{"effects": [{"effect": "composite", "layers": [{"source": {"file": "!"}}]}]}"#,
        r#"effects[0].layers[0].source.file is the text "!", expected bytes as base64: letters, digits, `+`, `/`, and `=` at the end"#,
    ),
    (
        r#"{"effects": [{"effect": "composite", "layers": [{"source": "iVBORw0KGgo"}]}]}"#,
        r#"effects[0].layers[0].source is the text "iVBORw0KGgo", expected `file`, `svg`, `raw` or `create`"#,
    ),
];

#[test]
fn wrong_plans_are_refused_in_plain_words() {
    let mut failed = Vec::new();
    for (plan, expected) in WRONG {
        let message = match Plan::from_json(plan) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.to_string(),
        };
        let (start, end) = expected.split_once("ALL").unwrap_or((expected, ""));
        let whole = end.is_empty() && !expected.ends_with("ALL");
        let start = format!("bad plan: {start}");
        if !message.starts_with(&start) || !message.ends_with(end) || whole && message != start {
            failed.push(format!("{plan}\n   {message}\n   {start}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_fault_is_in_facts() {
    let fault = refused(r#"{"encode": {"format": "jpg"}}"#).fault();
    assert_eq!(fault.place.as_deref(), Some("encode.format"));
    assert_eq!(fault.got.as_deref(), Some(r#"the text "jpg""#));
    assert_eq!(
        fault.expected.as_deref(),
        Some("`jpeg`, `png`, `webp`, `gif`, `avif` or `raw`")
    );
    for (plan, reason) in [
        ("{", Reason::NotJson),
        (r#"{"x": 1}"#, Reason::UnknownKey),
        (r#"{"tolerate": "all"}"#, Reason::UnknownValue),
        (r#"{"resize": {"width": "1"}}"#, Reason::WrongType),
        (r#"{"resize": {"width": -1}}"#, Reason::OutOfRange),
        (r#"{"trim": {"threshold": "NaN"}}"#, Reason::OutOfRange),
        (r#"{"encode": {}}"#, Reason::MissingKey),
    ] {
        assert_eq!(refused(plan).reason(), Some(reason), "{plan}");
    }
}

#[test]
fn limits_are_read_in_the_same_way() {
    for (json, expected) in [
        ("5", r#"limits is 5, expected an object such as {"pixels": 50000000}"#),
        (
            r#"{"pixel": 5}"#,
            "limits.pixel: there is no such option; did you mean `pixels`?",
        ),
        (
            r#"{"pixels": -5}"#,
            "limits.pixels is -5, expected a whole number from 0 on",
        ),
        (
            r#"{"width": 1.5}"#,
            "limits.width is 1.5, expected a whole number from 0 on",
        ),
        (
            r#"{"frames": null}"#,
            "limits.frames is null, expected a whole number from 0 on",
        ),
        (
            "{",
            r#"limits: the text is no complete JSON: it ends after "{", where a quote, a bracket or a value is missing"#,
        ),
    ] {
        let error = Limits::from_json(json).unwrap_err();
        assert_eq!(error.to_string(), format!("bad argument: {expected}"));
        assert_eq!(error.code(), "BAD_ARGUMENT");
    }
    let limits = Limits::from_json(r#"{"width": 9007199254740991, "input_bytes": 7}"#).unwrap();
    assert_eq!((limits.width, limits.input_bytes), (u32::MAX, 7));
}

#[test]
fn one_of_many_is_found_soon() {
    let layer = |extra: &str| {
        let create = r#"{"width": 1, "height": 1, "channels": 3, "background": "white"}"#;
        format!(r#"{{"source": {{"create": {create}}}{extra}}}"#)
    };
    let mut layers = vec![layer(""); 3000];
    layers[2000] = layer(r#", "blend": "x""#);
    let plan = format!(
        r#"{{"effects": [{{"effect": "composite", "layers": [{}]}}]}}"#,
        layers.join(",")
    );
    let started = std::time::Instant::now();
    assert_eq!(refused(&plan).place(), Some("effects[0].layers[2000].blend"));
    let took = started.elapsed();
    assert!(took.as_secs() < 10, "{took:?}"); // one by one it takes minutes without optimisation
}

#[test]
fn long_values_are_cut() {
    let bytes = "iVBORw0KGgoAAAANSUhEUgAA".repeat(400_000);
    for plan in [
        format!("\"{bytes}\""),
        bytes.clone(),
        format!("{{\"{bytes}\": 1}}"),
        format!("{{\"encode\": \"{bytes}\"}}"),
        format!("{{\"background\": \"{bytes}\"}}"),
        format!(r#"{{"resize": {{"fit": "{bytes}"}}}}"#),
        format!(r#"{{"effects": [{{"effect": "{bytes}"}}]}}"#),
        format!(r#"{{"effects": [{{"effect": "composite", "layers": [{{"source": "{bytes}"}}]}}]}}"#),
        format!(r#"{{"effects": [{{"effect": "composite", "layers": [{{"source": {{"{bytes}": 1}}}}]}}]}}"#),
    ] {
        let fault = refused(&plan).fault();
        let said = serde_json::to_string(&fault).unwrap();
        assert!(said.len() < 1500, "{said}");
    }
}

/// Plans that use every option.
fn full() -> Vec<Value> {
    let layer =
        json!({"source": {"file": "AAAA"}, "left": 1, "top": 2, "position": "top", "blend": "over", "tile": true});
    [
        json!({"tolerate": "none", "assume": "srgb", "frames": {"range": {"start": 1, "count": 2}}, "dpi": 72.5,
            "orient": {"auto": false, "rotate": 90, "flip": true, "flop": true}, "trim": {"threshold": 1.5},
            "crop": {"left": 1, "top": 2, "width": 3, "height": 4}, "background": "#0000", "flatten": true, "model": "grey",
            "resize": {"width": 5, "height": 6, "fit": "contain", "position": {"x": 0.5, "y": 0.25}, "kernel": "mitchell",
                "light": {"gamma": 2.2}},
            "encode": {"format": "jpeg", "quality": 80, "chroma": "4:4:4"}, "metadata": {"icc": true}}),
        json!({"input": {"raw": {"width": 1, "height": 1, "channels": 3}}, "encode": {"format": "png", "compression": 6}}),
        json!({"input": {"create": {"width": 1, "height": 1, "channels": 3, "background": "#f00"}}}),
        json!({"encode": {"format": "webp", "quality": 80, "lossless": true}, "effects": [{"effect": "blur", "sigma": 1.5},
            {"effect": "linear", "slope": [1.0], "offset": [2.0]}, {"effect": "composite", "layers": [layer]},
            {"effect": "composite", "layers": [
                {"source": {"raw": {"width": 1, "height": 1, "channels": 3, "pixels": "AAAA"}}},
                {"source": {"create": {"width": 1, "height": 1, "channels": 3, "background": "#fff"}}},
                {"source": {"svg": "<svg/>"}}]}]}),
    ]
    .into()
}

/// Every way to make one value of a plan wrong, with the place.
fn spoilt(value: &Value, place: &str, wrap: &dyn Fn(Value) -> Value, out: &mut Vec<(String, Value)>) {
    for other in [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!("x"),
        json!("x".repeat(1000)),
        json!([]),
        json!([1]),
        json!({}),
        json!({"x": 1}),
        json!({"x": 1, "y": 2}),
    ] {
        out.push((place.to_owned(), wrap(other)));
    }
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let with = |part: Option<Value>, name: &str| {
                    let mut fields = fields.clone();
                    fields.remove(key);
                    fields.extend(part.map(|part| (name.to_owned(), part)));
                    wrap(Value::Object(fields))
                };
                let at = if place.is_empty() {
                    key.clone()
                } else {
                    format!("{place}.{key}")
                };
                out.push((at.clone(), with(None, key)));
                out.push((place.to_owned(), with(Some(value.clone()), &format!("{key}x"))));
                spoilt(value, &at, &|part| with(Some(part), key), out);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let with = |part: Value| {
                    let mut items = items.clone();
                    items[index] = part;
                    wrap(Value::Array(items))
                };
                spoilt(item, &format!("{place}[{index}]"), &with, out);
            }
        }
        _ => {}
    }
}

#[test]
fn nobody_reads_the_words_of_the_implementation() {
    let words = [
        "enum",
        "struct",
        "variant",
        "tuple",
        "invalid",
        "integer",
        "floating",
        "string",
        "map",
        "sequence",
        "unit",
        "newtype",
        "serde",
        "u8",
        "u16",
        "u32",
        "u64",
        "i32",
        "f64",
        "usize",
        "Some(",
        "None",
        "column",
        "boolean",
        "deserialize",
        "another kind of value",
    ];
    let mut plans = Vec::new();
    for plan in full() {
        // With every option that has a default.
        let plan = serde_json::to_value(Plan::from_json(&plan.to_string()).unwrap()).unwrap();
        spoilt(&plan, "", &|plan| plan, &mut plans);
    }
    let (mut wrong, mut failed) = (0, Vec::new());
    for (place, plan) in &plans {
        let Err(error) = Plan::from_json(&plan.to_string()) else {
            continue;
        };
        wrong += 1;
        let message = error.to_string();
        if let Some(word) = words.iter().find(|word| message.contains(**word)) {
            failed.push(format!("`{word}` in {message}"));
        }
        if message.chars().count() > 800 {
            failed.push(format!("long: {message}"));
        }
        // A key that has changed its name, may be missing or be unknown.
        let said = error.place().unwrap_or_default();
        if !said.starts_with(place.as_str()) && !place.starts_with(said) {
            failed.push(format!("{place} is wrong: {message}"));
        }
    }
    failed.dedup();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(wrong > 500, "{wrong} of {}", plans.len());
}

#[test]
fn lists_where_lists_belong() {
    let lists = r#"{"effects": [{"effect": "linear", "slope": [1, 2, 3], "offset": [0, 0, 1]}]}"#;
    assert!(Plan::from_json(lists).is_ok());
    let layer = r#"{"effects": [{"effect": "composite", "layers": [[{"svg": "<svg/>"}, 1, 2, "top", "over", false, 1, false]]}]}"#;
    assert_eq!(refused(layer).place(), Some("effects[0].layers[0]"));
}

#[test]
fn a_plan_survives_json() {
    let json = r##"{"tolerate":"none","frames":"all","orient":{"auto":false,"rotate":90,"flip":true,"flop":false},
        "crop":{"left":1,"top":2,"width":3,"height":4},
        "resize":{"width":5,"fit":"contain","position":{"x":0.5,"y":0.25},"kernel":"mitchell"},
        "background":"#0000","flatten":true,"encode":{"format":"jpeg","chroma":"4:4:4"},"metadata":{"icc":true}}"##;
    let plan = Plan::from_json(json).unwrap();
    assert_eq!(Plan::from_json(&serde_json::to_string(&plan).unwrap()).unwrap(), plan);
    assert_eq!(Plan::from_json("{}").unwrap(), Plan::default());
}

/// The text of a layer stays where it is until it is decoded.
#[test]
fn escapes_are_read() {
    let plan = r#"{"effects": [{"effect": "composite", "layers": [{"source": {"file": "AA\u0041A"}}]}], "flat\u0074en": true}"#;
    assert!(Plan::from_json(plan).unwrap().flatten);
}

#[test]
fn bytes_beside_the_text_take_their_places() {
    let json = r#"{"effects": [{"effect": "blur"}, {"effect": "composite", "layers": [{"source": {"file": null}}]}]}"#;
    let place = "/effects/1/layers/0/source/file";
    let read = |pointer: &str| Plan::from_json_beside(json, &[(pointer, b"\0\xffabc")]);
    let said = json.replace("null", r#""AP9hYmM=""#);
    assert_eq!(read(place).unwrap(), Plan::from_json(&said).unwrap());

    for (pointer, words) in [
        ("", "5 bytes, expected an object"),
        ("/effects/0/effect", "effects[0]"),
        ("/effects", "effects is 5 bytes, expected a list"),
        ("/effects/2", r#"there is no "/effects/2" for 5 bytes"#),
        ("effects", r#"there is no "effects" for 5 bytes"#),
        (
            "/effects/0/sigma/~1",
            r#"there is no "/effects/0/sigma/~1" for 5 bytes"#,
        ),
    ] {
        let error = read(pointer).unwrap_err();
        assert_eq!(error.code(), "BAD_PLAN", "{pointer}");
        assert!(error.to_string().contains(words), "{pointer}: {error}");
    }
    let error = Plan::from_json_beside(r#"{"a~/b": 1}"#, &[("/a~0~1b", b"abc")]).unwrap_err();
    assert!(error.to_string().contains("a~/b: there is no such option"), "{error}");
}
