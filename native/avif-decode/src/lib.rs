//! A safe interface to rav1d, the Rust port of the AV1 decoder dav1d.
//!
//! rav1d has only dav1d's C interface, so calling it needs `unsafe`, which this crate encapsulates. It opens a decoder
//! without logging, passes it open bitstream units one by one, and returns pictures whose rows are slices. Pictures are
//! in memory from our own allocator, which has a limit and reports failure.
//!
//! rav1d's own threads decode frames, for two reasons. A panic there only ends one of the decoder's threads, while one
//! inside a function of the C interface would abort the process. And rav1d 1.1 panics for every damaged frame that it
//! decodes in the calling thread: the error path of `rav1d_submit_frame` unwraps a frame header that
//! `rav1d_decode_frame_exit` has taken. After such a panic [`Decoder::picture`] never returns, so call it from a thread
//! that may be abandoned.
//!
//! ```
//! let settings = keenpix_avif_decode::Settings { pixels: 1 << 24, bytes: 64 << 20, ..Default::default() };
//! let mut decoder = keenpix_avif_decode::Decoder::new(&settings)?;
//! assert!(decoder.send(&[0x12, 0x00])?); // a temporal delimiter
//! assert!(decoder.picture()?.is_none());
//! # Ok::<(), keenpix_avif_decode::Error>(())
//! ```

mod memory;
mod picture;

use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;

use rav1d::Dav1dResult;
use rav1d::include::dav1d::data::Dav1dData;
use rav1d::include::dav1d::dav1d::{Dav1dContext, Dav1dLogger, Dav1dSettings};
use rav1d::include::dav1d::picture::Dav1dPicture;
use rav1d::src::lib::{
    dav1d_close, dav1d_data_create, dav1d_data_unref, dav1d_default_settings, dav1d_get_picture, dav1d_open,
    dav1d_send_data,
};

pub use picture::{Colour, Picture};

/// Why a picture could not be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The data violates AV1's rules, or a frame is larger than [`Settings::pixels`].
    Invalid,
    /// Pictures would need more than [`Settings::bytes`], or the system is out of memory.
    Memory,
    /// The data uses a part of AV1 that rav1d doesn't support.
    Unsupported,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Error::Invalid => "the AV1 data are damaged, or a frame is larger than announced",
            Error::Memory => "the AV1 data need more picture memory than announced",
            Error::Unsupported => "the AV1 data use a feature that is not supported",
        })
    }
}

impl std::error::Error for Error {}

/// The settings of a decoder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Maximum pixels of a frame; 0 for no limit. Default: 0.
    pub pixels: u32,
    /// Maximum bytes of all pictures alive at a time. Default: 0.
    pub bytes: u64,
    /// The operating point to decode (AV1 specification, 7.3.1), 0 to 31. Default: 0.
    pub operating_point: u8,
    /// Whether every spatial layer is returned, or only the highest. Default: `false`.
    pub layers: bool,
}

/// A decoder for one image.
pub struct Decoder {
    context: Option<Dav1dContext>,
    /// The allocator's account, because frames are allocated as long as the decoder lives.
    _memory: Arc<memory::Memory>,
}

/// At most two frames in progress, each on its own thread: a single one would be decoded in the calling thread.
const FRAMES_IN_WORK: i32 = 2;

