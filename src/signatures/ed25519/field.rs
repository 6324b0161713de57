//! Numbers modulo 2^255 - 19.
//!
//! Ten limbs of 26 and 25 bits in turn, lowest first, with signs, as in the reference implementation of
//! Ed25519 (Bernstein and others, 2011): sums and differences need no carries, and a product of limbs fits
//! what WebAssembly can multiply. Time does not depend on the numbers, though here it might.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "limbs of products are below 2^26; at most three of them are added before the next product"
)]

use core::ops::{Add, Mul, Neg, Sub};

use crate::inverse::{self, FIELD_OF_25519};

/// A number; several texts of limbs are the same one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field([i32; 10]);

impl Field {
    pub(super) const ZERO: Self = Self([0; 10]);
    pub(super) const ONE: Self = Self([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

    /// From 32 little-endian bytes; the highest bit is passed over.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut bytes = bytes.iter();
        let (mut bits, mut count) = (0_i64, 0);
        Self(WIDTHS.map(|width| {
            while count < width {
                bits |= bytes.next().copied().map_or(0, i64::from) << count;
                count += 8;
            }
            let limb = narrow(bits & ((1 << width) - 1));
            bits >>= width;
            count -= width;
            limb
        }))
    }

    /// The one canonical text: below the modulus, little-endian.
    pub(super) fn to_bytes(self) -> [u8; 32] {
        let limbs = self.reduced();
        let mut limbs = limbs.iter().zip(WIDTHS);
        let (mut bits, mut count) = (0_i64, 0);
        [0; 32].map(|_: u8| {
            if count < 8
                && let Some((limb, width)) = limbs.next()
            {
                bits |= i64::from(*limb) << count;
                count += width;
            }
            let [lowest, ..] = bits.to_le_bytes();
            bits >>= 8;
            count = count.saturating_sub(8);
            lowest
        })
    }

    pub(super) fn is_negative(self) -> bool {
        let [lowest, ..] = self.to_bytes();
        lowest & 1 == 1
    }

    /// `self ^ (2^times)`.
    fn squared(self, times: u32) -> Self {
        (0..times).fold(self, |power, _| power * power)
    }

    /// `1 / self`; 0 for 0.
    pub(super) fn invert(self) -> Self {
        let mut bytes = self.to_bytes();
        bytes.reverse();
        let mut inverse = inverse::invert(&bytes, &FIELD_OF_25519);
        inverse.reverse();
        Self::from_bytes(&inverse)
    }

    /// `self ^ ((p - 5) / 8)`, which is `self ^ (2^252 - 3)`, on the way to a square root.
    pub(super) fn root_power(self) -> Self {
        let three = self.squared(1) * self;
        let ones_5 = (three.squared(2) * three).squared(1) * self;
        let ones_10 = ones_5.squared(5) * ones_5;
        let ones_20 = ones_10.squared(10) * ones_10;
        let ones_40 = ones_20.squared(20) * ones_20;
        let ones_50 = ones_40.squared(10) * ones_10;
        let ones_100 = ones_50.squared(50) * ones_50;
        let ones_200 = ones_100.squared(100) * ones_100;
        (ones_200.squared(50) * ones_50).squared(2) * self
    }

    /// Limbs of the number between 0 and the modulus.
    fn reduced(self) -> [i32; 10] {
        let Self(mut limbs) = self * Self::ONE;
        // How often the modulus is in it: -1, 0 or 1 times. Adding 19 times that and dropping what is
        // above 2^255 is subtracting the modulus so often.
        let start = (19 * i64::from(limbs.last().copied().unwrap_or_default()) + (1 << 24)) >> 25;
        let times = limbs
            .iter()
            .zip(WIDTHS)
            .fold(start, |carry, (limb, width)| (i64::from(*limb) + carry) >> width);
        let mut carry = 19 * times;
        for (limb, width) in limbs.iter_mut().zip(WIDTHS) {
            let sum = i64::from(*limb) + carry;
            carry = sum >> width;
            *limb = narrow(sum & ((1 << width) - 1));
        }
        limbs
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.to_bytes() == other.to_bytes()
    }
}

// Limb by limb and without a loop: the compiler, told to keep the filter small, would leave one there.
impl Add for Field {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9] = self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9] = other.0;
        let (h0, h1, h2, h3, h4) = (a0 + b0, a1 + b1, a2 + b2, a3 + b3, a4 + b4);
        let (h5, h6, h7, h8, h9) = (a5 + b5, a6 + b6, a7 + b7, a8 + b8, a9 + b9);
        Self([h0, h1, h2, h3, h4, h5, h6, h7, h8, h9])
    }
}

