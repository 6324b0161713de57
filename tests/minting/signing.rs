//! Signs a message under any algorithm name, honest or not.

use ed25519_dalek::Signer as _;
use hmac::{Hmac, Mac as _};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};
use serde::Deserialize;
use sha2::{Sha256, Sha384, Sha512};

use super::{Keys, MintError, rsa_signing};

/// How a token is signed when its algorithm name alone does not say it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manner {
    /// HS*: which form of the public key is the secret (the RS/HS confusion).
    pub secret: Secret,
    /// PS*: bytes of salt instead of the length of the hash.
    pub salt: Option<usize>,
    /// RS*: a wrong PKCS #1 block instead of the right one.
    pub block: Option<rsa_signing::Block>,
}

/// What an attacker takes as an HMAC secret.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secret {
    /// No bytes at all.
    #[default]
    Empty,
    /// The public key as `SubjectPublicKeyInfo`, PEM text.
    Pem,
    /// The same as DER bytes.
    Der,
    /// The public JWK as JSON text.
    Jwk,
    /// The bytes of the modulus.
    Modulus,
}

/// The signature bytes of `message` under the key called `key`.
pub fn sign(
    keys: &Keys,
    key: &str,
    algorithm: &str,
    manner: &Manner,
    message: &[u8],
) -> Result<Vec<u8>, MintError> {
    match algorithm {
        "none" => Ok(Vec::new()),
        "ES256" => es256(keys, key, message),
        "EdDSA" | "Ed25519" => ed25519(keys, key, message),
        "HS256" | "HS384" | "HS512" => hmac(algorithm, &secret(keys, key, manner.secret)?, message),
        _ => rsa_signing::sign(keys, key, algorithm, manner, message),
    }
}

/// RFC 6979 makes the nonce from key and message, so the signature is the same every time.
fn es256(keys: &Keys, key: &str, message: &[u8]) -> Result<Vec<u8>, MintError> {
    let signer = p256::ecdsa::SigningKey::from_slice(&keys.bytes(key, "d")?)
        .map_err(|_| MintError::new(format!("{key} is not a P-256 key")))?;
    let signature: p256::ecdsa::Signature = signer.sign(message);
    Ok(signature.to_bytes().to_vec())
}

fn ed25519(keys: &Keys, key: &str, message: &[u8]) -> Result<Vec<u8>, MintError> {
    let seed = <[u8; 32]>::try_from(keys.bytes(key, "d")?)
        .map_err(|_| MintError::new(format!("{key} is not an Ed25519 key")))?;
    Ok(ed25519_dalek::SigningKey::from_bytes(&seed).sign(message).to_bytes().to_vec())
}

fn hmac(algorithm: &str, secret: &[u8], message: &[u8]) -> Result<Vec<u8>, MintError> {
    let refused = |_| MintError::new("the secret has no usable length");
    Ok(match algorithm {
        "HS256" => {
            let mac = Hmac::<Sha256>::new_from_slice(secret).map_err(refused)?;
            mac.chain_update(message).finalize().into_bytes().to_vec()
        }
        "HS384" => {
            let mac = Hmac::<Sha384>::new_from_slice(secret).map_err(refused)?;
            mac.chain_update(message).finalize().into_bytes().to_vec()
        }
        _ => {
            let mac = Hmac::<Sha512>::new_from_slice(secret).map_err(refused)?;
            mac.chain_update(message).finalize().into_bytes().to_vec()
        }
    })
}

fn secret(keys: &Keys, key: &str, form: Secret) -> Result<Vec<u8>, MintError> {
    let failed = || MintError::new(format!("{key} cannot be written as {form:?}"));
    match form {
        Secret::Empty => Ok(Vec::new()),
        Secret::Modulus => keys.bytes(key, "n"),
        Secret::Jwk => serde_json::to_vec(&keys.public(key)?).map_err(|_| failed()),
        Secret::Der => {
            let public = rsa_signing::public(keys, key)?;
            Ok(public.to_public_key_der().map_err(|_| failed())?.into_vec())
        }
        Secret::Pem => {
            let public = rsa_signing::public(keys, key)?;
            let text = public.to_public_key_pem(LineEnding::LF).map_err(|_| failed())?;
            Ok(text.into_bytes())
        }
    }
}
