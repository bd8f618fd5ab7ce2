//! Scan headers (T.81 B.2.3) and the tables that they refer to.

use super::damage::Damage;
use super::frame::{FrameHeader, Mode};
use super::huffman::{AcTable, DcTable, SkipTable};
use super::tables::{Spec, Tables};
use crate::error::{Error, Result};
use crate::format::Format;

/// Maximum blocks in an MCU (T.81 B.2.3).
const MOST_BLOCKS: usize = 10;

/// SOS, checked against the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScanHeader {
    pub(super) components: Vec<ScanComponent>,
    /// First and last coefficient, in zigzag order. Lossless scans have the number of the predictor in `start`.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Bits that earlier scans left out (0 in a first scan), and bits that this scan leaves out (T.81 G.1.1.1,
    /// H.1.2.1).
    pub(super) high: u32,
    pub(super) low: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScanComponent {
    /// Index in the frame header.
    pub(super) index: usize,
    /// Numbers of the Huffman or conditioning tables.
    pub(super) dc: usize,
    pub(super) ac: usize,
}

impl ScanHeader {
    pub(super) fn parse(body: &[u8], frame: &FrameHeader, damage: &mut Damage<'_>) -> Result<Self> {
        let bad = |reason: std::fmt::Arguments<'_>| Err(Error::bad_input(Format::Jpeg, reason));
        let Some((&count, rest)) = body.split_first() else {
            return bad(format_args!("empty scan header"));
        };
        let (selectors, parameters) = rest.split_at(rest.len().min(2 * usize::from(count)));
        let (1..=4, &[start, end, approximation]) = (count, parameters) else {
            return bad(format_args!(
                "scan header of {} bytes for {count} components",
                body.len()
            ));
        };
        let mut components: Vec<ScanComponent> = Vec::with_capacity(4);
        for &[id, tables] in selectors.as_chunks::<2>().0 {
            let unused = |&(index, header): &(usize, &super::frame::ComponentHeader)| {
                header.id == id && components.iter().all(|component| component.index != index)
            };
            let Some((index, _)) = frame.components.iter().enumerate().find(unused) else {
                return bad(format_args!("scan of component {id}, which the frame does not have"));
            };
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc > 3 || ac > 3 {
                return bad(format_args!("scan with tables {dc} and {ac}, 0 to 3 expected"));
            }
            components.push(ScanComponent { index, dc, ac });
        }
        // T.81 B.2.3; libjpeg takes one that comes too late for one that does not exist.
        if !components.is_sorted_by_key(|component| component.index) {
            let ids: Vec<u8> = selectors.iter().step_by(2).copied().collect();
            damage.harmless(format_args!(
                "scan of components {ids:?}, in another order than the frame"
            ))?;
        }
        let blocks = |component: &ScanComponent| {
            let header = frame.components[component.index];
            usize::from(header.h) * usize::from(header.v)
        };
        let total: usize = components.iter().map(blocks).sum();
        if count > 1 && total > MOST_BLOCKS {
            return bad(format_args!("{total} blocks in an MCU, at most {MOST_BLOCKS} expected"));
        }
        let mut scan = ScanHeader {
            components,
            start: usize::from(start),
            end: usize::from(end),
            high: u32::from(approximation >> 4),
            low: u32::from(approximation & 15),
        };
        if frame.process.mode == Mode::Progressive {
            scan.check_progression()?;
        } else if frame.process.mode == Mode::Lossless {
            scan.check_prediction(frame.precision)?;
        } else if (start, end, approximation) != (0, 63, 0) {
            damage.harmless(format_args!(
                "sequential scan of coefficients {start} to {end}, 0 to 63 expected"
            ))?;
            (scan.start, scan.end, scan.high, scan.low) = (0, 63, 0, 0);
        }
        Ok(scan)
    }

    /// T.81 H.1.2 and table B.3.
    fn check_prediction(&self, precision: u8) -> Result<()> {
        if (1..=7).contains(&self.start) && (self.end, self.high) == (0, 0) && self.low < u32::from(precision) {
            return Ok(());
        }
        let reason = format_args!(
            "lossless scan with predictor {}, parameters {} and {}, {} of {precision} bits left out",
            self.start, self.end, self.high, self.low
        );
        Err(Error::bad_input(Format::Jpeg, reason))
    }

    /// T.81 G.1.1.1.1 and table B.3.
    fn check_progression(&self) -> Result<()> {
        let band = match self.start {
            0 => self.end == 0,
            _ => self.start <= self.end && self.end <= 63 && self.components.len() == 1,
        };
        if band && self.low <= 13 && (self.high == 0 || self.high == self.low + 1) {
            return Ok(());
        }
        let reason = format_args!(
            "progressive scan of coefficients {} to {}, bits {} to {}, {} components",
            self.start,
            self.end,
            self.high,
            self.low,
            self.components.len()
        );
        Err(Error::bad_input(Format::Jpeg, reason))
    }
}

pub(super) fn dc_table(tables: &Tables, index: usize) -> Result<Box<DcTable>> {
    DcTable::new(defined(&tables.dc, index, "DC")?, DcTable::MOST_BITS)
}

