//! libwebp's decoder, as a peer.

use std::ffi::c_int;
use std::ptr;

use libwebp_sys as sys;

unsafe extern "C" {
    /// What chooses libwebp's kernels; null for the plain ones.
    static mut VP8GetCPUInfo: Option<unsafe extern "C" fn(c_int) -> c_int>;
}

/// Calls `work` with libwebp's plain code, which does not wrap at 16 bits as its vectors do.
pub(crate) fn plainly<T>(work: impl FnOnce() -> T) -> T {
    // SAFETY: libwebp looks at the pointer before it uses its kernels, and the properties run one at a time.
    let usual = unsafe { (&raw mut VP8GetCPUInfo).replace(None) };
    let done = work();
    // SAFETY: as above.
    unsafe { VP8GetCPUInfo = usual };
    done
}

/// A still picture as RGBA, or `None` if libwebp refuses it.
pub(crate) fn still(bytes: &[u8]) -> Option<(u32, u32, Vec<u8>)> {
    let (mut width, mut height): (c_int, c_int) = (0, 0);
    // SAFETY: reads only `bytes`, and writes only the two numbers.
    let known = unsafe { sys::WebPGetInfo(bytes.as_ptr(), bytes.len(), &mut width, &mut height) };
    if known == 0 {
        return None;
    }
    let mut samples = vec![0; width as usize * height as usize * 4];
    // SAFETY: reads only `bytes`, and writes at most `samples.len()` bytes.
    let written = unsafe {
        let stride = width * 4;
        sys::WebPDecodeRGBAInto(bytes.as_ptr(), bytes.len(), samples.as_mut_ptr(), samples.len(), stride)
    };
    (!written.is_null()).then_some((width as u32, height as u32, samples))
}

/// All frames of an animation as RGBA, with their ends in milliseconds, or `None` if libwebp refuses one.
pub(crate) fn animation(bytes: &[u8], most: usize) -> Option<Vec<(Vec<u8>, i32)>> {
    let data = sys::WebPData {
        bytes: bytes.as_ptr(),
        size: bytes.len(),
    };
    // SAFETY: without options, and `data` outlives the decoder.
    let decoder = unsafe { sys::WebPAnimDecoderNewInternal(&data, ptr::null(), sys::WEBP_DEMUX_ABI_VERSION as c_int) };
    if decoder.is_null() {
        return None;
    }
    let frames = frames(decoder, most);
    // SAFETY: made above, and not used again.
    unsafe { sys::WebPAnimDecoderDelete(decoder) };
    frames
}

fn frames(decoder: *mut sys::WebPAnimDecoder, most: usize) -> Option<Vec<(Vec<u8>, i32)>> {
    let mut info = sys::WebPAnimInfo {
        canvas_width: 0,
        canvas_height: 0,
        loop_count: 0,
        bgcolor: 0,
        frame_count: 0,
        pad: [0; 4],
    };
    // SAFETY: the decoder is alive.
    if unsafe { sys::WebPAnimDecoderGetInfo(decoder, &mut info) } == 0 {
        return None;
    }
    let length = info.canvas_width as usize * info.canvas_height as usize * 4;
    let mut frames = Vec::new();
    // SAFETY: as above.
    while frames.len() < most && unsafe { sys::WebPAnimDecoderHasMoreFrames(decoder) } != 0 {
        let (mut samples, mut end) = (ptr::null_mut(), 0);
        // SAFETY: as above.
        if unsafe { sys::WebPAnimDecoderGetNext(decoder, &mut samples, &mut end) } == 0 {
            return None;
        }
        // SAFETY: the canvas, valid until the next call.
        frames.push((unsafe { std::slice::from_raw_parts(samples, length) }.to_vec(), end));
    }
    Some(frames)
}
