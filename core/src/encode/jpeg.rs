//! Writes JPEG, with the engine in `jpeg::encode`.

use super::first_frame;
use super::options::{Chroma, Jpeg};
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::{Image, Layout, Picture, Plane};
use crate::jpeg::encode::{self as engine, Metadata, Options, Subsampling, View};
use crate::metadata::MetadataBlocks;

pub(super) fn encode(picture: &Picture, options: &Jpeg, metadata: &MetadataBlocks, budget: &Budget) -> Result<Vec<u8>> {
    let image = &first_frame(picture, &[Layout::Grey, Layout::Rgb, Layout::YCbCr])?.image;
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
        iptc: metadata.iptc.as_deref(),
        density: metadata.density.map(|density| density.round() as u16),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::PictureFrame;
    use crate::limits::Limits;

    #[test]
    fn layouts_of_jpeg_are_encoded_and_others_are_not() {
        let budget = Budget::new(&Limits::default());
        let code = |layout: Layout, sizes: &[(u32, u32)]| {
            let plane = |&(width, height): &(u32, u32)| Plane::new(width, height, layout.channels(), &budget).unwrap();
            let (width, height) = sizes[0];
            let image = Image {
                width,
                height,
                layout,
                planes: sizes.iter().map(plane).collect(),
            };
            let picture = Picture {
                frames: vec![PictureFrame { image, delay_ms: 0 }],
                loops: 0,
            };
            encode(&picture, &Jpeg::default(), &MetadataBlocks::default(), &budget).map_err(|error| error.code())
        };
        for (layout, sizes) in [
            (Layout::Grey, &[(9, 5)][..]),
            (Layout::Rgb, &[(9, 5)]),
            (Layout::YCbCr, &[(9, 5), (5, 3), (5, 3)]),
            (Layout::YCbCr, &[(9, 5), (9, 5), (9, 5)]),
        ] {
            assert!(code(layout, sizes).is_ok_and(|file| file.starts_with(&[0xff, 0xd8])));
        }
        assert_eq!(code(Layout::Rgba, &[(9, 5)]), Err("INTERNAL"));
        assert_eq!(code(Layout::YCbCr, &[(9, 5), (4, 3), (4, 3)]), Err("ENCODER"));
    }
}
