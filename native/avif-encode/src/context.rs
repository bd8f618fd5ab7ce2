//! The calls into libaom.

use std::ffi::{CStr, c_int};
use std::mem::MaybeUninit;
use std::ptr;

use libaom_sys as aom;

use crate::{Chroma, Error, Image, Settings};

/// An encoder for one picture; its address stays the same, because libaom may keep pointers into it.
pub(crate) struct Context(Box<aom::aom_codec_ctx_t>);

impl Context {
    pub(crate) fn new(image: &Image, settings: &Settings) -> Result<Self, Error> {
        // SAFETY: the call has no arguments and returns a pointer to a constant.
        let interface = unsafe { aom::aom_codec_av1_cx() };
        let mut config = MaybeUninit::<aom::aom_codec_enc_cfg_t>::uninit();
        // SAFETY: `config` is valid for writes, and only read if the call reports that it filled it.
        let result =
            unsafe { aom::aom_codec_enc_config_default(interface, config.as_mut_ptr(), aom::AOM_USAGE_ALL_INTRA) };
        if result != aom::AOM_CODEC_OK {
            return Err(Error(format!("libaom has no defaults for stills (error {result})")));
        }
        // SAFETY: filled, according to the result.
        let mut config = unsafe { config.assume_init() };
        config.g_threads = 1;
        config.g_profile = match image.chroma {
            Chroma::None | Chroma::Half => 0,
            Chroma::Full => 1,
            Chroma::HalfWidth => 2,
        };
        config.g_w = image.width;
        config.g_h = image.height;
        // With one picture, libaom writes the short header of stills. The libaom of the published binaries supports
        // nothing else: see bindings-node/scripts/libaom.
        config.g_limit = 1;
        config.g_lag_in_frames = 0;
        config.rc_end_usage = aom::AOM_Q;
        config.rc_min_quantizer = 0;
        config.rc_max_quantizer = 63;
        config.monochrome = (image.chroma == Chroma::None).into();

        let mut raw = Box::new(MaybeUninit::<aom::aom_codec_ctx_t>::zeroed());
        // SAFETY: `raw` and `config` are valid for the call; the configuration is copied.
        let result = unsafe {
            aom::aom_codec_enc_init_ver(
                raw.as_mut_ptr(),
                interface,
                &config,
                0,
                aom::AOM_ENCODER_ABI_VERSION as c_int,
            )
        };
        // SAFETY: all bits zero is a valid value of this struct of pointers and numbers, and libaom has filled it in.
        let raw = unsafe { raw.assume_init() };
        if result != aom::AOM_CODEC_OK {
            return Err(Error(format!("libaom did not start (error {result})")));
        }
        let mut context = Context(raw);
        let level = if settings.lossless {
            0
        } else {
            settings.level.min(63).into()
        };
        let controls: [(aom::aome_enc_control_id, c_int); 13] = [
            (aom::AV1E_SET_LOSSLESS, settings.lossless.into()),
            (aom::AOME_SET_CPUUSED, settings.speed.min(9).into()),
            (aom::AOME_SET_CQ_LEVEL, level),
            // The best in measurements: closer to what people see than the default, which optimises PSNR.
            (aom::AOME_SET_TUNING, aom::AOM_TUNE_SSIM as c_int),
            // Chroma a little coarser: fewer bytes at the same SSIMULACRA2. Lossless allows no such difference.
            (
                aom::AV1E_SET_ENABLE_CHROMA_DELTAQ,
                (!settings.lossless && image.chroma != Chroma::None).into(),
            ),
            // Coefficients that hardly count become zero before the search: 1.5 % fewer bytes in the same time.
            (aom::AV1E_SET_QUANT_B_ADAPT, 1),
            (aom::AV1E_SET_ENABLE_RECT_PARTITIONS, (!settings.squares).into()),
            (aom::AV1E_SET_ROW_MT, 0),
            (aom::AV1E_SET_COLOR_RANGE, aom::AOM_CR_FULL_RANGE as c_int),
            (aom::AV1E_SET_COLOR_PRIMARIES, settings.primaries.into()),
            (aom::AV1E_SET_TRANSFER_CHARACTERISTICS, settings.transfer.into()),
            (aom::AV1E_SET_MATRIX_COEFFICIENTS, settings.matrix.into()),
            // Nothing uses the encoder's own reconstruction.
            (aom::AV1E_SET_SKIP_POSTPROC_FILTERING, 1),
        ];
        for (control, value) in controls {
            context.control(control, value)?;
        }
        Ok(context)
    }

