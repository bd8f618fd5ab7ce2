//! Bytes within a plan.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes, written as base64 in JSON. Cheap to clone.
///
/// ```
/// use keenpix::plan::Base64;
///
/// let bytes = Base64::from(vec![1, 2, 3]);
/// assert_eq!(serde_json::to_string(&bytes).unwrap(), "\"AQID\"");
/// assert_eq!(bytes[..], [1, 2, 3]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base64(pub Arc<[u8]>);

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Base64(bytes.into())
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Base64(bytes.into())
    }
}

impl std::ops::Deref for Base64 {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Read in place, because a copy of a layer may take tens of megabytes.
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Base64;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Base64, E> {
                decoded(text)
            }

            // From a host whose plans have bytes in them: the only copy.
            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Base64, E> {
                Ok(bytes.into())
            }
        }
        deserializer.deserialize_str(Text)
    }
}

fn decoded<E: serde::de::Error>(text: &str) -> Result<Base64, E> {
    let expected = "bytes as base64: letters, digits, `+`, `/`, and `=` at the end";
    let bytes = STANDARD.decode(text).map_err(|_| E::custom(expected))?;
    Ok(bytes.into())
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Base64 {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Base64".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "Bytes, as base64.", "contentEncoding": "base64" })
    }
}
