//! The messages of Envoy's foreign function `verify_signature`, which are protobuf: there and back.

use super::der;
use edgelatch_core::KeyMaterial;

/// "Is this signature of this key over this message valid, with this hash?"
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// As Envoy names it.
    pub(super) hash: &'static str,
    pub(super) key: &'a KeyMaterial,
    pub(super) message: &'a [u8],
    /// As a JWS has it.
    pub(super) signature: &'a [u8],
}

/// An answer without a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MalformedAnswer;

impl Question<'_> {
    /// Puts the question into `buffer`, in place of what was there.
    pub(super) fn write(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
        push_field(buffer, HASH_FUNCTION, |out| out.extend_from_slice(self.hash.as_bytes()));
        push_field(buffer, PUBLIC_KEY, |out| der::push_key(out, self.key));
        push_field(buffer, SIGNATURE, |out| self.push_signature(out));
        push_field(buffer, TEXT, |out| out.extend_from_slice(self.message));
    }

    fn push_signature(&self, out: &mut Vec<u8>) {
        match (self.key, self.signature.split_at_checked(32)) {
            (KeyMaterial::P256 { .. }, Some((r, s))) => der::push_ecdsa(out, r, s),
            _ => out.extend_from_slice(self.signature),
        }
    }
}

/// Envoy's verdict. Only a clear yes is one; a no comes with or without a reason, which nobody may see.
pub(super) fn read_answer(bytes: &[u8]) -> Result<bool, MalformedAnswer> {
    match bytes {
        [RESULT, 1] => Ok(true),
        [] | [RESULT, 0] => Ok(false),
        [ERROR, rest @ ..] | [RESULT, 0, ERROR, rest @ ..] => read_reason(rest),
        _ => Err(MalformedAnswer),
    }
}

/// A text, and nothing behind it.
fn read_reason(bytes: &[u8]) -> Result<bool, MalformedAnswer> {
    let (length, text) = match bytes {
        [low @ 0..0x80, text @ ..] => (usize::from(*low), text),
        [low, high @ 0..0x80, text @ ..] => {
            (usize::from(low & 0x7F) | usize::from(*high) << 7, text)
        }
        _ => return Err(MalformedAnswer),
    };
    if text.len() == length { Ok(false) } else { Err(MalformedAnswer) }
}

/// A field of bytes. Its length comes before it and is known after it, so it gets a fixed number of
/// bytes: three of seven bits hold all that a token can be.
fn push_field(out: &mut Vec<u8>, tag: u8, content: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(&[tag, 0, 0, 0]);
    let start = out.len();
    content(out);
    let length = out.len().saturating_sub(start);
    let place = start.checked_sub(3).and_then(|place| out.get_mut(place..start));
    if let Some([low, middle, high]) = place {
        *low = seven_bits(length) | MORE;
        *middle = seven_bits(length >> 7) | MORE;
        *high = seven_bits(length >> 14);
    }
}

fn seven_bits(number: usize) -> u8 {
    let [.., low] = number.to_be_bytes();
    low & 0x7F
}

const MORE: u8 = 0x80;

const HASH_FUNCTION: u8 = 0x0A;
const PUBLIC_KEY: u8 = 0x12;
const SIGNATURE: u8 = 0x1A;
const TEXT: u8 = 0x22;

const RESULT: u8 = 0x08;
const ERROR: u8 = 0x12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_order_with_their_lengths() {
        let key = KeyMaterial::P256 { x: [1; 32], y: [2; 32] };
        let message = vec![b'm'; 70_000];
        let question =
            Question { hash: "sha256", key: &key, message: &message, signature: &[9; 64] };
        let mut buffer = b"left over".to_vec();
        question.write(&mut buffer);
        let mut rest = buffer.as_slice();
        let mut fields = Vec::new();
        while let [tag, low, middle, high, more @ ..] = rest {
            assert!(low & middle & MORE != 0 && high & MORE == 0);
            let length = usize::from(low & 0x7F)
                | usize::from(middle & 0x7F) << 7
                | usize::from(*high) << 14;
            let (content, more) = more.split_at(length);
            fields.push((*tag, content.len()));
            rest = more;
        }
        assert_eq!(fields, [(0x0A, 6), (0x12, 91), (0x1A, 2 + 2 * 34), (0x22, 70_000)]);
    }

    #[test]
    fn only_one_answer_is_a_yes() {
        assert_eq!(read_answer(&[8, 1]), Ok(true));
        for no in [&[][..], &[8, 0], b"\x12\x02no", b"\x08\x00\x12\x02no", b"\x12\x82\x00no"] {
            assert_eq!(read_answer(no), Ok(false), "{no:?}");
        }
    }

    #[test]
    fn what_is_neither_yes_nor_no_is_no_verdict() {
        for odd in [
            &[8][..],
            &[8, 2],
            &[8, 1, 0],
            &[8, 1, 0x12, 0],
            &[1],
            b"\x12\x03no",
            b"\x12\x01no",
            b"\x12",
            b"\x12\x82\x80\x00no",
        ] {
            assert_eq!(read_answer(odd), Err(MalformedAnswer), "{odd:?}");
        }
    }
}
