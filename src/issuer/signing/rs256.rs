//! RSA with PKCS#1 v1.5 and SHA-256 (RFC 7518 s3.3), for validators that know nothing newer.

use std::borrow::Cow;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use jwt_compact::Algorithm;
use jwt_compact::jwk::JsonWebKey;
use zeroize::Zeroizing;

use super::{Signature, SigningAlgorithm, SigningError};

pub(super) type PrivateKey = KeyPair;

/// RS256 for jwt-compact.
pub(super) struct Rs256;

impl Algorithm for Rs256 {
    type SigningKey = PrivateKey;
    type VerifyingKey = Vec<u8>;
    type Signature = Signature;

    fn name(&self) -> Cow<'static, str> {
        SigningAlgorithm::Rs256.name().into()
    }

    fn sign(&self, signing_key: &PrivateKey, message: &[u8]) -> Signature {
        let mut signature = vec![0; signing_key.public_modulus_len()];
        let random = SystemRandom::new();
        match signing_key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature) {
            Ok(()) => Signature(signature),
            Err(_) => Signature(Vec::new()),
        }
    }

    fn verify_signature(&self, signature: &Signature, key: &Vec<u8>, message: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
        key.verify(message, &signature.0).is_ok()
    }
}

/// 2048 bits: what every validator takes, at a third of the cost of 3072 per signature.
pub(super) fn generate() -> Result<Zeroizing<Vec<u8>>, SigningError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningError)?;
    let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| SigningError)?;
    Ok(Zeroizing::new(pkcs8.as_ref().to_vec()))
}

pub(super) fn parse(pkcs8: &[u8]) -> Result<PrivateKey, SigningError> {
    KeyPair::from_pkcs8(pkcs8).map_err(|_| SigningError)
}

/// RFC 7518 s6.3.1.
pub(super) fn public_key(key: &PrivateKey) -> JsonWebKey<'static> {
    let public = key.public_key();
    JsonWebKey::Rsa {
        modulus: public.modulus().big_endian_without_leading_zero().to_vec().into(),
        public_exponent: public.exponent().big_endian_without_leading_zero().to_vec().into(),
        private_parts: None,
    }
}
