//! The entropy-coded bytes of one scan: removes byte stuffing, finds restart markers (T.81 B.1.1.5, E.2.4).
//!
//! The bytes go through a window of bounded size, so the file never needs a second copy of itself.

use super::bits::{Bits, WINDOW, Window};
use super::damage::Damage;
use super::markers::{self, EOI, RST0, RST7, SOF0, end_of_scan, find_marker, skip_fill};
use crate::budget::{Budget, Reserved};
use crate::error::Result;

/// Maximum bytes that the blocks of one MCU can take: 10 blocks × 64 coefficients × 32 bits, and one look-ahead.
const MCU: usize = 10 * 64 * 4 + 16;
/// Maximum bytes in the window, so that an MCU that starts at the last one stays inside.
const FULL: usize = WINDOW - MCU;
/// How many bytes behind the last one an arithmetic decoder looks at, and then some: an encoder drops zeros at the end.
const AHEAD: usize = 4;

/// The current restart interval of a scan, or all of it.
#[derive(Debug)]
pub(super) struct Entropy<'a> {
    input: &'a [u8],
    /// The next input byte for the window.
    pos: usize,
    window: Box<Window>,
    _reserved: Reserved,
    /// How much of the window is filled.
    len: usize,
    /// Whether `pos` is at a marker, or at the end of the input.
    ended: bool,
    /// Whether blocks are missing from here to the next restart marker.
    exhausted: bool,
    /// Zeros that `byte` has made up.
    missing: usize,
    pub(super) bits: Bits,
    next_restart: u8,
}

impl<'a> Entropy<'a> {
    /// Entropy-coded data starts at `pos`.
    pub(super) fn new(input: &'a [u8], pos: usize, budget: &Budget) -> Result<Self> {
        let mut entropy = Entropy {
            input,
            pos,
            window: Box::new([0; WINDOW + 8]),
            _reserved: budget.reserve(size_of::<Window>() as u64)?,
            len: 0,
            ended: false,
            exhausted: false,
            missing: 0,
            bits: Bits::default(),
            next_restart: 0,
        };
        entropy.fill();
        Ok(entropy)
    }

    /// Makes sure that the window holds another MCU, or all that is left. Call it before each MCU.
    #[inline(always)]
    pub(super) fn ensure(&mut self) {
        if self.bits.position() + MCU > self.len && !self.ended {
            self.fill();
        }
    }

    /// Whether the window has all that is left.
    #[inline(always)]
    pub(super) fn is_ending(&self) -> bool {
        self.ended
    }

    #[inline(always)]
    pub(super) fn parts(&mut self) -> (&mut Bits, &Window) {
        (&mut self.bits, &self.window)
    }

    /// Whether there is nothing more to decode before the next restart marker.
    #[inline(always)]
    pub(super) fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// Whether there is nothing more to decode in the whole scan: no restart can get past the marker.
    pub(super) fn finished(&self) -> bool {
        self.exhausted && self.ended && !matches!(self.marker(), Some(..SOF0 | RST0..=RST7))
    }

    /// Checks that the last decoded MCU was really there. Missing bits have been read as zeros.
    #[inline(always)]
    pub(super) fn check(&mut self, damage: &mut Damage<'_>) -> Result<()> {
        if self.ended && self.bits.consumed() > self.len * 8 {
            self.exhausted = true;
            return self.report_end(damage);
        }
        if self.bits.bad_code {
            self.bits.bad_code = false;
            // libjpeg-turbo's fast path silently reads such codes as zeros, and some files that every
            // program shows contain them.
            return damage.harmless(format_args!(
                "a code that is in no Huffman table, before byte {}",
                self.pos
            ));
        }
        Ok(())
    }

    /// The next byte, for arithmetic decoding; zeros behind the last one.
    #[inline]
    pub(super) fn byte(&mut self) -> u8 {
        if self.bits.position() >= self.len {
            if !self.ended {
                self.fill();
            }
            if self.bits.position() >= self.len {
                self.missing += 1;
                return 0;
            }
        }
        self.bits.byte(&self.window)
    }

