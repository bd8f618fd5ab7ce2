//! Differential: a JPEG that keenpix decodes without a warning and zune-jpeg decodes in strict mode has the same luma
//! in both, up to the difference between two inverse DCTs; and smaller scales have the right sizes.

use keenpix::Limits;
use keenpix::input::Tolerate;
use keenpix::jpeg::decode::{Colour, Decoder, Scale};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

/// See above.
pub fn check(bytes: &[u8]) {
    let limits = Limits::new().with_memory(64_000_000);
    let Ok(decoder) = Decoder::new(bytes) else { return };
    let (width, height) = (decoder.header().width, decoder.header().height);
    if u64::from(width) * u64::from(height) > 1 << 20 {
        return;
    }
    for (scale, divisor) in [(Scale::Half, 2), (Scale::Quarter, 4), (Scale::Eighth, 8)] {
        let scaled = decoder.clone().tolerate(Tolerate::Errors).scale(scale);
        // Interleaved, because a file may store less of the luma than of the chroma.
        if let Ok(picture) = scaled.rgb(&limits) {
            let plane = &picture.planes[0];
            let size = (width.div_ceil(divisor), height.div_ceil(divisor));
            // No inverse DCT exists for a third of a block: such images shrink as far as they can. Lossless ones don't.
            if decoder.header().lossless {
                assert_eq!((plane.width, plane.height), (width, height));
            } else if decoder.header().sampling.iter().any(|&(h, v)| h == 3 || v == 3) {
                assert!((size.0..=width).contains(&plane.width) && (size.1..=height).contains(&plane.height));
            } else {
                assert_eq!((plane.width, plane.height), size);
            }
        }
    }
    let Ok(ours) = decoder.tolerate(Tolerate::None).planes(&limits) else {
        return;
    };
    if !matches!(ours.colour, Colour::Grey | Colour::YCbCr) || !ours.warnings.is_empty() {
        return;
    }
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    // The other decoder may panic.
    let theirs =
        std::panic::catch_unwind(|| zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options).decode());
    let Ok(Ok(theirs)) = theirs else { return };
    let ours = &ours.planes[0].data;
    if ours.len() != theirs.len() {
        return;
    }
    // Absurd coefficients overflow differently in every decoder; real images hardly ever differ by more than two.
    let far = ours.iter().zip(&theirs).filter(|(a, b)| a.abs_diff(**b) > 2).count();
    let saturated = ours.iter().filter(|v| matches!(**v, 0 | 255)).count();
    assert!(far == 0 || saturated > 0, "{far} of {} luma samples differ", ours.len());
}
