//! Strict JSON. Two parsers that read one text differently are an attack (RFC 8725 s2.4, s3.8), so a
//! text that *could* be read differently is refused: duplicate members at any depth, however they
//! are escaped, NUL characters, deep nesting. The grammar itself is `serde_json`'s.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

mod value;

pub(crate) use self::value::{Scalar, Value};

/// Why a text is not one strict JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonError {
    /// Two members of one object have the same name.
    Duplicate,
    /// Not JSON (RFC 8259), more than one value, too deep, too many members, or a NUL in a text.
    Malformed,
    /// JSON, but no object.
    NotAnObject,
}

/// Takes the members of one object, in order. A repeated name ends the reading before it arrives here.
pub(crate) trait Members<'de> {
    /// Reads the value of member `name`, or leaves it to [`Value::skip`].
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error>;
}

/// Reads `bytes` as one JSON object and hands its members to `members`.
pub(crate) fn read_object<'de>(
    bytes: &'de [u8],
    members: &mut impl Members<'de>,
) -> Result<(), JsonError> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        let is_json = serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
        return Err(if is_json { JsonError::NotAnObject } else { JsonError::Malformed });
    }
    let flaw = Cell::new(JsonError::Malformed);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    ObjectSeed { members, flaw: &flaw }.deserialize(&mut deserializer).map_err(|_| flaw.get())?;
    deserializer.end().map_err(|_| JsonError::Malformed)
}

/// Checks that `bytes` is one strict JSON object, whatever its members are.
pub(crate) fn check_object(bytes: &[u8]) -> Result<(), JsonError> {
    read_object(bytes, &mut AnyMembers)
}

struct AnyMembers;

impl<'de> Members<'de> for AnyMembers {
    fn member<A: MapAccess<'de>>(&mut self, _: &str, value: Value<'_, A>) -> Result<(), A::Error> {
        value.skip()
    }
}

struct ObjectSeed<'a, M> {
    members: &'a mut M,
    flaw: &'a Cell<JsonError>,
}

impl<'de, M: Members<'de>> DeserializeSeed<'de> for ObjectSeed<'_, M> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, M: Members<'de>> Visitor<'de> for ObjectSeed<'_, M> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = Names::new(self.flaw);
        while let Some(Text(name)) = map.next_key()? {
            names.check::<A::Error>(&name)?;
            self.members.member(&name, Value::new(&mut map, self.flaw))?;
            names.add(name);
        }
        Ok(())
    }
}

/// The member names of one object so far.
struct Names<'de, 'a> {
    seen: Vec<Cow<'de, str>>,
    flaw: &'a Cell<JsonError>,
}

impl<'de, 'a> Names<'de, 'a> {
    fn new(flaw: &'a Cell<JsonError>) -> Self {
        Self { seen: Vec::new(), flaw }
    }

    fn check<E: serde::de::Error>(&self, name: &str) -> Result<(), E> {
        if self.seen.iter().any(|other| other == name) {
            self.flaw.set(JsonError::Duplicate);
            return Err(E::custom("duplicate member"));
        }
        // The search above is linear: without a limit, its cost would grow with the square of the text.
        if self.seen.len() >= MAXIMUM_MEMBERS {
            return Err(E::custom("too many members"));
        }
        refuse_nul(name)
    }

    fn add(&mut self, name: Cow<'de, str>) {
        self.seen.push(name);
    }
}

/// A string that borrows from the input where nothing was escaped.
struct Text<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.into())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// A NUL ends a text for programs written in C: what follows would be seen by some readers only.
fn refuse_nul<E: serde::de::Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') { Err(E::custom("NUL in a text")) } else { Ok(()) }
}

/// Objects and arrays inside each other, the outermost object included.
const MAXIMUM_DEPTH: u8 = 16;

/// Members of one object.
const MAXIMUM_MEMBERS: usize = 64;

#[cfg(test)]
mod tests;
