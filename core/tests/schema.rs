//! The JSON Schema of a plan is committed: bindings and documentation are made from it.

use std::path::Path;

#[test]
fn the_committed_schema_is_the_plans() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("plan.schema.json");
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(keenpix::Plan)).unwrap() + "\n";
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
