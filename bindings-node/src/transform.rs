//! `transform` and its twin that blocks.

use std::time::{Duration, Instant};

use keenpix::{Error, Limits, Output, Plan};
use napi::bindgen_prelude::{AsyncTask, Buffer, ClassInstance, Env, Task};
use napi_derive::napi;

use crate::cancel::Cancel;
use crate::faults::{Fault, guarded};
use crate::image::Outcome;
use crate::limits;

/// Makes an image for each plan, on a thread of libuv's pool. `bytes` is kept alive and not copied. Of the `deadline`
/// (in milliseconds) `elapsed` are over already.
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

/// The same on the thread of the caller.
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
    let limits = Limits {
        cancel,
        ..limits::parse(limits)?
    };
    if limits.cancel.as_ref().is_some_and(keenpix::Cancel::is_cancelled) {
        return Err(Error::Cancelled.into()); // while it waited in the pool's queue
    }
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
        Error::BadPlan { reason } if of > 1 => Error::BadPlan {
            reason: format!("plans[{index}]: {reason}"),
        },
        error => error,
    }
}

/// The deadline counts from the call in JavaScript: reading the input and waiting for a thread are part of it.
struct Clock {
    deadline: Option<Duration>,
    elapsed: Duration,
    called: Instant,
}

impl Clock {
    fn new(deadline: Option<f64>, elapsed: f64) -> Self {
        let millis = |ms: f64| Duration::try_from_secs_f64(ms / 1e3).unwrap_or(Duration::MAX);
        Clock {
            deadline: deadline.map(millis),
            elapsed: millis(elapsed),
            called: Instant::now(),
        }
    }

    fn elapsed(&self) -> Duration {
        self.elapsed.saturating_add(self.called.elapsed())
    }

    fn run<T>(&self, limits: Limits, work: impl FnOnce(&Limits) -> Result<T, Error>) -> Result<T, Error> {
        let Some(deadline) = self.deadline else {
            return work(&limits);
        };
        let limits = Limits {
            deadline: Some(deadline.saturating_sub(self.elapsed())),
            ..limits
        };
        work(&limits).map_err(|error| match error {
            Error::Deadline { .. } => Error::Deadline {
                elapsed_ms: self.elapsed().as_millis() as u64,
                deadline_ms: deadline.as_millis() as u64,
            },
            error => error,
        })
    }
}
