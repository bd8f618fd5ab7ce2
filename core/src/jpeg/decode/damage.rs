//! What to do about faults in the file: the only place that knows [`Tolerate`].

use std::fmt::Display;

use crate::error::{Error, Reason, Result};
use crate::format::Format;
use crate::request::Tolerate;

/// Beyond this many, warnings add nothing new.
const MOST_WARNINGS: usize = 16;

/// Turns a fault into a warning or into an error, as the caller wishes.
#[derive(Debug)]
pub(super) struct Damage<'w> {
    tolerate: Tolerate,
    warnings: &'w mut Vec<String>,
}

impl<'w> Damage<'w> {
    pub(super) fn new(tolerate: Tolerate, warnings: &'w mut Vec<String>) -> Self {
        Damage { tolerate, warnings }
    }

    /// Odd, but the image is complete: never an error.
    pub(super) fn note(&mut self, reason: impl Display) {
        let _ = self.warn(reason);
    }

    /// Violates the standard, with no effect on the image.
    pub(super) fn harmless(&mut self, reason: impl Display) -> Result<()> {
        match self.tolerate {
            Tolerate::None => Err(Error::bad_input(Format::Jpeg, reason)),
            Tolerate::Truncated | Tolerate::Damage | Tolerate::Errors => self.warn(reason),
        }
    }

    /// The end marker is missing; the pixels are all there.
    pub(super) fn missing_eoi(&mut self) -> Result<()> {
        let reason = "the file ends without EOI";
        match self.tolerate.truncation() {
            false => Err(Error::bad_input(Format::Jpeg, reason).because(Reason::MissingEoi)),
            true => self.warn(reason),
        }
    }

    /// The data ends before the image does.
    pub(super) fn truncated(&mut self, reason: impl Display) -> Result<()> {
        match self.tolerate.truncation() {
            false => Err(Error::truncated(Format::Jpeg, reason)),
            true => self.warn(reason),
        }
    }

    /// Part of the image is wrong.
    pub(super) fn corrupt(&mut self, reason: impl Display) -> Result<()> {
        match self.tolerate.damage() {
            false => Err(Error::bad_input(Format::Jpeg, reason)),
            true => self.warn(reason),
        }
    }

    /// A scan breaks off at a marker: what follows is missing up to the next restart, as if the file ended here, and
    /// what comes after that is there. Who accepts either accepts both.
    pub(super) fn broken_off(&mut self, reason: impl Display) -> Result<()> {
        match self.tolerate.truncation() || self.tolerate.damage() {
            false => Err(Error::bad_input(Format::Jpeg, reason)),
            true => self.warn(reason),
        }
    }

    fn warn(&mut self, reason: impl Display) -> Result<()> {
        if self.warnings.len() < MOST_WARNINGS {
            let warning = reason.to_string();
            if self.warnings.last() != Some(&warning) {
                self.warnings.push(warning);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tolerance_draws_its_line() {
        let mut warnings = Vec::new();
        for (tolerate, harmless, truncated, corrupt, broken_off) in [
            (Tolerate::None, false, false, false, false),
            (Tolerate::Truncated, true, true, false, true),
            (Tolerate::Damage, true, false, true, true),
            (Tolerate::Errors, true, true, true, true),
        ] {
            let mut damage = Damage::new(tolerate, &mut warnings);
            assert_eq!(damage.harmless("a").is_ok(), harmless);
            assert_eq!(damage.truncated("b").is_ok(), truncated);
            assert_eq!(damage.corrupt("c").is_ok(), corrupt);
            assert_eq!(damage.broken_off("d").is_ok(), broken_off);
        }
        assert_eq!(warnings, ["a", "b", "d", "a", "c", "d", "a", "b", "c", "d"]);
    }

    #[test]
    fn warnings_are_bounded() {
        let mut warnings = Vec::new();
        let mut damage = Damage::new(Tolerate::Errors, &mut warnings);
        for number in 0..1000 {
            damage.corrupt(number).unwrap();
        }
        assert_eq!(warnings.len(), MOST_WARNINGS);
    }
}
