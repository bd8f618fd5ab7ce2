//! Interlaced pixels: seven passes over the image from coarse to fine (PNG 8.2, Adam7), filtered and compressed. A
//! pass is an image of its own: there is no row above its first.

use std::io::{self, Cursor, Write};

use fdeflate::{Compressor, StoredOnlyCompressor};
use flate2::write::ZlibEncoder;
use png::{DeflateCompression, Filter};

use super::filter::Line;
use super::indexed::pack;
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;

/// An image's interleaved samples, a byte each, even if the file stores them in fewer bits.
pub(super) struct Samples<'a> {
    pub(super) data: &'a [u8],
    pub(super) width: usize,
    pub(super) height: usize,
    /// Bits per sample in the file. Fewer than eight are for images of one channel.
    pub(super) bits: u8,
    pub(super) channels: usize,
}

/// The zlib stream of an interlaced image.
pub(super) fn compress(
    samples: &Samples<'_>,
    deflate: DeflateCompression,
    filter: Filter,
    budget: &Budget,
) -> Result<Vec<u8>> {
    let compressed = rows(samples, Deflate::new(deflate), filter, budget)?;
    if !matches!(deflate, DeflateCompression::FdeflateUltraFast) {
        return Ok(compressed);
    }
    // Its codes are the same for every image: noise grows.
    let raw = PASSES.iter().map(|pass| pass.len(samples)).sum();
    if compressed.len() <= StoredOnlyCompressor::<()>::compressed_size(raw) {
        return Ok(compressed);
    }
    drop(compressed);
    let stored = Deflate::new(DeflateCompression::NoCompression);
    rows(samples, stored, Filter::NoFilter, budget)
}

fn rows(samples: &Samples<'_>, deflate: io::Result<Deflate>, filter: Filter, budget: &Budget) -> Result<Vec<u8>> {
    let failed = |error| Error::encoder(Format::Png, error);
    let mut deflate = deflate.map_err(failed)?;
    let stride = samples.width * samples.channels;
    let buffer = || budget.zeroed::<u8>(stride, "a row of a pass");
    let (mut row, mut above, mut indices) = (buffer()?, buffer()?, buffer()?);
    let mut line = Line::new(filter, stride, budget)?;
    for pass in &PASSES {
        let bytes = pass.bytes(samples);
        if bytes == 0 {
            continue;
        }
        above.fill(0);
        for whole in samples.data.chunks_exact(stride).skip(pass.top).step_by(pass.down) {
            budget.check()?;
            if samples.bits == 8 {
                pass.gather(whole, samples.channels, &mut row);
            } else {
                pass.gather(whole, 1, &mut indices);
                pack(&indices[..pass.columns(samples)], samples.bits, &mut row);
            }
            let filtered = line.filter(&row[..bytes], &above[..bytes], samples.channels);
            deflate.write(filtered).map_err(failed)?;
            std::mem::swap(&mut row, &mut above);
        }
    }
    deflate.finish().map_err(failed)
}

/// The pixels of a pass: its first, and the steps to the next ones.
struct Pass {
    left: usize,
    top: usize,
    across: usize,
    down: usize,
}

const PASSES: [Pass; 7] = [
    Pass::new(0, 0, 8, 8),
    Pass::new(4, 0, 8, 8),
    Pass::new(0, 4, 4, 8),
    Pass::new(2, 0, 4, 4),
    Pass::new(0, 2, 2, 4),
    Pass::new(1, 0, 2, 2),
    Pass::new(0, 1, 1, 2),
];

impl Pass {
    const fn new(left: usize, top: usize, across: usize, down: usize) -> Self {
        Pass {
            left,
            top,
            across,
            down,
        }
    }

    fn columns(&self, samples: &Samples<'_>) -> usize {
        samples.width.saturating_sub(self.left).div_ceil(self.across)
    }

    /// Bytes of a row. A pass without columns has no rows and no filter bytes.
    fn bytes(&self, samples: &Samples<'_>) -> usize {
        (self.columns(samples) * samples.channels * usize::from(samples.bits)).div_ceil(8)
    }

    /// Bytes before compression.
    fn len(&self, samples: &Samples<'_>) -> usize {
        let rows = samples.height.saturating_sub(self.top).div_ceil(self.down);
        match self.bytes(samples) {
            0 => 0,
            bytes => rows * (bytes + 1),
        }
    }

    fn gather(&self, row: &[u8], channels: usize, out: &mut [u8]) {
        let pixels = row.chunks_exact(channels).skip(self.left).step_by(self.across);
        for (out, pixel) in out.chunks_exact_mut(channels).zip(pixels) {
            out.copy_from_slice(pixel);
        }
    }
}

/// The compression methods that the crate `png` has for non-interlaced images.
enum Deflate {
    Stored(StoredOnlyCompressor<Cursor<Vec<u8>>>),
    Fast(Compressor<Vec<u8>>),
    Level(ZlibEncoder<Vec<u8>>),
}

impl Deflate {
    fn new(method: DeflateCompression) -> io::Result<Self> {
        Ok(match method {
            DeflateCompression::NoCompression => Deflate::Stored(StoredOnlyCompressor::new(Cursor::new(Vec::new()))?),
            DeflateCompression::Level(level) => {
                let level = flate2::Compression::new(level.into());
                Deflate::Level(ZlibEncoder::new(Vec::new(), level))
            }
            _ => Deflate::Fast(Compressor::new(Vec::new())?),
        })
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        match self {
            Deflate::Stored(stored) => stored.write_data(line),
            Deflate::Fast(fast) => fast.write_data(line),
            Deflate::Level(level) => level.write_all(line),
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Deflate::Stored(stored) => Ok(stored.finish()?.into_inner()),
            Deflate::Fast(fast) => fast.finish(),
            Deflate::Level(level) => level.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::testing::budget;

    #[test]
    fn every_pixel_is_in_one_pass() {
        for (width, height) in (1..10).flat_map(|width| (1..10).map(move |height| (width, height))) {
            let data: Vec<u8> = (0..width * height).map(|i| i as u8).collect();
            let samples = Samples {
                data: &data,
                width,
                height,
                bits: 8,
                channels: 1,
            };
            let stored = compress(&samples, DeflateCompression::NoCompression, Filter::NoFilter, &budget()).unwrap();
            let rows = fdeflate::decompress_to_vec(&stored).unwrap();
            assert_eq!(rows.len(), PASSES.iter().map(|pass| pass.len(&samples)).sum::<usize>());
            let mut rest = &rows[..];
            let mut back = vec![None; width * height];
            for pass in PASSES.iter().filter(|pass| pass.bytes(&samples) > 0) {
                for y in (pass.top..height).step_by(pass.down) {
                    let (row, after) = rest.split_at(1 + pass.bytes(&samples));
                    rest = after;
                    assert_eq!(row[0], 0);
                    for (x, &sample) in (pass.left..width).step_by(pass.across).zip(&row[1..]) {
                        assert_eq!(back[y * width + x].replace(sample), None);
                    }
                }
            }
            let back: Option<Vec<u8>> = back.into_iter().collect();
            assert_eq!(back.unwrap(), data);
        }
    }
}
