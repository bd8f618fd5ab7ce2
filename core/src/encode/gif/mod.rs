//! Writes GIF, with the crate `gif`.

use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};

use super::changes::{Area, changed};
use super::{first_frame, palette, shown_ms};
use crate::budget::{Budget, Buffer};
use crate::encode::options;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Layout, Picture, PictureFrame};
use crate::metadata::MetadataBlocks;

/// Alpha from here on is opaque; below, transparent.
const OPAQUE: u8 = 128;

/// Writes a still, or an animation if there are several frames, each with its own palette. Frames of an opaque
/// animation are cropped to the rectangle that changes, and transparent where nothing does. GIF stores XMP and
/// ICC in ways that hardly any reader supports, so no metadata is written.
pub(crate) fn encode(
    picture: &Picture,
    options: &options::Gif,
    _metadata: &MetadataBlocks,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let first = &first_frame(picture, &[Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba])?.image;
    let (Ok(width), Ok(height)) = (u16::try_from(first.width), u16::try_from(first.height)) else {
        return Err(super::too_large(
            Format::Gif,
            (first.width, first.height),
            u16::MAX.into(),
        ));
    };
    let frames = joined(&picture.frames, options.duplicates);
    let animated = frames.len() > 1;
    let opaque = picture.frames.iter().all(|frame| !has_holes(frame));
    let failed = |error: EncodingError| Error::encoder(Format::Gif, error);
    let mut encoder = Encoder::new(Vec::new(), width, height, &[]).map_err(failed)?;
    if picture.frames.len() > 1 && picture.loops != 1 {
        encoder
            .set_repeat(match picture.loops.checked_sub(1) {
                None => Repeat::Infinite,
                // The file stores the number of repeats.
                Some(again) => Repeat::Finite(u16::try_from(again).unwrap_or(u16::MAX)),
            })
            .map_err(failed)?;
    }
    let mut before: Option<Buffer<u8>> = None;
    for (frame, delay_ms) in frames {
        budget.check()?;
        let mut rgba = rgba(frame, budget)?;
        if let Some(before) = before.as_deref().filter(|_| opaque) {
            settle(&mut rgba, before, options.change);
        }
        let area = match &before {
            Some(before) if opaque => changed::<4>(&rgba, before, usize::from(width)),
            _ => Area::whole(width.into(), height.into()),
        };
        let same = before.as_deref().filter(|_| opaque);
        let Indices {
            palette,
            transparent,
            data,
        } = indices(&rgba, same, area, usize::from(width), options, budget)?;
        let data = match options.progressive {
            true => interlaced(&data, area.width, budget)?,
            false => data,
        };
        encoder
            .write_frame(&Frame {
                delay: u16::try_from(delay_ms.saturating_add(5) / 10).unwrap_or(u16::MAX),
                dispose: match (animated, opaque) {
                    (true, false) => DisposalMethod::Background,
                    (true, true) => DisposalMethod::Keep,
                    _ => DisposalMethod::Any,
                },
                transparent,
                interlaced: options.progressive,
                left: area.left as u16,
                top: area.top as u16,
                width: area.width as u16,
                height: area.height as u16,
                palette: Some(palette),
                buffer: (&data[..]).into(),
                ..Frame::default()
            })
            .map_err(failed)?;
        before = animated.then_some(rgba);
    }
    encoder.into_inner().map_err(|error| Error::encoder(Format::Gif, error))
}

/// The frames that are written, and how long each is shown.
fn joined(frames: &[PictureFrame], duplicates: bool) -> Vec<(&PictureFrame, u32)> {
    let mut joined: Vec<(&PictureFrame, u32)> = Vec::with_capacity(frames.len());
    for frame in frames {
        match joined.last_mut() {
            Some((last, shown)) if !duplicates && same_pixels(last, frame) => {
                *shown = shown_ms(*shown).saturating_add(shown_ms(frame.delay_ms));
            }
            _ => joined.push((frame, frame.delay_ms)),
        }
    }
    joined
}

/// Whether two frames look the same, ignoring the colour of transparent pixels.
fn same_pixels(one: &PictureFrame, other: &PictureFrame) -> bool {
    let (one, other) = (&one.image, &other.image);
    let pairs = || {
        one.planes
            .iter()
            .map(|plane| &plane.data[..])
            .zip(other.planes.iter().map(|plane| &plane.data[..]))
    };
    one.layout == other.layout
        && match one.layout {
            Layout::GreyAlpha => pairs().all(|(one, other)| same_or_empty::<2>(one, other)),
            Layout::Rgba => pairs().all(|(one, other)| same_or_empty::<4>(one, other)),
            _ => pairs().all(|(one, other)| one == other),
        }
}

fn same_or_empty<const C: usize>(one: &[u8], other: &[u8]) -> bool {
    let pixels = one.as_chunks::<C>().0.iter().zip(other.as_chunks::<C>().0);
    one.len() == other.len()
        && pixels
            .into_iter()
            .all(|(one, other)| match (one[C - 1] < OPAQUE, other[C - 1] < OPAQUE) {
                (true, true) => true,
                (false, false) => one[..C - 1] == other[..C - 1],
                _ => false,
            })
}

