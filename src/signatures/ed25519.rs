//! Ed25519 (RFC 8032 s5.1.7) for keys that stay: tables of multiples of the base point and of the key, so
//! that a check is a chain of additions without a doubling.
//!
//! The verdicts are those of ed25519-dalek's `verify`: the equation without the cofactor, S below the
//! order, and R compared as bytes, so that no second text of a point passes.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use curve25519_dalek::constants::ED25519_BASEPOINT_COMPRESSED;
use curve25519_dalek::scalar::Scalar;
use once_cell::race::OnceBox;
use sha2::{Digest, Sha512};

use crate::windows::Shape;

mod field;
mod point;

use self::point::{Affine, Point};

/// A key, and its table from the first check on.
#[derive(Clone, Debug)]
pub struct Key {
    encoded: [u8; 32],
    point: Point,
    /// Shared by the clones of a key.
    table: Arc<OnceBox<Vec<Affine>>>,
}

impl Key {
    /// From a canonical encoding of a point.
    pub fn new(encoded: [u8; 32]) -> Option<Self> {
        Some(Self { encoded, point: Point::decode(&encoded)?, table: Arc::default() })
    }

    /// Whether R and S, 32 bytes each, sign the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((r, s)) = signature.split_at_checked(32) else { return false };
        let Some(s) = canonical(s) else { return false };
        let digest = Sha512::new().chain_update(r).chain_update(self.encoded).chain_update(message);
        let factor = Scalar::from_bytes_mod_order_wide(&digest.finalize().into());
        let sum = Point::NEUTRAL
            .add_multiple::<OfBase>(base(), s.as_bytes())
            .add_multiple::<OfKey>(self.table(), factor.as_bytes());
        sum.encode() == r
    }

    /// Of the opposite of the key, since its multiple is subtracted.
    fn table(&self) -> &[Affine] {
        self.table.get_or_init(|| Box::new(self.point.opposite().multiples::<OfKey>()))
    }
}

/// S, if it is below the order: S plus the order would sign as well.
fn canonical(bytes: &[u8]) -> Option<Scalar> {
    Scalar::from_canonical_bytes(bytes.try_into().ok()?).into()
}

/// Digits of the key's scalar: 64 additions from 60 KiB.
#[derive(Clone, Copy, Debug)]
struct OfKey;

impl Shape for OfKey {
    const BITS: usize = 4;
    const ROWS: usize = 64;
}

/// Digits of the base point's scalar: 43 additions from 161 KiB, once for all keys.
#[derive(Clone, Copy, Debug)]
struct OfBase;

impl Shape for OfBase {
    const BITS: usize = 6;
    const ROWS: usize = 43;
}

fn base() -> &'static [Affine] {
    static TABLE: OnceBox<Vec<Affine>> = OnceBox::new();
    TABLE.get_or_init(|| {
        let point = Point::decode(ED25519_BASEPOINT_COMPRESSED.as_bytes());
        Box::new(point.unwrap_or(Point::NEUTRAL).multiples::<OfBase>())
    })
}

#[cfg(test)]
mod tests;
