//! Writes PNG: the pixels with our own filters and compression, all else with the crate `png`.

mod animation;
mod choose;
mod filter;
mod indexed;
mod passes;

use passes::Samples;
use png::{BitDepth, ColorType, Encoder, EncodingError, PixelDimensions, Unit, Writer, chunk};

use super::first_frame;
use crate::budget::{Budget, Buffer};
use crate::encode::options;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture};
use crate::metadata::MetadataBlocks;

/// Writes a still, or an animation if there are several frames. Alpha that is opaque everywhere is dropped, and
/// all-grey colours become grey, unless `reduce` is off.
pub(crate) fn encode(
    picture: &Picture,
    options: &options::Png,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let layouts = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];
    let image = &first_frame(picture, &layouts)?.image;
    if picture.frames.len() > 1 {
        return animation::encode(picture, options, metadata, budget);
    }
    if options.palette {
        return indexed::encode(image, options, metadata, budget);
    }
    let smallest = if options.reduce {
        reduced(image, budget)?
    } else {
        image.layout
    };
    let layout = beside_profile(smallest, image.layout, metadata);
    let narrowed = match layout == image.layout {
        true => None,
        false => Some(narrow(image, layout, budget)?),
    };
    let pixels: &[u8] = narrowed.as_deref().unwrap_or(&image.planes[0].data);
    write(image, &Form::of(layout), pixels, options, metadata, budget)
}

/// A grey image can't have the profile of an RGB one (11.3.2.3).
fn beside_profile(smallest: Layout, source: Layout, metadata: &MetadataBlocks) -> Layout {
    match smallest {
        Layout::Grey if metadata.icc.is_some() && !is_grey(source) => Layout::Rgb,
        Layout::GreyAlpha if metadata.icc.is_some() && !is_grey(source) => Layout::Rgba,
        smallest => smallest,
    }
}

fn is_grey(layout: Layout) -> bool {
    matches!(layout, Layout::Grey | Layout::GreyAlpha)
}

struct Form<'a> {
    colour: ColorType,
    depth: BitDepth,
    palette: &'a [[u8; 4]],
}

impl Form<'_> {
    /// Without a palette.
    fn of(layout: Layout) -> Self {
        Form {
            colour: match layout {
                Layout::Grey => ColorType::Grayscale,
                Layout::GreyAlpha => ColorType::GrayscaleAlpha,
                Layout::Rgb => ColorType::Rgb,
                _ => ColorType::Rgba,
            },
            depth: BitDepth::Eight,
            palette: &[],
        }
    }

    /// An image of interleaved samples, or of indices of a byte each.
    fn samples<'a>(&self, data: &'a [u8], (width, height): (usize, usize), options: &options::Png) -> Samples<'a> {
        Samples {
            data,
            width,
            height,
            bits: self.depth as u8,
            channels: self.colour.samples(),
            interlaced: options.progressive,
        }
    }

    /// The zlib stream of an image's rows.
    fn compress(&self, samples: Samples<'_>, options: &options::Png, budget: &Budget) -> Result<Vec<u8>> {
        choose::compressed(samples, options, self.colour == ColorType::Indexed, budget)
    }
}

/// Writes a file of `pixels`: interleaved samples, or indices of a byte each.
fn write(
    image: &Image,
    form: &Form<'_>,
    pixels: &[u8],
    options: &options::Png,
    metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    // The compressed pixels are buffered once before they are written to the output.
    let _booked = budget.reserve(pixels.len() as u64 * 2 + (1 << 20))?;
    file(image, form, options, metadata, |writer| {
        budget.check()?;
        let samples = form.samples(pixels, (image.width as usize, image.height as usize), options);
        let compressed = form.compress(samples, options, budget)?;
        for part in compressed.chunks(i32::MAX as usize) {
            writer.write_chunk(chunk::IDAT, part).map_err(failed)?;
        }
        Ok(())
    })
}

fn failed(error: EncodingError) -> Error {
    Error::encoder(Format::Png, error)
}

