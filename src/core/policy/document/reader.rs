//! Taking a JSON document apart, so that every mistake is named with its place. Written out rather than
//! derived: the derived code of these few types was a sixth of the filter.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::json::{Object, Value};
use crate::policy::error::PolicyError;
use crate::policy::place::Place;

/// Reads one value.
pub(super) type Read<'v, T> = fn(&'v Value<'v>, &Place<'_>) -> Result<T, PolicyError>;

/// One of a few words.
pub(super) trait Word: Copy + 'static {
    /// How people write each.
    const WORDS: &'static [(&'static str, Self)];
}

/// The members of an object, all of them known.
pub(super) struct Members<'v, 'p> {
    object: &'v Object<'v>,
    place: &'p Place<'p>,
}

impl<'v, 'p> Members<'v, 'p> {
    /// Opens an object.
    pub(super) fn open(
        value: &'v Value<'v>,
        place: &'p Place<'p>,
        fields: &[&str],
    ) -> Result<Self, PolicyError> {
        let object = value.object().ok_or_else(|| unexpected(value, "an object", place))?;
        Self::of(object, place, fields)
    }

    /// The members of an object. One that is none of `fields` may be a misspelt restriction, which must not
    /// silently restrict nothing.
    pub(super) fn of(
        object: &'v Object<'v>,
        place: &'p Place<'p>,
        fields: &[&str],
    ) -> Result<Self, PolicyError> {
        match object.names().find(|name| !fields.contains(name)) {
            Some(stranger) => Err(unknown("field", stranger, fields, &place.member(stranger))),
            None => Ok(Self { object, place }),
        }
    }

    /// A member that has to be there.
    pub(super) fn required<T>(&self, name: &str, read: Read<'v, T>) -> Result<T, PolicyError> {
        match self.object.get(name) {
            Some(value) => read(value, &self.place.member(name)),
            None => Err(PolicyError::field(self.place, &format!("missing field `{name}`"))),
        }
    }

    /// A member that may be missing, or `null`.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        read: Read<'v, T>,
    ) -> Result<Option<T>, PolicyError> {
        match self.object.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value, &self.place.member(name)).map(Some),
        }
    }

    /// A member that has a default, for which `null` does not stand.
    pub(super) fn defaulted<T: Default>(
        &self,
        name: &str,
        read: Read<'v, T>,
    ) -> Result<T, PolicyError> {
        match self.object.get(name) {
            None => Ok(T::default()),
            Some(value) => read(value, &self.place.member(name)),
        }
    }
}

/// A text.
pub(super) fn text(value: &Value<'_>, place: &Place<'_>) -> Result<String, PolicyError> {
    borrowed(value, place).map(String::from)
}

fn borrowed<'v>(value: &'v Value<'_>, place: &Place<'_>) -> Result<&'v str, PolicyError> {
    value.text().ok_or_else(|| unexpected(value, "a text", place))
}

/// A list of texts.
pub(super) fn texts(value: &Value<'_>, place: &Place<'_>) -> Result<Vec<String>, PolicyError> {
    list(value, place, text)
}

/// Whatever there is.
#[expect(clippy::unnecessary_wraps, reason = "one of the readers")]
pub(super) fn anything<'v>(
    value: &'v Value<'v>,
    _: &Place<'_>,
) -> Result<&'v Value<'v>, PolicyError> {
    Ok(value)
}

/// A list.
pub(super) fn list<'v, T>(
    value: &'v Value<'v>,
    place: &Place<'_>,
    read: Read<'v, T>,
) -> Result<Vec<T>, PolicyError> {
    let elements = value.list().ok_or_else(|| unexpected(value, "a list", place))?;
    let mut list = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        list.push(read(element, &place.element(index))?);
    }
    Ok(list)
}

/// An object with any names, sorted by name: the order of the text means nothing.
pub(super) fn table<'v, T>(
    value: &'v Value<'v>,
    place: &Place<'_>,
    read: Read<'v, T>,
) -> Result<Vec<(String, T)>, PolicyError> {
    let object = value.object().ok_or_else(|| unexpected(value, "an object", place))?;
    let mut table: Vec<(String, T)> = Vec::new();
    for (name, value) in object.iter() {
        let value = read(value, &place.member(name))?;
        let (Ok(position) | Err(position)) =
            table.binary_search_by(|(other, _)| other.as_str().cmp(name));
        table.insert(position, (name.into(), value));
    }
    Ok(table)
}

/// A word.
pub(super) fn word<T: Word>(value: &Value<'_>, place: &Place<'_>) -> Result<T, PolicyError> {
    let text = borrowed(value, place)?;
    let known = T::WORDS.iter().find(|(name, _)| *name == text);
    known.map(|(_, word)| *word).ok_or_else(|| {
        let names: Vec<&str> = T::WORDS.iter().map(|(name, _)| *name).collect();
        unknown("variant", text, &names, place)
    })
}

/// A whole number. A protobuf Struct, which is how Envoy carries the policy, knows only doubles: 300 may
/// arrive as `300.0`.
pub(super) fn number(value: &Value<'_>, place: &Place<'_>) -> Result<u64, PolicyError> {
    match value {
        Value::Whole(number) => Ok(*number),
        // Without its digits: to print a fraction takes ten kilobytes of tables.
        Value::Number(number) => whole(*number)
            .ok_or_else(|| PolicyError::field(place, "not a whole number from zero on")),
        other => Err(unexpected(other, "a whole number from zero on", place)),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the cast back shows that nothing was lost"
)]
fn whole(number: f64) -> Option<u64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    let whole = number as u64;
    let is_whole =
        (0.0..=LARGEST).contains(&number) && (whole as f64).to_bits() == number.to_bits();
    is_whole.then_some(whole)
}

/// A word that is none of the known ones.
fn unknown(kind: &str, word: &str, known: &[&str], place: &Place<'_>) -> PolicyError {
    let known = known.join("`, `");
    PolicyError::field(place, &format!("unknown {kind} `{word}`, expected one of `{known}`"))
}

/// A value that is something else than it should be.
fn unexpected(found: &Value<'_>, expected: &str, place: &Place<'_>) -> PolicyError {
    let found = match found {
        Value::Null => "nothing",
        Value::Boolean => "a boolean",
        Value::Whole(_) | Value::Number(_) => "a number",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    };
    PolicyError::field(place, &format!("{found} instead of {expected}"))
}
