//! The part of a frame that differs from what is shown before it.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Area {
    pub(super) fn whole(width: usize, height: usize) -> Self {
        Area {
            left: 0,
            top: 0,
            width,
            height,
        }
    }

    /// The same or larger, from even columns and rows on.
    #[cfg(feature = "webp")]
    pub(super) fn even(self) -> Self {
        let (left, top) = (self.left & !1, self.top & !1);
        Area {
            left,
            top,
            width: self.width + self.left - left,
            height: self.height + self.top - top,
        }
    }

    /// The bytes of each of its rows, in an image that is `width` pixels of `channels` bytes wide.
    #[cfg(any(feature = "png", feature = "webp"))]
    pub(super) fn rows(self, width: usize, channels: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        (self.top..self.top + self.height).map(move |y| {
            let start = (y * width + self.left) * channels;
            start..start + self.width * channels
        })
    }
}

/// The smallest rectangle with all pixels that differ; one pixel if none does, because a frame can't be empty.
#[cfg(any(feature = "gif", feature = "png"))]
pub(super) fn changed<const C: usize>(now: &[u8], before: &[u8], width: usize) -> Area {
    let (mut left, mut right, mut top, mut bottom) = (width, 0, usize::MAX, 0);
    for (y, (now, before)) in now
        .chunks_exact(width * C)
        .zip(before.chunks_exact(width * C))
        .enumerate()
    {
        if now == before {
            continue;
        }
        let (now, before) = (now.as_chunks::<C>().0, before.as_chunks::<C>().0);
        let differs = |(a, b): (&[u8; C], &[u8; C])| a != b;
        let Some(first) = now.iter().zip(before).position(differs) else {
            continue;
        };
        let last = now.iter().zip(before).rposition(differs).unwrap_or(first);
        (left, right) = (left.min(first), right.max(last + 1));
        (top, bottom) = (top.min(y), y + 1);
    }
    if left >= right {
        return Area::whole(1, 1);
    }
    Area {
        left,
        top,
        width: right - left,
        height: bottom - top,
    }
}
