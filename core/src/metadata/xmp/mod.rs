//! What an XMP packet says that a new picture makes untrue. Files appended to a photo (a gain map, a video, a depth
//! map) and extended packets are not carried over; sizes, orientation and thumbnails are those of the input.

mod tags;

use std::collections::HashMap;
use std::ops::Range;

use tags::{Kind, Tag, tags};

/// Namespaces of which nothing is kept.
const GONE: [&str; 9] = [
    "http://ns.adobe.com/hdr-gain-map/1.0/",
    "http://ns.adobe.com/xmp/note/",
    "http://ns.apple.com/HDRGainMap/1.0/",
    "http://ns.google.com/photos/1.0/audio/",
    "http://ns.google.com/photos/1.0/camera/",
    "http://ns.google.com/photos/1.0/container/",
    "http://ns.google.com/photos/1.0/container/item/",
    "http://ns.google.com/photos/1.0/depthmap/",
    "http://ns.google.com/photos/1.0/image/",
];

/// What the other namespaces begin with of which nothing is kept: Dynamic Depth's, and those of cameras that append a
/// video or a depth map. Each of these makers has several.
const GONE_UNDER: [&str; 5] = [
    "http://ns.google.com/photos/dd/",
    "http://ns.google.com/videos/",
    "http://ns.oplus.com/photos/",
    "http://ns.vivo.com/photos/",
    "http://ns.xiaomi.com/photos/",
];

/// Namespaces of which these are not kept.
const PARTLY_GONE: [(&str, &[&str]); 3] = [
    ("http://ns.adobe.com/exif/1.0/", &["PixelXDimension", "PixelYDimension"]),
    (
        "http://ns.adobe.com/tiff/1.0/",
        &["ImageLength", "ImageWidth", "Orientation"],
    ),
    ("http://ns.adobe.com/xap/1.0/", &["Thumbnails"]),
];

/// The packet without what is no longer true, and otherwise unchanged. `None` if it contains such statements but can't
/// be parsed.
pub(crate) fn still_true(packet: &[u8]) -> Option<Vec<u8>> {
    let names = Names::new(packet);
    if names.0.is_empty() {
        return Some(packet.to_vec());
    }
    let gone = gone(packet, &names)?;
    let mut kept = Vec::with_capacity(packet.len());
    let mut from = 0;
    for range in gone {
        kept.extend_from_slice(&packet[from..range.start]);
        from = range.end;
    }
    kept.extend_from_slice(&packet[from..]);
    Some(kept)
}

/// Prefixes, and what is gone under them: everything, or certain names.
struct Names<'a>(HashMap<&'a [u8], Option<&'static [&'static str]>>);

impl<'a> Names<'a> {
    fn new(packet: &'a [u8]) -> Self {
        let attributes = tags(packet).map_while(Result::ok).flat_map(|tag| tag.attributes);
        let declared = attributes.filter_map(|attribute| {
            let prefix = match attribute.name.strip_prefix(b"xmlns")? {
                [] => &[],
                rest => rest.strip_prefix(b":")?,
            };
            let is = |uri: &str| uri.as_bytes() == attribute.value;
            let under = |uri: &&str| attribute.value.starts_with(uri.as_bytes());
            if GONE.iter().any(|&uri| is(uri)) || GONE_UNDER.iter().any(under) {
                return Some((prefix, None));
            }
            let part = PARTLY_GONE.iter().find(|(uri, _)| is(uri));
            part.map(|(_, names)| (prefix, Some(*names)))
        });
        Names(declared.collect())
    }

    fn has(&self, name: &[u8]) -> bool {
        let (prefix, local) = match memchr::memchr(b':', name) {
            Some(at) => (&name[..at], &name[at + 1..]),
            None => (&[][..], name),
        };
        match self.0.get(prefix) {
            Some(Some(names)) => names.iter().any(|name| name.as_bytes() == local),
            Some(None) => true,
            None => false,
        }
    }

    /// Whether it is a declaration of a prefix under which nothing is left.
    fn declares(&self, name: &[u8]) -> bool {
        let prefix = name.strip_prefix(b"xmlns:");
        prefix.is_some_and(|prefix| self.0.get(prefix) == Some(&None))
    }
}

/// Elements and attributes to leave out, in order; `None` if elements don't close.
fn gone(packet: &[u8], names: &Names<'_>) -> Option<Vec<Range<usize>>> {
    let mut gone = Vec::new();
    // Where the element begins that is being left out, and how many are open in it.
    let mut inside: Option<(usize, u32)> = None;
    for tag in tags(packet) {
        let Tag {
            kind,
            place,
            name,
            attributes,
        } = tag.ok()?;
        inside = match (inside, kind) {
            (Some((start, 1)), Kind::End) => {
                gone.push(start..place.end);
                None
            }
            (Some((start, open)), Kind::End) => Some((start, open - 1)),
            (Some((start, open)), Kind::Start) => Some((start, open + 1)),
            (Some(inside), Kind::Empty) => Some(inside),
            (None, Kind::End) => None,
            (None, Kind::Start) if names.has(name) => Some((place.start, 1)),
            (None, Kind::Empty) if names.has(name) => {
                gone.push(place);
                None
            }
            (None, _) => {
                let untrue = |name: &[u8]| names.declares(name) || (name.contains(&b':') && names.has(name));
                let attributes = attributes.into_iter().filter(|attribute| untrue(attribute.name));
                gone.extend(attributes.map(|attribute| attribute.place));
                None
            }
        };
    }
    inside.is_none().then_some(gone)
}

#[cfg(test)]
mod tests;
