//! Tables as a file defines them: quantisation (DQT), Huffman (DHT), arithmetic conditioning (DAC), restart interval
//! (DRI); T.81 B.2.4.

use crate::error::{Error, Result};
use crate::format::Format;
use crate::jpeg::ZIGZAG;

/// A Huffman table as in DHT: the number of codes of each length, and their values in order (T.81 C.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    /// `counts[i]` codes have `i + 1` bits.
    pub(super) counts: [u8; 16],
    pub(super) values: [u8; 256],
}

/// What DAC says about arithmetic coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conditioning {
    /// Bounds of small differences, lower and upper (T.81 F.1.4.4.1.2).
    pub(super) dc: [(u8, u8); 4],
    /// The last of the low coefficients, Kx (T.81 F.1.4.4.2).
    pub(super) ac: [u8; 4],
}

/// The tables in force; later definitions replace earlier ones.
#[derive(Debug, Clone)]
pub(super) struct Tables {
    /// In row-by-row order.
    pub(super) quant: [Option<[u16; 64]>; 4],
    pub(super) dc: [Option<Spec>; 4],
    pub(super) ac: [Option<Spec>; 4],
    pub(super) conditioning: Conditioning,
    /// MCUs between restart markers; 0 for none.
    pub(super) restart: u32,
}

impl Tables {
    /// Only the Huffman tables of Annex K.3 are predefined, because Motion JPEG frames omit them.
    pub(super) fn new() -> Self {
        let [dc_luma, ac_luma, dc_chroma, ac_chroma] = annex_k();
        Tables {
            quant: [None; 4],
            dc: [Some(dc_luma), Some(dc_chroma), None, None],
            ac: [Some(ac_luma), Some(ac_chroma), None, None],
            conditioning: Conditioning {
                dc: [(0, 1); 4],
                ac: [5; 4],
            },
            restart: 0,
        }
    }

    /// DQT (T.81 B.2.4.1).
    pub(super) fn define_quant(&mut self, mut body: &[u8]) -> Result<()> {
        while let [head, rest @ ..] = body {
            let (wide, index) = (head >> 4, usize::from(head & 15));
            let size = if wide == 0 { 64 } else { 128 };
            let (1.., 0..=3, Some(values)) = (size, index, rest.get(..size)) else {
                return Err(bad(format_args!(
                    "DQT for table {index} with {} of {size} bytes",
                    rest.len()
                )));
            };
            if wide > 1 {
                return Err(bad(format_args!("DQT precision {wide}, 0 or 1 expected")));
            }
            let mut table = [0; 64];
            for (k, &natural) in ZIGZAG.iter().enumerate() {
                table[usize::from(natural)] = match wide {
                    0 => u16::from(values[k]),
                    _ => u16::from_be_bytes([values[2 * k], values[2 * k + 1]]),
                };
            }
            self.quant[index] = Some(table);
            body = &rest[size..];
        }
        Ok(())
    }

    /// DHT (T.81 B.2.4.2).
    pub(super) fn define_huffman(&mut self, mut body: &[u8]) -> Result<()> {
        while let [head, rest @ ..] = body {
            let Some(counts) = rest.first_chunk::<16>() else {
                return Err(bad("DHT ends inside a table's code lengths"));
            };
            let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let (true, Some(given)) = (total <= 256, rest.get(16..16 + total)) else {
                return Err(bad(format_args!(
                    "DHT with {total} codes where {} bytes remain",
                    rest.len() - 16
                )));
            };
            let mut values = [0; 256];
            values[..total].copy_from_slice(given);
            let spec = Spec {
                counts: *counts,
                values,
            };
            match (head >> 4, usize::from(head & 15)) {
                (0, index @ 0..=3) => self.dc[index] = Some(spec),
                (1, index @ 0..=3) => self.ac[index] = Some(spec),
                (class, index) => return Err(bad(format_args!("DHT class {class}, table {index}"))),
            }
            body = &rest[16 + total..];
        }
        Ok(())
    }

