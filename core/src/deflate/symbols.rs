//! The alphabets of deflate (RFC 1951, 3.2.5).

/// Literals, the end of a block, and 29 classes of lengths.
pub(super) const LITERALS: usize = 286;
/// Classes of distances.
pub(super) const DISTANCES: usize = 30;
/// The end of a block.
pub(super) const END: usize = 256;
/// The longest match.
pub(super) const LONGEST: usize = 258;

/// The first length of each class, and how many further bits say which.
pub(super) const LENGTHS: [(u16, u8); 29] = classes(3, 2, 8);
/// The same for distances.
const FAR: [(u16, u8); DISTANCES] = classes(1, 1, 4);

/// Classes of `1 << bits` sizes each, of which `1 << split` in a row have as many bits.
const fn classes<const N: usize>(first: u16, split: usize, plain: usize) -> [(u16, u8); N] {
    let mut table = [(0, 0); N];
    let (mut i, mut next) = (0, first);
    while i < N {
        let bits = if i < plain { 0 } else { (i >> split) - 1 };
        table[i] = (next, bits as u8);
        next = next.wrapping_add(1 << bits);
        i += 1;
    }
    if first == 3 {
        table[N - 1] = (258, 0);
    }
    table
}

/// A length's class.
static LENGTH_CLASSES: [u8; 259] = {
    let mut table = [0; 259];
    let mut class = 0;
    while class < 29 {
        let mut length = LENGTHS[class].0 as usize;
        while length < 259 {
            table[length] = class as u8;
            length += 1;
        }
        class += 1;
    }
    table
};

#[inline(always)]
pub(super) fn length_class(length: u16) -> usize {
    usize::from(LENGTH_CLASSES[usize::from(length).min(258)])
}

/// The longest length of a class.
#[inline(always)]
pub(super) fn longest_of(class: usize) -> u16 {
    LENGTHS.get(class + 1).map_or(258, |next| next.0 - 1)
}

/// The class of a distance, 1 to 32,768: twice the place of its highest bit, and the bit after it.
#[inline(always)]
pub(super) fn distance_class(distance: u16) -> usize {
    let before = u32::from(distance) - 1;
    if before < 4 {
        return before as usize;
    }
    let top = 31 - before.leading_zeros();
    ((top << 1) | ((before >> (top - 1)) & 1)) as usize
}

#[inline(always)]
pub(super) fn length_of(class: usize) -> (u16, u8) {
    LENGTHS[class]
}

#[inline(always)]
pub(super) fn distance_of(class: usize) -> (u16, u8) {
    FAR[class]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_standard() {
        assert_eq!(LENGTHS[7..10], [(10, 0), (11, 1), (13, 1)]);
        assert_eq!(LENGTHS[26..], [(195, 5), (227, 5), (258, 0)]);
        assert_eq!(FAR[..6], [(1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1)]);
        assert_eq!(FAR[28..], [(16385, 13), (24577, 13)]);
        for length in 3..=258 {
            let (first, bits) = length_of(length_class(length));
            assert!(first <= length && u32::from(length) < u32::from(first) + (1 << bits));
        }
        for distance in 1..=32768u16 {
            let (first, bits) = distance_of(distance_class(distance));
            assert!(first <= distance && u32::from(distance) < u32::from(first) + (1 << bits));
        }
    }
}
