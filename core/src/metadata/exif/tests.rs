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
    for (tag, value) in [(WIDTH, 7), (ORIENTATION, orientation)] {
        exif.extend(short(tag));
        exif.extend(short(3));
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

/// A block of one number, in every type that holds it. Those of 8 bytes follow the directory.
fn numbers(little: bool, tag: u16, value: u8) -> Vec<Vec<u8>> {
    let order = |mut bytes: Vec<u8>| {
        if !little {
            bytes.reverse();
        }
        bytes
    };
    let small = u32::from(value);
    let ratio = || [order(small.to_le_bytes().to_vec()), order(1u32.to_le_bytes().to_vec())].concat();
    let values = [
        (1, vec![value]),
        (6, vec![value]),
        (3, order(u16::from(value).to_le_bytes().to_vec())),
        (8, order(u16::from(value).to_le_bytes().to_vec())),
        (4, order(small.to_le_bytes().to_vec())),
        (9, order(small.to_le_bytes().to_vec())),
        (5, ratio()),
        (10, ratio()),
        (11, order(f32::from(value).to_le_bytes().to_vec())),
        (12, order(f64::from(value).to_le_bytes().to_vec())),
    ];
    let mark = if little { b"II\x2a\0" } else { b"MM\0\x2a" };
    let short = |v: u16| order(v.to_le_bytes().to_vec());
    let long = |v: u32| order(v.to_le_bytes().to_vec());
    let block = |(kind, mut bytes): (u16, Vec<u8>)| {
        let mut field = if bytes.len() > 4 {
            long(26)
        } else {
            std::mem::take(&mut bytes)
        };
        field.resize(4, 0);
        let entry = [short(tag), short(kind), long(1), field].concat();
        [mark.to_vec(), long(8), short(1), entry, long(0), bytes].concat()
    };
    values.into_iter().map(block).collect()
}

#[test]
fn a_number_may_have_any_type() {
    for little in [true, false] {
        for value in 1..=8 {
            for mut exif in numbers(little, ORIENTATION, value) {
                assert_eq!(orientation(&exif), value, "{exif:?}");
                let length = exif.len();
                reset_orientation(&mut exif);
                assert_eq!((orientation(&exif), exif.len()), (1, length));
                set(&mut exif, Some(value), None);
                assert_eq!((orientation(&exif), exif.len()), (value, length));
            }
        }
        for mut exif in numbers(little, X_RESOLUTION, 96) {
            assert_eq!(density(&exif), Some(96.0), "{exif:?}");
            set(&mut exif, None, Some(72.5));
            assert_eq!(density(&exif), Some(72.5));
        }
        for exif in numbers(little, RESOLUTION_UNIT, CENTIMETRE as u8) {
            assert_eq!(Tiff::new(&exif).unwrap().number(RESOLUTION_UNIT), Some(3.0));
        }
    }
}

/// A block with a size, a JPEG thumbnail in a second directory, and a preview in a third place.
fn with_pictures() -> Vec<u8> {
    let short = u16::to_le_bytes;
    let long = u32::to_le_bytes;
    let entry = |tag: u16, value: u32| [&short(tag)[..], &short(4), &long(1), &long(value)].concat();
    let directory =
        |entries: &[Vec<u8>], next: u32| [&short(entries.len() as u16)[..], &entries.concat(), &long(next)].concat();
    let jpeg = b"\xff\xd8\xff\xdb\0\x04ab\xff\xda\0\x02cd\xff\xd9";
    let (first, exif, second) = (2 + 3 * 12 + 4, 2 + 2 * 12 + 4, 2 + 2 * 12 + 4);
    let (exif_at, note) = (8 + first, 8 + first + exif);
    let second_at = note + jpeg.len() as u32;
    [
        b"II\x2a\0\x08\0\0\0".to_vec(),
        directory(
            &[entry(WIDTH, 640), entry(HEIGHT, 480), entry(EXIF_DIRECTORY, exif_at)],
            second_at,
        ),
        directory(&[entry(PIXEL_X_DIMENSION, 640), entry(PIXEL_Y_DIMENSION, 480)], 0),
        jpeg.to_vec(),
        directory(&[entry(0x0201, second_at + second), entry(0x0202, 7)], 0),
        b"picture".to_vec(),
    ]
    .concat()
}

#[test]
fn pictures_inside_are_removed_with_all_their_bytes() {
    let mut exif = with_pictures();
    let (length, kept) = (exif.len(), 8 + 42 + 30);
    thumbnail::remove(&mut exif);
    assert_eq!(exif.len(), length - 16 - 30 - 7);
    assert_eq!(exif.len(), kept);
    let whole = with_pictures();
    assert_eq!(exif[..46], whole[..46]);
    assert_eq!(exif[46..50], [0; 4]);
    assert_eq!(exif[50..], whole[50..kept]);
    let once = exif.clone();
    thumbnail::remove(&mut exif);
    assert_eq!(exif, once);
    // Whatever is broken, nothing panics, and the orientation of the first directory stays readable.
    for length in 0..whole.len() {
        thumbnail::remove(&mut whole[..length].to_vec());
    }
    for at in 0..whole.len() {
        for byte in [0, 1, 8, 0x7f, 0xff] {
            let mut broken = whole.clone();
            broken[at] = byte;
            thumbnail::remove(&mut broken);
            assert!(broken.len() >= 8);
        }
    }
}

#[test]
fn pictures_under_the_first_directory_are_removed() {
    let (short, long) = (u16::to_le_bytes, u32::to_le_bytes);
    let entry = |tag: u16, kind: u16, value: u32| [&short(tag)[..], &short(kind), &long(1), &long(value)].concat();
    // One in strips under the first directory, and one of the first directory's own.
    for kind in [4, 13] {
        let first: [&[u8]; 6] = [
            &short(4),
            &entry(WIDTH, 4, 9),
            &entry(0x0111, 4, 8 + 54 + 30 + 20),
            &entry(0x0117, 4, 10),
            &entry(0x014a, kind, 8 + 54),
            &long(0),
        ];
        let under: [&[u8]; 4] = [
            &short(2),
            &entry(0x0111, 4, 8 + 54 + 30),
            &entry(0x0117, 4, 20),
            &long(0),
        ];
        let whole = [&b"II\x2a\0\x08\0\0\0"[..], &first.concat(), &under.concat(), &[7; 30]].concat();
        assert_eq!(whole.len(), 8 + 54 + 30 + 30);
        let mut exif = whole.clone();
        thumbnail::remove(&mut exif);
        assert_eq!(exif, whole[..8 + 54]);
        for length in 0..whole.len() {
            thumbnail::remove(&mut whole[..length].to_vec());
        }
    }
}

#[test]
fn sizes_follow_where_there_are_any() {
    let mut exif = with_pictures();
    set_size(&mut exif, (70_000, 9));
    let tiff = Tiff::new(&exif).unwrap();
    let value = |directory, tag| tiff.long(tiff.find(directory, tag).unwrap().at + 8).unwrap();
    let own = tiff.child(EXIF_DIRECTORY);
    assert_eq!((value(tiff.first(), WIDTH), value(tiff.first(), HEIGHT)), (70_000, 9));
    assert_eq!(
        (value(own, PIXEL_X_DIMENSION), value(own, PIXEL_Y_DIMENSION)),
        (70_000, 9)
    );
    let mut none = block(true, 3);
    none[10] = 0xff; // another tag than the width
    let same = none.clone();
    set_size(&mut none, (5, 5));
    assert_eq!(none, same);
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
        assert_eq!(tiff.number(WIDTH), Some(7.0));
        let tags: Vec<_> = tiff.entries(tiff.first()).map(|entry| entry.tag).collect();
        assert_eq!(tags, [WIDTH, ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT]);
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
    replace(&mut exif, None, RESOLUTION_UNIT, Value::Short(CENTIMETRE));
    assert_eq!(density(&exif), Some(254.0));
    replace(&mut exif, None, RESOLUTION_UNIT, Value::Short(1)); // none
    assert_eq!(density(&exif), None);
}

#[test]
fn directories_that_overlap_are_true_or_left_out() {
    // The directory of EXIF's tags lies inside the first one: its height is written over what its width is read from.
    let exif =
        b"MM\0\x2a\0\0\0\x08\0\xfc\xfe\xf1\x09\x02\0\0\0\x06\0\0\0\x3e\x01\x12\0\x03\0\0\0\x01\0\x04\0\0\x87i\0\x04\
        \0\0\0\x16\0\0\0\x01\0\0\0\x44\
        \x88\x25\x2a\x04\0\0\0\x01\0\0\0\x62\0\0\0\0&maker\0\0\x02\xa0\x02\0\x03\0\0\0\x01\
        \x04\x10\0\0\xa0\0\0\0xelXDmension\xff\x24\xff";
    let set = |mut exif: Vec<u8>| {
        set_size(&mut exif, (16, 8));
        exif
    };
    let once = set(exif.to_vec());
    assert_ne!(set(once.clone()), once);
    let settled = still_true(exif, (16, 8), true).expect("it settles");
    assert_eq!(set(settled.clone()), settled);
    assert_eq!(still_true(b"no TIFF", (1, 1), true).as_deref(), Some(&b"no TIFF"[..]));
}
