//! Photoshop's image resources, one of which holds IPTC's fields (Adobe Photoshop File Formats: Image Resources).

const SIGNATURE: &[u8] = b"Photoshop 3.0\0";
/// Thumbnails, of Photoshop 4 and of 5 and later.
const THUMBNAILS: [u16; 2] = [1033, 1036];

/// The block without its thumbnails: they show the picture as it was. `None` if there is nothing left that can be read.
pub(crate) fn without_thumbnails(block: &[u8]) -> Option<Vec<u8>> {
    let mut rest = block.strip_prefix(SIGNATURE)?;
    let mut kept = SIGNATURE.to_vec();
    while let Some((number, whole)) = resource(rest) {
        if !THUMBNAILS.contains(&number) {
            kept.extend_from_slice(whole);
        }
        rest = &rest[whole.len()..];
    }
    (kept.len() > SIGNATURE.len()).then_some(kept)
}

/// The number of the first resource, and its bytes: `8BIM`, number, name, length, data; name and data are padded to an
/// even length, which some writers forget at the end.
fn resource(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (number, named) = bytes.strip_prefix(b"8BIM")?.split_first_chunk::<2>()?;
    let name = (1 + usize::from(*named.first()?)).next_multiple_of(2);
    let length = u32::from_be_bytes(*named.get(name..)?.first_chunk::<4>()?) as usize;
    let end = length.checked_add(10 + name)?;
    let padded = end.next_multiple_of(2).min(bytes.len());
    (end <= padded).then(|| (u16::from_be_bytes(*number), &bytes[..padded]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(resources: &[(u16, &[u8], &[u8])]) -> Vec<u8> {
        let mut block = SIGNATURE.to_vec();
        for &(number, name, data) in resources {
            block.extend(b"8BIM");
            block.extend(number.to_be_bytes());
            block.push(name.len() as u8);
            block.extend(name);
            block.resize(block.len().next_multiple_of(2), 0);
            block.extend((data.len() as u32).to_be_bytes());
            block.extend(data);
            block.resize(block.len().next_multiple_of(2), 0);
        }
        block
    }

    #[test]
    fn only_thumbnails_go() {
        let fields: (u16, &[u8], &[u8]) = (0x0404, b"", b"\x1c\x02\x19\0\x02kw");
        let rights: (u16, &[u8], &[u8]) = (0x040a, b"name", b"\x01");
        let block = made(&[fields, (1033, b"", b"old"), rights, (1036, b"odd", b"\xff\xd8picture")]);
        assert_eq!(without_thumbnails(&block), Some(made(&[fields, rights])));
        assert_eq!(without_thumbnails(&made(&[fields])), Some(made(&[fields])));
        assert_eq!(without_thumbnails(&made(&[(1036, b"", b"picture")])), None);
    }

    #[test]
    fn what_is_cut_off_is_left_out() {
        let whole = made(&[(0x0404, b"", b"fields"), (0x040a, b"a name", b"12345")]);
        let first = made(&[(0x0404, b"", b"fields")]);
        for length in 0..whole.len() {
            let kept = without_thumbnails(&whole[..length]);
            let expected = match length {
                length if length >= whole.len() - 1 => whole[..length].to_vec(),
                length if length >= first.len() => first.clone(),
                _ => Vec::new(),
            };
            assert_eq!(kept.unwrap_or_default(), expected, "{length}");
        }
        assert_eq!(without_thumbnails(b"something else"), None);
    }
}
