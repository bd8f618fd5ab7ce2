//! Time and bytes of the JPEG encoder's settings, for a PPM file or a generated image:
//! `jpeg-encode [FILE [QUALITY]]`.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use keenpix::jpeg::encode::{Metadata, Options, Picture, QuantTables, View, encode};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (width, height, rgb) = match arguments.next() {
        Some(path) => read_ppm(&std::fs::read(path)?).ok_or("not a binary PPM file with 8 bits a sample")?,
        None => generated(720, 588),
    };
    let quality = arguments.next().map_or(Ok(80), |argument| argument.parse())?;
    let planes = planes(width, height, &rgb);
    let view = |width: usize, height: usize, stride, data| View {
        width: width as u32,
        height: height as u32,
        stride,
        data,
    };
    let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
    let planar = Picture::YCbCr([
        view(width, height, width, &planes[0]),
        view(half_width, half_height, half_width, &planes[1]),
        view(half_width, half_height, half_width, &planes[2]),
    ]);
    let interleaved = Picture::Rgb(view(width, height, 3 * width, &rgb));
    let base = Options::new().with_quality(quality).with_effort(0);
    let standard = base.clone().with_tables(QuantTables::Standard);
    let settings = [
        ("Annex K tables", standard.clone()),
        ("Annex K tables, optimised", standard.with_optimise(true)),
        ("effort 0", base.clone()),
        ("effort 3: optimised", base.clone().with_effort(3)),
        ("effort 0, progressive", base.clone().with_progressive(true)),
        ("effort 5: trellis", base.clone().with_effort(5)),
        ("effort 7: scans tried", base.with_effort(7)),
    ];
    println!("{width}×{height}, 4:2:0, quality {quality}; ms, the least of 30 rounds");
    println!("{:<28}{:>10}{:>10}{:>10}", "", "bytes", "planes", "RGB");
    for (name, options) in settings {
        let bytes = encode(&planar, &options, &Metadata::default())?.len();
        let [from_planes, from_rgb] = [&planar, &interleaved].map(|picture| {
            let rounds = (0..30).map(|_| {
                let start = Instant::now();
                std::hint::black_box(encode(picture, &options, &Metadata::default())).ok();
                start.elapsed().as_secs_f64() * 1e3
            });
            rounds.fold(f64::INFINITY, f64::min)
        });
        println!("{name:<28}{bytes:>10}{from_planes:>10.2}{from_rgb:>10.2}");
    }
    Ok(())
}

/// An image with smooth areas, edges and noise.
fn generated(width: usize, height: usize) -> (usize, usize, Vec<u8>) {
    let mut state = 1u32;
    let mut rgb = Vec::with_capacity(3 * width * height);
    for y in 0..height {
        for x in 0..width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 24) / 16.0 * (y as f64 / height as f64);
            let wave = 60.0 * (x as f64 / 31.0).sin() * (y as f64 / 23.0).cos();
            let edge = if (x / 60 + y / 60) % 3 == 0 { 40.0 } else { 0.0 };
            rgb.extend([0.9, 1.0, 1.1].map(|scale| ((110.0 + wave + edge + noise) * scale) as u8));
        }
    }
    (width, height, rgb)
}

/// Y', Cb and Cr, with the chroma halved in both directions.
fn planes(width: usize, height: usize, rgb: &[u8]) -> [Vec<u8>; 3] {
    let luma = rgb
        .chunks_exact(3)
        .map(|p| (0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2])) as u8);
    let mut planes = [luma.collect(), Vec::new(), Vec::new()];
    for y in (0..height).step_by(2) {
        for x in (0..width).step_by(2) {
            let at = 3 * (y * width + x);
            let [r, g, b] = [0, 1, 2].map(|channel| f64::from(rgb[at + channel]));
            planes[1].push((128.0 - 0.168_736 * r - 0.331_264 * g + 0.5 * b) as u8);
            planes[2].push((128.0 + 0.5 * r - 0.418_688 * g - 0.081_312 * b) as u8);
        }
    }
    planes
}

fn read_ppm(file: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    let mut rest = file.strip_prefix(b"P6")?;
    let mut numbers = [0usize; 3];
    for number in &mut numbers {
        rest = rest.trim_ascii_start();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *number = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
        rest = &rest[digits..];
    }
    let [width, height, 255] = numbers else { return None };
    let pixels = rest.get(1..)?.get(..width.checked_mul(height)?.checked_mul(3)?)?;
    Some((width, height, pixels.to_vec()))
}
