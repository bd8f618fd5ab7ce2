//! The eight ways to rotate and mirror an image: the dihedral group of the square.

use crate::budget::Budget;
use crate::error::Result;
use crate::image::{Image, Plane};

/// One of the eight: transpose (swap x and y) first, then mirror left to right (flop), then top to bottom (flip).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Orientation {
    pub(crate) transpose: bool,
    pub(crate) flop: bool,
    pub(crate) flip: bool,
}

impl Orientation {
    /// From an EXIF orientation tag (EXIF 2.32, tag 0x0112); anything but 2 to 8 is upright.
    pub(crate) fn from_exif(tag: u8) -> Self {
        let (transpose, flop, flip) = match tag {
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => (false, false, false),
        };
        Orientation { transpose, flop, flip }
    }

    /// This one, followed by the other.
    pub(crate) fn then(self, next: Self) -> Self {
        // A transpose swaps the mirror axes that came before it.
        let (flop, flip) = if next.transpose {
            (self.flip, self.flop)
        } else {
            (self.flop, self.flip)
        };
        Orientation {
            transpose: self.transpose ^ next.transpose,
            flop: flop ^ next.flop,
            flip: flip ^ next.flip,
        }
    }

    /// The one that undoes this one.
    #[cfg(test)]
    pub(crate) fn inverse(self) -> Self {
        if self.transpose {
            Orientation {
                transpose: true,
                flop: self.flip,
                flip: self.flop,
            }
        } else {
            self
        }
    }

    /// The size of an image after it.
    pub(crate) fn size<T>(self, (width, height): (T, T)) -> (T, T) {
        if self.transpose {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Rotates and mirrors an image. Needs memory for a second copy, unless there is nothing to do.
    pub(crate) fn apply(self, image: Image, budget: &Budget) -> Result<Image> {
        if self == Self::default() {
            return Ok(image);
        }
        let (width, height) = self.size((image.width, image.height));
        let planes = image
            .planes
            .iter()
            .map(|plane| self.apply_plane(plane, budget))
            .collect::<Result<_>>()?;
        Ok(Image {
            width,
            height,
            layout: image.layout,
            planes,
        })
    }

    fn apply_plane(self, plane: &Plane, budget: &Budget) -> Result<Plane> {
        let (width, height) = self.size((plane.width, plane.height));
        let mut turned = Plane::new(width, height, plane.channels, budget)?;
        match plane.channels {
            1 => self.copy::<1>(plane, &mut turned, budget)?,
            2 => self.copy::<2>(plane, &mut turned, budget)?,
            3 => self.copy::<3>(plane, &mut turned, budget)?,
            _ => self.copy::<4>(plane, &mut turned, budget)?,
        }
        Ok(turned)
    }

    fn copy<const N: usize>(self, from: &Plane, to: &mut Plane, budget: &Budget) -> Result<()> {
        // Rows of a transposed image are columns of the source. Work in bands, so that a cache line that was
        // read for one row is still cached for its neighbours.
        const BAND: u32 = 32;
        let (width, height) = (to.width as usize, to.height);
        let stride = to.stride();
        let (pixels, _) = from.data.as_chunks::<N>();
        let source_width = from.width as usize;
        for band in (0..height).step_by(BAND as usize) {
            budget.check()?;
            let rows = band..(band + BAND).min(height);
            let source_y = |y: u32| if self.flip { height - 1 - y } else { y } as usize;
            if !self.transpose {
                for y in rows {
                    let row = to.data[y as usize * stride..][..stride].as_chunks_mut::<N>().0;
                    let source = &pixels[source_y(y) * source_width..][..source_width];
                    row.copy_from_slice(source);
                    if self.flop {
                        row.reverse();
                    }
                }
                continue;
            }
            for x in 0..width {
                let column = if self.flop { width - 1 - x } else { x };
                let source = &pixels[column * source_width..][..source_width];
                for y in rows.clone() {
                    let at = (y as usize * width + x) * N;
                    to.data[at..at + N].copy_from_slice(&source[source_y(y)]);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::image::Layout;
    use proptest::prelude::*;

    fn picture(width: u32, height: u32, layout: Layout) -> Image {
        let budget = Budget::new(&Limits::default());
        let mut plane = Plane::new(width, height, layout.channels(), &budget).unwrap();
        for (i, sample) in plane.data.iter_mut().enumerate() {
            *sample = i as u8;
        }
        Image {
            width,
            height,
            layout,
            planes: vec![plane],
        }
    }

    fn samples(image: &Image) -> Vec<u8> {
        image.planes[0].data.to_vec()
    }

    fn apply(orientation: Orientation, image: Image) -> Image {
        orientation.apply(image, &Budget::new(&Limits::default())).unwrap()
    }

    #[test]
    fn exif_tags_turn_an_f_upright() {
        // 0 1      The letter's rows as a camera with the tag stores them: EXIF 2.32, section 4.6.4.A, orientation.
        // 2 3
        // 4 5
        let upright = [0, 1, 2, 3, 4, 5];
        let stored: [(u8, u32, u32, [u8; 6]); 8] = [
            (1, 2, 3, [0, 1, 2, 3, 4, 5]),
            (2, 2, 3, [1, 0, 3, 2, 5, 4]),
            (3, 2, 3, [5, 4, 3, 2, 1, 0]),
            (4, 2, 3, [4, 5, 2, 3, 0, 1]),
            (5, 3, 2, [0, 2, 4, 1, 3, 5]),
            (6, 3, 2, [1, 3, 5, 0, 2, 4]),
            (7, 3, 2, [5, 3, 1, 4, 2, 0]),
            (8, 3, 2, [4, 2, 0, 5, 3, 1]),
        ];
        for (tag, width, height, pixels) in stored {
            let mut image = picture(width, height, Layout::Grey);
            image.planes[0].data.copy_from_slice(&pixels);
            let turned = apply(Orientation::from_exif(tag), image);
            assert_eq!((turned.width, turned.height), (2, 3), "tag {tag}");
            assert_eq!(samples(&turned), upright, "tag {tag}");
        }
    }

    proptest! {
        #[test]
        fn composition_is_application(
            a in 1u8..=8,
            b in 1u8..=8,
            width in 1u32..70,
            height in 1u32..70,
            channels in 0usize..4,
        ) {
            let layout = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba][channels];
            let (a, b) = (Orientation::from_exif(a), Orientation::from_exif(b));
            let one_by_one = apply(b, apply(a, picture(width, height, layout)));
            let at_once = apply(a.then(b), picture(width, height, layout));
            prop_assert_eq!((one_by_one.width, one_by_one.height), (at_once.width, at_once.height));
            prop_assert_eq!(samples(&one_by_one), samples(&at_once));
        }

        #[test]
        fn every_element_has_its_inverse(tag in 1u8..=8, other in 1u8..=8) {
            let (a, b) = (Orientation::from_exif(tag), Orientation::from_exif(other));
            prop_assert_eq!(a.then(a.inverse()), Orientation::default());
            prop_assert_eq!(a.inverse().then(a), Orientation::default());
            prop_assert_eq!(a.then(b).inverse(), b.inverse().then(a.inverse()));
        }
    }
}
