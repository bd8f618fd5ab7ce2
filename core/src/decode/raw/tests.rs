use super::*;
use crate::colour::Colour;
use crate::limits::Limits;
use crate::request::Tolerate;
use crate::rows::collect::Collect;

fn decode(opened: &Opened<'_>, memory: u64, sink: &mut Collect) -> Result<()> {
    let budget = Budget::new(&Limits::new().with_memory(memory));
    opened.decode(&Request::whole(Tolerate::None), &budget, sink, &mut Vec::new())
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
        let opened = open(&pixels, size).unwrap();
        assert_eq!((opened.info.width, opened.info.height), (3, 5));
        assert_eq!(opened.info.alpha, channels % 2 == 0);
        let mut sink = Collect::default();
        // Nothing is copied: no memory is enough.
        decode(&opened, 0, &mut sink).unwrap();
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
        let error = open(&vec![0; length], size).unwrap_err();
        assert_eq!(error.code(), "BAD_INPUT");
        let text = error.to_string();
        assert!(
            text.contains(&format!("{length} bytes")) && text.contains("24"),
            "{text}"
        );
    }
    assert!(open(&[0; 24], size).is_ok());
    let huge = Raw {
        width: u32::MAX,
        height: u32::MAX,
        channels: 4,
    };
    assert_eq!(open(&[0; 24], huge).unwrap_err().code(), "BAD_INPUT");
    for (width, height, channels) in [(0, 2, 3), (4, 0, 3), (4, 2, 0), (4, 2, 5)] {
        let wrong = Raw {
            width,
            height,
            channels,
        };
        assert_eq!(open(&[0; 24], wrong).unwrap_err().code(), "BAD_PLAN");
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
        let opened = create(&[], size).unwrap();
        assert_eq!(opened.info.alpha, channels == 4);
        let mut sink = Collect::default();
        // One row is all the memory that it takes.
        decode(&opened, 7 * u64::from(channels), &mut sink).unwrap();
        sink.assert_complete();
        let colour = &[0x10, 0x20, 0x30, 0x40][..channels.into()];
        assert_eq!(sink.pixels(), colour.repeat(14));
        let error = decode(&opened, 7 * u64::from(channels) - 1, &mut Collect::default());
        assert_eq!(error.unwrap_err().code(), "LIMIT_MEMORY");
        assert_eq!(create(b"x", size).unwrap_err().code(), "BAD_INPUT");
    }
    let grey = Create {
        width: 1,
        height: 1,
        channels: 1,
        background,
    };
    assert_eq!(create(&[], grey).unwrap_err().code(), "BAD_PLAN");
}
