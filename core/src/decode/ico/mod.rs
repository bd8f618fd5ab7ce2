//! Reads ICO (and CUR): the largest image of the directory, a PNG or a bitmap with a mask.

use crate::budget::Budget;
use crate::decode::bmp::{Dib, Rows};
use crate::decode::{Decoder, Opened};
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::{ColourModel, Info};
use crate::metadata::MetadataBlocks;
use crate::request::{Request, Tolerate};
use crate::rows::{Frame, RowSink};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The image that is read.
#[derive(Debug)]
struct Icon<'a> {
    image: Image<'a>,
    /// What is wrong with a larger one.
    lost: Option<Error>,
}

/// An image of the directory.
#[derive(Debug)]
enum Image<'a> {
    Png(Box<Opened<'a>>),
    Bitmap(&'a [u8], Box<Dib>),
}

/// Reads size and colour of the largest image; of those of equal size, the one with the most colours.
pub(crate) fn open(bytes: &[u8]) -> Result<Opened<'_>> {
    let icon = best(bytes)?;
    let (width, height, bits) = match &icon.image {
        Image::Png(png) => (png.info.width, png.info.height, png.info.bits),
        Image::Bitmap(_, dib) => (dib.width, dib.height, if dib.bits <= 8 { dib.bits as u8 } else { 8 }),
    };
    let colour = if bits < 8 {
        ColourModel::Palette
    } else {
        ColourModel::Rgb
    };
    let info = Info {
        alpha: match &icon.image {
            Image::Png(png) => png.info.alpha,
            Image::Bitmap(..) => true, // its mask
        },
        bits,
        ..Info::still(Format::Ico, width, height, colour)
    };
    Ok(Opened::new(info, MetadataBlocks::default(), icon))
}

impl Decoder for Icon<'_> {
    fn decode(
        &self,
        request: &Request,
        budget: &Budget,
        sink: &mut dyn RowSink,
        warnings: &mut Vec<String>,
    ) -> Result<()> {
        if let Some(error) = &self.lost {
            if request.tolerate == Tolerate::None {
                return Err(error.clone());
            }
            warnings.push(format!("a smaller image of the icon is read: {error}"));
        }
        match &self.image {
            Image::Png(png) => {
                let still = Request {
                    animated: false,
                    ..*request
                };
                png.decode(&still, budget, sink, warnings)
            }
            Image::Bitmap(bytes, dib) => bitmap(bytes, Dib::clone(dib), request, budget, sink, warnings),
        }
    }
}

fn best(bytes: &[u8]) -> Result<Icon<'_>> {
    let short = || {
        Error::truncated(
            Format::Ico,
            format_args!("{} bytes end before the directory does", bytes.len()),
        )
    };
    let (&[0, 0, 1 | 2, 0, low, high], directory) = bytes.split_first_chunk::<6>().ok_or_else(short)? else {
        return Err(Error::bad_input(Format::Ico, "the signature is missing"));
    };
    let count = usize::from(u16::from_le_bytes([low, high]));
    let entries = directory.as_chunks::<16>().0;
    if entries.is_empty() {
        return Err(if count == 0 {
            Error::bad_input(Format::Ico, "an empty directory")
        } else {
            short()
        });
    }
    // 256 is stored as 0. Entries are tried from the best one down, because directories may lie about some.
    let mut order: Vec<&[u8; 16]> = entries.iter().take(count).collect();
    let edge = |byte: u8| if byte == 0 { 256u32 } else { byte.into() };
    order.sort_by_key(|entry| {
        std::cmp::Reverse((
            edge(entry[0]) * edge(entry[1]),
            u16::from_le_bytes([entry[6], entry[7]]),
        ))
    });
    let mut lost = None;
    for entry in order.into_iter().take(64) {
        let offset = u32::from_le_bytes([entry[12], entry[13], entry[14], entry[15]]);
        match image_at(bytes, offset as usize) {
            Ok(image) => return Ok(Icon { image, lost }),
            Err(error) => lost = lost.or(Some(error)),
        }
    }
    Err(lost.unwrap_or_else(|| Error::bad_input(Format::Ico, "an empty directory")))
}

fn image_at(bytes: &[u8], offset: usize) -> Result<Image<'_>> {
    let Some(image) = bytes.get(offset..).filter(|image| !image.is_empty()) else {
        return Err(Error::truncated(
            Format::Ico,
            format_args!("a picture at {offset} of {} bytes", bytes.len()),
        ));
    };
    if image.starts_with(PNG) {
        return Ok(Image::Png(Box::new(open_png(image)?)));
    }
    let mut dib = Dib::read(image, 0, None, Format::Ico)?;
    if dib.height < 2 {
        return Err(Error::bad_input(Format::Ico, "a bitmap without room for its mask"));
    }
    // The height counts the mask too.
    dib.height /= 2;
    Ok(Image::Bitmap(image, Box::new(dib)))
}

/// The bitmap with its mask as alpha: one bit per pixel, set where the background shows. A 32-bit bitmap has
/// its own alpha, unless that is 0 everywhere.
fn bitmap(
    bytes: &[u8],
    mut dib: Dib,
    request: &Request,
    budget: &Budget,
    sink: &mut dyn RowSink,
    warnings: &mut Vec<String>,
) -> Result<()> {
    dib.force_alpha();
    let (width, height) = (dib.width as usize, dib.height as usize);
    let mask_at = dib.pixels.saturating_add(dib.stored_stride().saturating_mul(height));
    let mask = bytes.get(mask_at..).unwrap_or_default();
    let mask_stride = width.div_ceil(32) * 4;
    let own_alpha = dib.has_alpha();
    let rows = Rows::new(dib, bytes, Format::Ico, budget)?;
    rows.settle(request.tolerate, warnings)?;
    let mut row = vec![0; rows.stride()];
    let use_mask = !own_alpha || rows.is_hidden(budget)?;
    sink.begin(&Frame::still(Layout::Rgba, width as u32, height as u32))?;
    let mut out = vec![0; width * 4];
    for y in 0..rows.height() {
        budget.check()?;
        rows.read(y, &mut row);
        let mask = mask.get((height - 1 - y as usize) * mask_stride..).unwrap_or_default();
        let channels = if own_alpha { 4 } else { 3 };
        for (x, (pixel, stored)) in out
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .zip(row.chunks_exact(channels))
            .enumerate()
        {
            pixel[..channels].copy_from_slice(stored);
            if use_mask {
                let hidden = mask.get(x / 8).is_some_and(|byte| byte << (x % 8) & 0x80 != 0);
                pixel[3] = if hidden { 0 } else { 255 };
            }
        }
        sink.row(0, &out)?;
    }
    Ok(())
}

#[cfg(feature = "png")]
use crate::decode::png::open as open_png;

#[cfg(not(feature = "png"))]
fn open_png(_: &[u8]) -> Result<Opened<'_>> {
    Err(Error::not_read(Format::Png, Some("an icon in PNG form")))
}

#[cfg(test)]
mod tests;
