//! Borders around a picture.

use serde::{Deserialize, Serialize};

use crate::budget::{Budget, Buffer};
use crate::colour::Colour;
use crate::error::{Error, Result};
use crate::image::{Image, Plane};
use crate::options::options;

use super::shared::channels;
use super::{Context, EffectOptions};

options! {
    /// A border.
    ///
    /// ```
    /// use keenpix::effect::{Edge, Extend};
    /// use keenpix::{Limits, Plan, transform};
    ///
    /// let photo = include_bytes!("../../tests/images/rgb.png"); // 64 × 48
    /// let plan = Plan::new().with_effect(Extend::new().with_top(8).with_bottom(8).with_edge(Edge::Mirror));
    /// let framed = transform(photo, &plan, &Limits::default())?;
    /// assert_eq!((framed.width, framed.height), (64, 64));
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Extend {
        /// Rows to add at the top. Default: 0.
        top (with_top): u32 = 0;
        /// Columns to add on the right. Default: 0.
        right (with_right): u32 = 0;
        /// Rows to add at the bottom. Default: 0.
        bottom (with_bottom): u32 = 0;
        /// Columns to add on the left. Default: 0.
        left (with_left): u32 = 0;
        /// The colour of the border. Default: the plan's background.
        background (with_background): Colour;
        /// The contents of the border. Default: `background`.
        edge (with_edge): Edge = Edge::Background;
    }
}

/// The contents of a border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Edge {
    /// The background colour.
    #[default]
    Background,
    /// The nearest pixel of the image.
    Copy,
    /// The image, repeated.
    Repeat,
    /// The image, mirrored.
    Mirror,
}

impl EffectOptions for Extend {
    fn size(&self, (width, height): (u32, u32)) -> Result<(u32, u32)> {
        let sum = |a: u32, b: u32, c: u32| {
            let got = format_args!("a border of {b} and {c} pixels");
            a.checked_add(b)
                .and_then(|sum| sum.checked_add(c))
                .ok_or_else(|| Error::out_of_range("", "an image of fewer than 2^32 pixels each way", got))
        };
        Ok((sum(width, self.left, self.right)?, sum(height, self.top, self.bottom)?))
    }

    fn apply(&self, image: Image, context: &Context) -> Result<Image> {
        let Extend {
            top,
            right,
            bottom,
            left,
            background: own,
            edge,
        } = *self;
        let budget = context.budget;
        if (top, right, bottom, left) == (0, 0, 0, 0) {
            return Ok(image);
        }
        let colour = own.unwrap_or(context.background);
        let image = if edge == Edge::Background {
            channels::room_for(image, colour, budget)?
        } else {
            image
        };
        // The sums were checked before the first pixel.
        let (width, height) = (
            image.width.saturating_add(left).saturating_add(right),
            image.height.saturating_add(top).saturating_add(bottom),
        );
        let ink = channels::ink(colour, image.layout);
        let mut plane = Plane::new(width, height, image.layout.channels(), budget)?;
        let columns = sources(width, left, image.width, edge, budget)?;
        let rows = sources(height, top, image.height, edge, budget)?;
        for (y, &row) in rows.iter().enumerate() {
            budget.check()?;
            let source = (row != OUTSIDE).then(|| image.planes[0].row(row));
            let out = plane.row_mut(y as u32);
            match image.layout.channels() {
                1 => fill::<1>(out, source, &columns, left, &ink),
                2 => fill::<2>(out, source, &columns, left, &ink),
                3 => fill::<3>(out, source, &columns, left, &ink),
                _ => fill::<4>(out, source, &columns, left, &ink),
            }
        }
        Ok(Image {
            width,
            height,
            layout: image.layout,
            planes: vec![plane],
        })
    }
}

/// Stands for the background: no image is that large.
const OUTSIDE: u32 = u32::MAX;

/// Which column (or row) of the picture each one of the larger picture shows.
fn sources(length: u32, start: u32, inner: u32, edge: Edge, budget: &Budget) -> Result<Buffer<u32>> {
    let mut sources = budget.zeroed::<u32>(length as usize, "a border")?;
    let inner = i64::from(inner);
    for (i, source) in sources.iter_mut().enumerate() {
        let i = i as i64 - i64::from(start);
        *source = match edge {
            _ if (0..inner).contains(&i) => i as u32,
            Edge::Background => OUTSIDE,
            Edge::Copy => i.clamp(0, inner - 1) as u32,
            Edge::Repeat => i.rem_euclid(inner) as u32,
            Edge::Mirror => {
                let i = i.rem_euclid(2 * inner);
                i.min(2 * inner - 1 - i) as u32
            }
        };
    }
    Ok(sources)
}

/// One row: the border pixel by pixel, the picture's own pixels at once.
fn fill<const C: usize>(out: &mut [u8], source: Option<&[u8]>, columns: &[u32], left: u32, ink: &[u8; 4]) {
    let mut background = [0; C];
    background.copy_from_slice(&ink[..C]);
    let out = out.as_chunks_mut::<C>().0;
    let Some(source) = source else {
        out.fill(background);
        return;
    };
    let source = source.as_chunks::<C>().0;
    let left = left as usize;
    let right = left + source.len();
    out[left..right].copy_from_slice(source);
    for (range, columns) in [(0..left, &columns[..left]), (right..out.len(), &columns[right..])] {
        for (out, &column) in out[range].iter_mut().zip(columns) {
            *out = source.get(column as usize).copied().unwrap_or(background);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{applied, image};
    use super::*;
    use crate::image::Layout;

    fn extended(edge: Edge, background: &str, layout: Layout, samples: &[u8]) -> (Layout, u32, Vec<u8>) {
        let options = Extend::new().with_left(3).with_right(4).with_edge(edge);
        let options = options.with_background(background.parse().unwrap());
        let width = (samples.len() / layout.channels()) as u32;
        let image = image(layout, width, samples);
        let image = applied(image, &options);
        (image.layout, image.height, image.planes[0].data.to_vec())
    }

    #[test]
    fn edges_of_every_kind() {
        let grey = |edge| extended(edge, "#070707", Layout::Grey, &[1, 2]).2;
        assert_eq!(grey(Edge::Background), [7, 7, 7, 1, 2, 7, 7, 7, 7]);
        assert_eq!(grey(Edge::Copy), [1, 1, 1, 1, 2, 2, 2, 2, 2]);
        assert_eq!(grey(Edge::Repeat), [2, 1, 2, 1, 2, 1, 2, 1, 2]);
        assert_eq!(grey(Edge::Mirror), [2, 2, 1, 1, 2, 2, 1, 1, 2]);
    }

    #[test]
    fn a_transparent_colour_brings_alpha() {
        let (layout, height, samples) = extended(Edge::Background, "#01020304", Layout::Rgb, &[9, 9, 9]);
        assert_eq!((layout, height), (Layout::Rgba, 1));
        assert_eq!(samples[..16], [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 9, 9, 9, 255]);
        assert_eq!(extended(Edge::Copy, "#01020304", Layout::Rgb, &[9; 3]).0, Layout::Rgb);
        assert_eq!(
            extended(Edge::Background, "#0000", Layout::Grey, &[9]).0,
            Layout::GreyAlpha
        );
    }

    #[test]
    fn rows_too() {
        let options = Extend::new().with_top(2).with_bottom(1);
        let image = applied(image(Layout::Grey, 2, &[1, 2, 3, 4]), &options);
        assert_eq!((image.width, image.height), (2, 5));
        assert_eq!(image.planes[0].data[..], [255, 255, 255, 255, 1, 2, 3, 4, 255, 255]);
    }
}
