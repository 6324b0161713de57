//! The fingerprint of CVE-2017-15361: a widespread chip made RSA primes of the form
//! `k * M + (65537^a mod M)`, so that the modulus is a power of 65537 modulo every small prime. A
//! random modulus passes all of these tests once in 2^27 at the most; the factors of a vulnerable one
//! can be computed.

/// Whether the modulus (big-endian) carries the fingerprint.
pub(super) fn is_vulnerable(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| is_power_of_65537(remainder(modulus, *prime), *prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, byte| {
        // Below 256 * 167 + 255: no overflow.
        rest.wrapping_mul(256).wrapping_add(u32::from(*byte)).checked_rem(prime).unwrap_or_default()
    })
}

fn is_power_of_65537(value: u32, prime: u32) -> bool {
    let generator = 65_537_u32.checked_rem(prime).unwrap_or_default();
    let mut power = 1_u32;
    for _ in 0..prime {
        if power == value {
            return true;
        }
        power = power.wrapping_mul(generator).checked_rem(prime).unwrap_or_default();
    }
    false
}

/// The primes whose powers of 65537 do not cover every remainder, as the discoverers published them.
const PRIMES: [u32; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

#[cfg(test)]
pub(super) mod tests {
    use std::prelude::v1::*;

    use super::*;

    /// A number of this many bytes that is 1, and so 65537^0, modulo every one of the primes, and odd.
    pub(in crate::key) fn one_modulo_every_prime(length: usize) -> Vec<u8> {
        let product = PRIMES.iter().fold(1_u128, |product, prime| product * u128::from(*prime));
        let mut number = vec![0; length];
        let multiple = (product << 1).to_be_bytes();
        for start in [0, length - multiple.len()] {
            number[start..start + multiple.len()].copy_from_slice(&multiple);
        }
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        number.rotate_left(zeros);
        number[length - 1] |= 1;
        number
    }

    #[test]
    fn knows_the_fingerprint_of_a_power_and_of_its_neighbour() {
        assert!(is_vulnerable(&65_537_u32.to_be_bytes()));
        assert!(is_vulnerable(&(65_537_u64 * 65_537).to_be_bytes()));
        assert!(!is_vulnerable(&65_539_u32.to_be_bytes()));
    }

    #[test]
    fn spares_a_product_of_ordinary_primes() {
        // 2^127 - 1 and 2^89 - 1 are prime and nobody's chip made them.
        let product = (u128::from(u64::MAX) << 60).wrapping_add(12_345_679).to_be_bytes();
        assert!(!is_vulnerable(&product));
    }
}
