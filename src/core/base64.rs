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
    let mut bytes = Vec::with_capacity(text.len());
    bytes.resize(groups.len().saturating_mul(3), 0);
    let mut digits = 0;
    for (place, group) in bytes.as_chunks_mut::<3>().0.iter_mut().zip(groups) {
        let (decoded, found) = decode_group(*group);
        *place = decoded;
        digits |= found;
    }
    // A zero digit stands in for each that is not there, and gives bytes that are zero unless bits were set
    // behind the last byte.
    match *last {
        [] => {}
        [a, b] => {
            let ([first, behind @ ..], found) = decode_group([a, b, ZERO, ZERO]);
            digits |= found;
            bytes.push(first);
            check(behind == [0, 0])?;
        }
        [a, b, c] => {
            let ([first, second, behind], found) = decode_group([a, b, c, ZERO]);
            digits |= found;
            bytes.extend([first, second]);
            check(behind == 0)?;
        }
        _ => return Err(NotCanonical),
    }
    check(digits <= LARGEST_DIGIT)?;
    Ok(bytes)
}

/// The one text that encodes these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The bytes of four digits, and the bits of all digits: more than [`LARGEST_DIGIT`] if one of them is none.
fn decode_group([a, b, c, d]: [u8; 4]) -> ([u8; 3], u8) {
    let (a, b, c, d) = (digit(a), digit(b), digit(c), digit(d));
    let bits = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
    let [_, first, second, third] = bits.to_be_bytes();
    ([first, second, third], a | b | c | d)
}

fn digit(letter: u8) -> u8 {
    DIGITS.get(usize::from(letter)).map_or(NONE, |digit| *digit)
}

fn check(is_canonical: bool) -> Result<(), NotCanonical> {
    if is_canonical { Ok(()) } else { Err(NotCanonical) }
}

/// The value of each letter (RFC 4648 s5).
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would report it")]
const DIGITS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut digits = [NONE; 256];
    let mut value = 0;
    while value <= LARGEST_DIGIT {
        digits[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    digits
};

const LARGEST_DIGIT: u8 = 63;
/// For letters that are no digit.
const NONE: u8 = u8::MAX;
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
