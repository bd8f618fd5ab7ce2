use super::*;

fn block(little: bool, orientation: u16) -> Vec<u8> {
    let short = |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() };
    let long = |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() };
    let mut exif = if little {
        b"II\x2a\0".to_vec()
    } else {
        b"MM\0\x2a".to_vec()
    };
    exif.extend(long(8));
    exif.extend(short(2));
    for (tag, value) in [(0x0100, 7), (ORIENTATION, orientation)] {
        exif.extend(short(tag));
        exif.extend(short(SHORT));
        exif.extend(long(1));
        exif.extend(short(value));
        exif.extend([0, 0]);
    }
    exif.extend(long(0));
    exif
}

#[test]
fn finds_and_resets_in_both_byte_orders() {
    for little in [true, false] {
        for value in 1..=8 {
            let mut exif = block(little, value);
            assert_eq!(orientation(&exif), value as u8);
            reset_orientation(&mut exif);
            assert_eq!(exif, block(little, 1));
        }
        assert_eq!(orientation(&block(little, 0)), 1);
        assert_eq!(orientation(&block(little, 9)), 1);
    }
}

#[test]
fn damaged_blocks_are_upright() {
    let whole = block(true, 6);
    for length in 0..whole.len() {
        let mut cut = whole[..length].to_vec();
        let tag_is_whole = length >= 34;
        assert_eq!(orientation(&cut), if tag_is_whole { 6 } else { 1 }, "{length} bytes");
        reset_orientation(&mut cut);
    }
    let mut far = whole;
    far[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(orientation(&far), 1);
}

#[test]
fn tags_are_written_over_or_added() {
    for little in [true, false] {
        let mut exif = block(little, 6);
        let length = exif.len();
        set(&mut exif, Some(3), None);
        assert_eq!((exif.len(), orientation(&exif), density(&exif)), (length, 3, None));
        set(&mut exif, None, Some(144.5));
        assert_eq!((orientation(&exif), density(&exif)), (3, Some(144.5)));
        let tiff = Tiff::new(&exif).unwrap();
        assert_eq!(tiff.find(0x0100, SHORT).and_then(|at| tiff.short(at)), Some(7));
        let tags: Vec<_> = tiff.entries().filter_map(|at| tiff.short(at)).collect();
        assert_eq!(tags, [0x0100, ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT]);
        let length = exif.len();
        set(&mut exif, Some(8), Some(72.0));
        assert_eq!(
            (exif.len(), orientation(&exif), density(&exif)),
            (length, 8, Some(72.0))
        );
    }
}

#[test]
fn a_block_is_made_where_there_is_none() {
    for broken in [&b""[..], b"II", b"not TIFF at all", b"II\x2a\0"] {
        let mut exif = broken.to_vec();
        set(&mut exif, Some(5), Some(300.0));
        assert_eq!((orientation(&exif), density(&exif)), (5, Some(300.0)));
        assert_eq!(exif.len(), 8 + 16 + 2 + 4 * 12 + 4);
    }
    let mut nowhere = block(false, 6);
    nowhere[4..8].fill(0xff);
    set(&mut nowhere, Some(2), None);
    assert_eq!(orientation(&nowhere), 2);
}

#[test]
fn what_is_cut_off_stays_readable() {
    let mut whole = block(true, 6);
    set(&mut whole, None, Some(96.0));
    for length in 0..whole.len() {
        let mut cut = whole[..length].to_vec();
        density(&cut);
        set(&mut cut, Some(4), Some(33.25));
        assert_eq!((orientation(&cut), density(&cut)), (4, Some(33.25)), "{length} bytes");
    }
}

#[test]
fn density_has_a_unit() {
    let mut exif = Vec::new();
    set(&mut exif, None, Some(100.0));
    let at = Tiff::new(&exif).unwrap().find(RESOLUTION_UNIT, SHORT).unwrap();
    exif[at] = CENTIMETRE as u8;
    assert_eq!(density(&exif), Some(254.0));
    exif[at] = 1; // none
    assert_eq!(density(&exif), None);
}
