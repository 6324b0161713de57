//! Inverses modulo a prime, by the division steps of Bernstein and Yang ("Fast constant-time gcd
//! computation and modular inversion", 2019), as libsecp256k1 takes them: thirty steps are found from the
//! lowest bits alone, and then done to the long numbers at once. Time depends on the number, which is public.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "factors of thirty steps are at most 2^30, so that sums of three products of limbs are below 2^62"
)]

use crate::limbs::limbs;

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

/// A prime of at most 256 bits.
#[derive(Debug)]
pub(super) struct Modulus {
    limbs: Limbs,
    /// `1 / modulus` modulo 2^30.
    inverse: i64,
}

/// The order of P-256 (SP 800-186 s3.2.1.3).
pub(super) const ORDER_OF_P256: Modulus = Modulus {
    limbs: [
        0x3c63_2551,
        0x0ee7_2b0b,
        0x3179_e84f,
        0x39be_ab69,
        0x3fff_ffbc,
        LIMB,
        0xfff,
        0x3fff_c000,
        0xffff,
    ],
    inverse: 0x11ff_43b1,
};

/// `2^255 - 19`, over which Curve25519 is.
pub(super) const FIELD_OF_25519: Modulus = Modulus {
    limbs: [0x3fff_ffed, LIMB, LIMB, LIMB, LIMB, LIMB, LIMB, LIMB, 0x7fff],
    inverse: 0x1794_35e5,
};

const LIMB: i64 = (1 << 30) - 1;
/// After 741 steps `g` is 0, whatever it was (section 11 of the paper).
const MOST_ROUNDS: usize = 25;

/// `1 / number` of a number below the modulus, big-endian; 0 for 0.
pub(super) fn invert(number: &[u8; 32], modulus: &Modulus) -> [u8; 32] {
    let (mut f, mut g) = (modulus.limbs, limbs::<30>(number));
    // f is d times the number and g is e times the number, where d and e are from -2 moduli to 1 modulus.
    let (mut d, mut e) = ([0; 9], [1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut eta = -1;
    for _ in 0..MOST_ROUNDS {
        if g == [0; 9] {
            break;
        }
        let steps = thirty_steps(&mut eta, f, g);
        (d, e) = (modulus.divide(steps.u, steps.v, d, e), modulus.divide(steps.q, steps.r, d, e));
        (f, g) = (
            modulus.combine(steps.u, steps.v, f, g, 0),
            modulus.combine(steps.q, steps.r, f, g, 0),
        );
    }
    // Now f is 1 or -1.
    bytes(&modulus.reduced(d, is_negative(f)))
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

impl Modulus {
    /// `(u * a + v * b) / 2^30` modulo this.
    fn divide(&self, u: i64, v: i64, a: Limbs, b: Limbs) -> Limbs {
        let ([a_lowest, .., a_highest], [b_lowest, .., b_highest]) = (a, b);
        // Where they are negative they are a modulus up, so that the outcome stays in its bounds; and so many
        // moduli more that the lowest 30 bits are clear.
        let times = (u & (a_highest >> 63)) + (v & (b_highest >> 63));
        let lowest = u * a_lowest + v * b_lowest;
        let times = times - (((self.inverse * (lowest & LIMB)) + times) & LIMB);
        self.combine(u, v, a, b, times)
    }

    /// `(u * a + v * b + times * modulus) / 2^30`, whose remainder is 0.
    fn combine(&self, u: i64, v: i64, a: Limbs, b: Limbs, times: i64) -> Limbs {
        let columns = a.iter().zip(b).zip(self.limbs);
        let mut columns = columns.map(|((a, b), modulus)| u * a + v * b + times * modulus);
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

    /// The number or its opposite between 0 and this.
    fn reduced(&self, number: Limbs, opposite: bool) -> Limbs {
        let raised = |number| {
            let times = if is_negative(number) { 1 << 30 } else { 0 };
            self.combine(1 << 30, 0, number, [0; 9], times)
        };
        let number = raised(number);
        raised(if opposite { self.combine(-1 << 30, 0, number, [0; 9], 0) } else { number })
    }
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

    use p256::U256;
    use p256::elliptic_curve::bigint::{Encoding, NonZero, U512};
    use sha2::{Digest, Sha256};

    use super::*;

    /// That the product is 1, by somebody else's division; or that 0 has none.
    fn check(number: U256, modulus: &Modulus) {
        let prime = U256::from_be_bytes(bytes(&modulus.limbs));
        let number = number.rem(&NonZero::new(prime).unwrap());
        let inverse = U256::from_be_bytes(invert(&number.to_be_bytes(), modulus));
        assert!(inverse < prime, "{number}");
        let product: U512 = number.mul_wide(&inverse).into();
        let product = product.rem(&NonZero::new(U512::from(&prime)).unwrap());
        assert_eq!(product, U512::from(u8::from(number != U256::ZERO)), "{number}");
    }

    #[test]
    fn the_moduli_are_what_they_are_said_to_be() {
        let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        let field = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
        for (modulus, expected) in [(ORDER_OF_P256, order), (FIELD_OF_25519, field)] {
            assert_eq!(bytes(&modulus.limbs), U256::from_be_hex(expected).to_be_bytes());
            let [lowest, ..] = modulus.limbs;
            assert_eq!((lowest * modulus.inverse) & LIMB, 1);
        }
    }

    #[test]
    fn a_number_times_its_inverse_is_one() {
        for seed in 0..1_500_u32 {
            let number = U256::from_be_bytes(Sha256::digest(seed.to_be_bytes()).into());
            check(number, &ORDER_OF_P256);
            check(number, &FIELD_OF_25519);
        }
    }

    #[test]
    fn small_large_and_sparse_numbers_have_one_too() {
        for modulus in [ORDER_OF_P256, FIELD_OF_25519] {
            let prime = U256::from_be_bytes(bytes(&modulus.limbs));
            check(U256::ZERO, &modulus);
            for bit in 0..256 {
                let power = U256::ONE.shl_vartime(bit);
                for number in
                    [power, power.wrapping_sub(&U256::ONE), power.wrapping_add(&U256::ONE)]
                {
                    check(number, &modulus);
                    check(prime.wrapping_sub(&number), &modulus);
                }
            }
        }
    }
}
