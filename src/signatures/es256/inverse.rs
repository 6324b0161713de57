//! The inverse modulo the order of P-256, by the division steps of Bernstein and Yang ("Fast constant-time gcd
//! computation and modular inversion", 2019), as libsecp256k1 takes them: thirty steps are found from the
//! lowest bits alone, and then done to the long numbers at once. Time depends on the number, which is public.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "factors of thirty steps are at most 2^30, so that sums of three products of limbs are below 2^62"
)]

use super::limbs::limbs;

/// Nine limbs of 30 bits, lowest first; the highest has the sign.
type Limbs = [i64; 9];

/// What thirty steps do: `f` becomes `(u * f + v * g) / 2^30`, and `g` becomes `(q * f + r * g) / 2^30`.
#[derive(Clone, Copy, Debug)]
struct Steps {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

const LIMB: i64 = (1 << 30) - 1;
const ORDER: Limbs = [
    0x3c63_2551,
    0x0ee7_2b0b,
    0x3179_e84f,
    0x39be_ab69,
    0x3fff_ffbc,
    LIMB,
    0xfff,
    0x3fff_c000,
    0xffff,
];
/// `1 / ORDER` modulo 2^30.
const INVERSE_OF_ORDER: i64 = 0x11ff_43b1;
/// After 741 steps `g` is 0, whatever it was (section 11 of the paper).
const MOST_ROUNDS: usize = 25;

/// `1 / number` modulo the order, big-endian; 0 for 0.
pub(super) fn invert(number: &[u8; 32]) -> [u8; 32] {
    let (mut f, mut g) = (ORDER, limbs::<30>(number));
    // Modulo the order, f is d times the number and g is e times the number, from -2 orders to 1 order.
    let (mut d, mut e) = ([0; 9], [1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut eta = -1;
    for _ in 0..MOST_ROUNDS {
        if g == [0; 9] {
            break;
        }
        let steps = thirty_steps(&mut eta, f, g);
        (d, e) = (modulo_order(steps.u, steps.v, d, e), modulo_order(steps.q, steps.r, d, e));
        (f, g) = (combine(steps.u, steps.v, f, g, 0), combine(steps.q, steps.r, f, g, 0));
    }
    // Now f is 1 or -1.
    bytes(&reduced(d, is_negative(f)))
}

/// `eta` is how much longer than `f` the steps so far have left `g`, negated.
#[expect(clippy::many_single_char_names, reason = "the letters of the paper")]
fn thirty_steps(eta: &mut i64, [mut f, ..]: Limbs, [mut g, ..]: Limbs) -> Steps {
    let (mut u, mut v, mut q, mut r) = (1, 0, 0, 1);
    let mut left = 30;
    loop {
        // While g is even, a step halves it. Bits above those that are left count as none.
        let zeros = i64::from((g | (-1 << left)).trailing_zeros());
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        *eta -= zeros;
        left -= zeros;
        if left == 0 {
            return Steps { u, v, q, r };
        }
        if *eta < 0 {
            *eta = -*eta;
            (f, g) = (g, -f);
            (u, q) = (q, -u);
            (v, r) = (r, -v);
        }
        // Up to six bits of g are cleared by one multiple of f, whose inverse modulo 64 is f * (2 - f^2). No
        // more than until the next exchange.
        let bits = (*eta + 1).min(left).min(6);
        let (low_f, low_g) = (f & 63, g & 63);
        let times = (low_f * low_g * (low_f * low_f - 2)) & ((1 << bits) - 1);
        g += f * times;
        q += u * times;
        r += v * times;
    }
}

/// `(u * a + v * b) / 2^30` modulo the order.
fn modulo_order(u: i64, v: i64, a: Limbs, b: Limbs) -> Limbs {
    let ([a_lowest, .., a_highest], [b_lowest, .., b_highest]) = (a, b);
    // Where they are negative they are an order up, so that the outcome stays in its bounds; and so many
    // orders more that the lowest 30 bits are clear.
    let times = (u & (a_highest >> 63)) + (v & (b_highest >> 63));
    let lowest = u * a_lowest + v * b_lowest;
    let times = times - (((INVERSE_OF_ORDER * (lowest & LIMB)) + times) & LIMB);
    combine(u, v, a, b, times)
}

/// `(u * a + v * b + times * ORDER) / 2^30`, whose remainder is 0.
fn combine(u: i64, v: i64, a: Limbs, b: Limbs, times: i64) -> Limbs {
    let columns = a.iter().zip(b).zip(ORDER);
    let mut columns = columns.map(|((a, b), order)| u * a + v * b + times * order);
    let mut sum = columns.next().unwrap_or_default() >> 30;
    let mut limbs = [0; 9];
    for (limb, column) in limbs.iter_mut().zip(columns) {
        sum += column;
        *limb = sum & LIMB;
        sum >>= 30;
    }
    let [.., highest] = &mut limbs;
    *highest = sum;
    limbs
}

/// The number or its opposite between 0 and the order.
fn reduced(number: Limbs, opposite: bool) -> Limbs {
    let number = combine(1 << 30, 0, number, [0; 9], order_if_negative(number));
    let number = if opposite { combine(-1 << 30, 0, number, [0; 9], 0) } else { number };
    combine(1 << 30, 0, number, [0; 9], order_if_negative(number))
}

fn order_if_negative(number: Limbs) -> i64 {
    if is_negative(number) { 1 << 30 } else { 0 }
}

fn is_negative([.., highest]: Limbs) -> bool {
    highest < 0
}

fn bytes(limbs: &Limbs) -> [u8; 32] {
    let mut limbs = limbs.iter();
    let (mut bits, mut count) = (0_i64, 0);
    let mut bytes = [0; 32].map(|_: u8| {
        if count < 8 {
            bits |= limbs.next().copied().unwrap_or_default() << count;
            count += 30;
        }
        let [lowest, ..] = bits.to_le_bytes();
        bits >>= 8;
        count -= 8;
        lowest
    });
    bytes.reverse();
    bytes
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use p256::elliptic_curve::PrimeField;
    use p256::elliptic_curve::ops::Invert;
    use p256::{FieldBytes, Scalar};
    use sha2::{Digest, Sha256};

    use super::*;

    fn check(number: Scalar) {
        let expected = number.invert_vartime().unwrap_or(Scalar::ZERO).to_bytes();
        assert_eq!(invert(&number.to_bytes().into()), *expected, "{number:?}");
    }

    #[test]
    fn is_the_inverse_that_p256_finds() {
        for seed in 0..3_000_u32 {
            let digest = Sha256::digest(seed.to_be_bytes());
            check(Option::from(Scalar::from_repr(FieldBytes::from(digest))).unwrap_or(Scalar::ONE));
        }
    }

    #[test]
    fn small_large_and_sparse_numbers_have_one_too() {
        check(Scalar::ZERO);
        let mut power = Scalar::ONE;
        for _ in 0..256 {
            for number in [power, power - Scalar::ONE, power + Scalar::ONE] {
                check(number);
                check(-number);
            }
            power = power + power;
        }
    }
}
