//! JSON as a tree, and serde's way into it.

use std::borrow::Cow;
use std::cell::Cell;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Number;

use super::wrong::{Kind, Step, Wrong};

/// Most values in a text. A plan of a hundred effects and thousands of layers has fewer; without an end, a short text
/// such as `[[],[],…` would take many times its length.
pub(super) const MOST_VALUES: usize = 100_000;

/// A value. Strings without escapes are borrowed from the text.
#[derive(Debug, Clone)]
pub(super) enum Node<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'t, str>),
    /// What came beside the text.
    Bytes(&'t [u8]),
    List(Vec<Node<'t>>),
    Object(Vec<(Cow<'t, str>, Node<'t>)>),
}

impl<'t> Node<'t> {
    pub(super) fn child(&self, step: &Step) -> Option<&Self> {
        match (self, step) {
            (Node::List(items), Step::Index(index)) => items.get(*index),
            (Node::Object(fields), Step::Key(key)) => {
                fields.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub(super) fn at(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, step| match (node, step) {
            (Node::List(items), Step::Index(index)) => items.get_mut(*index),
            (Node::Object(fields), Step::Key(key)) => {
                fields.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        })
    }

    /// How many parts a list or an object has.
    pub(super) fn length(&self) -> usize {
        match self {
            Node::List(items) => items.len(),
            Node::Object(fields) => fields.len(),
            _ => 0,
        }
    }

    pub(super) fn has_parts(&self) -> bool {
        matches!(self, Node::List(_) | Node::Object(_))
    }

    /// Removes the fields of an object.
    pub(super) fn clear(&mut self) {
        if let Node::Object(fields) = self {
            fields.clear();
        }
    }

    /// Adds a field to an object.
    pub(super) fn push(&mut self, step: &Step, value: Node<'t>) {
        if let (Node::Object(fields), Step::Key(key)) = (self, step) {
            fields.push((key.clone().into(), value));
        }
    }
}

impl<'t> Node<'t> {
    /// Reads a text.
    ///
    /// # Errors
    ///
    /// The error of `serde_json` if the text is not JSON; one of its category `Data` if there are too many values.
    pub(super) fn read(text: &'t str) -> serde_json::Result<Self> {
        let left = Cell::new(MOST_VALUES);
        let mut source = serde_json::Deserializer::from_str(text);
        let tree = Reader(&left).deserialize(&mut source)?;
        source.end()?;
        Ok(tree)
    }

    /// The value that a JSON pointer (RFC 6901) leads to.
    pub(super) fn pointed(&mut self, pointer: &str) -> Option<&mut Self> {
        let steps = match pointer {
            "" => return Some(self),
            pointer => pointer.strip_prefix('/')?.split('/'),
        };
        steps
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .try_fold(self, |node, step| match node {
                Node::List(items) => items.get_mut(step.parse::<usize>().ok()?),
                Node::Object(fields) => fields
                    .iter_mut()
                    .find(|(name, _)| *name == step)
                    .map(|(_, value)| value),
                _ => None,
            })
    }
}

/// Reads a value, and counts down how many there may be.
#[derive(Clone, Copy)]
struct Reader<'c>(&'c Cell<usize>);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.ok_or_else(|| de::Error::custom("too many values"))?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = object.next_key_seed(KeySeed(self))? {
            fields.push((key, object.next_value_seed(self)?));
        }
        Ok(Node::Object(fields))
    }
}

/// Reads a key without a copy, where that is possible.
struct KeySeed<'c>(Reader<'c>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        match deserializer.deserialize_str(self.0)? {
            Node::Text(text) => Ok(text),
            _ => Err(de::Error::custom("a key")),
        }
    }
}

impl<'de> Deserializer<'de> for &'de Node<'de> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Node::Text(text) => visitor.visit_borrowed_str(text),
            Node::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Node::List(items) => visitor.visit_seq(Items { items, next: 0 }),
            Node::Object(fields) => visitor.visit_map(Fields { fields, next: 0 }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Node::Null => visitor.visit_none(),
            node => visitor.visit_some(node),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self {
            Node::List(_) => Err(de::Error::invalid_type(de::Unexpected::Seq, &visitor)),
            node => node.deserialize_any(visitor),
        }
    }

    /// A word, or an object whose only key is the word.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self {
            Node::Text(word) => visitor.visit_enum(Choice {
                word,
                content: None,
                known,
            }),
            Node::Object(fields) => match fields.as_slice() {
                [(word, content)] => visitor.visit_enum(Choice {
                    word,
                    content: Some(content),
                    known,
                }),
                _ => Err(Wrong::new(Kind::Word { word: None, known })),
            },
            _ => Err(Wrong::new(Kind::Word { word: None, known })),
        }
    }

    /// A word; serde would also take a number for the place of the word in a list.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Node::Text(word) => visitor.visit_borrowed_str(word),
            _ => Err(de::Error::invalid_type(de::Unexpected::Other("no word"), &visitor)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map ignored_any
    }
}

struct Items<'de> {
    items: &'de [Node<'de>],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let index = self.next;
        let Some(item) = self.items.get(index) else {
            return Ok(None);
        };
        self.next += 1;
        seed.deserialize(item)
            .map(Some)
            .map_err(|wrong| wrong.within(Step::Index(index)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

struct Fields<'de> {
    fields: &'de [(Cow<'de, str>, Node<'de>)],
    next: usize,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((key, _)) = self.fields.get(self.next) else {
            return Ok(None);
        };
        seed.deserialize(de::value::BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (key, value) = &self.fields[self.next];
        self.next += 1;
        seed.deserialize(value)
            .map_err(|wrong| wrong.within(Step::Key(key.to_string())))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.fields.len() - self.next)
    }
}

/// One of several words, with what belongs to it.
struct Choice<'de> {
    word: &'de str,
    content: Option<&'de Node<'de>>,
    known: &'static [&'static str],
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        let word: StrDeserializer<Wrong> = self.word.into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl Choice<'_> {
    fn lacks_content(&self) -> Wrong {
        Wrong::new(Kind::Value(format!("an object such as {{\"{}\": …}}", self.word)))
    }

    fn within(&self, wrong: Wrong) -> Wrong {
        wrong.within(Step::Key(self.word.to_owned()))
    }
}

impl<'de> VariantAccess<'de> for Choice<'de> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.content {
            None | Some(Node::Null) => Ok(()),
            Some(_) => Err(Wrong::new(Kind::Word {
                word: None,
                known: self.known,
            })),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        let content = self.content.ok_or_else(|| self.lacks_content())?;
        seed.deserialize(content).map_err(|wrong| self.within(wrong))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        let content = self.content.ok_or_else(|| self.lacks_content())?;
        content.deserialize_any(visitor).map_err(|wrong| self.within(wrong))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        let content = self.content.ok_or_else(|| self.lacks_content())?;
        content
            .deserialize_struct("", fields, visitor)
            .map_err(|wrong| self.within(wrong))
    }
}