impl Sub for Field {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9] = self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9] = other.0;
        let (h0, h1, h2, h3, h4) = (a0 - b0, a1 - b1, a2 - b2, a3 - b3, a4 - b4);
        let (h5, h6, h7, h8, h9) = (a5 - b5, a6 - b6, a7 - b7, a8 - b8, a9 - b9);
        Self([h0, h1, h2, h3, h4, h5, h6, h7, h8, h9])
    }
}

impl Neg for Field {
    type Output = Self;

    fn neg(self) -> Self {
        let [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9] = self.0;
        Self([-f0, -f1, -f2, -f3, -f4, -f5, -f6, -f7, -f8, -f9])
    }
}

impl Mul for Field {
    type Output = Self;

    /// Limbs may be up to 1.65 * 2^26 (even) and 1.65 * 2^25 (odd) and come out below 1.01 * 2^25 and
    /// 1.01 * 2^24. Where both limbs are odd, the weights leave a factor of 2 over (`d`); what lies above
    /// 2^255 counts 19 times (`n`).
    #[rustfmt::skip] // ten columns of ten products
    fn mul(self, other: Self) -> Self {
        let [f0, f1, f2, f3, f4, f5, f6, f7, f8, f9] = wide(self);
        let [g0, g1, g2, g3, g4, g5, g6, g7, g8, g9] = wide(other);
        let (f1d, f3d, f5d, f7d, f9d) = (2 * f1, 2 * f3, 2 * f5, 2 * f7, 2 * f9);
        let (g1n, g2n, g3n, g4n, g5n) = (19 * g1, 19 * g2, 19 * g3, 19 * g4, 19 * g5);
        let (g6n, g7n, g8n, g9n) = (19 * g6, 19 * g7, 19 * g8, 19 * g9);
        let mut h0 = f0 * g0 + f1d * g9n + f2 * g8n + f3d * g7n + f4 * g6n + f5d * g5n + f6 * g4n + f7d * g3n + f8 * g2n + f9d * g1n;
        let mut h1 = f0 * g1 + f1 * g0 + f2 * g9n + f3 * g8n + f4 * g7n + f5 * g6n + f6 * g5n + f7 * g4n + f8 * g3n + f9 * g2n;
        let mut h2 = f0 * g2 + f1d * g1 + f2 * g0 + f3d * g9n + f4 * g8n + f5d * g7n + f6 * g6n + f7d * g5n + f8 * g4n + f9d * g3n;
        let mut h3 = f0 * g3 + f1 * g2 + f2 * g1 + f3 * g0 + f4 * g9n + f5 * g8n + f6 * g7n + f7 * g6n + f8 * g5n + f9 * g4n;
        let mut h4 = f0 * g4 + f1d * g3 + f2 * g2 + f3d * g1 + f4 * g0 + f5d * g9n + f6 * g8n + f7d * g7n + f8 * g6n + f9d * g5n;
        let mut h5 = f0 * g5 + f1 * g4 + f2 * g3 + f3 * g2 + f4 * g1 + f5 * g0 + f6 * g9n + f7 * g8n + f8 * g7n + f9 * g6n;
        let mut h6 = f0 * g6 + f1d * g5 + f2 * g4 + f3d * g3 + f4 * g2 + f5d * g1 + f6 * g0 + f7d * g9n + f8 * g8n + f9d * g7n;
        let mut h7 = f0 * g7 + f1 * g6 + f2 * g5 + f3 * g4 + f4 * g3 + f5 * g2 + f6 * g1 + f7 * g0 + f8 * g9n + f9 * g8n;
        let mut h8 = f0 * g8 + f1d * g7 + f2 * g6 + f3d * g5 + f4 * g4 + f5d * g3 + f6 * g2 + f7d * g1 + f8 * g0 + f9d * g9n;
        let mut h9 = f0 * g9 + f1 * g8 + f2 * g7 + f3 * g6 + f4 * g5 + f5 * g4 + f6 * g3 + f7 * g2 + f8 * g1 + f9 * g0;
        carry(&mut h0, &mut h1, 26);
        carry(&mut h4, &mut h5, 26);
        carry(&mut h1, &mut h2, 25);
        carry(&mut h5, &mut h6, 25);
        carry(&mut h2, &mut h3, 26);
        carry(&mut h6, &mut h7, 26);
        carry(&mut h3, &mut h4, 25);
        carry(&mut h7, &mut h8, 25);
        carry(&mut h4, &mut h5, 26);
        carry(&mut h8, &mut h9, 26);
        let mut above = 0;
        carry(&mut h9, &mut above, 25);
        h0 += 19 * above;
        carry(&mut h0, &mut h1, 26);
        narrow_all([h0, h1, h2, h3, h4, h5, h6, h7, h8, h9])
    }
}

