//! Computes every number of a transform from the header and the plan: pure arithmetic, before the first pixel.

use crate::error::{Error, Result};
use crate::info::Info;
use crate::orientation::Orientation;
use crate::plan::{Crop, Fit, Orient, Plan, Resize};
use crate::position::{Anchor, Position};
use crate::rect::{Rect, to_stored};

/// Every step of the transform in numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometry {
    /// The part of the *stored* image that the plan's crop selects: nothing outside it is read.
    pub(crate) bounds: Rect,
    /// The part of the *stored* image that is resampled; lies within `bounds`.
    pub(crate) window: Rect,
    /// Size of the resampled image, still in the stored orientation.
    pub(crate) scaled: (u32, u32),
    /// Applied after resampling, when there are fewer pixels to move.
    pub(crate) orientation: Orientation,
    /// A search for the best `output`-sized part, after the orientation.
    pub(crate) search: Option<Anchor>,
    /// The position of the image on a canvas of the background colour: left and top.
    pub(crate) canvas: Option<(u32, u32)>,
    /// Size of the output.
    pub(crate) output: (u32, u32),
}

impl Geometry {
    /// Solves the plan for an image.
    ///
    /// # Errors
    ///
    /// [`Error::BadPlan`] for a crop that leaves the picture, or a size of 0.
    pub(crate) fn solve(info: &Info, plan: &Plan) -> Result<Self> {
        let orientation = orientation(info.orientation, &plan.orient);
        let stored = (f64::from(info.width), f64::from(info.height));
        let upright = orientation.size((info.width, info.height));
        let bounds = crop_bounds(upright, plan.crop)?;
        let size = (bounds.width as u32, bounds.height as u32);
        let fitted = match &plan.resize {
            Some(resize) => Fitted::solve(size, resize)?,
            None => Fitted::whole(size, size),
        };
        let window = Rect {
            left: bounds.left + fitted.window.left,
            top: bounds.top + fitted.window.top,
            ..fitted.window
        };
        Ok(Geometry {
            bounds: to_stored(bounds, stored, orientation),
            window: to_stored(window, stored, orientation),
            scaled: orientation.size(fitted.scaled),
            orientation,
            search: fitted.search,
            canvas: fitted.canvas,
            output: fitted.output,
        })
    }

    /// Source pixels per pixel of the resampled image: the smaller of the two directions.
    pub(crate) fn step(&self) -> f64 {
        (self.window.width / f64::from(self.scaled.0)).min(self.window.height / f64::from(self.scaled.1))
    }
}

/// Combines the plan's rotation and mirroring with the EXIF tag `exif`: one of the eight again.
pub(crate) fn orientation(exif: u8, orient: &Orient) -> Orientation {
    let upright = if orient.auto {
        Orientation::from_exif(exif)
    } else {
        Orientation::default()
    };
    let turn = match orient.rotate {
        90 => Orientation::from_exif(6),
        180 => Orientation::from_exif(3),
        270 => Orientation::from_exif(8),
        _ => Orientation::default(), // refused by `Plan::check`
    };
    let mirror = Orientation {
        transpose: false,
        flop: orient.flop,
        flip: orient.flip,
    };
    upright.then(turn).then(mirror)
}

fn crop_bounds((width, height): (u32, u32), crop: Option<Crop>) -> Result<Rect> {
    let crop = crop.unwrap_or(Crop {
        left: 0,
        top: 0,
        width,
        height,
    });
    let inside =
        |start: u32, length: u32, whole: u32| length > 0 && start.checked_add(length).is_some_and(|end| end <= whole);
    if !inside(crop.left, crop.width, width) || !inside(crop.top, crop.height, height) {
        let size = (crop.width, crop.height);
        return Err(Error::crop_outside((crop.left, crop.top), size, (width, height)).at("crop"));
    }
    Ok(Rect {
        left: crop.left.into(),
        top: crop.top.into(),
        width: crop.width.into(),
        height: crop.height.into(),
    })
}

/// A resize, solved in upright coordinates relative to the crop.
struct Fitted {
    window: Rect,
    scaled: (u32, u32),
    search: Option<Anchor>,
    canvas: Option<(u32, u32)>,
    output: (u32, u32),
}

impl Fitted {
    /// The whole image, resized.
    fn whole((width, height): (u32, u32), size: (u32, u32)) -> Self {
        let window = Rect {
            left: 0.0,
            top: 0.0,
            width: width.into(),
            height: height.into(),
        };
        Fitted {
            window,
            scaled: size,
            search: None,
            canvas: None,
            output: size,
        }
    }

