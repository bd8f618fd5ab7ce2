//! Whole transforms, bytes to bytes: the rows of `peers/rows.json`, whose images `peers/make_inputs.py` makes, and some
//! with photographs of the repository, which are always available.

mod cpu;

use std::hint::black_box;
use std::time::Duration;

use cpu::CpuTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use keenpix::{Limits, Plan, transform_many};
use keenpix_benches::{Inputs, example_photo};
use serde_json::Value;

const ROWS: &str = include_str!("../peers/rows.json");

/// A photograph of the repository, and a plan.
const PHOTOS: [(&str, &str); 6] = [
    (
        "landscape.jpg",
        r#"{"resize": {"width": 720}, "encode": {"format": "jpeg"}}"#,
    ),
    (
        "landscape.jpg",
        r#"{"resize": {"width": 720}, "encode": {"format": "webp"}}"#,
    ),
    (
        "portrait-orientation-6.jpg",
        r#"{"resize": {"width": 512, "height": 512}, "encode": {"format": "jpeg"}}"#,
    ),
    (
        "brushes-display-p3.jpg",
        r#"{"resize": {"width": 720}, "encode": {"format": "jpeg"}}"#,
    ),
    (
        "bowl-alpha.png",
        r#"{"resize": {"width": 320}, "encode": {"format": "png"}}"#,
    ),
    (
        "stream.webp",
        r#"{"resize": {"width": 720}, "encode": {"format": "webp"}}"#,
    ),
];

fn photos(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("photos");
    for (name, plan) in PHOTOS {
        let bytes = example_photo(name).unwrap_or_else(|error| panic!("examples/photos/{name}: {error}"));
        let plan = plan_of(plan);
        bench(&mut group, &format!("{name} to {}", label(&plan)), &bytes, &[plan]);
    }
}

fn rows(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("rows");
    let inputs = Inputs::find();
    let rows: Vec<Value> = serde_json::from_str(ROWS).expect("rows.json is JSON");
    for row in &rows {
        let text = |key: &str| {
            row[key]
                .as_str()
                .unwrap_or_else(|| panic!("rows.json: {key} is missing in {row}"))
        };
        let (name, input) = (format!("{} {}", text("row"), text("work")), text("input"));
        let plans = row["keenpix"]
            .as_array()
            .or(row["plans"].as_array())
            .expect("rows.json: plans");
        let plans: Vec<Plan> = plans.iter().map(|plan| plan_of(&plan.to_string())).collect();
        if let Some(bytes) = inputs.read(input) {
            bench(&mut group, &name, &bytes, &plans);
        }
    }
}

fn bench(group: &mut BenchmarkGroup<'_, CpuTime>, name: &str, bytes: &[u8], plans: &[Plan]) {
    let run = || transform_many(black_box(bytes), plans, &Limits::default());
    match run() {
        Ok(_) => {
            group.bench_function(name, |b| b.iter(run));
        }
        #[allow(clippy::print_stderr, reason = "for the person who runs the benchmark")]
        Err(error) => eprintln!("skipped: {name}: {error}"),
    }
}

fn plan_of(json: &str) -> Plan {
    Plan::from_json(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn label(plan: &Plan) -> String {
    let size = plan.resize.and_then(|resize| resize.width).unwrap_or_default();
    format!("{size} wide {:?}", plan.encode.map(|encode| encode.format()))
        .replace("Some(", "")
        .replace(')', "")
}

criterion_group! {
    name = pipelines;
    config = Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = photos, rows
}
criterion_main!(pipelines);
