//! Detects the format from the content, whether this build reads it or not.

use super::diagnose;
use crate::error::{Error, Result};
use crate::format::Format;

/// The format, from the first bytes.
///
/// # Errors
///
/// [`Error::Unsupported`] for images in formats that keenpix doesn't read, [`Error::NotAnImage`] with a diagnosis
/// for everything else.
pub(crate) fn sniff(bytes: &[u8]) -> Result<Format> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Ok(Format::Jpeg),
        _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(Format::Png),
        _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => Ok(Format::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::Webp),
        // An icon: reserved 0, type 1 (2 is a cursor, the same structure), at least one entry.
        [0, 0, 1 | 2, 0, n, m, ..] if u16::from_le_bytes([*n, *m]) > 0 => Ok(Format::Ico),
        [b'B', b'M', ..] if is_bmp(bytes) => Ok(Format::Bmp),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => heif_brand(bytes),
        _ if is_svg(bytes) => Ok(Format::Svg),
        _ => Err(diagnose::refusal(bytes)),
    }
}

/// "BM" alone could be text; the size of the header after it decides.
fn is_bmp(bytes: &[u8]) -> bool {
    let header_size = bytes
        .get(14..18)
        .and_then(|size| size.first_chunk().map(|size| u32::from_le_bytes(*size)));
    header_size.is_some_and(|size| matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// XML whose first element is `svg`.
#[cfg(feature = "svg")]
fn is_svg(bytes: &[u8]) -> bool {
    super::svg::source::is_svg(bytes)
}

/// XML with an `svg` element near its start, but not a web page that contains a drawing: enough to say what it is.
#[cfg(not(feature = "svg"))]
fn is_svg(bytes: &[u8]) -> bool {
    text(bytes).is_some_and(|text| {
        let start = text.trim_start();
        let lower = start.get(..start.len().min(15)).unwrap_or(start).to_ascii_lowercase();
        let html = ["<!doctype html", "<html", "<head"]
            .iter()
            .any(|tag| lower.starts_with(tag));
        start.starts_with('<') && !html && text.contains("<svg")
    })
}

/// HEIF's brands (ISO/IEC 14496-12, `ftyp`): the major one first, then the compatible ones.
fn heif_brand(bytes: &[u8]) -> Result<Format> {
    let size = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    let brands = &bytes[8..size.clamp(8, bytes.len().min(512))];
    let has = |wanted: &[&[u8; 4]]| {
        brands
            .chunks_exact(4)
            .any(|brand| wanted.iter().any(|w| brand == w.as_slice()))
    };
    if has(&[b"avif", b"avis"]) {
        return Ok(Format::Avif);
    }
    if has(&[b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"]) {
        return Err(Error::unsupported(
            "HEIC (HEVC in HEIF), as iPhones store photos; its codec is patented. Let the browser or the phone convert: an \
             <input accept=\"image/jpeg\"> makes iOS send JPEG",
        ));
    }
    if has(&[b"mif1", b"msf1"]) {
        return Err(Error::unsupported("HEIF with a codec other than AV1"));
    }
    let brand = String::from_utf8_lossy(&bytes[8..bytes.len().min(12)]).into_owned();
    Err(Error::not_an_image(format_args!(
        "it looks like an MP4 or QuickTime file (brand `{brand}`)"
    )))
}

/// The start of the bytes as text, if they are text.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    let bytes = &bytes[..bytes.len().min(1024)];
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The cut may split a character.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let text = text.trim_start_matches('\u{feff}');
    (!text.is_empty() && text.chars().all(|c| !c.is_control() || c.is_whitespace())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_boxes_of_phones_are_told_by_their_brands() {
        for (bytes, code, part) in [
            (&b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], "UNSUPPORTED", "HEIC"),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "NOT_AN_IMAGE", "MP4"),
        ] {
            let error = sniff(bytes).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().contains(part), "{error}: expected {part}");
        }
    }

    #[test]
    fn drawings_are_told_by_their_element() {
        for text in [
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "\u{feff}<?xml version='1.0'?>\n<!-- a drawing -->\n<svg/>",
        ] {
            assert_eq!(sniff(text.as_bytes()).unwrap(), Format::Svg);
        }
        for text in ["<?xml version='1.0'?><Error/>", "I said: svg"] {
            assert!(sniff(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn short_inputs_are_no_formats() {
        for signature in [
            &b"\xff\xd8\xff"[..],
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\0\0\0\0WEBP",
            b"\0\0\0\x08ftypavif",
        ] {
            for length in 0..signature.len() {
                assert!(sniff(&signature[..length]).is_err());
            }
        }
        assert_eq!(sniff(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif").unwrap(), Format::Avif);
    }
}
