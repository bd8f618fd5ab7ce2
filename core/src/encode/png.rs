//! PNG, over the crate `png`.

use png::{
    BitDepth, ColorType, Compression, DeflateCompression, Encoder, EncodingError, Filter, PixelDimensions, Unit,
};

use super::{first_frame, palette, rgba_row};
use crate::decode::Blocks;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture};
use crate::limits::{Budget, Buffer};
use crate::plan;

/// Writes the first frame. Alpha that is opaque everywhere is left out, and so are colours that are all grey, unless
/// `reduce` is off.
pub(crate) fn encode(picture: &Picture, options: &plan::Png, metadata: &Blocks, budget: &Budget) -> Result<Vec<u8>> {
    let layouts = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];
    let image = &first_frame(picture, &layouts)?.image;
    if options.compression > 9 {
        return Err(Error::bad_plan(format_args!(
            "png.compression is {}, 0 to 9 are possible",
            options.compression
        )));
    }
    if !(2..=256).contains(&options.colours) {
        return Err(Error::bad_plan(format_args!(
            "png.colours is {}, 2 to 256 are possible",
            options.colours
        )));
    }
    if options.palette {
        return indexed(image, options, metadata, budget);
    }
    let smallest = if options.reduce {
        reduced(image, budget)?
    } else {
        image.layout
    };
    let layout = match smallest {
        // A grey image can't have the profile of an RGB one (11.3.2.3).
        Layout::Grey if metadata.icc.is_some() && !is_grey(image.layout) => Layout::Rgb,
        Layout::GreyAlpha if metadata.icc.is_some() && !is_grey(image.layout) => Layout::Rgba,
        smallest => smallest,
    };
    let narrowed = match layout == image.layout {
        true => None,
        false => Some(narrow(image, layout, budget)?),
    };
    let pixels: &[u8] = narrowed.as_deref().unwrap_or(&image.planes[0].data);
    let colour = match layout {
        Layout::Grey => ColorType::Grayscale,
        Layout::GreyAlpha => ColorType::GrayscaleAlpha,
        Layout::Rgb => ColorType::Rgb,
        _ => ColorType::Rgba,
    };
    let form = Form {
        colour,
        depth: BitDepth::Eight,
        palette: &[],
    };
    write(image, form, pixels, options, metadata, budget)
}

fn is_grey(layout: Layout) -> bool {
    matches!(layout, Layout::Grey | Layout::GreyAlpha)
}

struct Form<'a> {
    colour: ColorType,
    depth: BitDepth,
    palette: &'a [[u8; 4]],
}

fn write(
    image: &Image,
    form: Form<'_>,
    pixels: &[u8],
    options: &plan::Png,
    metadata: &Blocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let failed = |error: EncodingError| Error::encoder(Format::Png, error);
    // The compressed pixels are held once before they are written to the output.
    let _booked = budget.reserve(pixels.len() as u64 * 2 + (1 << 20))?;
    let mut output = Vec::new();
    let mut info = png::Info::with_size(image.width, image.height);
    info.icc_profile = metadata.icc.as_deref().map(Into::into);
    info.pixel_dims = metadata.density.map(per_metre);
    info.exif_metadata = metadata.exif.as_deref().map(Into::into);
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
        // PNG 11.3.1.1: entries at the end that are opaque are left out.
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
    compression(&mut encoder, options.compression, form.colour == ColorType::Indexed);
    if let Some(xmp) = metadata.xmp.as_deref().and_then(|xmp| std::str::from_utf8(xmp).ok()) {
        encoder
            .add_itxt_chunk("XML:com.adobe.xmp".to_owned(), xmp.to_owned())
            .map_err(failed)?;
    }
    let mut writer = encoder.write_header().map_err(failed)?;
    budget.check()?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(output)
}

/// PNG 11.3.4.3 counts pixels to the metre.
fn per_metre(density: f64) -> PixelDimensions {
    let ppu = (density / 0.0254).round() as u32;
    PixelDimensions {
        xppu: ppu,
        yppu: ppu,
        unit: Unit::Meter,
    }
}

/// 0 stores; 1 and 2 are the crate's own deflate for PNG, with one filter and with the best of five a row; from 6 on
/// zlib's levels. Those of 3 to 5 give larger files than 2 in six times the time, so these do as 2 does.
fn compression<W: std::io::Write>(encoder: &mut Encoder<'_, W>, level: u8, indexed: bool) {
    match (level, indexed) {
        (0, _) => encoder.set_compression(Compression::NoCompression),
        (1, false) => {
            encoder.set_compression(Compression::Fastest);
            encoder.set_filter(Filter::Up);
        }
        (2..=5, false) => encoder.set_compression(Compression::Fast),
        (_, false) => {
            encoder.set_deflate_compression(DeflateCompression::Level(level));
            encoder.set_filter(Filter::Adaptive);
        }
        // Indices compress best as they are, and badly with the deflate that is tuned for filtered samples.
        (_, true) => {
            encoder.set_deflate_compression(DeflateCompression::Level(level.max(4)));
            encoder.set_filter(Filter::NoFilter);
        }
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

/// A palette image, in as few bits as the palette allows.
fn indexed(image: &Image, options: &plan::Png, metadata: &Blocks, budget: &Budget) -> Result<Vec<u8>> {
    let width = image.width as usize;
    let mut rgba = budget.zeroed::<u8>(width * image.height as usize * 4, "RGBA pixels")?;
    for (y, out) in (0..image.height).zip(rgba.chunks_exact_mut(width * 4)) {
        budget.check()?;
        rgba_row(image, y, out);
    }
    let mut reduced = palette::reduce(&rgba, image.width, options.colours, options.dither, budget)?;
    drop(rgba);
    transparent_first(&mut reduced);
    let (depth, bits) = match reduced.palette.len() {
        0..=2 => (BitDepth::One, 1),
        3..=4 => (BitDepth::Two, 2),
        5..=16 => (BitDepth::Four, 4),
        _ => (BitDepth::Eight, 8),
    };
    let form = Form {
        colour: ColorType::Indexed,
        depth,
        palette: &reduced.palette,
    };
    if bits == 8 {
        return write(image, form, &reduced.indices, options, metadata, budget);
    }
    let stride = (width * bits).div_ceil(8);
    let mut packed = budget.zeroed::<u8>(stride * image.height as usize, "PNG pixels")?;
    for (row, out) in reduced.indices.chunks_exact(width).zip(packed.chunks_exact_mut(stride)) {
        for (group, out) in row.chunks(8 / bits).zip(out) {
            *out = (0..)
                .zip(group)
                .fold(0, |byte, (i, index)| byte | index << (8 - bits - i * bits));
        }
    }
    write(image, form, &packed, options, metadata, budget)
}

/// Puts the colours with alpha first, so that `tRNS` is short.
fn transparent_first(indexed: &mut palette::Indexed) {
    let mut order: Vec<usize> = (0..indexed.palette.len()).collect();
    order.sort_by_key(|&i| indexed.palette[i][3] == 255);
    let mut place = [0u8; 256];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new as u8;
    }
    indexed.palette = order.iter().map(|&old| indexed.palette[old]).collect();
    indexed
        .indices
        .iter_mut()
        .for_each(|index| *index = place[usize::from(*index)]);
}

#[cfg(test)]
mod tests;
