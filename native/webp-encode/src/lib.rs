//! libwebp's encoder behind a safe interface. Nothing else of libwebp is reachable, and no C code reads untrusted
//! bytes.
//!
//! ```
//! use keenpix_webp::{Config, Pixels, encode};
//!
//! let red = [255, 0, 0].repeat(16 * 16);
//! let file = encode(16, 16, Pixels::Rgb(&red), &Config::default(), &mut || true)?;
//! assert!(file.starts_with(b"RIFF"));
//! # Ok::<(), keenpix_webp::Error>(())
//! ```

mod animation;
mod picture;

pub use animation::{Animation, Loops};

use libwebp_sys as sys;
use picture::Guard;

/// The largest width and height that WebP supports.
pub const MAX_EDGE: u32 = 16_383;

/// How to compress; the meanings are libwebp's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Config {
    /// 0 to 100. Default: 80.
    pub quality: f32,
    /// Whether every pixel is kept. Default: `false`.
    pub lossless: bool,
    /// 0 (fast) to 6 (small). Default: 4.
    pub method: u8,
    /// Quality of the alpha channel, 0 to 100. Default: 100.
    pub alpha_quality: u8,
    /// Whether colours under full transparency are kept. Default: `false`.
    pub exact: bool,
    /// For `lossless`: 100 keeps every pixel; lower values change pixels to make files smaller. Default: 100.
    pub near_lossless: u8,
    /// Whether RGB is converted to Y'CbCr by the slower way that keeps edges sharp. Default: `false`.
    pub sharp_yuv: bool,
    /// What lossy compression is tuned for. Default: [`Preset::Default`].
    pub preset: Preset,
    /// How far quality may fall so that the first partition fits in 512 kB, 0 to 100. Default: 0.
    pub partition_limit: u8,
}

/// libwebp's presets: kinds of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// Any.
    #[default]
    Default,
    /// A portrait or an indoor shot.
    Picture,
    /// An outdoor photograph.
    Photo,
    /// A drawing with lines of high contrast.
    Drawing,
    /// A small, colourful image.
    Icon,
    /// Text.
    Text,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            quality: 80.0,
            lossless: false,
            method: 4,
            alpha_quality: 100,
            exact: false,
            near_lossless: 100,
            sharp_yuv: false,
            preset: Preset::Default,
            partition_limit: 0,
        }
    }
}

impl Config {
    fn native(&self) -> Result<sys::WebPConfig, Error> {
        let preset = match self.preset {
            Preset::Default => sys::WebPPreset::WEBP_PRESET_DEFAULT,
            Preset::Picture => sys::WebPPreset::WEBP_PRESET_PICTURE,
            Preset::Photo => sys::WebPPreset::WEBP_PRESET_PHOTO,
            Preset::Drawing => sys::WebPPreset::WEBP_PRESET_DRAWING,
            Preset::Icon => sys::WebPPreset::WEBP_PRESET_ICON,
            Preset::Text => sys::WebPPreset::WEBP_PRESET_TEXT,
        };
        // Any legal quality will do, because it is set and checked with the other values.
        let mut config = sys::WebPConfig::new_with_preset(preset, 75.0).map_err(|()| Error::Version)?;
        config.quality = self.quality;
        config.lossless = self.lossless.into();
        config.method = self.method.into();
        config.alpha_quality = self.alpha_quality.into();
        config.exact = self.exact.into();
        config.near_lossless = self.near_lossless.into();
        config.use_sharp_yuv = self.sharp_yuv.into();
        config.partition_limit = self.partition_limit.into();
        // SAFETY: `config` is initialised, and only read.
        match unsafe { sys::WebPValidateConfig(&config) } {
            0 => Err(Error::Config),
            _ => Ok(config),
        }
    }
}

