//! Pictures in `data:` URLs, texts, and style sheets.

use base64::Engine;

use super::{IDS, Writer};

/// Small files of each kind; the damaged ones are made from them.
const FILES: &[&[u8]] = &[
    include_bytes!("../../images/lines.png"),
    include_bytes!("../../images/grey-4.png"),
    include_bytes!("../../images/palette-alpha.png"),
    include_bytes!("../../images/grey.jpg"),
    include_bytes!("../../images/still.gif"),
    include_bytes!("../../images/lossless.webp"),
    include_bytes!("../../images/circle.svg"),
];

const SELECTORS: &str = "*|rect|.k|#e|:root|g > *|rect:nth-child(2n+1)|:not(.k)|g path, circle|[id]|svg|.l:first-child|\
    :nth-last-of-type(-n+1e9)|:is(rect, path):not(#a)|a ~ b|a + *|:hover|::before|@|..|:nth-child(99999999999n)|use *";

impl Writer {
    fn data_url(&mut self) -> String {
        let file = FILES[self.dice.below(FILES.len())];
        let mut bytes = file.to_vec();
        match self.dice.below(6) {
            0 => bytes.truncate(self.dice.below(file.len())),
            1 => {
                let at = self.dice.below(file.len());
                bytes[at] = self.dice.below(256) as u8;
            }
            _ => {}
        }
        let kind = self
            .dice
            .pick("image/png|image/jpeg|image/svg+xml|image/png;charset=x|");
        let base64 = base64::engine::general_purpose::STANDARD.encode(&bytes);
        match self.dice.below(12) {
            0 => format!("data:{kind},{}", base64.replace('/', "%2F")),
            1 => format!("data:{kind};base64,{}", &base64[..self.dice.below(base64.len())]),
            _ => format!("data:{kind};base64,{base64}"),
        }
    }

    fn href(&mut self, url: &str) {
        let name = self.dice.pick("href|xlink:href");
        self.attribute(name, url);
    }

    pub(super) fn image(&mut self) {
        self.put("<image");
        match self.dice.below(12) {
            0 => self.href("x.png"),
            1 => {
                let id = IDS[self.dice.below(IDS.len())];
                self.href(&format!("#{id}"));
            }
            _ => {
                let url = self.data_url();
                self.href(&url);
            }
        }
        self.lengths("x y width height");
        if self.dice.once_in(3) {
            let fit = self.dice.pick("none|xMinYMax slice|xMidYMid meet|xMaxYMin slice");
            self.attribute("preserveAspectRatio", fit);
        }
        if self.dice.once_in(3) {
            let quality = self
                .dice
                .pick("pixelated|crisp-edges|smooth|high-quality|optimizeQuality");
            let css = format!("image-rendering:{quality}");
            self.attribute("style", &css);
        } else {
            self.style();
        }
        self.put("/>");
    }

    /// `href` of a primitive that is a picture.
    pub(super) fn primitive_picture(&mut self) {
        let url = self.data_url();
        self.href(&url);
    }

    pub(super) fn words(&mut self) {
        self.put("<text");
        self.lengths("x y dx dy rotate textLength font-size letter-spacing word-spacing");
        let family = self
            .dice
            .pick("serif|sans-serif|monospace|DejaVu Sans|Blocks|None, fantasy|");
        self.attribute("font-family", family);
        if self.dice.once_in(3) {
            let anchor = self.dice.pick("start|middle|end");
            self.attribute("text-anchor", anchor);
            let weight = self.dice.pick("bold|100|950|1e9");
            self.attribute("font-weight", weight);
            let baseline = self.dice.pick("hanging|middle|auto");
            self.attribute("dominant-baseline", baseline);
            let lines = self.dice.pick("underline|line-through|overline underline");
            self.attribute("text-decoration", lines);
            let mode = self.dice.pick("tb|vertical-rl|lr");
            self.attribute("writing-mode", mode);
        }
        self.style();
        self.put(">");
        for _ in 0..=self.dice.below(3) {
            let word = self
                .dice
                .pick("Word|AB CBA|&#x5d0;&#x5d1;|e&#x301;&#x301;|&#x1f600;| |&#xe000;|\u{202e}ab|fi ffi");
            match self.dice.below(4) {
                0 => {
                    self.put("<tspan");
                    self.lengths("x y dy font-size baseline-shift");
                    self.style();
                    self.put(&format!(">{word}</tspan>"));
                }
                1 => {
                    let id = IDS[4 + self.dice.below(4)];
                    self.put(&format!("<textPath href=\"#{id}\""));
                    self.lengths("startOffset");
                    self.put(&format!(">{word}</textPath>"));
                }
                _ => self.put(word),
            }
        }
        self.put("</text>");
    }

    pub(super) fn style_sheet(&mut self) {
        self.put("<style>");
        for _ in 0..=self.dice.below(5) {
            if self.dice.once_in(12) {
                let rule = self
                    .dice
                    .pick("@media screen{|@media print{|@font-face{}|@import 'x';|@layer a{|@supports (x:y){");
                self.put(rule);
            }
            let selector = self.dice.pick(SELECTORS).replace('>', "&gt;");
            let declarations = self.declarations();
            self.put(&format!("{selector}{{{declarations}}} "));
        }
        self.put("</style>");
    }

    pub(super) fn declarations(&mut self) -> String {
        let mut css = String::new();
        for _ in 0..self.dice.below(4) {
            css += &match self.dice.below(14) {
                0 => format!("fill:{}", self.paint()),
                1 => format!("stroke-width:{}", self.length()),
                2 => format!("filter:{} {}", self.filter_function(), self.filter_function()),
                3 => format!("transform:{}", self.transform()),
                4 => format!("--v:{}", self.paint()),
                5 => format!(
                    "transform:translate({}, {}) rotate({}turn)",
                    self.length(),
                    self.length(),
                    self.number()
                ),
                6 => format!("transform-origin:{} {}", self.length(), self.length()),
                7 => format!("--v:var(--v);--w:calc({} * var(--v, 1px))", self.length()),
                8 => format!("opacity:{};mix-blend-mode:plus-lighter", self.length()),
                9 => format!("clip-path:{}", self.reference()),
                10 => format!("marker:{}", self.reference()),
                11 => format!("mask:{};isolation:isolate", self.reference()),
                12 => format!(
                    "x:{};r:{};rx:{};height:{}",
                    self.length(),
                    self.length(),
                    self.length(),
                    self.length()
                ),
                _ => format!("stroke-dasharray:{};stroke:red", self.numbers(4)),
            };
            css += self.dice.pick(";|;|;| !important;|");
        }
        css
    }
}
