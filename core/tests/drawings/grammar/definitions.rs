//! What is referred to: gradients, patterns, masks, clip paths, markers, symbols and filters.

use super::style::COLOURS;
use super::{IDS, Writer};

const PRIMITIVES: &str = "feGaussianBlur|feOffset|feFlood|feBlend|feComposite|feMerge|feTile|feImage|feComponentTransfer|\
    feColorMatrix|feConvolveMatrix|feMorphology|feDisplacementMap|feTurbulence|feDiffuseLighting|\
    feSpecularLighting|feDropShadow";

impl Writer {
    pub(super) fn definition(&mut self, id: &str) {
        let name = self
            .dice
            .pick("linearGradient|radialGradient|pattern|mask|clipPath|filter|filter|marker|symbol");
        self.put(&format!("<{name} id=\"{id}\""));
        match name {
            "linearGradient" | "radialGradient" => {
                self.lengths("x1 y1 x2 y2 cx cy r fx fy fr");
                self.units("gradientUnits");
                if self.dice.once_in(2) {
                    let transform = self.transform();
                    self.attribute("gradientTransform", &transform);
                }
                if self.dice.once_in(2) {
                    let spread = self.dice.pick("pad|reflect|repeat");
                    self.attribute("spreadMethod", spread);
                }
                if self.dice.once_in(5) {
                    let id = self.id();
                    self.attribute("xlink:href", &format!("#{id}"));
                }
                self.put(">");
                for _ in 0..self.dice.below(4) {
                    let (offset, colour) = (self.length(), self.dice.pick(COLOURS));
                    self.put(&format!("<stop offset=\"{offset}\" stop-color=\"{colour}\"/>"));
                }
            }
            "filter" => {
                self.lengths("x y width height");
                self.units("filterUnits primitiveUnits");
                if self.dice.once_in(3) {
                    self.attribute("color-interpolation-filters", "sRGB");
                }
                self.put(">");
                for _ in 0..self.dice.below(4) {
                    self.primitive();
                }
            }
            _ => {
                self.lengths("x y width height markerWidth markerHeight refX refY");
                self.units("patternUnits patternContentUnits maskUnits maskContentUnits clipPathUnits");
                self.units("markerUnits");
                match name {
                    "pattern" if self.dice.once_in(2) => {
                        let transform = self.transform();
                        self.attribute("patternTransform", &transform);
                    }
                    "marker" if self.dice.once_in(2) => {
                        let orient = self.dice.pick("auto|auto-start-reverse|45|1e30|NaN|1e9rad");
                        self.attribute("orient", orient);
                    }
                    "mask" => {
                        let kind = self.dice.pick("alpha|luminance");
                        self.attribute("mask-type", kind);
                    }
                    _ => {}
                }
                if self.dice.once_in(3) {
                    self.view_box();
                }
                self.style();
                self.put(">");
                for _ in 0..=self.dice.below(2) {
                    self.element(3);
                }
            }
        }
        self.put(&format!("</{name}>"));
    }

    pub(super) fn units(&mut self, names: &str) {
        for name in names.split(' ') {
            if self.dice.once_in(2) {
                let value = self.dice.pick("userSpaceOnUse|objectBoundingBox|strokeWidth");
                self.attribute(name, value);
            }
        }
    }

