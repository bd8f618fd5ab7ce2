//! The frames of an animation that a plan uses.

use crate::error::{Error, Result};
use crate::plan::Frames;

/// Frames that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Selection {
    start: u32,
    count: u32,
}

impl Selection {
    /// Resolves the plan's frames for an input of `of` frames; without `animates`, only the first one is used.
    ///
    /// # Errors
    ///
    /// [`Error::BadPlan`] for a range that is empty, or begins after the last frame.
    pub(crate) fn solve(frames: Frames, of: u32, animates: bool) -> Result<Self> {
        let of = of.max(1);
        let (start, count) = match frames {
            Frames::First => (0, 1),
            Frames::All => (0, of),
            Frames::Range { start, count } => (start, count),
        };
        if count == 0 || start >= of {
            let expected = format_args!("at least one of the input's {of}");
            let got = format_args!("{count} from {start}");
            return Err(Error::out_of_range("frames.range", expected, got));
        }
        let count = if animates { count.min(of - start) } else { 1 };
        Ok(Selection { start, count })
    }

    /// Whether the frame of this index is one of them.
    pub(crate) fn holds(&self, index: u32) -> bool {
        (self.start..self.start + self.count).contains(&index)
    }

    /// Whether a decoder must go beyond the first frame.
    pub(crate) fn beyond_first(&self) -> bool {
        *self != Selection { start: 0, count: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selects_within_the_input() {
        let range = |start, count| Frames::Range { start, count };
        let held = |frames, of, animates| -> Vec<u32> {
            let selection = Selection::solve(frames, of, animates).unwrap();
            (0..10).filter(|&index| selection.holds(index)).collect()
        };
        assert_eq!(held(Frames::First, 4, true), [0]);
        assert_eq!(held(Frames::All, 4, true), [0, 1, 2, 3]);
        assert_eq!(held(Frames::All, 4, false), [0]);
        assert_eq!(held(range(1, 2), 4, true), [1, 2]);
        assert_eq!(held(range(1, 2), 4, false), [1]);
        assert_eq!(held(range(3, u32::MAX), 4, true), [3]);
        for (frames, of) in [(range(4, 1), 4), (range(0, 0), 4), (range(1, 1), 1)] {
            assert_eq!(Selection::solve(frames, of, true).unwrap_err().code(), "BAD_PLAN");
        }
    }

    #[test]
    fn only_the_first_frame_needs_no_more() {
        let beyond_first = |frames| Selection::solve(frames, 4, true).unwrap().beyond_first();
        assert!(!beyond_first(Frames::First));
        assert!(beyond_first(Frames::All) && beyond_first(Frames::Range { start: 1, count: 1 }));
    }
}
