//! From a JWK (RFC 7517) to a key that may be used, or the reason why not.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::Value;

use super::KeyError;
use crate::algorithm::Algorithm;

/// One member of a key set as it is published. Members that mean nothing to a verifier are passed over.
#[derive(Debug, Deserialize)]
pub(crate) struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    public_key_use: Option<String>,
    key_ops: Option<Vec<String>>,
    pub(super) crv: Option<String>,
    pub(super) x: Option<String>,
    pub(super) y: Option<String>,
    pub(super) n: Option<String>,
    pub(super) e: Option<String>,
}

impl Jwk {
    /// Reads one member of a key set. Exposed secrets are noticed first, whatever else is wrong.
    pub(super) fn read(value: &Value) -> Result<Self, KeyError> {
        check_public(value)?;
        Self::deserialize(value).map_err(|_| KeyError::Invalid)
    }

    /// The `kid`, if there is one.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The algorithm that the key is for, among those that the issuer may use.
    pub(super) fn eligible_for(&self, allowed: &[Algorithm]) -> Result<Algorithm, KeyError> {
        self.check_use()?;
        self.algorithm(allowed)
    }

    /// RFC 7517 s4.2, s4.3: an encryption key never verifies.
    fn check_use(&self) -> Result<(), KeyError> {
        let for_signatures = self.public_key_use.as_deref().is_none_or(|name| name == "sig");
        let may_verify =
            self.key_ops.as_ref().is_none_or(|names| names.iter().any(|name| name == "verify"));
        if for_signatures && may_verify { Ok(()) } else { Err(KeyError::NotEligible) }
    }

    /// One key, one algorithm, and never the token's choice: the key's own `alg`, else the first
    /// allowed algorithm of its type.
    fn algorithm(&self, allowed: &[Algorithm]) -> Result<Algorithm, KeyError> {
        let mut candidates = allowed.iter().copied().filter(|algorithm| self.suits(*algorithm));
        let chosen = match &self.alg {
            None => candidates.next(),
            Some(name) => {
                let named = Algorithm::parse(name).ok_or(KeyError::NotEligible)?;
                candidates.find(|algorithm| *algorithm == named)
            }
        };
        chosen.ok_or(KeyError::NotEligible)
    }

    fn suits(&self, algorithm: Algorithm) -> bool {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => algorithm == Algorithm::Es256,
            ("OKP", Some("Ed25519")) => algorithm == Algorithm::Ed25519,
            ("RSA", _) => algorithm.is_rsa(),
            _ => false,
        }
    }
}

/// A published private key or secret is everybody's key.
fn check_public(value: &Value) -> Result<(), KeyError> {
    let has = |name: &&str| value.get(*name).is_some();
    if has(&"k") || value.get("kty").is_some_and(|kty| kty == "oct") {
        return Err(KeyError::Symmetric);
    }
    if PRIVATE_MEMBERS.iter().any(has) { Err(KeyError::Private) } else { Ok(()) }
}

/// Members that only the signer may have (RFC 7518 s6.2.2, s6.3.2; RFC 8037 s2).
const PRIVATE_MEMBERS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];
