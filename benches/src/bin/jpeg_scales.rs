//! CPU time of decoding a JPEG at 1, 1/2, 1/4 and 1/8, ours and others': `jpeg-scales [ROUNDS] [FILE…]`.
//!
//! The decoders take turns in every round; the table shows each one's median in milliseconds, with the quartiles.
//! "planes" are Y'CbCr with their subsampled chroma, as the file has them; "RGB" is upsampled and converted.

use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;

use keenpix::Limits;
use keenpix::jpeg::decode::{Decoder, Scale};
use keenpix_benches::{Inputs, cpu_time};
use turbojpeg::{Decompressor, Image, PixelFormat, ScalingFactor, YuvImage};
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

const FILES: [&str; 3] = [
    "photo-2725x2225.jpg",
    "phone-4032x3024.jpg",
    "phone-4032x3024-progressive.jpg",
];
const SCALES: [u8; 4] = [1, 2, 4, 8];

/// Decodes at one over the scale and returns some of the samples; `None` if the decoder has no such scale.
type Decode = fn(&[u8], u8) -> Result<Option<Vec<u8>>, Box<dyn Error>>;

const DECODERS: &[(&str, Decode)] = &[
    ("keenpix, planes", keenpix_planes),
    ("keenpix, RGB", keenpix_rgb),
    ("libjpeg-turbo 3, planes", turbo_planes),
    ("libjpeg-turbo 3, RGB", turbo_rgb),
    ("zune-jpeg, Y'CbCr upsampled", zune_ycbcr),
    ("zune-jpeg, RGB", zune_rgb),
    ("jpeg-decoder, RGB", jpeg_decoder_rgb),
];

#[allow(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let rounds = arguments.next_if(|argument| argument.parse::<usize>().is_ok());
    let rounds = rounds.map_or(Ok(11), |rounds| rounds.parse::<usize>())?.max(1);
    let mut files: Vec<PathBuf> = arguments.map(Into::into).collect();
    if files.is_empty() {
        files = FILES.iter().map(|name| Inputs::find().path(name)).collect();
    }
    for file in files {
        let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!(
            "\n`{name}`, {} bytes; CPU ms, median (quartiles) of {rounds}\n",
            bytes.len()
        );
        println!("| decoder | 1 | 1/2 | 1/4 | 1/8 |\n|---|---|---|---|---|");
        for ((decoder, _), times) in DECODERS.iter().zip(measure(&bytes, rounds)?) {
            let cells: Vec<_> = times.into_iter().map(summary).collect();
            println!("| {decoder} | {} |", cells.join(" | "));
        }
    }
    Ok(())
}

/// For each decoder and each scale, the milliseconds of every round.
fn measure(bytes: &[u8], rounds: usize) -> Result<Vec<Vec<Vec<f64>>>, Box<dyn Error>> {
    let mut times = vec![vec![Vec::new(); SCALES.len()]; DECODERS.len()];
    for round in 0..=rounds {
        for (s, scale) in SCALES.into_iter().enumerate() {
            for (d, (_, decode)) in DECODERS.iter().enumerate() {
                let before = cpu_time();
                let done = black_box(decode(black_box(bytes), scale)?).is_some();
                let milliseconds = (cpu_time() - before).as_secs_f64() * 1e3;
                // The first round warms up.
                if done && round > 0 {
                    times[d][s].push(milliseconds);
                }
            }
        }
    }
    Ok(times)
}

fn summary(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    match times.len() {
        0 => "–".into(),
        n => format!(
            "{:.1} ({:.1}–{:.1})",
            times[n / 2],
            times[n / 4],
            times[(3 * n / 4).min(n - 1)]
        ),
    }
}

fn keenpix_planes(bytes: &[u8], scale: u8) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    Ok(keenpix(bytes, scale)?
        .planes(&Limits::default())?
        .planes
        .pop()
        .map(|plane| plane.data))
}

fn keenpix_rgb(bytes: &[u8], scale: u8) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    Ok(keenpix(bytes, scale)?
        .rgb(&Limits::default())?
        .planes
        .pop()
        .map(|plane| plane.data))
}

fn keenpix(bytes: &[u8], scale: u8) -> Result<Decoder<'_>, Box<dyn Error>> {
    let scale = match scale {
        1 => Scale::Full,
        2 => Scale::Half,
        4 => Scale::Quarter,
        _ => Scale::Eighth,
    };
    Ok(Decoder::new(bytes)?.scale(scale))
}

fn turbo_planes(bytes: &[u8], scale: u8) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    let mut decoder = Decompressor::new()?;
    let factor = ScalingFactor::new(1, scale.into());
    let header = decoder.read_header(bytes)?.scaled(factor);
    decoder.set_scaling_factor(factor)?;
    let length = turbojpeg::yuv_pixels_len(header.width, 4, header.height, header.subsamp)?;
    let mut pixels = vec![0; length];
    let image = YuvImage {
        pixels: &mut pixels[..],
        width: header.width,
        align: 4,
        height: header.height,
        subsamp: header.subsamp,
    };
    decoder.decompress_to_yuv(bytes, image)?;
    Ok(Some(pixels))
}

fn turbo_rgb(bytes: &[u8], scale: u8) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    let mut decoder = Decompressor::new()?;
    let factor = ScalingFactor::new(1, scale.into());
    let header = decoder.read_header(bytes)?.scaled(factor);
    decoder.set_scaling_factor(factor)?;
    let pitch = header.width * 3;
    let mut pixels = vec![0; pitch * header.height];
    let image = Image {
        pixels: &mut pixels[..],
        width: header.width,
        pitch,
        height: header.height,
        format: PixelFormat::RGB,
    };
    decoder.decompress(bytes, image)?;
    Ok(Some(pixels))
}

fn zune_ycbcr(bytes: &[u8], scale: u8) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    zune(bytes, scale, ColorSpace::YCbCr)
}

fn zune_rgb(bytes: &[u8], scale: u8) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    zune(bytes, scale, ColorSpace::RGB)
}

fn zune(bytes: &[u8], scale: u8, space: ColorSpace) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    if scale > 1 {
        return Ok(None);
    }
    let options = DecoderOptions::default().jpeg_set_out_colorspace(space);
    let cursor = zune_core::bytestream::ZCursor::new(bytes);
    let pixels = zune_jpeg::JpegDecoder::new_with_options(cursor, options)
        .decode()
        .map_err(|e| format!("{e:?}"))?;
    Ok(Some(pixels))
}

fn jpeg_decoder_rgb(bytes: &[u8], scale: u8) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.read_info()?;
    let info = decoder.info().ok_or("no header")?;
    let wanted = |side: u16| side.div_ceil(scale.into());
    decoder.scale(wanted(info.width), wanted(info.height))?;
    Ok(Some(decoder.decode()?))
}
