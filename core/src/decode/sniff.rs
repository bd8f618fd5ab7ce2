//! Detects the format from the content; or, if keenpix doesn't read it, what the bytes look like.

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
        _ if cfg!(feature = "svg") && is_svg(bytes) => Ok(Format::Svg),
        _ => Err(other_image(bytes).unwrap_or_else(|| Error::not_an_image(diagnose(bytes)))),
    }
}

/// "BM" alone could be text; the size of the header after it decides.
fn is_bmp(bytes: &[u8]) -> bool {
    let header_size = bytes
        .get(14..18)
        .and_then(|size| size.first_chunk().map(|size| u32::from_le_bytes(*size)));
    header_size.is_some_and(|size| matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// XML with an `svg` element near its start, but not a web page that contains a drawing.
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

fn other_image(bytes: &[u8]) -> Option<Error> {
    let name = match bytes {
        [b'I', b'I', 0x2a | 0x2b, 0, ..] | [b'M', b'M', 0, 0x2a | 0x2b, ..] => "TIFF (or a camera's raw format)",
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => "JPEG XL",
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => "JPEG 2000",
        [b'8', b'B', b'P', b'S', ..] => "Photoshop (PSD)",
        [b'q', b'o', b'i', b'f', ..] => "QOI",
        [b'P', b'1'..=b'7', b'\n' | b' ' | b'\r' | b'\t' | b'#', ..] => "Netpbm (PBM, PGM, PPM, PAM)",
        [0x76, 0x2f, 0x31, 0x01, ..] => "OpenEXR",
        _ if text(bytes).is_some_and(|text| text.contains("<svg")) => "SVG",
        _ => return None,
    };
    Some(Error::unsupported(format_args!(
        "{name} input; keenpix reads JPEG, PNG, WebP, GIF, BMP, ICO and AVIF"
    )))
}

/// What bytes look like that are not an image.
fn diagnose(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "it is empty (0 bytes)".into();
    }
    if bytes.iter().take(4096).all(|byte| *byte == 0) {
        return format!(
            "it starts with {} zero bytes",
            bytes.iter().take_while(|byte| **byte == 0).count()
        );
    }
    // U+FFFD, which replaces invalid UTF-8, in place of a signature's bytes above 0x7f.
    const REPLACED: &[u8] = b"\xef\xbf\xbd";
    let damaged = bytes
        .strip_prefix(REPLACED)
        .map(|rest| rest.starts_with(REPLACED) || rest.starts_with(b"PNG"));
    if damaged == Some(true) || bytes.starts_with(b"\xc3\xbf\xc3\x98") || bytes.starts_with(b"\xc2\x89PNG") {
        return "it is an image that was damaged by being read as text (its bytes were decoded as UTF-8 or Latin-1); pass \
                the bytes, not a string"
            .into();
    }
    match text(bytes) {
        Some(text) => diagnose_text(text),
        None => {
            let first: Vec<_> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            format!(
                "no known signature; {} bytes that start with {}",
                bytes.len(),
                first.join(" ")
            )
        }
    }
}

fn diagnose_text(text: &str) -> String {
    let start = text.trim_start();
    let lower = start.get(..start.len().min(15)).unwrap_or(start).to_ascii_lowercase();
    if start.starts_with("data:") {
        return "it is a data URL; decode its base64 part first".into();
    }
    // The start of base64 for JPEG, PNG, GIF, RIFF (WebP), and the first four bytes of an ISO box (AVIF).
    if ["/9j/", "iVBORw0KGgo", "R0lGOD", "UklGR", "AAAAHGZ0eXB", "AAAAIGZ0eXB"]
        .iter()
        .any(|sign| start.starts_with(sign))
    {
        return "it is an image in base64; decode it first".into();
    }
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.starts_with("<head") {
        return "it looks like HTML, such as an error page".into();
    }
    if lower.starts_with("<?xml") || lower.starts_with("<error") {
        return "it looks like XML, such as an error answer of S3".into();
    }
    if start.starts_with('{') || start.starts_with('[') {
        return "it looks like JSON".into();
    }
    let excerpt: String = start.chars().take(24).collect();
    format!("it looks like text that starts with {excerpt:?}")
}

/// The start of the bytes as text, if they are text.
fn text(bytes: &[u8]) -> Option<&str> {
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
    fn says_what_the_bytes_look_like() {
        let cases: [(&[u8], &str, &str); 15] = [
            (b"", "NOT_AN_IMAGE", "empty (0 bytes)"),
            (b"hello", "NOT_AN_IMAGE", "text that starts with \"hello\""),
            (b"\n<!DOCTYPE html><p>", "NOT_AN_IMAGE", "HTML"),
            (b"<?xml version=\"1.0\"?><Error><Code>NoSuchKey", "NOT_AN_IMAGE", "XML"),
            (b"{\"message\": \"denied\"}", "NOT_AN_IMAGE", "JSON"),
            (b"/9j/4AAQSkZJRgABAQ", "NOT_AN_IMAGE", "base64"),
            (b"data:image/png;base64,iVBORw0KGgo", "NOT_AN_IMAGE", "data URL"),
            (
                "\u{fffd}PNG\r\n\u{1a}\n".as_bytes(),
                "NOT_AN_IMAGE",
                "damaged by being read as text",
            ),
            (
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}\0\u{10}JFIF".as_bytes(),
                "NOT_AN_IMAGE",
                "damaged by being read as text",
            ),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "UNSUPPORTED", "HEIC"),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "NOT_AN_IMAGE", "MP4"),
            (b"II\x2a\0", "UNSUPPORTED", "TIFF"),
            (&[0; 100], "NOT_AN_IMAGE", "100 zero bytes"),
            (
                &[1, 2, 3, 200, 201],
                "NOT_AN_IMAGE",
                "5 bytes that start with 01 02 03 c8 c9",
            ),
            (b"BMW and other cars", "NOT_AN_IMAGE", "text"),
        ];
        for (bytes, code, part) in cases {
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
            if cfg!(feature = "svg") {
                assert_eq!(sniff(text.as_bytes()).unwrap(), Format::Svg);
            } else {
                let error = sniff(text.as_bytes()).unwrap_err();
                assert_eq!(error.code(), "UNSUPPORTED");
                assert!(error.to_string().contains("SVG"), "{error}");
            }
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
