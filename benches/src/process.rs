//! What this process has used.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// CPU time of this process since its start, user and system, all threads.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or(0), nanoseconds.unwrap_or(0))
}

/// The peak resident memory of this process, in kB; `None` if the system doesn't say (anything but Linux).
///
/// It is read from `VmHWM`, which is reset for each program; `getrusage` would include the parent's memory at the time
/// of the fork.
pub fn peak_memory_kb() -> Option<u64> {
    status("VmHWM:")
}

/// The resident memory of this process, in kB.
pub fn resident_kb() -> Option<u64> {
    status("VmRSS:")
}

/// How many threads this process has.
pub fn threads() -> Option<u64> {
    status("Threads:")
}

fn status(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_grows_with_work() {
        let before = cpu_time();
        let sum = (0..2_000_000_u64).fold(0, |sum, n| std::hint::black_box(sum ^ n));
        assert!(std::hint::black_box(sum) < u64::MAX && cpu_time() > before);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_peak_is_known() {
        assert!(peak_memory_kb().is_some_and(|kb| kb > 100));
        assert!(resident_kb() <= peak_memory_kb() && threads() >= Some(1));
    }
}
