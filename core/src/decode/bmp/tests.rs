use super::*;
use crate::decode::testing::{Random, request, run, survives_damage, whole};
use crate::image::Layout;
use crate::limits::Limits;
use crate::request::Tolerate;

/// File and bitmap header (40 bytes), `extra` (masks, palette), then the pixels.
fn bmp(width: i32, height: i32, bits: u16, compression: u32, extra: &[u8], pixels: &[u8]) -> Vec<u8> {
    let mut bytes = b"BM\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend_from_slice(&(54 + extra.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&40u32.to_le_bytes());
    bytes.extend_from_slice(&width.to_le_bytes());
    bytes.extend_from_slice(&height.to_le_bytes());
    bytes.extend_from_slice(&1u16.to_le_bytes());
    bytes.extend_from_slice(&bits.to_le_bytes());
    bytes.extend_from_slice(&compression.to_le_bytes());
    bytes.extend_from_slice(&[0; 20]);
    bytes.extend_from_slice(extra);
    bytes.extend_from_slice(pixels);
    bytes
}

fn palette(entries: u8) -> Vec<u8> {
    (0..entries).flat_map(|i| [i, i * 2, i * 3, 0]).collect()
}

fn colour(index: u8) -> [u8; 3] {
    [index * 3, index * 2, index]
}

