//! What coefficients and modes cost in bits, in units of 1/256 bit.

use crate::webp::tables::Coefficients;

/// Levels from here on have a constant part that depends on the chances, and extra bits.
pub(super) const LARGEST: usize = 67;

/// The most that a coefficient can be.
pub(super) const MOST: i16 = 2047;

/// The costs of a 0 with a chance in 256.
const ZERO: [u16; 256] = {
    let mut costs = [0; 256];
    let mut chance = 1;
    while chance < 256 {
        // The logarithm to base 2 bit by bit, by squaring.
        let mut value = (chance as u64) << 24;
        let mut log = 0u32;
        let mut whole = 0;
        while value < 1 << 31 {
            value <<= 1;
            whole += 1;
        }
        let mut bit = 0;
        while bit < 12 {
            value = (value * value) >> 31;
            log <<= 1;
            if value >= 1 << 32 {
                value >>= 1;
                log |= 1;
            }
            bit += 1;
        }
        costs[chance] = ((((whole + 1) << 12) - log as i32 + 8) >> 4) as u16;
        chance += 1;
    }
    costs[0] = 9 * 256;
    costs
};

/// The cost of a boolean that is false with a chance of `chance` in 256.
#[inline(always)]
pub(super) const fn bit(value: bool, chance: u8) -> u16 {
    if value {
        ZERO[(256 - chance as usize) & 255]
    } else {
        ZERO[chance as usize]
    }
}

/// The categories of large levels (RFC 6386, 13.2): the first level of each, and the chances of its extra bits.
pub(super) const CATEGORIES: [(u16, &[u8]); 6] = [
    (5, &[159]),
    (7, &[165, 145]),
    (11, &[173, 148, 140]),
    (19, &[176, 155, 140, 135]),
    (35, &[180, 157, 141, 134, 130]),
    (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129]),
];

/// The category of a level from 5 on.
#[inline(always)]
pub(super) fn category(level: u16) -> usize {
    match level {
        ..7 => 0,
        7..11 => 1,
        11..19 => 2,
        19..35 => 3,
        35..67 => 4,
        _ => 5,
    }
}

/// Extra bits and sign, of levels from 5 on.
fn extra(level: u16) -> u32 {
    let (first, chances) = CATEGORIES[category(level)];
    let offset = level - first;
    let bits = chances.iter().rev().enumerate();
    256 + bits
        .map(|(place, &chance)| u32::from(bit(offset >> place & 1 != 0, chance)))
        .sum::<u32>()
}

/// The costs of each level up to [`LARGEST`], after "there is more" where that is said.
pub(super) type Levels = [u16; LARGEST + 1];

/// For each type of block, band and context.
#[derive(Debug)]
pub(super) struct Costs {
    levels: Box<[[[Levels; 3]; 8]; 4]>,
    /// That there is no more, and that there is more.
    end: [[[[u16; 2]; 3]; 8]; 4],
    /// Extra bits of levels beyond [`LARGEST`].
    large: Box<[u16]>,
}

