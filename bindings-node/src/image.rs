//! Results as plain objects.

use keenpix::Output;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::faults::{Fault, json};

/// A finished image. Its bytes are handed over, not copied (unless the host forbids external memory). Everything else
/// is in the report, as JSON.
#[napi(object, object_from_js = false)]
pub struct Image {
    pub bytes: Buffer,
    pub report: String,
    pub media_type: String,
    pub extension: String,
}

/// Either images, one for each plan, or a fault.
#[napi(object, object_from_js = false)]
pub struct Outcome {
    pub images: Option<Vec<Image>>,
    pub fault: Option<Fault>,
}

impl TryFrom<Output> for Image {
    type Error = Fault;

    fn try_from(mut output: Output) -> Result<Self, Fault> {
        // A growing vector doubles its capacity, and the excess would live as long as the caller's buffer.
        output.bytes.shrink_to_fit();
        Ok(Image {
            report: json(&output)?,
            media_type: output.format.media_type().into(),
            extension: output.format.extension().into(),
            bytes: output.bytes.into(),
        })
    }
}

impl From<Result<Vec<Output>, Fault>> for Outcome {
    fn from(result: Result<Vec<Output>, Fault>) -> Self {
        let images = result.and_then(|outputs| outputs.into_iter().map(Image::try_from).collect());
        let (images, fault) = match images {
            Ok(images) => (Some(images), None),
            Err(fault) => (None, Some(fault)),
        };
        Outcome { images, fault }
    }
}
