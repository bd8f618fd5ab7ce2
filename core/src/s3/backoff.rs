//! The waits between tries of a request.

use std::time::Duration;

/// How often a request to S3 is tried, and how long to wait in between: a random time up to `base`, which doubles with
/// each try up to `cap` ("full jitter": functions that were told to slow down must not all come back at once).
///
/// ```
/// use std::time::Duration;
/// use keenpix::s3::Backoff;
///
/// let patient = Backoff::new().with_tries(6).with_cap(Duration::from_secs(10));
/// assert_eq!(patient.base, Duration::from_millis(100));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backoff {
    /// How often a request is tried. Default: 4.
    pub tries: u32,
    /// The longest wait after the first try. Default: 100 ms.
    pub base: Duration,
    /// The longest wait after any try. Default: 3 s.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff {
            tries: 4,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(3),
        }
    }
}

impl Backoff {
    /// [`Backoff::default`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`Backoff::tries`].
    pub fn with_tries(mut self, tries: u32) -> Self {
        self.tries = tries;
        self
    }

    /// Sets [`Backoff::base`].
    pub fn with_base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets [`Backoff::cap`].
    pub fn with_cap(mut self, cap: Duration) -> Self {
        self.cap = cap;
        self
    }

    /// The wait after a failed try, counted from 0; `None` if that was the last.
    pub(super) fn wait(&self, tried: u32) -> Option<Duration> {
        (tried.saturating_add(1) < self.tries).then(|| self.longest(tried).mul_f64(fastrand::f64()))
    }

    fn longest(&self, tried: u32) -> Duration {
        self.base.saturating_mul(2_u32.saturating_pow(tried)).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_end() {
        let backoff = Backoff::new().with_tries(40);
        assert_eq!(backoff.longest(0), Duration::from_millis(100));
        assert_eq!(backoff.longest(3), Duration::from_millis(800));
        assert_eq!(backoff.longest(39), Duration::from_secs(3));
        assert!(backoff.wait(38).is_some());
        assert_eq!(backoff.wait(39), None);
    }

    #[test]
    fn waits_are_spread_over_the_whole_time() {
        let backoff = Backoff::default();
        let waits: Vec<Duration> = (0..200).filter_map(|_| backoff.wait(1)).collect();
        assert_eq!(waits.len(), 200);
        assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(200)));
        assert!(waits.iter().any(|wait| *wait < Duration::from_millis(60)));
        assert!(waits.iter().any(|wait| *wait > Duration::from_millis(140)));
    }
}
