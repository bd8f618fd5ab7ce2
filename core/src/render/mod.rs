//! One output in the making: takes a decoder's rows, resamples them, and finishes the picture.

use crate::budget::Budget;
mod layers;

use crate::canvas;
use crate::colour::{self, OutputProfile};
use crate::decode::Header;
use crate::effects::shared::channels;
use crate::effects::{self, LayerPixels};
use crate::encode::{self, Encode};
use crate::error::Result;
use crate::format::Format;
use crate::frames::Selection;
use crate::geometry::Geometry;
use crate::image::{Image, Layout, Picture, PictureFrame, Plane};
use crate::metadata::MetadataBlocks;
use crate::metadata::exif;
use crate::output::Output;
use crate::plan::{Assume, Metadata, Model, Plan, Resize};
use crate::rect::Rect;
use crate::request::{DENSITY, Request};
use crate::resize::{Kernel, Light, Resampler, Spec};
use crate::rows::{Frame, PlaneShape, RowSink};
use crate::smartcrop::{self, Found};

/// One plan's output, from the first row to the encoder.
pub(crate) struct Rendering<'a> {
    plan: &'a Plan,
    header: &'a Header,
    budget: &'a Budget,
    geometry: Geometry,
    /// The size after the effects.
    output: (u32, u32),
    resize: Resize,
    encode: Encode,
    /// The profile to convert from, unless the colours stay in its space.
    profile: Option<&'a [u8]>,
    /// The profile to convert to, unless that is sRGB without a word.
    space: Option<OutputProfile>,
    /// The frames that the picture is made of, and how many the decoder has begun.
    selection: Selection,
    begun: u32,
    current: Option<Resampling>,
    picture: Picture,
    /// Where the search of the first frame put the window; the other frames follow it.
    found: Option<Found>,
    /// The pixels of each effect's layers, once a frame has needed them.
    layers: Option<Vec<LayerPixels>>,
    warnings: Vec<String>,
}

/// A frame whose rows are coming in.
struct Resampling {
    layout: Layout,
    delay_ms: u32,
    planes: Vec<Resampler>,
}

impl<'a> Rendering<'a> {
    pub(crate) fn new(header: &'a Header, plan: &'a Plan, budget: &'a Budget) -> Result<Self> {
        let geometry = Geometry::solve(&header.info, plan)?;
        [geometry.scaled, geometry.output]
            .into_iter()
            .try_for_each(|size| budget.limits().check_size(size))?;
        let sizes = effects::sizes(geometry.output, &plan.effects)?;
        sizes.iter().try_for_each(|&size| budget.limits().check_size(size))?;
        let output = sizes.last().copied().unwrap_or(geometry.output);
        let resize = plan.resize.unwrap_or_default();
        let encode = plan
            .encode
            .or(own_format(header.info.format))
            .unwrap_or(Encode::Png(Default::default()));
        encode.check()?; // a format by default may be one that this build can't write
        encode::check_size(&encode, output)?;
        let can = encode::can(&encode);
        let space = match &plan.metadata.profile {
            Some(profile) if can.space => Some(OutputProfile::new(profile, budget)?),
            _ => None,
        };
        let profile = header
            .metadata
            .icc
            .as_deref()
            .filter(|icc| plan.assume == Assume::Profile && !keeps_space(&plan.metadata) && !colour::is_srgb(icc));
        Ok(Rendering {
            plan,
            header,
            budget,
            geometry,
            output,
            resize,
            encode,
            profile,
            space,
            selection: Selection::solve(plan.frames, header.info.frames, can.frames)?,
            begun: 0,
            current: None,
            picture: Picture {
                frames: Vec::new(),
                loops: 0,
            },
            found: None,
            layers: None,
            warnings: Vec::new(),
        })
    }

    /// Columns and rows of the output that share a chroma sample, if its encoder takes planes as they are.
    fn chroma_cell(&self) -> Option<(u32, u32)> {
        let needs_rgb = !self.plan.effects.is_empty()
            || self.plan.model == Model::Grey
            || self.profile.is_some()
            || self.space.as_ref().is_some_and(OutputProfile::converts)
            || self.geometry.canvas.is_some()
            || self.geometry.search.is_some();
        if needs_rgb {
            None
        } else {
            encode::can(&self.encode).chroma
        }
    }

