//! From a JWK (RFC 7517) to a key that may be used, or the reason why not.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::IgnoredAny;

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
    d: Option<IgnoredAny>,
    p: Option<IgnoredAny>,
    q: Option<IgnoredAny>,
    dp: Option<IgnoredAny>,
    dq: Option<IgnoredAny>,
    qi: Option<IgnoredAny>,
    oth: Option<IgnoredAny>,
    k: Option<IgnoredAny>,
}

impl Jwk {
    /// The `kid`, if there is one.
    pub(crate) fn key_id(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The algorithm that the key is for, among those that the issuer may use.
    pub(super) fn eligible_for(&self, allowed: &[Algorithm]) -> Result<Algorithm, KeyError> {
        self.check_public()?;
        self.check_use()?;
        self.algorithm(allowed)
    }

    /// A published private key or secret is everybody's key.
    fn check_public(&self) -> Result<(), KeyError> {
        if self.kty == "oct" || self.k.is_some() {
            return Err(KeyError::Symmetric);
        }
        let private = [&self.d, &self.p, &self.q, &self.dp, &self.dq, &self.qi, &self.oth];
        if private.into_iter().any(Option::is_some) { Err(KeyError::Private) } else { Ok(()) }
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
