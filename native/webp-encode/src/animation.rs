//! Animations, over `WebPAnimEncoder`, which finds the rectangles that change.

use std::ffi::c_int;
use std::ptr::NonNull;

use libwebp_sys as sys;

use crate::picture::{Guard, Hook};
use crate::{Config, Error, MAX_EDGE, Pixels};

/// How often an animation plays; 0 is forever.
pub type Loops = u16;

/// An animation in the making: [`Animation::new`], [`Animation::frame`] for each frame, [`Animation::finish`].
#[derive(Debug)]
pub struct Animation {
    encoder: NonNull<sys::WebPAnimEncoder>,
    /// Boxed, because the encoder keeps a pointer to it; dropped after the encoder.
    hook: Box<Hook>,
    config: sys::WebPConfig,
    width: u32,
    height: u32,
    /// When the next frame begins, in milliseconds.
    time: c_int,
}

impl Animation {
    /// Starts an animation.
    ///
    /// # Errors
    ///
    /// [`Error::Size`], [`Error::Config`] or [`Error::OutOfMemory`].
    pub fn new(width: u32, height: u32, loops: Loops, config: &Config) -> Result<Self, Error> {
        if !(1..=MAX_EDGE).contains(&width) || !(1..=MAX_EDGE).contains(&height) {
            return Err(Error::Size { width, height });
        }
        let native = config.native()?;
        let version = sys::WEBP_MUX_ABI_VERSION as c_int;
        let mut options = std::mem::MaybeUninit::<sys::WebPAnimEncoderOptions>::zeroed();
        // SAFETY: the pointer is valid for writes of the struct, which this fills.
        if unsafe { sys::WebPAnimEncoderOptionsInitInternal(options.as_mut_ptr(), version) } == 0 {
            return Err(Error::Version);
        }
        // SAFETY: filled above; zero is valid for every field as well.
        let mut options = unsafe { options.assume_init() };
        options.anim_params.loop_count = loops.into();
        // SAFETY: `options` is initialised and only read; the sizes were checked.
        let encoder = unsafe { sys::WebPAnimEncoderNewInternal(width as c_int, height as c_int, &options, version) };
        Ok(Animation {
            encoder: NonNull::new(encoder).ok_or(Error::OutOfMemory)?,
            hook: Box::new(Hook::new()),
            config: native,
            width,
            height,
            time: 0,
        })
    }

    /// Adds a frame that fills the canvas and is shown for `delay_ms`.
    ///
    /// # Errors
    ///
    /// As [`encode`](crate::encode).
    ///
    /// # Panics
    ///
    /// With the panic of `go_on`, if that panics.
    pub fn frame(&mut self, pixels: Pixels<'_>, delay_ms: u32, go_on: &mut dyn FnMut() -> bool) -> Result<(), Error> {
        let mut guard = Guard::new(self.width, self.height, pixels, true)?;
        let (encoder, config, time) = (self.encoder.as_ptr(), &self.config, self.time);
        guard.run(&self.hook, go_on, None, |picture| {
            // SAFETY: the encoder is alive, and so are the picture and its pixels until this call returns; libwebp
            // copies what it keeps.
            unsafe { sys::WebPAnimEncoderAdd(encoder, picture, time, config) != 0 }
        })?;
        // A delay has 24 bits; libwebp's clock is the sum of the delays.
        let delay = delay_ms.min(0x00ff_ffff) as c_int;
        self.time = self.time.checked_add(delay).ok_or(Error::TooLarge)?;
        Ok(())
    }

    /// The file. If all frames were merged into one, libwebp encodes it again as a still, and calls `go_on` meanwhile.
    ///
    /// # Errors
    ///
    /// [`Error::Encoder`] if there was no frame; [`Error::OutOfMemory`]; [`Error::Stopped`].
    ///
    /// # Panics
    ///
    /// With the panic of `go_on`, if that panics.
    pub fn finish(self, go_on: &mut dyn FnMut() -> bool) -> Result<Vec<u8>, Error> {
        let mut data = sys::WebPData::default();
        let (encoder, time) = (self.encoder.as_ptr(), self.time);
        let mut stopped = false;
        let mut ask = || {
            let keep_going = go_on();
            stopped |= !keep_going;
            keep_going
        };
        let done = self.hook.asking(&mut ask, || {
            // SAFETY: the encoder is alive; a null frame says when the last one ends; `data` is initialised and empty.
            unsafe {
                sys::WebPAnimEncoderAdd(encoder, std::ptr::null_mut(), time, std::ptr::null()) != 0
                    && sys::WebPAnimEncoderAssemble(encoder, &mut data) != 0
            }
        });
        let mut output = Vec::new();
        let mut copied = Ok(());
        if done && !data.bytes.is_null() {
            // SAFETY: libwebp filled `data` with `size` bytes of its own.
            let bytes = unsafe { std::slice::from_raw_parts(data.bytes, data.size) };
            copied = output.try_reserve_exact(bytes.len()).map_err(|_| Error::OutOfMemory);
            if copied.is_ok() {
                output.extend_from_slice(bytes);
            }
        }
        // SAFETY: `data` is null or allocated by libwebp, and is not used after this.
        unsafe { sys::WebPDataClear(&mut data) };
        copied?;
        match output.is_empty() {
            true if stopped => Err(Error::Stopped),
            true => Err(Error::Encoder(0)),
            false => Ok(output),
        }
    }
}

impl Drop for Animation {
    fn drop(&mut self) {
        // SAFETY: the encoder came from `WebPAnimEncoderNewInternal` and is deleted once.
        unsafe { sys::WebPAnimEncoderDelete(self.encoder.as_ptr()) }
    }
}
