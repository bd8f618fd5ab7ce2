//! The container of WebP (RFC 9649, section 2): frames and metadata, read without copying or decoding.

use crate::error::{Error, Result};
use crate::format::Format;

/// A compressed image: `VP8 ` with or without `ALPH`, or `VP8L`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bitstream<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) lossless: bool,
    pub(super) alpha: bool,
    /// The data of `VP8 ` or `VP8L`, as much as there is.
    pub(super) data: &'a [u8],
    pub(super) alpha_data: Option<&'a [u8]>,
    /// Whether the image is complete.
    pub(super) complete: bool,
}

/// A frame of an animation (2.7.1.1), or a still image at 0, 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) delay_ms: u32,
    /// Whether the frame is blended over what is there, rather than replacing it.
    pub(super) blend: bool,
    /// Whether its rectangle is cleared after it is shown.
    pub(super) dispose: bool,
    pub(super) picture: Bitstream<'a>,
}

/// The contents of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Container<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) animated: bool,
    /// How many times the animation plays; 0 means forever.
    pub(super) loops: u32,
    pub(super) frames: Vec<Frame<'a>>,
    /// Whether the end of the file cuts off a chunk, or what the header announces.
    pub(super) truncated: bool,
    pub(super) icc: Option<&'a [u8]>,
    pub(super) exif: Option<&'a [u8]>,
    pub(super) xmp: Option<&'a [u8]>,
}

/// The length that the file claims.
pub(super) fn announced(bytes: &[u8]) -> u64 {
    let size = bytes.get(4..).and_then(|rest| rest.first_chunk::<4>());
    size.map_or(0, |size| u64::from(u32::from_le_bytes(*size)) + 8)
}

/// Reads the container with all its frames.
pub(super) fn read(bytes: &[u8]) -> Result<Container<'_>> {
    let short = || {
        Error::truncated(
            Format::Webp,
            format_args!("{} bytes end before the header does", bytes.len()),
        )
    };
    let (header, rest) = bytes.split_first_chunk::<12>().ok_or_else(short)?;
    if !header.starts_with(b"RIFF") || !header.ends_with(b"WEBP") {
        return Err(Error::bad_input(Format::Webp, "the signature is missing"));
    }
    let mut container = Container {
        truncated: announced(bytes) > bytes.len() as u64,
        loops: 1,
        ..Container::default()
    };
    let mut canvas = None;
    let mut still = Parts::default();
    for chunk in Chunks(rest) {
        container.truncated |= !chunk.complete;
        match &chunk.kind {
            b"VP8X" => {
                let &[flags, _, _, _, w0, w1, w2, h0, h1, h2, ..] = chunk.data else {
                    return Err(short());
                };
                container.animated = flags & 2 != 0;
                canvas = Some((u24([w0, w1, w2]) + 1, u24([h0, h1, h2]) + 1));
            }
            b"ANIM" => {
                if let [_, _, _, _, low, high, ..] = chunk.data {
                    container.loops = u16::from_le_bytes([*low, *high]).into();
                }
            }
            b"ANMF" if container.animated => match frame(chunk) {
                Ok(frame) => container.frames.push(frame),
                Err(error) if container.frames.is_empty() => return Err(error),
                Err(_) => container.truncated = true,
            },
            b"ICCP" if chunk.complete => container.icc = container.icc.or(Some(chunk.data)),
            b"EXIF" if chunk.complete => container.exif = container.exif.or(Some(chunk.data)),
            b"XMP " if chunk.complete => container.xmp = container.xmp.or(Some(chunk.data)),
            _ => still.take(chunk),
        }
        // A simple file is one chunk; what follows is not part of it.
        if canvas.is_none() && still.image.is_some() {
            break;
        }
    }
    if !container.animated {
        let picture = still.picture()?.ok_or_else(|| missing(container.truncated))?;
        if let Some((width, height)) = canvas.filter(|canvas| *canvas != (picture.width, picture.height)) {
            return Err(Error::bad_input(
                Format::Webp,
                format_args!(
                    "a picture of {}×{} on a canvas of {width}×{height}",
                    picture.width, picture.height
                ),
            ));
        }
        canvas = Some((picture.width, picture.height));
        container.frames = vec![Frame {
            x: 0,
            y: 0,
            delay_ms: 0,
            blend: false,
            dispose: false,
            picture,
        }];
    }
    if container.frames.is_empty() {
        return Err(missing(container.truncated));
    }
    (container.width, container.height) = canvas.unwrap_or_default();
    for frame in &container.frames {
        let (right, bottom) = (frame.x + frame.picture.width, frame.y + frame.picture.height);
        if right > container.width || bottom > container.height {
            return Err(Error::bad_input(
                Format::Webp,
                format_args!(
                    "a frame to {right}, {bottom} on a canvas of {}×{}",
                    container.width, container.height
                ),
            ));
        }
    }
    Ok(container)
}

