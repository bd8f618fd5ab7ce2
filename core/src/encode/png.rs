//! To PNG.

use crate::decode::Blocks;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Layout, Picture};
use crate::limits::Budget;
use crate::plan::Png;

pub(super) fn encode(picture: &Picture, _options: &Png, _metadata: &Blocks, _budget: &Budget) -> Result<Vec<u8>> {
    let image = &picture.frames[0].image;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, image.width, image.height);
    encoder.set_color(match image.layout {
        Layout::Grey => png::ColorType::Grayscale,
        Layout::GreyAlpha => png::ColorType::GrayscaleAlpha,
        Layout::Rgb => png::ColorType::Rgb,
        _ => png::ColorType::Rgba,
    });
    encoder.set_compression(png::Compression::Fast);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&image.planes[0].data))
        .map_err(|error| Error::encoder(Format::Png, error))?;
    Ok(bytes)
}