    fn begin(&mut self, frame: &Frame) -> Result<()> {
        self.finish_frame()?;
        self.begun += 1;
        if !self.selection.holds(self.begun - 1) {
            return Ok(()); // another rendering wants it, or it has to be decoded for the next one
        }
        self.picture.loops = frame.loops;
        let planes = frame
            .planes
            .iter()
            .enumerate()
            .map(|(i, shape)| self.resampler(frame, i, shape))
            .collect::<Result<_>>()?;
        self.current = Some(Resampling {
            layout: frame.layout,
            delay_ms: frame.delay_ms,
            planes,
        });
        Ok(())
    }

    fn resampler(&self, frame: &Frame, index: usize, shape: &PlaneShape) -> Result<Resampler> {
        let chroma = index > 0;
        let (mut window, mut size) = (self.geometry.window, self.geometry.scaled);
        if chroma {
            (window, size) = chroma_window(&self.geometry, self.chroma_cell().unwrap_or((1, 1)));
        }
        let crop = to_samples(window, shape);
        // Chroma that is finer in the output than in the file: libjpeg's triangle filter, which is what the
        // encoder's box averaging is made for; sharper kernels ring here.
        let enlarged = chroma && (f64::from(size.0) > crop.width || f64::from(size.1) > crop.height);
        Resampler::new(
            &Spec {
                channels: frame.layout.channels(),
                alpha: frame.layout.has_alpha(),
                light: self.resize.light,
                source: (shape.width, shape.height),
                bounds: to_samples(self.geometry.bounds, shape),
                crop,
                size,
                kernel: if enlarged { Kernel::Linear } else { self.resize.kernel },
            },
            self.budget,
        )
    }

    fn finish_frame(&mut self) -> Result<()> {
        let Some(Resampling {
            layout,
            delay_ms,
            planes,
        }) = self.current.take()
        else {
            return Ok(());
        };
        let planes = planes
            .into_iter()
            .map(Resampler::finish)
            .collect::<Result<Vec<Plane>>>()?;
        let (width, height) = self.geometry.scaled;
        let image = Image {
            width,
            height,
            layout,
            planes,
        };
        let mut image = self.geometry.orientation.apply(image, self.budget)?;
        if self.geometry.search.is_some() {
            image = self.search(image)?;
        }
        if image.layout == Layout::YCbCr && self.chroma_cell().is_none() {
            image = colour::ycbcr_to_rgb(image, self.budget)?;
        }
        if self.profile.is_some() || image.layout == Layout::Cmyk {
            image = colour::to_srgb(
                image,
                self.header
                    .metadata
                    .icc
                    .as_deref()
                    .filter(|_| self.plan.assume == Assume::Profile),
                self.budget,
                &mut self.warnings,
            )?;
        }
        // With effects to come, alpha that the encoder can't keep stays until they are done.
        let encodes_alpha = encode::can(&self.encode).alpha;
        let keeps_alpha = encodes_alpha || !self.plan.effects.is_empty();
        if image.layout.has_alpha() && (self.plan.flatten || !keeps_alpha) {
            image = colour::flatten(image, self.plan.background, self.budget)?;
        }
        if let Some(offset) = self.geometry.canvas {
            let background = self.resize.background.unwrap_or(self.plan.background);
            let background = if keeps_alpha { background } else { background.opaque() };
            image = canvas::place(image, offset, self.geometry.output, background, self.budget)?;
        }
        image = self.effects(image)?;
        if image.layout.has_alpha() && !encodes_alpha {
            image = colour::flatten(image, self.plan.background, self.budget)?;
        }
        if let Some(space) = &self.space {
            image = space.apply(image, self.budget)?;
        }
        self.picture.frames.push(PictureFrame { image, delay_ms });
        Ok(())
    }

