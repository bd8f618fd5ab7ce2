//! The boxes around AV1 data (ISO/IEC 23008-12, MIAF, AV1 Image File Format): `ftyp`, `meta`, `mdat`.

use std::borrow::Cow;

use keenpix_avif_encode::Chroma;

use super::grid::Grid;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::metadata::MetadataBlocks;

/// What goes into a file.
pub(super) struct Parts<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) chroma: Chroma,
    /// How the picture is divided, if it is.
    pub(super) grid: Option<Grid>,
    /// Open bitstream units of the picture or of each cell: a sequence header and a frame.
    pub(super) colour: &'a [Vec<u8>],
    /// The same for alpha, if there is any.
    pub(super) alpha: &'a [Vec<u8>],
    /// Primaries, transfer characteristics, matrix coefficients.
    pub(super) nclx: (u8, u8, u8),
    pub(super) metadata: &'a MetadataBlocks,
}

/// Items are numbered in the order of this list; the image is the first.
struct Item<'a> {
    kind: &'static [u8; 4],
    /// Goes before the data.
    prefix: &'static [u8],
    data: Cow<'a, [u8]>,
    /// How it refers to the picture.
    reference: Option<&'static [u8; 4]>,
    /// The numbers of the cells that it consists of.
    cells: std::ops::Range<u16>,
    /// Whether it is shown only as a part of another.
    hidden: bool,
    /// Indices into the list of properties, from 1; 0x80 marks the essential ones.
    properties: Vec<u8>,
}

impl<'a> Item<'a> {
    fn new(kind: &'static [u8; 4], data: impl Into<Cow<'a, [u8]>>, properties: &[u8]) -> Self {
        Item {
            kind,
            prefix: &[],
            data: data.into(),
            reference: None,
            cells: 0..0,
            hidden: false,
            properties: properties.to_vec(),
        }
    }
}

const ESSENTIAL: u8 = 0x80;
/// Where [`properties`] puts size, channels and configuration of the colours and of alpha.
const COLOUR: [u8; 3] = [1, 2, 3 | ESSENTIAL];
const ALPHA: [u8; 3] = [1, 4, 5 | ESSENTIAL];
/// Where it puts the purpose of alpha.
const PURPOSE: u8 = 6;
/// Primaries, transfer characteristics and matrix coefficients that a reader assumes if a file doesn't tell any (MIAF,
/// 7.3.6.4). The matrix there is 5, whose coefficients are those of 6.
const ASSUMED: (u8, u8, u8) = (1, 13, 6);

/// A picture, or a grid and its cells. `about` are further properties of each of them.
fn add<'a>(items: &mut Vec<Item<'a>>, cells: &'a [Vec<u8>], properties: [u8; 3], about: &[u8], parts: &Parts) {
    let [size, channels, config] = properties;
    let (Some(grid), [_, _, ..]) = (parts.grid, cells) else {
        let properties = [&properties[..], about].concat();
        items.extend(cells.iter().map(|units| Item::new(b"av01", units, &properties)));
        return;
    };
    let first = items.len() as u16 + 2;
    items.push(Item {
        cells: first..first + cells.len() as u16,
        ..Item::new(b"grid", image_grid(grid, parts), &[&[size, channels], about].concat())
    });
    let cell_size = if parts.alpha.is_empty() { 4 } else { 7 };
    let properties = [&[cell_size, channels, config], about].concat();
    items.extend(cells.iter().map(|units| Item {
        hidden: true,
        ..Item::new(b"av01", units, &properties)
    }));
}

/// ISO/IEC 23008-12, 6.6.2.3.2: the numbers of rows and columns, less one, and the size of the picture.
fn image_grid(grid: Grid, parts: &Parts) -> Vec<u8> {
    let mut block = vec![0, 1, (grid.rows - 1) as u8, (grid.columns - 1) as u8];
    block.extend([parts.width, parts.height].map(u32::to_be_bytes).as_flattened());
    block
}

