//! `transform` and its blocking version.

use keenpix::{Error, Output, Plan};
use napi::bindgen_prelude::{AsyncTask, Buffer, ClassInstance, Env, Task};
use napi_derive::napi;

use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::faults::{Fault, guarded};
use crate::image::Outcome;
use crate::limits;

/// Makes an image for each plan, on a thread of libuv's pool. `bytes` is kept alive and not copied. `elapsed` is how
/// much of the `deadline` is already used, both in milliseconds.
#[napi(ts_return_type = "Promise<Outcome>")]
pub fn transform(
    bytes: Buffer,
    plans: Vec<String>,
    limits: String,
    deadline: Option<f64>,
    elapsed: f64,
    cancel: Option<ClassInstance<Cancel>>,
) -> AsyncTask<Work> {
    AsyncTask::new(Work {
        bytes,
        plans,
        limits,
        clock: Clock::new(deadline, elapsed),
        cancel: cancel.map(|cancel| cancel.0.clone()),
    })
}

/// The same on the caller's thread.
#[napi]
pub fn transform_sync(
    bytes: &[u8],
    plans: Vec<String>,
    limits: String,
    deadline: Option<f64>,
    elapsed: f64,
) -> Outcome {
    let clock = Clock::new(deadline, elapsed);
    guarded(|| run(bytes, &plans, &limits, &clock, None)).into()
}

/// A call that waits for a thread.
pub struct Work {
    bytes: Buffer,
    plans: Vec<String>,
    limits: String,
    clock: Clock,
    cancel: Option<keenpix::Cancel>,
}

impl Task for Work {
    type Output = Result<Vec<Output>, Fault>;
    type JsValue = Outcome;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded(|| {
            run(&self.bytes, &self.plans, &self.limits, &self.clock, self.cancel.clone())
        }))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> napi::Result<Outcome> {
        Ok(output.into())
    }
}

fn run(
    bytes: &[u8],
    plans: &[String],
    limits: &str,
    clock: &Clock,
    cancel: Option<keenpix::Cancel>,
) -> Result<Vec<Output>, Fault> {
    let limits = limits::parse(limits, cancel)?;
    let plans = plans
        .iter()
        .enumerate()
        .map(|(i, plan)| Plan::from_json(plan).map_err(|error| which(error, i, plans.len())))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(clock.run(limits, |limits| keenpix::transform_many(bytes, &plans, limits))?)
}

/// Says which of several plans is at fault.
fn which(error: Error, index: usize, of: usize) -> Error {
    match error {
        error @ Error::BadPlan { .. } if of > 1 => error.at(format_args!("plans[{index}]")),
        error => error,
    }
}
