//! Hostile drawings by a grammar: every element and attribute that the renderer knows, with values that no drawing
//! program writes.

mod definitions;
mod pictures;
mod style;

/// Numbers in sequence from a seed: the same on every machine.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// One of the words between the bars.
    fn pick<'a>(&mut self, words: &'a str) -> &'a str {
        let count = words.split('|').count();
        words.split('|').nth(self.below(count)).unwrap_or("")
    }

    /// Once in `n` times.
    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A drawing, the same for the same seed.
pub(crate) fn drawing(seed: u64) -> String {
    let mut writer = Writer {
        dice: Dice::new(seed),
        text: String::new(),
        left: 24,
        from: 0,
        wild: 0,
    };
    // Most numbers of a drawing are sane, or nothing would be drawn.
    writer.wild = [0, 40, 12, 4][writer.dice.below(4)];
    writer.root();
    if writer.dice.once_in(24) {
        writer.damage();
    }
    writer.text
}

struct Writer {
    dice: Dice,
    text: String,
    /// Elements that may still be written.
    left: usize,
    /// The definitions from here on can be referred to: a drawing with circles is refused, and tries nothing.
    from: usize,
    /// One number in this many is wild; 0: none.
    wild: usize,
}

const WILD: &str = "1e30|-1e30|3.4e38|-3.4e38|1e39|1e308|1e400|-1e400|NaN|inf|-inf|1e-30|-1e-30|1e-45|0|-0|1e10|-1e10|\
    2147483647|-2147483648|4294967296|32767|-32768|65536|1e6|-1e6|16777217|1e7|-1e7|1e5|-1e5|8191|8192|\
    0.0000001|1e20|-1e20|1e15|1e12|1e9|-1e9|9007199254740993|1e-10||abc|1e|--1|1e+|50%|1e9%|-100%|1e30em";

const SHAPES: &str = "rect|circle|ellipse|line|polyline|polygon|path|path|path";
const IDS: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h", "none"];

impl Writer {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn number(&mut self) -> String {
        if self.wild > 0 && self.dice.once_in(self.wild) {
            return self.dice.pick(WILD).into();
        }
        match self.dice.below(64) {
            // An entity, which most drawings don't declare.
            0 if self.text.starts_with("<!DOCTYPE") => return "&n;".into(),
            _ => {}
        }
        match self.dice.below(8) {
            0 => self.dice.below(5).to_string(),
            // On the edges of the canvas and of its pixels.
            1 => self.dice.pick("0|64|100|50|99.99999|100.00001|-0.00001|33|1").into(),
            2 => format!("{}", self.dice.below(2000) as f64 / 10.0 - 50.0),
            3 => format!("{}", self.dice.below(1000) as f64 / 1000.0),
            4 => format!("-{}", self.dice.below(150)),
            _ => self.dice.below(120).to_string(),
        }
    }

    fn length(&mut self) -> String {
        let number = self.number();
        let unit = match self.dice.below(12) {
            0 => self.dice.pick("%|px|em|ex|mm|in|pt|pc|cm"),
            _ => "",
        };
        number + unit
    }

    fn numbers(&mut self, most: usize) -> String {
        let count = self.dice.below(most + 1);
        (0..count).map(|_| self.number()).collect::<Vec<_>>().join(" ")
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.text
            .push_str(&format!(" {name}=\"{}\"", value.replace('<', "&lt;")));
    }

    fn lengths(&mut self, names: &str) {
        for name in names.split(' ') {
            if !self.dice.once_in(4) {
                let value = self.length();
                self.attribute(name, &value);
            }
        }
    }

