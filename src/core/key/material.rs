//! The numbers of a JWK, decoded and checked for strength.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use edgelatch_signatures::{ed25519, es256, rsa};
use jwt_compact::jwk::JsonWebKey;

use super::jwk::Jwk;
use super::{KeyError, KeyMaterial, Prepared, roca};
use crate::algorithm::Algorithm;
use crate::base64;

/// Decodes the key for `algorithm`.
pub(super) fn load(
    jwk: &Jwk<'_>,
    algorithm: Algorithm,
) -> Result<(KeyMaterial, Prepared), KeyError> {
    match algorithm {
        Algorithm::Es256 => load_p256(jwk),
        Algorithm::Ed25519 => load_ed25519(jwk),
        _ => load_rsa(jwk),
    }
}

fn load_p256(jwk: &Jwk<'_>) -> Result<(KeyMaterial, Prepared), KeyError> {
    let x = fixed(jwk.x)?;
    let y = fixed(jwk.y)?;
    let point = JsonWebKey::EllipticCurve {
        curve: Cow::Borrowed("P-256"),
        x: Cow::Borrowed(&x),
        y: Cow::Borrowed(&y),
        secret: None,
    };
    // The conversion refuses points off the curve; infinity has no coordinates.
    let _: p256::ecdsa::VerifyingKey = (&point).try_into().map_err(|_| KeyError::Invalid)?;
    Ok((KeyMaterial::P256 { x, y }, Prepared::Es256(es256::Key::new(&x, &y))))
}

fn load_ed25519(jwk: &Jwk<'_>) -> Result<(KeyMaterial, Prepared), KeyError> {
    let x: [u8; 32] = fixed(jwk.x)?;
    let point =
        JsonWebKey::KeyPair { curve: Cow::Borrowed("Ed25519"), x: Cow::Borrowed(&x), secret: None };
    let key: ed25519_dalek::VerifyingKey = (&point).try_into().map_err(|_| KeyError::Invalid)?;
    // Under a key of small order one signature fits every message; a non-canonical key has two names.
    if key.is_weak() {
        return Err(KeyError::Weak);
    }
    if key.to_edwards().compress().as_bytes() != &x {
        return Err(KeyError::Invalid);
    }
    let key = ed25519::Key::new(x).ok_or(KeyError::Invalid)?;
    Ok((KeyMaterial::Ed25519 { x }, Prepared::Ed25519(key)))
}

fn load_rsa(jwk: &Jwk<'_>) -> Result<(KeyMaterial, Prepared), KeyError> {
    let modulus = integer(jwk.n)?;
    let exponent = integer(jwk.e)?;
    check_modulus(&modulus)?;
    check_exponent(&exponent)?;
    let key = rsa::Key::new(&modulus, &exponent).ok_or(KeyError::Invalid)?;
    Ok((KeyMaterial::Rsa { modulus, exponent }, Prepared::Rsa(key)))
}

/// 2048 to 4096 bits (RFC 7518 s3.3; more only costs time), odd, and not from the ROCA generator.
fn check_modulus(modulus: &[u8]) -> Result<(), KeyError> {
    let (Some(first), Some(last)) = (modulus.first(), modulus.last()) else {
        return Err(KeyError::Invalid);
    };
    let leading_zeros = usize::try_from(first.leading_zeros()).unwrap_or(usize::MAX);
    let bits = modulus.len().saturating_mul(8).saturating_sub(leading_zeros);
    if !(2048..=4096).contains(&bits) || last & 1 == 0 || roca::is_vulnerable(modulus) {
        return Err(KeyError::Weak);
    }
    Ok(())
}

/// Odd, at least 3 and below 2^32. An exponent of 1 would make every text its own signature.
fn check_exponent(exponent: &[u8]) -> Result<(), KeyError> {
    let value = exponent
        .iter()
        .try_fold(0_u32, |value, byte| value.checked_mul(256)?.checked_add(u32::from(*byte)));
    match value {
        Some(value) if value & 1 == 1 && value >= 3 => Ok(()),
        _ => Err(KeyError::Weak),
    }
}

/// Exactly 32 bytes (RFC 7518 s6.2.1.2, RFC 8037 s2).
fn fixed(text: Option<&str>) -> Result<[u8; 32], KeyError> {
    let bytes = base64::decode(text.ok_or(KeyError::Invalid)?).map_err(|_| KeyError::Invalid)?;
    bytes.try_into().map_err(|_| KeyError::Invalid)
}

/// A big-endian integer; some issuers send the leading zero bytes that RFC 7518 s2 forbids.
fn integer(text: Option<&str>) -> Result<Vec<u8>, KeyError> {
    let bytes = base64::decode(text.ok_or(KeyError::Invalid)?).map_err(|_| KeyError::Invalid)?;
    Ok(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
}