impl Decoder {
    /// Opens a decoder, which starts its threads.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let memory = Arc::new(memory::Memory::new(settings.bytes));
        let mut raw = MaybeUninit::<Dav1dSettings>::uninit();
        // SAFETY: the pointer is valid for writes, which is all that is required.
        unsafe { dav1d_default_settings(NonNull::from(&mut raw).cast()) };
        // SAFETY: the call above has written every field.
        let mut raw = unsafe { raw.assume_init() };
        raw.n_threads = FRAMES_IN_WORK;
        raw.max_frame_delay = FRAMES_IN_WORK;
        raw.apply_grain = 1;
        raw.operating_point = settings.operating_point.min(31).into();
        raw.all_layers = settings.layers.into();
        raw.frame_size_limit = settings.pixels;
        raw.allocator = memory::allocator(&memory);
        // SAFETY: without a callback, there is nothing to promise.
        raw.logger = unsafe { Dav1dLogger::new(None, None) };
        let mut context: Option<Dav1dContext> = None;
        // SAFETY: both point to initialised values of the right types that outlive the call. The allocator's cookie
        // points into `memory`, which the decoder keeps alive by its `Arc`.
        let result = unsafe { dav1d_open(Some(NonNull::from(&mut context)), Some(NonNull::from(&mut raw))) };
        check(result)?;
        Ok(Decoder {
            context,
            _memory: memory,
        })
    }

    /// Sends open bitstream units; sending one at a time lets the caller stop between frames. `false` means that the
    /// data was not accepted, because a picture must first be fetched with [`Decoder::picture`].
    pub fn send(&mut self, units: &[u8]) -> Result<bool, Error> {
        if units.is_empty() {
            return Ok(true);
        }
        let mut data = Dav1dData::default();
        // SAFETY: `data` is valid for writes; the result is a slice of `units.len()` bytes, or null.
        let bytes = unsafe { dav1d_data_create(Some(NonNull::from(&mut data)), units.len()) };
        if bytes.is_null() {
            return Err(Error::Memory);
        }
        // SAFETY: `bytes` is a fresh allocation of `units.len()` bytes, so it is valid for writes and overlaps nothing.
        unsafe { std::ptr::copy_nonoverlapping(units.as_ptr(), bytes, units.len()) };
        // SAFETY: the context comes from `dav1d_open` and is not closed, `data` from `dav1d_data_create`.
        let result = unsafe { dav1d_send_data(self.context, Some(NonNull::from(&mut data))) };
        // SAFETY: `data` is empty if it was taken, and still ours if it was not: both may be released.
        unsafe { dav1d_data_unref(Some(NonNull::from(&mut data))) };
        if result == AGAIN {
            return Ok(false);
        }
        check(result).map(|()| true)
    }

    /// The next picture, if there is one. Without [`Settings::layers`] this also ends a layered image: it returns the
    /// highest layer that has arrived, so call it when everything is sent or when [`Decoder::send`] asks for it.
    pub fn picture(&mut self) -> Result<Option<Picture>, Error> {
        // The first call after new data only looks for finished pictures; the second one finishes those in progress.
        for _ in 0..2 {
            let mut raw = Dav1dPicture::default();
            // SAFETY: the context comes from `dav1d_open` and is not closed; `raw` is valid for writes.
            let result = unsafe { dav1d_get_picture(self.context, Some(NonNull::from(&mut raw))) };
            if result == AGAIN {
                continue;
            }
            // Made before the check, so that anything returned is released.
            let picture = Picture::new(raw);
            check(result)?;
            return picture.ok_or(Error::Invalid).map(Some);
        }
        Ok(None)
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the context comes from `dav1d_open`; the call takes it, so that it is closed only once.
        unsafe { dav1d_close(Some(NonNull::from(&mut self.context))) };
    }
}

const AGAIN: Dav1dResult = Dav1dResult(-libc::EAGAIN);

/// dav1d's results are negated error numbers of the C library.
fn check(result: Dav1dResult) -> Result<(), Error> {
    match -result.0 {
        0 => Ok(()),
        libc::ENOMEM => Err(Error::Memory),
        libc::ENOPROTOOPT => Err(Error::Unsupported),
        _ => Err(Error::Invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbage_is_an_error_and_leaves_the_decoder_usable() {
        let mut decoder = Decoder::new(&Settings {
            pixels: 1 << 20,
            bytes: 1 << 22,
            ..Settings::default()
        })
        .unwrap();
        for seed in 0..64u8 {
            let junk: Vec<u8> = (0..100u8)
                .map(|i| i.wrapping_mul(seed).wrapping_add(seed ^ 0x5a))
                .collect();
            let _ = decoder.send(&junk);
            let _ = decoder.picture();
        }
        assert_eq!(decoder.send(&[]), Ok(true));
    }
}
