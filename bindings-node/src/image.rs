//! Results as plain objects.

use keenpix::Output;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::faults::Fault;

/// A finished image. Its bytes are handed over, not copied (unless the host forbids memory that isn't its own).
#[napi(object, object_from_js = false)]
pub struct Image {
    pub bytes: Buffer,
    pub format: String,
    pub media_type: String,
    pub extension: String,
    pub width: u32,
    pub height: u32,
    pub frames: u32,
    pub alpha: bool,
    pub warnings: Vec<String>,
}

/// Either images, one for each plan, or a fault.
#[napi(object, object_from_js = false)]
pub struct Outcome {
    pub images: Option<Vec<Image>>,
    pub fault: Option<Fault>,
}

impl From<Output> for Image {
    fn from(mut output: Output) -> Self {
        // Growing doubles a vector; what is over would live as long as the caller's buffer.
        output.bytes.shrink_to_fit();
        Image {
            format: output.format.name().into(),
            media_type: output.format.media_type().into(),
            extension: output.format.extension().into(),
            width: output.width,
            height: output.height,
            frames: output.frames,
            alpha: output.alpha,
            warnings: output.warnings,
            bytes: output.bytes.into(),
        }
    }
}

impl From<Result<Vec<Output>, Fault>> for Outcome {
    fn from(result: Result<Vec<Output>, Fault>) -> Self {
        match result {
            Ok(outputs) => Outcome {
                images: Some(outputs.into_iter().map(Image::from).collect()),
                fault: None,
            },
            Err(fault) => Outcome {
                images: None,
                fault: Some(fault),
            },
        }
    }
}
