//! Bytes written down as JSON: plain text, hexadecimal bytes, repetition, and `$name` for what is
//! known only when the text is expanded.

use serde::Deserialize;

use super::MintError;

/// A text of a case: a string, or a list of parts that are joined.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// Text in which every `$name` that is known is replaced.
    Plain(String),
    /// Parts, joined without anything between.
    Parts(Vec<Part>),
}

/// One part of a [`Text`].
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// As [`Text::Plain`].
    Plain(String),
    /// Bytes that are no text.
    Bytes {
        /// Two digits per byte.
        hex: String,
    },
    /// One piece many times, for what is long.
    Repeat {
        /// The piece.
        repeat: String,
        /// How often.
        times: usize,
    },
}

/// What a `$name` stands for.
pub(crate) type Values<'a> = [(&'a str, &'a [u8])];

impl Text {
    /// The bytes, with each `$name` of `values` replaced; other dollars stay as they are.
    pub(crate) fn expand(&self, values: &Values<'_>) -> Result<Vec<u8>, MintError> {
        match self {
            Self::Plain(text) => Ok(replace(text, values)),
            Self::Parts(parts) => {
                let mut bytes = Vec::new();
                for part in parts {
                    part.append_to(&mut bytes, values)?;
                }
                Ok(bytes)
            }
        }
    }
}

impl Part {
    fn append_to(&self, bytes: &mut Vec<u8>, values: &Values<'_>) -> Result<(), MintError> {
        match self {
            Self::Plain(text) => bytes.extend(replace(text, values)),
            Self::Bytes { hex } => bytes.extend(from_hex(hex)?),
            Self::Repeat { repeat, times } => bytes.extend(repeat.repeat(*times).bytes()),
        }
        Ok(())
    }
}

/// Reads two hexadecimal digits per byte.
pub(super) fn from_hex(digits: &str) -> Result<Vec<u8>, MintError> {
    let mistake = || MintError::new(format!("not hexadecimal: {digits}"));
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return Err(mistake());
    }
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| core::str::from_utf8(pair).ok().and_then(|p| u8::from_str_radix(p, 16).ok()))
        .collect::<Option<_>>()
        .ok_or_else(mistake)
}

fn replace(text: &str, values: &Values<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        bytes.extend(before.bytes());
        // The longest name wins, so that `$token` and `$token2` may stand side by side.
        let found = values
            .iter()
            .filter(|(name, _)| after.starts_with(name))
            .max_by_key(|(name, _)| name.len());
        if let Some((name, value)) = found {
            bytes.extend_from_slice(value);
            rest = after.strip_prefix(name).unwrap_or(after);
        } else {
            bytes.push(b'$');
            rest = after;
        }
    }
    bytes.extend(rest.bytes());
    bytes
}
