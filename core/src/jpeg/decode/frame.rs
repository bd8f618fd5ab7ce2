//! The frame header (T.81 B.2.2), and how its components are divided into blocks and scaled (T.81 A.1, A.2).

use crate::error::{Error, Result};
use crate::format::Format;

/// How an image is coded, from the number of its SOF (T.81 table B.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) mode: Mode,
    pub(super) arithmetic: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Blocks of coefficients, each coded once.
    Sequential,
    /// Blocks of coefficients, refined from scan to scan.
    Progressive,
    /// Samples, predicted from their neighbours.
    Lossless,
}

/// SOF0 to SOF3, SOF9 or SOF10.
#[derive(Debug, Clone)]
pub(super) struct FrameHeader {
    pub(super) process: Process,
    /// Bits of a sample.
    pub(super) precision: u8,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: Vec<ComponentHeader>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct ComponentHeader {
    pub(super) id: u8,
    /// Sampling factors.
    pub(super) h: u8,
    pub(super) v: u8,
    /// Number of the quantisation table.
    pub(super) quant: usize,
}

impl FrameHeader {
    pub(super) fn parse(process: Process, body: &[u8]) -> Result<Self> {
        let bad = |reason: std::fmt::Arguments<'_>| Err(Error::bad_input(Format::Jpeg, reason));
        let &[precision, h1, h0, w1, w0, count, ref rest @ ..] = body else {
            return bad(format_args!(
                "frame header of {} bytes, at least 6 expected",
                body.len()
            ));
        };
        let lossless = process.mode == Mode::Lossless;
        if precision != 8 && !(lossless && (2..=16).contains(&precision)) {
            return Err(Error::unsupported(format_args!(
                "JPEG with {precision} bits per sample"
            )));
        }
        let width = u32::from(u16::from_be_bytes([w1, w0]));
        let height = u32::from(u16::from_be_bytes([h1, h0]));
        if height == 0 {
            return Err(Error::unsupported("JPEG whose height comes after its first scan (DNL)"));
        }
        if width == 0 || rest.len() != 3 * usize::from(count) {
            return bad(format_args!(
                "frame header for {width}×{height} with {count} components in {} bytes",
                rest.len()
            ));
        }
        if !(1..=4).contains(&count) {
            return Err(Error::unsupported(format_args!("JPEG with {count} components")));
        }
        let mut components = Vec::with_capacity(4);
        for &[id, sampling, quant] in rest.as_chunks::<3>().0 {
            // A component in a scan of its own is divided into blocks regardless of its sampling factors (T.81 A.2.2).
            let (h, v) = (sampling >> 4, sampling & 15);
            if !(1..=4).contains(&h) || !(1..=4).contains(&v) {
                return bad(format_args!("sampling factors {h}×{v}, 1 to 4 expected"));
            }
            if quant > 3 && !lossless {
                return bad(format_args!("quantisation table {quant}, 0 to 3 expected"));
            }
            let (h, v) = if count == 1 { (1, 1) } else { (h, v) };
            components.push(ComponentHeader {
                id,
                h,
                v,
                quant: usize::from(quant),
            });
        }
        Ok(FrameHeader {
            process,
            precision,
            width,
            height,
            components,
        })
    }
}

/// Samples that the inverse DCT produces per block, across and down: 1, 2, 4 or 8 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) x: usize,
    pub(super) y: usize,
}

/// A component, scaled.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) h: usize,
    pub(super) v: usize,
    /// Number of the quantisation table.
    pub(super) quant: usize,
    pub(super) size: Size,
    /// Blocks without padding: those of a scan of this component alone (T.81 A.2.2).
    pub(super) blocks_x: usize,
    pub(super) blocks_y: usize,
    /// Samples without padding.
    pub(super) width: usize,
    pub(super) height: usize,
    /// Source pixels that a sample spans.
    pub(super) step_x: f64,
    pub(super) step_y: f64,
}

/// The frame at the requested scale.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) components: Vec<Component>,
    pub(super) mcus_x: usize,
    pub(super) mcus_y: usize,
    /// MCUs of a lossless frame, whose data units are samples.
    pub(super) samples_x: usize,
    pub(super) samples_y: usize,
}

