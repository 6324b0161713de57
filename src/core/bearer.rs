//! First stage: from the header lines to the one access token of the request (RFC 6750 s2.1).

use crate::percent;
use crate::request::Request;

mod plain;

/// Text that arrived as `Authorization: Bearer`: printable ASCII without spaces, nothing more is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BearerText<'a>(&'a str);

impl<'a> BearerText<'a> {
    pub(crate) fn as_str(self) -> &'a str {
        self.0
    }
}

/// How a token came (RFC 6750 s2.1, RFC 9449 s7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Bearer,
    /// With a proof of the key to which the token is bound.
    Dpop,
}

/// The one token of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Credential<'a> {
    pub(crate) scheme: Scheme,
    pub(crate) text: BearerText<'a>,
}

/// Why a request holds no usable bearer token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerError {
    /// No `Authorization` line at all.
    Missing,
    /// Several credentials: two lines, a comma-joined value, or a header and a query parameter.
    Multiple,
    /// Bytes that are no text, or control characters.
    NotText,
    /// Another scheme, or a Bearer value that is not one token.
    NotBearer,
    /// More bytes than the policy allows.
    TooLong,
}

/// Finds the one token among all header lines, of at most `maximum` bytes, under one of `schemes`.
pub(crate) fn extract<'a>(
    request: &Request<'a>,
    maximum: usize,
    schemes: &[Scheme],
) -> Result<Credential<'a>, BearerError> {
    let value = single_value(request)?;
    if value.len() > maximum.saturating_add(MAXIMUM_SCHEME_LENGTH) {
        return Err(BearerError::TooLong);
    }
    // A host may hand over UTF-8 or arbitrary bytes; neither reaches anything that could choke on it.
    let text = core::str::from_utf8(value).map_err(|_| BearerError::NotText)?;
    if !plain::is_plain(value) {
        check_bytes(text)?;
    }
    let (scheme, token) = split_scheme(text).ok_or(BearerError::NotBearer)?;
    if !schemes.contains(&scheme) {
        return Err(BearerError::NotBearer);
    }
    if token.len() > maximum {
        return Err(BearerError::TooLong);
    }
    Ok(Credential { scheme, text: BearerText(token) })
}

fn check_bytes(text: &str) -> Result<(), BearerError> {
    if text.bytes().any(|byte| byte != b'\t' && byte.is_ascii_control()) {
        return Err(BearerError::NotText);
    }
    // Proxies and runtimes join repeated lines with commas; no token contains one.
    if text.contains(',') { Err(BearerError::Multiple) } else { Ok(()) }
}

fn single_value<'a>(request: &Request<'a>) -> Result<&'a [u8], BearerError> {
    let mut values = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(b"authorization"))
        .map(|(_, value)| *value);
    // RFC 6750 s2.3 tokens in the URL leak into logs: never a credential, but beside a header a
    // contradiction that two programs may resolve differently.
    let Some(first) = values.next() else {
        return Err(BearerError::Missing);
    };
    if values.next().is_some() {
        return Err(BearerError::Multiple);
    }
    check_query(request)?;
    Ok(first)
}

/// That no second token is in the query.
pub(crate) fn check_query(request: &Request<'_>) -> Result<(), BearerError> {
    if query_holds_token(request.query()) { Err(BearerError::Multiple) } else { Ok(()) }
}

fn query_holds_token(query: &[u8]) -> bool {
    query.split(|byte| *byte == b'&').any(|parameter| {
        let name = parameter.split(|byte| *byte == b'=').next().unwrap_or_default();
        names_access_token(name)
    })
}

/// Whether a form-encoded name decodes to `access_token`.
fn names_access_token(mut name: &[u8]) -> bool {
    for expected in b"access_token" {
        let Some((byte, rest)) = percent::decode_first(name) else {
            return false;
        };
        if byte != *expected {
            return false;
        }
        name = rest;
    }
    name.is_empty()
}

/// The scheme and the token behind it and at least one space; the scheme's case does not matter
/// (RFC 9110 s11.1), its place does: at the very start.
fn split_scheme(text: &str) -> Option<(Scheme, &str)> {
    let (scheme, rest) = text.split_once(' ')?;
    let scheme = if scheme.eq_ignore_ascii_case("bearer") {
        Scheme::Bearer
    } else if scheme.eq_ignore_ascii_case("dpop") {
        Scheme::Dpop
    } else {
        return None;
    };
    let token = rest.trim_start_matches(' ');
    let first = token.bytes().next()?;
    let starts_like_token = first.is_ascii_alphanumeric() || b"-_.+/=".contains(&first);
    (starts_like_token && plain::is_unbroken(token)).then_some((scheme, token))
}

