//! Points of Curve25519 in its Edwards form, `-x^2 + y^2 = 1 + d x^2 y^2` (RFC 8032 s5.1). The addition is
//! complete: it holds for equal, opposite and neutral points as well.

#![expect(clippy::arithmetic_side_effects, reason = "numbers of the field wrap by definition")]

use alloc::vec::Vec;

use super::field::Field;
use crate::table::Base;
use crate::windows::Step;

/// A point as `X/Z`, `Y/Z`, with `T = X*Y/Z`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    x: Field,
    y: Field,
    z: Field,
    t: Field,
}

/// What an addition wants to know of its second point, if that is affine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    y_plus_x: Field,
    y_minus_x: Field,
    /// `2 * d * x * y`.
    xy2d: Field,
}

impl Point {
    pub(super) const NEUTRAL: Self =
        Self { x: Field::ZERO, y: Field::ONE, z: Field::ONE, t: Field::ZERO };

    /// Decodes a point (RFC 8032 s5.1.3). The caller sees to it that the text is canonical.
    pub(super) fn decode(bytes: &[u8; 32]) -> Option<Self> {
        let y = Field::from_bytes(bytes);
        let (u, v) = (y * y - Field::ONE, y * y * Field::from_bytes(&D) + Field::ONE);
        let v3 = v * v * v;
        let mut x = u * v3 * (u * v3 * v3 * v).root_power();
        if v * x * x == -u {
            x = x * Field::from_bytes(&ROOT_OF_MINUS_ONE);
        }
        if v * x * x != u {
            return None;
        }
        if x.is_negative() != (bytes.last()? & 0x80 != 0) {
            x = -x;
        }
        Some(Self { x, y, z: Field::ONE, t: x * y })
    }

    /// The one text of the point (RFC 8032 s5.1.2).
    pub(super) fn encode(&self) -> [u8; 32] {
        let inverse = self.z.invert();
        let mut bytes = (self.y * inverse).to_bytes();
        if let Some(last) = bytes.last_mut() {
            *last |= u8::from((self.x * inverse).is_negative()) << 7;
        }
        bytes
    }

    /// The opposite point.
    pub(super) fn opposite(self) -> Self {
        Self { x: -self.x, t: -self.t, ..self }
    }

    /// The sum with a point of a table, or the difference.
    pub(super) fn take(&self, step: Step<'_, Affine>) -> Self {
        match step {
            Step::Add(point) => self.add_affine(point),
            Step::Subtract(point) => self.subtract_affine(point),
        }
    }

    /// Twice the point (dbl-2008-hwcd of the Explicit-Formulas Database, all signs turned).
    pub(super) fn doubled(&self) -> Self {
        let (xx, yy, zz2) = (self.x * self.x, self.y * self.y, (self.z + self.z) * self.z);
        let sum = self.x + self.y;
        let (more, less) = (yy + xx, yy - xx);
        let (xy2, rest) = (sum * sum - xx - yy, zz2 - yy + xx);
        Self { x: xy2 * rest, y: more * less, z: less * rest, t: xy2 * more }
    }

    fn add_affine(&self, other: &Affine) -> Self {
        let a = (self.y + self.x) * other.y_plus_x;
        let b = (self.y - self.x) * other.y_minus_x;
        let c = self.t * other.xy2d;
        Self::join(a, b, c, self.z + self.z)
    }

    fn subtract_affine(&self, other: &Affine) -> Self {
        let a = (self.y + self.x) * other.y_minus_x;
        let b = (self.y - self.x) * other.y_plus_x;
        let c = self.t * -other.xy2d;
        Self::join(a, b, c, self.z + self.z)
    }

    /// Adds a point in its general form.
    fn add(&self, other: &Self, d2: Field) -> Self {
        let a = (self.y + self.x) * (other.y + other.x);
        let b = (self.y - self.x) * (other.y - other.x);
        let c = self.t * (other.t * d2);
        let zz = self.z * other.z;
        Self::join(a, b, c, zz + zz)
    }

    /// The last step of all additions (Hisil and others, 2008, s3.1).
    fn join(a: Field, b: Field, c: Field, d: Field) -> Self {
        let (less, more) = (d - c, d + c);
        Self { x: (a - b) * less, y: more * (a + b), z: less * more, t: (a - b) * (a + b) }
    }
}

impl Base for Point {
    type Entry = Affine;

    fn multiples(&self, length: usize) -> (Vec<Affine>, Self) {
        let d2 = Field::from_bytes(&D) + Field::from_bytes(&D);
        let mut points = Vec::with_capacity(length);
        let mut last = *self;
        points.push(last);
        for _ in 1..length {
            last = last.add(self, d2);
            points.push(last);
        }
        (make_affine(&points, d2), last.doubled())
    }
}

