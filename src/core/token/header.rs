//! The JOSE header (RFC 7515 s4). It chooses among keys and algorithms we already trust and can
//! bring none of its own.

use alloc::string::String;

use super::TokenError;
use crate::algorithm::Algorithm;
use crate::json::{self, JsonError, Object, Value};

/// The header parameters that decide something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    /// `kid`; none if it is missing or empty.
    pub(crate) key_id: Option<String>,
    pub(crate) token_type: TokenType,
}

/// What the `typ` of a token says. The issuer's policy says which of them may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// `at+jwt` (RFC 9068 s2.1).
    AccessToken,
    /// `JWT`: any token at all, of issuers that do not follow RFC 9068.
    Jwt,
    /// No `typ`.
    Missing,
}

/// Parses and checks a decoded header.
pub(super) fn parse(bytes: &[u8]) -> Result<Header, TokenError> {
    let parameters = json::parse(bytes).map_err(|error| match error {
        JsonError::Duplicate => TokenError::Duplicate,
        JsonError::Malformed(_) | JsonError::NotText(_) | JsonError::Refused => TokenError::Json,
        JsonError::NotAnObject => TokenError::Header,
    })?;
    check(&parameters)
}

fn check(parameters: &Object<'_>) -> Result<Header, TokenError> {
    // RFC 7515 s4.1.11: an extension we do not understand must be refused, and we understand none.
    // RFC 7797 s7: `b64` has no place in a JWT.
    if parameters.names().any(is_critical) {
        return Err(TokenError::Critical);
    }
    if parameters.names().any(is_foreign) {
        return Err(TokenError::Header);
    }
    let name = parameters.text("alg").ok_or(TokenError::Header)?;
    let algorithm = Algorithm::parse(name).ok_or(TokenError::Algorithm)?;
    let token_type = read_type(parameters.get("typ"))?;
    Ok(Header { algorithm, key_id: read_key_id(parameters.get("kid"))?, token_type })
}

/// Whether a header parameter may be in no JWS that we read, but for the keys of DPoP proofs.
pub(crate) fn has_no_place(name: &str) -> bool {
    is_critical(name) || is_foreign(name)
}

/// Parameters that change what the others mean.
fn is_critical(name: &str) -> bool {
    matches!(name, "crit" | "b64")
}

/// Parameters of other objects (encryption, compression, nesting), and keys that the sender brings
/// along (CVE-2018-0114). Thumbprints such as `x5t` only name a key and pass.
fn is_foreign(name: &str) -> bool {
    matches!(
        name,
        "apu"
            | "apv"
            | "cty"
            | "enc"
            | "epk"
            | "iv"
            | "jku"
            | "jwk"
            | "p2c"
            | "p2s"
            | "tag"
            | "x5c"
            | "x5u"
            | "zip"
    )
}

/// A DPoP proof, a logout token or a client's assertion of the same issuer says what it is, and is
/// never taken for an access token whatever the policy allows (RFC 8725 s3.11).
fn read_type(token_type: Option<&Value<'_>>) -> Result<TokenType, TokenError> {
    let Some(token_type) = token_type else { return Ok(TokenType::Missing) };
    let name = token_type.text().ok_or(TokenError::Type)?;
    // RFC 7515 s4.1.9: a media type, of which `application/` may be left out.
    let is = |known: &&(&str, TokenType)| known.0.eq_ignore_ascii_case(name);
    TYPES.iter().find(is).map(|(_, token_type)| *token_type).ok_or(TokenError::Type)
}

fn read_key_id(key_id: Option<&Value<'_>>) -> Result<Option<String>, TokenError> {
    let Some(key_id) = key_id else { return Ok(None) };
    let name = key_id.text().ok_or(TokenError::Header)?;
    match name.len() {
        0 => Ok(None),
        1..=MAXIMUM_KEY_ID => Ok(Some(name.into())),
        _ => Err(TokenError::Header),
    }
}

const TYPES: [(&str, TokenType); 4] = [
    ("at+jwt", TokenType::AccessToken),
    ("application/at+jwt", TokenType::AccessToken),
    ("JWT", TokenType::Jwt),
    ("application/jwt", TokenType::Jwt),
];

