//! Reading a plan from JSON, with errors that say where and what was probably meant.

use serde_json::Value;

use super::Plan;
use crate::error::{Error, Result};

pub(super) fn parse(json: &str) -> Result<Plan> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let plan = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        let place = if path == "." {
            String::new()
        } else {
            format!("{path}: ")
        };
        let hint = nearest(&message)
            .map(|name| format!("; did you mean `{name}`?"))
            .unwrap_or_default();
        Error::bad_plan(format_args!("{place}{message}{hint}"))
    })?;
    reader.end().map_err(Error::bad_plan)?;
    if json.contains('[') {
        check_lists(&serde_json::from_str(json).map_err(Error::bad_plan)?, "")?;
    }
    Ok(plan)
}

/// The keys whose values are lists.
const LISTS: [&str; 4] = ["effects", "layers", "offset", "slope"];

/// Refuses lists in the place of objects: serde would take their values in the order of the fields, which is no promise.
fn check_lists(value: &Value, path: &str) -> Result<()> {
    let list_or_not = |(key, value): (&String, &Value)| match value {
        Value::Array(_) if !LISTS.contains(&key.as_str()) => check_lists(value, &format!("{path}{key}")),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(at, item)| check_lists(item, &format!("{path}{key}[{at}]."))),
        value => check_lists(value, &format!("{path}{key}.")),
    };
    match value {
        Value::Object(fields) => fields.iter().try_for_each(list_or_not),
        Value::Array(_) => {
            let place = path.trim_end_matches('.');
            let place = if place.is_empty() { "the plan" } else { place };
            Err(Error::bad_plan(format_args!("{place} is a list, expected an object")))
        }
        _ => Ok(()),
    }
}

/// The legal name that is nearest to the unknown one, both as serde's message quotes them:
/// "unknown field `widht`, expected one of `width`, `height`".
fn nearest(message: &str) -> Option<&str> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next().filter(|_| message.starts_with("unknown "))?;
    quoted
        .map(|name| (distance(unknown, name), name))
        .min()
        .filter(|(distance, name)| *distance <= (name.len() / 2).max(1))
        .map(|(_, name)| name)
}

/// Edit distance with transpositions (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j] + 1)
                .min(row[j - 1] + 1)
                .min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        parse(json).unwrap_err().to_string()
    }

    #[test]
    fn names_the_place_and_the_nearest_key() {
        let message = error(r#"{"resize": {"widht": 100}}"#);
        assert!(
            message.contains("resize") && message.contains("did you mean `width`?"),
            "{message}"
        );
        let message = error(r#"{"encode": {"format": "png", "qualty": 3}}"#);
        assert!(message.contains("unknown field `qualty`"), "{message}");
        let message = error(r#"{"encode": {"format": "jpg"}}"#);
        assert!(message.contains("did you mean `jpeg`?"), "{message}");
        let message = error(r#"{"resize": {"fit": "covr"}}"#);
        assert!(
            message.contains("resize.fit") && message.contains("did you mean `cover`?"),
            "{message}"
        );
        let message = error(r#"{"resize": {"position": "middle"}}"#);
        assert!(message.contains("a focal point"), "{message}");
        assert!(error("{} x").contains("trailing characters"));
    }

    #[test]
    fn a_list_is_no_object() {
        for (json, place) in [
            ("[]", "the plan is a list"),
            (r#"{"resize": [100, 50]}"#, "resize is a list"),
            (r#"{"encode": ["png"]}"#, "encode is a list"),
            (r#"{"effects": [["flip"]]}"#, "effects[0] is a list"),
            (
                r#"{"effects": [{"effect": "extend", "background": [1, 2, 3]}]}"#,
                "effects[0]",
            ),
        ] {
            assert!(error(json).contains(place), "{}", error(json));
        }
        let lists = r#"{"effects": [{"effect": "linear", "slope": [1, 2, 3], "offset": [0, 0, 1]}]}"#;
        assert!(parse(lists).is_ok());
    }

    #[cfg(feature = "schema")]
    #[test]
    fn the_lists_are_the_schemas() {
        fn lists(schema: &Value, key: &str, found: &mut std::collections::BTreeSet<String>) {
            if let Value::Object(fields) = schema {
                let kind = fields.get("type").map(Value::to_string).unwrap_or_default();
                if kind.contains("array") {
                    found.insert(key.to_owned());
                }
                fields.iter().for_each(|(key, value)| lists(value, key, found));
            } else if let Value::Array(items) = schema {
                items.iter().for_each(|item| lists(item, key, found));
            }
        }
        let mut found = std::collections::BTreeSet::new();
        lists(schemars::schema_for!(Plan).as_value(), "", &mut found);
        assert_eq!(found.iter().collect::<Vec<_>>(), LISTS);
    }

    #[test]
    fn a_plan_survives_json() {
        let json = r##"{"tolerate":"none","frames":"all","orient":{"auto":false,"rotate":90,"flip":true,"flop":false},
            "crop":{"left":1,"top":2,"width":3,"height":4},
            "resize":{"width":5,"fit":"contain","position":{"x":0.5,"y":0.25},"kernel":"mitchell","light":"linear"},
            "background":"#0000","flatten":true,"encode":{"format":"jpeg","chroma":"4:4:4"},"metadata":{"icc":true}}"##;
        let plan = parse(json).unwrap();
        assert_eq!(parse(&serde_json::to_string(&plan).unwrap()).unwrap(), plan);
        assert_eq!(parse("{}").unwrap(), Plan::default());
    }
}
