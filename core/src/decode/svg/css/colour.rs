//! Colours of CSS (Color 4) in the eight digits that usvg reads. What is outside of sRGB is clipped, as browsers do
//! on an sRGB screen.

/// `#rrggbbaa` for a colour that is written as a function.
pub(super) fn hexadecimal(function: &str, arguments: &str) -> Option<String> {
    let ([red, green, blue], alpha) = srgb(function, arguments)?;
    let byte = |value: f64| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    let [red, green, blue, alpha] = [red, green, blue, alpha].map(byte);
    Some(format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}"))
}

fn srgb(function: &str, arguments: &str) -> Option<([f64; 3], f64)> {
    let (mut words, alpha) = arguments_of(arguments)?;
    let space = match function {
        "color" if !words.is_empty() => words.remove(0).to_ascii_lowercase(),
        _ => String::new(),
    };
    let legacy_alpha = if words.len() == 4 && alpha.is_none() {
        words.pop()
    } else {
        None
    };
    let alpha = match alpha.or(legacy_alpha) {
        Some(word) => number(word, 1.0)?.clamp(0.0, 1.0),
        None => 1.0,
    };
    let [a, b, c] = words[..] else { return None };
    // What 100 % stands for.
    let of = |of: [f64; 3]| Some([number(a, of[0])?, number(b, of[1])?, number(c, of[2])?]);
    let rgb = match function {
        "rgb" | "rgba" => of([255.0; 3])?.map(|value| value / 255.0),
        "hsl" | "hsla" => {
            let [saturation, lightness] = [percent(b)?.max(0.0), percent(c)?];
            hsl(angle(a)?, saturation, lightness)
        }
        "hwb" => {
            let [white, black] = [percent(b)?, percent(c)?];
            if white + black >= 1.0 {
                [white / (white + black); 3]
            } else {
                hsl(angle(a)?, 1.0, 0.5).map(|value| value * (1.0 - white - black) + white)
            }
        }
        "lab" => of_lab(of([100.0, 125.0, 125.0])?),
        "lch" => of_lab(polar(number(a, 100.0)?, number(b, 150.0)?, angle(c)?)),
        "oklab" => of_oklab(of([1.0, 0.4, 0.4])?),
        "oklch" => of_oklab(polar(number(a, 1.0)?, number(b, 0.4)?, angle(c)?)),
        "color" => of_space(&space, of([1.0; 3])?)?,
        _ => return None,
    };
    rgb.iter().all(|value| value.is_finite()).then_some((rgb, alpha))
}

/// The words, and the one behind the slash.
fn arguments_of(text: &str) -> Option<(Vec<&str>, Option<&str>)> {
    let (colour, alpha) = match text.split_once('/') {
        Some((colour, alpha)) => (colour, Some(alpha.trim())),
        None => (text, None),
    };
    let words: Vec<_> = colour
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    (words.len() <= 5).then_some((words, alpha))
}

/// A number, or a percentage of `whole`.
fn number(word: &str, whole: f64) -> Option<f64> {
    if word.eq_ignore_ascii_case("none") {
        return Some(0.0);
    }
    let value = match word.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok()? / 100.0 * whole,
        None => word.parse().ok()?,
    };
    value.is_finite().then_some(value)
}

/// A percentage, with its sign or without.
fn percent(word: &str) -> Option<f64> {
    number(word.strip_suffix('%').unwrap_or(word), 1.0).map(|value| value / 100.0)
}

/// An angle, in degrees.
fn angle(word: &str) -> Option<f64> {
    let word = word.to_ascii_lowercase();
    let (text, unit) = match word.find(|c: char| c.is_alphabetic() && c != 'e') {
        Some(at) => word.split_at(at),
        None => (word.as_str(), ""),
    };
    match (text, unit) {
        ("", "none") => Some(0.0),
        (text, "deg" | "") => number(text, 360.0),
        // The `d` of `deg` is found first; the others start with their own letter.
        (text, "grad") => number(text, 0.0).map(|value| value * 0.9),
        (text, "rad") => number(text, 0.0).map(f64::to_degrees),
        (text, "turn") => number(text, 0.0).map(|value| value * 360.0),
        _ => None,
    }
}

