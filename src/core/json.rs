//! Strict JSON. Two parsers that read one text differently are an attack (RFC 8725 s2.4, s3.8), so a
//! text that *could* be read differently is refused: duplicate members at any depth, however they
//! are escaped, NUL characters, deep nesting. The grammar itself is `serde_json`'s.
//!
//! Tokens, key sets, status lists and policies are all read here, into one small tree. What they mean
//! is plain code over that tree: a second reader would be a second opinion, and as much code again.

use core::cell::Cell;

use serde::de::DeserializeSeed as _;

mod object;
mod reader;
mod value;

pub(crate) use self::object::Object;
use self::reader::{Flaw, Reader};
pub(crate) use self::value::{Unexpected, Value};

/// Why a text is not one strict JSON object.
#[derive(Debug)]
pub(crate) enum JsonError {
    /// Two members of one object have the same name.
    Duplicate,
    /// Not JSON (RFC 8259), or more than one value.
    Malformed(serde_json::Error),
    /// JSON, but no object.
    NotAnObject,
    /// Not UTF-8 (RFC 8259 s8.1) from this byte on, counted from zero.
    NotText(usize),
    /// JSON, but too deep, with too many members, or with a NUL in a text.
    Refused,
}

/// Reads `bytes` as one JSON object.
pub(crate) fn parse(bytes: &[u8]) -> Result<Object<'_>, JsonError> {
    // Looked at once for all: the parser would look at each text by itself.
    let text =
        core::str::from_utf8(bytes).map_err(|error| JsonError::NotText(error.valid_up_to()))?;
    let flaw = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Reader::new(&flaw).deserialize(&mut deserializer);
    match value.and_then(|value| deserializer.end().map(|()| value)) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(JsonError::NotAnObject),
        Err(error) => Err(match flaw.get() {
            None => JsonError::Malformed(error),
            Some(Flaw::Duplicate) => JsonError::Duplicate,
            Some(Flaw::Refused) => JsonError::Refused,
        }),
    }
}

#[cfg(test)]
mod tests;
