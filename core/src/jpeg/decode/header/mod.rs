//! Everything before the entropy-coded data: frame header, tables, application segments (T.81 B.2).

use std::borrow::Cow;

use super::damage::Damage;
use super::frame::{FrameHeader, Mode, Process};
use super::markers::{
    APP0, APP1, APP2, APP13, APP14, DAC, DHT, DQT, DRI, EOI, JPG, SOF0, SOF15, SOF55, SOI, SOS, Segment, Segments,
};
use super::scan::ScanHeader;
use super::tables::Tables;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::request::Tolerate;

/// What the header of a file says, without its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header<'a> {
    /// Samples in a row of the image, as stored: before any orientation.
    pub width: u32,
    /// Rows of the image, as stored.
    pub height: u32,
    /// Horizontal and vertical sampling factor of each component (T.81 A.1.1).
    pub sampling: Vec<(u8, u8)>,
    /// What the components mean.
    pub colour: Colour,
    /// Whether the image is stored in several passes of increasing quality.
    pub progressive: bool,
    /// Whether samples are stored as they are (SOF3). Such a file can't be decoded to a smaller size.
    pub lossless: bool,
    /// The EXIF block of APP1, from its TIFF header on.
    pub exif: Option<&'a [u8]>,
    /// The ICC profile of the APP2 segments, joined.
    pub icc: Option<Cow<'a, [u8]>>,
    /// The XMP packet of APP1.
    pub xmp: Option<&'a [u8]>,
    /// Photoshop's image resources of APP13, from `Photoshop 3.0` on.
    pub iptc: Option<&'a [u8]>,
    /// Horizontal dots per inch, if APP0 (JFIF) has a unit.
    pub density: Option<u16>,
}

/// What the components of a file mean, from JFIF and Adobe markers, or else from the component identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Colour {
    /// One component; or two, of which the second is ignored.
    Grey,
    /// JFIF's Y'CbCr.
    YCbCr,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black. Files store the complement of the ink, with and without Adobe's marker: 255 is
    /// none.
    Cmyk,
    /// CMYK, of which the first three are stored as Y'CbCr.
    Ycck,
}

impl<'a> Header<'a> {
    /// Reads as far as the first scan.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for 12 bits (unless lossless), hierarchical files, and lossless ones with arithmetic
    /// coding; [`Error::BadInput`] and [`Error::Truncated`] if there is no frame header.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        Parsed::new(bytes).map(|parsed| parsed.header)
    }
}

/// A file as far as its first scan.
#[derive(Debug, Clone)]
pub(crate) struct Parsed<'a> {
    pub(super) bytes: &'a [u8],
    pub(crate) header: Header<'a>,
    /// Where decoding begins. `None` if anything was wrong on the way there: it is read again with the caller's
    /// tolerance.
    start: Option<Box<(Preamble<'a>, ScanHeader)>>,
}

impl<'a> Parsed<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self> {
        let mut warnings = Vec::new();
        let mut damage = Damage::new(Tolerate::Errors, &mut warnings);
        let mut preamble = Preamble::new(bytes)?;
        let outcome = preamble.next_scan(&mut damage);
        // A file that ends between frame header and scan still has a size.
        let Some(frame) = &preamble.frame else {
            return Err(outcome.err().unwrap_or_else(|| no_frame("no frame header (SOF)")));
        };
        Ok(Parsed {
            bytes,
            header: preamble.header(frame),
            start: match outcome {
                Ok(Some(scan)) if warnings.is_empty() => Some(Box::new((preamble, scan))),
                _ => None,
            },
        })
    }

    /// The file at its first scan.
    pub(super) fn start(&self, damage: &mut Damage<'_>) -> Result<(Preamble<'a>, Option<ScanHeader>)> {
        if let Some(start) = &self.start {
            let (preamble, scan) = &**start;
            return Ok((preamble.clone(), Some(scan.clone())));
        }
        let mut preamble = Preamble::new(self.bytes)?;
        let scan = preamble.next_scan(damage)?;
        Ok((preamble, scan))
    }
}

/// The state of a file between two scans.
#[derive(Debug, Clone)]
pub(super) struct Preamble<'a> {
    pub(super) segments: Segments<'a>,
    pub(super) tables: Tables,
    pub(super) frame: Option<FrameHeader>,
    jfif: bool,
    /// The transform of APP14.
    adobe: Option<u8>,
    exif: Option<&'a [u8]>,
    xmp: Option<&'a [u8]>,
    iptc: Option<&'a [u8]>,
    density: Option<u16>,
    /// (sequence number, total count, bytes)
    icc: Vec<(u8, u8, &'a [u8])>,
}

