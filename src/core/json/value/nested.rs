//! An object inside a strict object, whose members mean something.

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::super::{Members, Names, Text};
use super::{Strict, Value};

/// Hands the members of the value to `members`, if it is an object.
pub(super) struct Nested<'a, 'm, M> {
    pub(super) members: &'m mut M,
    pub(super) within: Strict<'a>,
}

impl<'de, M: Members<'de>> DeserializeSeed<'de> for Nested<'_, '_, M> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, M: Members<'de>> Visitor<'de> for Nested<'_, '_, M> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let within = self.within.deeper()?;
        let mut names = Names::new(within.flaw);
        while let Some(Text(name)) = map.next_key()? {
            names.check::<A::Error>(&name)?;
            self.members.member(&name, Value { map: &mut map, within })?;
            names.add(name);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<(), A::Error> {
        self.within.visit_seq(sequence).map(drop)
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<(), E> {
        self.within.visit_borrowed_str(text).map(drop)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.within.visit_str(text).map(drop)
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