/// One inversion for all points: that of the product of all `Z`, taken apart again from the end.
fn make_affine(points: &[Point], d2: Field) -> Vec<Affine> {
    let mut product = Field::ONE;
    let before: Vec<Field> = points
        .iter()
        .map(|point| {
            let before = product;
            product = product * point.z;
            before
        })
        .collect();
    let mut inverse = product.invert();
    let mut affine: Vec<Affine> = points
        .iter()
        .zip(before)
        .rev()
        .map(|(point, before)| {
            let (x, y) = (point.x * inverse * before, point.y * inverse * before);
            inverse = inverse * point.z;
            Affine {
                y_plus_x: (y + x) * Field::ONE,
                y_minus_x: (y - x) * Field::ONE,
                xy2d: x * y * d2,
            }
        })
        .collect();
    affine.reverse();
    affine
}

/// `-121665 / 121666`.
const D: [u8; 32] = [
    0xa3, 0x78, 0x59, 0x13, 0xca, 0x4d, 0xeb, 0x75, 0xab, 0xd8, 0x41, 0x41, 0x4d, 0x0a, 0x70, 0x00,
    0x98, 0xe8, 0x79, 0x77, 0x79, 0x40, 0xc7, 0x8c, 0x73, 0xfe, 0x6f, 0x2b, 0xee, 0x6c, 0x03, 0x52,
];

/// `2 ^ ((p - 1) / 4)`.
const ROOT_OF_MINUS_ONE: [u8; 32] = [
    0xb0, 0xa0, 0x0e, 0x4a, 0x27, 0x1b, 0xee, 0xc4, 0x78, 0xe4, 0x2f, 0xad, 0x06, 0x18, 0x43, 0x2f,
    0xa7, 0xd7, 0xfb, 0x3d, 0x99, 0x00, 0x4d, 0x2b, 0x0b, 0xdf, 0xc1, 0x4f, 0x80, 0x24, 0x83, 0x2b,
];

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
    use curve25519_dalek::edwards::EdwardsPoint;
    use curve25519_dalek::scalar::Scalar;

    use super::*;

    #[test]
    fn decodes_and_encodes_the_points_that_dalek_does() {
        let mut point: EdwardsPoint = ED25519_BASEPOINT_POINT;
        for _ in 0..50 {
            let text = point.compress().to_bytes();
            assert_eq!(Point::decode(&text).unwrap().encode(), text);
            let opposite = Point::decode(&text).unwrap().opposite();
            assert_eq!(opposite.encode(), (-point).compress().to_bytes());
            point = point + point + ED25519_BASEPOINT_POINT;
        }
    }

    #[test]
    fn refuses_what_is_no_point() {
        let mut refused = 0;
        for seed in 0..100 {
            let mut text = [seed; 32];
            text[31] &= 0x7f;
            let expected = curve25519_dalek::edwards::CompressedEdwardsY(text).decompress();
            assert_eq!(Point::decode(&text).is_some(), expected.is_some(), "{seed}");
            refused += usize::from(expected.is_none());
        }
        assert!(refused > 20);
    }

    fn point(of: &EdwardsPoint) -> Point {
        Point::decode(of.compress().as_bytes()).unwrap()
    }

    /// Whether a sum is a point of dalek, with all of its fractions right.
    fn assert_is(sum: &Point, expected: &EdwardsPoint) {
        assert_eq!(sum.encode(), expected.compress().to_bytes());
        assert!(sum.t * sum.z == sum.x * sum.y);
    }

    #[test]
    fn adds_and_doubles_equal_and_opposite_points_and_torsion() {
        let base = ED25519_BASEPOINT_POINT;
        let some = EIGHT_TORSION.into_iter().chain([base, -base, base + base]);
        for one in some.clone().chain(some.clone().map(|point| base + point)) {
            assert_is(&point(&one).doubled(), &(one + one));
            for other in some.clone() {
                let (entries, _) = point(&other).multiples(1);
                assert_is(&point(&one).take(Step::Add(&entries[0])), &(one + other));
                assert_is(&point(&one).take(Step::Subtract(&entries[0])), &(one - other));
            }
        }
    }

    #[test]
    fn multiples_are_those_of_dalek() {
        for of in EIGHT_TORSION.into_iter().chain([ED25519_BASEPOINT_POINT]) {
            let (entries, twice) = point(&of).multiples(8);
            assert_eq!(entries.len(), 8);
            for (entry, number) in entries.iter().zip(1_u8..) {
                let multiple = of * Scalar::from(number);
                assert_is(&Point::NEUTRAL.take(Step::Add(entry)), &multiple);
            }
            assert_is(&twice, &(of * Scalar::from(16_u8)));
        }
    }
}
