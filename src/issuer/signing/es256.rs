//! ECDSA on P-256 with SHA-256 (RFC 7518 s3.4).

use std::borrow::Cow;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    UnparsedPublicKey,
};
use jwt_compact::Algorithm;
use jwt_compact::jwk::JsonWebKey;
use zeroize::Zeroizing;

use super::{Signature, SigningAlgorithm, SigningError};

pub(super) type PrivateKey = EcdsaKeyPair;

/// ES256 for jwt-compact.
pub(super) struct Es256;

impl Algorithm for Es256 {
    type SigningKey = PrivateKey;
    type VerifyingKey = Vec<u8>;
    type Signature = Signature;

    fn name(&self) -> Cow<'static, str> {
        SigningAlgorithm::Es256.name().into()
    }

    fn sign(&self, signing_key: &PrivateKey, message: &[u8]) -> Signature {
        let signature = signing_key.sign(&SystemRandom::new(), message);
        Signature(signature.map_or_else(|_| Vec::new(), |bytes| bytes.as_ref().to_vec()))
    }

    fn verify_signature(&self, signature: &Signature, key: &Vec<u8>, message: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key);
        key.verify(message, &signature.0).is_ok()
    }
}

pub(super) fn generate() -> Result<Zeroizing<Vec<u8>>, SigningError> {
    let pair =
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| SigningError)?;
    let pkcs8 = pair.to_pkcs8v1().map_err(|_| SigningError)?;
    Ok(Zeroizing::new(pkcs8.as_ref().to_vec()))
}

pub(super) fn parse(pkcs8: &[u8]) -> Result<PrivateKey, SigningError> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| SigningError)
}

/// RFC 7518 s6.2.1: both coordinates at full length, taken from the point `04 || x || y`.
pub(super) fn public_key(key: &PrivateKey) -> Result<JsonWebKey<'static>, SigningError> {
    let coordinates = key.public_key().as_ref().strip_prefix(&[4]).ok_or(SigningError)?;
    let (x, y) = coordinates.split_at_checked(32).ok_or(SigningError)?;
    Ok(JsonWebKey::EllipticCurve {
        curve: "P-256".into(),
        x: x.to_vec().into(),
        y: y.to_vec().into(),
        secret: None,
    })
}
