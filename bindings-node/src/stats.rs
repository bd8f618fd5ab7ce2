//! `stats`: figures about an image's pixels, for `keenpix/sharp`.

use napi::bindgen_prelude::{AsyncTask, Buffer, Env, Task};
use napi_derive::napi;

use crate::faults::{Fault, guarded, json};
use crate::limits;

/// Either figures, as JSON, or a fault.
#[napi(object, object_from_js = false)]
pub struct Figures {
    pub stats: Option<String>,
    pub fault: Option<Fault>,
}

/// Works out figures about the pixels of the image in `bytes`, on a thread of libuv's pool.
#[napi(ts_return_type = "Promise<Figures>")]
pub fn stats(bytes: Buffer, limits: String) -> AsyncTask<StatsWork> {
    AsyncTask::new(StatsWork { bytes, limits })
}

/// A call that waits for a thread.
pub struct StatsWork {
    bytes: Buffer,
    limits: String,
}

impl Task for StatsWork {
    type Output = Result<String, Fault>;
    type JsValue = Figures;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded(|| {
            let limits = limits::parse(&self.limits)?;
            json(&keenpix::stats(&self.bytes, &limits)?)
        }))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> napi::Result<Figures> {
        Ok(match output {
            Ok(stats) => Figures {
                stats: Some(stats),
                fault: None,
            },
            Err(fault) => Figures {
                stats: None,
                fault: Some(fault),
            },
        })
    }
}
