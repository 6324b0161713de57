//! The JOSE header (RFC 7515 s4). It chooses among keys and algorithms we already trust and can
//! bring none of its own.

use alloc::borrow::ToOwned;
use alloc::string::String;

use serde::de::MapAccess;

use super::TokenError;
use crate::algorithm::Algorithm;
use crate::json::{self, JsonError, Members, Scalar, Value};

/// The header parameters that decide something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    /// `kid`; none if it is missing or empty.
    pub(crate) key_id: Option<String>,
}

/// Parses and checks a decoded header.
pub(super) fn parse(bytes: &[u8]) -> Result<Header, TokenError> {
    let mut parameters = Parameters::default();
    json::read_object(bytes, &mut parameters).map_err(|error| match error {
        JsonError::Duplicate => TokenError::Duplicate,
        JsonError::Malformed => TokenError::Json,
        JsonError::NotAnObject => TokenError::Header,
    })?;
    parameters.check()
}

#[derive(Default)]
struct Parameters<'de> {
    algorithm: Option<Scalar<'de>>,
    key_id: Option<Scalar<'de>>,
    token_type: Option<Scalar<'de>>,
    critical: Presence,
    forbidden: Presence,
}

#[derive(Default, PartialEq, Eq)]
enum Presence {
    #[default]
    Absent,
    Present,
}

impl<'de> Members<'de> for Parameters<'de> {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "alg" => self.algorithm = Some(value.read()?),
            "kid" => self.key_id = Some(value.read()?),
            "typ" => self.token_type = Some(value.read()?),
            // RFC 7515 s4.1.11: an extension we do not understand must be refused, and we understand
            // none. RFC 7797 s7: `b64` has no place in a JWT.
            "crit" | "b64" => {
                self.critical = Presence::Present;
                value.skip()?;
            }
            _ if FORBIDDEN.contains(&name) => {
                self.forbidden = Presence::Present;
                value.skip()?;
            }
            _ => value.skip()?,
        }
        Ok(())
    }
}

impl Parameters<'_> {
    fn check(self) -> Result<Header, TokenError> {
        if self.critical == Presence::Present {
            return Err(TokenError::Critical);
        }
        if self.forbidden == Presence::Present {
            return Err(TokenError::Header);
        }
        let Some(Scalar::Text(name)) = self.algorithm else {
            return Err(TokenError::Header);
        };
        let algorithm = Algorithm::parse(&name).ok_or(TokenError::Algorithm)?;
        check_type(self.token_type)?;
        Ok(Header { algorithm, key_id: check_key_id(self.key_id)? })
    }
}

/// RFC 9068 s4: `typ` is `at+jwt` or `application/at+jwt`, so that an ID token, a DPoP proof or a
/// logout token of the same issuer is never taken for an access token.
fn check_type(token_type: Option<Scalar<'_>>) -> Result<(), TokenError> {
    let Some(Scalar::Text(name)) = token_type else {
        return Err(TokenError::Type);
    };
    if TYPES.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
        Ok(())
    } else {
        Err(TokenError::Type)
    }
}

fn check_key_id(key_id: Option<Scalar<'_>>) -> Result<Option<String>, TokenError> {
    match key_id {
        None => Ok(None),
        Some(Scalar::Text(name)) if name.len() > MAXIMUM_KEY_ID => Err(TokenError::Header),
        Some(Scalar::Text(name)) if name.is_empty() => Ok(None),
        Some(Scalar::Text(name)) => Ok(Some(name.as_ref().to_owned())),
        Some(_) => Err(TokenError::Header),
    }
}

const TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];

/// Bytes of a `kid`.
const MAXIMUM_KEY_ID: usize = 128;

/// Parameters of other objects (encryption, compression, nesting), and keys that the sender brings
/// along (CVE-2018-0114). Thumbprints such as `x5t` only name a key and pass.
const FORBIDDEN: [&str; 14] = [
    "apu", "apv", "cty", "enc", "epk", "iv", "jku", "jwk", "p2c", "p2s", "tag", "x5c", "x5u", "zip",
];

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
                Ok(Header { algorithm: Algorithm::Es256, key_id: Some("k".into()) })
            );
        }
        let without_key_id = check(r#"{"alg":"EdDSA","typ":"at+jwt","kid":""}"#);
        assert_eq!(without_key_id, Ok(Header { algorithm: Algorithm::Ed25519, key_id: None }));
    }

    #[test]
    fn refuses_each_parameter_that_has_no_place_here() {
        for name in FORBIDDEN {
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
            (r#"{"alg":"ES256"}"#, TokenError::Type),
            (r#"{"alg":"ES256","typ":"JWT"}"#, TokenError::Type),
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
    fn limits_the_key_id() {
        let with = |length: usize| {
            check(&format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{}"}}"#, "k".repeat(length)))
        };
        assert!(with(128).is_ok());
        assert_eq!(with(129), Err(TokenError::Header));
    }
}
