//! Pixels that need no decoding: raw ones, from the slice row by row, and a picture of one colour.

use crate::budget::Budget;
use crate::decode::{Decoder, Opened};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::{ColourModel, Info};
use crate::input::{Create, Raw};
use crate::metadata::MetadataBlocks;
use crate::request::Request;
use crate::rows::{Frame, RowSink};

/// What the plan says of raw pixels; there have to be as many as it says.
pub(crate) fn open(bytes: &[u8], raw: Raw) -> Result<Opened<'_>> {
    let layout = layout(&raw)?;
    let [width, height, channels] = [raw.width.into(), raw.height.into(), u64::from(raw.channels)];
    let expected = (width * height).saturating_mul(channels);
    if bytes.len() as u64 != expected {
        return Err(Error::bad_input(
            Format::Raw,
            format_args!(
                "{} bytes, expected {width}×{height} pixels of {channels} channels, which are {expected}",
                bytes.len()
            ),
        ));
    }
    let rows = RawRows {
        bytes,
        width: raw.width,
        height: raw.height,
        layout,
    };
    Ok(opened(raw.width, raw.height, layout, rows))
}

/// What the plan says of a picture to create; bytes would be a mistake.
pub(crate) fn create(bytes: &[u8], create: Create) -> Result<Opened<'_>> {
    let layout = created(&create)?;
    if !bytes.is_empty() {
        return Err(Error::bad_input(
            Format::Raw,
            format_args!("{} bytes, expected none: `input.create` makes the pixels", bytes.len()),
        ));
    }
    let canvas = OneColour { create, layout };
    Ok(opened(create.width, create.height, layout, canvas))
}

/// Rows that lie in the bytes.
#[derive(Debug)]
struct RawRows<'a> {
    bytes: &'a [u8],
    width: u32,
    height: u32,
    layout: Layout,
}

impl Decoder for RawRows<'_> {
    fn decode(&self, _: &Request, budget: &Budget, sink: &mut dyn RowSink, _: &mut Vec<String>) -> Result<()> {
        sink.begin(&Frame::still(self.layout, self.width, self.height))?;
        for row in self.bytes.chunks_exact(self.width as usize * self.layout.channels()) {
            budget.check()?;
            sink.row(0, row)?;
        }
        Ok(())
    }
}

/// The same row again and again.
#[derive(Debug)]
struct OneColour {
    create: Create,
    layout: Layout,
}

impl Decoder for OneColour {
    fn decode(&self, _: &Request, budget: &Budget, sink: &mut dyn RowSink, _: &mut Vec<String>) -> Result<()> {
        let Create {
            width,
            height,
            background,
            ..
        } = self.create;
        let channels = self.layout.channels();
        let colour = [background.red, background.green, background.blue, background.alpha];
        let mut row = budget.zeroed::<u8>(width as usize * channels, "a row")?;
        for pixel in row.chunks_exact_mut(channels) {
            pixel.copy_from_slice(&colour[..channels]);
        }
        sink.begin(&Frame::still(self.layout, width, height))?;
        for _ in 0..height {
            budget.check()?;
            sink.row(0, &row)?;
        }
        Ok(())
    }
}

fn opened<'a>(width: u32, height: u32, layout: Layout, decoder: impl Decoder + 'a) -> Opened<'a> {
    let colour = match layout {
        Layout::Grey | Layout::GreyAlpha => ColourModel::Grey,
        _ => ColourModel::Rgb,
    };
    let info = Info {
        alpha: layout.has_alpha(),
        ..Info::still(Format::Raw, width, height, colour)
    };
    Opened::new(info, MetadataBlocks::default(), decoder)
}

fn layout(raw: &Raw) -> Result<Layout> {
    raw.check_ranges().map_err(|error| error.at("input.raw"))?;
    match raw.channels {
        1 => Ok(Layout::Grey),
        2 => Ok(Layout::GreyAlpha),
        3 => Ok(Layout::Rgb),
        _ => Ok(Layout::Rgba),
    }
}

fn created(create: &Create) -> Result<Layout> {
    create.check_ranges().map_err(|error| error.at("input.create"))?;
    match create.channels {
        3 => Ok(Layout::Rgb),
        _ => Ok(Layout::Rgba),
    }
}

#[cfg(test)]
mod tests;
