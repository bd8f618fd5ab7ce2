//! Layers on top of an image, from the first to the last, row by row.
//!
//! Between the layers a row keeps its fractions, and it is rounded once at the end. The numbers are those of libvips'
//! `vips_composite` in sRGB, and the places those of sharp, which most overlays are made for.

mod blend;
mod layer;
mod source;

pub use blend::Blend;
pub use source::Source;

use serde::{Deserialize, Serialize};

use crate::budget::{Budget, Buffer};
use crate::error::{Error, Reason, Result};
use crate::image::{Image, Layout, Plane};
use crate::options::options;
use crate::position::Anchor;

use super::{Context, EffectOptions};
use layer::Pixels;

/// The pixels of a composite's layers that are files or drawings, as interleaved grey or RGB with or without alpha;
/// `None` for the layers whose pixels are in the plan.
pub(crate) type LayerPixels = Vec<Option<Image>>;

options! {
    /// Other pictures on top, from the first to the last. The result has colour and alpha, whatever the picture had.
    ///
    /// ```
    /// use keenpix::effect::{Blend, Composite, Layer, Source};
    /// use keenpix::plan::Base64;
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../../tests/images/420.jpg");
    /// let mark = Base64::from(&include_bytes!("../../../tests/images/rgba.png")[..]);
    /// let layer = Layer::new(Source::File(mark)).with_offset(8, 8).with_blend(Blend::Screen);
    /// let plan = Plan::new().with_effect(Composite::new().with_layer(layer));
    /// let marked = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!(marked.channels, 3);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Composite {
        /// The images, from bottom to top.
        layers (with_layers): Vec<Layer> = Vec::new();
    }
}

impl Composite {
    /// Adds to [`Composite::layers`].
    pub fn with_layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }

    fn each(&self, look: impl Fn(&Layer) -> Result<()>) -> Result<()> {
        let mut list = self.layers.iter().enumerate();
        list.try_for_each(|(index, layer)| look(layer).map_err(|error| error.at(format_args!("layers[{index}]"))))
    }
}

/// An image to put on top of another.
///
/// ```
/// use keenpix::{Limits, Plan, transform};
///
/// let plan = Plan::from_json(r##"{"effects": [{"effect": "composite", "layers": [{
///     "source": {"create": {"width": 8, "height": 8, "channels": 4, "background": "#ff000080"}},
///     "position": "right bottom",
///     "blend": "multiply"
/// }]}]}"##)?;
/// let stamped = transform(include_bytes!("../../../tests/images/rgb.png"), &plan, &Limits::default())?;
/// assert!(stamped.alpha);
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Layer {
    /// Where its pixels come from.
    pub source: Source,
    /// Columns from the left edge; may be negative. Needs `top`. Default: from `position`.
    #[serde(default)]
    pub left: Option<i32>,
    /// Rows from the top edge; may be negative. Needs `left`.
    #[serde(default)]
    pub top: Option<i32>,
    /// Where it goes if `left` and `top` are not given. Default: `centre`.
    #[serde(default)]
    pub position: Anchor,
    /// How the two are blended. Default: `over`.
    #[serde(default)]
    pub blend: Blend,
    /// Whether to repeat it over the whole image. Default: `false`.
    #[serde(default)]
    pub tile: bool,
}

impl Layer {
    /// A layer in the middle, over what lies below it.
    pub fn new(source: Source) -> Self {
        Layer {
            source,
            left: None,
            top: None,
            position: Anchor::default(),
            blend: Blend::default(),
            tile: false,
        }
    }

    /// Sets [`Layer::left`] and [`Layer::top`].
    pub fn with_offset(mut self, left: i32, top: i32) -> Self {
        (self.left, self.top) = (Some(left), Some(top));
        self
    }

    /// Sets [`Layer::position`].
    pub fn with_position(mut self, position: Anchor) -> Self {
        self.position = position;
        self
    }

    /// Sets [`Layer::blend`].
    pub fn with_blend(mut self, blend: Blend) -> Self {
        self.blend = blend;
        self
    }

    /// Sets [`Layer::tile`].
    pub fn with_tile(mut self, tile: bool) -> Self {
        self.tile = tile;
        self
    }