impl<'a> Preamble<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        Ok(Preamble {
            segments: Segments::new(bytes)?,
            tables: Tables::new(),
            frame: None,
            jfif: false,
            adobe: None,
            exif: None,
            xmp: None,
            iptc: None,
            density: None,
            icc: Vec::new(),
        })
    }

    /// Reads segments up to the next scan header; `None` at the end of the image.
    pub(super) fn next_scan(&mut self, damage: &mut Damage<'_>) -> Result<Option<ScanHeader>> {
        loop {
            let Some(Segment { marker, body }) = self.segments.next(damage)? else {
                if self.frame.is_none() {
                    return Err(no_frame("the file ends before its frame header (SOF)"));
                }
                damage.missing_eoi()?;
                return Ok(None);
            };
            match marker {
                DHT => self.tables.define_huffman(body)?,
                DQT => self.tables.define_quant(body)?,
                DRI => self.tables.define_restart(body)?,
                SOF55 => return Err(Error::unsupported("JPEG-LS (ITU-T T.87)")),
                DAC => self.tables.define_conditioning(body)?,
                SOF0..=SOF15 => self.start_frame(marker, body)?,
                SOS => {
                    let Some(frame) = &self.frame else {
                        return Err(Error::bad_input(
                            Format::Jpeg,
                            "a scan (SOS) before the frame header (SOF)",
                        ));
                    };
                    return ScanHeader::parse(body, frame, damage).map(Some);
                }
                EOI if self.frame.is_none() => return Err(no_frame("EOI before the frame header (SOF)")),
                EOI => return Ok(None),
                SOI => return Err(Error::bad_input(Format::Jpeg, "a second SOI")),
                APP0 => self.app0(body),
                APP1 => self.app1(body),
                APP2 => {
                    if let Some([number, count, profile @ ..]) = body.strip_prefix(b"ICC_PROFILE\0") {
                        self.icc.push((*number, *count, profile));
                    }
                }
                APP13 if body.starts_with(b"Photoshop 3.0\0") => self.iptc = self.iptc.or(Some(body)),
                APP14 if body.len() >= 12 && body.starts_with(b"Adobe") => self.adobe = Some(body[11]),
                _ => {}
            }
        }
    }

    pub(super) fn colour(&self, frame: &FrameHeader) -> Colour {
        let ids: Vec<u8> = frame.components.iter().map(|component| component.id).collect();
        match (frame.components.len(), self.adobe) {
            (1 | 2, _) => Colour::Grey,
            (3, _) if self.jfif => Colour::YCbCr,
            (3, Some(0)) => Colour::Rgb,
            // Lossless files without a marker are medical images or raw ones, as in libjpeg-turbo.
            (3, None) if ids == *b"RGB" || frame.process.mode == Mode::Lossless => Colour::Rgb,
            (3, _) => Colour::YCbCr,
            (_, None | Some(0)) => Colour::Cmyk,
            _ => Colour::Ycck,
        }
    }

    pub(super) fn header(&self, frame: &FrameHeader) -> Header<'a> {
        Header {
            width: frame.width,
            height: frame.height,
            sampling: frame
                .components
                .iter()
                .map(|component| (component.h, component.v))
                .collect(),
            colour: self.colour(frame),
            progressive: frame.process.mode == Mode::Progressive,
            lossless: frame.process.mode == Mode::Lossless,
            exif: self.exif,
            icc: self.join_icc(),
            xmp: self.xmp,
            iptc: self.iptc,
            density: self.density,
        }
    }

    fn start_frame(&mut self, marker: u8, body: &[u8]) -> Result<()> {
        let unsupported = |reason: &str| Err(Error::unsupported(reason));
        let (mode, arithmetic) = match marker {
            0xC0 | 0xC1 => (Mode::Sequential, false),
            0xC2 => (Mode::Progressive, false),
            0xC3 => (Mode::Lossless, false),
            0xC9 => (Mode::Sequential, true),
            0xCA => (Mode::Progressive, true),
            0xC5..=0xC7 => return unsupported("hierarchical JPEG (SOF5 to SOF7)"),
            0xCB => return unsupported("lossless arithmetic-coded JPEG (SOF11)"),
            JPG => return unsupported("JPEG extension frame (JPG)"),
            _ => return unsupported("hierarchical arithmetic-coded JPEG (SOF13 to SOF15)"),
        };
        if self.frame.is_some() {
            return Err(Error::bad_input(Format::Jpeg, "a second frame header (SOF)"));
        }
        self.frame = Some(FrameHeader::parse(Process { mode, arithmetic }, body)?);
        Ok(())
    }

    /// JFIF 1.02: version, unit, density across and down.
    fn app0(&mut self, body: &[u8]) {
        let Some(jfif) = body.strip_prefix(b"JFIF\0") else {
            return;
        };
        self.jfif = true;
        let &[_, _, unit, x0, x1, ..] = jfif else { return };
        let across = u16::from_be_bytes([x0, x1]);
        let density = match unit {
            1 => Some(across),
            2 => Some((f64::from(across) * 2.54).round() as u16),
            _ => None,
        };
        self.density = self.density.or(density);
    }

    fn app1(&mut self, body: &'a [u8]) {
        if let Some(exif) = body.strip_prefix(b"Exif\0")
            && exif.len() > 1
        {
            // The sixth byte is padding, and not all writers set it to zero.
            self.exif = self.exif.or(Some(&exif[1..]));
        } else if let Some(xmp) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
            self.xmp = self.xmp.or(Some(xmp));
        }
    }

    /// The profile's chunks in order (ICC.1 annex B.4); `None` unless each is present exactly once.
    fn join_icc(&self) -> Option<Cow<'a, [u8]>> {
        let &[(_, count, first), ..] = &self.icc[..] else {
            return None;
        };
        if self.icc.len() == 1 && count <= 1 {
            return Some(Cow::Borrowed(first));
        }
        let mut chunks = self.icc.clone();
        chunks.sort_by_key(|&(number, ..)| number);
        let whole = chunks.len() == usize::from(count)
            && (1..=count)
                .zip(&chunks)
                .all(|(expected, &(number, of, _))| number == expected && of == count);
        whole.then(|| chunks.iter().flat_map(|&(.., bytes)| bytes).copied().collect())
    }
}

fn no_frame(reason: &str) -> Error {
    Error::truncated(Format::Jpeg, reason)
}

#[cfg(test)]
mod tests;
