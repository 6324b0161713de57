//! Ed25519 (RFC 8032 s5.1.7) for keys that stay: tables of multiples of the base point and of the key, so
//! that a check is a chain of additions without a doubling.
//!
//! The verdicts are those of ed25519-dalek's `verify`: the equation without the cofactor, S below the
//! order, and R compared as bytes, so that no second text of a point passes.

use alloc::boxed::Box;
use alloc::sync::Arc;

use curve25519_dalek::constants::ED25519_BASEPOINT_COMPRESSED;
use curve25519_dalek::scalar::Scalar;
use once_cell::race::OnceBox;
use sha2::{Digest, Sha512};

use crate::pair::Pair;
use crate::table::Table;
use crate::windows::Shape;

mod field;
mod point;

use self::point::Point;

/// A key, and its table as it grows.
#[derive(Clone, Debug)]
pub struct Key {
    encoded: [u8; 32],
    /// Of the opposite of the key, since its multiple is subtracted. Shared by the clones of a key.
    tables: Arc<Pair<Point, OfBase, OfKey>>,
}

impl Key {
    /// From a canonical encoding of a point.
    pub fn new(encoded: [u8; 32]) -> Option<Self> {
        let opposite = Point::decode(&encoded)?.opposite();
        Some(Self { encoded, tables: Arc::new(Pair::new(base(), opposite)) })
    }

    /// Whether checks of this key are as fast as they will be.
    pub fn is_prepared(&self) -> bool {
        self.tables.is_whole()
    }

    /// A step towards faster checks: to be taken after each signature that was valid.
    pub fn prepare(&self) {
        self.tables.grow();
    }

    /// Whether R and S, 32 bytes each, sign the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((r, s)) = signature.split_at_checked(32) else { return false };
        let Some(s) = canonical(s) else { return false };
        let digest = Sha512::new().chain_update(r).chain_update(self.encoded).chain_update(message);
        let factor = Scalar::from_bytes_mod_order_wide(&digest.finalize().into());
        self.sum(s.as_bytes(), factor.as_bytes()).encode() == r
    }

    /// The sum of a multiple of the base point and one of the opposite of the key.
    fn sum(&self, of_base: &[u8; 32], of_key: &[u8; 32]) -> Point {
        let (start, take) = (Point::NEUTRAL, |sum: Point, step| sum.take(step));
        if self.is_prepared() {
            return self.tables.steps(of_base, of_key).fold(start, take);
        }
        self.tables.sum_by_doubling(of_base, of_key, start, |sum| sum.doubled(), take)
    }
}

/// S, if it is below the order: S plus the order would sign as well.
fn canonical(bytes: &[u8]) -> Option<Scalar> {
    Scalar::from_canonical_bytes(bytes.try_into().ok()?).into()
}

/// Digits of the key's scalar: 52 additions from 97 KiB.
#[derive(Clone, Copy, Debug)]
struct OfKey;

impl Shape for OfKey {
    const BITS: usize = 5;
    const ROWS: usize = 52;
}

/// Digits of the base point's scalar: 43 additions from 161 KiB, once for all keys.
#[derive(Clone, Copy, Debug)]
struct OfBase;

impl Shape for OfBase {
    const BITS: usize = 6;
    const ROWS: usize = 43;
}

fn base() -> &'static Table<Point, OfBase> {
    static TABLE: OnceBox<Table<Point, OfBase>> = OnceBox::new();
    TABLE.get_or_init(|| {
        let point = Point::decode(ED25519_BASEPOINT_COMPRESSED.as_bytes());
        Box::new(Table::new(point.unwrap_or(Point::NEUTRAL)))
    })
}

#[cfg(test)]
mod tests;