    fn solve(source: (u32, u32), resize: &Resize) -> Result<Self> {
        let (width, height) = (f64::from(source.0), f64::from(source.1));
        // Only one side is given: the other follows from the aspect ratio, and all fits are the same.
        let (scale_x, scale_y) = match (resize.width, resize.height) {
            (None, None) => return Ok(Self::whole(source, source)),
            (Some(w), None) => (f64::from(w) / width, f64::from(w) / width),
            (None, Some(h)) => (f64::from(h) / height, f64::from(h) / height),
            (Some(w), Some(h)) => (f64::from(w) / width, f64::from(h) / height),
        };
        let bound = |scale: f64| {
            let scale = if resize.enlarge { scale } else { scale.min(1.0) };
            if resize.reduce { scale } else { scale.max(1.0) }
        };
        let sized = |scale: f64| (rounded(width * scale), rounded(height * scale));
        let (Some(box_width), Some(box_height)) = (resize.width, resize.height) else {
            return Ok(Self::whole(source, sized(bound(scale_x))));
        };
        Ok(match resize.fit {
            Fit::Fill => Self::whole(
                source,
                (rounded(width * bound(scale_x)), rounded(height * bound(scale_y))),
            ),
            Fit::Inside => Self::whole(source, sized(bound(scale_x.min(scale_y)))),
            Fit::Outside => Self::whole(source, sized(bound(scale_x.max(scale_y)))),
            Fit::Cover => cover(
                source,
                (box_width, box_height),
                bound(scale_x.max(scale_y)),
                &resize.position,
            ),
            Fit::Contain => contain(
                source,
                (box_width, box_height),
                bound(scale_x.min(scale_y)),
                &resize.position,
            ),
        })
    }
}

/// Scales by `scale` and crops to the box.
fn cover(source: (u32, u32), (box_width, box_height): (u32, u32), scale: f64, position: &Position) -> Fitted {
    let (width, height) = (f64::from(source.0), f64::from(source.1));
    let scaled = (rounded(width * scale), rounded(height * scale));
    let output = (scaled.0.min(box_width), scaled.1.min(box_height));
    if let Position::Named(search @ (Anchor::Entropy | Anchor::Attention)) = position
        && output != scaled
    {
        return Fitted {
            search: Some(*search),
            output,
            ..Fitted::whole(source, scaled)
        };
    }
    let (fx, fy) = position.fractions();
    let (left, window_width) = cover_axis(width, scaled.0, output.0, scale, fx, position);
    let (top, window_height) = cover_axis(height, scaled.1, output.1, scale, fy, position);
    let window = Rect {
        left,
        top,
        width: window_width,
        height: window_height,
    };
    Fitted {
        window,
        scaled: output,
        search: None,
        canvas: None,
        output,
    }
}

/// Start and length, in source pixels, of the `output` pixels that are kept of `scaled`.
fn cover_axis(length: f64, scaled: u32, output: u32, scale: f64, fraction: f64, position: &Position) -> (f64, f64) {
    if scaled == output {
        return (0.0, length);
    }
    let over = f64::from(scaled - output);
    // The kept part starts at a whole pixel of the scaled image, as if that had been made first and then cropped: a
    // centre between two pixels goes to the right one, as in libvips.
    let start = match position {
        Position::Named(_) => (over * fraction).ceil(),
        Position::Focal { .. } => (f64::from(scaled) * fraction - f64::from(output) / 2.0)
            .round()
            .clamp(0.0, over),
    };
    // The scaled image has whole pixels and is centred on the source.
    let window = (f64::from(output) / scale).min(length);
    let left = (start - f64::from(scaled) / 2.0) / scale + length / 2.0;
    (left.clamp(0.0, length - window), window)
}

/// Scales by `scale` and puts the result on a canvas.
fn contain(source: (u32, u32), canvas: (u32, u32), scale: f64, position: &Position) -> Fitted {
    let (width, height) = (f64::from(source.0) * scale, f64::from(source.1) * scale);
    let (fx, fy) = position.fractions();
    // With `reduce: false` the image may be larger than the canvas: then it is cropped like `cover`.
    if rounded(width) > canvas.0 || rounded(height) > canvas.1 {
        let covered = cover(source, canvas, scale, position);
        let offset = (
            (f64::from(canvas.0 - covered.output.0) * fx) as u32,
            (f64::from(canvas.1 - covered.output.1) * fy) as u32,
        );
        let padded = covered.output != canvas;
        return Fitted {
            canvas: padded.then_some(offset),
            output: canvas,
            ..covered
        };
    }
    let scaled = (rounded(width), rounded(height));
    let left = f64::from(canvas.0 - scaled.0) * fx;
    let top = f64::from(canvas.1 - scaled.1) * fy;
    let placed = (scaled != canvas).then_some((left as u32, top as u32));
    Fitted {
        canvas: placed,
        output: canvas,
        ..Fitted::whole(source, scaled)
    }
}

/// Rounds to whole pixels, halves up, at least 1.
fn rounded(length: f64) -> u32 {
    (length + 0.5).floor().clamp(1.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests;