/// Leaves pixels unchanged that would change by no more than `most`, measured as the distance between colours.
fn settle(now: &mut [u8], before: &[u8], most: u8) {
    if most == 0 {
        return;
    }
    for (now, before) in now.as_chunks_mut::<4>().0.iter_mut().zip(before.as_chunks::<4>().0) {
        let way: u32 = (0..3).map(|c| u32::from(now[c].abs_diff(before[c])).pow(2)).sum();
        if way <= u32::from(most).pow(2) {
            *now = *before;
        }
    }
}

fn has_holes(frame: &PictureFrame) -> bool {
    let data = &frame.image.planes[0].data;
    match frame.image.layout {
        Layout::GreyAlpha => data.as_chunks::<2>().0.iter().any(|pixel| pixel[1] < OPAQUE),
        Layout::Rgba => data.as_chunks::<4>().0.iter().any(|pixel| pixel[3] < OPAQUE),
        _ => false,
    }
}

/// The frame's pixels, opaque or empty.
fn rgba(frame: &PictureFrame, budget: &Budget) -> Result<Buffer<u8>> {
    let mut rgba = frame.image.to_rgba(budget)?;
    for pixel in rgba.as_chunks_mut::<4>().0 {
        match pixel[3] < OPAQUE {
            true => *pixel = [0; 4],
            false => pixel[3] = 255,
        }
    }
    Ok(rgba)
}

struct Indices {
    /// Red, green, blue.
    palette: Vec<u8>,
    transparent: Option<u8>,
    data: Buffer<u8>,
}

/// The palette image of an area. What is empty, or the same as `before`, becomes transparent.
fn indices(
    rgba: &[u8],
    before: Option<&[u8]>,
    area: Area,
    width: usize,
    options: &options::Gif,
    budget: &Budget,
) -> Result<Indices> {
    let Area { left, top, height, .. } = area;
    let wanted = |colours| palette::Wanted {
        colours,
        quality: 100,
        dither: options.dither,
    };
    let is_whole = area.width * height * 4 == rgba.len();
    if before.is_none() && is_whole && rgba.as_chunks::<4>().0.iter().all(|pixel| pixel[3] != 0) {
        let reduced = palette::reduce(rgba, width as u32, &wanted(options.colours), budget)?;
        return Ok(Indices {
            palette: rgb(&reduced.palette),
            transparent: None,
            data: reduced.indices,
        });
    }
    let row = |data: &'_ [u8], y: usize| -> std::ops::Range<usize> {
        let start = ((top + y) * width + left) * 4;
        start..(start + area.width * 4).min(data.len())
    };
    let mut pixels = budget.zeroed::<u8>(area.width * height * 4, "RGBA pixels")?;
    let mut holes = budget.zeroed::<u8>(area.width * height, "transparent pixels")?;
    let mut any_hole = false;
    // A hole takes the colour before it, so that it needs none of its own.
    let mut last = [0, 0, 0, 255];
    for y in 0..height {
        budget.check()?;
        let source = rgba[row(rgba, y)].as_chunks::<4>().0;
        let before = before.map(|before| before[row(before, y)].as_chunks::<4>().0);
        let out = pixels[y * area.width * 4..].as_chunks_mut::<4>().0;
        for (x, (pixel, out)) in source.iter().zip(out).enumerate() {
            if pixel[3] == 0 || before.is_some_and(|before| before[x] == *pixel) {
                holes[y * area.width + x] = 1;
                any_hole = true;
            } else {
                last = *pixel;
            }
            *out = last;
        }
    }
    let colours = if any_hole {
        options.colours.saturating_sub(1).clamp(2, 255)
    } else {
        options.colours
    };
    let mut reduced = palette::reduce(&pixels, area.width as u32, &wanted(colours), budget)?;
    let mut palette = rgb(&reduced.palette);
    let transparent = any_hole.then_some(reduced.palette.len() as u8);
    if let Some(index) = transparent {
        palette.extend_from_slice(&[0; 3]);
        for (out, &hole) in reduced.indices.iter_mut().zip(holes.iter()) {
            if hole == 1 {
                *out = index;
            }
        }
    }
    Ok(Indices {
        palette,
        transparent,
        data: reduced.indices,
    })
}

fn rgb(palette: &[[u8; 4]]) -> Vec<u8> {
    palette.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect()
}

/// Rows in the order of interlaced frames (GIF89a, appendix E).
fn interlaced(indices: &[u8], width: usize, budget: &Budget) -> Result<Buffer<u8>> {
    let mut out = budget.zeroed::<u8>(indices.len(), "interlaced rows")?;
    let rows = [(0, 8), (4, 8), (2, 4), (1, 2)]
        .into_iter()
        .flat_map(|(first, step)| indices.chunks_exact(width).skip(first).step_by(step));
    out.chunks_exact_mut(width)
        .zip(rows)
        .for_each(|(out, row)| out.copy_from_slice(row));
    Ok(out)
}

#[cfg(test)]
mod tests;
