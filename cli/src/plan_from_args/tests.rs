use super::*;
use crate::args::Cli;
use clap::{CommandFactory, Parser};

fn recipe(arguments: &str) -> Result<Recipe, String> {
    let words = ["keenpix", "in.png", "-o", "out"]
        .into_iter()
        .chain(arguments.split_whitespace());
    Recipe::new(&Cli::try_parse_from(words).map_err(|error| error.to_string())?.make).map_err(|Usage(text)| text)
}

/// Every option of a format can be set from the command line. The keys come from the plan, not from a list here.
#[test]
fn every_option_of_every_format_is_a_flag() {
    let built = ["jpeg", "png", "webp", "gif"]
        .into_iter()
        .chain(cfg!(feature = "avif").then_some("avif"));
    for format in built {
        let default = serde_json::from_value::<Encode>(serde_json::json!({ "format": format })).unwrap();
        let Value::Object(keys) = serde_json::to_value(default).unwrap() else {
            panic!()
        };
        for (key, value) in keys.iter().filter(|(key, _)| *key != "format") {
            let other = match value {
                Value::Bool(value) => Value::from(!value),
                Value::Null if key == "adaptive" => Value::from(true),
                Value::String(_) if key == "preset" => Value::from("photo"),
                Value::String(_) => Value::from("4:4:4"),
                Value::Number(value) if value.is_f64() => Value::from(0.5),
                _ => Value::from(6),
            };
            let text = other.to_string().replace('"', "");
            let own = Cli::command().get_arguments().any(|flag| flag.get_long() == Some(key));
            let flag = if own { key.clone() } else { format!("option={key}") };
            // `near` says how lossy a lossless file may be, so it is refused on its own.
            let needs = if key == "near" { "--option=lossless=true" } else { "" };
            let recipe = recipe(&format!("--format {format} {needs} --{flag}={text}")).unwrap();
            let plan = &recipe.plans(default.format(), Strict::Yes).unwrap()[0];
            assert_eq!(serde_json::to_value(plan.encode).unwrap()[key], other, "{format} {key}");
        }
    }
}

/// The same for the rest of the plan, with a plan in which every value differs from its default.
#[test]
fn every_part_of_the_plan_is_a_flag() {
    let recipe = recipe(
        "--tolerate errors --frames all --no-orient --rotate 90 --flip --flop --crop 1,2,3,4 --width 5 --height 6 \
         --fit inside --position 0.25,0.5 --kernel mitchell --no-enlarge --no-reduce --linear --background #0000 \
         --flatten --keep exif,icc,xmp,iptc --format png",
    )
    .unwrap();
    let plan = recipe.plans(Format::Png, Strict::Yes).unwrap().remove(0);
    let expected = r##"{"tolerate":"errors","frames":"all","orient":{"auto":false,"rotate":90,"flip":true,"flop":true},
        "crop":{"left":1,"top":2,"width":3,"height":4},
        "resize":{"width":5,"height":6,"fit":"inside","position":{"x":0.25,"y":0.5},"kernel":"mitchell",
            "enlarge":false,"reduce":false,"light":"linear"},
        "background":"#0000","flatten":true,"encode":{"format":"png"},
        "metadata":{"exif":true,"icc":true,"xmp":true,"iptc":true}}"##;
    assert_eq!(plan, Plan::from_json(expected).unwrap());
    let (plan, default) = (
        serde_json::to_value(plan).unwrap(),
        serde_json::to_value(Plan::default()).unwrap(),
    );
    // Options rarely wanted on a command line, or too long for it, come from `--plan`.
    let seldom = ["input", "assume", "dpi", "trim", "effects", "model"];
    for (key, value) in default
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| !seldom.contains(&key.as_str()))
    {
        assert_ne!(&plan[key], value, "no flag for {key}");
    }
}

#[test]
fn options_belong_to_their_format() {
    assert!(
        recipe("--format png --lossless")
            .unwrap_err()
            .contains("png has no option --lossless")
    );
    assert!(recipe("--format jpg --quality 80 --progressive").is_ok());
    let follow = recipe("--effort 6").unwrap();
    let png = follow.plans(Format::Png, Strict::No).unwrap()[0].encode;
    assert_eq!(png, Encode::default_for(Format::Png));
    let jpeg = follow.plans(Format::Jpeg, Strict::No).unwrap()[0].encode;
    assert_eq!(jpeg, Some(keenpix::encode::Jpeg::new().with_effort(6).into()));
}

#[test]
fn widths_make_a_plan_each() {
    let recipe = recipe("--widths 320,640 --kernel box").unwrap();
    let plans = recipe.plans(Format::Webp, Strict::Yes).unwrap();
    let widths: Vec<_> = plans.iter().map(|plan| plan.resize.unwrap().width.unwrap()).collect();
    assert_eq!(widths, [320, 640]);
    assert!(
        plans
            .iter()
            .all(|plan| plan.resize.unwrap().kernel == keenpix::plan::Kernel::Box)
    );
}