    /// `check` for arithmetic decoding. Before a marker any number of zeros may have been left out (T.81 D.1.8), so
    /// only a file that ends, or a marker that can't stand there, shows that something is missing.
    #[inline]
    pub(super) fn check_bytes(&mut self, restarts: bool, damage: &mut Damage<'_>) -> Result<()> {
        if self.missing <= AHEAD {
            return Ok(());
        }
        match self.marker() {
            Some(RST0..=RST7) if restarts => Ok(()),
            Some(marker) if markers::follows_scan(marker) => Ok(()),
            _ => {
                self.exhausted = true;
                self.report_end(damage)
            }
        }
    }

    /// A code that no encoder writes: nothing up to the next restart marker can be decoded.
    #[cold]
    pub(super) fn give_up(&mut self, damage: &mut Damage<'_>) -> Result<()> {
        self.exhausted = true;
        damage.corrupt(format_args!("an impossible arithmetic code, before byte {}", self.pos))
    }

    /// Continues after the next restart marker. If it is missing or the wrong one, follows libjpeg (the rules of its
    /// `jpeg_resync_to_restart`): a marker that is up to two too early is left until it is due, one that is up to two
    /// too late is skipped, and any other is taken as the one that is due.
    pub(super) fn restart(&mut self, damage: &mut Damage<'_>) -> Result<()> {
        let due = RST0 + self.next_restart;
        self.next_restart = (self.next_restart + 1) & 7;
        let unread = (self.len * 8).saturating_sub(self.bits.consumed()) / 8;
        if unread > 0 || !self.ended {
            damage.harmless(format_args!("extraneous bytes before restart marker FF {due:02X}"))?;
        }
        self.begin();
        let broken_off = std::mem::take(&mut self.exhausted);
        loop {
            let Some((at, marker)) = find_marker(self.input, self.pos) else {
                self.pos = self.input.len();
                self.stop();
                return damage.truncated(format_args!("the file ends where restart marker FF {due:02X} is due"));
            };
            self.pos = at;
            if marker != due {
                let reason = format_args!("marker FF {marker:02X} where FF {due:02X} is due, at byte {at}");
                match broken_off {
                    true => damage.broken_off(reason)?,
                    false => damage.corrupt(reason)?,
                }
            }
            let behind = skip_fill(self.input, at) + 1;
            match marker {
                _ if marker == due => {}
                ..SOF0 => {
                    self.pos = behind;
                    continue;
                }
                RST0..=RST7 => match marker.wrapping_sub(due) & 7 {
                    1 | 2 => {
                        self.stop();
                        return Ok(());
                    }
                    6 | 7 => {
                        self.pos = behind;
                        continue;
                    }
                    _ => {}
                },
                _ => {
                    self.stop();
                    return Ok(());
                }
            }
            self.pos = behind;
            self.fill();
            return Ok(());
        }
    }

    /// Ends the scan. Returns where the marker segments go on.
    pub(super) fn finish(&self, damage: &mut Damage<'_>) -> usize {
        let end = end_of_scan(self.input, self.pos);
        // libjpeg also counts whole bytes only: a scan is padded to a byte.
        let unread = (self.len * 8).saturating_sub(self.bits.consumed()) / 8 + (end - self.pos);
        if unread > 0 && !self.exhausted {
            damage.note(format_args!("{unread} extraneous bytes after the last MCU of a scan"));
        }
        end
    }

    /// The marker at `pos`, when `ended`.
    fn marker(&self) -> Option<u8> {
        find_marker(self.input, self.pos).map(|(_, marker)| marker)
    }

    #[cold]
    fn report_end(&mut self, damage: &mut Damage<'_>) -> Result<()> {
        let at = self.pos;
        match self.marker() {
            None => damage.truncated(format_args!("the file ends inside a scan, at byte {at}")),
            Some(EOI) => damage.truncated(format_args!("the picture ends inside a scan, at byte {at}")),
            Some(marker) => damage.broken_off(format_args!("marker FF {marker:02X} inside a scan, at byte {at}")),
        }
    }

    fn begin(&mut self) {
        (self.len, self.ended, self.missing, self.bits) = (0, false, 0, Bits::default());
    }

