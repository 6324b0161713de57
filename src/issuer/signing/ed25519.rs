//! Ed25519 (RFC 8032) under its fully specified name (RFC 9864 s2.2).

use std::borrow::Cow;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use jwt_compact::Algorithm;
use jwt_compact::jwk::JsonWebKey;
use zeroize::Zeroizing;

use super::{Signature, SigningAlgorithm, SigningError};

pub(super) type PrivateKey = Ed25519KeyPair;

/// Ed25519 for jwt-compact.
pub(super) struct Ed25519;

impl Algorithm for Ed25519 {
    type SigningKey = PrivateKey;
    type VerifyingKey = Vec<u8>;
    type Signature = Signature;

    fn name(&self) -> Cow<'static, str> {
        SigningAlgorithm::Ed25519.name().into()
    }

    fn sign(&self, signing_key: &PrivateKey, message: &[u8]) -> Signature {
        Signature(signing_key.sign(message).as_ref().to_vec())
    }

    fn verify_signature(&self, signature: &Signature, key: &Vec<u8>, message: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, key).verify(message, &signature.0).is_ok()
    }
}

pub(super) fn generate() -> Result<Zeroizing<Vec<u8>>, SigningError> {
    let pair = Ed25519KeyPair::generate().map_err(|_| SigningError)?;
    let pkcs8 = pair.to_pkcs8().map_err(|_| SigningError)?;
    Ok(Zeroizing::new(pkcs8.as_ref().to_vec()))
}

pub(super) fn parse(pkcs8: &[u8]) -> Result<PrivateKey, SigningError> {
    Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| SigningError)
}

/// RFC 8037 s2.
pub(super) fn public_key(key: &PrivateKey) -> JsonWebKey<'static> {
    JsonWebKey::KeyPair {
        curve: "Ed25519".into(),
        x: key.public_key().as_ref().to_vec().into(),
        secret: None,
    }
}
