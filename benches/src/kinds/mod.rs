//! Twelve kinds of pictures that PNG is used for, made from a seed at any size.

mod paint;

use keenpix::encode::{Png, RawPixels};
use keenpix::input::{Input, Raw};
use keenpix::{Limits, Plan, Resize, transform};
use paint::{Canvas, Random};

/// A generated picture: rows of interleaved samples of 8 bits.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// 1 (grey), 3 (RGB) or 4 (RGBA).
    pub channels: usize,
    /// `width × height × channels` samples.
    pub pixels: Vec<u8>,
}

impl Picture {
    /// The picture as a PNG file, which keeps its channels.
    ///
    /// # Errors
    ///
    /// A picture of no pixels.
    pub fn to_png(&self) -> keenpix::Result<Vec<u8>> {
        let raw = Raw::new(self.width as u32, self.height as u32, self.channels as u8);
        let encode = Png::new().with_reduce(false);
        let plan = Plan::new().with_input(Input::Raw(raw)).with_encode(encode);
        Ok(transform(&self.pixels, &plan, &Limits::default())?.bytes)
    }
}

/// What makes a picture of a width, a height and a seed.
type Make = fn(usize, usize, u64) -> Picture;

/// The kinds: a name, the size that is usual for it, and how it is made.
pub const KINDS: [(&str, (usize, usize), Make); 12] = [
    ("photo-rgb", (1440, 960), photo_rgb),
    ("photo-rgba", (1024, 768), photo_rgba),
    ("screenshot-light", (1440, 900), |w, h, seed| {
        screenshot(w, h, seed, false)
    }),
    ("screenshot-dark", (1440, 900), |w, h, seed| {
        screenshot(w, h, seed, true)
    }),
    ("chart", (1200, 800), chart),
    ("logo", (800, 600), logo),
    ("icon", (512, 512), icon),
    ("pixel-art", (1280, 960), pixel_art),
    ("scan-1-bit", (1654, 2339), scan_1_bit),
    ("scan-8-bit", (1654, 2339), scan_8_bit),
    ("qr", (1000, 1000), qr),
    ("map", (1200, 1200), map),
];

fn photo(width: usize, height: usize, seed: u64) -> Vec<u8> {
    const PHOTOS: [&str; 3] = ["landscape.jpg", "progressive.jpg", "twelve-megapixels.jpg"];
    let file = crate::example_photo(PHOTOS[(seed % 3) as usize]).expect("a photograph of the repository");
    let size = Resize::new().with_width(width as u32).with_height(height as u32);
    let plan = Plan::new().with_resize(size).with_encode(RawPixels::new());
    transform(&file, &plan, &Limits::default()).expect("a photograph").bytes
}

fn photo_rgb(width: usize, height: usize, seed: u64) -> Picture {
    Picture {
        width,
        height,
        channels: 3,
        pixels: photo(width, height, seed),
    }
}

/// A cut-out with an edge as soft as an eighth of the picture.
fn photo_rgba(width: usize, height: usize, seed: u64) -> Picture {
    let rgb = photo(width, height, seed);
    let (middle, reach) = ((width as f32 / 2.0, height as f32 / 2.0), width.min(height) as f32);
    let pixels = rgb.chunks_exact(3).enumerate().flat_map(|(i, rgb)| {
        let (x, y) = ((i % width) as f32 - middle.0, (i / width) as f32 - middle.1);
        let inside = (0.5 - x.hypot(y) / reach) * 8.0;
        [rgb[0], rgb[1], rgb[2], (inside.clamp(0.0, 1.0) * 255.0) as u8]
    });
    Picture {
        width,
        height,
        channels: 4,
        pixels: pixels.collect(),
    }
}

fn screenshot(width: usize, height: usize, seed: u64, dark: bool) -> Picture {
    let mut random = Random::new(seed ^ 0x5c4e);
    let [page, bar, ink, faint, accent] = match dark {
        true => [0x1e1e1e, 0x2d2d30, 0xd4d4d4, 0x6a9955, 0x007acc],
        false => [0xffffff, 0xf3f4f6, 0x24292f, 0x6e7781, 0x0969da],
    };
    let mut canvas = Canvas::new(width, height, page);
    let (w, h) = (width as f32, height as f32);
    canvas.rect(0.0, 0.0, w, 44.0, bar);
    canvas.rect(0.0, 44.0, 220.0, h, bar);
    canvas.rect(220.0, 44.0, 221.0, h, faint);
    let font = canvas.font(&mut random, 13.0);
    let palette = [ink, ink, faint, accent, 0xc586c0, 0xce9178];
    for row in 0..(height / 24) {
        canvas.text(&mut random, &font, (16.0, 60.0 + row as f32 * 24.0), 24, ink);
    }
    let mut y = 64.0;
    while y < h {
        let indent = random.below(5) as f32 * 24.0;
        let mut x = 250.0 + if dark { indent } else { 0.0 };
        for _ in 0..2 + random.below(8) {
            let colour = if dark { palette[random.below(6)] } else { ink };
            let letters = 4 + random.below(9);
            x = canvas.text(&mut random, &font, (x, y), letters, colour) + 8.0;
        }
        y += if random.below(9) == 0 { 44.0 } else { 19.0 };
        if random.below(24) == 0 && !dark {
            let high = 60.0 + random.below(90) as f32;
            canvas.gradient(
                (250.0, y),
                (250.0 + w * 0.4, y + high),
                [random.colour(), random.colour()],
            );
            y += high + 20.0;
        }
        if random.below(16) == 0 {
            canvas.rounded((250.0, y), (350.0, y + 30.0), 6.0, accent);
            y += 44.0;
        }
    }
    canvas.rgb()
}

