//! Paints, strokes, transforms and style sheets.

use super::Writer;

pub(super) const COLOURS: &str = "red|#0f8|rgba(0,0,255,.5)|currentColor|transparent|hsl(120,50%,50%)|rgb(300,-5,1e9)|rgb(1 2 3 / 40%)|\
    oklch(0.6 1e9 -1e9)|oklch(60% .2 30 / .5)|color(display-p3 1 0 0 / 50%)|color(xyz 1e9 -1 NaN)|lab(50 1e9 -1e30)|\
    color-mix(in srgb, red, blue 30%)|hwb(120 10% 1e9%)|hsl(1e9turn 50% 50%)|light-dark(red, blue)|#12|var(--v, lime)|var(--w)|context-fill|context-stroke|nonsense";

impl Writer {
    pub(super) fn paint(&mut self) -> String {
        match self.dice.below(5) {
            0 | 1 => self.reference(),
            2 => "none".into(),
            _ => self.dice.pick(COLOURS).into(),
        }
    }

    pub(super) fn transform(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.dice.below(2) {
            let name = self.dice.pick("translate|scale|rotate|skewX|skewY|matrix");
            let count = match name {
                "matrix" => 6,
                "skewX" | "skewY" => 1,
                "rotate" => [1, 3][self.dice.below(2)],
                _ => 1 + self.dice.below(2),
            };
            let numbers: Vec<_> = (0..count)
                .map(|_| match (name, self.dice.below(3)) {
                    ("scale" | "matrix", 0 | 1) => self.dice.pick("1|0.5|2|-1|0|0.1|1e-6").into(),
                    _ => self.number(),
                })
                .collect();
            text += &format!("{name}({}) ", numbers.join(","));
        }
        text
    }

    pub(super) fn style(&mut self) {
        for (name, often) in [("fill", 2), ("stroke", 3)] {
            if self.dice.once_in(often) {
                let paint = self.paint();
                self.attribute(name, &paint);
            }
        }
        for name in [
            "clip-path",
            "mask",
            "filter",
            "marker-start",
            "marker-mid",
            "marker-end",
        ] {
            if self.dice.once_in(9) {
                let reference = self.reference();
                self.attribute(name, &reference);
            }
        }
        for name in ["stroke-width", "stroke-miterlimit", "stroke-dashoffset"] {
            if self.dice.once_in(4) {
                let value = self.length();
                self.attribute(name, &value);
            }
        }
        for name in ["opacity", "fill-opacity", "stroke-opacity"] {
            if self.dice.once_in(9) {
                let value = self.number();
                self.attribute(name, &value);
            }
        }
        if self.dice.once_in(6) {
            let dashes = self.numbers(5);
            self.attribute("stroke-dasharray", &dashes);
        }
        if self.dice.once_in(5) {
            let transform = self.transform();
            self.attribute("transform", &transform);
        }
        for (name, values) in [
            ("stroke-linecap", "butt|round|square"),
            ("stroke-linejoin", "miter|miter-clip|round|bevel|arcs"),
            ("fill-rule", "nonzero|evenodd"),
            ("clip-rule", "nonzero|evenodd"),
            ("shape-rendering", "crispEdges|geometricPrecision|optimizeSpeed"),
            (
                "mix-blend-mode",
                "multiply|screen|hue|color-dodge|luminosity|overlay|darken|plus-lighter|difference|soft-light",
            ),
            ("isolation", "isolate|auto"),
            ("overflow", "visible|hidden"),
            ("paint-order", "stroke|markers stroke fill"),
            ("class", "k|l|k l"),
            ("display", "inline|inline|none"),
            ("visibility", "visible|hidden"),
            ("vector-effect", "non-scaling-stroke"),
            ("transform-origin", "50% 50%|center|1e30 0|10 NaN"),
        ] {
            if self.dice.once_in(12) {
                let value = self.dice.pick(values);
                self.attribute(name, value);
            }
        }
        if self.dice.once_in(8) {
            let css = self.declarations();
            self.attribute("style", &css);
        }
    }

    pub(super) fn filter_function(&mut self) -> String {
        let name = self
            .dice
            .pick("blur|brightness|contrast|grayscale|hue-rotate|invert|opacity|saturate|sepia|drop-shadow");
        match name {
            "blur" => format!("blur({}px)", self.number()),
            "drop-shadow" => format!(
                "drop-shadow({}px {}px {}px red)",
                self.number(),
                self.number(),
                self.number()
            ),
            "hue-rotate" => format!("hue-rotate({}deg)", self.number()),
            _ => format!("{name}({})", self.number()),
        }
    }
}
