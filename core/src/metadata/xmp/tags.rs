//! The tags of an XML text (XML 1.0, 3.1), as far as they are needed to cut some of them out.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    End,
    /// `<name/>`
    Empty,
}

#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub(super) kind: Kind,
    /// From `<` to `>`.
    pub(super) place: Range<usize>,
    pub(super) name: &'a [u8],
    pub(super) attributes: Vec<Attribute<'a>>,
}

#[derive(Debug)]
pub(super) struct Attribute<'a> {
    /// With the space before it.
    pub(super) place: Range<usize>,
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
}

/// The text is not XML.
#[derive(Debug)]
pub(super) struct Malformed;

/// All tags, up to the first that is malformed.
pub(super) fn tags(text: &[u8]) -> impl Iterator<Item = Result<Tag<'_>, Malformed>> {
    let mut at = Some(0);
    std::iter::from_fn(move || {
        let tag = next(text, at?);
        at = match &tag {
            Some(Ok(tag)) => Some(tag.place.end),
            _ => None,
        };
        tag
    })
}

/// The first tag from here on, past comments, instructions and the like.
fn next(text: &[u8], mut at: usize) -> Option<Result<Tag<'_>, Malformed>> {
    loop {
        let start = at + memchr::memchr(b'<', &text[at..])?;
        let rest = &text[start..];
        let close: &[u8] = match rest {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            [b'<', b'!', b'[', ..] => b"]]>",
            [b'<', b'!', ..] => b">",
            _ => return Some(tag(text, start).ok_or(Malformed)),
        };
        match memchr::memmem::find(rest, close) {
            Some(end) => at = start + end + close.len(),
            None => return Some(Err(Malformed)),
        }
    }
}

fn tag(text: &[u8], start: usize) -> Option<Tag<'_>> {
    let ends = text.get(start + 1) == Some(&b'/');
    let from = start + 1 + usize::from(ends);
    let mut at = name_end(text, from);
    let name = &text[from..at];
    let mut attributes = Vec::new();
    loop {
        let space = at;
        at = skip_space(text, at);
        let kind = match *text.get(at..)? {
            [b'>', ..] if ends => Kind::End,
            [b'>', ..] => Kind::Start,
            [b'/', b'>', ..] if !ends => {
                at += 1;
                Kind::Empty
            }
            _ => {
                let attribute = attribute(text, space, at)?;
                at = attribute.place.end;
                attributes.push(attribute);
                continue;
            }
        };
        return (!name.is_empty()).then_some(Tag {
            kind,
            place: start..at + 1,
            name,
            attributes,
        });
    }
}

fn attribute(text: &[u8], space: usize, at: usize) -> Option<Attribute<'_>> {
    let name = &text[at..name_end(text, at)];
    let equals = skip_space(text, at + name.len());
    let open = skip_space(text, equals + 1);
    let quote = *text.get(open).filter(|quote| matches!(quote, b'"' | b'\''))?;
    let value = &text[open + 1..];
    let value = &value[..memchr::memchr(quote, value)?];
    (text[equals] == b'=' && !name.is_empty()).then(|| Attribute {
        place: space..open + value.len() + 2,
        name,
        value,
    })
}

fn name_end(text: &[u8], from: usize) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/' | b'>' | b'<' | b'"' | b'\'');
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().position(ends).unwrap_or(rest.len())
}

fn skip_space(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}
