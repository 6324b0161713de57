//! ES256 (RFC 7518 s3.4, FIPS 186-5 s6.4.2) for keys that stay: tables of multiples of the base point and
//! of the key, so that a check is a chain of additions without a doubling. The arithmetic is p256's.

#![expect(clippy::arithmetic_side_effects, reason = "points and scalars wrap by definition")]

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use once_cell::race::OnceBox;
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::ops::{Invert, Reduce};
use p256::elliptic_curve::point::{AffineCoordinates, Double};
use p256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar, U256};
use sha2::{Digest, Sha256};

use super::windows::{Shape, Step, steps};

/// A key, and its table from the first check on.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    point: AffinePoint,
    /// Shared by the clones of a key. Not made at load: a set of 64 keys is mostly keys that nobody uses.
    table: Arc<OnceBox<Vec<ProjectivePoint>>>,
}

impl Key {
    pub(crate) fn new(point: AffinePoint) -> Self {
        Self { point, table: Arc::default() }
    }

    /// Whether `r` and `s`, 32 bytes each, sign the message.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.check(message, signature).unwrap_or(false)
    }

    fn check(&self, message: &[u8], signature: &[u8]) -> Option<bool> {
        let (r, s) = signature.split_at_checked(32)?;
        let (r, s) = (scalar(r)?, scalar(s)?);
        let digest = <Scalar as Reduce<U256>>::reduce_bytes(&Sha256::digest(message));
        let inverse = Option::<Scalar>::from(s.invert_vartime())?;
        let sum = ProjectivePoint::IDENTITY;
        let sum = add_multiple::<OfBase>(sum, base(), digest * inverse);
        let sum = add_multiple::<OfKey>(sum, self.table(), r * inverse);
        let point = sum.to_affine();
        if point.is_identity().into() {
            return None;
        }
        // r was the first coordinate modulo the order, which is below the field's modulus.
        Some(<Scalar as Reduce<U256>>::reduce_bytes(&point.x()) == r)
    }

    fn table(&self) -> &[ProjectivePoint] {
        self.table.get_or_init(|| Box::new(multiples::<OfKey>(self.point.into())))
    }
}

/// Digits of the key's scalar: at most 65 additions from 49 KiB.
#[derive(Clone, Copy, Debug)]
struct OfKey;

impl Shape for OfKey {
    const BITS: usize = 4;
    const ROWS: usize = 65;
}

/// Digits of the base point's scalar: 43 additions from 129 KiB, once for all keys.
#[derive(Clone, Copy, Debug)]
struct OfBase;

impl Shape for OfBase {
    const BITS: usize = 6;
    const ROWS: usize = 43;
}

fn base() -> &'static [ProjectivePoint] {
    static TABLE: OnceBox<Vec<ProjectivePoint>> = OnceBox::new();
    TABLE.get_or_init(|| Box::new(multiples::<OfBase>(ProjectivePoint::GENERATOR)))
}

/// One of the two numbers of a signature: from 1 to the order less one. Zeros were the forgery of
/// CVE-2022-21449.
fn scalar(bytes: &[u8]) -> Option<Scalar> {
    let bytes: [u8; 32] = bytes.try_into().ok()?;
    let scalar = Option::<Scalar>::from(Scalar::from_repr(FieldBytes::from(bytes)))?;
    (scalar != Scalar::ZERO).then_some(scalar)
}

fn add_multiple<S: Shape>(
    sum: ProjectivePoint,
    table: &[ProjectivePoint],
    scalar: Scalar,
) -> ProjectivePoint {
    let mut little_endian: [u8; 32] = scalar.to_bytes().into();
    little_endian.reverse();
    steps::<S, _>(table, &little_endian).fold(sum, |sum, step| match step {
        Step::Add(point) => sum + *point,
        Step::Subtract(point) => sum - *point,
    })
}

/// Row by row the multiples 1, 2, .. of the point times 1, 2^BITS, 2^(2*BITS), .. They stay projective:
/// making them affine takes an inversion each, thirty times the addition that it would cheapen by a tenth.
fn multiples<S: Shape>(point: ProjectivePoint) -> Vec<ProjectivePoint> {
    let mut points = Vec::with_capacity(S::ROWS * S::ENTRIES);
    let mut first = point;
    for _ in 0..S::ROWS {
        let mut last = first;
        points.push(last);
        for _ in 1..S::ENTRIES {
            last += first;
            points.push(last);
        }
        first = last.double();
    }
    points
}

#[cfg(test)]
mod tests;
