//! A property of `keenpix-fuzz` as a target of libFuzzer.

use keenpix_fuzz::Check;
use rustix::time::{ClockId, clock_gettime};

/// Seconds of the processor's time: more for one input is a finding. libFuzzer's own `-timeout` is by the clock on the
/// wall, which also ticks while the process waits.
const SLOW: f64 = 10.0;

/// Makes `check` of a module of `keenpix-fuzz` a target.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        // libFuzzer's hook ends the process at any panic. Without it, another decoder's can be caught, and the
        // pipeline's own become errors, which are findings too.
        libfuzzer_sys::fuzz_target!(init: drop(std::panic::take_hook()), |bytes: &[u8]| {
            $crate::timed(keenpix_fuzz::$name::check, bytes)
        });
    };
}

/// Calls `check`, and panics if it is slow.
pub fn timed(check: Check, bytes: &[u8]) {
    let started = processor_time();
    check(bytes);
    let took = processor_time() - started;
    assert!(took < SLOW, "took {took:.1} s");
}

fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
