//! The text chunks of a PNG (PNG 3rd edition, 11.3.3).

use super::chunks::{Chunks, METADATA_MAX};
use crate::metadata::Comment;

/// Maximum number of texts that are read.
const MOST: usize = 1000;

/// Titles, authors and other complete texts, not including XMP.
pub(super) fn comments(bytes: &[u8]) -> Vec<Comment> {
    let mut room = METADATA_MAX;
    let mut comments = Vec::new();
    for chunk in Chunks::new(bytes).filter(|chunk| chunk.complete) {
        let comment = match &chunk.kind {
            b"tEXt" => plain(chunk.data),
            b"zTXt" => compressed(chunk.data, &mut room),
            b"iTXt" => international(chunk.data, &mut room),
            _ => None,
        };
        let Some(comment) = comment else { continue };
        let Some(left) = room.checked_sub(comment.keyword.len() + comment.text.len()) else {
            break;
        };
        room = left;
        comments.push(comment);
        if comments.len() == MOST {
            break;
        }
    }
    comments
}

/// A stream that is broken or too long still uses up some of the allowance: a file full of such streams would
/// otherwise take forever.
fn unpack(stream: &[u8], room: &mut usize) -> Option<Vec<u8>> {
    let text = fdeflate::decompress_to_vec_bounded(stream, *room).ok();
    if text.is_none() {
        *room = room.saturating_sub(METADATA_MAX / 16);
    }
    text
}

/// 11.3.3.2: keyword, 0, text, both in Latin-1.
fn plain(data: &[u8]) -> Option<Comment> {
    let (keyword, text) = keyword(data)?;
    (text.len() <= METADATA_MAX / 2).then(|| Comment {
        keyword,
        text: latin1(text),
    })
}

/// 11.3.3.3: keyword, 0, method 0, zlib stream of Latin-1.
fn compressed(data: &[u8], room: &mut usize) -> Option<Comment> {
    let (keyword, rest) = keyword(data)?;
    let text = match rest.split_first()? {
        (0, stream) => latin1(&unpack(stream, room)?),
        _ => return None,
    };
    Some(Comment { keyword, text })
}

/// 11.3.3.4: keyword, 0, compressed?, method, language, 0, translated keyword, 0, UTF-8.
fn international(data: &[u8], room: &mut usize) -> Option<Comment> {
    let (keyword, rest) = keyword(data)?;
    let (&[compressed, _method], rest) = rest.split_first_chunk::<2>()?;
    let mut parts = rest.splitn(3, |&byte| byte == 0);
    let (_language, _keyword, text) = (parts.next()?, parts.next()?, parts.next()?);
    if keyword == "XML:com.adobe.xmp" || text.len() > METADATA_MAX {
        return None;
    }
    let text = match compressed {
        0 => text.to_vec(),
        _ => unpack(text, room)?,
    };
    Some(Comment {
        keyword,
        text: String::from_utf8(text).ok()?,
    })
}

/// 1 to 79 bytes, then 0.
fn keyword(data: &[u8]) -> Option<(String, &[u8])> {
    let end = data.iter().take(80).position(|&byte| byte == 0)?;
    (end > 0).then(|| (latin1(&data[..end]), &data[end + 1..]))
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = (data.len() as u32).to_be_bytes();
        [&length[..], kind, data, &[0; 4]].concat()
    }

    #[test]
    fn all_three_kinds_are_read() {
        let stream = fdeflate::compress_to_vec(b"me");
        let file = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"tEXt", b"Title\0caf\xe9"),
            chunk(b"zTXt", &[b"Author\0\0", &stream[..]].concat()),
            chunk(b"iTXt", "Note\0\0\0de\0Notiz\0grün".as_bytes()),
            chunk(b"iTXt", &[b"Packed\0\x01\0\0\0", &stream[..]].concat()),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"),
            chunk(b"tEXt", b"\0no keyword"),
            chunk(b"tEXt", b"no end"),
            chunk(b"zTXt", b"Odd\0\0not zlib"),
            chunk(b"iTXt", b"Odd\0\0\0\0\0\xff"),
        ]
        .concat();
        let found: Vec<_> = comments(&file)
            .into_iter()
            .map(|comment| (comment.keyword, comment.text))
            .collect();
        let expected = [("Title", "café"), ("Author", "me"), ("Note", "grün"), ("Packed", "me")];
        assert_eq!(
            found,
            expected.map(|(keyword, text)| (keyword.to_owned(), text.to_owned()))
        );
    }

    #[test]
    fn there_is_an_end_to_texts() {
        let one = chunk(b"tEXt", b"k\0t");
        let file = [b"\x89PNG\r\n\x1a\n".to_vec(), one.repeat(MOST + 5)].concat();
        assert_eq!(comments(&file).len(), MOST);
        // Three that inflate to 3 MB each: there is room for two.
        let stream = fdeflate::compress_to_vec(&vec![b'x'; 3 << 20]);
        let large = chunk(b"zTXt", &[b"k\0\0", &stream[..]].concat());
        let file = [b"\x89PNG\r\n\x1a\n".to_vec(), large.repeat(100), one].concat();
        assert_eq!(comments(&file).len(), 2);
    }
}
