//! Turns one image into another: upright, at most 800 pixels wide and high, as WebP.
//!
//!     cargo run -p keenpix-examples --bin transform -- photo.jpg small.webp

use std::env;
use std::error::Error;
use std::fs;

use keenpix::encode::Webp;
use keenpix::{Fit, Limits, Plan, Resize, transform};

fn main() -> Result<(), Box<dyn Error>> {
    let [input, output] = &env::args().skip(1).collect::<Vec<_>>()[..] else {
        return Err("usage: transform INPUT OUTPUT".into());
    };
    let resize = Resize::new()
        .with_width(800)
        .with_height(800)
        .with_fit(Fit::Inside)
        .with_enlarge(false);
    let plan = Plan::new()
        .with_resize(resize)
        .with_encode(Webp::new().with_quality(80));
    let image = transform(&fs::read(input)?, &plan, &Limits::default())?;
    fs::write(output, &image.bytes)?;
    println!(
        "{output}: {}×{}, {} bytes",
        image.width,
        image.height,
        image.bytes.len()
    );
    for warning in &image.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(())
}
