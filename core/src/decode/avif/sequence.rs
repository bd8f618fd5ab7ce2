//! Image sequences (`avis`): the first sample of the colour track, and of its alpha track (ISO/IEC 14496-12, 8).

use super::boxes::{Atom, Kind, Reader, bad};
use super::meta::{Config, Location, Meta, Nclx, Property};
use super::source::{Coded, Contents, Data, Tile, is_alpha_name};
use crate::error::{Error, Result};

/// The relevant parts of a track.
#[derive(Debug, Default)]
struct Track<'a> {
    id: u32,
    handler: Kind,
    /// The tracks that this one is an auxiliary of, and those whose alpha it is premultiplied with.
    auxiliary_of: Vec<u32>,
    premultiplied_with: Vec<u32>,
    size: (u32, u32),
    config: Option<Config>,
    nclx: Option<Nclx>,
    icc: Option<&'a [u8]>,
    auxiliary: &'a [u8],
    first_chunk: Option<u64>,
    first_sample: Option<u64>,
    samples: u32,
}

impl<'a> Contents<'a> {
    /// Resolves a file whose images are the samples of a track; `meta` may hold metadata besides.
    pub(super) fn from_tracks(file: &'a [u8], mut movie: Reader<'a>, meta: Option<&Meta<'a>>) -> Result<Self> {
        let mut tracks = Vec::new();
        while let Some(Atom { kind, body }) = movie.next_box()? {
            if kind == *b"trak" {
                let mut track = Track::default();
                track.read(body)?;
                tracks.push(track);
            }
            if tracks.len() > 64 {
                return Err(Error::unsupported("AVIF sequence with more than 64 tracks"));
            }
        }
        let pictures = tracks
            .iter()
            .find(|track| track.handler == *b"pict" && track.config.is_some());
        let colour = pictures.ok_or_else(|| bad("no track of AV1 pictures"))?;
        let is_alpha = |track: &&Track| {
            track.handler == *b"auxv"
                && track.config.is_some()
                && track.auxiliary_of.contains(&colour.id)
                && (track.auxiliary.is_empty() || is_alpha_name(track.auxiliary))
        };
        let alpha = tracks.iter().find(is_alpha);
        let block = |kind: &Kind| {
            let meta = meta?;
            let item = meta.items.values().find(|item| item.kind == *kind)?;
            let whole = if item.location.in_idat { meta.idat } else { file };
            Some(Data::new(whole, item.location.clone()))
        };
        Ok(Contents {
            colour: colour.coded(file)?,
            alpha: alpha.map(|track| track.coded(file)).transpose()?,
            premultiplied: alpha.is_some_and(|alpha| colour.premultiplied_with.contains(&alpha.id)),
            nclx: colour.nclx,
            icc: colour.icc,
            turns: 0,
            mirror: None,
            crop: None,
            exif: block(b"Exif"),
            xmp: block(b"mime"),
            frames: colour.samples.max(1),
        })
    }
}

impl<'a> Track<'a> {
    fn read(&mut self, mut body: Reader<'a>) -> Result<()> {
        while let Some(Atom { kind, mut body }) = body.next_box()? {
            match &kind {
                b"mdia" | b"minf" | b"stbl" => self.read(body)?,
                b"tkhd" => {
                    let (version, _) = body.version_flags()?;
                    body.bytes(if version == 1 { 16 } else { 8 })?;
                    self.id = body.u32()?;
                }
                b"tref" => {
                    while let Some(Atom { kind, mut body }) = body.next_box()? {
                        let ids = match &kind {
                            b"auxl" => &mut self.auxiliary_of,
                            b"prem" => &mut self.premultiplied_with,
                            _ => continue,
                        };
                        while !body.is_empty() && ids.len() < 64 {
                            ids.push(body.u32()?);
                        }
                    }
                }
                b"hdlr" => {
                    body.version_flags()?;
                    body.u32()?;
                    self.handler = body.array()?;
                }
                b"stsd" => {
                    body.version_flags()?;
                    body.u32()?;
                    if let Some(entry) = body.next_box()?
                        && entry.kind == *b"av01"
                    {
                        self.sample_entry(entry.body)?;
                    }
                }
                b"stsz" => {
                    body.version_flags()?;
                    let all = body.u32()?;
                    self.samples = body.u32()?;
                    self.first_sample = match (all, self.samples) {
                        (_, 0) => None,
                        (0, _) => Some(u64::from(body.u32()?)),
                        _ => Some(u64::from(all)),
                    };
                }
                b"stco" | b"co64" => {
                    body.version_flags()?;
                    if body.u32()? > 0 {
                        self.first_chunk = Some(if kind == *b"co64" {
                            body.u64()?
                        } else {
                            body.u32()?.into()
                        });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// VisualSampleEntry (12.1.3), and the boxes after it.
    fn sample_entry(&mut self, mut body: Reader<'a>) -> Result<()> {
        body.bytes(8 + 16)?;
        self.size = (body.u16()?.into(), body.u16()?.into());
        body.bytes(50)?;
        while let Some(part) = body.next_box()? {
            if part.kind == *b"auxi" {
                let mut body = part.body;
                body.version_flags()?;
                self.auxiliary = body.text();
                continue;
            }
            match Property::parse(part)? {
                Property::Config(config) => self.config = Some(config),
                Property::Nclx(nclx) => self.nclx = Some(nclx),
                Property::Icc(icc) => self.icc = Some(icc),
                _ => {}
            }
        }
        Ok(())
    }

    fn coded(&self, file: &'a [u8]) -> Result<Coded<'a>> {
        let (width, height) = self.size;
        let (Some(config), Some(start), Some(len)) = (self.config, self.first_chunk, self.first_sample) else {
            return Err(bad("a track without samples"));
        };
        if width == 0 || height == 0 || len == 0 {
            return Err(bad(format!(
                "a track of {width} × {height} whose first sample has {len} bytes"
            )));
        }
        let location = Location {
            extents: vec![(start, len)],
            ..Location::default()
        };
        let tile = Tile {
            width,
            height,
            config,
            operating_point: 0,
            layer: None,
            data: Data::new(file, location),
        };
        Ok(Coded {
            width,
            height,
            columns: 1,
            rows: 1,
            tiles: vec![tile],
        })
    }
}
