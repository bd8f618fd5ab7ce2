//! Pictures within a drawing: files in `data:` URLs, decoded by our own decoders within the call's budget.

use std::sync::Arc;

use base64::Engine;
use resvg::usvg::ImageKind;

use crate::budget::{Budget, Reserved};
use crate::colour;
use crate::decode::{self, DENSITY, Opened};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Plane};
use crate::input::Input;
use crate::orientation::Orientation;
use crate::request::{Request, Tolerate};
use crate::rows::{Frame, RowSink};

/// What a reference to a picture is called in the plain text.
const NAME: &str = "keenpix:";

/// Bytes of what `Pictures::resolve` gives.
const HEADER: usize = 33;

/// The files that a drawing brings along.
#[derive(Debug, Default)]
pub(super) struct Pictures(Vec<File>);

#[derive(Debug)]
struct File {
    bytes: Vec<u8>,
    /// Upright.
    width: u32,
    height: u32,
    _booked: Reserved,
}

impl Pictures {
    /// Takes the file of a `data:` URL, and returns how to refer to it; `None` if it is no picture that is drawn.
    pub(super) fn add(&mut self, url: &str, budget: &Budget) -> Result<Option<String>> {
        let Some((kind, data)) = url.strip_prefix("data:").and_then(|rest| rest.split_once(',')) else {
            return Ok(None);
        };
        if !kind.trim_end().to_ascii_lowercase().ends_with(";base64") {
            return Ok(None);
        }
        let booked = budget.reserve(url.len() as u64)?;
        let text: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        // With `=` at its end, or without.
        let end = text.iter().rposition(|byte| *byte != b'=').map_or(0, |last| last + 1);
        let Ok(bytes) = base64::engine::general_purpose::STANDARD_NO_PAD.decode(&text[..end]) else {
            return Ok(None);
        };
        let Ok(opened) = open(&bytes, budget) else {
            return Ok(None);
        };
        let (width, height) = upright(&opened).size(opened.size());
        drop(opened);
        self.0.push(File {
            bytes,
            width,
            height,
            _booked: booked,
        });
        Ok(Some(format!("{NAME}{}", self.0.len() - 1)))
    }

    /// The picture of a reference as usvg wants it: it reads the size only, from the header of a PNG. The number of the
    /// picture comes after that.
    pub(super) fn resolve(&self, reference: &str) -> Option<ImageKind> {
        let index: u32 = reference.strip_prefix(NAME)?.parse().ok()?;
        let file = self.0.get(index as usize)?;
        let size = [file.width.to_be_bytes(), file.height.to_be_bytes()].concat();
        let header = [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            &size[..],
            &[8, 6, 0, 0, 0],
            &index.to_be_bytes(),
        ]
        .concat();
        Some(ImageKind::PNG(Arc::new(header)))
    }

    /// The pixels of a picture: width, height, RGBA with premultiplied alpha.
    pub(super) fn pixels(&self, kind: &ImageKind, budget: &Budget) -> Result<Option<Image>> {
        let ImageKind::PNG(header) = kind else { return Ok(None) };
        let bytes: &[u8] = if header.len() == HEADER {
            let index = header.last_chunk().map(|index| u32::from_be_bytes(*index));
            match index.and_then(|index| self.0.get(index as usize)) {
                Some(file) => &file.bytes,
                None => return Ok(None),
            }
        } else {
            header // of a font: a character that is a picture
        };
        let opened = open(bytes, budget)?;
        budget.limits().check_size(opened.size())?;
        let mut sink = Whole {
            image: None,
            rows: 0,
            budget,
        };
        let mut ignored = Vec::new();
        opened.decode(&Request::whole(Tolerate::Errors), budget, &mut sink, &mut ignored)?;
        let image = sink
            .image
            .ok_or_else(|| Error::internal("drawing a picture", "no frame came"))?;
        let image = match image.layout {
            Layout::YCbCr => colour::ycbcr_to_rgb(image, budget)?,
            _ => image,
        };
        let profile = opened.metadata.icc.as_deref().filter(|icc| !colour::is_srgb(icc));
        let image = match (profile, image.layout) {
            (None, Layout::Cmyk) | (Some(_), _) => colour::to_srgb(image, profile, budget, &mut ignored)?,
            (None, _) => image,
        };
        let image = upright(&opened).apply(image, budget)?;
        let mut plane = Plane::new(image.width, image.height, 4, budget)?;
        for y in 0..image.height {
            budget.check()?;
            let row = plane.row_mut(y).as_chunks_mut::<4>().0;
            image.layout.widen(image.planes[0].row(y), row);
            row.iter_mut().for_each(premultiply);
        }
        Ok(Some(Image {
            width: image.width,
            height: image.height,
            layout: Layout::Rgba,
            planes: vec![plane],
        }))
    }
}

