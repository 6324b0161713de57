//! Powers modulo an odd number, by Montgomery's multiplication.
//!
//! Numbers are limbs of 28 bits, lowest first. So many products of two limbs fit into 64 bits that a
//! whole column is summed before anything is carried: WebAssembly has a multiplication with 64 bits of
//! result, but no carry flag. Numbers are public, so time may depend on them.

#![expect(
    clippy::arithmetic_side_effects,
    reason = "the bounds are said at each sum; lengths are those of one modulus of at most 4096 bits"
)]

use alloc::vec;
use alloc::vec::Vec;

/// An odd modulus, ready for multiplications.
#[derive(Clone, Debug)]
pub(super) struct Modulus {
    bits: usize,
    /// `R = 2^(BITS * limbs)` is more than four times the modulus, so that numbers may stay below twice the
    /// modulus from one multiplication to the next (Walter 1999).
    limbs: Vec<u32>,
    /// `-1 / modulus` modulo `2^BITS`.
    inverse: u32,
    /// `R * R`, reduced.
    square_of_r: Vec<u32>,
}

impl Modulus {
    /// From big-endian bytes; odd, at most 4096 bits, and more than 16.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let zeros = usize::try_from(bytes.first()?.leading_zeros()).ok()?;
        let bits = (bytes.len() * 8).checked_sub(zeros)?;
        if !(17..=4096).contains(&bits) || bytes.last()? & 1 == 0 || zeros == 8 {
            return None;
        }
        let limbs = to_limbs(bytes, (bits + 2).div_ceil(BITS));
        let inverse = negated_inverse(*limbs.first()?);
        let mut modulus = Self { bits, limbs, inverse, square_of_r: Vec::new() };
        modulus.square_of_r = modulus.find_square_of_r();
        Some(modulus)
    }

    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// `base ^ exponent`, as long as the modulus, for a base that is as long and smaller.
    pub(super) fn power(&self, base: &[u8], exponent: u64) -> Option<Vec<u8>> {
        let length = self.bits.div_ceil(8);
        let base_limbs = to_limbs(base, self.limbs.len());
        if base.len() != length || !is_less(&base_limbs, &self.limbs) || exponent & 1 == 0 {
            return None;
        }
        let form = self.multiply(&base_limbs, &self.square_of_r);
        let mut power = form.clone();
        // The first bit is the base itself. The last, a 1, multiplies with the plain base, and so leaves
        // the Montgomery form on the way.
        for bit in (1..exponent.ilog2()).rev() {
            power = self.square(&power);
            if exponent >> bit & 1 == 1 {
                power = self.multiply(&power, &form);
            }
        }
        let power = self.reduce(self.multiply(&self.square(&power), &base_limbs));
        Some(to_bytes(&power, length))
    }

    /// `a * b / R`, below twice the modulus.
    fn multiply(&self, a: &[u32], b: &[u32]) -> Vec<u32> {
        self.reduce_columns(a.len(), |column| {
            let (from, to) = rows(column, a.len());
            dot(part(a, from, to), part(b, column - (to - 1), column - from + 1))
        })
    }

    /// `a * a / R`, below twice the modulus, for half the products.
    fn square(&self, a: &[u32]) -> Vec<u32> {
        self.reduce_columns(a.len(), |column| {
            let (from, to) = rows(column, a.len());
            let half = usize::midpoint(from, to);
            let pairs = dot(part(a, from, half), part(a, column - half + 1, column - from + 1));
            let middle =
                if (from + to) % 2 == 1 { a.get(half).copied().unwrap_or_default() } else { 0 };
            // Together as much as the whole column.
            2 * pairs + u64::from(middle) * u64::from(middle)
        })
    }

    /// Montgomery's reduction of a product that is given column by column.
    fn reduce_columns(&self, length: usize, product: impl Fn(usize) -> u64) -> Vec<u32> {
        let mut factors = vec![0; length];
        let mut result = Vec::with_capacity(length);
        let mut carry = 0_u64;
        for column in 0..2 * length {
            let (from, to) = rows(column, length);
            let done = to.min(column.min(length));
            let reduction = dot(
                part(&factors, from, done),
                part(&self.limbs, column + 1 - done, column - from + 1),
            );
            let product = product(column);
            // Each of the two may fill 64 bits: 147 products of 56 bits. Added apart they cannot overflow.
            let mut low = (product & MASK) + (reduction & MASK) + (carry & MASK);
            let high = (product >> BITS) + (reduction >> BITS) + (carry >> BITS);
            if let Some(factor) = factors.get_mut(column) {
                *factor = limb(low.wrapping_mul(u64::from(self.inverse)));
                low += u64::from(*factor) * self.limbs.first().copied().map_or(0, u64::from);
            } else {
                result.push(limb(low));
            }
            carry = high + (low >> BITS);
        }
        result
    }

    /// `R * R` modulo the modulus: two to the power of all bits of R, in Montgomery form.
    fn find_square_of_r(&self) -> Vec<u32> {
        let length = self.limbs.len();
        let r_bits = length * BITS;
        let mut one = vec![0; length];
        // R itself, doubled up from the highest power of two that is below the modulus.
        if let Some(highest) = one.get_mut((self.bits - 1) / BITS) {
            *highest = 1 << ((self.bits - 1) % BITS);
        }
        for _ in self.bits - 1..r_bits {
            one = self.double(&one);
        }
        let mut power = self.double(&one);
        for bit in (0..r_bits.ilog2()).rev() {
            power = self.reduce(self.square(&power));
            if r_bits >> bit & 1 == 1 {
                power = self.double(&power);
            }
        }
        power
    }

    /// Twice a reduced number, reduced.
    fn double(&self, number: &[u32]) -> Vec<u32> {
        let mut carry = 0;
        let doubled = number.iter().map(|limb_of| {
            let sum = u64::from(*limb_of) * 2 + carry;
            carry = sum >> BITS;
            limb(sum)
        });
        self.reduce(doubled.collect())
    }

    /// A number below twice the modulus, reduced.
    fn reduce(&self, number: Vec<u32>) -> Vec<u32> {
        if is_less(&number, &self.limbs) {
            return number;
        }
        let mut borrow = 0;
        let difference = number.iter().zip(&self.limbs).map(|(a, b)| {
            let difference = u64::from(*a).wrapping_sub(u64::from(*b)).wrapping_sub(borrow);
            borrow = difference >> 63;
            limb(difference)
        });
        difference.collect()
    }
}