fn chart(width: usize, height: usize, seed: u64) -> Picture {
    let mut random = Random::new(seed ^ 0xc4a7);
    let mut canvas = Canvas::new(width, height, 0xffffff);
    let (w, h) = (width as f32, height as f32);
    let font = canvas.font(&mut random, 12.0);
    for line in 0..9 {
        let y = h * (0.1 + 0.1 * line as f32);
        canvas.rect(w * 0.08, y.round(), w * 0.96, y.round() + 1.0, 0xdddddd);
        canvas.text(&mut random, &font, (w * 0.02, y - 6.0), 4, 0x444444);
    }
    for bar in 0..14 {
        let (x, high) = (w * (0.1 + 0.06 * bar as f32), h * 0.01 * (10 + random.below(60)) as f32);
        canvas.rect(x, h * 0.9 - high, x + w * 0.035, h * 0.9, [0x4e79a7, 0xf28e2b][bar % 2]);
        canvas.text(&mut random, &font, (x, h * 0.92), 4, 0x444444);
    }
    for series in [0xe15759, 0x59a14f, 0x76b7b2] {
        let mut at = (w * 0.1, h * 0.01 * (20 + random.below(60)) as f32);
        for step in 1..28 {
            let y = (at.1 + h * 0.01 * (random.below(21) as f32 - 10.0)).clamp(h * 0.1, h * 0.9);
            let to = (w * (0.1 + 0.03 * step as f32), y);
            canvas.line(at, to, 2.0, series);
            canvas.disc(to, 3.5, series);
            at = to;
        }
    }
    canvas.rgb()
}

fn logo(width: usize, height: usize, seed: u64) -> Picture {
    let mut random = Random::new(seed ^ 0x1060);
    let mut canvas = Canvas::clear(width, height);
    let unit = width.min(height) as f32;
    let middle = (width as f32 / 2.0, height as f32 / 2.0);
    let colours = [random.colour(), random.colour(), random.colour()];
    canvas.disc((middle.0, middle.1 * 0.8), unit * 0.3, colours[0]);
    canvas.disc((middle.0 - unit * 0.05, middle.1 * 0.75), unit * 0.2, colours[1]);
    for _ in 0..5 {
        let mut point = || {
            let mut around = || unit * 0.01 * (random.below(60) as f32 - 30.0);
            (middle.0 + around(), middle.1 * 0.8 + around())
        };
        canvas.line(point(), point(), unit * 0.03, colours[2]);
    }
    let font = canvas.font(&mut random, unit * 0.09);
    canvas.text(&mut random, &font, (middle.0 - unit * 0.35, unit * 0.82), 9, colours[0]);
    canvas.rgba()
}

fn icon(width: usize, height: usize, seed: u64) -> Picture {
    let mut random = Random::new(seed ^ 0x1c09);
    let mut canvas = Canvas::clear(width, height);
    let unit = width.min(height) as f32;
    canvas.shadow((unit * 0.15, unit * 0.2), (unit * 0.85, unit * 0.9), unit * 0.06);
    let ends = [random.colour(), random.colour()];
    canvas.gradient((unit * 0.15, unit * 0.15), (unit * 0.85, unit * 0.85), ends);
    canvas.disc((unit * 0.5, unit * 0.45), unit * 0.18, 0xffffff);
    canvas.rounded(
        (unit * 0.25, unit * 0.66),
        (unit * 0.75, unit * 0.76),
        unit * 0.05,
        0xffffff,
    );
    canvas.rgba()
}

/// Tiles of 16 × 16 in twelve colours, each pixel four wide.
fn pixel_art(width: usize, height: usize, seed: u64) -> Picture {
    let mut random = Random::new(seed ^ 0x91e1);
    let colours: Vec<u32> = (0..12).map(|_| random.colour()).collect();
    let tiles: Vec<Vec<usize>> = (0..24)
        .map(|_| {
            let (ground, figure, light) = (random.below(4), 4 + random.below(8), 4 + random.below(8));
            let pixel = |_| match random.below(8) {
                0 | 1 => figure,
                2 => light,
                _ => ground,
            };
            (0..256).map(pixel).collect()
        })
        .collect();
    let across = width.div_ceil(64);
    let places: Vec<usize> = (0..across * height.div_ceil(64))
        .map(|_| random.below(6).min(random.below(24)))
        .collect();
    let pixels = (0..width * height).flat_map(|i| {
        let (x, y) = (i % width, i / width);
        let tile = &tiles[places[y / 64 * across + x / 64]];
        let [_, r, g, b] = colours[tile[y / 4 % 16 * 16 + x / 4 % 16]].to_be_bytes();
        [r, g, b]
    });
    Picture {
        width,
        height,
        channels: 3,
        pixels: pixels.collect(),
    }
}

