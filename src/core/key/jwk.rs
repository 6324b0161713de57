//! From a JWK (RFC 7517) to a key that may be used, or the reason why not.

use alloc::vec::Vec;

use super::KeyError;
use crate::algorithm::Algorithm;
use crate::json::{Object, Unexpected, Value};

/// A key as it is published. Members that mean nothing to a verifier are passed over.
#[derive(Debug)]
pub(super) struct Jwk<'a> {
    kty: &'a str,
    /// `kid`.
    pub(super) key_id: Option<&'a str>,
    alg: Option<&'a str>,
    /// `use`.
    public_key_use: Option<&'a str>,
    key_ops: Option<Vec<&'a str>>,
    crv: Option<&'a str>,
    pub(super) x: Option<&'a str>,
    pub(super) y: Option<&'a str>,
    pub(super) n: Option<&'a str>,
    pub(super) e: Option<&'a str>,
}

impl<'a> Jwk<'a> {
    /// Reads a key. Exposed secrets are noticed first, whatever else is wrong.
    pub(super) fn read(key: &'a Object<'a>) -> Result<Self, KeyError> {
        check_public(key)?;
        Self::read_members(key).map_err(|Unexpected| KeyError::Invalid)
    }

    fn read_members(key: &'a Object<'a>) -> Result<Self, Unexpected> {
        let text = |name| key.optional(name, Value::text);
        Ok(Self {
            kty: key.text("kty").ok_or(Unexpected)?,
            key_id: text("kid")?,
            alg: text("alg")?,
            public_key_use: text("use")?,
            key_ops: key.optional("key_ops", Value::texts)?,
            crv: text("crv")?,
            x: text("x")?,
            y: text("y")?,
            n: text("n")?,
            e: text("e")?,
        })
    }

    /// The algorithm that the key is for, among those that the issuer may use.
    pub(super) fn eligible_for(&self, allowed: &[Algorithm]) -> Result<Algorithm, KeyError> {
        self.check_use()?;
        self.algorithm(allowed)
    }

    /// RFC 7517 s4.2, s4.3: an encryption key never verifies.
    fn check_use(&self) -> Result<(), KeyError> {
        let for_signatures = self.public_key_use.is_none_or(|name| name == "sig");
        let may_verify = self.key_ops.as_ref().is_none_or(|names| names.contains(&"verify"));
        if for_signatures && may_verify { Ok(()) } else { Err(KeyError::NotEligible) }
    }

    /// One key, one algorithm, and never the token's choice: the key's own `alg`, else the first
    /// allowed algorithm of its type.
    fn algorithm(&self, allowed: &[Algorithm]) -> Result<Algorithm, KeyError> {
        let mut candidates = allowed.iter().copied().filter(|algorithm| self.suits(*algorithm));
        let chosen = match self.alg {
            None => candidates.next(),
            Some(name) => {
                let named = Algorithm::parse(name).ok_or(KeyError::NotEligible)?;
                candidates.find(|algorithm| *algorithm == named)
            }
        };
        chosen.ok_or(KeyError::NotEligible)
    }

    fn suits(&self, algorithm: Algorithm) -> bool {
        match (self.kty, self.crv) {
            ("EC", Some("P-256")) => algorithm == Algorithm::Es256,
            ("OKP", Some("Ed25519")) => algorithm == Algorithm::Ed25519,
            ("RSA", _) => algorithm.is_rsa(),
            _ => false,
        }
    }
}

/// A published private key or secret is everybody's key.
fn check_public(key: &Object<'_>) -> Result<(), KeyError> {
    if key.get("k").is_some() || key.text("kty") == Some("oct") {
        return Err(KeyError::Symmetric);
    }
    if key.names().any(|name| PRIVATE_MEMBERS.contains(&name)) {
        Err(KeyError::Private)
    } else {
        Ok(())
    }
}

/// Members that only the signer may have (RFC 7518 s6.2.2, s6.3.2; RFC 8037 s2).
const PRIVATE_MEMBERS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];
