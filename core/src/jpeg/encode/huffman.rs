//! Huffman tables: the standard's examples, and the best ones for given frequencies (T.81 Annexes C and K).

/// A table as stored in a file (T.81 B.2.4.2): the number of codes of each length, and the symbols in code order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) counts: [u8; 16],
    pub(super) symbols: Vec<u8>,
}

/// The code of each symbol, as `code << 8 | length`; length 0 for a symbol without a code.
pub(super) type Codes = [u32; 256];

impl Spec {
    /// The typical tables of T.81 K.3: DC differences.
    pub(super) fn standard_dc(chroma: bool) -> Spec {
        let counts = if chroma { CHROMA_DC_COUNTS } else { LUMA_DC_COUNTS };
        Spec {
            counts,
            symbols: (0..12).collect(),
        }
    }

    /// The typical tables of T.81 K.3: AC coefficients.
    pub(super) fn standard_ac(chroma: bool) -> Spec {
        let (counts, symbols) = if chroma {
            (CHROMA_AC_COUNTS, CHROMA_AC_SYMBOLS)
        } else {
            (LUMA_AC_COUNTS, LUMA_AC_SYMBOLS)
        };
        Spec {
            counts,
            symbols: symbols.to_vec(),
        }
    }

    /// The table that codes symbols of these frequencies in the fewest bits, with no code longer than 16 and
    /// none that is all ones (T.81 K.2).
    pub(super) fn optimal(frequencies: &[u32; 256]) -> Spec {
        // Symbol 256 reserves the code of all ones: it is the rarest, so its code is the last.
        let mut nodes: Vec<(u64, usize)> = (0..256)
            .filter(|&s| frequencies[s] > 0)
            .map(|s| (u64::from(frequencies[s]), s))
            .collect();
        nodes.sort_unstable();
        nodes.insert(0, (0, 256));
        let mut per_length = lengths(&nodes);
        limit_to_16(&mut per_length);
        // The reserved symbol's code is the last of the longest ones.
        if let Some(longest) = per_length.iter_mut().rev().find(|count| **count > 0) {
            *longest -= 1;
        }
        let mut counts = [0; 16];
        for (count, &n) in counts.iter_mut().zip(&per_length[1..]) {
            *count = n as u8;
        }
        // The more frequent, the shorter; K.2 orders symbols of the same length by value.
        let mut order: Vec<(u32, u8)> = (0..=255u8)
            .filter(|&s| frequencies[usize::from(s)] > 0)
            .map(|s| (u32::MAX - frequencies[usize::from(s)], s))
            .collect();
        order.sort_unstable();
        Spec {
            counts,
            symbols: order.into_iter().map(|(_, symbol)| symbol).collect(),
        }
    }

    /// Codes in order of length (T.81 C.2).
    pub(super) fn codes(&self) -> Codes {
        let mut codes = [0; 256];
        let mut symbols = self.symbols.iter();
        let mut code = 0u32;
        for (length, &count) in (1u32..).zip(&self.counts) {
            for &symbol in symbols.by_ref().take(usize::from(count)) {
                codes[usize::from(symbol)] = (code << 8) | length;
                code += 1;
            }
            code <<= 1;
        }
        codes
    }
}

/// The number of codes of each length in a Huffman tree over `nodes`, which are sorted by weight.
fn lengths(nodes: &[(u64, usize)]) -> [u32; 300] {
    let leaves = nodes.len();
    let mut per_length = [0; 300];
    if leaves < 2 {
        per_length[1] = leaves as u32;
        return per_length;
    }
    // Two queues: the leaves, and the inner nodes, which are created in order of weight.
    let mut weights: Vec<u64> = nodes.iter().map(|&(weight, _)| weight).collect();
    let mut parents = vec![0usize; 2 * leaves - 1];
    let (mut leaf, mut inner) = (0, leaves);
    for parent in leaves..2 * leaves - 1 {
        let mut sum = 0;
        for _ in 0..2 {
            let take_leaf = leaf < leaves && (inner >= parent || weights[leaf] <= weights[inner]);
            let taken = if take_leaf { &mut leaf } else { &mut inner };
            sum += weights[*taken];
            parents[*taken] = parent;
            *taken += 1;
        }
        weights.push(sum);
    }
    let mut depths = vec![0usize; 2 * leaves - 1];
    for node in (0..2 * leaves - 2).rev() {
        depths[node] = depths[parents[node]] + 1;
        if node < leaves {
            per_length[depths[node]] += 1;
        }
    }
    per_length
}

