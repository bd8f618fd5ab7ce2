//! Which scans a progressive file has.

use super::frame::{Frame, Scan};

/// A script that shows a coarse picture early and costs few bytes: all DC, low frequencies, the rest, with the
/// last bits of luma at the end.
pub(super) fn plain(frame: &Frame) -> Vec<Scan> {
    let all: Vec<u8> = (0..).take(frame.components.len()).collect();
    let mut scans = vec![Scan {
        components: all.clone(),
        first: 0,
        last: 0,
        high: 0,
        low: 0,
    }];
    let mut ac = |component: u8, first, last, high, low| {
        scans.push(Scan {
            components: vec![component],
            first,
            last,
            high,
            low,
        });
    };
    ac(0, 1, 8, 0, 1);
    for &chroma in &all[1..] {
        ac(chroma, 1, 63, 0, 0);
    }
    ac(0, 9, 63, 0, 1);
    ac(0, 1, 63, 1, 0);
    scans
}
