//! To JPEG, through the engine in `jpeg::encode`.

use crate::decode::Blocks;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture, Plane};
use crate::jpeg::encode::{self as engine, Metadata, Options, Subsampling, View};
use crate::limits::Budget;
use crate::plan::{Chroma, Jpeg};

pub(super) fn encode(picture: &Picture, options: &Jpeg, metadata: &Blocks, budget: &Budget) -> Result<Vec<u8>> {
    let image = &picture.frames[0].image;
    let options = Options {
        quality: options.quality,
        progressive: options.progressive,
        optimise: options.optimise,
        effort: options.effort,
        subsampling: match options.chroma {
            Chroma::Half => Subsampling::Both,
            Chroma::HalfWidth => Subsampling::Horizontal,
            Chroma::Full => Subsampling::None,
        },
        ..Options::default()
    };
    let metadata = Metadata {
        icc: metadata.icc.as_deref(),
        exif: metadata.exif.as_deref(),
        xmp: metadata.xmp.as_deref(),
    };
    engine::encode_within(&as_engine_picture(image)?, &options, &metadata, budget)
}

fn as_engine_picture(image: &Image) -> Result<engine::Picture<'_>> {
    match (image.layout, &image.planes[..]) {
        (Layout::Grey, [plane]) => Ok(engine::Picture::Grey(view(plane))),
        (Layout::Rgb, [plane]) => Ok(engine::Picture::Rgb(view(plane))),
        (Layout::YCbCr, [y, cb, cr]) => Ok(engine::Picture::YCbCr([view(y), view(cb), view(cr)])),
        (layout, _) => Err(Error::encoder(
            Format::Jpeg,
            format_args!("it has no way to hold {layout:?} pixels"),
        )),
    }
}

fn view(plane: &Plane) -> View<'_> {
    View {
        width: plane.width,
        height: plane.height,
        stride: plane.stride(),
        data: &plane.data,
    }
}