/// Assembles a file.
pub(super) fn file(parts: &Parts) -> Result<Vec<u8>> {
    let mut items = Vec::new();
    let spaces = u8::from(parts.nclx != ASSUMED) + u8::from(parts.metadata.icc.is_some());
    let before = if parts.alpha.is_empty() { 3 } else { 6 } + u8::from(parts.grid.is_some());
    let spaces: Vec<u8> = (before + 1..=before + spaces).collect();
    add(&mut items, parts.colour, COLOUR, &spaces, parts);
    let picture = items.len();
    add(&mut items, parts.alpha, ALPHA, &[PURPOSE], parts);
    if let Some(alpha) = items.get_mut(picture) {
        alpha.reference = Some(b"auxl");
    }
    if let Some(exif) = &parts.metadata.exif {
        items.push(Item {
            // Where the TIFF structure starts (ISO/IEC 23008-12, A.2.1): here.
            prefix: &[0; 4],
            reference: Some(b"cdsc"),
            ..Item::new(b"Exif", exif, &[])
        });
    }
    if let Some(xmp) = &parts.metadata.xmp {
        items.push(Item {
            reference: Some(b"cdsc"),
            ..Item::new(b"mime", xmp, &[])
        });
    }

    let mut file = brands(parts.chroma);
    let properties = properties(parts)?;
    // The offsets in `meta` depend on its length, which does not depend on the offsets.
    let len = meta(&items, &properties, 0)?.len();
    let start = file.len() + len + 8;
    file.extend(meta(&items, &properties, start)?);
    // Small items first: a reader that receives the file piece by piece has alpha before the colours.
    let data = |file: &mut Vec<u8>| {
        for item in items.iter().rev() {
            file.extend_from_slice(item.prefix);
            file.extend_from_slice(&item.data);
        }
        Ok(())
    };
    boxed(&mut file, b"mdat", data)?;
    Ok(file)
}

fn brands(chroma: Chroma) -> Vec<u8> {
    // The profiles of AVIF (section 8): Baseline for 4:2:0 and grey, Advanced for 4:4:4; 4:2:2 has none.
    let profile: &[u8] = match chroma {
        Chroma::None | Chroma::Half => b"MA1B",
        Chroma::Full => b"MA1A",
        Chroma::HalfWidth => b"",
    };
    let brands: &[&[u8]] = &[b"avif", &[0; 4], b"avif", b"mif1", b"miaf", profile];
    let body = brands.concat();
    let size = (body.len() as u32 + 8).to_be_bytes();
    [&size[..], b"ftyp", &body].concat()
}

