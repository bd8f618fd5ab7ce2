//! Pixel statistics, as in sharp's `stats()`: one pass over the rows, of which three are kept.

use serde::Serialize;

use crate::budget::{Budget, Buffer};
use crate::decode;
use crate::error::{Error, Result};
use crate::image::Layout;
use crate::input::Input;
use crate::limits::Limits;
use crate::panics::unpanicked;
use crate::request::Request;
use crate::request::Tolerate;
use crate::rows::{Frame, RowSink};

/// The result of [`stats`]: statistics of an image's first frame as stored, ignoring orientation and profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Stats {
    /// Statistics of each channel, alpha last.
    pub channels: Vec<ChannelStats>,
    /// Whether every pixel is opaque.
    pub is_opaque: bool,
    /// Entropy of the grey levels, in bits: from 0 for a single colour to 8.
    pub entropy: f64,
    /// Standard deviation of the Laplacian of the grey levels: higher is sharper.
    pub sharpness: f64,
    /// The most frequent colour, of 4,096 possible.
    pub dominant: Dominant,
}

/// Statistics of a channel's samples, which range from 0 to 255.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ChannelStats {
    /// The lowest value.
    pub min: u8,
    /// The highest value.
    pub max: u8,
    /// The sum of all values.
    pub sum: u64,
    /// The sum of their squares.
    pub squares_sum: u64,
    /// The mean.
    pub mean: f64,
    /// The sample standard deviation.
    pub stdev: f64,
    /// The column of the first lowest value.
    pub min_x: u32,
    /// Its row.
    pub min_y: u32,
    /// The column of the first highest value.
    pub max_x: u32,
    /// Its row.
    pub max_y: u32,
}

/// A colour in steps of 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Dominant {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

/// Computes pixel statistics of an image's first frame, with as much damage as `tolerate` accepts.
///
/// # Errors
///
/// Like [`transform`](crate::transform).
///
/// ```
/// use keenpix::input::Tolerate;
/// use keenpix::{Limits, stats};
///
/// let stats = stats(include_bytes!("../../tests/images/rgba.png"), Tolerate::Truncated, &Limits::default())?;
/// assert_eq!(stats.channels.len(), 4);
/// assert!(!stats.is_opaque);
/// # Ok::<(), keenpix::Error>(())
/// ```
pub fn stats(bytes: &[u8], tolerate: Tolerate, limits: &Limits) -> Result<Stats> {
    unpanicked("working out statistics", || {
        let budget = Budget::new(limits);
        limits.check_input(bytes)?;
        let opened = decode::open(bytes, &Input::File, decode::DENSITY, &budget)?;
        limits.check_size(opened.size())?;
        let mut collector = Collector::new(&budget)?;
        opened.decode(&Request::whole(tolerate), &budget, &mut collector, &mut Vec::new())?;
        collector.finish()
    })
}

/// What is counted as the rows arrive.
struct Collector<'a> {
    budget: &'a Budget,
    layout: Layout,
    channels: Vec<Channel>,
    /// Pixels of each of 4,096 colours: green, red, blue, as libvips' histogram is laid out.
    colours: Buffer<u32>,
    greys: [u64; 256],
    /// Grey levels of the last three rows.
    rows: [Option<Buffer<u8>>; 3],
    taken: u32,
    height: u32,
    laplacian: Moments,
}

struct Channel {
    histogram: [u64; 256],
    min: (u8, u32, u32),
    max: (u8, u32, u32),
}

/// Count, sum, and sum of squares.
#[derive(Default)]
struct Moments {
    count: u64,
    sum: i64,
    squares: i64,
}

impl<'a> Collector<'a> {
    fn new(budget: &'a Budget) -> Result<Self> {
        Ok(Collector {
            budget,
            layout: Layout::Grey,
            channels: Vec::new(),
            colours: budget.zeroed(4096, "a histogram")?,
            greys: [0; 256],
            rows: [None, None, None],
            taken: 0,
            height: 0,
            laplacian: Moments::default(),
        })
    }

    fn finish(mut self) -> Result<Stats> {
        if self.taken == 0 || self.taken != self.height {
            return Err(internal(format!("{} rows of {}", self.taken, self.height)));
        }
        self.sharpen(self.taken - 1);
        let pixels = self.greys.iter().sum::<u64>() as f64;
        let shares = self
            .greys
            .iter()
            .filter(|count| **count > 0)
            .map(|count| *count as f64 / pixels);
        // The first of several, as in libvips.
        let most = self.colours.iter().max().copied().unwrap_or_default();
        let bin = self.colours.iter().position(|count| *count == most).unwrap_or_default();
        let level = |bin: usize| (bin % 16 * 16 + 8) as u8;
        let channels: Vec<_> = self.channels.iter().map(Channel::finish).collect();
        Ok(Stats {
            is_opaque: !self.layout.has_alpha() || channels.last().is_some_and(|alpha| alpha.min == 255),
            channels,
            entropy: shares.map(|share| -share * share.log2()).sum::<f64>().abs(),
            sharpness: self.laplacian.deviation() / 9.0,
            dominant: Dominant {
                r: level(bin / 16),
                g: level(bin / 256),
                b: level(bin),
            },
        })
    }

    /// The Laplacian of row `y`, whose neighbours have arrived; edges are repeated.
    fn sharpen(&mut self, y: u32) {
        let last = self.taken - 1;
        let row = |y: u32| self.rows[y as usize % 3].as_deref().unwrap_or(&[]);
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(last)));
        let end = here.len().saturating_sub(1);
        for (x, (&up, (&centre, &down))) in above.iter().zip(here.iter().zip(below)).enumerate() {
            let sides = i64::from(here[x.saturating_sub(1)]) + i64::from(here[(x + 1).min(end)]);
            self.laplacian
                .add(i64::from(up) + i64::from(down) + sides - 4 * i64::from(centre));
        }
    }
}