/// The bands of the places in the scan, and of the one after the last. What follows is there so that an index needs no
/// check.
pub(super) const BANDS: [u8; 32] = [
    0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

impl Costs {
    pub(super) fn new(chances: &Coefficients) -> Self {
        let mut costs = Costs {
            levels: Box::new([[[[0; LARGEST + 1]; 3]; 8]; 4]),
            end: [[[[0; 2]; 3]; 8]; 4],
            large: (0..=MOST as u16)
                .map(|level| extra(level.max(LARGEST as u16)) as u16)
                .collect(),
        };
        costs.update(chances);
        costs
    }

    pub(super) fn update(&mut self, chances: &Coefficients) {
        let all = self.levels.as_flattened_mut().as_flattened_mut();
        let ends = self.end.as_flattened_mut().as_flattened_mut();
        let chances = chances.as_flattened().as_flattened();
        for (n, ((levels, end), p)) in all.iter_mut().zip(ends).zip(chances).enumerate() {
            *end = [bit(false, p[0]), bit(true, p[0])];
            // After a zero nothing is said.
            let base = if n % 3 > 0 { end[1] } else { 0 };
            let some = base + bit(true, p[1]);
            let two = some + bit(true, p[2]) + 256;
            let five = two + bit(true, p[3]) - 256;
            levels[0] = base + bit(false, p[1]);
            levels[1] = some + bit(false, p[2]) + 256;
            levels[2] = two + bit(false, p[3]) + bit(false, p[4]);
            levels[3] = two + bit(false, p[3]) + bit(true, p[4]) + bit(false, p[5]);
            levels[4] = two + bit(false, p[3]) + bit(true, p[4]) + bit(true, p[5]);
            let low = five + bit(false, p[6]);
            let high = five + bit(true, p[6]);
            let categories = [
                low + bit(false, p[7]),
                low + bit(true, p[7]),
                high + bit(false, p[8]) + bit(false, p[9]),
                high + bit(false, p[8]) + bit(true, p[9]),
                high + bit(true, p[8]) + bit(false, p[10]),
                high + bit(true, p[8]) + bit(true, p[10]),
            ];
            for (level, cost) in levels.iter_mut().enumerate().skip(5) {
                *cost = categories[category(level as u16)];
                if level < LARGEST {
                    *cost += EXTRA[level];
                }
            }
        }
    }

    /// Of one type of block.
    #[inline(always)]
    pub(super) fn of(&self, kind: usize) -> Kind<'_> {
        Kind {
            levels: &self.levels[kind],
            end: &self.end[kind],
            large: &self.large,
        }
    }
}

const EXTRA: [u16; LARGEST] = {
    let mut costs = [0; LARGEST];
    let mut level = 5;
    while level < LARGEST {
        let category = match level {
            ..7 => 0,
            7..11 => 1,
            11..19 => 2,
            19..35 => 3,
            _ => 4,
        };
        let (first, chances) = CATEGORIES[category];
        let mut place = 0;
        costs[level] = 256;
        while place < chances.len() {
            let set = (level - first as usize) >> (chances.len() - 1 - place) & 1 != 0;
            costs[level] += bit(set, chances[place]);
            place += 1;
        }
        level += 1;
    }
    costs
};

/// The costs for one type of block.
#[derive(Clone, Copy)]
pub(super) struct Kind<'a> {
    levels: &'a [[Levels; 3]; 8],
    end: &'a [[[u16; 2]; 3]; 8],
    large: &'a [u16],
}

impl Kind<'_> {
    /// The costs of levels at a place of the scan, for each context.
    #[inline(always)]
    pub(super) fn at(&self, place: usize) -> &[Levels; 3] {
        &self.levels[usize::from(BANDS[place & 31] & 7)]
    }

    /// The cost of extra bits of large levels.
    #[inline(always)]
    pub(super) fn extra(&self, level: u16) -> u32 {
        match usize::from(level) {
            LARGEST.. => u32::from(self.large[usize::from(level)]),
            _ => 0,
        }
    }

    /// The cost of the end, or of more, at a place of the scan.
    #[inline(always)]
    pub(super) fn end(&self, place: usize, context: usize, more: bool) -> u32 {
        u32::from(self.end[usize::from(BANDS[place & 31] & 7)][context][usize::from(more)])
    }

    /// The cost of a block, of which `level` tells the levels in the order of the scan; `count` is the place after the
    /// last that isn't 0.
    #[inline(always)]
    pub(super) fn block(&self, level: impl Fn(usize) -> i16, first: usize, count: usize, context: usize) -> u32 {
        if count <= first {
            return self.end(first, context, false);
        }
        let mut cost = if context == 0 { self.end(first, 0, true) } else { 0 };
        let mut costs = &self.at(first)[context];
        let mut context = 0;
        for place in first..count.min(16) {
            let level = level(place).unsigned_abs();
            cost += u32::from(costs[usize::from(level).min(LARGEST)]) + self.extra(level);
            context = usize::from(level.min(2));
            costs = &self.at(place + 1)[context];
        }
        if count < 16 {
            cost += self.end(count, context, false);
        }
        cost
    }
}
