//! Lossless WebP beside libwebp's method 4, which take turns: `webp-lossless [ROUNDS [EFFORT]]`. Prints a table of
//! bytes and CPU time, for twelve kinds of pictures and for the example photographs, and fails if a pixel is not as
//! it was.

use keenpix::encode::{RawPixels, Webp};
use keenpix::input::{Input, Raw};
use keenpix::{Limits, Plan, transform};
use keenpix_benches::kinds::{KINDS, Picture};
use keenpix_benches::{cpu_time, example_photo};
use keenpix_webp::{Config, Pixels};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let effort: u8 = arguments.next().map_or(Ok(4), |effort| effort.parse())?;
    println!("| picture | size | bytes | of libwebp's | CPU ms | of libwebp's |");
    println!("|---|---|---|---|---|---|");
    for (name, (width, height), make) in KINDS {
        // The generated photographs have noise that no photograph has.
        if name.starts_with("photo") {
            continue;
        }
        for scale in [1, 2, 4] {
            row(name, &make(width / scale, height / scale, 1), rounds, effort)?;
        }
    }
    for name in [
        "landscape.jpg",
        "fig-adobe-rgb.jpg",
        "coffee.png",
        "bowl-alpha.png",
        "progressive.jpg",
        "grey.jpg",
    ] {
        let picture = photo(name)?;
        let (width, height) = (picture.width, picture.height);
        for side in [256, 700] {
            if side < width.min(height) {
                row(name, &crop(&picture, (width / 4, height / 4), side), rounds, effort)?;
            }
        }
        row(name, &picture, rounds, effort)?;
    }
    Ok(())
}

fn photo(name: &str) -> Result<Picture, Failure> {
    let plan = Plan::new().with_encode(RawPixels::new());
    let output = transform(&example_photo(name)?, &plan, &Limits::default())?;
    let (width, height) = (output.width as usize, output.height as usize);
    Ok(Picture {
        width,
        height,
        channels: output.bytes.len() / (width * height),
        pixels: output.bytes,
    })
}

fn crop(picture: &Picture, (x, y): (usize, usize), side: usize) -> Picture {
    let stride = picture.width * picture.channels;
    let rows = picture
        .pixels
        .chunks_exact(stride)
        .skip(y)
        .take(side.min(picture.height - y));
    let across = side.min(picture.width - x);
    let part = x * picture.channels..(x + across) * picture.channels;
    let pixels: Vec<u8> = rows.flat_map(|row| row[part.clone()].iter().copied()).collect();
    Picture {
        width: across,
        height: pixels.len() / (across * picture.channels),
        channels: picture.channels,
        pixels,
    }
}

fn row(name: &str, picture: &Picture, rounds: usize, effort: u8) -> Result<(), Failure> {
    let mut times = [Vec::new(), Vec::new()];
    let mut files = [Vec::new(), Vec::new()];
    for _ in 0..rounds.max(1) {
        for (i, encode) in [ours, theirs].into_iter().enumerate() {
            let start = cpu_time();
            files[i] = encode(picture, effort)?;
            times[i].push(cpu_time() - start);
        }
    }
    let plan = Plan::new().with_encode(RawPixels::new());
    let back = transform(&files[0], &plan, &Limits::default())?.bytes;
    if !same(picture, &back) {
        return Err(format!("{name}: other pixels than before").into());
    }
    let [ours, theirs] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    });
    let [bytes, their_bytes] = files.map(|file| file.len());
    let (width, height) = (picture.width, picture.height);
    let (smaller, faster) = (bytes as f64 / their_bytes as f64, ours / theirs);
    println!("| {name} | {width}×{height} | {bytes} | {smaller:.3} | {ours:.1} | {faster:.2} |");
    Ok(())
}

/// Whether all pixels that can be seen are the same.
fn same(picture: &Picture, back: &[u8]) -> bool {
    let channels = back.len() / (picture.width * picture.height);
    let wide = |pixel: &[u8]| match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [red, green, blue] => [red, green, blue, 255],
        [red, green, blue, alpha, ..] => [red, green, blue, alpha],
        [] => [0; 4],
    };
    let before = picture.pixels.chunks_exact(picture.channels).map(wide);
    let mut pairs = before.zip(back.chunks_exact(channels).map(wide));
    pairs.all(|(a, b)| a == b || a[3] == 0 && b[3] == 0)
}

fn ours(picture: &Picture, effort: u8) -> Result<Vec<u8>, Failure> {
    let raw = Raw::new(picture.width as u32, picture.height as u32, picture.channels as u8);
    let encode = Webp::new().with_lossless(true).with_effort(effort);
    let plan = Plan::new().with_input(Input::Raw(raw)).with_encode(encode);
    Ok(transform(&picture.pixels, &plan, &Limits::default())?.bytes)
}

fn theirs(picture: &Picture, _: u8) -> Result<Vec<u8>, Failure> {
    let config = Config {
        lossless: true,
        ..Config::default()
    };
    let rgb: Vec<u8>;
    let pixels = match picture.channels {
        4 => Pixels::Rgba(&picture.pixels),
        3 => Pixels::Rgb(&picture.pixels),
        _ => {
            rgb = picture.pixels.iter().flat_map(|&grey| [grey; 3]).collect();
            Pixels::Rgb(&rgb)
        }
    };
    Ok(keenpix_webp::encode(
        picture.width as u32,
        picture.height as u32,
        pixels,
        &config,
        &mut || true,
    )?)
}
