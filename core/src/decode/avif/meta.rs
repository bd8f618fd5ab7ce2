//! The `meta` box (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12): items, their properties and references.

use std::collections::BTreeMap;

use super::boxes::{Atom, Kind, Reader, bad, name};
use crate::error::{Error, Result};

/// Maximum items, properties and references of a file. A grid has a few dozen items; the standard's
/// 65,536 tiles do not occur in photographs.
const MOST: usize = 8192;

/// The contents of a `meta` box.
#[derive(Debug, Default)]
pub(super) struct Meta<'a> {
    pub(super) primary: Option<u32>,
    pub(super) items: BTreeMap<u32, Item<'a>>,
    pub(super) properties: Vec<Property<'a>>,
    pub(super) idat: &'a [u8],
}

/// One item: where its data is, what it is, and what it refers to.
#[derive(Debug, Default)]
pub(super) struct Item<'a> {
    pub(super) kind: Kind,
    /// The media type of a `mime` item.
    pub(super) mime: &'a [u8],
    pub(super) location: Location,
    /// Indices into [`Meta::properties`] from 1, and whether the property has to be understood.
    pub(super) properties: Vec<(usize, bool)>,
    /// The items that this one is an auxiliary of (`auxl`).
    pub(super) auxiliary_of: Vec<u32>,
    /// The items that this one describes (`cdsc`).
    pub(super) describes: Vec<u32>,
    /// The parts of a derived image (`dimg`), in order.
    pub(super) parts: Vec<u32>,
    /// The alpha items that colours are premultiplied with (`prem`).
    pub(super) premultiplied_with: Vec<u32>,
}

/// Where data is: extents of the file, or of the `idat` box.
#[derive(Debug, Default, Clone)]
pub(super) struct Location {
    pub(super) in_idat: bool,
    /// Offset and length. A length of 0 means the rest of the file.
    pub(super) extents: Vec<(u64, u64)>,
    /// Data that is neither in the file nor in `idat`, or in another file.
    pub(super) foreign: bool,
}

/// An item property that matters here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Property<'a> {
    /// `ispe`: width and height.
    Size(u32, u32),
    /// `av1C`.
    Config(Config),
    /// `colr` with code points.
    Nclx(Nclx),
    /// `colr` with a profile.
    Icc(&'a [u8]),
    /// `auxC`: what an auxiliary image is for.
    Auxiliary(&'a [u8]),
    /// `irot`: number of 90° rotations, anticlockwise.
    Rotate(u8),
    /// `imir`: 0 swaps top and bottom, 1 left and right.
    Mirror(u8),
    /// `clap`: width, height, horizontal and vertical offset as fractions.
    Crop([u32; 8]),
    /// `a1op`: the operating point to decode.
    OperatingPoint(u8),
    /// `lsel`: the layer to show.
    Layer(u16),
    /// Known, with no effect on the pixels.
    Ignored,
    /// Unknown: an item that calls it essential can't be shown.
    Unknown,
}

/// What `av1C` says (AV1-ISOBMFF, 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) bits: u8,
    pub(super) mono: bool,
}

/// Colour as code points of ITU-T H.273.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nclx {
    pub(super) primaries: u16,
    pub(super) transfer: u16,
    pub(super) matrix: u16,
    pub(super) full_range: bool,
}

impl<'a> Meta<'a> {
    pub(super) fn parse(mut body: Reader<'a>) -> Result<Self> {
        body.version_flags()?;
        let mut meta = Meta::default();
        let mut seen: Vec<Kind> = Vec::new();
        while let Some(part) = body.next_box()? {
            if matches!(
                &part.kind,
                b"hdlr" | b"pitm" | b"iloc" | b"iinf" | b"iref" | b"iprp" | b"idat"
            ) {
                if seen.contains(&part.kind) {
                    return Err(bad(format!("two boxes {} in meta", name(part.kind))));
                }
                seen.push(part.kind);
            }
            meta.part(part)?;
        }
        if seen.first() != Some(b"hdlr") {
            return Err(bad("meta does not start with its handler"));
        }
        Ok(meta)
    }

