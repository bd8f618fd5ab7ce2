//! What several properties need.

use keenpix::encode::RawPixels;
use keenpix::input::{Input, Raw, Tolerate};
use keenpix::plan::{Assume, Frames, Orient};
use keenpix::{Error, Limits, Output, Plan, transform};

/// Small enough that no input keeps a fuzzer busy.
pub(crate) fn limits() -> Limits {
    Limits::new()
        .with_memory(64_000_000)
        .with_pixels(1 << 20)
        .with_total_pixels(1 << 22)
        .with_frames(50)
}

/// The output, or `None` for an error; a caught panic is passed on.
pub(crate) fn done(result: keenpix::Result<Output>) -> Option<Output> {
    match result {
        Ok(output) => Some(output),
        Err(error @ Error::Internal { .. }) => panic!("{error}"),
        Err(error) => {
            assert!(!error.code().is_empty() && !error.to_string().is_empty());
            None
        }
    }
}

/// The pixels as they are stored: not turned, and with the colours as they are.
pub(crate) fn pixels(bytes: &[u8], tolerate: Tolerate, frames: Frames) -> Option<Output> {
    let plan = Plan::new()
        .with_tolerate(tolerate)
        .with_frames(frames)
        .with_assume(Assume::Srgb)
        .with_orient(Orient::new().with_auto(false))
        .with_encode(RawPixels::new());
    let output = done(transform(bytes, &plan, &limits()))?;
    let samples = output.width as usize * output.height as usize * usize::from(output.channels);
    assert_eq!(output.bytes.len(), samples * output.frames as usize);
    Some(output)
}

/// Of a file that is cut short there are all rows, or there is an error.
pub(crate) fn cut(bytes: &[u8]) {
    if let Some(whole) = pixels(bytes, Tolerate::None, Frames::First)
        && let Some(part) = pixels(&bytes[..bytes.len() - bytes.len() / 4], Tolerate::Errors, Frames::First)
    {
        assert_eq!((part.width, part.height), (whole.width, whole.height));
    }
}

/// As RGBA.
pub(crate) fn rgba(output: &Output) -> Vec<u8> {
    let pixels = output.bytes.chunks_exact(output.channels.into());
    let widen = |pixel: &[u8]| match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        [red, green, blue, alpha] => [red, green, blue, alpha],
        _ => unreachable!("1 to 4 channels"),
    };
    pixels.flat_map(widen).collect()
}

/// Fails unless both are the same.
pub(crate) fn same(ours: &[u8], theirs: &[u8]) {
    assert_eq!(ours.len(), theirs.len(), "lengths");
    let differ = ours.iter().zip(theirs).filter(|(a, b)| a != b).count();
    let first = ours.iter().zip(theirs).position(|(a, b)| a != b);
    assert!(
        differ == 0,
        "{differ} of {} samples differ, the first is {}",
        ours.len(),
        first.unwrap_or_default()
    );
}

/// A small picture whose size, channels and samples come from the bytes, and what is left of them for the options.
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: u8,
    pub(crate) samples: Vec<u8>,
}

impl Picture {
    /// Three bytes for the size and channels, then samples, which are repeated.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (&[width, height, kind], rest) = bytes.split_first_chunk()?;
        if rest.is_empty() {
            return None;
        }
        let (width, height) = (u32::from(width % 96) + 1, u32::from(height % 64) + 1);
        let channels = kind % 4 + 1;
        let count = (width * height * u32::from(channels)) as usize;
        let samples: Vec<u8> = match kind & 4 {
            0 => rest.iter().copied().cycle().take(count).collect(),
            // Rows alike but for a step: what filters and matches are for.
            _ => {
                let row = (width * u32::from(channels)) as usize;
                let step = usize::from(kind >> 3);
                (0..count)
                    .map(|at| rest[at % row % rest.len()].wrapping_add((at / row * step) as u8))
                    .collect()
            }
        };
        Some(Picture {
            width,
            height,
            channels,
            samples,
        })
    }

    /// A plan for these samples.
    pub(crate) fn plan(&self) -> Plan {
        Plan::new().with_input(Input::Raw(Raw::new(self.width, self.height, self.channels)))
    }
}
