use alloc::vec::Vec;

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};

use super::*;

/// Reproducible bytes, different for every seed.
fn bytes(seed: u32) -> [u8; 64] {
    Sha512::digest(seed.to_be_bytes()).into()
}

/// One key without tables, and the same as fast as it will be. They agree.
struct Twins {
    young: Key,
    prepared: Key,
}

impl Twins {
    fn new(encoded: [u8; 32]) -> Self {
        let [young, prepared] = [(); 2].map(|()| Key::new(encoded).unwrap());
        for _ in 0..1 + OfBase::ROWS + OfKey::ROWS {
            prepared.prepare();
        }
        assert!(prepared.is_prepared() && !young.is_prepared());
        Self { young, prepared }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let valid = self.young.verify(message, signature);
        assert_eq!(self.prepared.verify(message, signature), valid, "{signature:02x?}");
        valid
    }
}

fn pair(seed: u32) -> (SigningKey, Twins) {
    let signing = SigningKey::from_bytes(bytes(seed).first_chunk().unwrap());
    let key = Twins::new(signing.verifying_key().to_bytes());
    (signing, key)
}

/// The verdict of dalek's `verify`.
fn reference(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    Signature::from_slice(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

#[test]
fn agrees_with_dalek_on_good_signatures_and_on_their_neighbours() {
    for seed in 0..8 {
        let (signing, key) = pair(seed);
        for round in 0..12_u32 {
            let message = bytes(1_000 + round + 100 * seed);
            let signature = signing.sign(&message).to_bytes();
            assert!(key.verify(&message, &signature), "{seed} {round}");
            for bit in [0, 7, 100, 255, 256, 300, 508, 511] {
                let mut changed = signature;
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(!key.verify(&message, &changed), "{seed} {round} {bit}");
            }
            assert!(!key.verify(&message[1..], &signature));
            assert!(!pair(seed + 1).1.verify(&message, &signature));
        }
    }
}

#[test]
fn refuses_other_lengths() {
    let (signing, key) = pair(6);
    let signature = signing.sign(b"message").to_bytes();
    for other in [&signature[..63], &signature[1..], &[], &[signature.as_slice(), &[0]].concat()] {
        assert!(!key.verify(b"message", other), "{}", other.len());
    }
}

#[test]
fn refuses_s_plus_the_order() {
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10_u8,
    ];
    let (signing, key) = pair(7);
    let mut signature = signing.sign(b"message").to_bytes();
    let mut carry = 0_u8;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + u16::from(carry);
        [*byte, carry] = sum.to_le_bytes();
    }
    assert!(!key.verify(b"message", &signature));
}

/// The verdict table for points of small order, alone and added to R or to the key: the equation
/// without the cofactor decides, on canonical texts of R only.
#[test]
fn agrees_with_dalek_on_small_orders_and_non_canonical_points() {
    let mut accepted = 0;
    for (key_index, torsion) in EIGHT_TORSION.into_iter().enumerate() {
        let point = ED25519_BASEPOINT_POINT * Scalar::from(77_u8) + torsion;
        for encoded in [torsion.compress().to_bytes(), point.compress().to_bytes()] {
            let verifying = VerifyingKey::from_bytes(&encoded).unwrap();
            let key = Twins::new(encoded);
            for r in EIGHT_TORSION
                .map(|point| point.compress().to_bytes())
                .into_iter()
                .chain(NON_CANONICAL)
            {
                for s in [Scalar::ZERO, Scalar::ONE, -Scalar::ONE] {
                    let signature = [r, s.to_bytes()].concat();
                    for message in 0..4_u8 {
                        let expected = reference(&verifying, &[message], &signature);
                        assert_eq!(
                            key.verify(&[message], &signature),
                            expected,
                            "{key_index} {r:02x?}"
                        );
                        accepted += usize::from(expected);
                    }
                }
            }
        }
    }
    assert!(accepted > 20, "{accepted} small-order verdicts were accepts");
}

/// Second texts of points: the neutral point and those of order 4 with y = p or p + 1, and x = 0 with a sign.
const NON_CANONICAL: [[u8; 32]; 4] =
    [with_ends(0xee, 0x7f), with_ends(0xee, 0xff), with_ends(0xed, 0x7f), with_ends(0xed, 0xff)];

const fn with_ends(first: u8, last: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}

/// By tables and by doubling, for points of any order.
#[test]
fn multiplies_as_dalek_does() {
    let base = ED25519_BASEPOINT_POINT;
    let points = EIGHT_TORSION.into_iter().flat_map(|torsion| [torsion, base + torsion]);
    let small = [0_u8, 1, 2, 7, 8, 9, 16, 17, 32, 33, 255].map(Scalar::from);
    let large =
        (0..20_u8).map(|seed| Scalar::from_bytes_mod_order([seed.wrapping_mul(13) ^ 0xf0; 32]));
    let scalars: Vec<Scalar> = small.into_iter().chain(large).chain([-Scalar::ONE]).collect();
    for point in points {
        let Twins { young, prepared } = Twins::new(point.compress().to_bytes());
        for (of_base, of_key) in scalars.iter().zip(scalars.iter().rev()) {
            let expected = (base * of_base - point * of_key).compress().to_bytes();
            for key in [&young, &prepared] {
                let sum = key.sum(of_base.as_bytes(), of_key.as_bytes());
                assert_eq!(sum.encode(), expected, "{of_base:?} {of_key:?}");
            }
        }
    }
}

#[test]
fn tables_grow_by_a_step_after_each_valid_signature_but_the_first() {
    let (_, Twins { young: key, prepared: other }) = pair(1);
    assert!(other.is_prepared());
    // The table of the base point is whole: the other key saw to that.
    for steps in 0..=OfKey::ROWS {
        assert!(!key.is_prepared(), "{steps}");
        key.prepare();
    }
    assert!(key.is_prepared());
    assert!(key.clone().is_prepared());
}

#[test]
fn tables_have_the_size_that_is_promised() {
    let entry = size_of::<point::Affine>();
    assert_eq!(OfKey::ROWS * OfKey::ENTRIES * entry / 1024, 97);
    assert_eq!(OfBase::ROWS * OfBase::ENTRIES * entry / 1024, 161);
}
