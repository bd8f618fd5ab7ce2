//! Where a frame differs from what is shown before it.

use crate::budget::Budget;
use crate::encode::changes::Area;
use crate::encode::options;
use crate::error::Result;

/// Which pixels count as the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Similar {
    /// How far their samples may be from each other.
    most: u8,
}

impl Similar {
    /// The same ones in lossless files; in others, those whose difference is below what compression changes: as many
    /// levels as libwebp allows.
    pub(super) fn new(options: &options::Webp) -> Self {
        if options.lossless {
            return Similar { most: 0 };
        }
        let good = f32::from(options.quality) / 100.0;
        Similar {
            most: (31.0 * (1.0 - good.sqrt()) + good.sqrt()).round() as u8,
        }
    }

    #[inline(always)]
    pub(super) fn same(&self, a: [u8; 4], b: [u8; 4]) -> bool {
        if a == b {
            return true;
        }
        let most = u32::from(self.most) * 255;
        let near = |channel: usize| u32::from(a[channel].abs_diff(b[channel])) * u32::from(b[3]) <= most;
        most > 0 && a[3] == b[3] && near(0) && near(1) && near(2)
    }
}

/// What has to be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Difference {
    pub(super) area: Area,
    /// Pixels that differ.
    count: usize,
    /// Whether all those are opaque.
    opaque: bool,
    /// Whether any was visible that is transparent now.
    pub(super) vanishes: bool,
}

impl Difference {
    /// One pixel, because a frame can't be empty.
    pub(super) const NONE: Self = Difference {
        area: Area {
            left: 0,
            top: 0,
            width: 1,
            height: 1,
        },
        count: 0,
        opaque: true,
        vanishes: false,
    };

    /// The smallest rectangle with all pixels that differ, if any does.
    pub(super) fn new(
        now: &[u8],
        before: &[u8],
        width: usize,
        similar: &Similar,
        budget: &Budget,
    ) -> Result<Option<Self>> {
        let (mut left, mut right, mut top, mut bottom) = (width, 0, usize::MAX, 0);
        let (mut count, mut opaque, mut vanishes) = (0, true, false);
        let rows = now.chunks_exact(width * 4).zip(before.chunks_exact(width * 4));
        for (y, (now, before)) in rows.enumerate() {
            if now == before {
                continue;
            }
            budget.check()?;
            let (mut first, mut last) = (None, 0);
            let pairs = now.as_chunks::<4>().0.iter().zip(before.as_chunks::<4>().0);
            for (x, (&now, &before)) in pairs.enumerate() {
                if !similar.same(now, before) {
                    first.get_or_insert(x);
                    last = x + 1;
                    count += 1;
                    opaque &= now[3] == 255;
                    vanishes |= now[3] < before[3];
                }
            }
            if let Some(first) = first {
                (left, right) = (left.min(first), right.max(last));
                (top, bottom) = (top.min(y), y + 1);
            }
        }
        let area = Area {
            left,
            top,
            width: right.saturating_sub(left),
            height: bottom.saturating_sub(top),
        };
        Ok((count > 0).then_some(Difference {
            area,
            count,
            opaque,
            vanishes,
        }))
    }

    /// Whether it may be laid over what is below.
    pub(super) fn blends(&self) -> bool {
        self.opaque
    }

    /// Pixels that have to be written, for comparison.
    pub(super) fn cost(&self) -> usize {
        match self.opaque {
            true => self.count,
            false => self.area.width * self.area.height,
        }
    }
}
