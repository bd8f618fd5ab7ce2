//! One output in progress: takes a decoder's rows, resamples them, and finishes the image.

mod intake;
mod layers;
mod metadata;
mod set;
mod steps;

use crate::budget::Budget;
use crate::colour::{self, OutputProfile};
use crate::decode::Opened;
use crate::effects;
use crate::encode::{self, Encode};
use crate::error::{Error, Reason, Result};
use crate::format::Format;
use crate::frames::Selection;
use crate::geometry::Geometry;
use crate::image::{Image, Layout, Picture, PictureFrame};
use crate::limits::Limits;
use crate::metadata::{Hdr, Space};
use crate::output::Output;
use crate::plan::{Assume, Metadata, Model, Plan, Resize};
use crate::smartcrop::Found;

use intake::Intake;
use layers::Layers;
pub(crate) use set::Renderings;

type Step = fn(&mut Rendering<'_>, Image) -> Result<Image>;

/// What happens to a frame between the resamplers and the encoder, in this order. Turning and colours come late, since
/// there are fewer pixels after the resize.
const STEPS: [Step; 10] = [
    steps::turn,            // upright, and as the plan wants it
    steps::search,          // cut out what `entropy` or `attention` finds
    steps::interleave,      // Y'CbCr to RGB, unless the encoder takes the planes
    steps::to_srgb,         // from the input's profile
    steps::flatten,         // transparent pixels on the background, before there are more of them
    steps::place,           // on the canvas of `contain`
    steps::effects,         // the plan's list
    steps::to_model,        // to the plan's colour channels
    steps::flatten_at_last, // alpha that only the effects needed
    steps::to_space,        // to the output's profile
];

/// One plan's output, from the first row to the encoder.
struct Rendering<'a> {
    plan: &'a Plan,
    source: &'a Opened<'a>,
    budget: &'a Budget,
    geometry: Geometry,
    /// The size after the effects.
    output: (u32, u32),
    resize: Resize,
    encode: Encode,
    /// The profile to convert from, unless the colours stay in its space.
    profile: Option<&'a [u8]>,
    /// The high dynamic range to map to sRGB. No profile can say it, so that it isn't kept.
    hdr: Option<Hdr>,
    /// The profile to convert to, unless that is plain sRGB.
    space: Option<OutputProfile>,
    /// The frames that the picture is made of, and how many the decoder has begun.
    selection: Selection,
    begun: u32,
    current: Option<Intake>,
    picture: Picture,
    /// Where the search of the first frame put the window; the other frames follow it.
    found: Option<Found>,
    layers: Layers<'a>,
    /// What a trim has taken away at the left and at the top.
    trim: Option<(u32, u32)>,
    warnings: Vec<String>,
}

impl<'a> Rendering<'a> {
    fn new(source: &'a Opened<'a>, plan: &'a Plan, budget: &'a Budget) -> Result<Self> {
        let geometry = Geometry::solve(&source.info, plan)?;
        let limits = budget.limits();
        let too_large = |error: Error| match asks_too_much(plan, limits) {
            true => error.because(Reason::OutputTooLarge),
            false => error,
        };
        let within = |size| limits.check_size(size).map_err(too_large);
        within(geometry.scaled)?;
        within(geometry.output)?;
        let sizes = effects::sizes(geometry.output, &plan.effects)?;
        sizes.iter().try_for_each(|&size| within(size))?;
        let output = sizes.last().copied().unwrap_or(geometry.output);
        let resize = plan.resize.unwrap_or_default();
        let encode = plan
            .encode
            .or(own_format(source.info.format))
            .unwrap_or(Encode::Png(Default::default()));
        encode.check()?; // a format by default may be one that this build can't write
        let encode = encode::for_size(encode, output)?;
        let can = encode::can(&encode);
        let space = match &plan.metadata.profile {
            Some(profile) if can.space => Some(OutputProfile::new(profile, budget)?),
            _ => None,
        };
        let heeds = plan.assume == Assume::Profile;
        let profile = source.metadata.profile();
        let profile = profile.filter(|icc| heeds && !keeps_space(&plan.metadata) && !colour::is_srgb(icc));
        let hdr = match source.metadata.space {
            Space::Hdr(hdr) if heeds => Some(hdr),
            _ => None,
        };
        Ok(Rendering {
            plan,
            source,
            budget,
            geometry,
            output,
            resize,
            encode,
            profile,
            hdr,
            space,
            selection: Selection::solve(plan.frames, source.info.frames, can.frames)?,
            begun: 0,
            current: None,
            picture: Picture {
                frames: Vec::new(),
                loops: 0,
            },
            found: None,
            layers: Layers::open(plan, geometry.output, &sizes, budget)?,
            trim: None,
            warnings: Vec::new(),
        })
    }

    /// Columns and rows of the output that share a chroma sample, if its encoder takes planes as they are.
    fn chroma_cell(&self) -> Option<(u32, u32)> {
        let needs_rgb = !self.plan.effects.is_empty()
            || self.plan.model == Model::Grey
            || self.profile.is_some()
            || self.hdr.is_some()
            || self.space.as_ref().is_some_and(OutputProfile::converts)
            || self.geometry.canvas.is_some()
            || self.geometry.search.is_some();
        if needs_rgb {
            None
        } else {
            encode::can(&self.encode).chroma
        }
    }

    /// Takes the frame whose rows have come in through all steps.
    fn finish_frame(&mut self) -> Result<()> {
        let Some(intake) = self.current.take() else {
            return Ok(());
        };
        let (image, delay_ms) = intake.finish(self.geometry.scaled)?;
        let image = STEPS.iter().try_fold(image, |image, step| step(self, image))?;
        self.picture.frames.push(PictureFrame { image, delay_ms });
        Ok(())
    }

    /// The first frame, as it would go to the encoder; what was noted goes to `warnings`.
    fn into_image(mut self, warnings: &mut Vec<String>) -> Result<Image> {
        self.finish_frame()?;
        warnings.append(&mut self.warnings);
        let frames = self.picture.frames.into_iter();
        frames.map(|frame| frame.image).next().ok_or_else(layers::no_frame)
    }

    /// Encodes the frames received. `damage` has the decoder's warnings.
    fn finish(mut self, damage: &[String]) -> Result<Output> {
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
            trim: self.trim,
            warnings,
        })
    }
}

/// Whether the plan's own sizes pass the limits: a side that it leaves open is taken for the smallest.
fn asks_too_much(plan: &Plan, limits: &Limits) -> bool {
    let resize = plan.resize.unwrap_or_default();
    let asked = (resize.width.unwrap_or(1), resize.height.unwrap_or(1));
    let grown = effects::sizes(asked, &plan.effects).unwrap_or_default();
    limits.check_size(asked).is_err() || grown.iter().any(|&size| limits.check_size(size).is_err())
}

/// Whether the colours stay in the space of the input's profile.
fn keeps_space(metadata: &Metadata) -> bool {
    metadata.icc && metadata.profile.is_none()
}

/// The input's format, if keenpix writes it; raw pixels only on request.
fn own_format(input: Format) -> Option<Encode> {
    match input {
        Format::Raw => None,
        file => Encode::default_for(file),
    }
}