/// The limbs of one factor that meet in a column of the product: from, and one behind.
fn rows(column: usize, length: usize) -> (usize, usize) {
    ((column + 1).saturating_sub(length), length.min(column + 1))
}

/// Limbs `from..to`; none of an empty range.
fn part(limbs: &[u32], from: usize, to: usize) -> &[u32] {
    limbs.get(from..to).unwrap_or_default()
}

/// The first of one times the last of the other, and so on inwards. At most 147 products of 56 bits.
#[inline]
fn dot(a: &[u32], b: &[u32]) -> u64 {
    a.iter()
        .zip(b.iter().rev())
        .fold(0_u64, |sum, (a, b)| sum.wrapping_add(u64::from(*a).wrapping_mul(u64::from(*b))))
}

/// The lowest limb of a sum.
fn limb(sum: u64) -> u32 {
    (sum & MASK) as u32
}

fn is_less(a: &[u32], b: &[u32]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// `-1 / number` modulo `2^BITS` for an odd number, by Newton's iteration: 3 bits are right at first.
fn negated_inverse(number: u32) -> u32 {
    let mut inverse = number;
    for _ in 0..4 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(number.wrapping_mul(inverse)));
    }
    limb(u64::from(inverse.wrapping_neg()))
}

/// Big-endian bytes to limbs; what does not fit is dropped.
fn to_limbs(bytes: &[u8], length: usize) -> Vec<u32> {
    let mut limbs = Vec::with_capacity(length);
    let (mut bits, mut count) = (0_u64, 0);
    let mut bytes = bytes.iter().rev();
    for _ in 0..length {
        while count < BITS {
            bits |= bytes.next().copied().map_or(0, u64::from) << count;
            count += 8;
        }
        limbs.push(limb(bits));
        bits >>= BITS;
        count -= BITS;
    }
    limbs
}

