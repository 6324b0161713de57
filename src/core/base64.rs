//! base64url without padding, one text per value (RFC 7515 s2, RFC 8725 s2.4).

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};

/// The text is not canonical base64url: padding, another alphabet, or bits set behind the last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotCanonical;

/// Decodes the one text that encodes these bytes; every other text is refused.
///
/// By a table, since the crate's decoder takes two thirds of the time that a token costs before its signature: it
/// hides from the clock what it decodes, which is no secret from whoever sent it.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, NotCanonical> {
    let (groups, last) = text.as_bytes().as_chunks::<4>();
    // A zero digit stands in for each that is not there, and gives bytes that are zero unless bits were set
    // behind the last byte.
    let (last, more) = match *last {
        [] => ([ZERO; 4], 0),
        [a, b] => ([a, b, ZERO, ZERO], 1),
        [a, b, c] => ([a, b, c, ZERO], 2),
        _ => return Err(NotCanonical),
    };
    let mut bytes = Vec::with_capacity(text.len());
    bytes.resize(groups.len().saturating_mul(3), 0);
    let mut all = 0;
    for (place, group) in bytes.as_chunks_mut::<3>().0.iter_mut().zip(groups) {
        let bits = bits(*group);
        let [_, decoded @ ..] = bits.to_be_bytes();
        *place = decoded;
        all |= bits;
    }
    let bits = bits(last);
    all |= bits;
    let [_, decoded @ ..] = bits.to_be_bytes();
    let (decoded, behind) = decoded.split_at_checked(more).ok_or(NotCanonical)?;
    bytes.extend_from_slice(decoded);
    if all > LARGEST_GROUP || behind.iter().any(|byte| *byte != 0) {
        return Err(NotCanonical);
    }
    Ok(bytes)
}

/// The one text that encodes these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The 24 bits of four digits: more than [`LARGEST_GROUP`] if one of them is none.
#[expect(clippy::inline_always, reason = "a call for every three bytes is as dear as what it does")]
#[inline(always)]
fn bits([a, b, c, d]: [u8; 4]) -> u32 {
    digit(a) << 18 | digit(b) << 12 | digit(c) << 6 | digit(d)
}

fn digit(letter: u8) -> u32 {
    DIGITS.get(usize::from(letter)).map_or(NONE, |digit| *digit)
}

/// The value of each letter (RFC 4648 s5).
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would report it")]
const DIGITS: [u32; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut digits = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        digits[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

const LARGEST_GROUP: u32 = 0x00ff_ffff;
/// For letters that are no digit: wherever in a group it stands, one of its two bits is above those of the group.
const NONE: u32 = 0x0100_1000;
/// The digit of value zero.
const ZERO: u8 = b'A';

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    #[test]
    fn decodes_the_canonical_text_only() {
        assert_eq!(decode("-_8"), Ok(vec![0xfb, 0xff]));
        assert_eq!(decode(""), Ok(vec![]));
        for text in ["-_9", "-_8=", "+/8", "-_8\n", " -_8", "A", "AA A", "é", "%3D"] {
            assert_eq!(decode(text), Err(NotCanonical), "{text}");
        }
    }

    /// Every last group, valid or not, against the crate's decoder, also behind other groups.
    #[test]
    fn decodes_as_the_crate_does() {
        let letters: Vec<char> = (0..=0x7f_u8).chain(*b"\xc3\xff").map(char::from).collect();
        for a in &letters {
            for b in &letters {
                for text in [
                    format!("{a}{b}"),
                    format!("{a}Z{b}"),
                    format!("_{a}{b}"),
                    format!("{a}-{b}g"),
                    format!("Zm9v{b}8{a}A"),
                    format!("{a}m9{b}YmE"),
                ] {
                    let expected = Base64UrlUnpadded::decode_vec(&text).map_err(|_| NotCanonical);
                    assert_eq!(decode(&text), expected, "{text:?}");
                }
            }
        }
    }
}
