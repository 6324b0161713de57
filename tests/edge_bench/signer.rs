//! Signs tokens by the ten thousands, with the fixed keys of the token factory.
//!
//! The factory itself signs in plain Rust, which would take minutes for as many RS256 tokens as are sent here.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{self, KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256,
};
use edgelatch_tests::minting::Keys;

use super::Failure;
use super::algorithm::Algorithm;

/// A private key.
pub(crate) enum Signer {
    Es256(EcdsaKeyPair),
    Rs256(rsa::KeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    /// The fixed key for an algorithm.
    pub(crate) fn new(algorithm: Algorithm, keys: &Keys) -> Result<Self, Failure> {
        let bytes = |member| keys.bytes(algorithm.key_id(), member);
        Ok(match algorithm {
            Algorithm::Es256 => {
                let point = [vec![4], bytes("x")?, bytes("y")?].concat();
                Self::Es256(EcdsaKeyPair::from_private_key_and_public_key(
                    &ECDSA_P256_SHA256_FIXED_SIGNING,
                    &bytes("d")?,
                    &point,
                )?)
            }
            Algorithm::Rs256 => Self::Rs256(rsa::KeyPair::from_components(&KeyPairComponents {
                public_key: PublicKeyComponents { n: bytes("n")?, e: bytes("e")? },
                d: bytes("d")?,
                p: bytes("p")?,
                q: bytes("q")?,
                dP: bytes("dp")?,
                dQ: bytes("dq")?,
                qInv: bytes("qi")?,
            })?),
            Algorithm::Ed25519 => {
                Self::Ed25519(Ed25519KeyPair::from_seed_and_public_key(&bytes("d")?, &bytes("x")?)?)
            }
        })
    }

    /// The signature bytes, in the form of a JWS.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let random = SystemRandom::new();
        Ok(match self {
            Self::Es256(pair) => pair.sign(&random, message)?.as_ref().to_vec(),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                signature
            }
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        })
    }
}
