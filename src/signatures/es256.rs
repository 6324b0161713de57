//! ES256 (RFC 7518 s3.4, FIPS 186-5 s6.4.2) for keys that stay: tables of multiples of the base point and of
//! the key, so that a check is a chain of additions without a doubling. Until they are made it takes
//! 3.6 times as long in WebAssembly. Products modulo the order are p256's.

#![expect(clippy::arithmetic_side_effects, reason = "scalars wrap by definition")]

use alloc::boxed::Box;
use alloc::sync::Arc;

use once_cell::race::OnceBox;
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{AffinePoint, FieldBytes, Scalar, U256};
use sha2::{Digest, Sha256};

use crate::inverse::{self, ORDER_OF_P256};
use crate::pair::Pair;
use crate::table::Table;
use crate::windows::{Shape, Step};

mod field;
mod point;

use self::field::Field;
use self::point::{Affine, Entry, Sum};

/// A key, and its table as it grows.
#[derive(Clone, Debug)]
pub struct Key {
    /// Shared by the clones of a key.
    tables: Arc<Pair<Affine, OfBase, OfKey>>,
}

impl Key {
    /// From big-endian coordinates of a point that is on the curve.
    pub fn new(x: &[u8; 32], y: &[u8; 32]) -> Self {
        Self { tables: Arc::new(Pair::new(base(), Affine::new(x, y))) }
    }

    /// Whether checks of this key are as fast as they will be.
    pub fn is_prepared(&self) -> bool {
        self.tables.is_whole()
    }

    /// A step towards faster checks: to be taken after each signature that was valid.
    pub fn prepare(&self) {
        self.tables.grow();
    }

    /// Whether `r` and `s`, 32 bytes each, sign the message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.check(message, signature).unwrap_or(false)
    }

    fn check(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let (r, s) = signature.split_at_checked(32)?;
        let (r, s) = (scalar(r)?, scalar(s)?);
        let digest = <Scalar as Reduce<U256>>::reduce_bytes(&Sha256::digest(message));
        let inverse = scalar(&inverse::invert(&s.to_bytes().into(), &ORDER_OF_P256))?;
        let sum = self.sum(&little_endian(digest * inverse), &little_endian(r * inverse))?;
        Some(is_first_coordinate(r, &sum))
    }

    /// The sum of multiples of the base point and of the key, if it is a point.
    fn sum(&self, of_base: &[u8; 32], of_key: &[u8; 32]) -> Option<Sum> {
        if self.is_prepared() {
            let mut addends = self.tables.steps(of_base, of_key).map(addend);
            let first = Sum::from(&addends.next()?);
            let sum = addends.fold(first, |sum, addend| sum.add(&addend));
            // Nobody meets equal or opposite points but by knowing the private key.
            if sum.is_point() {
                return Some(sum);
            }
        }
        self.sum_by_doubling(of_base, of_key)
    }

    /// The same whatever points it meets.
    fn sum_by_doubling(&self, of_base: &[u8; 32], of_key: &[u8; 32]) -> Option<Sum> {
        let double = |sum: Option<Sum>| sum.map(|sum| sum.doubled());
        let take = |sum, step: Step<'_, Entry>| Sum::add_any(sum, &addend(step));
        self.tables.sum_by_doubling(of_base, of_key, None, double, take)
    }
}

fn addend(step: Step<'_, Entry>) -> Affine {
    match step {
        Step::Add(entry) => entry.point(),
        Step::Subtract(entry) => entry.point().opposite(),
    }
}

/// Digits of the key's scalar: 43 additions from 97 KiB.
#[derive(Clone, Copy, Debug)]
struct OfKey;

impl Shape for OfKey {
    const BITS: usize = 6;
    const ROWS: usize = 43;
}

/// Digits of the base point's scalar: 37 additions from 167 KiB, once for all keys.
#[derive(Clone, Copy, Debug)]
struct OfBase;

impl Shape for OfBase {
    const BITS: usize = 7;
    const ROWS: usize = 37;
}

fn base() -> &'static Table<Affine, OfBase> {
    static TABLE: OnceBox<Table<Affine, OfBase>> = OnceBox::new();
    TABLE.get_or_init(|| {
        let point = AffinePoint::GENERATOR.to_encoded_point(false);
        let [x, y] = [point.x(), point.y()].map(|c| c.copied().unwrap_or_default().into());
        Box::new(Table::new(Affine::new(&x, &y)))
    })
}

/// One of the two numbers of a signature: from 1 to the order less one. Zeros were the forgery of
/// CVE-2022-21449.
fn scalar(bytes: &[u8]) -> Option<Scalar> {
    let bytes: [u8; 32] = bytes.try_into().ok()?;
    let scalar = Option::<Scalar>::from(Scalar::from_repr(FieldBytes::from(bytes)))?;
    (scalar != Scalar::ZERO).then_some(scalar)
}

fn little_endian(scalar: Scalar) -> [u8; 32] {
    let mut bytes: [u8; 32] = scalar.to_bytes().into();
    bytes.reverse();
    bytes
}

/// Whether r is the first coordinate modulo the order. Below the modulus of coordinates lie two numbers
/// that are the same modulo the order, where the first is very small.
fn is_first_coordinate(r: Scalar, sum: &Sum) -> bool {
    let bytes = r.to_bytes().into();
    let r = Field::from_bytes(&bytes);
    sum.has_x(&r)
        || bytes < MODULUS_LESS_ORDER && sum.has_x(&r.plus(&Field::from_bytes(&ORDER)).carried())
}

/// The order of the curve (FIPS 186-5, SP 800-186 s3.2.1.3).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];
/// The modulus of coordinates less the order.
const MODULUS_LESS_ORDER: [u8; 32] = [
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x43, 0x19, 0x05, 0x53, 0x58, 0xe8, 0x61, 0x7b, 0x0c, 0x46, 0x35, 0x3d, 0x03, 0x9c, 0xda, 0xae,
];

#[cfg(test)]
mod tests;
