//! Resolves items to what must be decoded: an image, perhaps a grid of them, its alpha, and its metadata
//! (ISO/IEC 23008-12, 6; MIAF, ISO/IEC 23000-22, 7.3).

use std::borrow::Cow;

use super::boxes::{Reader, bad, name};
use super::meta::{Config, Item, Location, Meta, Nclx, Property};
use super::obu;
use crate::budget::{Budget, Reserved};
use crate::error::{Error, Result};
use crate::format::Format;

/// The resolved contents of a file.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    pub(super) colour: Coded<'a>,
    pub(super) alpha: Option<Coded<'a>>,
    /// Whether colours are premultiplied with alpha.
    pub(super) premultiplied: bool,
    pub(super) nclx: Option<Nclx>,
    pub(super) icc: Option<&'a [u8]>,
    /// Number of 90° rotations, anticlockwise.
    pub(super) turns: u8,
    /// 0 swaps top and bottom, 1 left and right, after the rotations.
    pub(super) mirror: Option<u8>,
    pub(super) crop: Option<Crop>,
    pub(super) exif: Option<Data<'a>>,
    pub(super) xmp: Option<Data<'a>>,
    pub(super) frames: u32,
}

/// An image that is coded as one or more tiles of the same size.
#[derive(Debug)]
pub(super) struct Coded<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// From left to right, then from top to bottom.
    pub(super) tiles: Vec<Tile<'a>>,
}

#[derive(Debug)]
pub(super) struct Tile<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) config: Config,
    pub(super) operating_point: u8,
    pub(super) layer: Option<u16>,
    pub(super) data: Data<'a>,
}

/// The visible part of the image, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crop {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// An item's data, not read yet.
#[derive(Debug, Clone)]
pub(super) struct Data<'a> {
    whole: &'a [u8],
    location: Location,
}

impl<'a> Data<'a> {
    pub(super) fn new(whole: &'a [u8], location: Location) -> Self {
        Data { whole, location }
    }

    /// The bytes, joined if they come in several extents; the copy is charged to the budget.
    pub(super) fn bytes(&self, budget: &Budget) -> Result<(Cow<'a, [u8]>, Option<Reserved>)> {
        if self.location.extents.len() == 1 {
            return Ok((Cow::Borrowed(self.extent(self.location.extents[0])?), None));
        }
        let mut len = 0usize;
        for &extent in &self.location.extents {
            len = len.saturating_add(self.extent(extent)?.len());
        }
        // Extents may overlap, so a few bytes could stand for many.
        if len > self.whole.len() {
            return Err(bad("the extents of an item are longer than the file"));
        }
        let booked = budget.reserve(len as u64)?;
        Ok((Cow::Owned(self.joined(len)?), Some(booked)))
    }

    /// Like [`Data::bytes`], for metadata blocks, which are small.
    pub(super) fn block(&self) -> Result<Vec<u8>> {
        const MOST: usize = 16 << 20;
        let mut len = 0usize;
        for &extent in &self.location.extents {
            len = len.saturating_add(self.extent(extent)?.len());
        }
        if len > MOST {
            return Err(bad(format!(
                "a metadata block of {len} bytes where at most {MOST} are expected"
            )));
        }
        self.joined(len)
    }

    /// The first bytes of the first extent: enough for a sequence header.
    pub(super) fn start(&self) -> Option<&'a [u8]> {
        self.location
            .extents
            .first()
            .and_then(|&extent| self.extent(extent).ok())
    }

    fn joined(&self, len: usize) -> Result<Vec<u8>> {
        let mut joined = Vec::with_capacity(len);
        for &extent in &self.location.extents {
            joined.extend_from_slice(self.extent(extent)?);
        }
        Ok(joined)
    }

    fn extent(&self, (start, len): (u64, u64)) -> Result<&'a [u8]> {
        if self.location.foreign {
            return Err(Error::unsupported("AVIF whose data is in another file or another item"));
        }
        let size = self.whole.len() as u64;
        let len = if len == 0 { size.saturating_sub(start) } else { len };
        let end = start.checked_add(len).filter(|&end| end <= size && len > 0);
        end.and_then(|end| self.whole.get(start as usize..end as usize))
            .ok_or_else(|| {
                let reason = format!("{len} bytes of image data at {start} where the data ends at {size}");
                Error::truncated(Format::Avif, reason)
            })
    }
}

