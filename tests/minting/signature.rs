//! What an attacker does to the bytes of a signature.

use p256::elliptic_curve::ops::Reduce;
use p256::{FieldBytes, Scalar, U256};
use serde::Deserialize;

use super::text::from_hex;
use super::{Keys, MintError};

/// The order of P-256 (SEC 2 s2.4.2) and the order of edwards25519, little-endian (RFC 8032 s5.1).
const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const ED25519_ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

/// One change, applied to the signature that is there.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureChange {
    /// ECDSA: ASN.1 DER instead of the two numbers side by side.
    Der,
    /// ECDSA: the other valid signature, (r, n - s).
    NegateS,
    /// ECDSA: r and s chosen from the edges of their range.
    Halves(Edge, Edge),
    /// Ed25519: S plus the order of the group.
    AddOrder,
    /// RSA: the signature plus the modulus, where that fits into as many bytes.
    AddModulus,
    /// RSA: the modulus itself, the least number that is too large.
    Modulus,
    /// All bytes zero, same length.
    Zero,
    /// Only the first bytes.
    Truncate(usize),
    /// Hexadecimal bytes behind.
    Append(String),
    /// Hexadecimal bytes before.
    Prepend(String),
    /// Hexadecimal bytes instead.
    Set(String),
    /// One bit, counted from the first, is the other way.
    Flip(usize),
}

/// A number at the edge of the range of r and s.
#[derive(Clone, Copy, Debug, Deserialize)]
pub enum Edge {
    /// Zero.
    #[serde(rename = "0")]
    Zero,
    /// One.
    #[serde(rename = "1")]
    One,
    /// The order less one.
    #[serde(rename = "n-1")]
    OrderLessOne,
    /// The order.
    #[serde(rename = "n")]
    Order,
}

impl SignatureChange {
    /// Changes `signature`, which the key called `key` made.
    pub(super) fn apply(
        &self,
        signature: &mut Vec<u8>,
        keys: &Keys,
        key: &str,
    ) -> Result<(), MintError> {
        match self {
            Self::Der => *signature = der(signature)?,
            Self::NegateS => negate_s(signature)?,
            Self::Halves(r, s) => *signature = [r.bytes()?, s.bytes()?].concat(),
            Self::AddOrder => add_order(signature)?,
            Self::AddModulus => add_modulus(signature, &keys.bytes(key, "n")?)?,
            Self::Modulus => *signature = keys.bytes(key, "n")?,
            Self::Zero => signature.fill(0),
            Self::Truncate(length) => signature.truncate(*length),
            Self::Append(hex) => signature.extend(from_hex(hex)?),
            Self::Prepend(hex) => *signature = [from_hex(hex)?, signature.clone()].concat(),
            Self::Set(hex) => *signature = from_hex(hex)?,
            Self::Flip(bit) => flip(signature, *bit)?,
        }
        Ok(())
    }
}

impl Edge {
    fn bytes(self) -> Result<Vec<u8>, MintError> {
        let mut bytes = match self {
            Self::Zero | Self::One => vec![0; 32],
            Self::Order | Self::OrderLessOne => from_hex(P256_ORDER)?,
        };
        if let Some(last) = bytes.last_mut() {
            match self {
                Self::One => *last = 1,
                Self::OrderLessOne => *last -= 1,
                Self::Zero | Self::Order => {}
            }
        }
        Ok(bytes)
    }
}

/// Flips one bit of `bytes`, counted from the first byte's highest.
pub(super) fn flip(bytes: &mut [u8], bit: usize) -> Result<(), MintError> {
    let byte = bytes.get_mut(bit / 8).ok_or_else(|| MintError::new("no such bit"))?;
    *byte ^= 0x80 >> (bit % 8);
    Ok(())
}

/// Big-endian addition; the sum must not be longer than the modulus.
fn add_modulus(signature: &mut [u8], modulus: &[u8]) -> Result<(), MintError> {
    let mut carry = 0;
    for (byte, addend) in signature.iter_mut().zip(modulus).rev() {
        let sum = u16::from(*byte) + u16::from(*addend) + carry;
        let [high, low] = sum.to_be_bytes();
        *byte = low;
        carry = u16::from(high);
    }
    if carry == 0 { Ok(()) } else { Err(MintError::new("signature and modulus are too long")) }
}

fn der(signature: &[u8]) -> Result<Vec<u8>, MintError> {
    let signature = p256::ecdsa::Signature::from_slice(signature)
        .map_err(|_| MintError::new("only an ECDSA signature has a DER form"))?;
    Ok(signature.to_der().as_bytes().to_vec())
}

fn negate_s(signature: &mut [u8]) -> Result<(), MintError> {
    let half = signature.get_mut(32..64).ok_or_else(|| MintError::new("no s to negate"))?;
    let s = <Scalar as Reduce<U256>>::reduce_bytes(FieldBytes::from_slice(half));
    half.copy_from_slice(&(-s).to_bytes());
    Ok(())
}

fn add_order(signature: &mut [u8]) -> Result<(), MintError> {
    let half = signature.get_mut(32..64).ok_or_else(|| MintError::new("no S to enlarge"))?;
    let mut carry = 0;
    for (byte, order) in half.iter_mut().zip(from_hex(ED25519_ORDER)?) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    Ok(())
}