/// The same for lossless scans, where a difference may have a bit more.
pub(super) fn difference_table(tables: &Tables, index: usize) -> Result<Box<DcTable>> {
    DcTable::new(defined(&tables.dc, index, "DC")?, DcTable::MOST_BITS + 1)
}

pub(super) fn ac_table(tables: &Tables, index: usize, several: bool) -> Result<Box<AcTable>> {
    AcTable::new(defined(&tables.ac, index, "AC")?, several)
}

pub(super) fn skip_table(tables: &Tables, index: usize, checked: &AcTable) -> Result<Box<SkipTable>> {
    Ok(SkipTable::new(defined(&tables.ac, index, "AC")?, &checked.codes))
}

fn defined<'t>(specs: &'t [Option<Spec>; 4], index: usize, class: &str) -> Result<&'t Spec> {
    let missing = || {
        Error::bad_input(
            Format::Jpeg,
            format_args!("{class} Huffman table {index} is not defined"),
        )
    };
    specs.get(index).and_then(Option::as_ref).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jpeg::decode::frame::Process;
    use crate::request::Tolerate;

    fn parse(mode: Mode, sampling: [u8; 3], body: &[u8]) -> Result<ScanHeader> {
        tolerating(Tolerate::None, mode, sampling, body).map(|(scan, _)| scan)
    }

    fn tolerating(tolerate: Tolerate, mode: Mode, sampling: [u8; 3], body: &[u8]) -> Result<(ScanHeader, Vec<String>)> {
        let [a, b, c] = sampling;
        let process = Process {
            mode,
            arithmetic: false,
        };
        let frame = FrameHeader::parse(process, &[8, 0, 9, 0, 9, 3, 1, a, 0, 2, b, 1, 3, c, 1])?;
        let mut warnings = Vec::new();
        let scan = ScanHeader::parse(body, &frame, &mut Damage::new(tolerate, &mut warnings))?;
        Ok((scan, warnings))
    }

    #[test]
    fn components_are_found_by_name() {
        let scan = parse(Mode::Sequential, [0x22, 0x11, 0x11], &[2, 1, 0x00, 3, 0x11, 0, 63, 0]).unwrap();
        assert_eq!(scan.components[0].index, 0);
        assert_eq!(scan.components[1], ScanComponent { index: 2, dc: 1, ac: 1 });
    }

    #[test]
    fn components_in_another_order_are_damage() {
        for (ids, swapped) in [
            ([1, 2, 3], false),
            ([1, 3, 2], true),
            ([2, 1, 3], true),
            ([3, 2, 1], true),
        ] {
            let [a, b, c] = ids;
            let body = [3, a, 0, b, 0, c, 0, 0, 63, 0];
            assert_eq!(parse(Mode::Sequential, [0x11; 3], &body).is_err(), swapped);
            let (scan, warnings) = tolerating(Tolerate::Truncated, Mode::Sequential, [0x11; 3], &body).unwrap();
            assert_eq!(
                (usize::from(a - 1), swapped),
                (scan.components[0].index, warnings.len() == 1)
            );
        }
    }

    #[test]
    fn impossible_scans_are_errors() {
        for body in [
            &[][..],
            &[0, 0, 63, 0],
            &[1, 9, 0, 0, 63, 0],
            &[2, 1, 0, 1, 0, 0, 63, 0],
            &[1, 1, 0x40, 0, 63, 0],
            &[1, 1, 0, 0, 63],
            &[1, 1, 0, 0, 63, 0, 0],
            &[5, 1, 0, 0, 63, 0],
        ] {
            assert!(parse(Mode::Sequential, [0x22, 0x11, 0x11], body).is_err(), "{body:?}");
        }
        let all = [3, 1, 0, 2, 0, 3, 0, 0, 63, 0];
        assert!(parse(Mode::Sequential, [0x42, 0x11, 0x11], &all).is_ok());
        assert!(parse(Mode::Sequential, [0x42, 0x12, 0x11], &all).is_err());
    }

    #[test]
    fn progressions_follow_table_b3() {
        let all = |start, end, bits| parse(Mode::Progressive, [0x11; 3], &[3, 1, 0, 2, 0, 3, 0, start, end, bits]);
        let one = |start, end, bits| parse(Mode::Progressive, [0x11; 3], &[1, 1, 0, start, end, bits]);
        assert!(all(0, 0, 0x01).is_ok() && all(0, 0, 0x10).is_ok() && one(1, 63, 0x21).is_ok());
        assert!(all(0, 5, 0).is_err() && all(1, 5, 0).is_err() && one(5, 4, 0).is_err());
        assert!(one(1, 64, 0).is_err() && one(1, 5, 0x31).is_err() && one(1, 5, 0x0E).is_err());
    }

    #[test]
    fn predictions_follow_table_b3() {
        let scan = |parameters: [u8; 3]| parse(Mode::Lossless, [0x11; 3], &[&[1, 1, 0][..], &parameters].concat());
        assert!((1..=7).all(|predictor| scan([predictor, 0, 7]).is_ok()));
        for parameters in [[0, 0, 0], [8, 0, 0], [1, 63, 0], [1, 0, 0x10], [1, 0, 8]] {
            assert!(scan(parameters).is_err(), "{parameters:?}");
        }
    }
}
