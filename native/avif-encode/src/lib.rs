//! A safe interface to libaom's AV1 encoder, for still pictures.
//!
//! libaom is a C library; this crate encapsulates the `unsafe` calls. It takes planes of 8-bit samples as slices and
//! returns the open bitstream units of one frame. Nothing here reads a bitstream: libaom is built without its decoder.
//!
//! ```
//! use keenpix_avif_encode::{Chroma, Image, Plane, Settings, encode};
//! let grey = vec![128; 32 * 32];
//! let image = Image {
//!     width: 32,
//!     height: 32,
//!     chroma: Chroma::None,
//!     planes: &[Plane { samples: &grey, stride: 32 }],
//! };
//! let units = encode(&image, &Settings::default())?;
//! assert_eq!(units[0], 0x0a); // a sequence header
//! # Ok::<(), keenpix_avif_encode::Error>(())
//! ```

mod context;

use context::Context;

/// A picture of full-range 8-bit samples.
#[derive(Debug, Clone, Copy)]
pub struct Image<'a> {
    /// Width in pixels, 1 to 65,535.
    pub width: u32,
    /// Height in pixels, 1 to 65,535.
    pub height: u32,
    /// How many planes there are, and the size of the second and third.
    pub chroma: Chroma,
    /// Luma only, or luma, Cb and Cr; with the matrix 0 (identity), green, blue and red at full size.
    pub planes: &'a [Plane<'a>],
}

/// A plane of samples.
#[derive(Debug, Clone, Copy)]
pub struct Plane<'a> {
    /// Rows of samples.
    pub samples: &'a [u8],
    /// Samples from the start of one row to that of the next.
    pub stride: usize,
}

/// Chroma planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// None: a grey picture.
    None,
    /// 4:2:0: half the columns and half the rows, rounded up.
    Half,
    /// 4:2:2: half the columns, rounded up.
    HalfWidth,
    /// 4:4:4: all of them.
    Full,
}

impl Chroma {
    /// Columns and rows of the chroma planes.
    pub fn size(self, width: u32, height: u32) -> (u32, u32) {
        match self {
            Chroma::None => (0, 0),
            Chroma::Half => (width.div_ceil(2), height.div_ceil(2)),
            Chroma::HalfWidth => (width.div_ceil(2), height),
            Chroma::Full => (width, height),
        }
    }
}

/// How to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// libaom's constant quality level, 0 (best) to 63. Default: 32.
    pub level: u8,
    /// Whether every sample is kept, regardless of the level. Default: `false`.
    pub lossless: bool,
    /// libaom's speed, 0 (slowest) to 9. Default: 7.
    pub speed: u8,
    /// Whether blocks are square: half the time, for some bytes. Default: `false`.
    pub squares: bool,
    /// Colour primaries (ITU-T H.273). Default: 1, BT.709.
    pub primaries: u8,
    /// Transfer characteristics. Default: 13, sRGB.
    pub transfer: u8,
    /// Matrix coefficients. Default: 6, BT.601.
    pub matrix: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            level: 32,
            lossless: false,
            speed: 7,
            squares: false,
            primaries: 1,
            transfer: 13,
            matrix: 6,
        }
    }
}

/// Why a picture could not be encoded: inconsistent sizes, or libaom's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// Encodes a picture in the calling thread: a sequence header and a frame.
pub fn encode(image: &Image, settings: &Settings) -> Result<Vec<u8>, Error> {
    image.check()?;
    let mut units = Context::new(image, settings)?.encode(image, settings)?;
    // AV1-ISOBMFF 2.4: temporal delimiters are left out.
    if units.starts_with(&[0x12, 0x00]) {
        units.drain(..2);
    }
    Ok(units)
}

impl Image<'_> {
    /// libaom reads every row of every plane, so all of them must be there.
    fn check(&self) -> Result<(), Error> {
        let (width, height) = (self.width, self.height);
        if !(1..=65_535).contains(&width) || !(1..=65_535).contains(&height) {
            return Err(Error(format!("{width} × {height} where 1 to 65,535 are possible")));
        }
        let expected = if self.chroma == Chroma::None { 1 } else { 3 };
        if self.planes.len() != expected {
            return Err(Error(format!(
                "{} planes where {expected} were expected",
                self.planes.len()
            )));
        }
        for (index, plane) in self.planes.iter().enumerate() {
            let (columns, rows) = if index == 0 {
                (width, height)
            } else {
                self.chroma.size(width, height)
            };
            let needed = (plane.stride as u64)
                .saturating_mul(u64::from(rows - 1))
                .saturating_add(u64::from(columns));
            if plane.stride < columns as usize || plane.stride > 1 << 20 || (plane.samples.len() as u64) < needed {
                let (stride, len) = (plane.stride, plane.samples.len());
                let what = format!("{len} samples with a stride of {stride}");
                return Err(Error(format!("plane {index} of {columns} × {rows} has {what}")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planes(width: u32, height: u32, chroma: Chroma) -> Vec<Vec<u8>> {
        let ramp = |(width, height): (u32, u32), seed: u32| {
            (0..width * height)
                .map(|i| (i % width * 3 + i / width * 5 + seed) as u8)
                .collect()
        };
        let mut planes = vec![ramp((width, height), 0)];
        if chroma != Chroma::None {
            planes.push(ramp(chroma.size(width, height), 50));
            planes.push(ramp(chroma.size(width, height), 100));
        }
        planes
    }

    #[test]
    fn every_layout_and_odd_sizes() {
        for chroma in [Chroma::None, Chroma::Half, Chroma::HalfWidth, Chroma::Full] {
            for (width, height) in [(1, 1), (3, 2), (17, 33), (64, 65)] {
                let data = planes(width, height, chroma);
                let stride = |index| {
                    if index == 0 {
                        width
                    } else {
                        chroma.size(width, height).0
                    }
                };
                let planes: Vec<Plane> = data
                    .iter()
                    .enumerate()
                    .map(|(index, samples)| Plane {
                        samples,
                        stride: stride(index) as usize,
                    })
                    .collect();
                let image = Image {
                    width,
                    height,
                    chroma,
                    planes: &planes,
                };
                for speed in [6, 9] {
                    let settings = Settings {
                        speed,
                        ..Settings::default()
                    };
                    let units = encode(&image, &settings).unwrap();
                    assert_eq!(units[0], 0x0a, "{chroma:?} {width} × {height}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let samples = [0; 64];
        let plane = |stride| Plane {
            samples: &samples,
            stride,
        };
        let refuse = |width, height, chroma, planes: &[Plane]| {
            let image = Image {
                width,
                height,
                chroma,
                planes,
            };
            assert!(
                encode(&image, &Settings::default()).is_err(),
                "{width} × {height}, {chroma:?}"
            );
        };
        refuse(0, 8, Chroma::None, &[plane(8)]);
        refuse(8, 65_536, Chroma::None, &[plane(8)]);
        refuse(8, 9, Chroma::None, &[plane(8)]);
        refuse(8, 8, Chroma::None, &[plane(7)]);
        refuse(8, 8, Chroma::None, &[plane(9)]);
        refuse(8, 8, Chroma::Half, &[plane(8)]);
        refuse(8, 8, Chroma::Full, &[plane(8), plane(8), plane(4)]);
        refuse(2, 2, Chroma::None, &[plane(usize::MAX)]);
    }
}
