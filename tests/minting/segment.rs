//! What an attacker does to the base64url text of one segment.

use serde::Deserialize;

use super::{MintError, Text};

/// The alphabet of RFC 4648 s5, in the order of the values.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// One change, applied to the text of a segment. Header and claims are changed before signing, so
/// a decoder that lets the change pass sees a valid signature.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SegmentChange {
    /// Text behind.
    Append(Text),
    /// Text before.
    Prepend(Text),
    /// Text in the middle, in front of the character counted from 0.
    Insert(usize, Text),
    /// Text instead of one character, counted from 0.
    Replace(usize, Text),
    /// A bit that no byte uses is set in the last character: other text, same bytes.
    TrailingBit,
    /// `+` and `/` instead of `-` and `_`.
    StandardAlphabet,
    /// Only the first characters.
    Truncate(usize),
    /// Other text altogether.
    Set(Text),
}

impl SegmentChange {
    /// Changes `segment`.
    pub(super) fn apply(&self, segment: &mut Vec<u8>) -> Result<(), MintError> {
        match self {
            Self::Append(text) => segment.extend(text.expand(&[])?),
            Self::Prepend(text) => splice(segment, 0, 0, text)?,
            Self::Insert(at, text) => splice(segment, *at, 0, text)?,
            Self::Replace(at, text) => splice(segment, *at, 1, text)?,
            Self::TrailingBit => set_trailing_bit(segment)?,
            Self::StandardAlphabet => use_standard_alphabet(segment)?,
            Self::Truncate(length) => segment.truncate(*length),
            Self::Set(text) => *segment = text.expand(&[])?,
        }
        Ok(())
    }
}

fn splice(segment: &mut Vec<u8>, at: usize, less: usize, text: &Text) -> Result<(), MintError> {
    if at + less > segment.len() {
        return Err(MintError::new("the segment is too short for this change"));
    }
    segment.splice(at..at + less, text.expand(&[])?);
    Ok(())
}

fn set_trailing_bit(segment: &mut [u8]) -> Result<(), MintError> {
    if segment.len().is_multiple_of(4) {
        return Err(MintError::new("this segment has no unused bits, make it longer or shorter"));
    }
    let value = |byte: u8| ALPHABET.iter().position(|letter| *letter == byte);
    let last = segment.last_mut().ok_or_else(|| MintError::new("the segment is empty"))?;
    let other = value(*last).and_then(|value| ALPHABET.get(value | 1));
    *last = *other.ok_or_else(|| MintError::new("the segment is not base64url"))?;
    Ok(())
}

fn use_standard_alphabet(segment: &mut [u8]) -> Result<(), MintError> {
    let before = segment.to_vec();
    for byte in segment.iter_mut() {
        *byte = match *byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
    }
    if before == segment {
        return Err(MintError::new("the segment has neither - nor _"));
    }
    Ok(())
}