/// Moves codes that are too long up the tree (T.81 Figure K.3).
fn limit_to_16(per_length: &mut [u32; 300]) {
    for long in (17..per_length.len()).rev() {
        while per_length[long] > 0 {
            // Remove a pair of the longest: one takes their parent's place, the other splits a shorter code.
            let Some(short) = (1..long - 1).rev().find(|&short| per_length[short] > 0) else {
                return;
            };
            per_length[long] -= 2;
            per_length[long - 1] += 1;
            per_length[short + 1] += 2;
            per_length[short] -= 1;
        }
    }
}

const LUMA_DC_COUNTS: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const CHROMA_DC_COUNTS: [u8; 16] = [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
const LUMA_AC_COUNTS: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d];
const CHROMA_AC_COUNTS: [u8; 16] = [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77];

#[rustfmt::skip]
const LUMA_AC_SYMBOLS: &[u8; 162] = &[
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07,
    0x22, 0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0,
    0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28,
    0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49,
    0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69,
    0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89,
    0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
    0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5,
    0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2,
    0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
    0xf9, 0xfa,
];

#[rustfmt::skip]
const CHROMA_AC_SYMBOLS: &[u8; 162] = &[
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71,
    0x13, 0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0,
    0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26,
    0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
    0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
    0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
    0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5,
    0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3,
    0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda,
    0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8,
    0xf9, 0xfa,
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(spec: &Spec, frequencies: &[u32; 256]) -> u64 {
        let codes = spec.codes();
        (0..256)
            .map(|s| u64::from(frequencies[s]) * u64::from(codes[s] & 0xff))
            .sum()
    }

    #[test]
    fn the_standard_tables_are_complete() {
        for spec in [false, true]
            .into_iter()
            .flat_map(|c| [Spec::standard_dc(c), Spec::standard_ac(c)])
        {
            let total: usize = spec.counts.iter().map(|&n| usize::from(n)).sum();
            assert_eq!(total, spec.symbols.len());
            let mut symbols = spec.symbols.clone();
            symbols.sort_unstable();
            symbols.dedup();
            assert_eq!(symbols.len(), total);
        }
    }

    #[test]
    fn one_symbol_gets_one_bit() {
        let mut frequencies = [0; 256];
        frequencies[7] = 5;
        let spec = Spec::optimal(&frequencies);
        assert_eq!((spec.counts[0], &spec.symbols[..]), (1, &[7u8][..]));
        assert!(Spec::optimal(&[0; 256]).symbols.is_empty());
    }

    #[test]
    fn fibonacci_frequencies_are_limited_to_16_bits() {
        let mut frequencies = [0; 256];
        let (mut a, mut b) = (1u32, 1u32);
        for frequency in frequencies.iter_mut().take(40) {
            *frequency = a;
            (a, b) = (b, a + b);
        }
        let codes = Spec::optimal(&frequencies).codes();
        assert!(codes.iter().take(40).all(|code| (1..=16).contains(&(code & 0xff))));
    }

    proptest! {
        #[test]
        fn optimal_codes_are_short_prefix_free_and_no_worse_than_the_standard(
            seed in prop::collection::vec((0..162usize, 0..20u32, 0..1000u32), 1..200),
        ) {
            let mut frequencies = [0u32; 256];
            for (index, shift, base) in seed {
                frequencies[usize::from(LUMA_AC_SYMBOLS[index])] += base << (shift / 2);
            }
            let spec = Spec::optimal(&frequencies);
            let codes = spec.codes();
            let mut kraft = 0u32;
            for (frequency, code) in frequencies.iter().zip(&codes) {
                let length = code & 0xff;
                prop_assert_eq!(*frequency > 0, length > 0);
                prop_assert!(length <= 16);
                if length > 0 {
                    prop_assert!(code >> 8 < (1 << length) - 1, "a code of 1 bits alone");
                    kraft += 1 << (16 - length);
                }
            }
            prop_assert!(kraft < 1 << 16);
            prop_assert!(bits(&spec, &frequencies) <= bits(&Spec::standard_ac(false), &frequencies));
        }
    }
}