/// Limbs to big-endian bytes.
fn to_bytes(limbs: &[u32], length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length);
    let (mut bits, mut count) = (0_u64, 0);
    let mut limbs = limbs.iter();
    for _ in 0..length {
        if count < 8 {
            bits |= limbs.next().copied().map_or(0, u64::from) << count;
            count += BITS;
        }
        let [lowest, ..] = bits.to_le_bytes();
        bytes.push(lowest);
        bits >>= 8;
        count -= 8;
    }
    bytes.reverse();
    bytes
}

/// Bits of a limb.
const BITS: usize = 28;
const MASK: u64 = (1 << BITS) - 1;

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand, for numbers that fit.
    fn expected(base: u128, exponent: u64, modulus: u128) -> u128 {
        (0..exponent).fold(1, |power, _| power * base % modulus)
    }

    #[test]
    fn agrees_with_long_multiplication_on_small_numbers() {
        for modulus in [
            65_537_u128,
            99_991,
            0xffff_ffff_ffff_ffc5,
            0x1_0000_0001,
            (1 << 56) - 5,
            (1 << 60) + 33,
        ] {
            let bytes = modulus.to_be_bytes();
            let bytes: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
            let ready = Modulus::new(&bytes).unwrap();
            for base in [0, 1, 2, 3, 12_345, modulus / 2, modulus - 2, modulus - 1] {
                for exponent in [3, 5, 7, 17, 257, 1_001] {
                    let wanted = expected(base, exponent, modulus).to_be_bytes();
                    let base = &base.to_be_bytes()[16 - bytes.len()..];
                    let power = ready.power(base, exponent).unwrap();
                    assert_eq!(
                        power,
                        wanted[16 - bytes.len()..],
                        "{base:?}^{exponent} mod {modulus}"
                    );
                }
            }
        }
    }

    #[test]
    fn survives_the_largest_limbs_of_the_largest_modulus() {
        // Every limb full: (n - 1)^odd is n - 1, and 1 stays 1.
        for length in [256, 257, 300, 384, 511, 512] {
            let modulus = vec![0xff; length];
            let ready = Modulus::new(&modulus).unwrap();
            let mut last = modulus.clone();
            *last.last_mut().unwrap() -= 1;
            assert_eq!(ready.power(&last, 65_537).unwrap(), last, "{length}");
            let mut one = vec![0; length];
            *one.last_mut().unwrap() = 1;
            assert_eq!(ready.power(&one, 65_537).unwrap(), one, "{length}");
        }
    }

    #[test]
    fn refuses_a_base_that_is_not_below_the_modulus_or_not_as_long() {
        let ready = Modulus::new(&[0xff; 256]).unwrap();
        assert!(ready.power(&[0xfe; 256], 3).is_some());
        for base in [&[0xff; 256][..], &[0xfe; 255], &[0; 257], &[]] {
            assert_eq!(ready.power(base, 3), None, "{}", base.len());
        }
    }

    #[test]
    fn refuses_moduli_that_cannot_be_worked_with() {
        for bytes in [&[][..], &[0], &[0xff], &[0xfe; 256], &[0, 0xff, 0xff, 0xff], &[0xff; 513]] {
            assert!(Modulus::new(bytes).is_none(), "{}", bytes.len());
        }
    }
}