    fn check(&self) -> Result<()> {
        if self.left.is_some() != self.top.is_some() {
            let (missing, given) = if self.left.is_some() {
                ("top", "left")
            } else {
                ("left", "top")
            };
            let expected = format_args!("a number, as `{given}` is given: both, or neither").to_string();
            return Err(Error::out_of_range(missing, expected, "nothing").because(Reason::Contradiction));
        }
        if matches!(self.position, Anchor::Entropy | Anchor::Attention) {
            let expected = "a side, a corner or `centre`: a layer is kept whole";
            return Err(Error::out_of_range("position", expected, self.position.name()));
        }
        self.source.check().map_err(|error| error.at("source"))
    }

    /// Refuses a layer of this size that is larger than the picture.
    pub(crate) fn check_size(&self, layer: (u32, u32), picture: (u32, u32)) -> Result<()> {
        if layer.0 <= picture.0 && layer.1 <= picture.1 {
            return Ok(());
        }
        let expected = format_args!("at most {}×{} pixels", picture.0, picture.1);
        let got = format_args!("{}×{} pixels", layer.0, layer.1);
        Err(Error::out_of_range("", expected, got).because(Reason::LayerTooLarge))
    }
}

impl EffectOptions for Composite {
    fn check(&self) -> Result<()> {
        self.each(Layer::check)
    }

    fn size(&self, size: (u32, u32)) -> Result<(u32, u32)> {
        self.each(|layer| layer.source.size().map_or(Ok(()), |own| layer.check_size(own, size)))?;
        Ok(size)
    }

    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        lay(image, &self.layers, context)
    }
}

fn lay(image: Image, layers: &[Layer], context: &Context) -> Result<Image> {
    if layers.is_empty() {
        return Ok(image);
    }
    let size = (image.width, image.height);
    let budget = context.budget;
    let layers = layers
        .iter()
        .enumerate()
        .map(|(index, layer)| {
            Placed::new(layer, context.layers.get(index).and_then(Option::as_ref), size)
                .map_err(|error| error.at(format_args!("layers[{index}]")))
        })
        .collect::<Result<Vec<_>>>()?;
    let width = image.width as usize;
    let mut below: Buffer<[f32; 4]> = budget.zeroed(width, "a row of a composite")?;
    let mut above: Buffer<[u8; 4]> = budget.zeroed(width, "a row of a layer")?;
    let mut canvas = Canvas::new(image, budget)?;
    for y in 0..size.1 {
        budget.check()?;
        let touched = |layer: &Placed| !blend::keeps_surroundings(layer.blend) || layer.covers(y);
        if !layers.iter().any(touched) {
            canvas.keep(y);
            continue;
        }
        canvas.load(y, &mut below);
        for layer in layers.iter().filter(|layer| touched(layer)) {
            let columns = layer.row(y, &mut above);
            blend::row(layer.blend, &mut below[columns.clone()], &above[columns]);
        }
        canvas.store(y, &below);
    }
    Ok(canvas.into_image())
}

/// A layer with its pixels, and where they go.
struct Placed<'a> {
    pixels: Pixels<'a>,
    left: i64,
    top: i64,
    blend: Blend,
    tile: bool,
}

impl<'a> Placed<'a> {
    fn new(layer: &'a Layer, decoded: Option<&'a Image>, (width, height): (u32, u32)) -> Result<Self> {
        let pixels = Pixels::of(layer, decoded)?;
        let (layer_width, layer_height) = (pixels.width, pixels.height);
        layer.check_size((layer_width, layer_height), (width, height))?;
        let offset = layer
            .left
            .zip(layer.top)
            .map(|(left, top)| (i64::from(left), i64::from(top)));
        let sides = sides(layer.position);
        let (left, top) = match (layer.tile, offset) {
            (false, Some(offset)) => offset,
            (false, None) => (
                gravity(sides.0, width.into(), layer_width.into()),
                gravity(sides.1, height.into(), layer_height.into()),
            ),
            (true, _) => (
                tile_start(sides.0, width, layer_width, offset.map(|(left, _)| left)),
                tile_start(sides.1, height, layer_height, offset.map(|(_, top)| top)),
            ),
        };
        Ok(Placed {
            pixels,
            left,
            top,
            blend: layer.blend,
            tile: layer.tile,
        })
    }

    /// Whether the layer has pixels in this row.
    fn covers(&self, y: u32) -> bool {
        self.tile || (self.top..self.top + i64::from(self.pixels.height)).contains(&i64::from(y))
    }

