//! Taking a JSON document apart, so that every mistake is named with its place. Written out rather than
//! derived: the derived code of these few types was a sixth of the filter.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value};

use crate::policy::error::{PolicyError, PolicyErrorCode};

/// Where a value stands in the document.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    Top,
    Member(&'a Place<'a>, &'a str),
    Element(&'a Place<'a>, usize),
}

/// Reads one value.
pub(super) type Read<T> = fn(Value, &Place<'_>) -> Result<T, PolicyError>;

/// One of a few words.
pub(super) trait Word: Copy + 'static {
    /// How people write each.
    const WORDS: &'static [(&'static str, Self)];
}

/// An object whose members are all known.
pub(super) struct Object<'a> {
    members: Map<String, Value>,
    place: &'a Place<'a>,
}

impl Place<'_> {
    /// As in `issuers[0].audiences`.
    fn path(&self) -> String {
        match self {
            Self::Top => String::new(),
            Self::Member(Self::Top, name) => (*name).to_string(),
            Self::Member(parent, name) => format!("{}.{name}", parent.path()),
            Self::Element(parent, index) => format!("{}[{index}]", parent.path()),
        }
    }

    pub(super) fn error(&self, message: impl core::fmt::Display) -> PolicyError {
        PolicyError::new(PolicyErrorCode::Field, self.path(), message)
    }

    fn unexpected(&self, found: &Value, expected: &str) -> PolicyError {
        let found = match found {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.error(format!("{found} instead of {expected}"))
    }
}

impl<'a> Object<'a> {
    /// Opens an object. A member that is none of `fields` may be a misspelt restriction, which must not
    /// silently restrict nothing.
    pub(super) fn open(
        value: Value,
        place: &'a Place<'a>,
        fields: &[&str],
    ) -> Result<Self, PolicyError> {
        let Value::Object(members) = value else {
            return Err(place.unexpected(&value, "an object"));
        };
        match members.keys().find(|name| !fields.contains(&name.as_str())) {
            Some(stranger) => Err(Place::Member(place, stranger)
                .error(format!("unknown field `{stranger}`, {}", expected(fields.iter())))),
            None => Ok(Self { members, place }),
        }
    }

    /// A member that has to be there.
    pub(super) fn required<T>(&mut self, name: &str, read: Read<T>) -> Result<T, PolicyError> {
        match self.members.remove(name) {
            Some(value) => read(value, &Place::Member(self.place, name)),
            None => Err(self.place.error(format!("missing field `{name}`"))),
        }
    }

    /// A member that may be missing, or `null`.
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        read: Read<T>,
    ) -> Result<Option<T>, PolicyError> {
        let value = self.members.remove(name).filter(|value| !value.is_null());
        value.map(|value| read(value, &Place::Member(self.place, name))).transpose()
    }

    /// A member that has a default, for which `null` does not stand.
    pub(super) fn defaulted<T: Default>(
        &mut self,
        name: &str,
        read: Read<T>,
    ) -> Result<T, PolicyError> {
        let value = self.members.remove(name);
        value.map_or(Ok(T::default()), |value| read(value, &Place::Member(self.place, name)))
    }
}

/// A text.
pub(super) fn text(value: Value, place: &Place<'_>) -> Result<String, PolicyError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(place.unexpected(&other, "a text")),
    }
}

/// A list of texts.
pub(super) fn texts(value: Value, place: &Place<'_>) -> Result<Vec<String>, PolicyError> {
    list(value, place, text)
}

/// Whatever there is.
#[expect(clippy::unnecessary_wraps, reason = "one of the readers")]
pub(super) fn anything(value: Value, _: &Place<'_>) -> Result<Value, PolicyError> {
    Ok(value)
}

/// A list.
pub(super) fn list<T>(
    value: Value,
    place: &Place<'_>,
    read: Read<T>,
) -> Result<Vec<T>, PolicyError> {
    let Value::Array(elements) = value else {
        return Err(place.unexpected(&value, "a list"));
    };
    let element = |(index, value)| read(value, &Place::Element(place, index));
    elements.into_iter().enumerate().map(element).collect()
}

/// An object with any names.
pub(super) fn table<T>(
    value: Value,
    place: &Place<'_>,
    read: Read<T>,
) -> Result<Vec<(String, T)>, PolicyError> {
    let Value::Object(members) = value else {
        return Err(place.unexpected(&value, "an object"));
    };
    let member = |(name, value): (String, Value)| {
        let value = read(value, &Place::Member(place, &name))?;
        Ok((name, value))
    };
    members.into_iter().map(member).collect()
}

/// A word.
pub(super) fn word<T: Word>(value: Value, place: &Place<'_>) -> Result<T, PolicyError> {
    let text = text(value, place)?;
    let known = T::WORDS.iter().find(|(name, _)| *name == text);
    known.map(|(_, word)| *word).ok_or_else(|| {
        let names = expected(T::WORDS.iter().map(|(name, _)| name));
        place.error(format!("unknown variant `{text}`, {names}"))
    })
}

/// A whole number. A protobuf Struct, which is how Envoy carries the policy, knows only doubles: 300 may
/// arrive as `300.0`.
#[expect(clippy::needless_pass_by_value, reason = "one of the readers")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the cast back shows that nothing was lost"
)]
pub(super) fn number(value: Value, place: &Place<'_>) -> Result<u64, PolicyError> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    let is_whole = |number: f64| {
        (0.0..=LARGEST).contains(&number) && (number as u64 as f64).to_bits() == number.to_bits()
    };
    let whole = match &value {
        Value::Number(number) => number.as_u64().or_else(|| {
            number.as_f64().filter(|number| is_whole(*number)).map(|number| number as u64)
        }),
        _ => None,
    };
    whole.ok_or_else(|| match &value {
        Value::Number(number) => {
            place.error(format!("{number} is not a whole number from zero on"))
        }
        other => place.unexpected(other, "a whole number from zero on"),
    })
}

fn expected<'a>(names: impl Iterator<Item = &'a &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    format!("expected one of {}", names.join(", "))
}
