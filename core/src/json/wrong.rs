//! What serde finds wrong, as facts.

use std::fmt::Display;

use serde::de::{Expected, Unexpected};

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wrong {
    /// From the whole to the part.
    pub(super) path: Vec<Step>,
    pub(super) kind: Kind,
}

/// One step from a value into one of its parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// Another type, or a number beyond the type's range: what serde expects, in its words.
    Type(String),
    /// A value that its type refuses: what it expects, in ours.
    Value(String),
    /// None of the words of a list; `word` is none where no word came.
    Word {
        word: Option<String>,
        known: &'static [&'static str],
    },
    /// A list that is too long: what it expects, in our words.
    TooMany(String),
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    MissingKey(&'static str),
    Twice(&'static str),
}

impl Wrong {
    pub(super) fn new(kind: Kind) -> Self {
        Wrong { path: Vec::new(), kind }
    }

    /// The same, seen from the value that the place is a part of.
    pub(super) fn within(mut self, step: Step) -> Self {
        self.path.insert(0, step);
        self
    }

    /// The path as a plan's users write it: `effects[0].sigma`.
    pub(super) fn place(&self) -> String {
        let mut place = String::new();
        for step in &self.path {
            match step {
                Step::Index(index) => place += &format!("[{index}]"),
                Step::Key(key) if place.is_empty() => place += &super::words::short(key),
                Step::Key(key) => place += &format!(".{}", super::words::short(key)),
            }
        }
        place
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Wrong {}

impl serde::de::Error for Wrong {
    fn custom<T: Display>(expected: T) -> Self {
        Wrong::new(Kind::Value(expected.to_string()))
    }

    fn invalid_type(_: Unexpected, expected: &dyn Expected) -> Self {
        Wrong::new(Kind::Type(expected.to_string()))
    }

    fn invalid_value(_: Unexpected, expected: &dyn Expected) -> Self {
        Wrong::new(Kind::Type(expected.to_string()))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        // serde itself knows only one list whose length can be wrong: one in the place of an object.
        Wrong::new(match expected.starts_with("at most ") {
            true => Kind::TooMany(expected),
            false => Kind::Type("a map".into()),
        })
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        let word = Some(word.to_owned());
        Wrong::new(Kind::Word { word, known })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        let key = key.to_owned();
        Wrong::new(Kind::UnknownKey { key, known })
    }

    fn missing_field(key: &'static str) -> Self {
        Wrong::new(Kind::MissingKey(key))
    }

    fn duplicate_field(key: &'static str) -> Self {
        Wrong::new(Kind::Twice(key))
    }
}
