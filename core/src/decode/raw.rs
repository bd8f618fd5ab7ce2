//! Pixels that need no decoding: raw ones, from the slice row by row, and a picture of one colour.

use crate::budget::Budget;
use crate::decode::Header;
use crate::error::{Error, Result};
use crate::format::Format;
use crate::image::Layout;
use crate::info::{ColourModel, Info};
use crate::input::{Create, Raw};
use crate::metadata::MetadataBlocks;
use crate::rows::{Frame, RowSink};

/// What the plan says of raw pixels; there have to be as many as it says.
pub(crate) fn raw(bytes: &[u8], raw: &Raw) -> Result<Header> {
    let layout = layout(raw)?;
    let [width, height, channels] = [raw.width.into(), raw.height.into(), u64::from(raw.channels)];
    let expected = (width * height).saturating_mul(channels);
    if bytes.len() as u64 != expected {
        return Err(Error::bad_input(
            Format::Raw,
            format_args!(
                "{} bytes, expected {width}×{height} pixels of {channels} channels, which are {expected}",
                bytes.len()
            ),
        ));
    }
    Ok(header(raw.width, raw.height, layout))
}

/// What the plan says of a picture to create; bytes would be a mistake.
pub(crate) fn create(bytes: &[u8], create: &Create) -> Result<Header> {
    let layout = created(create)?;
    if !bytes.is_empty() {
        return Err(Error::bad_input(
            Format::Raw,
            format_args!("{} bytes, expected none: `input.create` makes the pixels", bytes.len()),
        ));
    }
    Ok(header(create.width, create.height, layout))
}

/// Hands over the rows as they lie in `bytes`.
pub(crate) fn decode_raw(bytes: &[u8], raw: &Raw, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
    let layout = layout(raw)?;
    sink.begin(&Frame::still(layout, raw.width, raw.height))?;
    for row in bytes.chunks_exact(raw.width as usize * layout.channels()) {
        budget.check()?;
        sink.row(0, row)?;
    }
    Ok(())
}

/// Hands over the same row again and again.
pub(crate) fn decode_create(create: &Create, budget: &Budget, sink: &mut dyn RowSink) -> Result<()> {
    let layout = created(create)?;
    let channels = layout.channels();
    let colour = create.background;
    let colour = [colour.red, colour.green, colour.blue, colour.alpha];
    let mut row = budget.zeroed::<u8>(create.width as usize * channels, "a row")?;
    for pixel in row.chunks_exact_mut(channels) {
        pixel.copy_from_slice(&colour[..channels]);
    }
    sink.begin(&Frame::still(layout, create.width, create.height))?;
    for _ in 0..create.height {
        budget.check()?;
        sink.row(0, &row)?;
    }
    Ok(())
}

fn header(width: u32, height: u32, layout: Layout) -> Header {
    let colour = match layout {
        Layout::Grey | Layout::GreyAlpha => ColourModel::Grey,
        _ => ColourModel::Rgb,
    };
    Header {
        info: Info {
            alpha: layout.has_alpha(),
            ..Info::still(Format::Raw, width, height, colour)
        },
        metadata: MetadataBlocks::default(),
    }
}

fn layout(raw: &Raw) -> Result<Layout> {
    has_area("raw", raw.width, raw.height)?;
    match raw.channels {
        1 => Ok(Layout::Grey),
        2 => Ok(Layout::GreyAlpha),
        3 => Ok(Layout::Rgb),
        4 => Ok(Layout::Rgba),
        other => Err(Error::bad_plan(format_args!(
            "input.raw.channels is {other}, expected 1 to 4"
        ))),
    }
}

fn created(create: &Create) -> Result<Layout> {
    has_area("create", create.width, create.height)?;
    match create.channels {
        3 => Ok(Layout::Rgb),
        4 => Ok(Layout::Rgba),
        other => Err(Error::bad_plan(format_args!(
            "input.create.channels is {other}, expected 3 or 4"
        ))),
    }
}

fn has_area(input: &str, width: u32, height: u32) -> Result<()> {
    if width > 0 && height > 0 {
        return Ok(());
    }
    Err(Error::bad_plan(format_args!(
        "input.{input} is {width}×{height}, expected at least 1×1"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Colour;
    use crate::limits::Limits;
    use crate::rows::collect::Collect;

    fn budget(memory: u64) -> Budget {
        Budget::new(&Limits {
            memory,
            ..Limits::default()
        })
    }

    #[test]
    fn raw_rows_are_those_of_the_slice() {
        for (channels, expected) in [
            (1, Layout::Grey),
            (2, Layout::GreyAlpha),
            (3, Layout::Rgb),
            (4, Layout::Rgba),
        ] {
            let size = Raw {
                width: 3,
                height: 5,
                channels,
            };
            let pixels: Vec<u8> = (0..15 * channels).collect();
            let header = raw(&pixels, &size).unwrap();
            assert_eq!((header.info.width, header.info.height), (3, 5));
            assert_eq!(header.info.alpha, channels % 2 == 0);
            let mut sink = Collect::default();
            // Nothing is copied: no memory is enough.
            decode_raw(&pixels, &size, &budget(0), &mut sink).unwrap();
            sink.assert_complete();
            assert_eq!((sink.frames[0].frame.layout, sink.pixels()), (expected, &pixels[..]));
        }
    }

    #[test]
    fn raw_pixels_have_to_be_as_many_as_the_plan_says() {
        let size = Raw {
            width: 4,
            height: 2,
            channels: 3,
        };
        for length in [0, 23, 25] {
            let error = raw(&vec![0; length], &size).unwrap_err();
            assert_eq!(error.code(), "BAD_INPUT");
            let text = error.to_string();
            assert!(
                text.contains(&format!("{length} bytes")) && text.contains("24"),
                "{text}"
            );
        }
        assert!(raw(&[0; 24], &size).is_ok());
        let huge = Raw {
            width: u32::MAX,
            height: u32::MAX,
            channels: 4,
        };
        assert_eq!(raw(&[0; 24], &huge).unwrap_err().code(), "BAD_INPUT");
        for (width, height, channels) in [(0, 2, 3), (4, 0, 3), (4, 2, 0), (4, 2, 5)] {
            let wrong = Raw {
                width,
                height,
                channels,
            };
            assert_eq!(raw(&[0; 24], &wrong).unwrap_err().code(), "BAD_PLAN");
        }
    }

    #[test]
    fn a_created_picture_is_one_colour() {
        let background: Colour = "#10203040".parse().unwrap();
        for channels in [3, 4] {
            let size = Create {
                width: 7,
                height: 2,
                channels,
                background,
            };
            assert_eq!(create(&[], &size).unwrap().info.alpha, channels == 4);
            let mut sink = Collect::default();
            // One row is all the memory that it takes.
            decode_create(&size, &budget(7 * u64::from(channels)), &mut sink).unwrap();
            sink.assert_complete();
            let colour = &[0x10, 0x20, 0x30, 0x40][..channels.into()];
            assert_eq!(sink.pixels(), colour.repeat(14));
            let error = decode_create(&size, &budget(7 * u64::from(channels) - 1), &mut Collect::default());
            assert_eq!(error.unwrap_err().code(), "LIMIT_MEMORY");
            assert_eq!(create(b"x", &size).unwrap_err().code(), "BAD_INPUT");
        }
        let grey = Create {
            width: 1,
            height: 1,
            channels: 1,
            background,
        };
        assert_eq!(create(&[], &grey).unwrap_err().code(), "BAD_PLAN");
    }
}
