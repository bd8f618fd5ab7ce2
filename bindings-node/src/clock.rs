//! The clock of a call.

use std::time::{Duration, Instant};

use keenpix::{Error, Limits};

/// The deadline counts from the call in JavaScript, so it includes reading the input and waiting for a thread.
pub(crate) struct Clock {
    deadline: Option<Duration>,
    elapsed: Duration,
    called: Instant,
}

impl Clock {
    /// `elapsed` is how much of the `deadline` is already used; both in milliseconds.
    pub(crate) fn new(deadline: Option<f64>, elapsed: f64) -> Self {
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

    /// Runs `work` with the remaining time.
    pub(crate) fn run<T>(&self, limits: Limits, work: impl FnOnce(&Limits) -> Result<T, Error>) -> Result<T, Error> {
        let Some(deadline) = self.deadline else {
            return work(&limits);
        };
        let limits = limits.with_deadline(deadline.saturating_sub(self.elapsed()));
        work(&limits).map_err(|error| match error {
            Error::Deadline { .. } => Error::deadline(self.elapsed().as_millis() as u64, deadline.as_millis() as u64),
            error => error,
        })
    }
}