/// Room for the scheme and its spaces before the token's own limit applies.
const MAXIMUM_SCHEME_LENGTH: usize = 16;

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    fn check(headers: &[(&str, &[u8])], path: &str) -> Result<String, BearerError> {
        let headers: Vec<(&[u8], &[u8])> =
            headers.iter().map(|(name, value)| (name.as_bytes(), *value)).collect();
        let request = Request {
            method: b"GET",
            authority: b"api",
            path: path.as_bytes(),
            headers: &headers,
            ..Request::default()
        };
        let credential = extract(&request, 32, &[Scheme::Bearer]);
        credential.map(|credential| credential.text.as_str().into())
    }

    fn value(value: &[u8]) -> Result<String, BearerError> {
        check(&[("authorization", value)], "/")
    }

    #[test]
    fn takes_the_token_whatever_the_case_of_scheme_and_name() {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(value(format!("{scheme} a.b.c").as_bytes()), Ok("a.b.c".into()));
        }
        assert_eq!(check(&[("Authorization", b"Bearer  a.b.c")], "/"), Ok("a.b.c".into()));
    }

    #[test]
    fn leaves_room_for_the_scheme_and_ten_spaces_beside_the_longest_token() {
        let longest = "a".repeat(32);
        for (token, spaces, is_taken) in
            [(longest.as_str(), 10, true), (&longest, 11, false), ("a", 41, true), ("a", 42, false)]
        {
            let text = format!("Bearer{}{token}", " ".repeat(spaces));
            let expected = if is_taken { Ok(token.into()) } else { Err(BearerError::TooLong) };
            assert_eq!(value(text.as_bytes()), expected, "{spaces} spaces");
        }
    }

    #[test]
    fn refuses_other_schemes_and_malformed_values() {
        for text in [
            "XBearer t",
            "Basic dXNlcjpwYXNz",
            "DPoP a.b.c",
            "Bearer",
            "Bearer ",
            "Bearer !!t",
            "Bearer t x",
            "Bearer\tt",
            "Bearer\u{a0}t",
            "Bearer \u{a0}t",
            " Bearer t",
            "",
        ] {
            assert_eq!(value(text.as_bytes()), Err(BearerError::NotBearer), "{text:?}");
        }
    }

    #[test]
    fn refuses_a_second_credential_wherever_it_hides() {
        let two: [(&str, &[u8]); 2] =
            [("authorization", b"Bearer a"), ("Authorization", b"Bearer b")];
        assert_eq!(check(&two, "/"), Err(BearerError::Multiple));
        assert_eq!(value(b"Bearer a,Bearer b"), Err(BearerError::Multiple));
        assert_eq!(value(b"Basic x, Bearer a"), Err(BearerError::Multiple));
        for path in ["/?access_token=x", "/?a=b&access%5Ftoken=x", "/?access_token"] {
            assert_eq!(check(&[("authorization", b"Bearer a")], path), Err(BearerError::Multiple));
        }
    }

    #[test]
    fn ignores_a_token_in_the_query_alone() {
        assert_eq!(check(&[], "/?access_token=x"), Err(BearerError::Missing));
        let neighbour =
            check(&[("authorization", b"Bearer a")], "/?access_tokens=x&xaccess_token=y");
        assert_eq!(neighbour, Ok("a".into()));
    }

    #[test]
    fn refuses_bytes_that_are_no_text() {
        for bytes in [&b"Bearer \xa1\xff"[..], b"Bearer a\0b", b"Bearer a\x01", b"\xff"] {
            assert_eq!(value(bytes), Err(BearerError::NotText), "{bytes:?}");
        }
    }

    #[test]
    fn measures_before_it_reads() {
        assert_eq!(value(format!("Bearer {}", "a".repeat(32)).as_bytes()), Ok("a".repeat(32)));
        assert_eq!(
            value(format!("Bearer {}", "a".repeat(33)).as_bytes()),
            Err(BearerError::TooLong)
        );
        assert_eq!(value(&[0xff; 4096]), Err(BearerError::TooLong));
    }
}
