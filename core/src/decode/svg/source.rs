//! The text of a drawing: unpacked if it is gzipped (`.svgz`), and from the encodings that XML programs write.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::bad;
use crate::budget::{Budget, Reserved};
use crate::error::{Error, LimitKind, Result};

/// Bytes that are looked at for the first element, where they have to be unpacked or converted for that.
const PREFIX: usize = 1 << 20;
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// Whether the first element is SVG's, behind comments and declarations of any length.
pub(in crate::decode) fn is_svg(bytes: &[u8]) -> bool {
    if bytes.starts_with(&GZIP) {
        let unpacked = unpack(bytes, &mut |room| Ok(room <= PREFIX));
        return unpacked.is_ok_and(|text| is_svg_text(&text));
    }
    is_svg_text(bytes)
}

fn is_svg_text(bytes: &[u8]) -> bool {
    let Some(little) = utf_16(bytes) else {
        return begins_with_svg(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    };
    let units = bytes[..bytes.len().min(PREFIX)].as_chunks::<2>().0;
    let ascii = |unit: &[u8; 2]| {
        let unit = if little {
            u16::from_le_bytes(*unit)
        } else {
            u16::from_be_bytes(*unit)
        };
        u8::try_from(unit).unwrap_or(b'?')
    };
    let text: Vec<u8> = units
        .iter()
        .filter(|unit| !matches!(unit, [0xff, 0xfe] | [0xfe, 0xff]))
        .map(ascii)
        .collect();
    begins_with_svg(&text)
}

/// Whether the first element is called `svg`; what comes before it may be in any encoding that has ASCII in it.
fn begins_with_svg(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_ascii_start();
        let after = |end: &[u8]| memmem::find(rest, end).map(|at| &rest[at + end.len()..]);
        let behind = match rest {
            [b'<', b'?', ..] => after(b"?>"),
            [b'<', b'!', b'-', b'-', ..] => after(b"-->"),
            [b'<', b'!', ..] => doctype(rest),
            [b'<', name @ ..] => {
                let end = name
                    .iter()
                    .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
                let name = &name[..end.unwrap_or(name.len().min(64))];
                return name == b"svg" || name.ends_with(b":svg");
            }
            _ => return false,
        };
        let Some(behind) = behind else { return false };
        rest = behind;
    }
}

/// What follows `<!DOCTYPE … [ … ]>`.
fn doctype(text: &[u8]) -> Option<&[u8]> {
    let end = memchr(b'>', text)?;
    match memchr(b'[', &text[..end]) {
        None => Some(&text[end + 1..]),
        Some(open) => {
            let close = open + memchr(b']', &text[open..])?;
            Some(&text[close + memchr(b'>', &text[close..])? + 1..])
        }
    }
}

/// The text, and the memory booked for it if it isn't the file's own.
pub(super) fn text<'a>(bytes: &'a [u8], budget: &Budget) -> Result<(Cow<'a, str>, Option<Reserved>)> {
    if !bytes.starts_with(&GZIP) {
        return decoded(bytes, budget);
    }
    let limit = budget.limits().input_bytes;
    let mut booked = None;
    let unpacked = unpack(bytes, &mut |room| {
        budget.check()?;
        if room as u64 > limit {
            return Err(Error::limit(LimitKind::InputBytes, room as u64, limit));
        }
        booked = None;
        booked = Some(budget.reserve(room as u64)?);
        Ok(true)
    })?;
    Ok(match decoded(&unpacked, budget)? {
        (Cow::Owned(text), booked) => (text.into(), booked),
        (Cow::Borrowed(_), _) => {
            let text = String::from_utf8(unpacked).map_err(|error| bad(format_args!("not UTF-8: {error}")))?;
            (text.into(), booked)
        }
    })
}

/// Unpacks as much as `allowed` lets it; it is asked before the room grows.
fn unpack(bytes: &[u8], allowed: &mut dyn FnMut(usize) -> Result<bool>) -> Result<Vec<u8>> {
    let stream = header(bytes).ok_or_else(|| bad("a gzip header that is cut off"))?;
    let mut inflate = fdeflate::Decompressor::new();
    inflate.ignore_adler32();
    // gzip has another header around the same data.
    let mut input: &[u8] = &[0x78, 1];
    let mut rest = Some(stream);
    let (mut text, mut length) = (Vec::new(), 0);
    loop {
        if length == text.len() {
            let room = (text.len() * 2).max(64 << 10);
            if !allowed(room)? {
                break;
            }
            text.resize(room, 0);
        }
        let end = rest.is_none();
        let result = inflate.read(input, &mut text, length, end);
        let (used, written) = result.map_err(|error| bad(format_args!("gzip: {error:?}")))?;
        input = &input[used..];
        length += written;
        if inflate.is_done() {
            break;
        }
        if input.is_empty()
            && let Some(next) = rest.take()
        {
            input = next;
        } else if used == 0 && written == 0 && length < text.len() {
            return Err(bad("gzip: the data ends too early"));
        }
    }
    text.truncate(length);
    Ok(text)
}

/// What follows the header (RFC 1952, 2.3).
fn header(bytes: &[u8]) -> Option<&[u8]> {
    let flags = *bytes.get(3)?;
    let mut rest = bytes.get(10..)?;
    if flags & 4 != 0 {
        let length = u16::from_le_bytes(*rest.first_chunk()?);
        rest = rest.get(2 + usize::from(length)..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            rest = &rest[memchr(0, rest)? + 1..];
        }
    }
    if flags & 2 != 0 { rest.get(2..) } else { Some(rest) }
}