#[test]
fn rgb_rows_from_the_bottom_and_from_the_top() {
    // Two pixels a row and two bytes of padding.
    let stored = [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0];
    let up = whole(open, &bmp(2, 2, 24, 0, &[], &stored), false);
    assert_eq!(up.pixels(), [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]);
    let down = whole(open, &bmp(2, -2, 24, 0, &[], &stored), false);
    assert_eq!(down.pixels(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
}

#[test]
fn palettes_of_every_depth() {
    for (bits, row, indices) in [
        (1u16, [0b1010_0000u8, 0, 0, 0], [1u8, 0, 1]),
        (2, [0b1101_1000, 0, 0, 0], [3, 1, 2]),
        (4, [0x3a, 0x70, 0, 0], [3, 10, 7]),
        (8, [9, 200, 33, 0], [9, 200, 33]),
    ] {
        let entries = 255.min((1u16 << bits) - 1) as u8;
        let mut table = palette(0);
        table.extend((0..=entries).flat_map(|i| [i, i.wrapping_mul(2), i.wrapping_mul(3), 0]));
        let bytes = bmp(3, 1, bits, 0, &table, &row);
        assert_eq!(open(&bytes).unwrap().info.colour, ColourModel::Palette);
        let expected: Vec<u8> = indices
            .iter()
            .flat_map(|&i| [i.wrapping_mul(3), i.wrapping_mul(2), i])
            .collect();
        assert_eq!(whole(open, &bytes, false).pixels(), expected, "{bits} bits");
    }
}

#[test]
fn bit_fields_and_alpha() {
    let five = bmp(2, 1, 16, 0, &[], &[0xff, 0x7f, 0x00, 0x7c]);
    assert_eq!(whole(open, &five, false).pixels(), [255, 255, 255, 255, 0, 0]);
    let masks: Vec<u8> = [0xf800u32, 0x07e0, 0x001f]
        .iter()
        .flat_map(|m| m.to_le_bytes())
        .collect();
    let six = bmp(2, 1, 16, 3, &masks, &[0xe0, 0x07, 0x1f, 0x00]);
    assert_eq!(whole(open, &six, false).pixels(), [0, 255, 0, 0, 0, 255]);
    let masks: Vec<u8> = [0xff00_0000u32, 0x00ff_0000, 0x0000_ff00, 0x0000_00ff]
        .iter()
        .flat_map(|m| m.to_le_bytes())
        .collect();
    let alpha = whole(open, &bmp(1, 1, 32, 6, &masks, &[4, 3, 2, 1]), false);
    assert_eq!(alpha.frames[0].frame.layout, Layout::Rgba);
    assert_eq!(alpha.pixels(), [1, 2, 3, 4]);
    // Without a mask for it, the fourth byte is no alpha.
    assert_eq!(
        whole(open, &bmp(1, 1, 32, 0, &[], &[3, 2, 1, 0]), false).pixels(),
        [1, 2, 3]
    );
}

#[test]
fn an_alpha_of_nothing_is_no_alpha() {
    for (bits, masks) in [
        (32u16, [0x00ff_0000u32, 0xff00, 0xff, 0xff00_0000]),
        (16, [0x0f00, 0xf0, 0x0f, 0xf000]),
    ] {
        let masks: Vec<u8> = masks.iter().flat_map(|mask| mask.to_le_bytes()).collect();
        let stride = usize::from(bits / 8) * 4;
        let mut file = bmp(4, 3, bits, 6, &masks, &vec![0; stride * 3]);
        let (pixels, alpha) = (file.len() - stride * 3, usize::from(bits / 8) - 1);
        for y in 0..3 {
            for x in 0..4 {
                file[pixels + y * stride + x * usize::from(bits / 8)] = 0x0f;
            }
        }
        assert!(open(&file).unwrap().info.alpha);
        let blue = if bits == 32 { 15 } else { 255 };
        assert_eq!(
            whole(open, &file, false).pixels(),
            [0, 0, blue, 255].repeat(12),
            "{bits} bits"
        );
        // One visible pixel, and the others are meant to be hidden.
        file[pixels + 2 * stride + alpha] |= 0xf0;
        let alphas = [&[if bits == 32 { 240 } else { 255 }][..], &[0; 11]].concat();
        let sink = whole(open, &file, false);
        assert_eq!(
            sink.pixels().iter().skip(3).step_by(4).copied().collect::<Vec<_>>(),
            alphas
        );
    }
}

#[test]
fn run_lengths() {
    // Bottom row: 3 × 5, then literals 1 2 3; up a row: 4 × 7, skip one; then the end.
    let eight = [3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 4, 7, 0, 2, 1, 0, 1, 9, 0, 1];
    let sink = whole(open, &bmp(6, 2, 8, 1, &palette(16), &eight), false);
    let expected: Vec<u8> = [7, 7, 7, 7, 0, 9, 5, 5, 5, 1, 2, 3]
        .iter()
        .flat_map(|&i| colour(i))
        .collect();
    assert_eq!(sink.pixels(), expected);
    // Nibbles: a run of 5 with 1 2 1 2 1, then literals 3 4 5.
    let four = [5, 0x12, 0, 3, 0x34, 0x50, 0, 1];
    let sink = whole(open, &bmp(8, 1, 4, 2, &palette(16), &four), false);
    let expected: Vec<u8> = [1, 2, 1, 2, 1, 3, 4, 5].iter().flat_map(|&i| colour(i)).collect();
    assert_eq!(sink.pixels(), expected);
}

#[test]
fn os2_headers() {
    let mut bytes = b"BM\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend_from_slice(&32u32.to_le_bytes());
    bytes.extend_from_slice(&[12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0]);
    bytes.extend_from_slice(&[1, 2, 3, 4, 5, 6]);
    bytes.extend_from_slice(&[0b0100_0000, 0, 0, 0]);
    assert_eq!(whole(open, &bytes, false).pixels(), [3, 2, 1, 6, 5, 4]);
}

#[test]
fn truncation_and_limits() {
    let mut random = Random(1);
    let pixels: Vec<u8> = (0..30 * 20 * 3).map(|_| random.below(256) as u8).collect();
    let bytes = bmp(20, -30, 24, 0, &[], &pixels);
    let cut = &bytes[..bytes.len() / 2];
    let (sink, warnings) = run(open, cut, &request(Tolerate::Truncated, false), &Limits::default()).unwrap();
    assert_eq!(warnings.len(), 1);
    assert_eq!(sink.pixels().last(), Some(&255));
    assert_eq!(
        run(open, cut, &request(Tolerate::None, false), &Limits::default())
            .unwrap_err()
            .code(),
        "TRUNCATED"
    );
    let rle = bmp(40_000, 40_000, 8, 1, &palette(16), &[0, 1]);
    assert_eq!(
        run(open, &rle, &request(Tolerate::None, false), &Limits::default())
            .unwrap_err()
            .code(),
        "LIMIT_MEMORY"
    );
}

#[test]
fn pixels_inside_the_header_are_read_from_its_end_with_a_warning() {
    let right = bmp(2, 1, 24, 0, &[], &[1, 2, 3, 4, 5, 6, 0, 0]);
    for at in [0, 14, 53] {
        let mut bytes = right.clone();
        bytes[10] = at;
        let (sink, warnings) = run(open, &bytes, &request(Tolerate::Truncated, false), &Limits::default()).unwrap();
        assert_eq!(sink.pixels(), [3, 2, 1, 6, 5, 4]);
        assert!(
            warnings[0].contains(&format!("at byte {at}, inside the header")),
            "{warnings:?}"
        );
        let refused = run(open, &bytes, &request(Tolerate::None, false), &Limits::default()).unwrap_err();
        assert_eq!(refused.code(), "BAD_INPUT");
    }
}

#[test]
fn damage_is_survived() {
    survives_damage(open, &bmp(20, 10, 24, 0, &[], &[7; 600]));
    survives_damage(open, &bmp(9, 9, 4, 0, &palette(16), &[0x5a; 72]));
    survives_damage(
        open,
        &bmp(
            6,
            2,
            8,
            1,
            &palette(16),
            &[3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 4, 7, 0, 2, 1, 0, 1, 9, 0, 1],
        ),
    );
}