fn hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    // CSS Color 4, 7.1.
    let channel = |n: f64| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        let a = saturation * lightness.min(1.0 - lightness);
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    };
    [channel(0.0), channel(8.0), channel(4.0)]
}

fn polar(lightness: f64, chroma: f64, hue: f64) -> [f64; 3] {
    let (sin, cos) = hue.to_radians().sin_cos();
    [lightness, chroma.max(0.0) * cos, chroma.max(0.0) * sin]
}

type Matrix = [[f64; 3]; 3];

fn times(matrix: Matrix, [a, b, c]: [f64; 3]) -> [f64; 3] {
    matrix.map(|[x, y, z]| x * a + y * b + z * c)
}

/// CSS Color 4, 18: XYZ (D65) to linear sRGB.
const TO_SRGB: Matrix = [
    [
        3.240_969_941_904_522_6,
        -1.537_383_177_570_094,
        -0.498_610_760_293_003_4,
    ],
    [
        -0.969_243_636_280_879_6,
        1.875_967_501_507_720_2,
        0.041_555_057_407_175_59,
    ],
    [
        0.055_630_079_696_993_66,
        -0.203_976_958_888_976_52,
        1.056_971_514_242_878_6,
    ],
];
/// D50 to D65, by Bradford.
const TO_D65: Matrix = [
    [
        0.955_473_452_704_218_2,
        -0.023_098_536_874_261_423,
        0.063_259_308_661_021_7,
    ],
    [
        -0.028_369_706_963_208_136,
        1.009_995_458_005_822_6,
        0.021_041_398_966_943_008,
    ],
    [
        0.012_314_001_688_319_899,
        -0.020_507_696_433_477_912,
        1.330_365_936_608_075_3,
    ],
];

fn encoded(linear: [f64; 3]) -> [f64; 3] {
    linear.map(|value| {
        let curve = if value.abs() > 0.003_130_8 {
            1.055 * value.abs().powf(1.0 / 2.4) - 0.055
        } else {
            12.92 * value.abs()
        };
        curve.copysign(value)
    })
}

fn linear(encoded: [f64; 3]) -> [f64; 3] {
    encoded.map(|value| {
        let curve = if value.abs() > 0.040_45 {
            ((value.abs() + 0.055) / 1.055).powf(2.4)
        } else {
            value.abs() / 12.92
        };
        curve.copysign(value)
    })
}

fn of_xyz(xyz: [f64; 3]) -> [f64; 3] {
    encoded(times(TO_SRGB, xyz))
}