    /// Fills the columns of `out` that the layer has something to say about, and tells which these are.
    fn row(&self, y: u32, out: &mut [[u8; 4]]) -> std::ops::Range<usize> {
        let (width, height) = (i64::from(self.pixels.width), i64::from(self.pixels.height));
        let y = i64::from(y) - self.top;
        if self.tile {
            let y = y.rem_euclid(height) as u32;
            let mut x = (-self.left).rem_euclid(width) as usize;
            let mut start = 0;
            while start < out.len() {
                let length = (width as usize - x).min(out.len() - start);
                self.pixels.copy(y, x, &mut out[start..start + length]);
                (start, x) = (start + length, 0);
            }
            return 0..out.len();
        }
        let first = self.left.clamp(0, out.len() as i64);
        let end = (self.left + width).clamp(first, out.len() as i64);
        let columns = first as usize..end as usize;
        if (0..height).contains(&y) && !columns.is_empty() {
            self.pixels
                .copy(y as u32, (first - self.left) as usize, &mut out[columns.clone()]);
            if blend::keeps_surroundings(self.blend) {
                return columns;
            }
            out[..columns.start].fill([0; 4]);
            out[columns.end..].fill([0; 4]);
        } else {
            out.fill([0; 4]);
        }
        0..out.len()
    }
}

/// The picture: its rows as they were until they are stored, then with layers.
struct Canvas {
    /// The picture, if it has to be widened to RGBA; otherwise it is `plane` itself.
    source: Option<Image>,
    plane: Plane,
}

impl Canvas {
    fn new(mut image: Image, budget: &Budget) -> Result<Self> {
        let internal = || {
            Error::internal(
                "laying pictures on each other",
                format!("pixels in the layout {:?}", image.layout),
            )
        };
        match image.layout {
            Layout::Rgba => Ok(Canvas {
                plane: image.planes.pop().ok_or_else(internal)?,
                source: None,
            }),
            Layout::Grey | Layout::GreyAlpha | Layout::Rgb => Ok(Canvas {
                plane: Plane::new(image.width, image.height, 4, budget)?,
                source: Some(image),
            }),
            Layout::YCbCr | Layout::Cmyk => Err(internal()),
        }
    }

    /// A row as it is.
    fn keep(&mut self, y: u32) {
        if let Some(image) = &self.source {
            image
                .layout
                .widen(image.planes[0].row(y), self.plane.row_mut(y).as_chunks_mut().0);
        }
    }

    /// A row, premultiplied, from 0 to 1.
    fn load(&mut self, y: u32, row: &mut [[f32; 4]]) {
        self.keep(y);
        for (out, pixel) in row.iter_mut().zip(self.plane.row(y).as_chunks::<4>().0) {
            *out = blend::premultiplied(*pixel);
        }
    }

    fn store(&mut self, y: u32, row: &[[f32; 4]]) {
        for (out, pixel) in self.plane.row_mut(y).as_chunks_mut::<4>().0.iter_mut().zip(row) {
            *out = blend::levels(*pixel);
        }
    }

    fn into_image(self) -> Image {
        Image {
            width: self.plane.width,
            height: self.plane.height,
            layout: Layout::Rgba,
            planes: vec![self.plane],
        }
    }
}

/// Where something is along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Start,
    Middle,
    End,
}

fn sides(anchor: Anchor) -> (Side, Side) {
    use Side::{End, Middle, Start};
    match anchor {
        // Searches were refused earlier.
        Anchor::Centre | Anchor::Entropy | Anchor::Attention => (Middle, Middle),
        Anchor::Top => (Middle, Start),
        Anchor::RightTop => (End, Start),
        Anchor::Right => (End, Middle),
        Anchor::RightBottom => (End, End),
        Anchor::Bottom => (Middle, End),
        Anchor::LeftBottom => (Start, End),
        Anchor::Left => (Start, Middle),
        Anchor::LeftTop => (Start, Start),
    }
}

/// Where a piece of `inner` starts within `outer`: what can't be halved goes to the start.
fn gravity(side: Side, outer: i64, inner: i64) -> i64 {
    match side {
        Side::Start => 0,
        Side::Middle => (outer - inner + 1) / 2,
        Side::End => outer - inner,
    }
}

/// Where the first tile starts: 0, or left of it. The tiles are laid out side by side, as many as cover the picture, an
/// odd number where they are centred, and the picture is cut out of them at `offset` or by gravity.
fn tile_start(side: Side, length: u32, tile: u32, offset: Option<i64>) -> i64 {
    let count = i64::from(length.div_ceil(tile)) | i64::from(side == Side::Middle);
    let (all, length) = (count * i64::from(tile), i64::from(length));
    -match offset {
        Some(offset) => offset.min(all - length),
        None => gravity(side, all, length),
    }
}

#[cfg(test)]
mod tests;