/// The pixels of a picture, in rows from top to bottom without padding.
#[derive(Debug)]
pub enum Pixels<'a> {
    /// Three bytes per pixel.
    Rgb(&'a [u8]),
    /// Four bytes per pixel; colours are not premultiplied by alpha.
    Rgba(&'a [u8]),
    /// Y'CbCr of BT.601 in studio swing (16 to 235, 16 to 240), chroma halved in both directions, rounded up.
    /// Lossy stills only. The encoder may change the bytes.
    Yuv420 {
        /// `width × height` bytes.
        y: &'a mut [u8],
        /// `⌈width / 2⌉ × ⌈height / 2⌉` bytes.
        u: &'a mut [u8],
        /// As many as `u`.
        v: &'a mut [u8],
    },
}

/// Why there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Width or height is 0 or above [`MAX_EDGE`].
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// A slice has the wrong length for the size.
    Buffer {
        /// Bytes that the size requires.
        expected: usize,
        /// Bytes given.
        actual: usize,
    },
    /// The configuration has a value out of range, or requires Y'CbCr planes to be encoded losslessly.
    Config,
    /// The callback said to stop.
    Stopped,
    /// libwebp could not allocate.
    OutOfMemory,
    /// The file would be larger than the format allows.
    TooLarge,
    /// libwebp has a different version than its bindings.
    Version,
    /// Any other failure, as libwebp numbers it.
    Encoder(u32),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Size { width, height } => write!(f, "{width}×{height} where 1 to {MAX_EDGE} are possible"),
            Error::Buffer { expected, actual } => write!(f, "{actual} bytes of pixels where {expected} are needed"),
            Error::Config => f.write_str("an option out of range"),
            Error::Stopped => f.write_str("stopped by the caller"),
            Error::OutOfMemory => f.write_str("libwebp ran out of memory"),
            Error::TooLarge => f.write_str("the file would pass the format's limits"),
            Error::Version => f.write_str("libwebp is another version than it was bound for"),
            Error::Encoder(code) => write!(f, "libwebp's error {code}"),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    fn native(code: sys::WebPEncodingError) -> Self {
        use sys::WebPEncodingError as E;
        match code {
            E::VP8_ENC_ERROR_OUT_OF_MEMORY | E::VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY | E::VP8_ENC_ERROR_BAD_WRITE => {
                Error::OutOfMemory
            }
            E::VP8_ENC_ERROR_PARTITION0_OVERFLOW
            | E::VP8_ENC_ERROR_PARTITION_OVERFLOW
            | E::VP8_ENC_ERROR_FILE_TOO_BIG => Error::TooLarge,
            E::VP8_ENC_ERROR_USER_ABORT => Error::Stopped,
            E::VP8_ENC_ERROR_INVALID_CONFIGURATION => Error::Config,
            other => Error::Encoder(other as u32),
        }
    }
}

/// Encodes a still. `go_on` is called about once per per cent of the work; `false` stops it.
///
/// # Errors
///
/// [`Error::Size`], [`Error::Buffer`] and [`Error::Config`] before anything is done; [`Error::Stopped`] if `go_on`
/// said so; the others come from libwebp.
///
/// # Panics
///
/// With the panic of `go_on`, if that panics.
pub fn encode(
    width: u32,
    height: u32,
    pixels: Pixels<'_>,
    config: &Config,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Vec<u8>, Error> {
    let native = config.native()?;
    let mut output = Vec::new();
    // With `argb`, the encoder converts the colours itself, and respects `use_sharp_yuv`.
    let argb = config.lossless || config.sharp_yuv;
    let mut guard = Guard::new(width, height, pixels, argb)?;
    guard.run(&picture::Hook::new(), go_on, Some(&mut output), |picture| {
        // SAFETY: `native` is valid and `picture` points to an initialised picture with its pixels, writer and hook,
        // all of which live until this call returns.
        unsafe { sys::WebPEncode(&native, picture) != 0 }
    })?;
    Ok(output)
}

#[cfg(test)]
mod tests;
