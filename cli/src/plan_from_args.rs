//! Arguments over a plan file make the plans of a run.

use keenpix::encode::Encode;
use keenpix::plan::Light;
use keenpix::{Format, Plan, Resize};
use serde_json::{Map, Value};

use crate::Usage;
use crate::args::{EncodeArgs, Keep, Make, OrientArgs, ResizeArgs};

/// What to do with every input: the plan without its `encode`, which may depend on the input's format.
#[derive(Debug)]
pub(crate) struct Recipe {
    plan: Plan,
    /// One output for each, or one output if empty.
    pub(crate) widths: Vec<u32>,
    /// The format that was asked for by name, and by what.
    pub(crate) format: Option<(Format, Asked)>,
    /// Whether the new extension goes behind the old one.
    pub(crate) append: bool,
    /// The format's options, by their keys in the plan.
    options: Map<String, Value>,
}

/// Where the output's format was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Flag,
    Plan,
}

impl Recipe {
    pub(crate) fn new(arguments: &Make) -> Result<Self, Usage> {
        let mut plan = match &arguments.plan {
            None => Plan::default(),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| Usage(format!("{}: {error}", path.display())))
                .and_then(|json| {
                    Plan::from_json(&json).map_err(|error| Usage(format!("{}: {error}", path.display())))
                })?,
        };
        resize(&mut plan, &arguments.resize);
        orient(&mut plan, &arguments.orient);
        let recipe = Recipe {
            widths: arguments.resize.widths.clone(),
            format: arguments
                .encode
                .format
                .map(|format| (format, Asked::Flag))
                .or(plan.encode.map(|encode| (encode.format(), Asked::Plan))),
            append: arguments.append,
            options: options(&arguments.encode),
            plan,
        };
        if let Some((format, _)) = recipe.format {
            let mut plans = recipe.plans(format, Strict::Yes)?.into_iter();
            plans.try_for_each(|plan| plan.check().map_err(|error| Usage(error.to_string())))?;
        }
        Ok(recipe)
    }

    /// The plans for one input: one, or one for each width.
    ///
    /// A file format that was asked for must know each option that was given; where the format follows the input's, as
    /// in a folder of JPEGs and PNGs, an option is for the formats that have it.
    pub(crate) fn plans(&self, format: Format, strict: Strict) -> Result<Vec<Plan>, Usage> {
        let mut plan = self.plan.clone();
        plan.encode = Some(self.encode(format, strict)?);
        if self.widths.is_empty() {
            return Ok(vec![plan]);
        }
        Ok(self
            .widths
            .iter()
            .map(|width| {
                let mut resize = plan.resize.unwrap_or_default().with_width(*width);
                resize.height = None;
                plan.clone().with_resize(resize)
            })
            .collect())
    }

    fn encode(&self, format: Format, strict: Strict) -> Result<Encode, Usage> {
        let default = Encode::default_for(format).ok_or_else(|| {
            Usage(format!(
                "{format} can be read but not written; choose one with --format"
            ))
        })?;
        let base = self
            .plan
            .encode
            .filter(|encode| encode.format() == format)
            .unwrap_or(default);
        let bug = |error: serde_json::Error| Usage(error.to_string());
        let Value::Object(mut merged) = serde_json::to_value(base).map_err(bug)? else {
            return Ok(base);
        };
        for (key, value) in &self.options {
            if merged.contains_key(key) {
                merged.insert(key.clone(), value.clone());
            } else if strict == Strict::Yes {
                let known: Vec<_> = merged.keys().filter(|key| *key != "format").cloned().collect();
                let known = known.join(", --");
                return Err(Usage(format!(
                    "{format} has no option --{key}; its options are --{known}"
                )));
            }
        }
        serde_json::from_value(Value::Object(merged)).map_err(bug)
    }
}

/// Whether an option that the format does not have is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strict {
    Yes,
    No,
}

fn resize(plan: &mut Plan, arguments: &ResizeArgs) {
    let given = arguments;
    let mut resize = plan.resize.unwrap_or_default();
    resize.width = given.width.or(resize.width);
    resize.height = given.height.or(resize.height);
    set(&mut resize.fit, given.fit);
    set(&mut resize.position, given.position);
    set(&mut resize.kernel, given.kernel);
    let light = |linear| if linear { Light::Linear } else { Light::Encoded };
    set(&mut resize.light, given.linear.map(light));
    set(&mut resize.enlarge, given.no_enlarge.map(|no| !no));
    set(&mut resize.reduce, given.no_reduce.map(|no| !no));
    if plan.resize.is_some() || resize != Resize::default() {
        plan.resize = Some(resize);
    }
}

