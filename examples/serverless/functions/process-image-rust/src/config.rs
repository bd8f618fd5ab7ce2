//! Reads the environment into a rule and limits.

use std::time::Duration;

use keenpix::encode::Encode;
use keenpix::s3::{Misconfigured, Rule};
use keenpix::{Error, Format, Limits, Plan};
use serde_json::json;

/// The formats that may be set, if the build has them.
const FORMATS: [Format; 4] = [Format::Jpeg, Format::Png, Format::Webp, Format::Avif];
/// The fits whose outputs have exactly the requested size.
const EXACT: [&str; 3] = ["cover", "contain", "fill"];

/// The function's settings.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// What is made from which objects.
    pub rule: Rule,
    /// The limits for each object.
    pub limits: Limits,
    /// The address of the queue for final failures.
    pub rejects: Option<String>,
}

/// A setting that the function can't start with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSetting(String);

impl std::fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongSetting {}

impl From<Misconfigured> for WrongSetting {
    fn from(error: Misconfigured) -> Self {
        WrongSetting(error.to_string())
    }
}

impl Config {
    /// Reads the settings; `env` gives a variable's value.
    ///
    /// | variable | default | |
    /// |---|---|---|
    /// | `DEST_BUCKET_NAME` | | where outputs go |
    /// | `FOLDER_INPUT` | all | the folder whose uploads are taken |
    /// | `FOLDER_OUTPUT` | `avatars` | the folder of the outputs |
    /// | `PROCESS_WIDTH`, `PROCESS_HEIGHT` | 512 | size in pixels |
    /// | `PROCESS_FIT` | `cover` | as [`keenpix::Fit`] |
    /// | `EXTRA_WIDTHS` | none | more sizes of the same shape: `256,64` |
    /// | `PROCESS_POSITION` | `centre` | what stays when it is cropped: `attention`, `entropy`, `top` |
    /// | `PROCESS_FORMAT`, `PROCESS_QUALITY` | `jpeg`, 80 | `jpeg`, `png` or `webp`, with the feature `avif` that as well; several as `webp,jpeg` |
    /// | `PROCESS_TOLERATE` | `none` | how much damage an upload may have, as [`keenpix::input::Tolerate`] |
    /// | `KEY_TEMPLATE` | `{folder}/{name}.{format}` | as [`keenpix::s3::KeyTemplate`]; `{folder}` is the one of the outputs |
    /// | `CACHE_CONTROL` | cached by the CDN, revalidated by browsers | |
    /// | `MAX_INPUT_BYTES`, `MAX_PIXELS`, `MAX_MEMORY_BYTES` | 20 MiB, 100 million, 256 million | limits |
    /// | `WRITE_STATUS` | `false` | whether `{folder}/{name}.json` says what became of an upload ([`Rule::with_status`]); always, if keys have a `{hash}` |
    /// | `REJECTS_QUEUE_URL` | none | where final failures are sent at once ([`keenpix::s3::Handler::with_rejects`]) |
    /// | `LEDGER_PREFIX` | none | a ledger ([`Rule::with_ledger`]) in the bucket of the outputs |
    ///
    /// # Errors
    ///
    /// If one is missing or wrong; the message names it.
    pub fn read(env: impl Fn(&str) -> Option<String>) -> Result<Self, WrongSetting> {
        // For folders an empty value counts; for everything else it means unset.
        let output = env("FOLDER_OUTPUT").unwrap_or_else(|| "avatars".into());
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let whole = |name: &str, default: u64| match env(name) {
            Some(text) => number(name, &text),
            None => Ok(default),
        };
        let bucket = env("DEST_BUCKET_NAME").ok_or_else(|| WrongSetting("DEST_BUCKET_NAME has to be set".into()))?;
        let folder = |text: String| text.trim_matches('/').to_owned();
        let output = folder(output);
        let input = folder(env("FOLDER_INPUT").unwrap_or_default());
        let in_folder = if output.is_empty() {
            "{name}.{format}"
        } else {
            "{folder}/{name}.{format}"
        };
        let template = env("KEY_TEMPLATE").unwrap_or_else(|| in_folder.into());
        let (width, height) = (whole("PROCESS_WIDTH", 512)?, whole("PROCESS_HEIGHT", 512)?);
        let fit = env("PROCESS_FIT").unwrap_or_else(|| "cover".into());
        // A damaged upload doesn't replace a good avatar.
        let tolerate = env("PROCESS_TOLERATE").unwrap_or_else(|| "none".into());
        let formats = env("PROCESS_FORMAT").unwrap_or_else(|| "jpeg".into());
        let formats: Vec<Format> = formats.split(',').map(format).collect::<Result<_, _>>()?;
        let quality = whole("PROCESS_QUALITY", 80)?;
        let position = env("PROCESS_POSITION");
        let pixels = whole("MAX_PIXELS", 100_000_000)?;
        let mut widths = vec![width];
        for text in env("EXTRA_WIDTHS")
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            widths.push(number("EXTRA_WIDTHS", text)?);
        }
        let mut rule = Rule::new(&bucket).with_removal(true);
        if !input.is_empty() {
            rule = rule.with_prefix(format!("{input}/"));
        }
        let hashed = template.contains("{hash}");
        let cached = match env("CACHE_CONTROL") {
            Some(value) => Some(value),
            None if hashed => None,
            // The CDN keeps it until it is invalidated; browsers revalidate it with the CDN.
            None => Some("public, max-age=0, s-maxage=31536000, must-revalidate".into()),
        };
        if let Some(value) = cached {
            rule = rule.with_cache_control(value);
        }
        for format in &formats {
            for (index, each) in widths.iter().enumerate() {
                let high = scaled(height, *each, width);
                let mut plan = json!({
                    "tolerate": tolerate, "resize": {"width": each, "height": high, "fit": fit}, "flatten": true,
                    "encode": {"format": format},
                });
                if let Some(position) = &position {
                    plan["resize"]["position"] = position.as_str().into();
                }
                if *format != Format::Png {
                    plan["encode"]["quality"] = quality.into();
                }
                let plan = checked(&plan.to_string(), index > 0)?;
                if EXACT.contains(&fit.as_str()) && each * high > pixels {
                    return Err(WrongSetting(format!(
                        "MAX_PIXELS has to be at least {} for an output of {each}×{high}, not {pixels}",
                        each * high
                    )));
                }
                let template = if index == 0 {
                    template.clone()
                } else {
                    with_width(&template)
                };
                let problem = match (index, formats.len()) {
                    (0, 1) => "KEY_TEMPLATE",
                    (_, 1) => "EXTRA_WIDTHS has to differ",
                    _ => "KEY_TEMPLATE needs a {format}, or EXTRA_WIDTHS has to differ",
                };
                rule = rule
                    .with_output(&template.replace("{folder}", &output), plan)
                    .map_err(|error: Misconfigured| WrongSetting(format!("{problem}: {error}")))?;
            }
        }
        // Content-based names can't be guessed, so the status lists them.
        if hashed || env("WRITE_STATUS").as_deref() == Some("true") {
            let template = if output.is_empty() {
                "{name}.json"
            } else {
                "{folder}/{name}.json"
            };
            rule = rule.with_status(&template.replace("{folder}", &output))?;
        }
        if let Some(prefix) = env("LEDGER_PREFIX") {
            // Lambda's maximum run time.
            rule = rule.with_ledger(&bucket, prefix, Duration::from_secs(900));
        }
        let limits = Limits::new()
            .with_input_bytes(whole("MAX_INPUT_BYTES", 20 << 20)?)
            .with_pixels(pixels)
            .with_memory(whole("MAX_MEMORY_BYTES", 256_000_000)?);
        Ok(Config {
            rule,
            limits,
            rejects: env("REJECTS_QUEUE_URL"),
        })
    }
}

