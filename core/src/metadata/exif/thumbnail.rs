//! Small pictures inside an EXIF block: they show what was there before a crop, or before something was covered.

use std::ops::Range;

use super::tiff::Tiff;

/// Where the bytes of a thumbnail are, and how many (TIFF 6.0, sections 8 and 22): as strips, and as JPEG.
const PLACES: [(u16, u16); 2] = [(0x0111, 0x0117), (0x0201, 0x0202)];

/// Directories of further pictures (TIFF technical note 1).
const SUB_DIRECTORIES: u16 = 0x014a;

/// Bytes of the header.
const HEADER: usize = 8;

/// Directories in a chain that are looked at; real blocks have two.
const DIRECTORIES: usize = 8;

/// Removes the second directory, its thumbnail, those under the first one, and the previews that makers hide in their
/// notes. What remains stays where it is, because a maker's note may point anywhere; what was removed is zeros, and cut
/// off at the end.
pub(super) fn remove(exif: &mut Vec<u8>) {
    let Some((link, mut gone)) = Tiff::new(exif).and_then(directories) else {
        return;
    };
    exif[link..link + 4].fill(0);
    gone.extend(jpegs(exif));
    let mut end = exif.len();
    gone.sort_by_key(|range| std::cmp::Reverse(range.end));
    for range in gone {
        exif[range.clone()].fill(0);
        // One that a padding byte follows is at the end, too.
        if range.end + 1 >= end {
            end = end.min(range.start);
        }
    }
    exif.truncate(end);
}

/// The link to the second directory; it and those that follow, those under the first one, and the pictures that they
/// and the first one point to. Their other values may be shared with the first one, and show nothing.
fn directories(tiff: Tiff<'_>) -> Option<(usize, Vec<Range<usize>>)> {
    let first = tiff.first()?;
    let link = tiff.link(first)?;
    let numbers = |directory, tag| {
        let entry = tiff.find(Some(directory), tag);
        entry.map(|entry| tiff.integers(entry)).unwrap_or_default()
    };
    let pictures = |directory| {
        PLACES.into_iter().flat_map(move |(place, size)| {
            let places = numbers(directory, place).into_iter().zip(numbers(directory, size));
            places.map(|(at, size)| at..at.saturating_add(size))
        })
    };
    let mut gone: Vec<Range<usize>> = pictures(first).collect();
    let mut found = numbers(first, SUB_DIRECTORIES);
    found.truncate(DIRECTORIES);
    let mut next = tiff.long(link)? as usize;
    for _ in 0..DIRECTORIES {
        let Some(after) = tiff.link(next).filter(|_| next >= HEADER && next != first) else {
            break;
        };
        found.push(next);
        next = tiff.long(after)? as usize;
    }
    for directory in found {
        if let Some(after) = tiff
            .link(directory)
            .filter(|_| directory >= HEADER && directory != first)
        {
            gone.push(directory..after + 4);
            gone.extend(pictures(directory));
        }
    }
    // What a damaged block points to: its header, or its first directory.
    let length = tiff.length();
    let inside = gone
        .into_iter()
        .map(|range| range.start.min(length)..range.end.min(length));
    let outside = |range: &Range<usize>| range.start >= link + 4 || (range.start >= HEADER && range.end <= first);
    Some((link, inside.filter(outside).collect()))
}

/// Whatever looks like a JPEG file: SOI, a marker segment, and the marker after it.
fn jpegs(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = memchr::memmem::find(&bytes[from..], b"\xff\xd8\xff").map(|at| from + at) {
        from = start + 3;
        let Some(&[_, high, low]) = bytes.get(from..).and_then(|rest| rest.first_chunk::<3>()) else {
            break;
        };
        let second = start + 4 + usize::from(u16::from_be_bytes([high, low]));
        if bytes.get(second) == Some(&0xff) {
            let end = memchr::memmem::find(&bytes[second..], b"\xff\xd9").map_or(bytes.len(), |at| second + at + 2);
            found.push(start..end);
            from = end;
        }
    }
    found
}
