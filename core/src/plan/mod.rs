//! What to make of an image: plain data, in the fixed order in which it is carried out.
//!
//! A plan is the same in Rust, in JSON, in Node and in Python. Unknown keys are errors. What may be spent on it
//! is not in here: that is [`Limits`](crate::Limits), which belongs to the host.

mod check;
mod parts;
mod resize;

use crate::colour::Colour;
use crate::effects::Effect;
use crate::encode::Encode;
use crate::input::{Input, Tolerate};
use crate::options::options;

pub use crate::blob::Base64;
pub use crate::colour::{Model, Profile};
pub use crate::effects::crop::Crop;
pub use crate::position::{Anchor, Position};
pub use crate::resize::{Kernel, Light};
pub use parts::{Assume, Frames, Metadata, Orient, Trim};
pub use resize::{Fit, Resize};

/// The keys whose values are lists.
const LISTS: [&str; 4] = ["effects", "layers", "offset", "slope"];

options! {
    /// What to make of an image. `{}` re-encodes it in its own format, upright, in sRGB, without metadata.
    ///
    /// The order is fixed, whatever the order of the keys: orient, trim, crop, resize, flatten, effects, model,
    /// encode.
    ///
    /// ```
    /// use keenpix::encode::Webp;
    /// use keenpix::{Fit, Plan, Resize};
    ///
    /// let plan = Plan::new()
    ///     .with_resize(Resize::new().with_width(512).with_height(512).with_fit(Fit::Cover))
    ///     .with_encode(Webp::new().with_quality(80));
    /// let same = Plan::from_json(r#"{
    ///     "resize": {"width": 512, "height": 512, "fit": "cover"},
    ///     "encode": {"format": "webp", "quality": 80}
    /// }"#)?;
    /// assert_eq!(plan, same);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub struct Plan {
        /// What the bytes are. All plans of a call must agree. Default: an image file.
        input (with_input): Input = Input::File;
        /// How much damage in the input is accepted. Default: `truncated`.
        tolerate (with_tolerate): Tolerate = Tolerate::Truncated;
        /// What space the input's colours are assumed to be in. Default: `profile`.
        assume (with_assume): Assume = Assume::Profile;
        /// Which frames of an animation to read. Default: `first`.
        frames (with_frames): Frames = Frames::First;
        /// Dots per inch for drawing SVG, 1 to 100,000: 144 makes it twice as large. Default: 72.
        dpi (with_dpi): f64, 1.0..=100_000.0;
        /// Rotation and mirroring. Default: upright, according to the camera's orientation tag.
        orient (with_orient): Orient = Orient::new();
        /// Whether to trim borders of one colour before anything else. Default: no.
        trim (with_trim): Trim;
        /// The part of the upright (and trimmed) image to use. Default: all of it.
        crop (with_crop): Crop;
        /// The size to resize to. Default: unchanged.
        resize (with_resize): Resize;
        /// The colour behind transparent pixels if the output has no alpha, and around an image with fit `contain`.
        /// Default: `#ffffff`.
        background (with_background): Colour = Colour::WHITE;
        /// Whether transparent pixels are flattened onto the background even if the output could keep them. Default:
        /// `false`.
        flatten (with_flatten): bool = false;
        /// Effects on the resized image, in this order, at most 100. Default: none.
        #[serde(deserialize_with = "crate::effects::read")]
        #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
        effects (with_effects): Vec<Effect> = Vec::new();
        /// The colour channels of the output. Default: `auto`, as they come.
        model (with_model): Model = Model::Auto;
        /// The output's format and its options. Default: the input's format, or PNG for read-only formats, `raw` and
        /// `create`.
        encode (with_encode into): Encode;
        /// Which of the input's metadata to keep. Default: none.
        metadata (with_metadata): Metadata = Metadata::new();
    }
}

impl Plan {
    /// Reads a plan from JSON.
    ///
    /// # Errors
    ///
    /// [`Error::BadPlan`](crate::Error::BadPlan) names the place, the key or value, and the nearest legal one.
    ///
    /// ```
    /// let error = keenpix::Plan::from_json(r#"{"resize": {"widht": 100}}"#).unwrap_err();
    /// assert_eq!(error.code(), "BAD_PLAN");
    /// assert!(error.to_string().contains("did you mean `width`?"), "{error}");
    /// ```
    pub fn from_json(json: &str) -> crate::Result<Self> {
        crate::json::read(json, &LISTS)
    }

    /// Reads a plan from JSON from which its bytes were left out, so that they need not become base64 first. Each comes
    /// with a JSON pointer (RFC 6901) to the value that it takes the place of.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json); also if a pointer leads nowhere.
    ///
    /// ```
    /// let json = r#"{"effects": [{"effect": "composite", "layers": [{"source": {"file": null}}]}]}"#;
    /// let file: &[u8] = include_bytes!("../../tests/images/rgba.png");
    /// let plan = keenpix::Plan::from_json_beside(json, &[("/effects/0/layers/0/source/file", file)])?;
    /// # assert_eq!(plan.effects.len(), 1);
    /// # Ok::<(), keenpix::Error>(())
    /// ```
    pub fn from_json_beside(json: &str, bytes: &[(&str, &[u8])]) -> crate::Result<Self> {
        crate::json::read_beside(json, bytes, &LISTS)
    }

    /// Adds to [`Plan::effects`].
    pub fn with_effect(mut self, effect: impl Into<Effect>) -> Self {
        self.effects.push(effect.into());
        self
    }
}

#[cfg(all(test, feature = "schema"))]
mod tests {
    use serde_json::Value;

    #[test]
    fn the_lists_are_the_schemas() {
        fn lists(schema: &Value, key: &str, found: &mut std::collections::BTreeSet<String>) {
            if let Value::Object(fields) = schema {
                let kind = fields.get("type").map(Value::to_string).unwrap_or_default();
                if kind.contains("array") {
                    found.insert(key.to_owned());
                }
                fields.iter().for_each(|(key, value)| lists(value, key, found));
            } else if let Value::Array(items) = schema {
                items.iter().for_each(|item| lists(item, key, found));
            }
        }
        let mut found = std::collections::BTreeSet::new();
        lists(schemars::schema_for!(super::Plan).as_value(), "", &mut found);
        assert_eq!(found.iter().collect::<Vec<_>>(), super::LISTS);
    }
}
