//! What bytes look like that keenpix doesn't read.

use super::sniff::text;
use crate::error::Error;
use crate::format;

/// The error for bytes of no format that is read.
pub(super) fn refusal(bytes: &[u8]) -> Error {
    match other_image(bytes) {
        Some(name) => Error::unsupported(format_args!("{name} input; keenpix reads {}", format::read())),
        None => Error::not_an_image(diagnosis(bytes)),
    }
}

fn other_image(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [b'I', b'I', 0x2a | 0x2b, 0, ..] | [b'M', b'M', 0, 0x2a | 0x2b, ..] => "TIFF (or a camera's raw format)",
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => "JPEG XL",
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => "JPEG 2000",
        [b'8', b'B', b'P', b'S', ..] => "Photoshop (PSD)",
        [b'q', b'o', b'i', b'f', ..] => "QOI",
        [b'P', b'1'..=b'7', b'\n' | b' ' | b'\r' | b'\t' | b'#', ..] => "Netpbm (PBM, PGM, PPM, PAM)",
        [0x76, 0x2f, 0x31, 0x01, ..] => "OpenEXR",
        _ => return None,
    })
}

/// What bytes look like that are not an image.
fn diagnosis(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "it is empty (0 bytes)".into();
    }
    if bytes.iter().take(4096).all(|byte| *byte == 0) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        return format!("it starts with {zeros} zero bytes");
    }
    if is_damaged_by_text(bytes) {
        return "it is an image that was damaged by being read as text (its bytes were decoded as UTF-8 or Latin-1); pass \
                the bytes, not a string"
            .into();
    }
    if is_multipart(bytes) {
        return "it is a multipart form, as a browser sends it: its parts have headers (Content-Disposition) around the \
                files; parse the form, and pass the bytes of the part with the image"
            .into();
    }
    if let Some(file) = other_file(bytes) {
        return file.into();
    }
    match text(bytes) {
        Some(text) => of_text(text),
        None => {
            let first: Vec<_> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let first = first.join(" ");
            format!("no known signature; {} bytes that start with {first}", bytes.len())
        }
    }
}

/// U+FFFD, which replaces invalid UTF-8, or a character of two bytes in place of a signature's bytes above 0x7f.
fn is_damaged_by_text(bytes: &[u8]) -> bool {
    const REPLACED: &[u8] = b"\xef\xbf\xbd";
    let replaced = bytes
        .strip_prefix(REPLACED)
        .is_some_and(|rest| rest.starts_with(REPLACED) || rest.starts_with(b"PNG"));
    replaced || bytes.starts_with(b"\xc3\xbf\xc3\x98") || bytes.starts_with(b"\xc2\x89PNG")
}

/// The body of an upload (RFC 7578), or of another type with parts: a boundary that begins with two hyphens, then the
/// headers of the first part.
fn is_multipart(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let start = &start[..start.len().min(1024)];
    let has = |header: &[u8]| {
        start
            .windows(header.len())
            .any(|part| part.eq_ignore_ascii_case(header))
    };
    start.starts_with(b"--") && (has(b"\ncontent-disposition:") || has(b"\ncontent-type:"))
}

fn other_file(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0x1f, 0x8b, ..] => "it is compressed with gzip; decompress it first",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "it is compressed with Zstandard; decompress it first",
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => "it is compressed with xz; decompress it first",
        [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', ..] => "it is compressed with bzip2; decompress it first",
        [b'R', b'a', b'r', b'!', 0x1a, ..] | [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => {
            "it is an archive (RAR or 7z); take the image out of it"
        }
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => {
            "it is a ZIP archive, or a document in one (such as DOCX); take the image out of it"
        }
        [b'%', b'P', b'D', b'F', b'-', ..] => "it is a PDF document; draw the page that is wanted as an image first",
        [b'%', b'!', b'P', b'S', ..] => "it is a PostScript document; draw it as an image first",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "it is a video (WebM or Matroska); take a picture out of it first",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => {
            "it is a video (AVI); take a picture out of it first"
        }
        [b'I', b'D', b'3', ..] | [b'O', b'g', b'g', b'S', ..] | [b'f', b'L', b'a', b'C', ..] => "it is an audio file",
        [0x89, b'P', b'N', b'G', b'\n', ..] | [0x89, b'P', b'N', b'G', b'\r', b'\r', ..] => {
            "it is a PNG in which line ends were replaced, as on the way of a text; send it as binary data"
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "it is an audio file",
        [b'H', b'T', b'T', b'P', b'/', ..] => "it is a whole HTTP answer; pass its body alone, without the headers",
        _ => return None,
    })
}