impl RowSink for Collector<'_> {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        let [plane] = frame.planes[..] else {
            return Err(internal(format!("pixels in the layout {:?}", frame.layout)));
        };
        self.layout = frame.layout;
        self.height = plane.height;
        self.channels = (0..frame.layout.channels()).map(|_| Channel::new()).collect();
        for row in &mut self.rows {
            *row = Some(self.budget.zeroed(plane.width as usize, "rows of grey")?);
        }
        Ok(())
    }

    fn row(&mut self, _: usize, row: &[u8]) -> Result<()> {
        self.budget.check()?;
        let (y, channels) = (self.taken, self.channels.len());
        for (c, channel) in self.channels.iter_mut().enumerate() {
            channel.row(row.iter().skip(c).step_by(channels).copied(), y);
        }
        let Some(greys) = &mut self.rows[y as usize % 3] else {
            return Ok(());
        };
        for (grey, pixel) in greys.iter_mut().zip(row.chunks_exact(channels)) {
            let [red, green, blue] = rgb(pixel, self.layout);
            *grey = match self.layout {
                Layout::Grey | Layout::GreyAlpha => red,
                _ => luminance(red, green, blue),
            };
            self.greys[usize::from(*grey)] += 1;
            self.colours[usize::from(green >> 4) * 256 + usize::from(red >> 4) * 16 + usize::from(blue >> 4)] += 1;
        }
        self.taken += 1;
        if y > 0 {
            self.sharpen(y - 1);
        }
        Ok(())
    }
}

impl Channel {
    fn new() -> Self {
        Channel {
            histogram: [0; 256],
            min: (255, 0, 0),
            max: (0, 0, 0),
        }
    }

    fn row(&mut self, samples: impl Iterator<Item = u8>, y: u32) {
        for (x, sample) in samples.enumerate() {
            self.histogram[usize::from(sample)] += 1;
            if sample < self.min.0 {
                self.min = (sample, x as u32, y);
            }
            if sample > self.max.0 {
                self.max = (sample, x as u32, y);
            }
        }
    }

    fn finish(&self) -> ChannelStats {
        let levels = || self.histogram.iter().zip(0u64..);
        let count: u64 = self.histogram.iter().sum();
        let sum = levels().map(|(count, level)| count * level).sum();
        let squares_sum = levels().map(|(count, level)| count * level * level).sum();
        let moments = Moments {
            count,
            sum: sum as i64,
            squares: squares_sum as i64,
        };
        ChannelStats {
            min: self.min.0,
            max: self.max.0,
            sum,
            squares_sum,
            mean: sum as f64 / count as f64,
            stdev: moments.deviation(),
            min_x: self.min.1,
            min_y: self.min.2,
            max_x: self.max.1,
            max_y: self.max.2,
        }
    }
}

impl Moments {
    fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += value;
        self.squares += value * value;
    }

    /// The sample standard deviation: 0 for a single value.
    fn deviation(&self) -> f64 {
        let (count, sum) = (self.count as f64, self.sum as f64);
        if self.count < 2 {
            return 0.0;
        }
        ((self.squares as f64 - sum * sum / count).abs() / (count - 1.0)).sqrt()
    }
}

fn rgb(pixel: &[u8], layout: Layout) -> [u8; 3] {
    match (layout, pixel) {
        (Layout::Cmyk, &[cyan, magenta, yellow, black]) => [cyan, magenta, yellow].map(|ink| {
            let light = u32::from(255 - ink) * u32::from(255 - black);
            ((light + 127) / 255) as u8
        }),
        (_, &[red, green, blue, ..]) => [red, green, blue],
        (_, &[grey, ..]) => [grey; 3],
        _ => [0; 3],
    }
}

/// Grey as in libvips: BT.709 luminance, of linear light rather than of levels. Converting back, libvips interpolates
/// between 256 rounded levels; so do we, because the entropy depends on the values in between.
fn luminance(red: u8, green: u8, blue: u8) -> u8 {
    use std::sync::LazyLock;
    static LIGHT: LazyLock<[f32; 256]> = LazyLock::new(|| std::array::from_fn(|i| light(i as f64) as f32));
    static LEVELS: LazyLock<[f32; 257]> = LazyLock::new(|| std::array::from_fn(|i| level(i.min(255) as f64 / 255.0)));
    let [red, green, blue] = [red, green, blue].map(|level| LIGHT[usize::from(level)]);
    let index = (0.2126 * red + 0.7152 * green + 0.0722 * blue).clamp(0.0, 1.0) * 255.0;
    let below = index as usize;
    let (low, high) = (LEVELS[below], LEVELS[below + 1]);
    (low + (high - low) * (index - below as f32)).round_ties_even() as u8
}

fn light(level: f64) -> f64 {
    let encoded = level / 255.0;
    if encoded <= 0.04045 {
        encoded / 12.92
    } else {
        ((encoded + 0.055) / 1.055).powf(2.4)
    }
}

/// The nearest level.
fn level(light: f64) -> f32 {
    let encoded = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    };
    (encoded * 255.0).round() as f32
}

fn internal(reason: String) -> Error {
    Error::internal("working out statistics", reason)
}

#[cfg(all(test, feature = "png"))]
mod tests;