impl<'a> Contents<'a> {
    /// Resolves a file whose image is the primary item of its `meta`.
    pub(super) fn from_items(file: &'a [u8], meta: &Meta<'a>) -> Result<Self> {
        let id = meta.primary.ok_or_else(|| bad("no primary item"))?;
        let items = Items { file, meta };
        let item = items.item(id)?;
        let colour = items.coded(id)?;
        let alpha = items.alpha(id, item)?;
        let premultiplied = alpha
            .as_ref()
            .is_some_and(|(ids, _)| ids.iter().any(|id| items.premultiplies(item, *id)));
        let alpha = alpha.map(|(_, coded)| coded);

        let mut source = Contents {
            premultiplied,
            nclx: None,
            icc: None,
            turns: 0,
            mirror: None,
            crop: None,
            exif: items.block(id, |item| item.kind == *b"Exif"),
            xmp: items.block(id, |item| item.kind == *b"mime" && item.mime == b"application/rdf+xml"),
            frames: 1,
            colour,
            alpha,
        };
        for property in meta.properties_of(item) {
            match property?.0 {
                Property::Nclx(nclx) => source.nclx = source.nclx.or(Some(nclx)),
                Property::Icc(icc) => source.icc = source.icc.or(Some(icc)),
                Property::Rotate(turns) => source.turns = turns,
                Property::Mirror(axis) => source.mirror = Some(axis),
                Property::Crop(fields) => {
                    source.crop = Some(crop(fields, source.colour.width, source.colour.height)?);
                }
                _ => {}
            }
        }
        // A grid's colours may be described only by its tiles.
        if source.nclx.is_none() && source.icc.is_none() && item.kind == *b"grid" {
            for property in meta.properties_of(items.item(*item.parts.first().unwrap_or(&id))?) {
                match property?.0 {
                    Property::Nclx(nclx) => source.nclx = Some(nclx),
                    Property::Icc(icc) => source.icc = Some(icc),
                    _ => {}
                }
            }
        }
        Ok(source)
    }

    /// Width and height as shown, before any rotation.
    pub(super) fn size(&self) -> (u32, u32) {
        self.crop.map_or((self.colour.width, self.colour.height), |crop| {
            (crop.width, crop.height)
        })
    }

    /// The EXIF orientation equivalent to `irot` and `imir`: the rotation comes first (MIAF, 7.3.6.7).
    pub(super) fn orientation(&self) -> u8 {
        let turns = usize::from(self.turns & 3);
        match self.mirror {
            None => [1, 8, 3, 6][turns],
            Some(0) => [4, 5, 2, 7][turns],
            Some(_) => [2, 7, 4, 5][turns],
        }
    }

    /// The image's colour space, from the container, or else from the AV1 data.
    pub(super) fn colour_code(&self) -> Option<Nclx> {
        self.nclx.or_else(|| {
            let start = self.colour.tiles.first()?.data.start()?;
            obu::sequence(start).ok().map(|sequence| sequence.colour)
        })
    }
}

struct Items<'s, 'a> {
    file: &'a [u8],
    meta: &'s Meta<'a>,
}

impl<'s, 'a> Items<'s, 'a> {
    fn item(&self, id: u32) -> Result<&'s Item<'a>> {
        self.meta
            .items
            .get(&id)
            .ok_or_else(|| bad(format!("item {id} is referenced but missing")))
    }

    fn data(&self, item: &Item<'a>) -> Data<'a> {
        let whole = if item.location.in_idat {
            self.meta.idat
        } else {
            self.file
        };
        Data::new(whole, item.location.clone())
    }

    /// An item that is coded, or a grid of such items.
    fn coded(&self, id: u32) -> Result<Coded<'a>> {
        let item = self.item(id)?;
        match &item.kind {
            b"av01" => {
                let tile = self.tile(item)?;
                Ok(Coded {
                    width: tile.width,
                    height: tile.height,
                    columns: 1,
                    rows: 1,
                    tiles: vec![tile],
                })
            }
            b"grid" => {
                self.essentials(item)?;
                self.grid(&self.data(item).block()?, &item.parts)
            }
            b"hvc1" => Err(Error::unsupported("HEIC: the picture is coded as HEVC")),
            other => Err(Error::unsupported(format!(
                "AVIF whose image is an item of type {}",
                name(*other)
            ))),
        }
    }

