//! `inspect`: a header with its metadata blocks, for `keenpix/sharp`.

use keenpix::Comment;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::faults::{Fault, guarded, json};

/// Either the header as JSON and the metadata blocks, or a fault.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct Inspected {
    pub info: Option<String>,
    pub exif: Option<Buffer>,
    pub icc: Option<Buffer>,
    pub xmp: Option<Buffer>,
    pub iptc: Option<Buffer>,
    pub comments: Option<Vec<Text>>,
    pub fault: Option<Fault>,
}

/// A text chunk of a PNG.
#[napi(object, object_from_js = false)]
pub struct Text {
    pub keyword: String,
    pub text: String,
}

/// Reads the header of the image in `bytes`, and its metadata.
#[napi]
pub fn inspect(bytes: &[u8]) -> Inspected {
    let found = guarded(|| {
        let found = keenpix::inspect(bytes)?;
        let info = json(&found.info)?;
        Ok((found, info))
    });
    match found {
        Ok((found, info)) => Inspected {
            info: Some(info),
            exif: found.exif.map(Buffer::from),
            icc: found.icc.map(Buffer::from),
            xmp: found.xmp.map(Buffer::from),
            iptc: found.iptc.map(Buffer::from),
            comments: Some(
                found
                    .comments
                    .into_iter()
                    .map(|Comment { keyword, text, .. }| Text { keyword, text })
                    .collect(),
            ),
            fault: None,
        },
        Err(fault) => Inspected {
            fault: Some(fault),
            ..Inspected::default()
        },
    }
}
