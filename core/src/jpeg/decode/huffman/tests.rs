use super::*;
use crate::jpeg::decode::bits::WINDOW;
use crate::jpeg::decode::tables::Tables;

const NOISE: usize = 16_000;

/// Bytes that decode to something with any complete table.
fn noise() -> Box<Window> {
    let mut state = 12345u32;
    let next = |_| {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        (state >> 24) as u8
    };
    let mut window = Box::new([0; WINDOW + 8]);
    window[..NOISE].copy_from_slice(&(0..NOISE).map(next).collect::<Vec<u8>>());
    window
}

#[test]
fn codes_decode_to_their_symbols() {
    for spec in Tables::new().ac.iter().flatten() {
        let codes = Codes::new(spec).unwrap();
        for Code { code, length, symbol } in list(spec) {
            let mut data = [0; WINDOW + 8];
            data[..4].copy_from_slice(&(code << (32 - length)).to_be_bytes());
            let mut bits = Bits::default();
            bits.refill(&data);
            assert_eq!(codes.symbol(&mut bits), symbol);
            assert_eq!(bits.consumed(), length as usize);
            assert!(!bits.bad_code);
        }
        let mut bits = Bits::default();
        bits.refill(&[0xFF; WINDOW + 8]);
        assert_eq!(codes.symbol(&mut bits), 0);
        assert!(bits.bad_code);
    }
}

#[test]
fn oversubscribed_tables_are_errors() {
    let mut spec = Tables::new().ac[0].unwrap();
    spec.counts = [0; 16];
    spec.counts[0] = 2;
    assert!(Codes::new(&spec).is_err());
    spec.counts = [0; 16];
    spec.counts[7] = 255;
    assert!(Codes::new(&spec).is_ok());
    spec.counts[8] = 2;
    assert!(Codes::new(&spec).is_err());
    spec.counts = [255; 16];
    assert!(Codes::new(&spec).is_err());
}

#[test]
fn dc_symbols_above_15_are_errors() {
    let mut spec = Tables::new().dc[0].unwrap();
    spec.values[3] = 16;
    assert!(DcTable::new(&spec, DcTable::MOST_BITS).is_err());
}

/// One symbol the slow way: (run, size, value).
fn slow(codes: &Codes, bits: &mut Bits) -> (u8, i32) {
    let symbol = codes.symbol(bits);
    (symbol, bits.take_signed(u32::from(symbol & 15)))
}

#[test]
fn fast_entries_say_what_symbols_say() {
    let data = noise();
    for spec in Tables::new().ac.iter().flatten() {
        for several in [false, true] {
            let table = AcTable::new(spec, several).unwrap();
            let mut bits = Bits::default();
            let mut pairs = 0;
            while bits.consumed() < NOISE * 8 {
                bits.refill(&data);
                let entry = table.look_up(&bits);
                let mut slowly = bits;
                if entry == AcEntry::LONG {
                    slow(&table.codes, &mut bits);
                    continue;
                }
                let (mut step, mut coefficients) = (0, Vec::new());
                while slowly.consumed() < bits.consumed() + entry.length() as usize {
                    let (symbol, value) = slow(&table.codes, &mut slowly);
                    step += match symbol {
                        0 => 64,
                        symbol => usize::from(symbol >> 4) + 1,
                    };
                    if symbol & 15 != 0 {
                        coefficients.push((step, value as i16));
                    }
                }
                let mut expected = vec![(entry.first_at(), entry.first()), (entry.last_at(), entry.last())];
                expected.dedup();
                expected.retain(|&(at, _)| at < 128);
                assert_eq!(coefficients, expected);
                assert_eq!(step, entry.step());
                pairs += usize::from(coefficients.len() == 2);
                bits.skip(entry.length());
            }
            assert_eq!(pairs > 0, several);
        }
    }
}

#[test]
fn skipping_goes_as_far_as_decoding() {
    let data = noise();
    for spec in Tables::new().ac.iter().flatten() {
        let codes = Codes::new(spec).unwrap();
        let table = SkipTable::new(spec, &codes);
        let mut bits = Bits::default();
        while bits.consumed() < NOISE * 8 {
            bits.refill(&data);
            let entry = table.look_up(&bits);
            let (length, step) = (entry & 0xFF, (entry >> 8) as usize);
            let mut slowly = bits;
            if length == 0 {
                slow(&codes, &mut bits);
                continue;
            }
            let mut slow_step = 0;
            while slowly.consumed() < bits.consumed() + length as usize {
                let (symbol, _) = slow(&codes, &mut slowly);
                slow_step += match symbol {
                    0 => 64,
                    symbol => usize::from(symbol >> 4) + 1,
                };
                slowly.refill(&data);
            }
            assert_eq!(slow_step, step);
            assert_eq!(slowly.consumed(), bits.consumed() + length as usize);
            bits.skip(length);
        }
    }
}
