//! Options of a plan, each defined once: its documentation, type, default and range.
//!
//! ```text
//! options! {
//!     /// What the options are for.
//!     #[derive(Copy, Eq)]
//!     pub struct Webp {
//!         /// With a default, and a range that is checked.
//!         quality (with_quality): u8 = 80, 0..=100;
//!         /// Without a default: an `Option<u16>`, `None` unless it is set.
//!         loops (with_loops): u16;
//!         /// With a setter that takes whatever becomes the option's type.
//!         position (with_position into): Position = Position::default();
//!     }
//! }
//! ```
//!
//! makes the struct, `Default`, `new`, the setters, serde, the JSON Schema with `minimum` and `maximum`, and
//! `check_ranges`. In round brackets come structs whose fields are all required: these have no default and no setters,
//! and `new` takes every field.
//!
//! Ranges are of any kind that `std` has (`1..=100`, `1..`); of a list, every element is checked. What contradicts
//! something else is for a `check` that is written next to the struct and calls `check_ranges` first.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};

use crate::error::{Error, Result};

macro_rules! options {
    (
        $(#[$attr:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_attr:meta])*
                $field:ident ($setter:ident $($into:ident)?): $type:ty $(= $default:expr)? $(, $range:expr)?;
            )*
        }
    ) => {
        $(#[$attr])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_attr])*
                $(#[cfg_attr(feature = "schema", schemars(transform = $crate::options::options!(@limits $range)))])?
                pub $field: $crate::options::options!(@type $type $(, $default)?),
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                $name { $($field: $crate::options::options!(@default $($default)?),)* }
            }
        }

        impl $name {
            /// Every option at its default.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                // A method may have the same name.
                #[doc = concat!("Sets [`", stringify!($field), "`](field@", stringify!($name), "::", stringify!($field), ").")]
                pub fn $setter(mut self, $field: $crate::options::options!(@argument $type $(, $into)?)) -> Self {
                    let $field: $type = $crate::options::options!(@value $field $(, $into)?);
                    self.$field = $crate::options::options!(@set $field $(, $default)?);
                    self
                }
            )*
        }

        $crate::options::options!(@check $name { $($($field, $range;)?)* });
    };

    (
        $(#[$attr:meta])*
        pub struct $name:ident (
            $($(#[$field_attr:meta])* $field:ident: $type:ty $(, $range:expr)?;)*
        )
    ) => {
        $(#[$attr])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_attr])*
                $(#[cfg_attr(feature = "schema", schemars(transform = $crate::options::options!(@limits $range)))])?
                pub $field: $type,
            )*
        }

        impl $name {
            /// All of it: nothing here has a default.
            pub fn new($($field: $type),*) -> Self {
                $name { $($field),* }
            }
        }

        $crate::options::options!(@check $name { $($($field, $range;)?)* });
    };

    (@check $name:ident {}) => {
        impl $name {
            /// Nothing here has a range.
            #[allow(dead_code, reason = "for callers that check options of any kind")]
            pub(crate) fn check_ranges(&self) -> $crate::error::Result<()> {
                Ok(())
            }
        }
    };
    (@check $name:ident { $($field:ident, $range:expr;)* }) => {
        impl $name {
            /// Refuses numbers out of their ranges.
            pub(crate) fn check_ranges(&self) -> $crate::error::Result<()> {
                use $crate::options::Within;
                $(self.$field.within($range).map_err(|error| error.at(stringify!($field)))?;)*
                Ok(())
            }
        }
    };

    // A macro, because schemars' own parser of expressions knows no ranges.
    (@limits $range:expr) => { $crate::options::limits($range) };
    (@type $type:ty, $default:expr) => { $type };
    (@type $type:ty) => { Option<$type> };
    (@argument $type:ty, into) => { impl Into<$type> };
    (@argument $type:ty) => { $type };
    (@value $field:ident, into) => { $field.into() };
    (@value $field:ident) => { $field };
    (@default $default:expr) => { $default };
    (@default) => { None };
    (@set $field:ident, $default:expr) => { $field };
    (@set $field:ident) => { Some($field) };
}
pub(crate) use options;

/// What has a range.
pub(crate) trait Within<T> {
    /// Refuses a number that is out of `range`. NaN is out of every range.
    fn within(&self, range: impl RangeBounds<T> + Clone) -> Result<()>;
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Within<$number> for $number {
            fn within(&self, range: impl RangeBounds<$number> + Clone) -> Result<()> {
                if range.contains(self) {
                    return Ok(());
                }
                Err(Error::out_of_range("", words(&range), self))
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 i32 f64);

impl<T, V: Within<T>> Within<T> for Option<V> {
    fn within(&self, range: impl RangeBounds<T> + Clone) -> Result<()> {
        self.as_ref().map_or(Ok(()), |value| value.within(range))
    }
}

impl<T, V: Within<T>> Within<T> for Vec<V> {
    fn within(&self, range: impl RangeBounds<T> + Clone) -> Result<()> {
        self.iter().enumerate().try_for_each(|(index, value)| {
            value
                .within(range.clone())
                .map_err(|error| error.at(format_args!("[{index}]")))
        })
    }
}

/// A range as an error says it: `1 to 100`, `at least 1`.
fn words<T: Display>(range: &impl RangeBounds<T>) -> String {
    match (range.start_bound(), range.end_bound()) {
        (Bound::Included(low), Bound::Included(high)) => format!("{low} to {high}"),
        (Bound::Included(low), _) => format!("at least {low}"),
        (_, Bound::Included(high)) => format!("at most {high}"),
        _ => "a number".into(),
    }
}

/// Puts a range into the JSON Schema of a number, or of a list of numbers.
#[cfg(feature = "schema")]
pub(crate) fn limits<T: serde::Serialize>(range: impl RangeBounds<T>) -> impl FnMut(&mut schemars::Schema) {
    move |schema| {
        let limited = match schema.get_mut("items") {
            Some(items) => items.as_object_mut(),
            None => Some(schema.ensure_object()),
        };
        let Some(limited) = limited else { return };
        for (key, bound) in [("minimum", range.start_bound()), ("maximum", range.end_bound())] {
            if let Bound::Included(bound) = bound {
                limited.insert(key.into(), serde_json::json!(bound));
            }
        }
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "`options!` is for structs of the public API")]
mod tests {
    options! {
        /// Options for the tests.
        pub struct Tried {
            /// A number.
            whole (with_whole): u8 = 80, 1..=100;
            /// A number that may be absent.
            part (with_part): f64, 0.5..=1.5;
            /// Numbers.
            list (with_list): Vec<f64> = vec![1.0], 0.0..;
            /// No number.
            plain (with_plain): bool = true;
        }
    }

    options! {
        /// Options without defaults.
        #[derive(Copy, Eq)]
        pub struct Needed (
            /// A number.
            width: u32, 1..;
            /// No number.
            plain: bool;
        )
    }

    fn refusal(tried: Tried) -> String {
        tried.check_ranges().unwrap_err().to_string()
    }

    #[test]
    fn ranges_are_checked_and_named() {
        assert!(Tried::new().check_ranges().is_ok());
        assert!(Tried::new().with_part(0.5).check_ranges().is_ok());
        for (tried, message) in [
            (Tried::new().with_whole(0), "bad plan: whole is 0, expected 1 to 100"),
            (
                Tried::new().with_part(1.6),
                "bad plan: part is 1.6, expected 0.5 to 1.5",
            ),
            (Tried::new().with_part(f64::NAN), "bad plan: part is NaN"),
            (
                Tried::new().with_list(vec![0.0, -1.0]),
                "bad plan: list[1] is -1, expected at least 0",
            ),
        ] {
            let refusal = refusal(tried);
            assert!(refusal.contains(message), "{refusal}");
        }
        let refusal = Needed::new(0, true).check_ranges().unwrap_err().to_string();
        assert!(
            refusal.contains("bad plan: width is 0, expected at least 1"),
            "{refusal}"
        );
    }

    #[test]
    fn json_has_the_defaults() {
        assert_eq!(serde_json::from_str::<Tried>("{}").unwrap(), Tried::new());
        let tried = Tried::new().with_plain(false).with_part(1.0);
        let json = serde_json::to_string(&tried).unwrap();
        assert_eq!(json, r#"{"whole":80,"part":1.0,"list":[1.0],"plain":false}"#);
        assert_eq!(serde_json::from_str::<Tried>(&json).unwrap(), tried);
        assert!(serde_json::from_str::<Needed>("{}").is_err());
        assert_eq!(
            serde_json::from_str::<Needed>(r#"{"width": 3, "plain": true}"#).unwrap(),
            Needed::new(3, true)
        );
    }

    #[cfg(feature = "schema")]
    #[test]
    fn the_schema_has_the_ranges() {
        let schema = schemars::schema_for!(Tried);
        let at = |path: &str| schema.pointer(path).cloned().unwrap_or_default();
        assert_eq!(at("/properties/whole/minimum"), 1);
        assert_eq!(at("/properties/whole/maximum"), 100);
        assert_eq!(at("/properties/part/maximum"), 1.5);
        assert_eq!(at("/properties/list/items/minimum"), 0.0);
        let needed = schemars::schema_for!(Needed);
        assert_eq!(needed.pointer("/properties/width/minimum"), Some(&1.into()));
    }
}
