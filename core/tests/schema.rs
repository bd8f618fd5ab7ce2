//! The JSON Schema of a plan is committed, because bindings and documentation are generated from it.

use std::path::Path;

use schemars::Schema;
use schemars::transform::{RecursiveTransform, Transform};

#[test]
fn the_committed_schema_is_the_plans() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("plan.schema.json");
    let mut schema = schemars::schema_for!(keenpix::Plan);
    RecursiveTransform(without_example).transform(&mut schema);
    let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("KEENPIX_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == schema,
        "core/plan.schema.json is out of date; update it with: KEENPIX_WRITE_SCHEMA=1 cargo test -p keenpix --features \
         schema --test schema"
    );
}

/// Removes the documentation's examples, which are in Rust, because the schema is for every language.
fn without_example(schema: &mut Schema) {
    if let Some(serde_json::Value::String(text)) = schema.get_mut("description")
        && let Some(example) = text.find("\n\n```")
    {
        text.truncate(example);
    }
}
