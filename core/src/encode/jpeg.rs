//! A picture as a JPEG file: the adapter to [`crate::jpeg::encode`].

use crate::error::{Error, Result};
use crate::image::{Image, Layout, Plane};
use crate::jpeg::encode::{Metadata, Options, Picture, View, encode_within};
use crate::limits::Budget;

/// Encodes grey, RGB and Y'CbCr; alpha has been flattened before.
pub(crate) fn encode(image: &Image, options: &Options, metadata: &Metadata, budget: &Budget) -> Result<Vec<u8>> {
    let picture = match (image.layout, &image.planes[..]) {
        (Layout::Grey, [plane]) => Picture::Grey(view(plane)),
        (Layout::Rgb, [plane]) => Picture::Rgb(view(plane)),
        (Layout::YCbCr, [y, cb, cr]) => Picture::YCbCr([view(y), view(cb), view(cr)]),
        (layout, planes) => {
            let reason = format!("JPEG holds no {layout:?} pixels of {} planes", planes.len());
            return Err(Error::bad_plan(reason));
        }
    };
    encode_within(&picture, options, metadata, budget)
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
    use crate::limits::Limits;

    fn image(layout: Layout, sizes: &[(u32, u32)], budget: &Budget) -> Image {
        let plane = |&(width, height): &(u32, u32)| Plane::new(width, height, layout.channels(), budget).unwrap();
        Image {
            width: sizes[0].0,
            height: sizes[0].1,
            layout,
            planes: sizes.iter().map(plane).collect(),
        }
    }

    #[test]
    fn layouts_of_jpeg_are_encoded_and_others_are_not() {
        let budget = Budget::new(&Limits::default());
        let code = |layout, sizes: &[(u32, u32)]| {
            let result = encode(
                &image(layout, sizes, &budget),
                &Options::default(),
                &Metadata::default(),
                &budget,
            );
            result.map_err(|error| error.code())
        };
        for (layout, sizes) in [
            (Layout::Grey, &[(9, 5)][..]),
            (Layout::Rgb, &[(9, 5)]),
            (Layout::YCbCr, &[(9, 5), (5, 3), (5, 3)]),
            (Layout::YCbCr, &[(9, 5), (9, 5), (9, 5)]),
        ] {
            assert!(code(layout, sizes).is_ok_and(|file| file.starts_with(&[0xff, 0xd8])));
        }
        assert_eq!(code(Layout::Rgba, &[(9, 5)]), Err("BAD_PLAN"));
        assert_eq!(code(Layout::YCbCr, &[(9, 5), (4, 3), (4, 3)]), Err("ENCODER"));
    }
}
