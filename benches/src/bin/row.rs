//! The runner for keenpix: `row INPUT PLANS ITERATIONS PREFIX`, see [`keenpix_benches::run`].

use std::error::Error;

use keenpix::{Limits, Plan, transform_many};
use keenpix_benches::{Runner, run};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    run(&Runner {
        version: format!("keenpix {}", env!("CARGO_PKG_VERSION")),
        work,
    })
}

fn work(bytes: &[u8], plans: &[Value]) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let plans = plans
        .iter()
        .map(|plan| Plan::from_json(&plan.to_string()))
        .collect::<Result<Vec<_>, _>>()?;
    let outputs = transform_many(bytes, &plans, &Limits::default())?;
    Ok(outputs.into_iter().map(|output| output.bytes).collect())
}
