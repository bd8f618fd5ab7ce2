//! Another decoder can read whatever the encoder writes: the size is right and the image is close.

use keenpix::jpeg::encode::{Metadata, Options, Picture, QuantTables, Subsampling, View, encode};
use zune_core::bytestream::ZCursor;

/// Six bytes of options, then samples, which are repeated.
pub fn check(data: &[u8]) {
    let &[width, height, quality, flags, restart, effort, ref samples @ ..] = data else {
        return;
    };
    let (width, height) = (u32::from(width % 64) + 1, u32::from(height % 64) + 1);
    if samples.is_empty() {
        return;
    }
    let pixels: Vec<u8> = samples
        .iter()
        .copied()
        .cycle()
        .take((width * height * 3) as usize)
        .collect();
    let subsampling = [
        Subsampling::None,
        Subsampling::Horizontal,
        Subsampling::Vertical,
        Subsampling::Both,
    ][usize::from(flags & 3)];
    let tables = [
        QuantTables::Standard,
        QuantTables::Robidoux,
        QuantTables::Adaptive,
        QuantTables::Flat,
    ][usize::from(flags >> 2 & 3)];
    let options = Options::new()
        .with_quality(quality % 100 + 1)
        .with_subsampling(subsampling)
        .with_tables(tables)
        .with_progressive(flags & 16 != 0)
        .with_optimise(flags & 32 != 0)
        .with_restart_interval(restart.into())
        .with_effort(effort % 10);
    let view = View {
        width,
        height,
        stride: width as usize * 3,
        data: &pixels,
    };
    let file = encode(&Picture::Rgb(view), &options, &Metadata::default()).expect("every picture can be written");
    let mut decoder = zune_jpeg::JpegDecoder::new(ZCursor::new(&file));
    let decoded = decoder.decode().expect("another decoder reads it");
    assert_eq!(decoder.dimensions(), Some((width as usize, height as usize)));
    // With high quality and no subsampling, there is hardly any difference on average.
    if options.quality >= 98 && options.subsampling == Subsampling::None {
        let sum: u64 = pixels
            .iter()
            .zip(&decoded)
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        assert!(
            sum <= 6 * pixels.len() as u64,
            "mean difference {}",
            sum as f64 / pixels.len() as f64
        );
    }
}