/// Writes a file: `body` writes the chunks after the header and the metadata.
fn file(
    image: &Image,
    form: &Form<'_>,
    options: &options::Png,
    metadata: &MetadataBlocks,
    body: impl FnOnce(&mut Writer<&mut Vec<u8>>) -> Result<()>,
) -> Result<Vec<u8>> {
    let mut output = Vec::new();
    let mut info = png::Info::with_size(image.width, image.height);
    info.icc_profile = metadata.icc.as_deref().map(Into::into);
    info.pixel_dims = metadata.density.map(per_metre);
    info.exif_metadata = metadata.exif.as_deref().map(Into::into);
    info.interlaced = options.progressive;
    let mut encoder = Encoder::with_info(&mut output, info).map_err(failed)?;
    encoder.set_color(form.colour);
    encoder.set_depth(form.depth);
    if form.colour == ColorType::Indexed {
        encoder.set_palette(
            form.palette
                .iter()
                .flat_map(|&[r, g, b, _]| [r, g, b])
                .collect::<Vec<u8>>(),
        );
        // PNG 11.3.1.1: opaque entries at the end are omitted.
        let alphas = form
            .palette
            .iter()
            .rposition(|colour| colour[3] != 255)
            .map_or(0, |last| last + 1);
        if alphas > 0 {
            encoder.set_trns(
                form.palette[..alphas]
                    .iter()
                    .map(|colour| colour[3])
                    .collect::<Vec<u8>>(),
            );
        }
    }
    if let Some(xmp) = metadata.xmp.as_deref().and_then(|xmp| std::str::from_utf8(xmp).ok()) {
        encoder
            .add_itxt_chunk("XML:com.adobe.xmp".to_owned(), xmp.to_owned())
            .map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    body(&mut writer)?;
    writer.finish().map_err(failed)?;
    Ok(output)
}

/// PNG 11.3.4.3 counts pixels per metre.
fn per_metre(density: f64) -> PixelDimensions {
    let ppu = (density / 0.0254).round() as u32;
    PixelDimensions {
        xppu: ppu,
        yppu: ppu,
        unit: Unit::Meter,
    }
}

/// The smallest layout that holds every pixel. It stops at the first pixel that needs the larger one, so that a
/// photograph costs nothing and an opaque RGBA image one pass.
fn reduced(image: &Image, budget: &Budget) -> Result<Layout> {
    let rows = || (0..image.height).map(|y| image.planes[0].row(y));
    budget.check()?;
    let opaque = match image.layout {
        Layout::Rgba => rows().all(|row| row.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255)),
        Layout::GreyAlpha => rows().all(|row| row.as_chunks::<2>().0.iter().all(|pixel| pixel[1] == 255)),
        _ => true,
    };
    budget.check()?;
    let grey = match image.layout {
        Layout::Rgba => rows().all(|row| {
            row.as_chunks::<4>()
                .0
                .iter()
                .all(|&[r, g, b, a]| (r == g && g == b) || a == 0)
        }),
        Layout::Rgb => rows().all(|row| row.as_chunks::<3>().0.iter().all(|&[r, g, b]| r == g && g == b)),
        _ => true,
    };
    Ok(match (grey, opaque) {
        (true, true) => Layout::Grey,
        (true, false) => Layout::GreyAlpha,
        (false, true) => Layout::Rgb,
        (false, false) => Layout::Rgba,
    })
}

fn narrow(image: &Image, layout: Layout, budget: &Budget) -> Result<Buffer<u8>> {
    let stride = image.width as usize * layout.channels();
    let mut narrowed = budget.zeroed::<u8>(stride * image.height as usize, "PNG pixels")?;
    let (from, to) = (image.layout.channels(), layout.channels());
    // Where the channels of the smaller layout are in the larger one.
    let take: &[usize] = match (image.layout, layout) {
        (Layout::Rgba, Layout::GreyAlpha) => &[0, 3],
        (_, Layout::Rgb) => &[0, 1, 2],
        _ => &[0],
    };
    for (y, out) in (0..image.height).zip(narrowed.chunks_exact_mut(stride)) {
        budget.check()?;
        for (source, out) in image.planes[0].row(y).chunks_exact(from).zip(out.chunks_exact_mut(to)) {
            for (out, &channel) in out.iter_mut().zip(take) {
                *out = source[channel];
            }
        }
    }
    Ok(narrowed)
}

#[cfg(test)]
mod tests;