    pub(super) fn primitive(&mut self) {
        let name = self.dice.pick(PRIMITIVES);
        self.put(&format!("<{name}"));
        if self.dice.once_in(3) {
            self.lengths("x y width height");
        }
        for input in ["in", "in2", "result"] {
            if self.dice.once_in(2) {
                let value = self
                    .dice
                    .pick("SourceGraphic|SourceAlpha|r1|r2|BackgroundImage|FillPaint");
                self.attribute(input, value);
            }
        }
        match name {
            "feGaussianBlur" | "feDropShadow" => {
                let deviation = self.numbers(2);
                self.attribute("stdDeviation", &deviation);
                self.lengths("dx dy");
            }
            "feOffset" => self.lengths("dx dy"),
            "feFlood" => {
                self.lengths("flood-opacity");
                let colour = self.dice.pick(COLOURS);
                self.attribute("flood-color", colour);
            }
            "feBlend" => {
                let mode = self
                    .dice
                    .pick("multiply|screen|overlay|color|saturation|color-dodge|soft-light|nonsense");
                self.attribute("mode", mode);
            }
            "feComposite" => {
                let operator = self.dice.pick("over|in|out|atop|xor|arithmetic");
                self.attribute("operator", operator);
                self.lengths("k1 k2 k3 k4");
            }
            "feImage" if self.dice.once_in(3) => self.primitive_picture(),
            "feImage" => {
                let id = if self.from > 0 || self.dice.once_in(3) {
                    self.id()
                } else {
                    IDS[4 + self.dice.below(4)]
                };
                self.attribute("href", &format!("#{id}"));
            }
            "feColorMatrix" => {
                let kind = self.dice.pick("matrix|saturate|hueRotate|luminanceToAlpha");
                self.attribute("type", kind);
                let count = [1, 20, 3][self.dice.below(3)];
                let values = (0..count).map(|_| self.number()).collect::<Vec<_>>().join(" ");
                self.attribute("values", &values);
            }
            "feConvolveMatrix" => {
                let order = self.dice.pick("3|1|5|3 2|0|1e9|65536|-3|1.5|2 1e5");
                self.attribute("order", order);
                let count = [9, 1, 25, 6, 4][self.dice.below(5)];
                let values = (0..count).map(|_| self.number()).collect::<Vec<_>>().join(" ");
                self.attribute("kernelMatrix", &values);
                self.lengths("divisor bias targetX targetY");
                let edge = self.dice.pick("duplicate|wrap|none");
                self.attribute("edgeMode", edge);
            }
            "feMorphology" => {
                let operator = self.dice.pick("erode|dilate");
                self.attribute("operator", operator);
                let radius = self.numbers(2);
                self.attribute("radius", &radius);
            }
            "feDisplacementMap" => {
                self.lengths("scale");
                for channel in ["xChannelSelector", "yChannelSelector"] {
                    let value = self.dice.pick("R|G|B|A");
                    self.attribute(channel, value);
                }
            }
            "feTurbulence" => {
                let frequency = self.numbers(2);
                self.attribute("baseFrequency", &frequency);
                self.lengths("numOctaves seed");
                let kind = self.dice.pick("turbulence|fractalNoise");
                self.attribute("type", kind);
                let stitch = self.dice.pick("stitch|noStitch");
                self.attribute("stitchTiles", stitch);
            }
            "feDiffuseLighting" | "feSpecularLighting" => {
                let colour = self.dice.pick(COLOURS);
                self.attribute("lighting-color", colour);
                self.lengths("surfaceScale diffuseConstant specularConstant specularExponent kernelUnitLength");
            }
            _ => {}
        }
        self.put(">");
        match name {
            "feMerge" => {
                for _ in 0..self.dice.below(4) {
                    self.put("<feMergeNode in=\"SourceGraphic\"/>");
                }
            }
            "feComponentTransfer" => {
                for function in ["feFuncR", "feFuncG", "feFuncB", "feFuncA"] {
                    let kind = self.dice.pick("identity|table|discrete|linear|gamma");
                    self.put(&format!("<{function} type=\"{kind}\""));
                    let values = self.numbers(5);
                    self.attribute("tableValues", &values);
                    self.lengths("slope intercept amplitude exponent offset");
                    self.put("/>");
                }
            }
            "feDiffuseLighting" | "feSpecularLighting" => {
                let light = self.dice.pick("feDistantLight|fePointLight|feSpotLight");
                self.put(&format!("<{light}"));
                self.lengths("azimuth elevation x y z pointsAtX pointsAtY pointsAtZ");
                self.lengths("specularExponent limitingConeAngle");
                self.put("/>");
            }
            _ => {}
        }
        self.put(&format!("</{name}>"));
    }
}
