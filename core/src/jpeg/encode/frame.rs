//! The frame: components, and how their blocks make up MCUs (T.81 A.1, A.2).

use super::Picture;
use super::options::Subsampling;
use crate::error::{Error, Result};
use crate::format::Format;

/// The largest width and height that fit in a frame header (B.2.2).
const MAX_SIDE: u32 = 65_535;

/// The contents of the frame header, and what follows from them.
pub(super) struct Frame {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) components: Vec<Component>,
    /// MCUs in a row of an interleaved scan.
    pub(super) mcus_across: usize,
    /// Rows of MCUs of an interleaved scan.
    pub(super) mcus_down: usize,
}

/// One component of the frame.
pub(super) struct Component {
    /// Blocks of an MCU, across and down.
    pub(super) h: u8,
    pub(super) v: u8,
    /// Number of its quantisation and Huffman tables: 0 for luma, 1 for chroma.
    pub(super) slot: u8,
    /// Blocks that have samples, across and down; MCUs at the right and bottom edge may reach beyond.
    pub(super) across: usize,
    pub(super) down: usize,
}

/// A scan: which components, which coefficients, which bits (B.2.3, G.1.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scan {
    /// Indices into the frame's components.
    pub(super) components: Vec<u8>,
    /// First and last place in the zig-zag sequence.
    pub(super) first: u8,
    pub(super) last: u8,
    /// Point transform of the scan before (0 if this is the first of these coefficients), and of this one.
    pub(super) high: u8,
    pub(super) low: u8,
}

impl Frame {
    pub(super) fn new(picture: &Picture, subsampling: Subsampling) -> Result<Self> {
        let (width, height, chroma) = match picture {
            Picture::Grey(plane) => {
                plane.check("grey", 1)?;
                (plane.width, plane.height, None)
            }
            Picture::Rgb(pixels) => {
                pixels.check("RGB", 3)?;
                (pixels.width, pixels.height, Some(subsampling.ratios()))
            }
            Picture::YCbCr([y, cb, cr]) => {
                y.check("Y'", 1)?;
                cb.check("Cb", 1)?;
                cr.check("Cr", 1)?;
                if (cb.width, cb.height) != (cr.width, cr.height) {
                    let sizes = format!("Cb {}×{}, Cr {}×{}", cb.width, cb.height, cr.width, cr.height);
                    return Err(fault(format!("chroma planes differ in size: {sizes}")));
                }
                let ratios = (ratio(y.width, cb.width), ratio(y.height, cb.height));
                let (Some(h), Some(v)) = ratios else {
                    let sizes = format!("{}×{} for {}×{}", cb.width, cb.height, y.width, y.height);
                    return Err(fault(format!(
                        "chroma planes are neither whole nor half the luma: {sizes}"
                    )));
                };
                (y.width, y.height, Some((h, v)))
            }
        };
        let (h, v) = chroma.unwrap_or((1, 1));
        let component = |slot: u8| {
            let (own_h, own_v) = if slot == 0 { (h, v) } else { (1, 1) };
            let samples = |side: u32, own: u8, most: u8| side.div_ceil(u32::from(most / own));
            Component {
                h: own_h,
                v: own_v,
                slot,
                across: samples(width, own_h, h).div_ceil(8) as usize,
                down: samples(height, own_v, v).div_ceil(8) as usize,
            }
        };
        let slots: &[u8] = if chroma.is_some() { &[0, 1, 1] } else { &[0] };
        Ok(Frame {
            width: side(width)?,
            height: side(height)?,
            components: slots.iter().map(|&slot| component(slot)).collect(),
            mcus_across: width.div_ceil(8 * u32::from(h)) as usize,
            mcus_down: height.div_ceil(8 * u32::from(v)) as usize,
        })
    }

    /// Blocks of all components.
    pub(super) fn blocks(&self) -> usize {
        self.components.iter().map(|c| c.across * c.down).sum()
    }
}

impl Component {
    /// Rows of this component's blocks in MCU row number `mcu_row`.
    pub(super) fn rows_of(&self, mcu_row: usize) -> std::ops::Range<usize> {
        let v = usize::from(self.v);
        (mcu_row * v).min(self.down)..((mcu_row + 1) * v).min(self.down)
    }
}

fn side(length: u32) -> Result<u16> {
    match u16::try_from(length) {
        Ok(0) => Err(fault("picture without pixels")),
        Ok(length) => Ok(length),
        Err(_) => Err(fault(format!("side of {length} pixels where {MAX_SIDE} are possible"))),
    }
}

fn ratio(luma: u32, chroma: u32) -> Option<u8> {
    if chroma == luma {
        Some(1)
    } else if chroma == luma.div_ceil(2) {
        Some(2)
    } else {
        None
    }
}

fn fault(reason: impl std::fmt::Display) -> Error {
    Error::encoder(Format::Jpeg, reason)
}
