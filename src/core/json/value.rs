//! One value inside a strict object.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{JsonError, MAXIMUM_DEPTH, Members, Names, Text, refuse_nul};

mod nested;

/// The value of a member, not read yet.
pub(crate) struct Value<'a, A> {
    map: &'a mut A,
    within: Strict<'a>,
}

/// A value as far as tokens use it: texts, numbers, and lists of texts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar<'de> {
    /// A string.
    Text(Cow<'de, str>),
    /// A whole number from zero on.
    Whole(u64),
    /// A negative or fractional number.
    Number(f64),
    /// An array of strings, possibly empty.
    Texts(Vec<Cow<'de, str>>),
    /// `null`, a boolean, an object, or any other array.
    Other,
}

impl<'a, 'de, A: MapAccess<'de>> Value<'a, A> {
    pub(super) fn new(map: &'a mut A, flaw: &'a Cell<JsonError>) -> Self {
        Self { map, within: Strict { depth: 1, flaw } }
    }

    /// Reads the value strictly and keeps what a claim or a header parameter can be.
    pub(crate) fn read(self) -> Result<Scalar<'de>, A::Error> {
        self.map.next_value_seed(self.within)
    }

    /// Reads the value as an object and hands its members to `members`; any other value is checked
    /// strictly and dropped.
    pub(crate) fn read_object(self, members: &mut impl Members<'de>) -> Result<(), A::Error> {
        self.map.next_value_seed(nested::Nested { members, within: self.within })
    }

    /// Checks the value strictly and drops it.
    pub(crate) fn skip(self) -> Result<(), A::Error> {
        self.read().map(drop)
    }
}

/// Walks one value; `depth` counts the objects and arrays around it.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: u8,
    flaw: &'a Cell<JsonError>,
}

impl Strict<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth.saturating_add(1);
        if depth > MAXIMUM_DEPTH { Err(E::custom("too deep")) } else { Ok(Self { depth, ..self }) }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Scalar<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Scalar<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Scalar<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        refuse_nul(text)?;
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar<'de>, E> {
        refuse_nul(text)?;
        Ok(Scalar::Text(Cow::Owned(text.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Whole(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "only its being negative matters")]
    fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Scalar<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut texts = Some(Vec::new());
        while let Some(element) = sequence.next_element_seed(inner)? {
            texts = match (texts, element) {
                (Some(mut texts), Scalar::Text(text)) => {
                    texts.push(text);
                    Some(texts)
                }
                _ => None,
            };
        }
        Ok(texts.map_or(Scalar::Other, Scalar::Texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut names = Names::new(self.flaw);
        while let Some(Text(name)) = map.next_key()? {
            names.check::<A::Error>(&name)?;
            map.next_value_seed(inner)?;
            names.add(name);
        }
        Ok(Scalar::Other)
    }
}
