use super::*;

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() + 2) as u16;
    [&[0xFF, marker], &length.to_be_bytes()[..], body].concat()
}

fn file(segments: &[Vec<u8>]) -> Vec<u8> {
    [&[0xFF, 0xD8][..], &segments.concat()].concat()
}

fn sof(marker: u8, ids: &[u8]) -> Vec<u8> {
    let mut body = vec![8, 0, 20, 0, 30, ids.len() as u8];
    for &id in ids {
        body.extend([id, 0x11, 0]);
    }
    segment(marker, &body)
}

#[test]
fn colour_follows_markers_then_names() {
    let jfif = segment(APP0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let adobe = |transform: u8| segment(APP14, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat());
    let colour = |segments: &[Vec<u8>]| Header::parse(&file(segments)).unwrap().colour;
    assert_eq!(colour(&[sof(0xC0, &[1])]), Colour::Grey);
    assert_eq!(colour(&[sof(0xC0, &[1, 2, 3])]), Colour::YCbCr);
    assert_eq!(colour(&[sof(0xC0, b"RGB")]), Colour::Rgb);
    assert_eq!(colour(&[sof(0xC9, &[1, 2, 3])]), Colour::YCbCr);
    assert_eq!(colour(&[sof(0xC3, &[1, 2, 3])]), Colour::Rgb);
    assert_eq!(colour(&[jfif.clone(), sof(0xC3, &[1, 2, 3])]), Colour::YCbCr);
    assert_eq!(colour(&[jfif.clone(), sof(0xC0, b"RGB")]), Colour::YCbCr);
    assert_eq!(colour(&[adobe(0), sof(0xC0, &[1, 2, 3])]), Colour::Rgb);
    assert_eq!(colour(&[adobe(1), sof(0xC0, b"RGB")]), Colour::YCbCr);
    assert_eq!(colour(&[sof(0xC0, &[1, 2, 3, 4])]), Colour::Cmyk);
    assert_eq!(colour(&[jfif, sof(0xC0, &[1, 2, 3, 4])]), Colour::Cmyk);
    assert_eq!(colour(&[adobe(0), sof(0xC0, &[1, 2, 3, 4])]), Colour::Cmyk);
    assert_eq!(colour(&[adobe(2), sof(0xC0, &[1, 2, 3, 4])]), Colour::Ycck);
}

#[test]
fn metadata_is_handed_over() {
    let chunk = |number: u8, text: &[u8]| segment(APP2, &[b"ICC_PROFILE\0", &[number, 2][..], text].concat());
    let bytes = file(&[
        segment(APP1, b"Exif\0\0II*\0"),
        segment(APP1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
        chunk(2, b"file"),
        chunk(1, b"pro"),
        sof(0xC2, &[1, 2, 3]),
    ]);
    let header = Header::parse(&bytes).unwrap();
    assert_eq!((header.width, header.height, header.progressive), (30, 20, true));
    assert_eq!(header.exif, Some(&b"II*\0"[..]));
    assert_eq!(header.xmp, Some(&b"<x/>"[..]));
    assert_eq!(header.icc.as_deref(), Some(&b"profile"[..]));
    let half = file(&[chunk(2, b"file"), sof(0xC0, &[1])]);
    assert_eq!(Header::parse(&half).unwrap().icc, None);
}

#[test]
fn a_profile_may_have_as_many_chunks_as_a_byte_counts() {
    for count in [254, 255] {
        let chunk = |number: u8| segment(APP2, &[b"ICC_PROFILE\0", &[number, count, number][..]].concat());
        let mut segments: Vec<_> = (1..=count).rev().map(chunk).collect();
        segments.push(sof(0xC0, &[1]));
        let profile: Vec<u8> = (1..=count).collect();
        assert_eq!(
            Header::parse(&file(&segments)).unwrap().icc.as_deref(),
            Some(&profile[..])
        );
    }
}

#[test]
fn other_processes_are_named() {
    for (marker, name) in [(0xC6, "hierarchical"), (0xCB, "lossless"), (0xCF, "arithmetic")] {
        let error = Header::parse(&file(&[sof(marker, &[1])])).unwrap_err();
        assert_eq!(error.code(), "UNSUPPORTED");
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn files_without_a_frame_are_errors() {
    for bytes in [
        &b""[..],
        b"\xFF",
        b"\xFF\xD8",
        b"\xFF\xD8\xFF\xD9",
        b"GIF89a",
        b"\xFF\xD8\xFF\xDA\0\x02",
    ] {
        assert!(Header::parse(bytes).is_err());
    }
    let twice = file(&[sof(0xC0, &[1]), sof(0xC0, &[1])]);
    let mut warnings = Vec::new();
    let mut damage = Damage::new(Tolerate::Errors, &mut warnings);
    assert!(Preamble::new(&twice).unwrap().next_scan(&mut damage).is_err());
}
