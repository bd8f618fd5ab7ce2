//! `stats`: statistics of an image's pixels, and its blocking version.

use napi::bindgen_prelude::{AsyncTask, Buffer, ClassInstance, Env, Task};
use napi_derive::napi;

use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::faults::{Fault, guarded, json};
use crate::limits;

/// Either statistics, as JSON, or a fault.
#[napi(object, object_from_js = false)]
pub struct Figures {
    pub stats: Option<String>,
    pub fault: Option<Fault>,
}

/// Computes statistics of the pixels of the image in `bytes`, on a thread of libuv's pool. The rest is as in
/// `transform`.
#[napi(ts_return_type = "Promise<Figures>")]
pub fn stats(
    bytes: Buffer,
    tolerate: String,
    limits: String,
    deadline: Option<f64>,
    elapsed: Option<f64>,
    cancel: Option<ClassInstance<Cancel>>,
) -> AsyncTask<StatsWork> {
    AsyncTask::new(StatsWork {
        bytes,
        tolerate,
        limits,
        clock: Clock::new(deadline, elapsed.unwrap_or(0.0)),
        cancel: cancel.map(|cancel| cancel.0.clone()),
    })
}

/// The same on the caller's thread.
#[napi]
pub fn stats_sync(
    bytes: &[u8],
    tolerate: String,
    limits: String,
    deadline: Option<f64>,
    elapsed: Option<f64>,
) -> Figures {
    let clock = Clock::new(deadline, elapsed.unwrap_or(0.0));
    guarded(|| run(bytes, &tolerate, &limits, &clock, None)).into()
}

/// A call that waits for a thread.
pub struct StatsWork {
    bytes: Buffer,
    tolerate: String,
    limits: String,
    clock: Clock,
    cancel: Option<keenpix::Cancel>,
}

impl Task for StatsWork {
    type Output = Result<String, Fault>;
    type JsValue = Figures;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded(|| {
            run(
                &self.bytes,
                &self.tolerate,
                &self.limits,
                &self.clock,
                self.cancel.clone(),
            )
        }))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> napi::Result<Figures> {
        Ok(output.into())
    }
}

fn run(
    bytes: &[u8],
    tolerate: &str,
    limits: &str,
    clock: &Clock,
    cancel: Option<keenpix::Cancel>,
) -> Result<String, Fault> {
    let tolerate = match tolerate {
        "none" => keenpix::input::Tolerate::None,
        "damage" => keenpix::input::Tolerate::Damage,
        "errors" => keenpix::input::Tolerate::Errors,
        _ => keenpix::input::Tolerate::Truncated,
    };
    let limits = limits::parse(limits, cancel)?;
    json(&clock.run(limits, |limits| keenpix::stats(bytes, tolerate, limits))?)
}

impl From<Result<String, Fault>> for Figures {
    fn from(result: Result<String, Fault>) -> Self {
        let (stats, fault) = match result {
            Ok(stats) => (Some(stats), None),
            Err(fault) => (None, Some(fault)),
        };
        Figures { stats, fault }
    }
}
