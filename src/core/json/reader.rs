//! From `serde_json`'s parser to the tree, and what it lets pass but we do not.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Object, Value};

/// What is wrong with a text that is JSON so far. The parser's errors have no place for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Two members of one object have the same name.
    Duplicate,
    /// Too deep, too many members, or a NUL in a text.
    Refused,
}

/// Reads one value.
#[derive(Clone, Copy)]
pub(super) struct Reader<'f> {
    /// Objects and lists around the value.
    depth: u8,
    flaw: &'f Cell<Option<Flaw>>,
}

impl<'f> Reader<'f> {
    /// Reads a whole text; why it stops halfway will be in `flaw`.
    pub(super) fn new(flaw: &'f Cell<Option<Flaw>>) -> Self {
        Self { depth: 0, flaw }
    }

    /// The reader of what is inside an object or list.
    fn inner<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth.saturating_add(1);
        if depth > MAXIMUM_DEPTH {
            return Err(self.stop(Flaw::Refused));
        }
        Ok(Self { depth, ..self })
    }

    /// A NUL ends a text for programs written in C: what follows would be seen by some readers only.
    /// It is looked for where something was escaped, since a bare one is not JSON (RFC 8259 s7).
    fn unescaped<'de, E: Error>(self, text: &str) -> Result<Cow<'de, str>, E> {
        if text.contains('\0') {
            return Err(self.stop(Flaw::Refused));
        }
        Ok(Cow::Owned(text.into()))
    }

    fn check_name<E: Error>(self, object: &Object<'_>, name: &str) -> Result<(), E> {
        if object.get(name).is_some() {
            return Err(self.stop(Flaw::Duplicate));
        }
        // The search above is linear: without a limit, its cost would grow with the square of the text.
        if object.len() >= MAXIMUM_MEMBERS {
            return Err(self.stop(Flaw::Refused));
        }
        Ok(())
    }

    fn stop<E: Error>(self, flaw: Flaw) -> E {
        self.flaw.set(Some(flaw));
        E::custom("not strict")
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Boolean)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Whole(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "only its being negative matters")]
    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'de>, E> {
        self.unescaped(text).map(Value::Text)
    }

    #[inline(never)] // a text should not pay for the space that this takes
    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value<'de>, A::Error> {
        let inner = self.inner()?;
        let Some(first) = sequence.next_element_seed(inner)? else {
            return Ok(Value::List(Vec::new()));
        };
        let mut elements = Vec::with_capacity(USUAL_ELEMENTS);
        elements.push(first);
        while let Some(element) = sequence.next_element_seed(inner)? {
            elements.push(element);
        }
        Ok(Value::List(elements))
    }

    #[inline(never)] // a text should not pay for the space that this takes
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let inner = self.inner()?;
        // Inner objects may be many, and empty.
        let mut object = Object::with_capacity(if self.depth == 0 { USUAL_MEMBERS } else { 0 });
        while let Some(name) = map.next_key_seed(Name(self))? {
            self.check_name(&object, &name)?;
            let value = map.next_value_seed(inner)?;
            object.push(name, value);
        }
        Ok(Value::Object(object))
    }
}

/// Reads the name of a member.
struct Name<'f>(Reader<'f>);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'_> {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        self.0.unescaped(name)
    }
}

/// Objects and lists inside each other, the outermost included.
const MAXIMUM_DEPTH: u8 = 16;

/// Members of one object.
const MAXIMUM_MEMBERS: usize = 64;

/// Members that the outermost object has room for at first: most claims of a token.
const USUAL_MEMBERS: usize = 12;

/// Elements that a list has room for at first: audiences, methods and the pairs of a status list are
/// short, and the last come by the ten thousand.
const USUAL_ELEMENTS: usize = 2;
