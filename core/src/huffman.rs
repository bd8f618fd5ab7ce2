//! Huffman codes of limited length, written from the lowest bit on: for deflate and for lossless WebP.

/// A symbol's code, its first bit in the lowest place, and how many bits it has.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Code {
    pub(crate) bits: u16,
    pub(crate) len: u8,
}

/// How many bits each symbol gets so that the sum over `counts` is the least, none more than `limit`. Two symbols get
/// a code even if fewer occur: some decoders want a complete code. There are at most `MOST` symbols.
pub(crate) fn lengths<const MOST: usize>(counts: &[u32], limit: u8, lengths: &mut [u8]) {
    lengths.fill(0);
    // The symbols that occur, the rarest first; a count and a symbol share a number.
    let mut order = [0u64; MOST];
    let mut used = 0;
    for (symbol, &count) in (0..).zip(counts) {
        if count > 0 {
            order[used] = u64::from(count) << 16 | symbol;
            used += 1;
        }
    }
    if used < 2 {
        let only = if used == 1 { (order[0] & 0xffff) as usize } else { 0 };
        lengths[only] = 1;
        lengths[usize::from(only == 0)] = 1;
        return;
    }
    let order = &mut order[..used];
    order.sort_unstable();
    let mut weights = [0u32; MOST];
    for (weight, entry) in weights.iter_mut().zip(&*order) {
        *weight = (entry >> 16) as u32;
    }
    depths(&mut weights[..used]);
    let mut of_len = [0u32; 64];
    weights[..used]
        .iter()
        .for_each(|&depth| of_len[depth.min(63) as usize] += 1);
    shorten(&mut of_len, usize::from(limit));
    // The most frequent symbols get the shortest codes.
    let mut rest = order.iter().rev();
    for (len, &count) in (0u8..).zip(&of_len) {
        for entry in rest.by_ref().take(count as usize) {
            lengths[(entry & 0xffff) as usize] = len;
        }
    }
}

/// Replaces weights, sorted from the least, with their depths in a Huffman tree: Moffat and Katajainen, "In-place
/// calculation of minimum-redundancy codes", 1995.
fn depths(a: &mut [u32]) {
    let n = a.len();
    // Inner nodes: their weights first, then whose child they are.
    let (mut leaf, mut root) = (0, 0);
    for next in 0..n - 1 {
        let mut weight = 0;
        for _ in 0..2 {
            if leaf >= n || (root < next && a[root] < a[leaf]) {
                weight += a[root];
                a[root] = next as u32;
                root += 1;
            } else {
                weight += a[leaf];
                leaf += 1;
            }
        }
        a[next] = weight;
    }
    a[n - 2] = 0;
    for next in (0..n - 2).rev() {
        a[next] = a[a[next] as usize] + 1;
    }
    // Leaves take the places that inner nodes leave free at each depth.
    let (mut free, mut depth, mut inner, mut at) = (1usize, 0, (n - 1) as isize - 1, n);
    while free > 0 {
        let mut used = 0;
        while inner >= 0 && a[inner as usize] == depth {
            used += 1;
            inner -= 1;
        }
        for _ in used..free {
            at -= 1;
            a[at] = depth;
        }
        free = 2 * used;
        depth += 1;
    }
}

/// Moves codes that are too long up to the limit, and others down until all fit.
fn shorten(of_len: &mut [u32; 64], limit: usize) {
    let longer: u32 = of_len[limit + 1..].iter().sum();
    if longer == 0 {
        return;
    }
    of_len[limit + 1..].fill(0);
    of_len[limit] += longer;
    let space = |of_len: &[u32; 64]| -> u64 { (1..=limit).map(|len| u64::from(of_len[len]) << (limit - len)).sum() };
    let mut taken = space(of_len);
    while taken > 1 << limit {
        // A code of the limit takes half of the place of a shorter one.
        let shorter = (1..limit).rev().find(|&len| of_len[len] > 0).unwrap_or(1);
        of_len[limit] -= 1;
        of_len[shorter] -= 1;
        of_len[shorter + 1] += 2;
        taken -= 1;
    }
}

/// The codes of these lengths (RFC 1951, 3.2.2).
pub(crate) fn codes(lengths: &[u8], codes: &mut [Code]) {
    let mut next = [0u16; 17];
    let mut of_len = [0u16; 16];
    lengths
        .iter()
        .filter(|&&len| len > 0)
        .for_each(|&len| of_len[usize::from(len)] += 1);
    for len in 1..16 {
        next[len + 1] = (next[len] + of_len[len]) << 1;
    }
    for (code, &len) in codes.iter_mut().zip(lengths) {
        *code = Code::default();
        if len > 0 {
            let place = &mut next[usize::from(len)];
            code.bits = place.reverse_bits() >> (16 - len);
            code.len = len;
            *place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::testing::Random;

    /// How much of the code space is taken, in parts of 2¹⁵.
    fn space(lengths: &[u8]) -> u32 {
        lengths.iter().filter(|&&len| len > 0).map(|&len| 1 << (15 - len)).sum()
    }

    #[test]
    fn codes_are_complete_and_within_the_limit() {
        let mut random = Random(9);
        for round in 0..2000 {
            let used = 2 + random.below(286);
            let limit = if used <= 19 { 7 } else { 9 + random.below(7) as u8 };
            let steep = random.below(24);
            let mut count = || {
                let bits = random.below(steep + 1);
                random.below(1 << bits) as u32
            };
            let counts: Vec<u32> = (0..used).map(|_| count()).collect();
            let mut found = vec![0; used];
            lengths::<288>(&counts, limit, &mut found);
            assert_eq!(space(&found), 1 << 15, "{round}");
            assert!(found.iter().all(|&len| len <= limit));
            let occurring = counts.iter().filter(|&&count| count > 0).count();
            for (&count, &len) in counts.iter().zip(&found) {
                assert!(count == 0 || len > 0);
                assert!(occurring < 2 || (count > 0) == (len > 0));
            }
        }
    }

    #[test]
    fn the_sum_is_the_least() {
        let mut found = [0; 5];
        lengths::<5>(&[1, 1, 2, 4, 8], 15, &mut found);
        assert_eq!(found, [4, 4, 3, 2, 1]);
        lengths::<5>(&[1, 1, 2, 4, 8], 3, &mut found);
        assert_eq!(
            found
                .iter()
                .zip([1, 1, 2, 4, 8])
                .map(|(&len, n)| u32::from(len) * n)
                .sum::<u32>(),
            32
        );
    }
}