/// A page of text in grey: paper, ink, and the noise of a sensor.
fn page(width: usize, height: usize, seed: u64, noise: usize) -> Picture {
    let mut random = Random::new(seed ^ 0x5ca9);
    let mut canvas = Canvas::new(width, height, 0xf6f6f6);
    let (w, h) = (width as f32, height as f32);
    let font = canvas.font(&mut random, w / 60.0);
    let mut y = h * 0.08;
    while y < h * 0.92 {
        let letters = if random.below(7) == 0 { 20 } else { 72 };
        canvas.text(&mut random, &font, (w * 0.1, y), letters, 0x1c1c1c);
        y += w / 34.0;
    }
    let mut grey = canvas.grey();
    for pixel in &mut grey.pixels {
        let shift = random.below(noise) + random.below(noise);
        *pixel = (usize::from(*pixel) + shift).saturating_sub(noise - 1).min(255) as u8;
    }
    grey
}

fn scan_1_bit(width: usize, height: usize, seed: u64) -> Picture {
    let mut scan = page(width, height, seed, 90);
    scan.pixels
        .iter_mut()
        .for_each(|pixel| *pixel = if *pixel < 128 { 0 } else { 255 });
    scan
}

fn scan_8_bit(width: usize, height: usize, seed: u64) -> Picture {
    page(width, height, seed, 4)
}

fn qr(width: usize, height: usize, seed: u64) -> Picture {
    const MODULES: usize = 41;
    let mut random = Random::new(seed ^ 0x99);
    let dark: Vec<bool> = (0..MODULES * MODULES)
        .map(|i| {
            let (x, y) = (i % MODULES, i / MODULES);
            let corner = |x: usize, y: usize| (x < 8 && y < 8).then(|| x.abs_diff(3).max(y.abs_diff(3)));
            let rings = corner(x, y)
                .or_else(|| corner(MODULES - 1 - x, y))
                .or_else(|| corner(x, MODULES - 1 - y));
            rings.map_or_else(|| random.below(2) == 0, |ring| ring != 2 && ring != 4)
        })
        .collect();
    let module = |at: usize, all: usize| (at * (MODULES + 8) / all).checked_sub(4).filter(|&at| at < MODULES);
    let pixels = (0..width * height).flat_map(|i| {
        let at = module(i % width, width).zip(module(i / width, height));
        [if at.is_some_and(|(x, y)| dark[y * MODULES + x]) {
            0
        } else {
            255
        }; 3]
    });
    Picture {
        width,
        height,
        channels: 3,
        pixels: pixels.collect(),
    }
}

fn map(width: usize, height: usize, seed: u64) -> Picture {
    let mut random = Random::new(seed ^ 0x3a9);
    let mut canvas = Canvas::new(width, height, 0xf2efe9);
    let (w, h) = (width as f32, height as f32);
    for _ in 0..40 {
        let at = (w * 0.01 * random.below(100) as f32, h * 0.01 * random.below(100) as f32);
        let radius = w * 0.01 * (1 + random.below(8)) as f32;
        canvas.disc(at, radius, [0xaad3df, 0xc8facc, 0xadd19e, 0xe0dfdf][random.below(4)]);
    }
    for (count, thick, colour) in [(70, 3.0, 0xffffff), (18, 6.0, 0xf9d29d), (6, 9.0, 0xe892a2)] {
        for _ in 0..count {
            let mut at = (w * 0.01 * random.below(100) as f32, h * 0.01 * random.below(100) as f32);
            let mut heading = random.below(628) as f32 / 100.0;
            for _ in 0..12 {
                heading += random.below(100) as f32 / 100.0 - 0.5;
                let to = (at.0 + heading.cos() * w * 0.06, at.1 + heading.sin() * w * 0.06);
                canvas.line(at, to, thick + 2.0, 0xb0a89c);
                canvas.line(at, to, thick, colour);
                at = to;
            }
        }
    }
    let font = canvas.font(&mut random, 12.0);
    for _ in 0..60 {
        let at = (w * 0.01 * random.below(90) as f32, h * 0.01 * random.below(97) as f32);
        canvas.text(&mut random, &font, at, 5, 0x333333);
    }
    canvas.rgb()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_at_every_size_is_the_same_each_time() {
        for (name, _, make) in KINDS {
            for (width, height) in [(1, 1), (37, 23), (160, 120)] {
                let picture = make(width, height, 3);
                assert_eq!(picture.pixels.len(), width * height * picture.channels, "{name}");
                assert!(picture.pixels == make(width, height, 3).pixels, "{name}");
            }
        }
    }
}
