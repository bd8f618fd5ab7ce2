//! Pixels without a header: the frames, one after the other.

use super::first_frame;
use crate::error::Result;
use crate::image::{Layout, Picture};

const ACCEPTED: [Layout; 4] = [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba];

pub(super) fn encode(picture: &Picture) -> Result<Vec<u8>> {
    first_frame(picture, &ACCEPTED)?;
    let frames = picture.frames.iter().map(|frame| &frame.image.planes[0].data[..]);
    Ok(frames.collect::<Vec<_>>().concat())
}