    /// ISO/IEC 23008-12, 6.6.2.3.
    fn grid(&self, block: &[u8], parts: &[u32]) -> Result<Coded<'a>> {
        let mut body = Reader(block);
        let (version, wide) = (body.u8()?, body.u8()? & 1 != 0);
        if version != 0 {
            return Err(Error::unsupported(format!("version {version} of an AVIF grid")));
        }
        let (rows, columns) = (u32::from(body.u8()?) + 1, u32::from(body.u8()?) + 1);
        let (width, height) = (body.u16_or_u32(wide)?, body.u16_or_u32(wide)?);
        self.tiled(width, height, columns, rows, parts)
    }

    fn tiled(&self, width: u32, height: u32, columns: u32, rows: u32, parts: &[u32]) -> Result<Coded<'a>> {
        let mut sorted = parts.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        if parts.len() as u64 != u64::from(rows) * u64::from(columns) || sorted.len() != parts.len() {
            let count = sorted.len();
            return Err(bad(format!(
                "a grid of {columns} × {rows} with {count} different tiles"
            )));
        }
        let mut tiles = Vec::with_capacity(parts.len());
        for &part in parts {
            let item = self.item(part)?;
            if item.kind != *b"av01" {
                return Err(Error::unsupported(format!(
                    "AVIF grid with a tile of type {}",
                    name(item.kind)
                )));
            }
            let tile = self.tile(item)?;
            tiles.push(tile);
        }
        let (tile_width, tile_height) = tiles.first().map_or((0, 0), |tile| (tile.width, tile.height));
        let config = tiles.first().map(|tile| tile.config);
        if tiles
            .iter()
            .any(|t| (t.width, t.height) != (tile_width, tile_height) || Some(t.config) != config)
        {
            return Err(bad("the tiles of a grid differ"));
        }
        let spans = |size: u32, tile: u32, count: u32| {
            let (size, tile, count) = (u64::from(size), u64::from(tile), u64::from(count));
            size > 0 && tile * count >= size && tile * (count - 1) < size
        };
        if !spans(width, tile_width, columns) || !spans(height, tile_height, rows) {
            let what = format!("{width} × {height} of {columns} × {rows} tiles of {tile_width} × {tile_height}");
            return Err(bad(format!("a grid of {what}")));
        }
        Ok(Coded {
            width,
            height,
            columns,
            rows,
            tiles,
        })
    }

    fn tile(&self, item: &Item<'a>) -> Result<Tile<'a>> {
        self.essentials(item)?;
        let data = self.data(item);
        let (mut size, mut config, mut operating_point, mut layer) = (None, None, 0, None);
        for property in self.meta.properties_of(item) {
            match property?.0 {
                Property::Size(width, height) => size = Some((width, height)),
                Property::Config(found) => config = Some(found),
                Property::OperatingPoint(point) => operating_point = point,
                // 0xffff means all layers (ISO/IEC 23008-12, 6.5.11).
                Property::Layer(number) => layer = (number != 0xffff).then_some(number),
                _ => {}
            }
        }
        let config = config.ok_or_else(|| bad("a picture without av1C"))?;
        // Some writers omit `ispe` for alpha; the sequence header has the size too.
        let (width, height) = match size {
            Some(size) => size,
            None => {
                obu::sequence(data.start().unwrap_or_default()).map(|sequence| (sequence.width, sequence.height))?
            }
        };
        if width == 0 || height == 0 {
            return Err(bad(format!("a picture of {width} × {height}")));
        }
        if operating_point > 31 || layer.is_some_and(|layer| layer > 3) {
            return Err(bad(format!("operating point {operating_point}, layer {layer:?}")));
        }
        Ok(Tile {
            width,
            height,
            config,
            operating_point,
            layer,
            data,
        })
    }

    /// An unknown essential property may change everything.
    fn essentials(&self, item: &Item<'a>) -> Result<()> {
        for property in self.meta.properties_of(item) {
            if let (Property::Unknown, true) = property? {
                return Err(Error::unsupported("AVIF with an unknown essential property"));
            }
        }
        Ok(())
    }

    /// The alpha of an item, with the ids of its parts: an auxiliary image of the item, or of each tile of a grid.
    fn alpha(&self, id: u32, item: &Item<'a>) -> Result<Option<(Vec<u32>, Coded<'a>)>> {
        if let Some(alpha) = self.alpha_of(id) {
            return Ok(Some((vec![alpha], self.coded(alpha)?)));
        }
        if item.kind != *b"grid" {
            return Ok(None);
        }
        let Some(parts) = item
            .parts
            .iter()
            .map(|&part| self.alpha_of(part))
            .collect::<Option<Vec<_>>>()
        else {
            return Ok(None);
        };
        let mut block = self.data(item).block()?;
        block.truncate(12);
        let coded = self.grid(&block, &parts)?;
        Ok(Some((parts, coded)))
    }

    fn alpha_of(&self, id: u32) -> Option<u32> {
        let found = self.meta.items.iter().find(|(_, item)| {
            matches!(&item.kind, b"av01" | b"grid")
                && item.auxiliary_of.contains(&id)
                && self
                    .meta
                    .properties_of(item)
                    .any(|property| is_alpha(property.map(|(property, _)| property)))
        });
        found.map(|(&id, _)| id)
    }

    fn premultiplies(&self, item: &Item<'a>, alpha: u32) -> bool {
        let of = |item: &Item<'a>| item.premultiplied_with.contains(&alpha);
        of(item) || item.parts.iter().any(|part| self.meta.items.get(part).is_some_and(of))
    }

    /// A block of metadata that describes the picture.
    fn block(&self, id: u32, is: impl Fn(&Item<'a>) -> bool) -> Option<Data<'a>> {
        let found = self
            .meta
            .items
            .values()
            .find(|item| is(item) && item.describes.contains(&id));
        found.map(|item| self.data(item))
    }
}

/// The two names of alpha: AVIF's, and the older one of HEVC.
pub(super) fn is_alpha_name(name: &[u8]) -> bool {
    name == b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" || name == b"urn:mpeg:hevc:2015:auxid:1"
}

fn is_alpha(property: Result<Property>) -> bool {
    matches!(property, Ok(Property::Auxiliary(name)) if is_alpha_name(name))
}

/// The rectangle of `clap` (ISO/IEC 14496-12, 12.1.4): its centre is relative to the image's centre.
fn crop(fields: [u32; 8], width: u32, height: u32) -> Result<Crop> {
    let [wn, wd, hn, hd, xn, xd, yn, yd] = fields;
    let side = |size: u32, n: u32, d: u32, offset_n: u32, offset_d: u32| {
        if d == 0 || offset_d == 0 || !n.is_multiple_of(d) || n == 0 {
            return None;
        }
        let len = i128::from(n / d);
        // offset + (size - len) / 2 as one fraction over 2 × offset_d; it must be a whole number of pixels.
        let (offset_n, offset_d) = (i128::from(offset_n as i32), i128::from(offset_d));
        let start = 2 * offset_n + (i128::from(size) - len) * offset_d;
        let inside = start % (2 * offset_d) == 0 && start >= 0 && start / (2 * offset_d) + len <= i128::from(size);
        inside.then_some(((start / (2 * offset_d)) as u32, len as u32))
    };
    let across = side(width, wn, wd, xn, xd);
    let down = side(height, hn, hd, yn, yd);
    let ((left, width), (top, height)) = across.zip(down).ok_or_else(|| {
        bad(format!(
            "clap {fields:?} is not a rectangle of whole pixels inside {width} × {height}"
        ))
    })?;
    Ok(Crop {
        left,
        top,
        width,
        height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crop_is_relative_to_the_centre() {
        let found = crop([180, 1, 100, 1, (-70i32) as u32, 1, 20, 1], 320, 280).unwrap();
        let expected = Crop {
            left: 0,
            top: 110,
            width: 180,
            height: 100,
        };
        assert_eq!(found, expected);
        for wrong in [
            [0, 1, 1, 1, 0, 1, 0, 1],
            [1, 0, 1, 1, 0, 1, 0, 1],
            [3, 2, 1, 1, 0, 1, 0, 1],
            [321, 1, 1, 1, 0, 1, 0, 1],
            [319, 1, 1, 1, 0, 1, 0, 1],
            [320, 1, 280, 1, 1, 1, 0, 1],
            [u32::MAX, 1, 1, 1, u32::MAX, 1, 0, 0],
        ] {
            assert!(crop(wrong, 320, 280).is_err(), "{wrong:?}");
        }
    }
}