/// Leaves the nearest remainder and hands on the rest.
#[expect(clippy::inline_always, reason = "twelve times in every multiplication")]
#[inline(always)]
fn carry(from: &mut i64, to: &mut i64, width: u32) {
    let rest = (*from + (1 << (width - 1))) >> width;
    *to += rest;
    *from -= rest << width;
}

#[expect(clippy::inline_always, reason = "so that the limbs stay where they are")]
#[inline(always)]
fn wide(Field([f0, f1, f2, f3, f4, f5, f6, f7, f8, f9]): Field) -> [i64; 10] {
    let (f0, f1, f2, f3, f4) = (f0.into(), f1.into(), f2.into(), f3.into(), f4.into());
    [f0, f1, f2, f3, f4, f5.into(), f6.into(), f7.into(), f8.into(), f9.into()]
}

#[expect(clippy::inline_always, reason = "so that the limbs stay where they are")]
#[inline(always)]
fn narrow_all([h0, h1, h2, h3, h4, h5, h6, h7, h8, h9]: [i64; 10]) -> Field {
    let (h0, h1, h2, h3, h4) = (narrow(h0), narrow(h1), narrow(h2), narrow(h3), narrow(h4));
    let (h5, h6, h7, h8, h9) = (narrow(h5), narrow(h6), narrow(h7), narrow(h8), narrow(h9));
    Field([h0, h1, h2, h3, h4, h5, h6, h7, h8, h9])
}

/// A carried limb.
#[expect(clippy::cast_possible_truncation, reason = "below 2^27 after the carries")]
fn narrow(limb: i64) -> i32 {
    limb as i32
}

/// Bits of the limbs.
const WIDTHS: [u32; 10] = [26, 25, 26, 25, 26, 25, 26, 25, 26, 25];

#[cfg(test)]
mod tests {
    use super::*;

    /// The modulus plus a small number.
    fn modulus_plus(offset: u8) -> [u8; 32] {
        let mut bytes = [0xff; 32];
        bytes[0] = 0xed + offset;
        bytes[31] = 0x7f;
        bytes
    }

    #[test]
    fn has_one_text_per_number() {
        for (offset, expected) in [(0, 0), (1, 1), (18, 18)] {
            let bytes = modulus_plus(offset);
            let mut small = [0; 32];
            small[0] = expected;
            assert_eq!(Field::from_bytes(&bytes).to_bytes(), small);
        }
        let mut below = modulus_plus(0);
        below[0] -= 1;
        assert_eq!(Field::from_bytes(&below).to_bytes(), below);
        assert_eq!((-Field::ONE).to_bytes(), below);
        assert_eq!((Field::ZERO - Field::ONE - Field::ONE + Field::ONE).to_bytes(), below);
    }

    #[test]
    fn passes_the_highest_bit_over() {
        assert_eq!(Field::from_bytes(&[0xff; 32]).to_bytes()[0], 18);
    }

    #[test]
    fn calculates_as_numbers_do() {
        let mut a = Field::from_bytes(&[0x9d; 32]);
        let mut b = Field::from_bytes(&modulus_plus(0).map(|byte| byte ^ 0x35));
        for _ in 0..200 {
            assert_eq!((a + b) * (a - b), a * a - b * b);
            assert_eq!((a + b) * (a + b), a * a + (a + a) * b + b * b);
            assert_eq!(a * a.invert(), Field::ONE);
            (a, b) = (a * b + b, b * b - a);
        }
    }

    #[test]
    fn zero_has_no_inverse() {
        assert_eq!(Field::ZERO.invert(), Field::ZERO);
    }
}