fn missing(truncated: bool) -> Error {
    match truncated {
        true => Error::truncated(Format::Webp, "the file ends before the picture"),
        false => Error::bad_input(Format::Webp, "there is no image in the file"),
    }
}

fn frame(chunk: Chunk<'_>) -> Result<Frame<'_>> {
    let short = || Error::truncated(Format::Webp, "the file ends in a frame's header");
    let (&[x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, d0, d1, d2, flags], rest) =
        chunk.data.split_first_chunk::<16>().ok_or_else(short)?;
    let mut parts = Parts::default();
    Chunks(rest).for_each(|chunk| parts.take(chunk));
    let picture = parts.picture()?.ok_or_else(|| missing(!chunk.complete))?;
    let size = (u24([w0, w1, w2]) + 1, u24([h0, h1, h2]) + 1);
    if size != (picture.width, picture.height) {
        return Err(Error::bad_input(
            Format::Webp,
            format_args!(
                "a picture of {}×{} in a frame of {}×{}",
                picture.width, picture.height, size.0, size.1
            ),
        ));
    }
    Ok(Frame {
        x: u24([x0, x1, x2]) * 2,
        y: u24([y0, y1, y2]) * 2,
        delay_ms: u24([d0, d1, d2]),
        blend: flags & 2 == 0,
        dispose: flags & 1 != 0,
        picture,
    })
}

fn u24([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// The chunks of one image.
#[derive(Debug, Default)]
struct Parts<'a> {
    image: Option<Chunk<'a>>,
    alpha: Option<Chunk<'a>>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, chunk: Chunk<'a>) {
        match &chunk.kind {
            b"VP8 " | b"VP8L" if self.image.is_none() => self.image = Some(chunk),
            b"ALPH" if self.alpha.is_none() && self.image.is_none() => self.alpha = Some(chunk),
            _ => {}
        }
    }

    fn picture(&self) -> Result<Option<Bitstream<'a>>> {
        let Some(chunk) = self.image else { return Ok(None) };
        let short = || Error::truncated(Format::Webp, "the file ends in the picture's header");
        let lossless = &chunk.kind == b"VP8L";
        let (width, height, alpha) = if lossless {
            // RFC 9649, 3.4: a signature, 14 bits each of width and height less 1, one bit for alpha.
            let &[0x2f, b0, b1, b2, b3, ..] = chunk.data else {
                return Err(match chunk.data.first() {
                    Some(0x2f) | None => short(),
                    Some(other) => Error::bad_input(Format::Webp, format_args!("VP8L begins with {other:#04x}")),
                });
            };
            let bits = u32::from_le_bytes([b0, b1, b2, b3]);
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, bits >> 28 & 1 != 0)
        } else {
            // RFC 6386, 9.1: frame tag, start code, 14 bits each of width and height.
            let &[tag, _, _, c0, c1, c2, w0, w1, h0, h1, ..] = chunk.data else {
                return Err(short());
            };
            if tag & 1 != 0 || [c0, c1, c2] != [0x9d, 0x01, 0x2a] {
                return Err(Error::bad_input(
                    Format::Webp,
                    "VP8 data that does not begin with a key frame",
                ));
            }
            let size = [[w0, w1], [h0, h1]].map(|side| u32::from(u16::from_le_bytes(side) & 0x3fff));
            if size.contains(&0) {
                return Err(Error::bad_input(
                    Format::Webp,
                    format_args!("a size of {}×{}", size[0], size[1]),
                ));
            }
            (size[0], size[1], self.alpha.is_some())
        };
        Ok(Some(Bitstream {
            width,
            height,
            lossless,
            alpha,
            data: chunk.data,
            alpha_data: self.alpha.filter(|_| !lossless).map(|alpha| alpha.data),
            complete: chunk.complete && self.alpha.is_none_or(|alpha| alpha.complete),
        }))
    }
}

#[derive(Debug, Clone, Copy)]
struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
    complete: bool,
}

struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (&[k0, k1, k2, k3, s0, s1, s2, s3], rest) = self.0.split_first_chunk::<8>()?;
        let size = u32::from_le_bytes([s0, s1, s2, s3]) as usize;
        let (data, after) = rest.split_at(size.min(rest.len()));
        // Data is padded to an even length.
        self.0 = after.get(size & 1..).unwrap_or_default();
        Some(Chunk {
            kind: [k0, k1, k2, k3],
            data,
            complete: data.len() == size,
        })
    }
}