fn of_text(text: &str) -> String {
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
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return "it is a URL; fetch it, and pass the bytes".into();
    }
    let excerpt: String = start.chars().take(24).collect();
    format!("it looks like text that starts with {excerpt:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_bytes_look_like() {
        let cases: [(&[u8], &str, &str); 31] = [
            (b"", "NOT_AN_IMAGE", "empty (0 bytes)"),
            (b"hello", "NOT_AN_IMAGE", "text that starts with \"hello\""),
            (b"\n<!DOCTYPE html><p>", "NOT_AN_IMAGE", "HTML"),
            (b"<?xml version=\"1.0\"?><Error><Code>NoSuchKey", "NOT_AN_IMAGE", "XML"),
            (b"{\"message\": \"denied\"}", "NOT_AN_IMAGE", "JSON"),
            (b"/9j/4AAQSkZJRgABAQ", "NOT_AN_IMAGE", "base64"),
            (b"data:image/png;base64,iVBORw0KGgo", "NOT_AN_IMAGE", "data URL"),
            (b"https://example.com/a.jpg", "NOT_AN_IMAGE", "it is a URL"),
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
            (
                b"------WebKitFormBoundaryX\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n\xff\xd8\xff\xe0\0",
                "NOT_AN_IMAGE",
                "multipart form",
            ),
            (
                b"\r\n--xyz\r\ncontent-type: image/png\r\ncontent-disposition: form-data\r\n\r\n\x89PNG",
                "NOT_AN_IMAGE",
                "multipart form",
            ),
            (
                b"--xyz\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n",
                "NOT_AN_IMAGE",
                "multipart form",
            ),
            (b"--xyz: a letter", "NOT_AN_IMAGE", "text"),
            (
                b"\x89PNG\n\x1a\n\0\0\0\x0dIHDR",
                "NOT_AN_IMAGE",
                "line ends were replaced",
            ),
            (b"\xfd7zXZ\0\0\x04", "NOT_AN_IMAGE", "xz"),
            (b"BZh91AY&SY", "NOT_AN_IMAGE", "bzip2"),
            (b"Rar!\x1a\x07\x01\0", "NOT_AN_IMAGE", "archive"),
            (b"fLaC\0\0\0\x22", "NOT_AN_IMAGE", "audio"),
            (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "NOT_AN_IMAGE", "gzip"),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86", "NOT_AN_IMAGE", "WebM"),
            (b"PK\x03\x04\x14\0\x06\0", "NOT_AN_IMAGE", "ZIP"),
            (b"%PDF-1.7\n%\xe2\xe3", "NOT_AN_IMAGE", "PDF"),
            (b"HTTP/1.1 200 OK\r\n", "NOT_AN_IMAGE", "HTTP answer"),
            (b"II\x2a\0", "UNSUPPORTED", "TIFF"),
            (b"MM\0\x2a\0\0\0\x08", "UNSUPPORTED", "TIFF"),
            (b"II\x2b\0\x08\0\0\0", "UNSUPPORTED", "TIFF"),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "UNSUPPORTED", "JPEG XL"),
            (&[0; 100], "NOT_AN_IMAGE", "100 zero bytes"),
            (
                &[1, 2, 3, 200, 201],
                "NOT_AN_IMAGE",
                "5 bytes that start with 01 02 03 c8 c9",
            ),
            (b"BMW and other cars", "NOT_AN_IMAGE", "text"),
        ];
        for (bytes, code, part) in cases {
            let error = refusal(bytes);
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().contains(part), "{error}: expected {part}");
            if code == "UNSUPPORTED" {
                let reads = format!("keenpix reads {}", format::read());
                assert!(error.to_string().ends_with(&reads), "{error}");
            }
        }
    }
}
