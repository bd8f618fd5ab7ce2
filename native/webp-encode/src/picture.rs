//! A `WebPPicture` that owns or borrows what it points to, and frees it.

use std::any::Any;
use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use libwebp_sys as sys;

use crate::{Error, MAX_EDGE, Pixels};

/// An initialised picture with its pixels. It borrows the planes of [`Pixels::Yuv420`] and copies other pixels.
pub(crate) struct Guard<'a> {
    picture: sys::WebPPicture,
    planes: PhantomData<&'a mut [u8]>,
}

impl<'a> Guard<'a> {
    /// `argb` is libwebp's form for lossless pictures and animations; the other is its Y'CbCr.
    pub(crate) fn new(width: u32, height: u32, pixels: Pixels<'a>, argb: bool) -> Result<Self, Error> {
        if !(1..=MAX_EDGE).contains(&width) || !(1..=MAX_EDGE).contains(&height) {
            return Err(Error::Size { width, height });
        }
        let check = |expected: usize, slice: &[u8]| match slice.len() {
            actual if actual == expected => Ok(()),
            actual => Err(Error::Buffer { expected, actual }),
        };
        let area = width as usize * height as usize;
        let mut guard = Guard {
            picture: sys::WebPPicture::new().map_err(|()| Error::Version)?,
            planes: PhantomData,
        };
        let picture = &mut guard.picture;
        picture.use_argb = argb.into();
        // Both are at most 16,383, and a row at most four times that.
        picture.width = width as c_int;
        picture.height = height as c_int;
        let imported = match pixels {
            Pixels::Rgb(rgb) => {
                check(area * 3, rgb)?;
                // SAFETY: the slice has `height` rows of `width * 3` bytes, and is only read.
                unsafe { sys::WebPPictureImportRGB(picture, rgb.as_ptr(), width as c_int * 3) != 0 }
            }
            Pixels::Rgba(rgba) => {
                check(area * 4, rgba)?;
                // SAFETY: the slice has `height` rows of `width * 4` bytes, and is only read.
                unsafe { sys::WebPPictureImportRGBA(picture, rgba.as_ptr(), width as c_int * 4) != 0 }
            }
            Pixels::Yuv420 { y, u, v } => {
                if argb {
                    return Err(Error::Config);
                }
                let half = (width as usize).div_ceil(2);
                let chroma = half * (height as usize).div_ceil(2);
                check(area, y)?;
                check(chroma, u)?;
                check(chroma, v)?;
                // The picture does not own these: its `memory_` stays null, so that freeing it leaves them alone.
                picture.colorspace = sys::WebPEncCSP::WEBP_YUV420;
                (picture.y, picture.u, picture.v) = (y.as_mut_ptr(), u.as_mut_ptr(), v.as_mut_ptr());
                picture.y_stride = width as c_int;
                picture.uv_stride = half as c_int;
                true
            }
        };
        match imported {
            true => Ok(guard),
            false => Err(Error::native(guard.picture.error_code)),
        }
    }

    /// Calls `work` with the picture, the hook and the writer in place. If `work` returns `false`, the error is the
    /// picture's. If libwebp keeps the picture's struct beyond the call, `hook` must live as long.
    pub(crate) fn run(
        &mut self,
        hook: &Hook,
        go_on: &mut dyn FnMut() -> bool,
        output: Option<&mut Vec<u8>>,
        work: impl FnOnce(*mut sys::WebPPicture) -> bool,
    ) -> Result<(), Error> {
        self.picture.progress_hook = Some(progress);
        self.picture.user_data = std::ptr::from_ref(hook).cast_mut().cast();
        if let Some(output) = output {
            self.picture.writer = Some(write);
            self.picture.custom_ptr = std::ptr::from_mut(output).cast();
        }
        let picture = &raw mut self.picture;
        let done = hook.asking(go_on, || work(picture));
        self.picture.progress_hook = None;
        self.picture.user_data = std::ptr::null_mut();
        self.picture.writer = None;
        self.picture.custom_ptr = std::ptr::null_mut();
        match done {
            true => Ok(()),
            false => Err(Error::native(self.picture.error_code)),
        }
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // SAFETY: the picture is initialised; this frees what libwebp allocated for it and nothing else.
        unsafe { sys::WebPPictureFree(&mut self.picture) }
    }
}

/// What a picture's `user_data` points to. The animation encoder keeps that pointer and uses it again when it writes
/// the file, so it points to this, which lives as long as the encoder, and not to the callback of one call.
#[derive(Debug)]
pub(crate) struct Hook {
    /// A `Watch` while there is a call, or null.
    watch: Cell<*mut c_void>,
}

impl Hook {
    pub(crate) fn new() -> Self {
        Hook {
            watch: Cell::new(std::ptr::null_mut()),
        }
    }

    /// Calls `work`, which calls libwebp and can't panic itself; libwebp calls `go_on` meanwhile.
    ///
    /// # Panics
    ///
    /// With the panic of `go_on`, if that panics.
    pub(crate) fn asking<T>(&self, go_on: &mut dyn FnMut() -> bool, work: impl FnOnce() -> T) -> T {
        let mut watch = Watch { go_on, panic: None };
        self.watch.set((&raw mut watch).cast());
        let result = work();
        self.watch.set(std::ptr::null_mut());
        if let Some(panic) = watch.panic {
            resume_unwind(panic);
        }
        result
    }
}

struct Watch<'a> {
    go_on: &'a mut dyn FnMut() -> bool,
    panic: Option<Box<dyn Any + Send>>,
}

/// libwebp calls this with the picture it was given, or with a copy of its struct.
unsafe extern "C" fn progress(_percent: c_int, picture: *const sys::WebPPicture) -> c_int {
    // SAFETY: libwebp passes a valid picture.
    let hook: *const Hook = unsafe { (*picture).user_data }.cast();
    if hook.is_null() {
        return 1;
    }
    // SAFETY: `Guard::run` set `user_data` to a `Hook` that lives as long as libwebp has it, and is only shared.
    let watch: *mut c_void = unsafe { (*hook).watch.get() };
    if watch.is_null() {
        return 1;
    }
    // SAFETY: `Hook::asking` set it to a `Watch` that outlives the current call, and doesn't share it; libwebp uses no
    // threads.
    let watch = unsafe { &mut *watch.cast::<Watch<'_>>() };
    // A panic must not unwind through C: it is kept, and resumed in `Hook::asking`.
    match catch_unwind(AssertUnwindSafe(&mut *watch.go_on)) {
        Ok(go_on) => go_on.into(),
        Err(panic) => {
            watch.panic = Some(panic);
            0
        }
    }
}

unsafe extern "C" fn write(data: *const u8, size: usize, picture: *const sys::WebPPicture) -> c_int {
    // SAFETY: `Guard::run` set `custom_ptr` to a `Vec<u8>` that outlives the call, and nobody else uses it meanwhile.
    let output = unsafe { &mut *(*picture).custom_ptr.cast::<Vec<u8>>() };
    if size == 0 {
        return 1;
    }
    // SAFETY: libwebp passes `size` readable bytes at `data`.
    let data = unsafe { std::slice::from_raw_parts(data, size) };
    match output.try_reserve(size) {
        Ok(()) => {
            output.extend_from_slice(data);
            1
        }
        Err(_) => 0,
    }
}