/// Whether the text is UTF-16, and if so, whether it is little-endian.
fn utf_16(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => Some(true),
        [0xfe, 0xff, ..] | [0, b'<', ..] => Some(false),
        _ => None,
    }
}

fn decoded<'a>(bytes: &'a [u8], budget: &Budget) -> Result<(Cow<'a, str>, Option<Reserved>)> {
    let convert = |text: &dyn Fn() -> String| {
        let booked = budget.reserve(bytes.len() as u64 * 3)?;
        Ok((Cow::Owned(text()), Some(booked)))
    };
    if let Some(little) = utf_16(bytes) {
        let unit = |unit: &[u8; 2]| {
            if little {
                u16::from_le_bytes(*unit)
            } else {
                u16::from_be_bytes(*unit)
            }
        };
        let units = bytes.as_chunks::<2>().0.iter().map(unit);
        return convert(&|| {
            let chars = char::decode_utf16(units.clone()).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
            chars.filter(|c| *c != '\u{feff}').collect()
        });
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok((text.into(), None)),
        Err(error) => error,
    };
    match declared(bytes).as_deref() {
        Some(
            "iso-8859-1" | "iso8859-1" | "iso-8859-15" | "latin1" | "windows-1252" | "cp1252" | "us-ascii" | "ascii",
        ) => convert(&|| bytes.iter().map(|byte| western(*byte)).collect()),
        None | Some("utf-8" | "utf8") => Err(bad(format_args!("not UTF-8: {error}"))),
        Some(other) => Err(Error::unsupported(format_args!("an SVG in the encoding {other:?}"))),
    }
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..bytes.len().min(256))?;
    let declaration = &start[..memmem::find(start, b"?>")?];
    let rest = &declaration[memmem::find(declaration, b"encoding")? + 8..];
    let quote = rest.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &rest[quote + 1..];
    let name = &value[..memchr(rest[quote], value)?];
    Some(String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Windows-1252, which is what browsers take ISO-8859-1 for.
fn western(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    const DRAWING: &str = "<svg xmlns='http://www.w3.org/2000/svg'/>";

    fn gzip(text: &[u8]) -> Vec<u8> {
        let zlib = fdeflate::compress_to_vec(text);
        let deflated = &zlib[2..zlib.len() - 4];
        let header = [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3];
        [
            &header[..],
            b"name.svg\0",
            deflated,
            &[0; 4],
            &(text.len() as u32).to_le_bytes(),
        ]
        .concat()
    }

    fn read(bytes: &[u8], limits: &Limits) -> Result<String> {
        text(bytes, &Budget::new(limits)).map(|(text, _)| text.into_owned())
    }

    #[test]
    fn drawings_are_found_behind_anything_that_may_stand_before_them() {
        let comment = format!("<!-- {} -->", "<html> ".repeat(100_000));
        for before in [
            "",
            "\u{feff}",
            " \n",
            "<?xml version='1.0'?>",
            &comment,
            "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'svg11.dtd'>",
            "<!DOCTYPE svg [<!ENTITY a '<b>'>]>",
            "<?a?><!-- é --><?b?>",
        ] {
            assert!(is_svg(format!("{before}{DRAWING}").as_bytes()), "{:.40}", before);
        }
        for other in [
            "",
            "<",
            "<html><svg/></html>",
            "<!-- <svg/> -->",
            "<!--",
            "<svgs/>",
            "svg",
            "<?xml version='1.0'?><rss/>",
        ] {
            assert!(!is_svg(other.as_bytes()), "{other}");
        }
        assert!(is_svg(b"<s:svg/>") && is_svg(b"<svg") && is_svg(b"<!-- \xe9 --><svg>"));
    }

    #[test]
    fn encodings_of_xml_programs_are_read() {
        let text = format!("<?xml version='1.0' encoding='ISO-8859-1'?><!-- café “ -->{DRAWING}");
        let latin: Vec<u8> = text.chars().map(|c| if c == '“' { 0x93 } else { c as u8 }).collect();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        for bytes in [text.as_bytes(), &latin, &little, &big] {
            assert!(is_svg(bytes));
            assert_eq!(read(bytes, &Limits::default()).unwrap(), text);
        }
        let unknown = b"<?xml version='1.0' encoding='Shift_JIS'?><!-- \x83 --><svg/>";
        assert_eq!(read(unknown, &Limits::default()).unwrap_err().code(), "UNSUPPORTED");
        assert_eq!(
            read(b"<!-- \x83 --><svg/>", &Limits::default()).unwrap_err().code(),
            "BAD_INPUT"
        );
    }

    #[test]
    fn gzipped_drawings_are_unpacked_within_the_limits() {
        let packed = gzip(DRAWING.as_bytes());
        assert!(is_svg(&packed));
        assert_eq!(read(&packed, &Limits::default()).unwrap(), DRAWING);
        let bomb = gzip(format!("<svg>{}</svg>", " ".repeat(20 << 20)).as_bytes());
        assert!(is_svg(&bomb));
        let error = read(&bomb, &Limits::new().with_input_bytes(4 << 20)).unwrap_err();
        assert_eq!(error.code(), "LIMIT_INPUT_BYTES");
        let error = read(&bomb, &Limits::new().with_memory(4 << 20)).unwrap_err();
        assert_eq!(error.code(), "LIMIT_MEMORY");
        assert!(!is_svg(&gzip(b"hello")));
        for cut in 3..packed.len() - 8 {
            let _ = is_svg(&packed[..cut]);
            assert!(read(&packed[..cut], &Limits::default()).is_err(), "{cut}");
        }
    }
}
