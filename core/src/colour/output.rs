//! Converts from sRGB to the colour space that a plan asks for.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout as Order, RenderingIntent, Transform8BitExecutor, TransformOptions};

use super::Profile;
use super::icc::{broken, guarded, in_place, rehearse};
use super::profile::{means_srgb, parse};
use crate::budget::{Budget, Reserved};
use crate::error::{Error, Result};
use crate::image::{Image, Layout, Plane};

/// Size of the tables of a transform between two matrix profiles, besides the profile's own.
const TABLES: u64 = 1 << 20;

/// An output's profile, parsed and tried out: the bytes to embed, and the transform for the pixels.
pub(crate) struct OutputProfile {
    icc: Vec<u8>,
    /// None for sRGB itself.
    transforms: Option<Transforms>,
    /// Whether greys are the same numbers as in sRGB.
    same_greys: bool,
    _tables: Reserved,
}

struct Transforms {
    rgb: Arc<Transform8BitExecutor>,
    rgba: Arc<Transform8BitExecutor>,
}

impl OutputProfile {
    /// # Errors
    ///
    /// [`Error::BadPlan`] for a profile that can't be read, or is not one of primaries and curves.
    pub(crate) fn new(profile: &Profile, budget: &Budget) -> Result<Self> {
        let size = match profile {
            Profile::Icc(icc) => icc.len() as u64,
            Profile::Srgb | Profile::P3 => 0,
        };
        let _tables = budget.reserve(size.saturating_mul(6) + TABLES)?;
        let (icc, transforms) = match profile {
            Profile::Srgb => (written(&ColorProfile::new_srgb())?, None),
            Profile::P3 => {
                let p3 = ColorProfile::new_display_p3();
                (written(&p3)?, Some(guarded(|| transforms(&p3)).map_err(broken)?))
            }
            Profile::Icc(icc) => {
                let transforms = guarded(|| {
                    let profile = read(icc)?;
                    Ok(if means_srgb(&profile) {
                        None
                    } else {
                        Some(transforms(&profile)?)
                    })
                });
                (
                    icc.to_vec(),
                    transforms.map_err(|reason| Error::bad_plan(reason).at("metadata.profile"))?,
                )
            }
        };
        Ok(OutputProfile {
            icc,
            transforms,
            same_greys: matches!(profile, Profile::Srgb | Profile::P3),
            _tables,
        })
    }

    /// Whether pixels change. If not, Y'CbCr planes need not become RGB.
    pub(crate) fn converts(&self) -> bool {
        self.transforms.is_some()
    }

    /// The profile for an image of this layout: a grey image gets no RGB profile.
    pub(crate) fn embedded(&self, layout: Layout) -> Option<&[u8]> {
        (!is_grey(layout)).then_some(&self.icc[..])
    }

    /// Converts sRGB pixels. Grey ones become RGB, unless they would stay grey.
    pub(crate) fn apply(&self, image: Image, budget: &Budget) -> Result<Image> {
        let Some(transforms) = &self.transforms else {
            return Ok(image);
        };
        let mut image = match is_grey(image.layout) {
            true if self.same_greys => return Ok(image),
            true => widened(image, budget)?,
            false => image,
        };
        let transform = match image.layout {
            Layout::Rgb => &transforms.rgb,
            Layout::Rgba => &transforms.rgba,
            other => return Err(broken(format!("{other:?} pixels"))),
        };
        if let Some(plane) = image.planes.first_mut() {
            in_place(&**transform, plane, budget)?;
        }
        Ok(image)
    }
}

impl Profile {
    /// Refuses an ICC profile that pictures can't be converted to.
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Profile::Srgb | Profile::P3 => Ok(()),
            Profile::Icc(icc) => guarded(|| read(icc).map(drop)).map_err(Error::bad_plan),
        }
    }
}

/// A profile that pictures can be converted to.
fn read(icc: &[u8]) -> Result<ColorProfile, String> {
    let profile = parse(icc)?;
    if profile.color_space != DataColorSpace::Rgb || !profile.is_matrix_shaper() {
        return Err("expected an RGB profile with primaries and curves".into());
    }
    Ok(profile)
}

fn is_grey(layout: Layout) -> bool {
    matches!(layout, Layout::Grey | Layout::GreyAlpha)
}

fn written(profile: &ColorProfile) -> Result<Vec<u8>> {
    profile.encode().map_err(broken)
}

fn transforms(profile: &ColorProfile) -> Result<Transforms, String> {
    let make = |order: Order| {
        let options = TransformOptions {
            rendering_intent: RenderingIntent::Perceptual,
            allow_use_cicp_transfer: false,
            ..TransformOptions::default()
        };
        let transform = ColorProfile::new_srgb()
            .create_transform_8bit(order, profile, order, options)
            .map_err(|error| error.to_string())?;
        rehearse(&*transform, order.channels(), order.channels())?;
        Ok::<_, String>(transform)
    };
    Ok(Transforms {
        rgb: make(Order::Rgb)?,
        rgba: make(Order::Rgba)?,
    })
}

