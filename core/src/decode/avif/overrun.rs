//! Deadlines of AV1 decoding, which can't be stopped: what can't be done in time is refused, and of all calls of the
//! process, one at most leaves its decoder behind.
//!
//! A decoder that may not be ready in time needs the process's only [`Permit`] before it starts, and keeps it until it
//! ends, even if nobody waits any more. So those that are uncertain come one after the other, and nothing is left
//! behind by the others.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::budget::Budget;
use crate::error::Result;

/// What decides about the time that decoding takes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) pixels: u64,
    /// Pixels of all planes.
    pub(super) samples: u64,
    /// Bytes of AV1 data.
    pub(super) bytes: u64,
}

impl Work {
    /// What decoding takes at least, with two threads on a processor half as fast again as the one that was measured:
    /// there, noise took 62 ns for each of its bytes and flat colours 3 ns a pixel, in one thread.
    pub(super) fn least(self) -> Duration {
        Duration::from_nanos(self.pixels.saturating_add(self.bytes.saturating_mul(20)))
    }

    /// What it takes at most on a processor of a quarter of the speed, or of which others take three quarters: small
    /// blocks took 28 ns a sample.
    fn most(self) -> Duration {
        let cpu = self.pixels.saturating_mul(10);
        let cpu = cpu.saturating_add(self.samples.saturating_mul(28));
        Duration::from_nanos(cpu.saturating_add(self.bytes.saturating_mul(75)).saturating_mul(4))
    }

    fn is_more_than(self, other: Work) -> bool {
        self.samples >= other.samples && self.bytes >= other.bytes
    }
}

impl std::ops::AddAssign for Work {
    fn add_assign(&mut self, other: Work) {
        self.pixels = self.pixels.saturating_add(other.pixels);
        self.samples = self.samples.saturating_add(other.samples);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// The right to be left behind, until it is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    /// When a decoder that has not ended has lost a thread to a panic, and never will: it takes no time any more.
    lost: Instant,
    work: Work,
    started: Instant,
}

/// Who has the permit, and what took longer than its deadline allowed.
struct State {
    holder: Weak<Permit>,
    slow: Option<Slow>,
}

static STATE: Mutex<State> = Mutex::new(State {
    holder: Weak::new(),
    slow: None,
});

/// A decoder that was left behind: how long it took, and when that was.
#[derive(Clone, Copy)]
struct Slow {
    work: Work,
    taken: Duration,
    ended: Instant,
}

/// For how long the time of a slow decoder says something about the next.
const REMEMBERED: Duration = Duration::from_secs(30);

/// Fails if there is no time for this work, because it takes longer on every machine.
pub(super) fn check(work: Work, budget: &Budget) -> Result<()> {
    budget.check()?;
    match budget.remaining() {
        Some(remaining) if work.least() > remaining => Err(budget.too_late()),
        _ => Ok(()),
    }
}

/// Waits until a decoder for this work may start: `None` if it will surely be ready in time.
pub(super) fn enter(work: Work, patience: Duration, budget: &Budget) -> Result<Option<Arc<Permit>>> {
    check(work, budget)?;
    match budget.remaining() {
        Some(remaining) if work.most() > remaining => {}
        _ => return Ok(None),
    }
    let permit = loop {
        match take(work, patience) {
            Some(permit) => break permit,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
        check(work, budget)?;
    };
    let slow = state().slow;
    let as_slow = slow.filter(|slow| slow.ended.elapsed() < REMEMBERED && work.is_more_than(slow.work));
    match (as_slow, budget.remaining()) {
        (Some(slow), Some(remaining)) if slow.taken.mul_f64(0.8) > remaining => Err(budget.too_late()),
        _ => Ok(Some(permit)),
    }
}

/// The permit, if nobody has it.
pub(super) fn take(work: Work, patience: Duration) -> Option<Arc<Permit>> {
    let mut state = state();
    let started = Instant::now();
    if state.holder.upgrade().is_some_and(|holder| started < holder.lost) {
        return None;
    }
    let permit = Arc::new(Permit {
        lost: started + patience,
        work,
        started,
    });
    state.holder = Arc::downgrade(&permit);
    Some(permit)
}

impl Permit {
    /// Remembers how long it took what was left behind.
    pub(super) fn was_late(&self) {
        state().slow = Some(Slow {
            work: self.work,
            taken: self.started.elapsed(),
            ended: Instant::now(),
        });
    }
}

fn state() -> std::sync::MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    const PHOTO: Work = Work {
        pixels: 12_000_000,
        samples: 18_000_000,
        bytes: 3_000_000,
    };

    fn within(deadline: u64) -> Budget {
        Budget::new(&Limits::new().with_deadline(Duration::from_millis(deadline)))
    }

    #[test]
    fn what_is_hopeless_is_refused_and_what_is_certain_needs_no_permit() {
        let patience = Duration::from_secs(10);
        assert_eq!(check(PHOTO, &within(20)).unwrap_err().code(), "DEADLINE");
        assert_eq!(enter(PHOTO, patience, &within(20)).unwrap_err().code(), "DEADLINE");
        assert!(enter(PHOTO, patience, &within(60_000)).unwrap().is_none());
        let unlimited = Budget::new(&Limits::default());
        assert!(enter(PHOTO, patience, &unlimited).unwrap().is_none());
    }

    #[test]
    fn what_is_uncertain_waits_for_the_one_before() {
        let _alone = alone();
        let patience = Duration::from_secs(10);
        let first = enter(PHOTO, patience, &within(1000)).unwrap().expect("a permit");
        let started = Instant::now();
        assert_eq!(enter(PHOTO, patience, &within(150)).unwrap_err().code(), "DEADLINE");
        assert!(started.elapsed() < Duration::from_millis(1000));
        drop(first);
        let second = enter(PHOTO, Duration::ZERO, &within(1000)).unwrap();
        assert!(second.is_some());
        // This one is lost at once, so that others need not wait for it.
        assert!(enter(PHOTO, patience, &within(1000)).unwrap().is_some());
    }

    #[test]
    fn what_was_slow_is_not_tried_again_for_a_while() {
        let _alone = alone();
        let permit = Permit {
            lost: Instant::now(),
            work: PHOTO,
            started: Instant::now() - Duration::from_secs(5),
        };
        permit.was_late();
        let more = Work {
            bytes: PHOTO.bytes * 2,
            ..PHOTO
        };
        let less = Work {
            bytes: PHOTO.bytes / 2,
            ..PHOTO
        };
        assert_eq!(
            enter(more, Duration::ZERO, &within(2000)).unwrap_err().code(),
            "DEADLINE"
        );
        assert!(enter(less, Duration::ZERO, &within(2000)).is_ok());
        state().slow = None;
        assert!(enter(more, Duration::ZERO, &within(2000)).is_ok());
    }

    /// The state is the process's, so that its tests run one after the other.
    fn alone() -> std::sync::MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