    /// DAC (T.81 B.2.4.3).
    pub(super) fn define_conditioning(&mut self, body: &[u8]) -> Result<()> {
        let (pairs, rest) = body.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(bad(format_args!(
                "DAC of {} bytes, an even number expected",
                body.len()
            )));
        }
        for &[head, value] in pairs {
            match (head >> 4, usize::from(head & 15)) {
                (0, index @ 0..=3) if value & 15 <= value >> 4 => {
                    self.conditioning.dc[index] = (value & 15, value >> 4);
                }
                (1, index @ 0..=3) => self.conditioning.ac[index] = value,
                (class, index) => return Err(bad(format_args!("DAC class {class}, table {index}, value {value}"))),
            }
        }
        Ok(())
    }

    /// DRI (T.81 B.2.4.4).
    pub(super) fn define_restart(&mut self, body: &[u8]) -> Result<()> {
        let &[high, low] = body else {
            return Err(bad(format_args!("DRI of {} bytes, 2 expected", body.len())));
        };
        self.restart = u32::from(u16::from_be_bytes([high, low]));
        Ok(())
    }
}

fn bad(reason: impl std::fmt::Display) -> Error {
    Error::bad_input(Format::Jpeg, reason)
}

/// Tables K.3 to K.6: DC luma, AC luma, DC chroma, AC chroma.
fn annex_k() -> [Spec; 4] {
    let spec = |counts, given: &[u8]| {
        let mut values = [0; 256];
        values[..given.len()].copy_from_slice(given);
        Spec { counts, values }
    };
    let dc = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    [
        spec([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], &dc),
        spec([0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], &AC_LUMA),
        spec([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], &dc),
        spec([0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], &AC_CHROMA),
    ]
}

#[rustfmt::skip]
const AC_LUMA: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
    0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72,
    0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37,
    0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59,
    0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
    0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3,
    0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
    0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
    0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

#[rustfmt::skip]
const AC_CHROMA: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
    0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1,
    0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36,
    0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
    0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A,
    0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
    0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA,
    0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
    0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantisation_tables_of_both_precisions() {
        let mut tables = Tables::new();
        let mut body = vec![0x01];
        body.extend(0..64);
        body.push(0x12);
        body.extend((0..64u16).flat_map(|k| (300 + k).to_be_bytes()));
        tables.define_quant(&body).unwrap();
        assert_eq!(tables.quant[1].unwrap()[8], 2);
        assert_eq!(tables.quant[2].unwrap()[8], 302);
        assert!(tables.define_quant(&body[..100]).is_err());
        assert!(tables.define_quant(&[4; 65]).is_err());
        assert!(tables.define_quant(&[0x20; 129]).is_err());
    }

    #[test]
    fn huffman_tables_with_too_many_codes_are_errors() {
        let mut tables = Tables::new();
        let mut body = vec![0x10];
        body.extend([17; 16]);
        body.extend([0; 272]);
        assert!(tables.define_huffman(&body).is_err());
        assert!(tables.define_huffman(&[0, 1]).is_err());
        assert!(tables.define_huffman(&[4; 21]).is_err());
        assert!(tables.define_restart(&[1]).is_err());
    }

    #[test]
    fn conditioning_has_bounds() {
        let mut tables = Tables::new();
        tables.define_conditioning(&[0x00, 0x52, 0x13, 63]).unwrap();
        assert_eq!(tables.conditioning.dc[..2], [(2, 5), (0, 1)]);
        assert_eq!(tables.conditioning.ac, [5, 5, 5, 63]);
        for body in [&[0][..], &[0x00, 0x12], &[0x04, 0x10], &[0x14, 5], &[0x20, 1]] {
            assert!(tables.define_conditioning(body).is_err(), "{body:?}");
        }
    }

    #[test]
    fn annex_k_is_complete() {
        for (spec, codes) in annex_k().iter().zip([12, 162, 12, 162]) {
            assert_eq!(spec.counts.iter().map(|&n| usize::from(n)).sum::<usize>(), codes);
        }
    }
}