/// The height for another width: rounded, and at least 1. Impossible sizes stay impossible.
fn scaled(height: u64, to: u64, from: u64) -> u64 {
    let high = (u128::from(height) * u128::from(to) + u128::from(from / 2)) / u128::from(from);
    u64::try_from(high).unwrap_or(u64::MAX).max(1)
}

fn format(name: &str) -> Result<Format, WrongSetting> {
    let name = name.trim();
    let writable = |format: &Format| {
        Encode::default_for(*format).is_some_and(|encode| Plan::new().with_encode(encode).check().is_ok())
    };
    let known: Vec<Format> = FORMATS.into_iter().filter(writable).collect();
    let found = known.iter().find(|format| format.name() == name);
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = known.iter().map(|format| format.name()).collect();
        WrongSetting(format!(
            "PROCESS_FORMAT has to be one of {}, not {name}",
            known.join(", ")
        ))
    })
}

/// The plan, if it can be carried out; errors name the setting at fault.
fn checked(plan: &str, extra: bool) -> Result<Plan, WrongSetting> {
    let refusal = |error: Error| {
        let setting = match error.place() {
            Some("resize.width" | "resize.height") if extra => "EXTRA_WIDTHS",
            Some("resize.width") => "PROCESS_WIDTH",
            Some("resize.height") => "PROCESS_HEIGHT",
            Some("resize.fit") => "PROCESS_FIT",
            Some("resize.position") => "PROCESS_POSITION",
            Some("tolerate") => "PROCESS_TOLERATE",
            Some("encode.quality") => "PROCESS_QUALITY",
            _ => return WrongSetting(error.to_string()),
        };
        WrongSetting(match (error.expected(), error.got()) {
            (Some(expected), Some(got)) => format!("{setting} has to be {expected}, not {got}"),
            _ => format!("{setting}: {error}"),
        })
    };
    let plan = Plan::from_json(plan).map_err(refusal)?;
    plan.check().map_err(refusal)?;
    Ok(plan)
}

/// A template for more sizes: with `-{width}` before the extension, unless it has a width or a hash already.
fn with_width(template: &str) -> String {
    if template.contains("{width}") || template.contains("{hash}") {
        return template.to_owned();
    }
    match template.rsplit_once('.') {
        Some((name, extension)) if !extension.contains('/') => format!("{name}-{{width}}.{extension}"),
        _ => format!("{template}-{{width}}"),
    }
}

fn number(name: &str, text: &str) -> Result<u64, WrongSetting> {
    let number = text.trim().parse().ok().filter(|number| (1..1 << 53).contains(number));
    number.ok_or_else(|| WrongSetting(format!("{name} has to be a whole number above 0, not {text}")))
}