    fn part(&mut self, Atom { kind, mut body }: Atom<'a>) -> Result<()> {
        match &kind {
            b"hdlr" => {
                body.version_flags()?;
                body.u32()?;
                let handler: Kind = body.array()?;
                if handler != *b"pict" {
                    return Err(bad(format!(
                        "the handler of meta is {} where pict was expected",
                        name(handler)
                    )));
                }
            }
            b"pitm" => {
                let (version, _) = body.version_flags()?;
                self.primary = Some(body.u16_or_u32(version > 0)?);
            }
            b"idat" => self.idat = body.0,
            b"iloc" => self.locations(body)?,
            b"iinf" => self.infos(body)?,
            b"iref" => self.references(body)?,
            b"iprp" => self.property_boxes(body)?,
            _ => {}
        }
        Ok(())
    }

    /// An item by its id, created if new: the boxes that refer to items come in any order.
    fn item(&mut self, id: u32) -> Result<&mut Item<'a>> {
        if self.items.len() >= MOST && !self.items.contains_key(&id) {
            return Err(Error::unsupported(format!("AVIF with more than {MOST} items")));
        }
        Ok(self.items.entry(id).or_default())
    }

    fn infos(&mut self, mut body: Reader<'a>) -> Result<()> {
        let (version, _) = body.version_flags()?;
        let count = body.u16_or_u32(version > 0)?;
        for _ in 0..count {
            let Some(Atom { kind, mut body }) = body.next_box()? else {
                return Err(bad(format!("iinf announces {count} items and has fewer")));
            };
            let (version, _) = body.version_flags()?;
            // Versions 0 and 1 have no item types.
            if kind != *b"infe" || version < 2 {
                continue;
            }
            let id = body.u16_or_u32(version > 2)?;
            body.u16()?;
            let item_kind = body.array()?;
            body.text();
            let mime = if item_kind == *b"mime" { body.text() } else { &[] };
            let item = self.item(id)?;
            if item.kind != Kind::default() {
                return Err(bad(format!("two items with the id {id}")));
            }
            (item.kind, item.mime) = (item_kind, mime);
        }
        Ok(())
    }

    fn locations(&mut self, mut body: Reader<'a>) -> Result<()> {
        let (version, _) = body.version_flags()?;
        if version > 2 {
            return Err(Error::unsupported(format!("version {version} of iloc in AVIF")));
        }
        let sizes = body.u16()?;
        let [offset, length, base, index] = [12, 8, 4, 0].map(|shift| usize::from(sizes >> shift & 15));
        if [offset, length, base].iter().any(|size| ![0, 4, 8].contains(size)) {
            return Err(bad(format!("field sizes {offset}, {length}, {base} in iloc")));
        }
        let index = if version == 0 { 0 } else { index };
        let mut extents = 0;
        for _ in 0..body.u16_or_u32(version == 2)? {
            let id = body.u16_or_u32(version == 2)?;
            let method = if version == 0 { 0 } else { body.u16()? & 15 };
            let reference = body.u16()?;
            let base = body.uint(base)?;
            let mut location = Location {
                in_idat: method == 1,
                extents: Vec::new(),
                foreign: method > 1 || reference != 0,
            };
            for _ in 0..body.u16()? {
                body.uint(index)?;
                let start = base.checked_add(body.uint(offset)?);
                let start = start.ok_or_else(|| bad(format!("item {id} lies beyond 2^64 bytes")))?;
                location.extents.push((start, body.uint(length)?));
                extents += 1;
                if extents > 4 * MOST {
                    return Err(Error::unsupported(format!("AVIF with more than {} extents", 4 * MOST)));
                }
                // An extent without fields takes no space in the box, so a count could be arbitrarily large.
                if offset + length + index == 0 {
                    break;
                }
            }
            let item = self.item(id)?;
            if !item.location.extents.is_empty() {
                return Err(bad(format!("two locations for item {id}")));
            }
            item.location = location;
        }
        Ok(())
    }

    fn references(&mut self, mut body: Reader<'a>) -> Result<()> {
        let (version, _) = body.version_flags()?;
        let mut total = 0;
        while let Some(Atom { kind, mut body }) = body.next_box()? {
            let from = body.u16_or_u32(version > 0)?;
            let count = body.u16()?;
            total += usize::from(count);
            if total > 4 * MOST {
                return Err(Error::unsupported(format!(
                    "AVIF with more than {} references",
                    4 * MOST
                )));
            }
            let ids = (0..count)
                .map(|_| body.u16_or_u32(version > 0))
                .collect::<Result<Vec<_>>>()?;
            if ids.contains(&from) {
                return Err(bad(format!("item {from} refers to itself")));
            }
            let item = self.item(from)?;
            match &kind {
                b"auxl" => item.auxiliary_of.extend(ids),
                b"cdsc" => item.describes.extend(ids),
                b"prem" => item.premultiplied_with.extend(ids),
                b"dimg" if !item.parts.is_empty() => return Err(bad(format!("two lists of parts for item {from}"))),
                b"dimg" => item.parts = ids,
                _ => {}
            }
        }
        Ok(())
    }

    fn property_boxes(&mut self, mut body: Reader<'a>) -> Result<()> {
        while let Some(Atom { kind, mut body }) = body.next_box()? {
            match &kind {
                b"ipco" => {
                    while let Some(property) = body.next_box()? {
                        self.properties.push(Property::parse(property)?);
                        if self.properties.len() > MOST {
                            return Err(Error::unsupported(format!("AVIF with more than {MOST} properties")));
                        }
                    }
                }
                b"ipma" => self.associations(body)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn associations(&mut self, mut body: Reader<'a>) -> Result<()> {
        let (version, flags) = body.version_flags()?;
        for _ in 0..body.u32()? {
            let id = body.u16_or_u32(version > 0)?;
            let count = body.u8()?;
            let item = self.item(id)?;
            for _ in 0..count {
                let (index, essential) = if flags & 1 != 0 {
                    let word = body.u16()?;
                    (word & 0x7fff, word & 0x8000 != 0)
                } else {
                    let byte = body.u8()?;
                    (u16::from(byte & 0x7f), byte & 0x80 != 0)
                };
                // An index of 0 means no property.
                if index != 0 && item.properties.len() < MOST {
                    item.properties.push((usize::from(index), essential));
                }
            }
        }
        Ok(())
    }

    /// The properties of an item, in order, each with whether it is essential.
    pub(super) fn properties_of<'m>(
        &'m self,
        item: &'m Item<'a>,
    ) -> impl Iterator<Item = Result<(Property<'a>, bool)>> + 'm {
        item.properties.iter().map(|&(index, essential)| {
            let property = self.properties.get(index - 1);
            let property =
                property.ok_or_else(|| bad(format!("an item refers to property {index}, which does not exist")))?;
            Ok((*property, essential))
        })
    }
}

impl<'a> Property<'a> {
    pub(super) fn parse(Atom { kind, mut body }: Atom<'a>) -> Result<Self> {
        Ok(match &kind {
            b"ispe" => {
                body.version_flags()?;
                Property::Size(body.u32()?, body.u32()?)
            }
            b"av1C" => Property::Config(Config::parse(body)?),
            b"colr" => match &body.array()? {
                b"nclx" => Property::Nclx(Nclx {
                    primaries: body.u16()?,
                    transfer: body.u16()?,
                    matrix: body.u16()?,
                    full_range: body.u8()? & 0x80 != 0,
                }),
                b"prof" | b"rICC" => Property::Icc(body.0),
                _ => Property::Ignored,
            },
            b"auxC" => {
                body.version_flags()?;
                Property::Auxiliary(body.text())
            }
            b"irot" => Property::Rotate(body.u8()? & 3),
            b"imir" => Property::Mirror(body.u8()? & 1),
            b"clap" => {
                let mut fields = [0; 8];
                for field in &mut fields {
                    *field = body.u32()?;
                }
                Property::Crop(fields)
            }
            b"a1op" => Property::OperatingPoint(body.u8()?),
            b"lsel" => Property::Layer(body.u16()?),
            b"pixi" | b"pasp" | b"a1lx" | b"clli" | b"mdcv" | b"cclv" | b"amve" | b"altt" | b"udes" => {
                Property::Ignored
            }
            _ => Property::Unknown,
        })
    }
}

impl Config {
    fn parse(mut body: Reader) -> Result<Self> {
        let marker = body.u8()?;
        if marker != 0x81 {
            return Err(bad(format!("av1C starts with {marker:#04x} where 0x81 was expected")));
        }
        body.u8()?;
        let flags = body.u8()?;
        Ok(Config {
            bits: match flags >> 5 & 3 {
                0 | 1 => 8,
                2 => 10,
                _ => 12,
            },
            mono: flags & 0x10 != 0,
        })
    }
}
