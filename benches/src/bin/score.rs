//! SSIMULACRA2 of images against references: reads lines `WIDTH HEIGHT REFERENCE PICTURE` from standard input, and
//! writes a score for each.
//!
//! Both files contain interleaved linear light, red, green and blue, as 32-bit floats in native byte order, so that a
//! reference is never rounded.

use std::error::Error;

use fast_ssim2::{PixelDescriptor, PixelSlice, compute_ssimulacra2};

#[allow(clippy::print_stdout, reason = "the scores are what the program is for")]
fn main() -> Result<(), Box<dyn Error>> {
    for line in std::io::stdin().lines() {
        let line = line?;
        let [width, height, reference, picture] = line.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("expected WIDTH HEIGHT REFERENCE PICTURE, got {line:?}").into());
        };
        println!("{:.4}", score(width.parse()?, height.parse()?, reference, picture)?);
    }
    Ok(())
}

fn score(width: u32, height: u32, reference: &str, picture: &str) -> Result<f64, Box<dyn Error>> {
    let (reference, picture) = (std::fs::read(reference)?, std::fs::read(picture)?);
    let stride = width as usize * 3 * size_of::<f32>();
    let view = |bytes| PixelSlice::new(bytes, width, height, stride, PixelDescriptor::RGBF32_LINEAR);
    Ok(compute_ssimulacra2(&view(&reference)?, &view(&picture)?)?)
}
