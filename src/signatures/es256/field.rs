//! Numbers modulo the prime of P-256, `p = 2^256 - 2^224 + 2^192 + 2^96 - 1`.
//!
//! Nine limbs of 29 bits, lowest first, each times 2^261 (Montgomery's form). The products of such limbs fit
//! what WebAssembly can multiply, a column of nine of them too, and since `p` is -1 modulo 2^29, the multiple
//! of `p` that clears a limb is that limb: reducing takes shifts and no multiplication.
//!
//! A number may be negative or larger than `p`. Sizes are counted in 2^256: a product of sizes `a` and `b` lies
//! between `-a*b/32` and `1 + a*b/32`, and no factor may exceed 16. What is carried has limbs from 0 to 2^29 but
//! for the sign in the highest; products are, and their differences may be factors too.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "18 products of limbs below 2^29 are below 2^63; what is carried and shifted adds less than 2^56"
)]

use crate::limbs::limbs;

/// A number; several texts of limbs are the same one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field([i64; 9]);

/// A carried number at rest, in half the space.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed([i32; 9]);

/// Sums of products of limbs by their weight.
type Columns = [i64; 17];

const LIMB: i64 = (1 << 29) - 1;
const PRIME: [i64; 9] = [LIMB, LIMB, LIMB, 0x1ff, 0, 0, 0x0004_0000, 0x1fe0_0000, 0x00ff_ffff];
/// 2^522 modulo `p`: brings a number into Montgomery's form.
const ENTRY: Field =
    Field([0xc00, 0, 0x1fff_0000, 0x1fdf_ffff, 0x1fbf_ffff, LIMB, LIMB, 0x1fff_fffe, 0x13]);

impl Field {
    /// 2^261 modulo `p`.
    pub(super) const ONE: Self =
        Self([0x20, 0, 0, 0x1fff_c000, LIMB, LIMB, 0x1f7f_ffff, 0x03ff_ffff, 0]);

    /// From 32 big-endian bytes, which may exceed the modulus.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(limbs::<29>(bytes)).times(&ENTRY)
    }

    #[inline(never)]
    pub(super) fn times(&self, other: &Self) -> Self {
        reduce(product(self, other))
    }

    #[inline(never)]
    pub(super) fn square(&self) -> Self {
        reduce(square(self))
    }

    /// `self * other - left * right`, reduced once.
    #[inline(never)]
    pub(super) fn times_less(&self, other: &Self, left: &Self, right: &Self) -> Self {
        reduce(minus(product(self, other), product(left, right)))
    }

    /// Not carried.
    #[inline]
    pub(super) fn minus(&self, other: &Self) -> Self {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8] = other.0;
        let (h0, h1, h2, h3, h4) = (a0 - b0, a1 - b1, a2 - b2, a3 - b3, a4 - b4);
        Self([h0, h1, h2, h3, h4, a5 - b5, a6 - b6, a7 - b7, a8 - b8])
    }

    /// Not carried, and no factor before it is.
    #[inline]
    pub(super) fn plus(&self, other: &Self) -> Self {
        self.minus(&other.opposite())
    }

    /// Not carried.
    #[inline]
    pub(super) fn opposite(&self) -> Self {
        Self([0; 9]).minus(self)
    }

    /// The same number, carried: for the outcome of several differences.
    #[inline]
    pub(super) fn carried(&self) -> Self {
        let mut carry = 0;
        let [lower @ .., highest] = self.0;
        let [l0, l1, l2, l3, l4, l5, l6, l7] = lower.map(|limb| {
            let sum = limb + carry;
            carry = sum >> 29;
            sum & LIMB
        });
        Self([l0, l1, l2, l3, l4, l5, l6, l7, highest + carry])
    }

    /// `1 / self`; 0 for 0. By Fermat: `self ^ (p - 2)`.
    #[expect(clippy::similar_names, reason = "powers of so many ones in a row")]
    pub(super) fn invert(&self) -> Self {
        let ones_2 = self.squared(1).times(self);
        let ones_3 = ones_2.squared(1).times(self);
        let ones_6 = ones_3.squared(3).times(&ones_3);
        let ones_12 = ones_6.squared(6).times(&ones_6);
        let ones_15 = ones_12.squared(3).times(&ones_3);
        let ones_30 = ones_15.squared(15).times(&ones_15);
        let ones_32 = ones_30.squared(2).times(&ones_2);
        // p - 2 = 2^256 - 2^224 + 2^192 + 2^96 - 3, from the highest bit on.
        let upper = ones_32.squared(32).times(self).squared(128).times(&ones_32);
        let upper = upper.squared(32).times(&ones_32).squared(30).times(&ones_30);
        upper.squared(2).times(self)
    }

    /// `self ^ (2^times)`.
    fn squared(&self, times: u32) -> Self {
        (0..times).fold(*self, |power, _| power.square())
    }

    /// Whether it is a multiple of `p`.
    pub(super) fn is_zero(&self) -> bool {
        // Between -1/2 and 3/2 of 2^256, and so one of two.
        let Self(limbs) = self.times(&Self::ONE);
        limbs == [0; 9] || limbs == PRIME
    }

    #[expect(clippy::cast_possible_truncation, reason = "carried limbs are below 2^29")]
    #[inline]
    pub(super) fn packed(&self) -> Packed {
        Packed(self.0.map(|limb| limb as i32))
    }
}