    /// Carries out the plan's effects, and brings the picture to the plan's colour channels. Layers are decoded for the
    /// first frame, and used for all.
    fn effects(&mut self, image: Image) -> Result<Image> {
        let plan = self.plan;
        let layers = match &self.layers {
            Some(layers) => layers,
            None => {
                let layers = layers::decode(plan, self.budget, &mut self.warnings)?;
                self.layers.insert(layers)
            }
        };
        let image = effects::apply(image, &plan.effects, layers, plan.background, self.budget)?;
        match (plan.model, image.layout) {
            (Model::Grey, _) => channels::grey(image, self.budget),
            (Model::Rgb, Layout::Grey | Layout::GreyAlpha) => channels::rgb(image, self.budget),
            _ => Ok(image),
        }
    }

    /// Cuts out the part that the plan's search finds.
    fn search(&mut self, image: Image) -> Result<Image> {
        let Some(strategy) = self.geometry.search else {
            return Ok(image);
        };
        let image = if image.layout == Layout::YCbCr {
            colour::ycbcr_to_rgb(image, self.budget)?
        } else {
            image
        };
        let (width, height) = self.geometry.output;
        let found = match self.found {
            Some(found) => found,
            None => smartcrop::find(&image, width, height, strategy, self.budget)?,
        };
        self.found = Some(found);
        canvas::cut(image, (found.left, found.top), (width, height), self.budget)
    }

    /// The first frame, as it would go to the encoder; what was noted goes to `warnings`.
    pub(crate) fn into_image(mut self, warnings: &mut Vec<String>) -> Result<Image> {
        self.finish_frame()?;
        warnings.append(&mut self.warnings);
        let frames = self.picture.frames.into_iter();
        frames.map(|frame| frame.image).next().ok_or_else(layers::no_frame)
    }

    /// Encodes what has come in. `damage` is what the decoder had to say.
    pub(crate) fn finish(mut self, damage: &[String]) -> Result<Output> {
        self.finish_frame()?;
        let blocks = self.kept_metadata();
        let (loops, delay) = encode::timing(&self.encode);
        self.picture.loops = loops.map_or(self.picture.loops, u32::from);
        for frame in &mut self.picture.frames {
            frame.delay_ms = delay.map_or(frame.delay_ms, u32::from);
        }
        let bytes = encode::encode(&self.picture, &self.encode, &blocks, self.budget)?;
        let (width, height) = self.output;
        let layouts = || self.picture.frames.iter().map(|frame| frame.image.layout);
        let channels = layouts().map(Layout::colour_channels).max().unwrap_or_default();
        let mut warnings = damage.to_vec();
        warnings.append(&mut self.warnings);
        Ok(Output {
            bytes,
            format: self.encode.format(),
            width,
            height,
            frames: self.picture.frames.len() as u32,
            channels,
            alpha: layouts().any(Layout::has_alpha),
            crop: self.found.map(|found| (found.left, found.top)),
            focus: self.found.and_then(|found| found.focus),
            trim: None,
            warnings,
        })
    }

    fn kept_metadata(&mut self) -> MetadataBlocks {
        let MetadataBlocks { icc, exif, xmp, .. } = &self.header.metadata;
        let keep = &self.plan.metadata;
        let mut kept = MetadataBlocks {
            icc: icc
                .clone()
                .filter(|_| self.plan.assume == Assume::Profile && keeps_space(keep)),
            exif: exif.clone().filter(|_| keep.exif),
            xmp: xmp.clone().filter(|_| keep.xmp),
            density: keep.density,
        };
        if let Some(exif) = &mut kept.exif
            && self.plan.orient.auto
        {
            exif::reset_orientation(exif);
        }
        let in_exif = keep.density.is_some() && !encode::can(&self.encode).density;
        let in_kept = keep.density.is_some() && kept.exif.is_some();
        if keep.orientation.is_some() || in_exif || in_kept {
            exif::set(kept.exif.get_or_insert_default(), keep.orientation, keep.density);
        }
        if kept.icc.is_some() && self.header.info.colour == crate::ColourModel::Cmyk {
            kept.icc = None; // the pixels are sRGB now
            self.warnings
                .push("the CMYK profile was not kept: the colours were converted to sRGB".into());
        }
        if let (Some(space), Some(first)) = (&self.space, self.picture.frames.first()) {
            kept.icc = space.embedded(first.image.layout).map(<[u8]>::to_vec);
        }
        kept
    }
}