fn of_lab([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    const WHITE: [f64; 3] = [0.3457 / 0.3585, 1.0, (1.0 - 0.3457 - 0.3585) / 0.3585];
    const KAPPA: f64 = 24389.0 / 27.0;
    let lightness = lightness.clamp(0.0, 100.0);
    let fy = (lightness + 16.0) / 116.0;
    let cubed = |f: f64| {
        if f.powi(3) > 216.0 / 24389.0 {
            f.powi(3)
        } else {
            (116.0 * f - 16.0) / KAPPA
        }
    };
    let y = if lightness > 8.0 { fy.powi(3) } else { lightness / KAPPA };
    let xyz = [cubed(a / 500.0 + fy) * WHITE[0], y, cubed(fy - b / 200.0) * WHITE[2]];
    of_xyz(times(TO_D65, xyz))
}

/// Björn Ottosson's Oklab, to linear sRGB directly.
fn of_oklab([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    let lightness = lightness.clamp(0.0, 1.0);
    let lms = [
        lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b,
        lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b,
        lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b,
    ];
    let matrix = [
        [4.076_741_662_1, -3.307_711_591_3, 0.230_969_929_2],
        [-1.268_438_004_6, 2.609_757_401_1, -0.341_319_396_5],
        [-0.004_196_086_3, -0.703_418_614_7, 1.707_614_701_0],
    ];
    encoded(times(matrix, lms.map(|value| value.powi(3))))
}

fn of_space(space: &str, values: [f64; 3]) -> Option<[f64; 3]> {
    let power = |exponent: f64| values.map(|value| value.abs().powf(exponent).copysign(value));
    Some(match space {
        "srgb" => values,
        "srgb-linear" => encoded(values),
        "xyz" | "xyz-d65" => of_xyz(values),
        "xyz-d50" => of_xyz(times(TO_D65, values)),
        "display-p3" => of_xyz(times(
            [
                [
                    0.486_570_948_648_216_2,
                    0.265_667_693_169_093_06,
                    0.198_217_285_234_362_5,
                ],
                [0.228_974_564_069_748_8, 0.691_738_521_836_506_4, 0.079_286_914_093_745],
                [0.0, 0.045_113_381_858_902_64, 1.043_944_368_900_976],
            ],
            linear(values),
        )),
        "a98-rgb" => of_xyz(times(
            [
                [
                    0.576_669_042_910_131_3,
                    0.185_558_237_906_546_3,
                    0.188_228_646_234_995_08,
                ],
                [0.297_344_975_250_536_1, 0.627_363_566_255_466, 0.075_291_458_493_997_88],
                [
                    0.027_031_361_386_412_34,
                    0.070_688_852_535_827_23,
                    0.991_337_536_837_639_1,
                ],
            ],
            power(563.0 / 256.0),
        )),
        "rec2020" => of_xyz(times(
            [
                [0.636_958_048_301_291, 0.144_616_903_586_208_3, 0.168_880_975_164_172_1],
                [0.262_700_212_011_267, 0.677_998_071_518_871, 0.059_301_716_469_862],
                [0.0, 0.028_072_693_049_087_4, 1.060_985_057_710_791],
            ],
            // As television does, of which the curve is the inverse.
            power(2.4),
        )),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_browsers() {
        for (function, arguments, expected) in [
            ("rgb", "255 128 0", "#ff8000ff"),
            ("rgb", "255 128 0 / 50%", "#ff800080"),
            ("rgba", "255, 128, 0, .5", "#ff800080"),
            ("rgb", "100% 50% 0%", "#ff8000ff"),
            ("rgb", "none 300 -5", "#00ff00ff"),
            ("hsl", "120deg 100% 50%", "#00ff00ff"),
            ("hsl", "0.5turn 100% 50% / .2", "#00ffff33"),
            ("hsla", "240, 100%, 50%, 1", "#0000ffff"),
            ("hwb", "0 20% 20%", "#cc3333ff"),
            ("lab", "50% 40 59.5", "#bf5700ff"),
            ("lch", "52.2345% 72.2 56.2", "#c65d07ff"),
            ("oklab", "40.1% 0.1143 0.045", "#7d2329ff"),
            ("oklch", "40.1% 0.123 21.57", "#7d2329ff"),
            ("oklch", "1 0 0", "#ffffffff"),
            ("color", "srgb 1 0.5 0", "#ff8000ff"),
            ("color", "srgb-linear 0.5 0 1", "#bc00ffff"),
            ("color", "display-p3 1 0 0", "#ff0000ff"),
            ("color", "display-p3 0.5 0.5 0.5 / 0.5", "#80808080"),
            ("color", "xyz-d65 0.9505 1 1.089", "#ffffffff"),
        ] {
            let actual = hexadecimal(function, arguments).unwrap_or_else(|| panic!("{function}({arguments})"));
            let bytes = |text: &str| u32::from_str_radix(&text[1..], 16).unwrap().to_be_bytes();
            let close = bytes(&actual)
                .iter()
                .zip(bytes(expected))
                .all(|(a, b)| a.abs_diff(b) <= 1);
            assert!(close, "{function}({arguments}) is {actual}, expected {expected}");
        }
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for (function, arguments) in [
            ("rgb", ""),
            ("rgb", "1 2"),
            ("rgb", "1 2 x"),
            ("rgb", "1 2 3 4 5 6 7"),
            ("color", "display-p9 1 0 0"),
            ("color", ""),
            ("blue", "1 2 3"),
            ("hsl", "1foo 2% 3%"),
            ("rgb", "1e999 0 0"),
        ] {
            assert_eq!(hexadecimal(function, arguments), None, "{function}({arguments})");
        }
    }
}