impl Packed {
    #[inline]
    pub(super) fn unpacked(&self) -> Field {
        let [a0, a1, a2, a3, a4, a5, a6, a7, a8] = self.0;
        let (a0, a1, a2, a3, a4) = (a0.into(), a1.into(), a2.into(), a3.into(), a4.into());
        Field([a0, a1, a2, a3, a4, a5.into(), a6.into(), a7.into(), a8.into()])
    }
}

// Without loops: the compiler, told to keep the filter small, would leave them there.

#[expect(clippy::inline_always, reason = "so that the limbs stay where they are")]
#[inline(always)]
#[rustfmt::skip] // columns
fn product(a: &Field, b: &Field) -> Columns {
    let Field([a0, a1, a2, a3, a4, a5, a6, a7, a8]) = *a;
    let Field([b0, b1, b2, b3, b4, b5, b6, b7, b8]) = *b;
    [
        a0 * b0,
        a0 * b1 + a1 * b0,
        a0 * b2 + a1 * b1 + a2 * b0,
        a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0,
        a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0,
        a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0,
        a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0,
        a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0,
        a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0,
        a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1,
        a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2,
        a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3,
        a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4,
        a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5,
        a6 * b8 + a7 * b7 + a8 * b6,
        a7 * b8 + a8 * b7,
        a8 * b8,
    ]
}

#[expect(clippy::inline_always, reason = "so that the limbs stay where they are")]
#[inline(always)]
#[rustfmt::skip] // columns
fn square(&Field([a0, a1, a2, a3, a4, a5, a6, a7, a8]): &Field) -> Columns {
    let (d0, d1, d2, d3) = (2 * a0, 2 * a1, 2 * a2, 2 * a3);
    let (d4, d5, d6, d7) = (2 * a4, 2 * a5, 2 * a6, 2 * a7);
    [
        a0 * a0,
        d0 * a1,
        d0 * a2 + a1 * a1,
        d0 * a3 + d1 * a2,
        d0 * a4 + d1 * a3 + a2 * a2,
        d0 * a5 + d1 * a4 + d2 * a3,
        d0 * a6 + d1 * a5 + d2 * a4 + a3 * a3,
        d0 * a7 + d1 * a6 + d2 * a5 + d3 * a4,
        d0 * a8 + d1 * a7 + d2 * a6 + d3 * a5 + a4 * a4,
        d1 * a8 + d2 * a7 + d3 * a6 + d4 * a5,
        d2 * a8 + d3 * a7 + d4 * a6 + a5 * a5,
        d3 * a8 + d4 * a7 + d5 * a6,
        d4 * a8 + d5 * a7 + a6 * a6,
        d5 * a8 + d6 * a7,
        d6 * a8 + a7 * a7,
        d7 * a8,
        a8 * a8,
    ]
}

#[expect(clippy::inline_always, reason = "so that the limbs stay where they are")]
#[inline(always)]
#[rustfmt::skip] // columns
fn minus(a: Columns, b: Columns) -> Columns {
    let [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16] = a;
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b16] = b;
    [
        a0 - b0, a1 - b1, a2 - b2, a3 - b3, a4 - b4, a5 - b5,
        a6 - b6, a7 - b7, a8 - b8, a9 - b9, a10 - b10, a11 - b11,
        a12 - b12, a13 - b13, a14 - b14, a15 - b15, a16 - b16,
    ]
}

/// Clears the nine lower columns by adding multiples of `p` (`m0` to `m8`), and carries what is left.
#[expect(clippy::inline_always, reason = "so that the limbs stay where they are")]
#[inline(always)]
#[rustfmt::skip] // columns
fn reduce([t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16]: Columns) -> Field {
    let (m0, c0) = split(t0);
    let (m1, c1) = split(t1 + c0);
    let (m2, c2) = split(t2 + c1);
    let (m3, c3) = split(t3 + c2 + (m0 << 9));
    let (m4, c4) = split(t4 + c3 + (m1 << 9));
    let (m5, c5) = split(t5 + c4 + (m2 << 9));
    let (m6, c6) = split(t6 + c5 + (m3 << 9) + (m0 << 18));
    let (m7, c7) = split(t7 + c6 + (m4 << 9) + (m1 << 18) - (m0 << 21));
    let (m8, c8) = split(t8 + c7 + (m5 << 9) + (m2 << 18) - (m1 << 21) + (m0 << 24));
    let (h0, c9) = split(t9 + c8 + (m6 << 9) + (m3 << 18) - (m2 << 21) + (m1 << 24));
    let (h1, c10) = split(t10 + c9 + (m7 << 9) + (m4 << 18) - (m3 << 21) + (m2 << 24));
    let (h2, c11) = split(t11 + c10 + (m8 << 9) + (m5 << 18) - (m4 << 21) + (m3 << 24));
    let (h3, c12) = split(t12 + c11 + (m6 << 18) - (m5 << 21) + (m4 << 24));
    let (h4, c13) = split(t13 + c12 + (m7 << 18) - (m6 << 21) + (m5 << 24));
    let (h5, c14) = split(t14 + c13 + (m8 << 18) - (m7 << 21) + (m6 << 24));
    let (h6, c15) = split(t15 + c14 - (m8 << 21) + (m7 << 24));
    let (h7, c16) = split(t16 + c15 + (m8 << 24));
    Field([h0, h1, h2, h3, h4, h5, h6, h7, c16])
}

/// The limb of a column, and what is carried on.
#[expect(clippy::inline_always, reason = "seventeen times in every multiplication")]
#[inline(always)]
fn split(column: i64) -> (i64, i64) {
    (column & LIMB, column >> 29)
}

#[cfg(test)]
mod tests;
