use std::prelude::v1::*;

use p256::U256;
use p256::elliptic_curve::bigint::Encoding;
use sha2::{Digest, Sha256};

use super::*;

const MODULUS: U256 =
    U256::from_be_hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

/// `number * 2^bits` modulo `p`, one doubling after the other.
fn shifted(number: U256, bits: usize) -> U256 {
    (0..bits).fold(number, |sum, _| sum.add_mod(&sum, &MODULUS))
}

fn product_of(left: U256, right: U256) -> U256 {
    right.to_be_bytes().iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).fold(
        U256::ZERO,
        |sum, bit| {
            let sum = shifted(sum, 1);
            if bit == 1 { sum.add_mod(&left, &MODULUS) } else { sum }
        },
    )
}

/// The limbs put together, modulo `p`.
fn value(Field(limbs): Field) -> U256 {
    limbs.iter().rev().fold(U256::ZERO, |sum, limb| {
        let sum = shifted(sum, 29);
        let size = U256::from_u64(limb.unsigned_abs());
        if *limb < 0 { sum.sub_mod(&size, &MODULUS) } else { sum.add_mod(&size, &MODULUS) }
    })
}

/// Factors of the largest sizes and limbs with either sign, and much between.
fn factors() -> Vec<Field> {
    let highest = [(1 << 28) - 1, 0, -(1 << 28) + 1];
    let ends = [LIMB, -LIMB, 0, 1].iter().flat_map(|limb| {
        highest
            .map(|highest| Field([*limb, *limb, *limb, *limb, *limb, *limb, *limb, *limb, highest]))
    });
    let random = (0..40_u8).map(|seed| {
        let bytes: [u8; 32] = Sha256::digest([seed]).into();
        let number = Field::from_bytes(&bytes);
        if seed % 2 == 0 { number } else { number.minus(&Field::from_bytes(&[seed; 32])) }
    });
    let sparse = (0..9).flat_map(|place| {
        [LIMB, -LIMB].map(|limb| {
            let mut limbs = [0; 9];
            limbs[place] = if place == 8 { limb / 2 } else { limb };
            Field(limbs)
        })
    });
    ends.chain(random).chain(sparse).chain([Field(PRIME), Field::ONE]).collect()
}

/// It is carried, and not larger than so many times 2^256.
fn check_carried(Field(limbs): Field, size: i64) {
    let [lower @ .., highest] = limbs;
    assert!(lower.iter().all(|limb| (0..=LIMB).contains(limb)), "{limbs:?}");
    assert!(highest.abs() <= size << 24, "{limbs:?}");
}

#[test]
fn products_are_those_of_long_multiplication() {
    let factors = factors();
    for left in &factors {
        for right in &factors {
            let product = left.times(right);
            check_carried(product, 9);
            assert_eq!(
                shifted(value(product), 261),
                product_of(value(*left), value(*right)),
                "{left:?} {right:?}"
            );
        }
        let square = left.square();
        check_carried(square, 9);
        assert_eq!(value(square), value(left.times(left)), "{left:?}");
    }
}

#[test]
fn a_difference_of_products_is_reduced_once() {
    let factors = factors();
    for (left, right) in factors.iter().zip(factors.iter().rev()) {
        for other in &factors {
            let difference = left.times_less(right, other, left);
            check_carried(difference, 17);
            let expected = left.times(right).minus(&other.times(left));
            assert_eq!(value(difference), value(expected), "{left:?} {right:?} {other:?}");
        }
    }
}

#[test]
fn carrying_changes_no_value() {
    for number in factors() {
        for sum in [number, number.plus(&number).plus(&number), number.opposite().minus(&number)] {
            assert_eq!(value(sum.carried()), value(sum), "{sum:?}");
            check_carried(sum.carried(), 48);
        }
    }
}

#[test]
fn numbers_come_from_their_bytes() {
    for bytes in [[0; 32], [0xff; 32], [1; 32], MODULUS.to_be_bytes()] {
        let number = Field::from_bytes(&bytes);
        check_carried(number, 2);
        let expected = U256::from_be_slice(&bytes);
        let expected = if expected >= MODULUS { expected.wrapping_sub(&MODULUS) } else { expected };
        assert_eq!(value(number), shifted(expected, 261));
        let packed = number.packed().unpacked();
        assert_eq!(packed.0, number.0);
    }
}

#[test]
fn zero_is_every_multiple_of_the_modulus() {
    let prime = Field(PRIME);
    for zero in [Field([0; 9]), prime, prime.opposite(), prime.plus(&prime).carried()] {
        assert!(zero.is_zero(), "{zero:?}");
        assert!(!zero.plus(&Field::ONE).carried().is_zero());
    }
    for number in factors() {
        assert_eq!(number.is_zero(), value(number) == U256::ZERO, "{number:?}");
    }
}

#[test]
fn a_number_times_its_inverse_is_one() {
    for number in factors().into_iter().filter(|number| !number.is_zero()) {
        assert!(number.times(&number.invert()).minus(&Field::ONE).is_zero(), "{number:?}");
    }
    assert!(Field([0; 9]).invert().is_zero());
}
