//! The flag behind an `AbortSignal`.

use napi_derive::napi;

/// JavaScript raises it while a call runs on another thread.
#[napi]
pub struct Cancel(pub(crate) keenpix::Cancel);

#[napi]
impl Cancel {
    #[napi(constructor)]
    #[allow(clippy::new_without_default, reason = "called from JavaScript only")]
    pub fn new() -> Self {
        Cancel(keenpix::Cancel::default())
    }

    /// Stops the calls that were given this flag.
    #[napi]
    pub fn cancel(&self) {
        self.0.cancel();
    }
}
