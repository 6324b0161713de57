//! base64url without padding, one text per value (RFC 7515 s2, RFC 8725 s2.4).

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};

/// The text is not canonical base64url: padding, another alphabet, or bits set behind the last byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotCanonical;

/// Decodes the one text that encodes these bytes; every other text is refused.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, NotCanonical> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| NotCanonical)
}

/// The one text that encodes these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_the_canonical_text_only() {
        assert_eq!(decode("-_8"), Ok(vec![0xfb, 0xff]));
        assert_eq!(decode(""), Ok(vec![]));
        for text in ["-_9", "-_8=", "+/8", "-_8\n", " -_8", "A", "AA A", "é", "%3D"] {
            assert_eq!(decode(text), Err(NotCanonical), "{text}");
        }
    }
}