/// Whether the colours stay in the space of the input's profile.
fn keeps_space(metadata: &Metadata) -> bool {
    metadata.icc && metadata.profile.is_none()
}

/// The format of the input, if that is one to write; raw pixels are for those who ask for them.
fn own_format(input: Format) -> Option<Encode> {
    match input {
        Format::Raw => None,
        file => Encode::default_for(file),
    }
}

/// The renderings of one call: every row goes to each.
pub(crate) struct Renderings<'a>(pub(crate) Vec<Rendering<'a>>);

impl Renderings<'_> {
    /// What the decoder has to deliver so that every rendering can be made from it.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request {
            luma_step: f64::INFINITY,
            chroma_step: f64::INFINITY,
            planar: true,
            animated: false,
            density: DENSITY,
            tolerate: crate::request::Tolerate::Errors,
        };
        for rendering in &self.0 {
            // The nearest sample has to be one of the picture's own.
            let step = if rendering.resize.kernel == Kernel::Nearest {
                1.0
            } else {
                rendering.geometry.step()
            };
            let cell = rendering.chroma_cell().map_or(1, |(across, down)| across.min(down));
            request.luma_step = request.luma_step.min(step);
            request.chroma_step = request.chroma_step.min(step * f64::from(cell));
            request.planar &= rendering.resize.light == Light::Encoded;
            request.animated |= rendering.selection.goes_on();
            request.density = rendering.plan.dpi.unwrap_or(DENSITY); // the same for all
            request.tolerate = request.tolerate.and(rendering.plan.tolerate);
        }
        request
    }
}

impl RowSink for Renderings<'_> {
    fn begin(&mut self, frame: &Frame) -> Result<()> {
        self.0.iter_mut().try_for_each(|rendering| rendering.begin(frame))
    }

    fn row(&mut self, plane: usize, row: &[u8]) -> Result<()> {
        let mut resamplers = self
            .0
            .iter_mut()
            .filter_map(|rendering| rendering.current.as_mut()?.planes.get_mut(plane));
        resamplers.try_for_each(|resampler| resampler.row(row))
    }
}

/// A part of the picture, in a plane's samples.
fn to_samples(rect: Rect, shape: &PlaneShape) -> Rect {
    Rect {
        left: rect.left / shape.step_x,
        top: rect.top / shape.step_y,
        width: rect.width / shape.step_x,
        height: rect.height / shape.step_y,
    }
}

/// The window and the size of a chroma plane whose samples cover `cell` pixels of the upright output. Where the
/// output's size is odd, the last cell hangs over the edge, and so does the window: at the end that becomes the
/// output's right and bottom.
fn chroma_window(geometry: &Geometry, cell: (u32, u32)) -> (Rect, (u32, u32)) {
    let orientation = geometry.orientation;
    let cell = orientation.size(cell);
    let size = (geometry.scaled.0.div_ceil(cell.0), geometry.scaled.1.div_ceil(cell.1));
    let (mirrored_y, mirrored_x) = {
        let (x, y) = orientation.size((orientation.flop, orientation.flip));
        (y, x)
    };
    let over = |length: f64, samples: u32, cell: u32, scaled: u32| {
        length * (f64::from(samples * cell) / f64::from(scaled) - 1.0)
    };
    let mut window = geometry.window;
    let over_x = over(window.width, size.0, cell.0, geometry.scaled.0);
    let over_y = over(window.height, size.1, cell.1, geometry.scaled.1);
    window.left -= if mirrored_x { over_x } else { 0.0 };
    window.top -= if mirrored_y { over_y } else { 0.0 };
    window.width += over_x;
    window.height += over_y;
    (window, size)
}