    fn stop(&mut self) {
        (self.ended, self.exhausted) = (true, true);
    }

    /// Moves what is unread to the front of the window, and fills the rest.
    #[inline(never)]
    fn fill(&mut self) {
        let unread = self.bits.position().min(self.len);
        self.window.copy_within(unread..self.len, 0);
        self.bits.shift(unread);
        self.len -= unread;
        while !self.ended && self.len < FULL {
            let room = FULL - self.len;
            let rest = &self.input[self.pos..];
            let near = &rest[..rest.len().min(room)];
            let plain = memchr::memchr(0xFF, near).unwrap_or(near.len());
            self.window[self.len..self.len + plain].copy_from_slice(&near[..plain]);
            self.len += plain;
            self.pos += plain;
            if plain < near.len() {
                // Any number of FFs may precede a marker, and also the zero of a stuffed byte.
                let behind = skip_fill(self.input, self.pos);
                if self.input.get(behind) == Some(&0) {
                    self.window[self.len] = 0xFF;
                    self.len += 1;
                    self.pos = behind + 1;
                } else {
                    self.ended = true;
                }
            } else if rest.len() <= room {
                self.ended = true;
            }
        }
        // Missing bytes are read as zeros.
        let behind = (self.len + 2 * MCU).min(self.window.len());
        self.window[self.len..behind].fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::request::Tolerate;

    fn drain(entropy: &mut Entropy<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        loop {
            entropy.ensure();
            let len = entropy.len;
            if entropy.bits.consumed() >= len * 8 && entropy.ended {
                return out;
            }
            let (bits, data) = entropy.parts();
            bits.refill(data);
            out.push(bits.take(8) as u8);
        }
    }

    #[test]
    fn stuffing_goes_and_markers_end() {
        let budget = Budget::new(&Limits::default());
        let input = [9, 0xFF, 0, 0xFF, 0xFF, 0, 7, 0xFF, 0xD0, 5, 6, 0xFF, 0xD9];
        let mut warnings = Vec::new();
        let mut damage = Damage::new(Tolerate::None, &mut warnings);
        let mut entropy = Entropy::new(&input, 0, &budget).unwrap();
        assert_eq!(drain(&mut entropy), [9, 0xFF, 0xFF, 7]);
        entropy.restart(&mut damage).unwrap();
        assert_eq!(drain(&mut entropy), [5, 6]);
        assert!(!entropy.finished());
        assert_eq!(entropy.finish(&mut damage), 11);
    }

    #[test]
    fn windows_join_without_a_seam() {
        let budget = Budget::new(&Limits::default());
        let plain: Vec<u8> = (0..300_000u32)
            .map(|i| (i.wrapping_mul(2654435761) >> 23) as u8)
            .collect();
        let stuffed: Vec<u8> = plain
            .iter()
            .flat_map(|&byte| [Some(byte), (byte == 0xFF).then_some(0)])
            .flatten()
            .collect();
        let mut entropy = Entropy::new(&stuffed, 0, &budget).unwrap();
        assert!(drain(&mut entropy) == plain);
    }

    #[test]
    fn wrong_restart_markers_are_weighed_as_libjpeg_does() {
        let budget = Budget::new(&Limits::default());
        for (marker, rest) in [
            (0xD0, &[5][..]),
            (0xD1, &[]),
            (0xD2, &[]),
            (0xD3, &[5]),
            (0xD7, &[6]),
            (0xC4, &[]),
        ] {
            let input = [1, 0xFF, marker, 5, 0xFF, 0xD0, 6, 0xFF, 0xD9];
            let mut warnings = Vec::new();
            let mut damage = Damage::new(Tolerate::Errors, &mut warnings);
            let mut entropy = Entropy::new(&input, 0, &budget).unwrap();
            drain(&mut entropy);
            entropy.restart(&mut damage).unwrap();
            assert_eq!(drain(&mut entropy), rest, "{marker:X}");
            assert_eq!(entropy.exhausted(), rest.is_empty());
            assert_eq!(warnings.is_empty(), marker == 0xD0);
        }
    }
}
