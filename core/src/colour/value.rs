//! Colours, written as in CSS.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Reason};

/// An sRGB colour with alpha, written as in CSS: `#fff`, `#ffffff`, `#ffffff80`, `white`, `black`, `transparent`.
///
/// ```
/// use keenpix::Colour;
///
/// let colour: Colour = "#f00c".parse()?;
/// assert_eq!((colour.red, colour.alpha), (255, 204));
/// assert_eq!(colour.to_string(), "#ff0000cc");
/// # Ok::<(), keenpix::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
    /// Alpha: 0 is transparent, 255 opaque.
    pub alpha: u8,
}

impl Colour {
    /// Opaque white, the default background.
    pub const WHITE: Colour = Colour {
        red: 255,
        green: 255,
        blue: 255,
        alpha: 255,
    };
    /// Opaque black.
    pub const BLACK: Colour = Colour {
        red: 0,
        green: 0,
        blue: 0,
        alpha: 255,
    };
    /// Transparent black.
    pub const TRANSPARENT: Colour = Colour {
        red: 0,
        green: 0,
        blue: 0,
        alpha: 0,
    };

    /// The same colour without its alpha.
    pub(crate) fn opaque(self) -> Self {
        Colour { alpha: 255, ..self }
    }
}

impl Default for Colour {
    fn default() -> Self {
        Colour::WHITE
    }
}

const EXPECTED: &str = "a colour: `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`, `white`, `black` or `transparent`";

impl std::str::FromStr for Colour {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "white" => return Ok(Colour::WHITE),
            "black" => return Ok(Colour::BLACK),
            "transparent" => return Ok(Colour::TRANSPARENT),
            _ => {}
        }
        let bad = || Error::out_of_range("", EXPECTED, format_args!("`{text}`")).because(Reason::UnknownValue);
        let hex = text.strip_prefix('#').ok_or_else(bad)?;
        let digits = hex
            .chars()
            .map(|c| c.to_digit(16).map(|d| d as u8))
            .collect::<Option<Vec<u8>>>()
            .ok_or_else(bad)?;
        let (red, green, blue, alpha) = match digits[..] {
            [r, g, b] => (r * 17, g * 17, b * 17, 255),
            [r, g, b, a] => (r * 17, g * 17, b * 17, a * 17),
            [r, s, g, h, b, c] => (r * 16 + s, g * 16 + h, b * 16 + c, 255),
            [r, s, g, h, b, c, a, d] => (r * 16 + s, g * 16 + h, b * 16 + c, a * 16 + d),
            _ => return Err(bad()),
        };
        Ok(Colour {
            red,
            green,
            blue,
            alpha,
        })
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)?;
        if self.alpha < 255 {
            write!(f, "{:02x}", self.alpha)
        } else {
            Ok(())
        }
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(|_| serde::de::Error::custom(EXPECTED))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Colour {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Colour".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "An sRGB colour, written as in CSS: `#fff`, `#ffffff`, `#ffffff80`, `white`, `black`, `transparent`.",
            "pattern": "^(#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|white|black|transparent)$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_css() {
        for (text, written) in [
            ("#fff", "#ffffff"),
            ("#12345678", "#12345678"),
            ("#f00c", "#ff0000cc"),
            ("transparent", "#00000000"),
            ("#010203", "#010203"),
        ] {
            assert_eq!(text.parse::<Colour>().unwrap().to_string(), written);
        }
        for text in ["", "#", "fff", "#12345", "#ggg", "reddish", "#ｆff"] {
            assert_eq!(text.parse::<Colour>().unwrap_err().code(), "BAD_PLAN", "{text}");
        }
    }
}