impl Frame {
    /// `step` gives the source pixels that a sample of each component may span, across and down, from the
    /// component's index and what its samples span at full size. The component uses the smallest inverse DCT that
    /// stays within that, independently for each direction.
    pub(super) fn new(header: &FrameHeader, step: impl Fn(usize, [f64; 2]) -> [f64; 2]) -> Self {
        let (width, height) = (header.width as usize, header.height as usize);
        let h_max = header.components.iter().map(|c| usize::from(c.h)).max().unwrap_or(1);
        let v_max = header.components.iter().map(|c| usize::from(c.v)).max().unwrap_or(1);
        let component = |(index, component): (usize, &ComponentHeader)| {
            let (h, v) = (usize::from(component.h), usize::from(component.v));
            let natural = [h_max as f64 / h as f64, v_max as f64 / v as f64];
            let wanted = step(index, natural);
            let size = match header.process.mode {
                // There is no inverse DCT that could give fewer samples: "blocks" are just as many lines as elsewhere.
                Mode::Lossless => Size { x: 8, y: 8 },
                Mode::Sequential | Mode::Progressive => Size {
                    x: block_size(natural[0], wanted[0]),
                    y: block_size(natural[1], wanted[1]),
                },
            };
            Component {
                h,
                v,
                quant: component.quant,
                size,
                blocks_x: (width * h).div_ceil(h_max).div_ceil(8),
                blocks_y: (height * v).div_ceil(v_max).div_ceil(8),
                width: (width * h * size.x).div_ceil(h_max * 8),
                height: (height * v * size.y).div_ceil(v_max * 8),
                step_x: (h_max * 8) as f64 / (h * size.x) as f64,
                step_y: (v_max * 8) as f64 / (v * size.y) as f64,
            }
        };
        Frame {
            samples_x: width.div_ceil(h_max),
            samples_y: height.div_ceil(v_max),
            components: header.components.iter().enumerate().map(component).collect(),
            mcus_x: width.div_ceil(8 * h_max),
            mcus_y: height.div_ceil(8 * v_max),
        }
    }
}

impl Component {
    /// Blocks in a row of MCUs, of which the last ones may be padding.
    pub(super) fn padded_x(&self, frame: &Frame) -> usize {
        frame.mcus_x * self.h
    }

    pub(super) fn padded_y(&self, frame: &Frame) -> usize {
        frame.mcus_y * self.v
    }
}

/// The number of samples across a block for which each spans as much as possible, up to `wanted` source pixels.
fn block_size(natural: f64, wanted: f64) -> usize {
    let fits = |size: &usize| natural * (8 / size) as f64 <= wanted + 1e-9;
    [1, 2, 4].into_iter().find(fits).unwrap_or(8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(width: u16, height: u16, sampling: &[u8]) -> Result<FrameHeader> {
        let [h1, h0] = height.to_be_bytes();
        let [w1, w0] = width.to_be_bytes();
        let mut body = vec![8, h1, h0, w1, w0, sampling.len() as u8];
        body.extend(sampling.iter().flat_map(|&factors| [0, factors, 0]));
        let process = Process {
            mode: Mode::Sequential,
            arithmetic: false,
        };
        FrameHeader::parse(process, &body)
    }

    #[test]
    fn each_component_takes_its_own_scale() {
        let header = header(101, 67, &[0x22, 0x11, 0x11]).unwrap();
        for (steps, luma, chroma) in [([1.0; 3], 8, 8), ([2.0; 3], 4, 8), ([4.0; 3], 2, 4), ([9.9; 3], 1, 2)] {
            let frame = Frame::new(&header, |index, _| [steps[index]; 2]);
            assert_eq!(frame.components[0].size, Size { x: luma, y: luma });
            assert_eq!(frame.components[1].size, Size { x: chroma, y: chroma });
        }
        let frame = Frame::new(&header, |index, _| [[2.0, 4.0, 4.0][index]; 2]);
        assert_eq!((frame.mcus_x, frame.mcus_y), (7, 5));
        let [luma, chroma, _] = &frame.components[..] else {
            panic!()
        };
        assert_eq!((luma.width, luma.height, luma.step_x), (51, 34, 2.0));
        assert_eq!((chroma.width, chroma.height, chroma.step_y), (26, 17, 4.0));
        assert_eq!((luma.blocks_x, luma.padded_x(&frame)), (13, 14));
        assert_eq!((luma.blocks_y, luma.padded_y(&frame)), (9, 10));
    }

    #[test]
    fn directions_scale_apart() {
        let frame = Frame::new(&header(64, 64, &[0x21, 0x11, 0x11]).unwrap(), |_, _| [2.0; 2]);
        assert_eq!(frame.components[1].size, Size { x: 8, y: 4 });
        assert_eq!((frame.components[1].width, frame.components[1].height), (32, 32));
    }

    #[test]
    fn impossible_frames_are_errors() {
        assert_eq!(header(0, 5, &[0x11]).unwrap_err().code(), "BAD_INPUT");
        assert_eq!(header(5, 0, &[0x11]).unwrap_err().code(), "UNSUPPORTED");
        assert_eq!(header(5, 5, &[]).unwrap_err().code(), "UNSUPPORTED");
        assert_eq!(header(5, 5, &[0x11; 5]).unwrap_err().code(), "UNSUPPORTED");
        assert_eq!(header(5, 5, &[0x51, 0x11, 0x11]).unwrap_err().code(), "BAD_INPUT");
        assert_eq!(header(5, 5, &[0x10, 0x11, 0x11]).unwrap_err().code(), "BAD_INPUT");
    }
}