    pub(crate) fn encode(&mut self, image: &Image, settings: &Settings) -> Result<Vec<u8>, Error> {
        let picture = describe(image, settings);
        // SAFETY: the context is initialised; the planes of `picture` are slices of `image`, which `Image::check` found
        // long enough for what libaom reads. libaom copies them before it returns, and doesn't write to them.
        let result = unsafe { aom::aom_codec_encode(&mut *self.0, &picture, 0, 1, 0) };
        self.check(result)?;
        let mut units = Vec::new();
        self.collect(&mut units);
        // SAFETY: the context is initialised; a null picture flushes the encoder.
        let result = unsafe { aom::aom_codec_encode(&mut *self.0, ptr::null(), 0, 1, 0) };
        self.check(result)?;
        self.collect(&mut units);
        if units.is_empty() {
            return Err(Error("libaom gave no data".into()));
        }
        Ok(units)
    }

    fn collect(&mut self, units: &mut Vec<u8>) {
        let mut iterator: aom::aom_codec_iter_t = ptr::null();
        loop {
            // SAFETY: the context is initialised, and the iterator starts as a null pointer, as libaom requires.
            let packet = unsafe { aom::aom_codec_get_cx_data(&mut *self.0, &mut iterator) };
            // SAFETY: libaom returns null, or a packet that is valid until the next call with the context.
            let Some(packet) = (unsafe { packet.as_ref() }) else {
                return;
            };
            if packet.kind == aom::AOM_CODEC_CX_FRAME_PKT {
                // SAFETY: the kind says which member of the union is in use.
                let frame = unsafe { packet.data.frame };
                if !frame.buf.is_null() && frame.sz > 0 {
                    // SAFETY: the packet's buffer has `sz` bytes and is valid until the next call with the context.
                    units.extend_from_slice(unsafe { std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz) });
                }
            }
        }
    }

    fn control(&mut self, control: aom::aome_enc_control_id, value: c_int) -> Result<(), Error> {
        // SAFETY: the context is initialised, and all controls used here take one `int` (or `unsigned`, which is passed
        // the same way for non-negative values).
        let result = unsafe { aom::aom_codec_control(&mut *self.0, control as c_int, value) };
        self.check(result)
    }

    fn check(&self, result: aom::aom_codec_err_t) -> Result<(), Error> {
        if result == aom::AOM_CODEC_OK {
            return Ok(());
        }
        // SAFETY: the context is initialised; the texts are null or null-terminated, and valid until the next call.
        let text = |text: *const std::ffi::c_char| match text.is_null() {
            true => String::new(),
            false => unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned(),
        };
        // SAFETY: the context is initialised.
        let (error, detail) = unsafe { (aom::aom_codec_error(&*self.0), aom::aom_codec_error_detail(&*self.0)) };
        Err(Error(
            format!("libaom: {} {}", text(error), text(detail))
                .trim_end()
                .to_owned(),
        ))
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context is initialised, and destroyed once.
        unsafe { aom::aom_codec_destroy(&mut *self.0) };
    }
}

/// Describes the picture for libaom. Its planes are only read, though libaom's type says otherwise.
fn describe(image: &Image, settings: &Settings) -> aom::aom_image_t {
    // SAFETY: all bits zero is a valid value of this struct of pointers and numbers.
    let mut picture: aom::aom_image_t = unsafe { MaybeUninit::zeroed().assume_init() };
    let (format, x, y, bits) = match image.chroma {
        Chroma::None | Chroma::Half => (aom::AOM_IMG_FMT_I420, 1, 1, 12),
        Chroma::HalfWidth => (aom::AOM_IMG_FMT_I422, 1, 0, 16),
        Chroma::Full => (aom::AOM_IMG_FMT_I444, 0, 0, 24),
    };
    picture.fmt = format;
    picture.cp = settings.primaries.into();
    picture.tc = settings.transfer.into();
    picture.mc = settings.matrix.into();
    picture.range = aom::AOM_CR_FULL_RANGE;
    picture.monochrome = (image.chroma == Chroma::None).into();
    (picture.w, picture.h) = (image.width, image.height);
    (picture.d_w, picture.d_h) = (image.width, image.height);
    picture.bit_depth = 8;
    (picture.x_chroma_shift, picture.y_chroma_shift) = (x, y);
    picture.bps = bits;
    // A grey picture has no chroma planes. libaom doesn't read them then, but gets luma's just in case.
    for index in 0..3 {
        let plane = image.planes.get(index).or(image.planes.first());
        if let Some(plane) = plane {
            picture.planes[index] = plane.samples.as_ptr().cast_mut();
            picture.stride[index] = plane.stride as c_int;
        }
    }
    picture
}