fn meta(items: &[Item], properties: &[u8], start: usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    full(&mut out, b"meta", 0, 0, |meta| {
        full(meta, b"hdlr", 0, 0, |body| {
            body.extend_from_slice(b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
            Ok(())
        })?;
        full(meta, b"pitm", 0, 0, |body| {
            body.extend(1u16.to_be_bytes());
            Ok(())
        })?;
        full(meta, b"iloc", 0, 0, |body| locations(body, items, start))?;
        full(meta, b"iinf", 0, 0, |body| {
            body.extend((items.len() as u16).to_be_bytes());
            for (item, id) in items.iter().zip(1u16..) {
                full(body, b"infe", 2, item.hidden.into(), |body| {
                    body.extend(id.to_be_bytes());
                    body.extend([0; 2]);
                    body.extend(item.kind);
                    body.push(0);
                    if item.kind == b"mime" {
                        body.extend_from_slice(b"application/rdf+xml\0");
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        if items.len() > 1 {
            full(meta, b"iref", 0, 0, |body| {
                for (item, id) in items.iter().zip(1u16..) {
                    if !item.cells.is_empty() {
                        boxed(body, b"dimg", |body| {
                            body.extend([id, item.cells.len() as u16].map(u16::to_be_bytes).as_flattened());
                            item.cells.clone().for_each(|cell| body.extend(cell.to_be_bytes()));
                            Ok(())
                        })?;
                    }
                    if let Some(kind) = item.reference {
                        boxed(body, kind, |body| {
                            body.extend([id, 1, 1].map(u16::to_be_bytes).as_flattened());
                            Ok(())
                        })?;
                    }
                }
                Ok(())
            })?;
        }
        boxed(meta, b"iprp", |body| {
            boxed(body, b"ipco", |body| {
                body.extend_from_slice(properties);
                Ok(())
            })?;
            full(body, b"ipma", 0, 0, |body| {
                let with: Vec<_> = items
                    .iter()
                    .zip(1u16..)
                    .filter(|(item, _)| !item.properties.is_empty())
                    .collect();
                body.extend((with.len() as u32).to_be_bytes());
                for (item, id) in with {
                    body.extend(id.to_be_bytes());
                    body.push(item.properties.len() as u8);
                    body.extend_from_slice(&item.properties);
                }
                Ok(())
            })
        })
    })?;
    Ok(out)
}

/// Version 0 with offsets and lengths of four bytes; the data lie in `mdat` from the last item to the first.
fn locations(body: &mut Vec<u8>, items: &[Item], start: usize) -> Result<()> {
    body.extend([0x44, 0]);
    body.extend((items.len() as u16).to_be_bytes());
    for (index, id) in (0..items.len()).zip(1u16..) {
        let len = |item: &Item| item.prefix.len() + item.data.len();
        let offset = start + items[index + 1..].iter().map(len).sum::<usize>();
        body.extend(id.to_be_bytes());
        body.extend([0, 0, 0, 1]);
        body.extend(number(offset)?);
        body.extend(number(len(&items[index]))?);
    }
    Ok(())
}

/// Size, channels and configuration of the picture; channels, configuration and purpose of alpha; the size of a cell;
/// code points that a reader wouldn't assume; the profile: in this order, if present.
fn properties(parts: &Parts) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let size = |out: &mut Vec<u8>, sides: [u32; 2]| {
        full(out, b"ispe", 0, 0, |body| {
            body.extend(sides.map(u32::to_be_bytes).as_flattened());
            Ok(())
        })
    };
    size(&mut out, [parts.width, parts.height])?;
    let channels: &[u8] = if parts.chroma == Chroma::None {
        &[1, 8]
    } else {
        &[3, 8, 8, 8]
    };
    full(&mut out, b"pixi", 0, 0, |body| {
        body.extend_from_slice(channels);
        Ok(())
    })?;
    config(&mut out, parts.chroma, parts.colour.first().map_or(&[], Vec::as_slice))?;
    if let Some(alpha) = parts.alpha.first() {
        full(&mut out, b"pixi", 0, 0, |body| {
            body.extend([1, 8]);
            Ok(())
        })?;
        config(&mut out, Chroma::None, alpha)?;
        full(&mut out, b"auxC", 0, 0, |body| {
            body.extend_from_slice(b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0");
            Ok(())
        })?;
    }
    if let Some(grid) = parts.grid {
        size(&mut out, [grid.width, grid.height])?;
    }
    if parts.nclx != ASSUMED {
        boxed(&mut out, b"colr", |body| {
            let (primaries, transfer, matrix) = parts.nclx;
            body.extend_from_slice(b"nclx");
            body.extend(
                [primaries, transfer, matrix]
                    .map(|code| u16::from(code).to_be_bytes())
                    .as_flattened(),
            );
            body.push(0x80);
            Ok(())
        })?;
    }
    if let Some(profile) = &parts.metadata.icc {
        boxed(&mut out, b"colr", |body| {
            body.extend_from_slice(b"prof");
            body.extend_from_slice(profile);
            Ok(())
        })?;
    }
    Ok(out)
}

/// `av1C` (AV1-ISOBMFF, 2.3). Profile and level are the first bits of the sequence header.
fn config(out: &mut Vec<u8>, chroma: Chroma, units: &[u8]) -> Result<()> {
    // A header byte, a length of one byte, and then: three bits of profile, still_picture,
    // reduced_still_picture_header and five bits of level.
    let [0x0a, _, first, second, ..] = units else {
        return Err(Error::encoder(
            Format::Avif,
            "the encoder's data does not start with a sequence header",
        ));
    };
    if first & 0x18 != 0x18 {
        return Err(Error::encoder(
            Format::Avif,
            "the encoder's sequence header is not that of a still image",
        ));
    }
    let profile = first >> 5;
    let level = (first & 7) << 2 | second >> 6;
    let layout = match chroma {
        Chroma::None => 0b1_1100,
        Chroma::Half => 0b0_1100,
        Chroma::HalfWidth => 0b0_1000,
        Chroma::Full => 0b0_0000,
    };
    boxed(out, b"av1C", |body| {
        body.extend([0x81, profile << 5 | level, layout, 0]);
        Ok(())
    })
}

fn full(
    out: &mut Vec<u8>,
    kind: &[u8; 4],
    version: u8,
    flags: u32,
    body: impl FnOnce(&mut Vec<u8>) -> Result<()>,
) -> Result<()> {
    boxed(out, kind, |out| {
        out.extend((u32::from(version) << 24 | flags).to_be_bytes());
        body(out)
    })
}

/// A box: its size is filled in when its body is written.
fn boxed(out: &mut Vec<u8>, kind: &[u8; 4], body: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
    let start = out.len();
    out.extend([0; 4]);
    out.extend(kind);
    body(out)?;
    let size = number(out.len() - start)?;
    out[start..start + 4].copy_from_slice(&size);
    Ok(())
}

fn number(number: usize) -> Result<[u8; 4]> {
    let number = u32::try_from(number).map_err(|_| Error::encoder(Format::Avif, "a file of more than 4 GB"))?;
    Ok(number.to_be_bytes())
}
