//! Shapes with smooth edges, and letters that nobody can read.

use super::Picture;

/// xorshift64: the same picture for the same seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..8).for_each(|_| _ = random.below(2));
        random
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    pub(super) fn colour(&mut self) -> u32 {
        self.below(1 << 24) as u32
    }
}

type Point = (f32, f32);

/// Strokes within a square of side 1.
pub(super) struct Font {
    size: f32,
    letters: Vec<Vec<(Point, Point)>>,
}

/// RGBA, not premultiplied.
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    pub(super) fn new(width: usize, height: usize, colour: u32) -> Self {
        let [_, r, g, b] = colour.to_be_bytes().map(f32::from);
        Canvas {
            width,
            height,
            pixels: vec![[r, g, b, 255.0]; width * height],
        }
    }

    pub(super) fn clear(width: usize, height: usize) -> Self {
        Canvas {
            width,
            height,
            pixels: vec![[0.0; 4]; width * height],
        }
    }

    /// Paints the part of a box that `coverage` says, with `colour`, both asked at a pixel's middle.
    fn paint(&mut self, from: Point, to: Point, coverage: impl Fn(Point) -> f32, colour: impl Fn(Point) -> [f32; 3]) {
        let columns = from.0.max(0.0) as usize..(to.0.ceil().max(0.0) as usize).min(self.width);
        for y in from.1.max(0.0) as usize..(to.1.ceil().max(0.0) as usize).min(self.height) {
            for x in columns.clone() {
                let at = (x as f32 + 0.5, y as f32 + 0.5);
                let cover = coverage(at).clamp(0.0, 1.0);
                if cover > 0.0 {
                    blend(&mut self.pixels[y * self.width + x], colour(at), cover);
                }
            }
        }
    }

    fn shape(&mut self, from: Point, to: Point, colour: u32, distance: impl Fn(Point) -> f32) {
        self.paint(from, to, |at| 0.5 - distance(at), |_| rgb(colour));
    }

    pub(super) fn rect(&mut self, left: f32, top: f32, right: f32, bottom: f32, colour: u32) {
        let (from, to) = ((left.round(), top.round()), (right.round(), bottom.round()));
        self.paint(from, to, |_| 1.0, |_| rgb(colour));
    }

    pub(super) fn rounded(&mut self, from: Point, to: Point, radius: f32, colour: u32) {
        self.shape(from, to, colour, |at| outside(at, from, to, radius));
    }

    pub(super) fn disc(&mut self, at: Point, radius: f32, colour: u32) {
        let reach = radius + 1.0;
        let (from, to) = ((at.0 - reach, at.1 - reach), (at.0 + reach, at.1 + reach));
        self.shape(from, to, colour, |(x, y)| (x - at.0).hypot(y - at.1) - radius);
    }

    pub(super) fn line(&mut self, a: Point, b: Point, thick: f32, colour: u32) {
        let reach = thick / 2.0 + 1.0;
        let from = (a.0.min(b.0) - reach, a.1.min(b.1) - reach);
        let to = (a.0.max(b.0) + reach, a.1.max(b.1) + reach);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let square = (dx * dx + dy * dy).max(1e-6);
        self.shape(from, to, colour, |(x, y)| {
            let along = (((x - a.0) * dx + (y - a.1) * dy) / square).clamp(0.0, 1.0);
            (x - a.0 - along * dx).hypot(y - a.1 - along * dy) - thick / 2.0
        });
    }

    /// A box with round corners, its colours going from one corner to the other.
    pub(super) fn gradient(&mut self, from: Point, to: Point, ends: [u32; 2]) {
        let [first, last] = ends.map(rgb);
        let radius = (to.0 - from.0).min(to.1 - from.1) * 0.15;
        let coverage = |at| 0.5 - outside(at, from, to, radius);
        self.paint(from, to, coverage, |(x, y)| {
            let t = ((x - from.0) / (to.0 - from.0) + (y - from.1) / (to.1 - from.1)) / 2.0;
            [0, 1, 2].map(|c| (first[c] + (last[c] - first[c]) * t).round())
        });
    }

    pub(super) fn shadow(&mut self, from: Point, to: Point, soft: f32) {
        let (wide, high) = (self.width as f32, self.height as f32);
        let coverage = |at| 0.5 * (1.0 - outside(at, from, to, soft * 2.0) / soft).clamp(0.0, 1.0).powi(2);
        self.paint((0.0, 0.0), (wide, high), coverage, |_| [0.0; 3]);
    }

    pub(super) fn font(&self, random: &mut Random, size: f32) -> Font {
        let mut point = || (0.25 * random.below(3) as f32, 0.25 * random.below(5) as f32);
        let letters = (0..40).map(|_| (0..3).map(|_| (point(), point())).collect()).collect();
        Font { size, letters }
    }

    /// Words, of letters as frequent as those of a language. Returns where they end.
    pub(super) fn text(&mut self, random: &mut Random, font: &Font, at: Point, count: usize, colour: u32) -> f32 {
        let mut x = at.0;
        for _ in 0..count {
            let letter = random.below(40).min(random.below(40));
            if letter > 0 {
                for &(a, b) in &font.letters[letter] {
                    let place = |p: Point| (x + p.0 * font.size, at.1 + p.1 * font.size);
                    self.line(place(a), place(b), font.size * 0.1, colour);
                }
            }
            x += (font.size * 0.7).round();
        }
        x
    }

    fn samples<const N: usize>(&self, of: impl Fn(&[f32; 4]) -> [u8; N]) -> Picture {
        Picture {
            width: self.width,
            height: self.height,
            channels: N,
            pixels: self.pixels.iter().flat_map(of).collect(),
        }
    }

    pub(super) fn grey(&self) -> Picture {
        self.samples(|pixel| [pixel[1].round() as u8])
    }

    pub(super) fn rgb(&self) -> Picture {
        self.samples(|pixel| [pixel[0], pixel[1], pixel[2]].map(|v| v.round() as u8))
    }

    pub(super) fn rgba(&self) -> Picture {
        self.samples(|pixel| pixel.map(|v| v.round() as u8))
    }
}

fn rgb(colour: u32) -> [f32; 3] {
    let [_, r, g, b] = colour.to_be_bytes();
    [r, g, b].map(f32::from)
}

/// The signed distance to a box with round corners.
fn outside((x, y): Point, from: Point, to: Point, radius: f32) -> f32 {
    let beyond = |v: f32, low: f32, high: f32| (v - (low + high) / 2.0).abs() - (high - low) / 2.0 + radius;
    let (dx, dy) = (beyond(x, from.0, to.0), beyond(y, from.1, to.1));
    dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius
}

fn blend(pixel: &mut [f32; 4], colour: [f32; 3], cover: f32) {
    let below = pixel[3] / 255.0 * (1.0 - cover);
    let alpha = cover + below;
    for (v, colour) in pixel.iter_mut().zip(colour) {
        *v = ((colour * cover + *v * below) / alpha).round();
    }
    pixel[3] = (alpha * 255.0).round();
}
