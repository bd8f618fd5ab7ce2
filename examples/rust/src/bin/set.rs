//! A responsive set: several widths of one image, which is decoded once, and the HTML that offers them.
//!
//!     cargo run -p keenpix-examples --bin set -- photo.jpg out/

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

use keenpix::encode::{Jpeg, Webp};
use keenpix::{Limits, Plan, Resize, transform_many};

const WIDTHS: [u32; 3] = [320, 640, 1280];

fn main() -> Result<(), Box<dyn Error>> {
    let [input, folder] = &env::args().skip(1).collect::<Vec<_>>()[..] else {
        return Err("usage: set INPUT FOLDER".into());
    };
    let sized = |width| Plan::new().with_resize(Resize::new().with_width(width).with_enlarge(false));
    // WebP for browsers that choose from `srcset`, and one JPEG for clients that don't support it.
    let mut plans: Vec<Plan> = WIDTHS
        .map(|width| sized(width).with_encode(Webp::new().with_quality(80)))
        .into();
    plans.push(sized(WIDTHS[1]).with_encode(Jpeg::new().with_quality(80)));

    let images = transform_many(&fs::read(input)?, &plans, &Limits::default())?;
    let stem = Path::new(input).file_stem().unwrap_or_default().to_string_lossy();
    fs::create_dir_all(folder)?;
    let mut names = Vec::new();
    for image in &images {
        // An image smaller than a width is not enlarged, so the name has its actual width.
        let name = format!("{stem}-{}.{}", image.width, image.format.extension());
        fs::write(Path::new(folder).join(&name), &image.bytes)?;
        names.push((name, image));
    }
    let Some(((fallback, image), webp)) = names.split_last() else {
        return Ok(());
    };
    let set: Vec<String> = webp
        .iter()
        .map(|(name, image)| format!("{name} {}w", image.width))
        .collect();
    println!("<picture>");
    println!(
        "  <source type=\"image/webp\" srcset=\"{}\" sizes=\"100vw\">",
        set.join(", ")
    );
    println!(
        "  <img src=\"{fallback}\" width=\"{}\" height=\"{}\">",
        image.width, image.height
    );
    println!("</picture>");
    Ok(())
}
