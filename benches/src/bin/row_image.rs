//! The runner for `image` with `fast_image_resize`, combined as their documentation shows; libwebp writes lossy WebP,
//! which `image` can't.

use std::error::Error;
use std::io::Cursor;

use fast_image_resize::{ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use keenpix_benches::{Runner, run};
use keenpix_webp::{Config, Pixels};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    run(&Runner {
        version: "image 0.25 + fast_image_resize 6".into(),
        work,
    })
}

fn work(bytes: &[u8], plans: &[Value]) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut decoder = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()?
        .into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut source = DynamicImage::from_decoder(decoder)?;
    source.apply_orientation(orientation);
    plans
        .iter()
        .map(|plan| encode(&resize(&source, &plan["resize"])?, &plan["encode"]))
        .collect()
}

fn resize(source: &DynamicImage, plan: &Value) -> Result<DynamicImage, Box<dyn Error>> {
    let (width, height) = (source.width(), source.height());
    let side = |name: &str| plan[name].as_u64().map(|side| side as u32);
    let (out_width, out_height) = match (side("width"), side("height")) {
        (Some(out_width), Some(out_height)) => (out_width, out_height),
        (Some(out_width), None) => (out_width, from_ratio(height, out_width, width)),
        (None, Some(out_height)) => (from_ratio(width, out_height, height), out_height),
        (None, None) => return Err("the plan has no size".into()),
    };
    let mut output = DynamicImage::new(out_width, out_height, source.color());
    let options = ResizeOptions::new().fit_into_destination(None);
    Resizer::new().resize(source, &mut output, &options)?;
    Ok(output)
}

fn from_ratio(side: u32, out: u32, of: u32) -> u32 {
    (f64::from(side) * f64::from(out) / f64::from(of)).round().max(1.0) as u32
}

fn encode(image: &DynamicImage, plan: &Value) -> Result<Vec<u8>, Box<dyn Error>> {
    let quality = plan["quality"].as_u64().unwrap_or(80) as u8;
    let mut file = Vec::new();
    match plan["format"].as_str() {
        Some("jpeg") => image
            .to_rgb8()
            .write_with_encoder(JpegEncoder::new_with_quality(&mut file, quality))?,
        Some("png") => image.write_to(&mut Cursor::new(&mut file), ImageFormat::Png)?,
        Some("webp") => {
            let config = Config {
                quality: quality.into(),
                method: plan["effort"].as_u64().unwrap_or(4) as u8,
                ..Config::default()
            };
            let rgb = image.to_rgb8();
            file = keenpix_webp::encode(rgb.width(), rgb.height(), Pixels::Rgb(&rgb), &config, &mut || true)?;
        }
        other => return Err(format!("{other:?} is not written here").into()),
    }
    Ok(file)
}