    fn id(&mut self) -> &'static str {
        match self.dice.below(24) {
            0 => IDS[self.dice.below(IDS.len())],
            n => IDS[..4].get(self.from + n % (5 - self.from.min(4))).unwrap_or(&"none"),
        }
    }

    fn reference(&mut self) -> String {
        let id = self.id();
        format!("url(#{id})")
    }

    fn path_data(&mut self) -> String {
        let mut data = String::from("M");
        data += &format!("{} {}", self.number(), self.number());
        for _ in 0..self.dice.below(12) {
            let command = self.dice.pick("L|l|H|h|V|v|C|c|S|s|Q|q|T|t|A|a|Z|M|m");
            data += command;
            let count = match command {
                "H" | "h" | "V" | "v" => 1,
                "C" | "c" => 6,
                "S" | "s" | "Q" | "q" => 4,
                "Z" => 0,
                "A" | "a" => {
                    let flags = ["0 0", "0 1", "1 0", "1 1"][self.dice.below(4)];
                    let (rx, ry, turn) = (self.number(), self.number(), self.number());
                    let (x, y) = (self.number(), self.number());
                    data += &format!("{rx} {ry} {turn} {flags} {x} {y}");
                    0
                }
                _ => 2,
            };
            let numbers: Vec<_> = (0..count).map(|_| self.number()).collect();
            data += &numbers.join(" ");
        }
        data
    }

    fn root(&mut self) {
        if self.dice.once_in(16) {
            let number = self.number();
            self.put(&format!(
                "<!DOCTYPE svg [<!ENTITY n \"{number}\"><!ENTITY m '&n;&n;'>]>"
            ));
        }
        self.put("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
        match self.dice.below(8) {
            0 => self.lengths("width height"),
            1 => self.put(" width=\"200\" height=\"7\""),
            2 => {}
            _ => self.put(" width=\"100\" height=\"64\""),
        }
        if self.dice.once_in(3) {
            self.view_box();
        }
        self.put(">");
        if self.dice.once_in(5) {
            self.style_sheet();
        }
        for (at, id) in IDS[..4].iter().enumerate() {
            self.from = at + 1;
            self.definition(id);
        }
        self.from = 0;
        for _ in 0..=self.dice.below(4) {
            self.element(0);
        }
        self.put("</svg>");
    }

    fn view_box(&mut self) {
        let numbers = (0..4).map(|_| self.number()).collect::<Vec<_>>().join(" ");
        self.attribute("viewBox", &numbers);
        if self.dice.once_in(3) {
            let fit = self.dice.pick("none|xMinYMax slice|xMidYMid meet|xMaxYMin slice");
            self.attribute("preserveAspectRatio", fit);
        }
    }

    fn element(&mut self, depth: usize) {
        if self.left == 0 || depth > 5 {
            return;
        }
        self.left -= 1;
        match self.dice.below(12) {
            0 | 1 => self.container("g", depth),
            2 => self.container("svg", depth),
            3 => {
                let name = self.dice.pick("switch|a|g|defs|symbol");
                self.container(name, depth);
            }
            4 => {
                self.put("<use");
                let id = if self.from > 0 || self.dice.once_in(3) {
                    self.id()
                } else {
                    IDS[4 + self.dice.below(4)]
                };
                self.attribute("href", &format!("#{id}"));
                self.lengths("x y width height");
                self.style();
                self.put("/>");
            }
            5 if self.dice.once_in(2) => self.image(),
            5 if self.dice.once_in(3) => self.words(),
            6 if self.dice.once_in(2) => self.words(),
            _ => self.shape(),
        }
    }

    /// A piece of the text is left out or comes twice: what is no XML, and what is but by chance.
    fn damage(&mut self) {
        let [mut a, mut b] = [0; 2].map(|_| self.dice.below(self.text.len()));
        while !self.text.is_char_boundary(a) {
            a -= 1;
        }
        while !self.text.is_char_boundary(b) {
            b -= 1;
        }
        self.text = format!("{}{}", &self.text[..a], &self.text[b..]);
    }

    fn container(&mut self, name: &str, depth: usize) {
        self.put(&format!("<{name}"));
        if self.dice.once_in(3) {
            let id = self.dice.pick("e|f|g|h");
            self.attribute("id", id);
        }
        if name == "svg" || name == "symbol" {
            self.lengths("x y width height");
            if self.dice.once_in(2) {
                self.view_box();
            }
        }
        self.style();
        self.put(">");
        for _ in 0..=self.dice.below(3) {
            self.element(depth + 1);
        }
        self.put(&format!("</{name}>"));
    }

    fn shape(&mut self) {
        let name = self.dice.pick(SHAPES);
        self.put(&format!("<{name}"));
        if self.dice.once_in(6) {
            let id = self.dice.pick("e|f|g|h");
            self.attribute("id", id);
        }
        match name {
            "rect" => self.lengths("x y width height rx ry"),
            "circle" => self.lengths("cx cy r"),
            "ellipse" => self.lengths("cx cy rx ry"),
            "line" => self.lengths("x1 y1 x2 y2"),
            "polyline" | "polygon" => {
                let points = self.numbers(14);
                self.attribute("points", &points);
            }
            _ => {
                let data = self.path_data();
                self.attribute("d", &data);
            }
        }
        self.style();
        self.put("/>");
    }
}
