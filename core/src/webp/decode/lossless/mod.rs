//! Decoding lossless pictures: VP8L (RFC 9649, 3).
//!
//! | file | what | RFC 9649 |
//! |---|---|---|
//! | `bits` | bits | 3.1 |
//! | `prefix` | prefix codes | 3.7.2 |
//! | `image` | pixels, copies, the colour cache | 3.5 to 3.7 |
//! | `transforms` | what is undone afterwards | 4 |

mod bits;
mod image;
mod prefix;
mod transforms;

use self::bits::Bits;
use self::image::Image;
use self::transforms::Transform;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;

fn short() -> Error {
    Error::truncated(Format::Webp, "the data ends before the pixels do")
}

fn broken(what: &str) -> Error {
    Error::bad_input(Format::Webp, what)
}

/// Decodes a picture from what follows its size, and hands over rows of ARGB. Returns how many there were before the
/// data ended.
pub(crate) fn decode(
    data: &[u8],
    (width, height): (usize, usize),
    budget: &Budget,
    put: &mut dyn FnMut(&[u32]) -> Result<()>,
) -> Result<usize> {
    let mut bits = Bits::new(data);
    let (mut transforms, coded) = Transform::read_all(&mut bits, width, height, budget)?;
    let mut image = Image::open(&mut bits, coded, height, true, budget)?;
    let mut row = vec![0; width];
    for y in 0..height {
        let pixels = image.row(&mut bits)?;
        if bits.ended() {
            return Ok(y);
        }
        row[..coded].copy_from_slice(pixels);
        // What comes before a palette in the file comes after it here, with more pixels.
        let mut length = coded;
        for transform in transforms.iter_mut().rev() {
            if let Transform::Palette { .. } = transform {
                length = width;
            }
            transform.undo(y, &mut row[..length]);
        }
        put(&row)?;
    }
    Ok(height)
}
