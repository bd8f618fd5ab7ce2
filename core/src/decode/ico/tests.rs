use super::*;
use crate::decode::testing::{request, run, survives_damage, whole};
use crate::limits::Limits;

fn directory(pictures: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 1, 0, pictures.len() as u8, 0];
    let mut offset = 6 + 16 * pictures.len();
    for (edge, picture) in pictures {
        bytes.extend_from_slice(&[*edge, *edge, 0, 0, 1, 0, 32, 0]);
        bytes.extend_from_slice(&(picture.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(offset as u32).to_le_bytes());
        offset += picture.len();
    }
    bytes.extend(pictures.iter().flat_map(|(_, picture)| picture.iter()));
    bytes
}

/// A bitmap of 2 × 2 without file header; the height counts the mask.
fn bitmap(bits: u16, pixels: &[u8], mask: &[u8]) -> Vec<u8> {
    let mut bytes = vec![40, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 1, 0];
    bytes.extend_from_slice(&bits.to_le_bytes());
    bytes.extend_from_slice(&[0; 24]);
    bytes.extend_from_slice(pixels);
    bytes.extend_from_slice(mask);
    bytes
}

const MASK: [u8; 8] = [0x40, 0, 0, 0, 0x80, 0, 0, 0];

#[test]
fn the_mask_is_the_alpha_of_an_opaque_bitmap() {
    let pixels = [1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0];
    let bytes = directory(&[(2, bitmap(24, &pixels, &MASK))]);
    let info = open(&bytes).unwrap().info;
    assert_eq!((info.width, info.height), (2, 2));
    assert_eq!(
        whole(open, &bytes, false).pixels(),
        [9, 8, 7, 0, 12, 11, 10, 255, 3, 2, 1, 255, 6, 5, 4, 0]
    );
}

#[test]
fn alpha_of_its_own_wins_over_the_mask_unless_it_is_empty() {
    let mut pixels = [0u8; 16];
    pixels[3] = 128;
    let bytes = directory(&[(2, bitmap(32, &pixels, &MASK))]);
    let alpha: Vec<u8> = whole(open, &bytes, false)
        .pixels()
        .chunks(4)
        .map(|pixel| pixel[3])
        .collect();
    assert_eq!(alpha, [0, 0, 128, 0]);
    let bytes = directory(&[(2, bitmap(32, &[0; 16], &MASK))]);
    let alpha: Vec<u8> = whole(open, &bytes, false)
        .pixels()
        .chunks(4)
        .map(|pixel| pixel[3])
        .collect();
    assert_eq!(alpha, [0, 255, 255, 0]);
}

#[test]
fn the_pixels_of_more_than_eight_bits_follow_the_header_whatever_number_of_colours_it_has() {
    let pixels: Vec<u8> = (1..=16).collect();
    let mut counted = bitmap(32, &pixels, &MASK);
    counted[32] = 1;
    let (plain, counted) = (
        directory(&[(2, bitmap(32, &pixels, &MASK))]),
        directory(&[(2, counted)]),
    );
    assert_eq!(
        whole(open, &counted, false).pixels(),
        whole(open, &plain, false).pixels()
    );
}

#[cfg(feature = "png")]
#[test]
fn the_largest_picture_is_taken_and_may_be_a_png() {
    let mut png = Vec::new();
    let mut writer = {
        let mut encoder = png::Encoder::new(&mut png, 3, 3);
        encoder.set_color(png::ColorType::Rgba);
        encoder.write_header().unwrap()
    };
    writer.write_image_data(&[9; 36]).unwrap();
    writer.finish().unwrap();
    let bytes = directory(&[(2, bitmap(32, &[1; 16], &MASK)), (3, png), (1, Vec::new())]);
    assert_eq!(open(&bytes).unwrap().info.width, 3);
    assert_eq!(whole(open, &bytes, false).pixels(), [9; 36]);
    survives_damage(open, &bytes);
}

#[test]
fn a_smaller_picture_is_read_where_a_larger_one_is_lost_which_is_said_or_refused() {
    let bytes = directory(&[(2, bitmap(32, &[1; 16], &MASK)), (3, Vec::new())]);
    assert_eq!(open(&bytes).unwrap().info.width, 2);
    let read = |tolerate| run(open, &bytes, &request(tolerate, false), &Limits::default());
    let (_, warnings) = read(Tolerate::Truncated).unwrap();
    assert!(warnings[0].contains("smaller image"), "{warnings:?}");
    assert!(matches!(read(Tolerate::None), Err(Error::Truncated { .. })));
}

#[test]
fn damage_is_survived() {
    survives_damage(open, &directory(&[(2, bitmap(32, &[1; 16], &MASK))]));
}