/// A file of any format but SVG: drawings within drawings are left to nobody.
fn open<'a>(bytes: &'a [u8], budget: &Budget) -> Result<Opened<'a>> {
    if decode::sniff::sniff(bytes)? == Format::Svg {
        return Err(Error::unsupported("a drawing within a drawing"));
    }
    decode::open(bytes, &Input::File, DENSITY, budget)
}

fn upright(opened: &Opened) -> Orientation {
    Orientation::from_exif(opened.info.orientation)
}

fn premultiply(pixel: &mut [u8; 4]) {
    let alpha = u32::from(pixel[3]);
    for sample in &mut pixel[..3] {
        *sample = ((u32::from(*sample) * alpha + 127) / 255) as u8;
    }
}

/// Keeps the picture whole.
struct Whole<'a> {
    image: Option<Image>,
    rows: u32,
    budget: &'a Budget,
}

impl RowSink for Whole<'_> {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        let shape = frame.planes[0];
        let plane = Plane::new(shape.width, shape.height, frame.layout.channels(), self.budget)?;
        self.image = Some(Image {
            width: shape.width,
            height: shape.height,
            layout: frame.layout,
            planes: vec![plane],
        });
        Ok(())
    }

    fn row(&mut self, _: usize, row: &[u8]) -> Result<()> {
        let plane = self.image.as_mut().map(|image| &mut image.planes[0]);
        if let Some(plane) = plane.filter(|plane| self.rows < plane.height) {
            plane.row_mut(self.rows).copy_from_slice(row);
            self.rows += 1;
        }
        Ok(())
    }
}

#[cfg(all(test, feature = "png", feature = "jpeg"))]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn pictures_are_found_in_their_urls() {
        let budget = Budget::new(&Limits::default());
        let mut pictures = Pictures::default();
        let png = base64::engine::general_purpose::STANDARD.encode(include_bytes!("../../../tests/images/rgb.png"));
        let first = pictures.add(&format!("data:image/png;base64,{png}"), &budget).unwrap();
        assert_eq!(first.as_deref(), Some("keenpix:0"));
        let jpeg = include_bytes!("../../../tests/images/orientation-6.jpg");
        let jpeg = base64::engine::general_purpose::STANDARD_NO_PAD.encode(jpeg);
        let spaced = format!("data:;BASE64,{}\n {}", &jpeg[..60], &jpeg[60..]);
        assert_eq!(pictures.add(&spaced, &budget).unwrap().as_deref(), Some("keenpix:1"));
        for none in [
            "x.png",
            "data:image/png,abc",
            "data:image/png;base64,AAAA",
            "data:;base64,?",
            "data:",
        ] {
            assert_eq!(pictures.add(none, &budget).unwrap(), None, "{none}");
        }
        let kind = pictures.resolve("keenpix:1").unwrap();
        let image = pictures.pixels(&kind, &budget).unwrap().unwrap();
        assert_eq!((image.width, image.height), (96, 72));
        assert!(pictures.resolve("keenpix:2").is_none() && pictures.resolve("x").is_none());
        let small = Budget::new(&Limits::new().with_memory(20_000));
        assert_eq!(pictures.pixels(&kind, &small).unwrap_err().code(), "LIMIT_MEMORY");
    }
}
