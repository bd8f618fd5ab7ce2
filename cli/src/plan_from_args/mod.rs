//! Makes the plans of a run from a plan file and the arguments, which override it.

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
    /// One output per width, or a single output if empty.
    pub(crate) widths: Vec<u32>,
    /// The requested format, and where it was named.
    pub(crate) format: Option<(Format, Asked)>,
    /// Whether the new extension is appended to the old one.
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
    /// A requested format must support every option given. If the format is the input's, as in a folder of JPEGs and
    /// PNGs, an option applies to the formats that have it.
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

/// Whether an option that the format lacks is an error.
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
        plan.metadata.iptc = keep(Keep::Iptc);
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
mod tests;
