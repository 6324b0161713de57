//! Header and claims of a DPoP proof.

use alloc::string::{String, ToString};

use serde::de::MapAccess;
use serde_json::{Map, Value as Json};

use crate::algorithm::Algorithm;
use crate::claims;
use crate::json::{Members, Scalar, Value};
use crate::key::VerifyingKey;
use crate::time::Timestamp;
use crate::token;

/// The header parameters that decide something (RFC 9449 s4.2).
#[derive(Default)]
pub(super) struct ProofHeader {
    algorithm: Option<String>,
    token_type: Option<String>,
    key: Option<PublicKey>,
    /// A parameter that has no place in a proof.
    stranger: Option<()>,
}

/// The claims that decide something (RFC 9449 s4.2); what is missing or of a wrong type is none.
#[derive(Default)]
pub(super) struct ProofClaims {
    /// `jti`.
    pub(super) id: Option<String>,
    /// `htm`.
    pub(super) method: Option<String>,
    /// `htu`.
    pub(super) target: Option<String>,
    /// `ath`.
    pub(super) token: Option<String>,
    /// `iat`, rounded up.
    pub(super) issued_at: Option<Timestamp>,
}

impl<'de> Members<'de> for ProofHeader {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "alg" => self.algorithm = text(value.read()?),
            "typ" => self.token_type = text(value.read()?),
            "jwk" => value.read_object(self.key.insert(PublicKey::default()))?,
            _ if token::has_no_place(name) => {
                self.stranger = Some(());
                value.skip()?;
            }
            _ => value.skip()?,
        }
        Ok(())
    }
}

impl ProofHeader {
    /// The key that came along, if it is public, strong enough and for the algorithm.
    pub(super) fn into_key(self) -> Option<VerifyingKey> {
        // RFC 9449 s4.2: exactly this type, so that no other token of a client serves as a proof.
        let is_proof = self
            .token_type
            .is_some_and(|name| TYPES.iter().any(|known| known.eq_ignore_ascii_case(&name)));
        if !is_proof || self.stranger.is_some() {
            return None;
        }
        let algorithm = Algorithm::parse(&self.algorithm?)?;
        if !ALGORITHMS.contains(&algorithm) {
            return None;
        }
        VerifyingKey::load(&Json::Object(self.key?.0), &[algorithm]).ok()
    }
}

impl<'de> Members<'de> for ProofClaims {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        match name {
            "jti" => self.id = text(value.read()?).filter(|id| is_identifier(id)),
            "htm" => self.method = text(value.read()?),
            "htu" => self.target = text(value.read()?),
            "ath" => self.token = text(value.read()?),
            "iat" => self.issued_at = claims::read_date(&value.read()?),
            _ => value.skip()?,
        }
        Ok(())
    }
}

/// The `jwk` of the header, in the form in which keys of sets are loaded.
#[derive(Default)]
struct PublicKey(Map<String, Json>);

impl<'de> Members<'de> for PublicKey {
    fn member<A: MapAccess<'de>>(
        &mut self,
        name: &str,
        value: Value<'_, A>,
    ) -> Result<(), A::Error> {
        let value = match value.read()? {
            Scalar::Text(text) => Json::String(text.into_owned()),
            Scalar::Texts(texts) => texts.iter().map(ToString::to_string).collect(),
            // Present, so that a private member is noticed whatever its type.
            Scalar::Whole(_) | Scalar::Number(_) | Scalar::Other => Json::Null,
        };
        self.0.insert(name.into(), value);
        Ok(())
    }
}

fn text(value: Scalar<'_>) -> Option<String> {
    match value {
        Scalar::Text(text) => Some(text.into_owned()),
        _ => None,
    }
}

fn is_identifier(id: &str) -> bool {
    (1..=256).contains(&id.len()) && !id.contains(char::is_control)
}

const TYPES: [&str; 2] = ["dpop+jwt", "application/dpop+jwt"];

const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::Es256, Algorithm::Ed25519, Algorithm::Rs256, Algorithm::Ps256];