fn orient(plan: &mut Plan, arguments: &OrientArgs) {
    let orient = &mut plan.orient;
    set(&mut orient.auto, arguments.no_orient.map(|no| !no));
    set(&mut orient.rotate, arguments.rotate);
    set(&mut orient.flip, arguments.flip);
    set(&mut orient.flop, arguments.flop);
    plan.crop = arguments.crop.or(plan.crop);
    set(&mut plan.background, arguments.background);
    set(&mut plan.flatten, arguments.flatten);
    set(&mut plan.frames, arguments.frames);
    set(&mut plan.tolerate, arguments.tolerate);
    if !arguments.keep.is_empty() {
        let keep = |what| arguments.keep.contains(&what) || arguments.keep.contains(&Keep::All);
        plan.metadata.exif = keep(Keep::Exif);
        plan.metadata.icc = keep(Keep::Icc);
        plan.metadata.xmp = keep(Keep::Xmp);
    }
}

fn set<T>(value: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *value = given;
    }
}

fn options(arguments: &EncodeArgs) -> Map<String, Value> {
    let EncodeArgs {
        format: _,
        quality,
        effort,
        lossless,
        alpha,
        chroma,
        progressive,
        optimise,
        compression,
        palette,
        colours,
        dither,
        option,
    } = arguments;
    [
        ("quality", quality.map(Value::from)),
        ("effort", effort.map(Value::from)),
        ("lossless", lossless.map(Value::from)),
        ("alpha", alpha.map(Value::from)),
        ("chroma", chroma.and_then(|chroma| serde_json::to_value(chroma).ok())),
        ("progressive", progressive.map(Value::from)),
        ("optimise", optimise.map(Value::from)),
        ("compression", compression.map(Value::from)),
        ("palette", palette.map(Value::from)),
        ("colours", colours.map(Value::from)),
        ("dither", dither.map(Value::from)),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key.to_owned(), value?)))
    .chain(option.iter().cloned())
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::{CommandFactory, Parser};

    fn recipe(arguments: &str) -> Result<Recipe, String> {
        let words = ["keenpix", "in.png", "-o", "out"]
            .into_iter()
            .chain(arguments.split_whitespace());
        Recipe::new(&Cli::try_parse_from(words).map_err(|error| error.to_string())?.make).map_err(|Usage(text)| text)
    }

    /// Every option that a format has can be given, and arrives: the keys come from the plan, not from a list here.
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
                // `near` says how lossy a lossless file may be: alone it is refused.
                let needs = if key == "near" { "--option=lossless=true" } else { "" };
                let recipe = recipe(&format!("--format {format} {needs} --{flag}={text}")).unwrap();
                let plan = &recipe.plans(default.format(), Strict::Yes).unwrap()[0];
                assert_eq!(serde_json::to_value(plan.encode).unwrap()[key], other, "{format} {key}");
            }
        }
    }

    /// The same for the rest of the plan: a plan in which every value differs from the default.
    #[test]
    fn every_part_of_the_plan_is_a_flag() {
        let recipe = recipe(
            "--tolerate errors --frames all --no-orient --rotate 90 --flip --flop --crop 1,2,3,4 --width 5 --height 6 \
             --fit inside --position 0.25,0.5 --kernel mitchell --no-enlarge --no-reduce --linear --background #0000 \
             --flatten --keep exif,icc,xmp --format png",
        )
        .unwrap();
        let plan = recipe.plans(Format::Png, Strict::Yes).unwrap().remove(0);
        let expected = r##"{"tolerate":"errors","frames":"all","orient":{"auto":false,"rotate":90,"flip":true,"flop":true},
            "crop":{"left":1,"top":2,"width":3,"height":4},
            "resize":{"width":5,"height":6,"fit":"inside","position":{"x":0.25,"y":0.5},"kernel":"mitchell",
                "enlarge":false,"reduce":false,"light":"linear"},
            "background":"#0000","flatten":true,"encode":{"format":"png"},
            "metadata":{"exif":true,"icc":true,"xmp":true}}"##;
        assert_eq!(plan, Plan::from_json(expected).unwrap());
        let (plan, default) = (
            serde_json::to_value(plan).unwrap(),
            serde_json::to_value(Plan::default()).unwrap(),
        );
        // What is seldom wanted on a command line, or too long for it, comes with `--plan`.
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
}