fn widened(image: Image, budget: &Budget) -> Result<Image> {
    let (layout, from) = match image.layout {
        Layout::GreyAlpha => (Layout::Rgba, 2),
        _ => (Layout::Rgb, 1),
    };
    let to = layout.channels();
    let mut wide = Plane::new(image.width, image.height, to, budget)?;
    for y in 0..image.height {
        budget.check()?;
        let source = image.planes[0].row(y).chunks_exact(from);
        for (pixel, out) in source.zip(wide.row_mut(y).chunks_exact_mut(to)) {
            out[..3].fill(pixel[0]);
            out[3..].copy_from_slice(&pixel[1..]);
        }
    }
    Ok(Image {
        layout,
        planes: vec![wide],
        ..image
    })
}

#[cfg(test)]
mod tests {
    use super::super::{is_srgb, to_srgb};
    use super::*;
    use crate::encode::testing::{budget, image};
    use crate::limits::Limits;

    const ADOBE: &[u8] = include_bytes!("testdata/AdobeCompat-v4.icc");

    fn given(icc: &[u8]) -> Profile {
        Profile::Icc(icc.into())
    }

    #[test]
    fn there_and_back_is_the_same_picture() {
        for profile in [Profile::Srgb, Profile::P3, given(ADOBE)] {
            let output = OutputProfile::new(&profile, &budget()).unwrap();
            assert_eq!(output.converts(), profile != Profile::Srgb);
            assert!(output.icc.len() < 1000, "{}", output.icc.len());
            assert_eq!(is_srgb(&output.icc), profile == Profile::Srgb);
            for layout in [Layout::Grey, Layout::GreyAlpha, Layout::Rgb, Layout::Rgba] {
                let make = || image(16, 16, layout, |x, y, c| [x * 16, y * 16, 128, 255 - x][c] as u8);
                let changed = output.apply(make(), &budget()).unwrap();
                let embedded = output.embedded(changed.layout).map(<[u8]>::to_vec);
                assert_eq!(changed.layout.has_alpha(), layout.has_alpha());
                assert_eq!(
                    embedded.is_none(),
                    is_grey(layout) && !matches!(profile, Profile::Icc(_))
                );
                let mut warnings = Vec::new();
                let back = to_srgb(changed, embedded.as_deref(), &budget(), &mut warnings).unwrap();
                assert_eq!(warnings, Vec::<String>::new());
                let expected = match back.layout == layout {
                    true => make(),
                    false => widened(make(), &budget()).unwrap(),
                };
                let pairs = back.planes[0].data.iter().zip(&*expected.planes[0].data);
                // A dark channel next to bright ones is rounded in the other space, where its curve is steep.
                let (sum, most) = pairs.fold((0, 0), |(sum, most), (a, b)| {
                    let difference = u32::from(a.abs_diff(*b));
                    (sum + difference, difference.max(most))
                });
                let mean = f64::from(sum) / expected.planes[0].data.len() as f64;
                assert!(mean < 1.0 && most < 32, "{profile:?} {layout:?}: {mean}, {most}");
            }
        }
    }

    /// The expected values are Display P3's own arithmetic, in double precision.
    #[test]
    fn p3_has_other_numbers_for_the_same_colours() {
        let output = OutputProfile::new(&Profile::P3, &budget()).unwrap();
        for (srgb, p3) in [
            ([255, 0, 0], [234, 51, 35]),
            ([0, 255, 0], [117, 251, 76]),
            ([0, 0, 255], [0, 0, 245]),
            ([255, 255, 255], [255, 255, 255]),
        ] {
            let pixel = image(1, 1, Layout::Rgb, |_, _, c| srgb[c]);
            let got = output.apply(pixel, &budget()).unwrap();
            for (a, b) in got.planes[0].data.iter().zip(p3) {
                assert!(a.abs_diff(b) <= 1, "{:?} for {p3:?}", &got.planes[0].data[..]);
            }
        }
    }

    #[test]
    fn what_is_no_rgb_profile_is_refused() {
        for icc in [&b"text"[..], include_bytes!("press.icc"), &ADOBE[..200]] {
            let error = OutputProfile::new(&given(icc), &budget()).err().unwrap();
            assert_eq!(error.code(), "BAD_PLAN");
            assert!(error.to_string().contains("metadata.profile"), "{error}");
        }
        let memory = |memory| {
            let limits = Limits::new().with_memory(memory);
            OutputProfile::new(&Profile::P3, &Budget::new(&limits)).map(|_| ())
        };
        assert!(memory(TABLES).is_ok());
        assert_eq!(memory(TABLES - 1).unwrap_err().code(), "LIMIT_MEMORY");
    }
}