/// Bytes of a `kid`.
const MAXIMUM_KEY_ID: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> Result<Header, TokenError> {
        parse(json.as_bytes())
    }

    #[test]
    fn accepts_the_headers_of_access_tokens() {
        for name in ["at+jwt", "AT+JWT", "application/at+jwt"] {
            let header =
                check(&format!(r#"{{"alg":"ES256","typ":"{name}","kid":"k","x5t":"AA"}}"#));
            assert_eq!(
                header,
                Ok(Header {
                    algorithm: Algorithm::Es256,
                    key_id: Some("k".into()),
                    token_type: TokenType::AccessToken,
                })
            );
        }
        let without_key_id = check(r#"{"alg":"EdDSA","typ":"at+jwt","kid":""}"#);
        let header = without_key_id.unwrap();
        assert_eq!((header.algorithm, header.key_id), (Algorithm::Ed25519, None));
    }

    #[test]
    fn refuses_each_parameter_that_has_no_place_here() {
        for name in [
            "apu", "apv", "cty", "enc", "epk", "iv", "jku", "jwk", "p2c", "p2s", "tag", "x5c",
            "x5u", "zip",
        ] {
            let json = format!(r#"{{"alg":"ES256","typ":"at+jwt","{name}":{{}}}}"#);
            assert_eq!(check(&json), Err(TokenError::Header), "{name}");
        }
    }

    #[test]
    fn refuses_critical_extensions_whatever_their_shape() {
        for member in [r#""crit":["exp"]"#, r#""crit":[]"#, r#""crit":1"#, r#""b64":true"#] {
            let json = format!(r#"{{"alg":"ES256","typ":"at+jwt",{member}}}"#);
            assert_eq!(check(&json), Err(TokenError::Critical), "{member}");
        }
    }

    #[test]
    fn refuses_missing_and_foreign_values() {
        for (json, expected) in [
            (r#"{"typ":"at+jwt"}"#, TokenError::Header),
            (r#"{"alg":null,"typ":"at+jwt"}"#, TokenError::Header),
            (r#"{"alg":["ES256"],"typ":"at+jwt"}"#, TokenError::Header),
            (r#"{"alg":"none","typ":"at+jwt"}"#, TokenError::Algorithm),
            (r#"{"alg":"ES256","typ":""}"#, TokenError::Type),
            (r#"{"alg":"ES256","typ":null}"#, TokenError::Type),
            (r#"{"alg":"ES256","typ":"logout+jwt"}"#, TokenError::Type),
            (r#"{"alg":"ES256","typ":"dpop+jwt"}"#, TokenError::Type),
            (r#"{"alg":"ES256","typ":1}"#, TokenError::Type),
            (r#"{"alg":"ES256","typ":"at+jwt","kid":7}"#, TokenError::Header),
            (r#"{"alg":"ES256","alg":"ES256","typ":"at+jwt"}"#, TokenError::Duplicate),
            ("[]", TokenError::Header),
            ("{", TokenError::Json),
        ] {
            assert_eq!(check(json), Err(expected), "{json}");
        }
    }

    #[test]
    fn reads_the_types_that_a_policy_may_allow() {
        for (member, expected) in [
            ("", TokenType::Missing),
            (r#","typ":"JWT""#, TokenType::Jwt),
            (r#","typ":"jwt""#, TokenType::Jwt),
            (r#","typ":"application/jwt""#, TokenType::Jwt),
            (r#","typ":"at+jwt""#, TokenType::AccessToken),
        ] {
            let header = check(&format!(r#"{{"alg":"ES256"{member}}}"#)).unwrap();
            assert_eq!(header.token_type, expected, "{member}");
        }
    }

    #[test]
    fn limits_the_key_id() {
        let with = |length: usize| {
            check(&format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{}"}}"#, "k".repeat(length)))
        };
        assert!(with(128).is_ok());
        assert_eq!(with(129), Err(TokenError::Header));
    }
}
