//! Decodes AV1 data to samples: one image, or a grid of them assembled.

use keenpix_avif_decode as av1;

use super::boxes::bad;
use super::meta::Nclx;
use super::overrun::{self, Work};
use super::source::Coded;
use super::tile;
use crate::budget::{Budget, Buffer, Reserved};
use crate::error::Result;

/// Decoded samples, in their coded depth.
pub(super) enum Samples {
    Picture(
        Box<av1::Picture>,
        #[expect(dead_code, reason = "held until the picture's memory is free")] Reserved,
    ),
    Canvas(Canvas),
}

/// A grid's tiles in one piece.
pub(super) struct Canvas {
    shape: Shape,
    planes: Vec<Buffer<u16>>,
}

/// The description of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) bits: u8,
    pub(super) planes: usize,
    pub(super) half_width: bool,
    pub(super) half_height: bool,
}

impl Shape {
    /// Columns and rows of a plane.
    pub(super) fn plane(&self, plane: usize) -> (usize, usize) {
        let half = |size: usize, half: bool| if half && plane > 0 { size.div_ceil(2) } else { size };
        (half(self.width, self.half_width), half(self.height, self.half_height))
    }
}

impl Samples {
    pub(super) fn shape(&self) -> Shape {
        match self {
            Samples::Canvas(canvas) => canvas.shape,
            Samples::Picture(picture, _) => shape_of(picture),
        }
    }

    /// What the AV1 data says about colour; a canvas has lost it.
    pub(super) fn colour(&self) -> Option<Nclx> {
        match self {
            Samples::Picture(picture, _) => picture.colour().map(|colour| Nclx {
                primaries: colour.primaries.into(),
                transfer: colour.transfer.into(),
                matrix: colour.matrix.into(),
                full_range: colour.full_range,
            }),
            Samples::Canvas(_) => None,
        }
    }

    /// A row of 8-bit samples, if that is what there is.
    pub(super) fn row8(&self, plane: usize, y: usize) -> Option<&[u8]> {
        match self {
            Samples::Picture(picture, _) => picture.row(plane, y),
            Samples::Canvas(_) => None,
        }
    }

    /// Copies a row as coded; the excess part of `row` is unchanged.
    pub(super) fn copy_row(&self, plane: usize, y: usize, row: &mut [u16]) {
        match self {
            Samples::Picture(picture, _) => copy_row(picture, plane, y, row),
            Samples::Canvas(canvas) => {
                let width = canvas.shape.plane(plane).0;
                let samples = canvas
                    .planes
                    .get(plane)
                    .and_then(|plane| plane.get(y * width..)?.get(..width));
                for (to, &from) in row.iter_mut().zip(samples.unwrap_or_default()) {
                    *to = from;
                }
            }
        }
    }
}

/// Decodes a coded picture.
pub(super) fn decode(coded: &Coded, budget: &Budget) -> Result<Samples> {
    if budget.remaining().is_some() {
        let mut all = Work::default();
        for part in &coded.tiles {
            all += tile::work(part, budget)?;
        }
        overrun::check(all, budget)?;
    }
    match coded.tiles.as_slice() {
        [only] if coded.columns * coded.rows == 1 => {
            let (picture, booked) = tile::decode(only, budget)?;
            Ok(Samples::Picture(Box::new(picture), booked))
        }
        _ => decode_grid(coded, budget).map(Samples::Canvas),
    }
}

fn decode_grid(coded: &Coded, budget: &Budget) -> Result<Canvas> {
    let mut canvas: Option<Canvas> = None;
    for (part, index) in coded.tiles.iter().zip(0usize..) {
        let (picture, _booked) = tile::decode(part, budget)?;
        let shape = Shape {
            width: coded.width as usize,
            height: coded.height as usize,
            ..shape_of(&picture)
        };
        // Chroma samples must align at the seams.
        let odd = |size: u32, half: bool| half && size % 2 == 1;
        if odd(part.width, shape.half_width) || odd(part.height, shape.half_height) {
            return Err(bad(format!(
                "grid tiles of {} × {} with halved chroma",
                part.width, part.height
            )));
        }
        let canvas = match &mut canvas {
            Some(canvas) if canvas.shape == shape => canvas,
            Some(_) => return Err(bad("the tiles of a grid differ in depth or chroma")),
            None => canvas.insert(Canvas::new(shape, budget)?),
        };
        let (row, column) = (index / coded.columns as usize, index % coded.columns as usize);
        canvas.paste(
            &picture,
            column * part.width as usize,
            row * part.height as usize,
            budget,
        )?;
    }
    canvas.ok_or_else(|| bad("a grid without tiles"))
}

impl Canvas {
    fn new(shape: Shape, budget: &Budget) -> Result<Self> {
        let planes = (0..shape.planes).map(|plane| {
            let (width, height) = shape.plane(plane);
            budget.zeroed(width.saturating_mul(height), "the pictures of a grid")
        });
        Ok(Canvas {
            shape,
            planes: planes.collect::<Result<_>>()?,
        })
    }

    fn paste(&mut self, picture: &av1::Picture, left: usize, top: usize, budget: &Budget) -> Result<()> {
        let shape = self.shape;
        for (plane, samples) in self.planes.iter_mut().enumerate() {
            let (width, height) = shape.plane(plane);
            let left = if shape.half_width && plane > 0 { left / 2 } else { left };
            let top = if shape.half_height && plane > 0 { top / 2 } else { top };
            for y in top..height.min(top.saturating_add(picture.plane_size(plane).1)) {
                let row = samples.get_mut(y * width..).and_then(|rest| rest.get_mut(left..width));
                copy_row(picture, plane, y - top, row.unwrap_or_default());
            }
        }
        budget.check()
    }
}

fn copy_row(picture: &av1::Picture, plane: usize, y: usize, row: &mut [u16]) {
    if let Some(samples) = picture.row(plane, y) {
        row.iter_mut().zip(samples).for_each(|(to, &from)| *to = from.into());
    } else if let Some(samples) = picture.row16(plane, y) {
        row.iter_mut().zip(samples).for_each(|(to, &from)| *to = from);
    }
}

fn shape_of(picture: &av1::Picture) -> Shape {
    let (half_width, half_height) = picture.subsampling();
    Shape {
        width: picture.width(),
        height: picture.height(),
        bits: picture.bits(),
        planes: picture.planes(),
        half_width,
        half_height,
    }
}
