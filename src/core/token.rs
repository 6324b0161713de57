//! Second stage: from the bearer text to a token whose form is right and whose content nobody vouches
//! for yet (RFC 7515 s5.2, RFC 7519 s7.2).

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::base64;
use crate::bearer::BearerText;

mod header;
mod headers;

pub(crate) use self::header::{Header, TokenType, has_no_place};
pub(crate) use self::headers::Headers;

/// A well-formed compact JWS with an acceptable header. Whoever sent it may have made it up.
#[derive(Clone, Debug)]
pub(crate) struct Unverified<'a> {
    header: Arc<Header>,
    text: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// What is wrong with the form of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// The algorithm is not one an edge verifies.
    Algorithm,
    /// A segment is not canonical base64url.
    Base64,
    /// The header names critical extensions, or an unencoded payload.
    Critical,
    /// A member occurs twice.
    Duplicate,
    /// A header parameter is missing, of the wrong type, or has no place in a signed access token.
    Header,
    /// A segment is not strict JSON.
    Json,
    /// Not exactly three segments.
    Structure,
    /// The type is none that the issuer's policy allows.
    Type,
}

/// Parses the three segments and checks the header; one that is in `headers` was checked before.
pub(crate) fn parse<'a>(
    text: BearerText<'a>,
    headers: &mut Headers,
) -> Result<Unverified<'a>, TokenError> {
    let text = text.as_str();
    let (header, payload, signature) = split(text).ok_or(TokenError::Structure)?;
    let header = headers.read(header)?;
    Ok(Unverified { header, text, payload: decode(payload)?, signature: decode(signature)? })
}

impl<'a> Unverified<'a> {
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The payload before anybody vouched for it: good for choosing where to look for a key, never
    /// for a decision.
    pub(crate) fn payload_unchecked(&self) -> &[u8] {
        &self.payload
    }

    /// The whole token.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Payload and signature, decoded.
    pub(crate) fn into_payload_and_signature(self) -> (Vec<u8>, Vec<u8>) {
        (self.payload, self.signature)
    }
}

/// The three segments. Looks at no more than four dots, however many there are; an empty signature
/// passes, so that the `alg: none` behind it gets its own name.
pub(crate) fn split(text: &str) -> Option<(&str, &str, &str)> {
    let mut segments = text.splitn(4, '.');
    let parts = (segments.next()?, segments.next()?, segments.next()?);
    if segments.next().is_some() || parts.0.is_empty() || parts.1.is_empty() {
        return None;
    }
    Some(parts)
}

fn decode(segment: &str) -> Result<Vec<u8>, TokenError> {
    base64::decode(segment).map_err(|_| TokenError::Base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_three_segments_and_nothing_else() {
        assert_eq!(split("a.b.c"), Some(("a", "b", "c")));
        assert_eq!(split("a.b."), Some(("a", "b", "")));
        for text in ["", "a", "a.b", "a.b.c.d", "a.b.c.", ".b.c", "a..c", "..", "."] {
            assert_eq!(split(text), None, "{text}");
        }
        assert_eq!(split(&".".repeat(1_000_000)), None);
    }
}
